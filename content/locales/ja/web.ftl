# 全ページに共通の言葉

skip-to-content = 本文へ移動
nav-main = 主メニュー
nav-crumbs = 現在位置
nav-pages = ページの移動
nav-incidents = インシデント
nav-clocks = 期限
nav-playbooks = プレイブック
nav-admin = 管理
nav-own-menu = { $name } さんのメニュー
nav-own-account = アカウント設定
nav-sign-out = サインアウト

practice-tag = 訓練
practice-banner = この環境は訓練用です。実際の当局や本人には何も送信されません。

save = 保存する
change = 変更する
copy = コピーする
copied = コピーしました
actions = 操作
saved-at = 最終更新：
page-previous = 前へ
page-next = 次へ
clock-left = 残り
phase-number = 段階{ $number }：
recorded-later = 記録日時：

# 「label-項目名」は、入力内容の確認に項目の名前を添えるためのものです。
errors-line = { $label }：{ $message }
errors-title = 入力内容を確認してください
field-required-mark = 必須
field-required = 入力してください。
field-too-long = { $maximum }文字以内で入力してください。
field-invalid-email = メールアドレスの形式が正しくありません。例：name@example.jp
field-invalid-choice = 表示されている選択肢から選んでください。
field-control-character = 使用できない文字（改行や制御文字）が含まれています。削除してください。
field-in-the-past = 現在より後の日時を指定してください。

flash-saved = 保存しました。
