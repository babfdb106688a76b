## Kinds and patterns of incidents
kind-leak = 漏えい
kind-misuse = 不正利用
kind-privacy = プライバシー侵害
kind-leak-hint = 個人情報が外に出た、失われた、読めなくなった
kind-misuse-hint = 個人情報が、第三者に悪い目的で使われている
kind-privacy-hint = 知られたくないこと（好み、居場所、写真）が知られた
pattern-cyberattack = サイバー攻撃による大量流出
pattern-misconfigured-access = アクセス権限の不備による誤共有
pattern-account-takeover = アカウント乗っ取りによる不正メッセージ送信
pattern-fraud-spam = 詐欺・スパムメール
pattern-impersonation = なりすまし
pattern-phishing = フィッシング
pattern-preferences = 趣味や嗜好の流出
pattern-location = 位置情報の流出
pattern-images = 画像や写真の不適切な利用
kind-unknown = 種別は未定
pattern-unknown = まだ分からない

## Severity and state
severity-1 = 重大度 1
severity-2 = 重大度 2
severity-3 = 重大度 3
severity-1-hint = 多くの人に影響、または人の安全に関わる
severity-2-hint = 影響が広がるおそれがある
severity-3-hint = 影響が限られている
severity-unknown = 重大度は未定
state-open = 対応中
state-closed = 終了
practice = 訓練

## The review
section-summary = 要約
section-summary-hint = その場にいなかった人に、何が起き、どう対応したかを3〜5文で
section-root-cause = 原因
section-root-cause-hint = なぜ起きたか。人ではなく仕組みを書く
section-went-well = うまくいったこと
section-went-well-hint = 次も同じようにしたいこと
section-went-badly = うまくいかなかったこと
section-went-badly-hint = 遅れたこと、迷ったこと、足りなかったもの
section-luck = 運に助けられたこと
section-luck-hint = 次は同じように助からないかもしれないこと
section-minimisation = データの最小化
section-minimisation-hint = そもそも集めなくてよかった、または消しておけた項目
section-actions = 再発防止の対応
section-actions-hint = 何を、誰が、いつまでに。ここには進め方についての補足を書く
field-invalid-date = 日付は 2026-12-25 の形で入力してください。
