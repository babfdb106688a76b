## Phases
phase-detect = 検知と体制づくり
phase-contain = 封じ込め
phase-scope = 影響範囲の特定
phase-report = 当局への報告
phase-notify = 本人への通知
phase-learn = 再発防止と振り返り

## States of a step
step-todo = 未着手
step-doing = 対応中
step-done = 完了
step-skipped = 対象外

## Moves
move-start = 始める
move-finish = 完了にする
move-skip = 対象外にする
move-reopen = やり直す

## Pages of an incident
link-overview = 概要
link-playbook = プレイブック
link-facts = 事実
link-people = 影響を受けた人
link-authorities = 当局報告
link-notices = 通知
link-evidence = 証拠
link-timeline = タイムライン
link-review = 振り返り
