# 影響を受けた人の情報の保存と消去

## 入力の誤り
field-day-has-passed = 今日以降の日付を入れてください。
field-wrong-incident-number = インシデントの番号と一致しません。この画面に表示されている番号を入れてください。
field-wrong-person-number = 対象者の番号と一致しません。この画面に表示されている番号を入れてください。
label-keep_until = 保存期限
label-basis = 保存する根拠

## 操作の結果
flash-retention-set = 保存期限を記録しました。
flash-purge-begun = 消去を始めました。鍵は破棄済みで、影響を受けた人の情報はもう開けません。
flash-person-erased = 対象者の情報を消去しました。消去の記録はタイムラインにあります。

## 保存と消去
keeping-title = 保存と消去
keeping-rule = 保存期限
keeping-until = 保存期限
keeping-until-hint = この日までは保存します。14日前と、過ぎたときに、指揮者と管理者へメールで知らせます。
keeping-basis = 保存する根拠
keeping-basis-hint = この日まで必要な理由です（例：問い合わせと請求への対応が終わるまで）。タイムラインに残ります。個人名は書かないでください。
keeping-none = 保存期限が決まっていません。利用する必要がなくなったときは、遅滞なく消去するよう努めることとされています（個人情報保護法第22条）。
keeping-ended = 保存期限を過ぎています。内容を見直し、消去するか、理由を付けて期限を改めてください。
keeping-goes = 消去するもの
keeping-gone = 消去したもの
keeping-goes-people = 影響を受けた人の情報（氏名、連絡先、照合用の索引、統合の履歴）
keeping-goes-problems = 名簿の行ごとの問題（伏せ字の値を含む）
keeping-goes-mails = この人たち宛てのメールの内容（送信待ちは取り消し）
keeping-goes-files = 封印した名簿のファイル
keeping-files = ファイルとダイジェスト（SHA-256）
keeping-file-gone = 破棄済み
keeping-stays = 残るもの
keeping-stays-counts = 人数、居住国、データの項目などの集計（報告書に使います）
keeping-stays-rosters = 取り込んだ名簿の記録（ファイル名、ダイジェスト、件数）
keeping-stays-mails = 送信の状態と件数
keeping-stays-evidence = 名簿以外の証拠
keeping-stays-timeline = タイムライン（消去の記録を含む）
keeping-copies = このサーバーの外にある写し（バックアップ、書き出したファイル、送信済みのメール）は消去されません。バックアップは、鍵（master.key）と別に保管し、保存期間を決めて破棄してください。
keeping-proof = 消去の証明
keeping-purging = 消去しています。鍵は破棄済みで、情報はもう開けません。残りの行とファイルを順に消しています。
keeping-purged = 消去が完了しました。
keeping-by = 消去を決めた人
keeping-started-at = 鍵を破棄した日時
keeping-purged-at = 消去が完了した日時
keeping-entry = タイムラインの記録を見る
keeping-duty = 影響を受けた人の情報の保存期限
keeping-days = 残り{ $days }日以内
keeping-passed = 保存期限を過ぎました
purge-title = 影響を受けた人の情報を消去する
purge-lead = 消去は取り消せません。まず鍵を破棄するため、途中で中断しても、情報を読み出すことはできません。
purge-early = 保存期限はまだ来ていません。今消去する必要があるか、確かめてください。
purge-at-work = 取り込み中、一時停止中、又は取り消し中の名簿が{ $count }件あります。終えるか取り消してから消去してください。
purge-confirm = 確認のため、インシデントの番号 { $number } を入力
purge-confirm-hint = 表示のとおりに入力してください。
purge-action = 消去する
erase-title = 対象者を消去する
erase-number = 対象者の番号
erase-lead = この人の情報、照合用の索引、宛てたメールの内容を消去し、人数から除きます。取り消せません。
erase-files = この人が載っている名簿のファイルも破棄します。ダイジェストは残りますが、ファイルは開けなくなります。ほかの人の取り込み済みの情報は残ります。
erase-reason = 消去する理由
erase-reason-hint = タイムラインに残ります（例：本人からの消去の請求）。個人名や連絡先は書かないでください。
erase-confirm = 確認のため、対象者の番号 { $number } を入力
erase-action = 消去する

## タイムライン
entry-evidence-destroyed = 証拠「{$name}」を破棄しました（ダイジェスト {$sha256}）
entry-retention-set = 影響を受けた人の情報の保存期限を {$keep_until} としました：{$basis}
entry-retention-purged = 影響を受けた人の情報を消去しました：{$people}人、名簿{$rosters}件、ファイル{$files}件
entry-people-erased = 対象者（番号 {$person_id}）を消去しました：{$reason}
