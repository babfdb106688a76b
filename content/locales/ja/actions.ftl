# インシデントをまたぐ、再発防止の対応

actions-title = 再発防止の対応
actions-lead = すべてのインシデントの未完了の対応です。終了したインシデントのものも、完了するまで残ります。期限の7日前から、朝のまとめのメールでもお知らせします。
actions-late = 期限超過 { $count }件
actions-none-title = 未完了の対応はありません
actions-none-text = 対応は、各インシデントの「振り返り」で登録します。
board-actions = 再発防止の対応
board-actions-late = （超過{ $count }）
