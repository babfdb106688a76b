# すべてのインシデントの期限、カレンダーへの配信

## 一覧とカレンダー
clocks-overview-title = 期限
clocks-overview-lead = 対応中のすべてのインシデントについて、進行中の期限と目安をまとめて表示します。
clocks-tabs = 期限の表示方法
clocks-tab-list = 一覧
clocks-tab-calendar = カレンダー
clocks-subscribe = カレンダーに取り込む
clocks-day-free = 期限なし
clocks-day-closed = 閉庁日
clocks-whole-day = { $day }の終わりまで（{ $zone }）
clocks-to = 宛先：{ $name }
clocks-undated = 日時なし
clocks-filter-incident = インシデント
clocks-filter-incident-all = インシデント：すべて
clocks-filter-kind = 期限か目安か
clocks-filter-kind-all = 期限と目安
clocks-group-over = 過ぎています
clocks-group-day = 24時間以内
clocks-group-week = 7日以内
clocks-group-later = それ以降
clocks-group-undated = 日時のないもの
clocks-undated-about = 「速やかに」など日時の定めがないもの、起点が未入力のもの
clocks-none-filtered = 条件に合う期限はありません。
clocks-empty-title = 進行中の期限はありません
clocks-empty-text = インシデントを宣言し、知った日時と事実を記録すると、法定期限がここに並びます。
clocks-empty-action = インシデントを開く
clocks-months = 月の移動
clocks-this-month = 今月
clocks-more = ほか{ $count }件
clocks-due-items = 件の期限
clocks-month-list = この月の期限
clocks-month-free = この月に期限はありません。
clocks-month-unsure = この月の祝日はまだ公表されていません。期限が動くことがあります。
clocks-legend-closed = 日本の行政機関の閉庁日
clocks-legend-near = 24時間以内、または超過

## カレンダーへの配信
feed-title = カレンダーへの配信
feed-lead = 対応中のすべてのインシデントの期限を、普段お使いのカレンダーで購読できます。購読用のアドレスを知っている人は、サインインせずに読み取れます。ほかの人に渡さないでください。
feed-holds = 配信するのは、インシデントの番号、義務の名称と宛先、期限、根拠となる条文だけです。インシデントの件名や、人に関する情報は含みません。
feed-there = 購読用のアドレスがあります
feed-read = 最終取得：
feed-unread = まだ取得されていません
feed-create = アドレスを発行する
feed-replace = 新しいアドレスに替える
feed-replace-hint = アドレスを替えるか削除すると、以前のアドレスはすぐに使えなくなります。
feed-remove = 削除する
feed-secret-lead = カレンダーの購読用アドレスです。表示は今回だけです。カレンダーの「URLで追加」に貼り付けてください。
feed-name = Shodo 期限
feed-summary = { $number } { $duty }（{ $kind }）
feed-summary-practice = 【訓練】{ $number } { $duty }（{ $kind }）
feed-mark = ※ { $text }
flash-feed-removed = 購読用のアドレスを削除しました。
