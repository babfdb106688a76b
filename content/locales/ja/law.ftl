# 義務、理由、期限、時計の起点の言葉。

law-status-required = 必要
law-status-not-required = 不要
law-status-undecided = 未確定
law-status-required-about = この義務が生じています。
law-status-not-required-about = 今の回答では、この義務は生じません。
law-status-undecided-about = 次の質問に答えると決まります。

law-nature-duty = 義務
law-nature-alternative = 代わりの方法
law-nature-check = 要確認

law-recipient-regulator = 監督官庁
law-recipient-individuals = 本人
law-recipient-others = その他の相手

law-verdict-yes = 当たる
law-verdict-no = 当たらない
law-verdict-unknown = まだ分からない
law-reason-trigger = 条件
law-reason-exemption = 除外の理由

law-confidence-confirmed = 確認済み
law-confidence-unverified = 一次資料で未確認

law-due-deadline = 期限
law-due-target = 目安
law-level-warn = 注意
law-level-late = 超過
law-due-without-delay = 速やかに（日時の定めなし）
law-due-start-missing = 起点が未入力です：{ $starts }
law-due-provisional = 暫定（その年の祝日が未公表のため、動くことがあります）
law-due-conditional = 義務が生じる場合
law-due-moved = { $day }が閉庁日のため、次の開庁日になります

law-clock-occurred = 発生した時点
law-clock-occurred-about = 事態が起きた、又は始まった時点です。
law-clock-detected = 検知した時点
law-clock-detected-about = 人や監視の仕組みが、最初に異変に気づいた時点です。
law-clock-any-department-knew = いずれかの部署が知った時点
law-clock-any-department-knew-about = 個人情報保護法の期限は、社内のいずれかの部署が知った日を1日目として数えます。
law-clock-aware = 会社として認識した時点
law-clock-aware-about = 個人データの侵害が起きたと合理的な確かさで分かった時点です。GDPRの72時間はここから数えます。

law-next-question = 次の質問
law-article = 根拠
law-not-legal-advice = この判断は回答に基づく整理であり、法的助言ではありません。最終的な判断は専門家に確認してください。

law-nature-recommended = 推奨
law-reason-applies = 適用範囲
law-clock-informed-by-processor = 委託先から知らされた時点
law-clock-informed-by-processor-about = 委託先（処理者）から侵害を知らされた時点です。
law-clock-informed-delegator = 委託元に知らせた時点
law-clock-informed-delegator-about = 委託元（管理者）に知らせた時点です。
law-clock-determined-breach = 侵害があったと判断した時点
law-clock-determined-breach-about = 侵害があったと判断した時点です。米国のいくつかの法律はここから数えます。
law-clock-determined-notifiable = 通知が必要と判断した時点
law-clock-determined-notifiable-about = シンガポールやニュージーランドでは、通知が必要な侵害と判断した時点から数えます。
law-clock-determined-material = 重要と判断した時点
law-clock-determined-material-about = 米国SECの4営業日はここから数えます。判断そのものも、不当に遅らせてはなりません。
law-clock-classified = 分類した時点
law-clock-classified-about = 重大なインシデントに分類した時点です。DORAの4時間はここから数えます。
law-clock-recipients-identified = 対象の本人を特定した時点
law-clock-recipients-identified-about = だれのデータかが分かった時点です。
law-clock-corrective-measure-available = 是正策が利用できるようになった時点
law-clock-corrective-measure-available-about = 脆弱性への対策が利用できるようになった時点です（サイバーレジリエンス法）。
law-clock-ransom-paid = 身代金を支払った時点
law-clock-ransom-paid-about = 支払をした時点です。
law-clock-handling-ended = 対処が終わった時点
law-clock-handling-ended-about = インシデントへの対処が終わった時点です。中国の総括報告はここから数えます。
law-clock-filed = 「{ $duty }」を行った時点

moment-occurred-short = 発生日時
moment-detected-short = 検知日時
moment-any-department-knew-short = 発覚日時
moment-aware-short = 認識日時
moment-informed-by-processor-short = 委託先から知らされた日時
moment-informed-delegator-short = 委託元に知らせた日時
moment-determined-breach-short = 侵害と判断した日時
moment-determined-notifiable-short = 通知が必要と判断した日時
moment-determined-material-short = 重要と判断した日時
moment-classified-short = 分類した日時
moment-recipients-identified-short = 本人を特定した日時
moment-corrective-measure-available-short = 是正策が利用できるようになった日時
moment-ransom-paid-short = 身代金を支払った日時
moment-handling-ended-short = 対処が終わった日時
