# 記録とその証明

flash-checkpoint-made = チェックポイントを作成しました。ダウンロードして、別の場所に保管してください。
flash-checkpoint-unchanged = 最新のチェックポイントのあとに記録はありません。最新のものがすべてを示しています。

trust-title = 記録の証明
trust-lead = タイムラインの記録は、1件ごとに前の記録とつながっています。チェックポイントは、各タイムラインがどこまで進んでいたかに署名します。この2つから、書き換え、削除、あとからの追加がないかがわかります。
trust-check = すべての検証
trust-check-lead = このサーバーのすべての記録とチェックポイントを読み、計算し直します。
trust-check-running = 検証を実行中です。開始：
trust-check-look = もう一度見る
trust-check-now = 今すぐ検証
trust-check-command = 封印したファイルも含めて検証するには、サーバーで次を実行します：
trust-holds = 改ざんはありません。インシデント{ $incidents }件の記録{ $entries }件が、チェックポイント{ $checkpoints }個と一致します。
trust-as-of = 検証時点：
trust-broken = 一致しない点が{ $count }件あります
trust-more = ほかに{ $count }件あります。コマンドですべて表示できます。
trust-broken-next = このサーバーのデータを変更しないでください。データベースとデータフォルダーの写しを取り、バックアップや別の場所に保管したチェックポイントと比べてください。
trust-unread = データベースを最後まで読めませんでした。理由はログにあります。
trust-key = 署名の鍵
trust-key-lead = このフィンガープリントを、サーバーの運用者が書き換えられない場所に控えてください。鍵を差し替えれば偽の記録にも署名できますが、フィンガープリントは変わります。
trust-key-download = 公開鍵
trust-checkpoints = チェックポイント
trust-checkpoints-lead = 1時間ごと、インシデントの終結時、およびこの画面の操作で作成します。サーバーの外に保管した写しは、サーバー全体を操作できる人に対しても、その時点までの記録を証明します。
trust-make = チェックポイントを作成
trust-number = No.{ $number }
trust-chains = インシデント{ $count }件
trust-keep = ダウンロード
trust-none-title = チェックポイントはまだありません
trust-none-text = 最初のインシデントから1時間以内に作成されます。
