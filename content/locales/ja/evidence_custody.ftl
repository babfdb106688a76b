# 証拠の管理記録に使う文言。

entry-evidence-seen = 証拠「{$name}」を閲覧しました
entry-evidence-given = 証拠「{$name}」を{$to}に渡しました（方法：{$how}、理由：{$reason}）
entry-evidence-verified = 証拠「{$name}」を照合しました：{$found}
entry-evidence-held = {$name}を廃棄禁止（保全）にしました：{$reason}
entry-evidence-released = {$name}の廃棄禁止（保全）を解除しました：{$reason}
evidence-found-intact = 記録時と同じ内容です
evidence-found-changed = 記録時と内容が異なります
evidence-found-missing = 所定の場所にファイルがありません
evidence-found-destroyed = 記録のうえで廃棄済みです
evidence-all = すべての証拠
problem-evidence-held = この証拠は廃棄禁止（保全）になっています
problem-evidence-held-next = 理由を付けて保全を解除してから、もう一度行ってください。
