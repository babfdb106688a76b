# 事案について尋ねる質問と、その選択肢。

fact-yes = はい
fact-no = いいえ
fact-known = 分かっている
fact-unknown = 不明・確認中
fact-unknown-until = 不明・確認中（{ $day }に再確認）
fact-not-asked = 未回答
fact-people = { $number }人
fact-people-at-most = 最大{ $number }人
fact-exactly = 確定した人数
fact-at-most = 最大の人数
fact-until = 次に確認する日
fact-country = 国
fact-country-count = 人数（分かるとき）
fact-known-since = いつから分かっていたか

fact-field-required = 回答してください。分からないときは「不明・確認中」を選んでください。
fact-field-choice = 選択肢の中から選んでください。
fact-field-none-alone = 「ない」という選択肢は、ほかの選択肢と一緒には選べません。
fact-field-number = 人数を0以上の整数で入力してください。
fact-field-day = 日付を「2026-11-25」の形で入力してください。
fact-field-country = 国をアルファベット2文字（日本はJP）で入力してください。
fact-field-too-long = { $longest }文字以内で入力してください。
fact-field-nul = 使えない文字（NUL）が含まれています。取り除いてください。

fact-overview = 何が起きましたか。分かっている範囲で、数行で書いてください。
fact-overview-why = 報告書と通知の冒頭に入る「概要」になります（規則8条1項1号）。個人の氏名などは書かないでください。
fact-overview-short = 概要

fact-discovered-by = 誰が気づきましたか。
fact-discovered-by-why = 報告フォームの「発見者」の欄に記入します。
fact-discovered-by-short = 発見者
fact-discovered-by-own-staff = 自社の従業者
fact-discovered-by-delegatee = 委託先
fact-discovered-by-business-partner = 取引先
fact-discovered-by-card-company = カード会社・決済代行会社
fact-discovered-by-principal = 本人
fact-discovered-by-other = その他

fact-personal-data-involved = 個人データが関係していますか。
fact-personal-data-involved-why = 個人データでなければ、報告と通知の義務は原則として生じません（法26条1項）。顧客名簿や会員データベースの情報は個人データです。
fact-personal-data-involved-short = 個人データの関係

fact-breach-nature = 何が起きた、又は起きたおそれがありますか。
fact-breach-nature-why = 漏えい・滅失・毀損のどれかに当たるか、そのおそれがあるときに報告の対象になります（規則7条）。おそれだけでも対象です。
fact-breach-nature-short = 事態の種類
fact-breach-nature-leak = 漏えい（外部に流出した）
fact-breach-nature-leak-suspected = 漏えいのおそれ
fact-breach-nature-loss = 滅失（内容が失われた）
fact-breach-nature-loss-suspected = 滅失のおそれ
fact-breach-nature-damage = 毀損（変更された、使えなくなった）
fact-breach-nature-damage-suspected = 毀損のおそれ
fact-breach-nature-none = どれにも当たらない

fact-data-items = どの項目が対象ですか。
fact-data-items-why = 報告と通知に必ず書く事項です（規則8条1項2号）。要配慮個人情報や、財産的被害につながる項目があると、1人からでも報告の対象になります。
fact-data-items-short = データの項目

fact-special-care-data = 要配慮個人情報（病歴、障害、信条、犯罪の経歴など）が含まれていますか。
fact-special-care-data-why = 含まれていれば、1人からでも報告の対象になります（規則7条1号）。
fact-special-care-data-short = 要配慮個人情報

fact-property-damage-risk = 不正に利用されると、財産的な被害が生じるおそれがありますか。
fact-property-damage-risk-why = あれば、1人からでも報告の対象になります（規則7条2号）。例：カード番号、送金や決済ができるサービスのIDとパスワードの組み合わせ。
fact-property-damage-risk-short = 財産的被害のおそれ

fact-improper-purpose = 不正の目的で行われたおそれがありますか。
fact-improper-purpose-why = 不正アクセス、ランサムウェア、従業者による持ち出しなどです。おそれがあれば1人からでも報告の対象になり、確報の期限は60日になります（規則7条3号・8条2項）。
fact-improper-purpose-short = 不正の目的のおそれ

fact-act-against-business = 当社（又は委託先や、当社が使うサービス）に対する行為ですか。
fact-act-against-business-why = 規則7条3号は、事業者に対する行為による漏えい等を対象とします。本人が自分でだまされた場合などは当たりません。
fact-act-against-business-short = 当社に対する行為

fact-data-planned-as-personal-data = 取得した、又は取得しようとしている個人情報で、個人データとして取り扱う予定のものですか。
fact-data-planned-as-personal-data-why = 入力フォームの改ざんなどで、受け取る前に盗まれた情報も、規則7条3号に限って対象になります。
fact-data-planned-as-personal-data-short = 取得予定の情報

fact-people-affected = 本人は何人ですか。確定できないときは、最大の人数を答えてください。
fact-people-affected-why = 1,000人を超えると報告の対象になります（規則7条4号）。人数が分からないときは、最大の人数で判断します。
fact-people-affected-short = 本人の数

fact-minors-affected = 未成年者が含まれていますか。
fact-minors-affected-why = 保護者への連絡や、言葉づかいの配慮が必要になります。
fact-minors-affected-short = 未成年者

fact-residence = 本人はどの国に住んでいますか。
fact-residence-why = 日本の外に住む人がいると、その国の法律による報告や通知が必要になることがあります。
fact-residence-short = 居住国

fact-protection = データはどのように保護されていましたか。
fact-protection-why = 高度な暗号化などがされ、鍵も安全であれば、報告の対象から外れます（規則7条1号かっこ書）。鍵の状態が不明なときは外れません。
fact-protection-short = 保護の状態
fact-protection-encrypted-key-safe = 高度な暗号化がされ、復号の手段も安全
fact-protection-encrypted-key-at-risk = 暗号化されているが、鍵も漏れたおそれがある
fact-protection-partly-protected = 一部だけ保護されている
fact-protection-not-protected = 保護されていない

fact-our-role = そのデータは当社のものですか、預かったものですか。
fact-our-role-why = 委託を受けた事業者は、委託元に通知すれば自社の報告が不要になります（法26条1項ただし書）。GDPRでは管理者か処理者かが決まります。
fact-our-role-short = 当社の立場
fact-our-role-own-data = 自社で取り扱っている
fact-our-role-delegator = 自社のデータの取扱いを他社に委託している
fact-our-role-delegatee = 他社から取扱いの委託を受けている

fact-delegator-notified = 委託元に通知しましたか。
fact-delegator-notified-why = 通知すると、自社の報告と本人への通知が不要になります（法26条1項ただし書・2項）。
fact-delegator-notified-short = 委託元への通知

fact-recipients = 誰の手に渡った可能性がありますか。
fact-recipients-why = 二次被害のおそれと、本人に伝える内容を左右します。
fact-recipients-short = 渡った可能性のある相手
fact-recipients-trusted-recipient = 信頼できる相手（削除を確認できる）
fact-recipients-known-recipient = 特定できている相手
fact-recipients-unknown-recipients = 特定できない相手
fact-recipients-public-internet = インターネット上で誰でも見られる状態
fact-recipients-none = 誰にも渡っていない

fact-sector = どの業種に当たりますか。
fact-sector-why = 報告先が個人情報保護委員会か、事業所管大臣等かが変わります（法150条）。
fact-sector-short = 業種（報告先）
fact-sector-not-delegated = 権限が委任されていない業種（委員会へ報告）
fact-sector-telecommunications = 電気通信事業
fact-sector-finance = 金融
fact-sector-credit-purchase = 包括・個別信用購入あっせん（委員会へ直接報告）
fact-sector-credit-information = 指定信用情報機関・認定割賦販売協会
fact-sector-other-delegated = その他の委任されている業種

fact-my-number-involved = マイナンバー（個人番号）が含まれていますか。
fact-my-number-involved-why = 含まれているときは番号法の報告になり、専用のフォームを使います。不明なときは「含む」として扱います。
fact-my-number-involved-short = マイナンバー

fact-gdpr-applies = EUの一般データ保護規則（GDPR）は適用されますか。
fact-gdpr-applies-why = EU域内に拠点がある、又は域内の人に商品やサービスを提供しているときは、適用されることがあります。適用されると、72時間以内の通知が必要になることがあります（33条）。
fact-gdpr-applies-short = GDPRの適用

fact-gdpr-risk = 本人の権利と自由に対するリスクは、どの程度ですか。
fact-gdpr-risk-why = 可能性が低いといえれば監督機関への通知は不要で、高いときは本人への連絡も必要です（33条・34条）。評価中のときは、通知が必要なものとして扱います。
fact-gdpr-risk-short = リスク（GDPR）
fact-gdpr-risk-unlikely = 生じる可能性は低い
fact-gdpr-risk-risk = リスクがある
fact-gdpr-risk-high-risk = 高いリスクがある

fact-cause = 原因は何ですか。
fact-cause-why = 報告と通知に書く事項です（規則8条1項4号）。
fact-cause-short = 原因

fact-secondary-damage = 二次被害、又はそのおそれはありますか。内容も書いてください。
fact-secondary-damage-why = 報告と通知に書く事項です（規則8条1項5号）。なりすましや詐欺の連絡などです。
fact-secondary-damage-short = 二次被害

fact-containment = 被害を止めるために、何をしましたか。
fact-containment-why = 報告の経過と、再発防止の説明のもとになります。
fact-containment-short = 封じ込め

fact-response-to-people = 本人に対して、何をしましたか（又は、する予定ですか）。
fact-response-to-people-why = 報告事項の「本人への対応の実施状況」です（規則8条1項6号）。
fact-response-to-people-short = 本人への対応

fact-publication = 公表しましたか（又は、する予定ですか）。方法も書いてください。
fact-publication-why = 報告事項の「公表の実施状況」です（規則8条1項7号）。
fact-publication-short = 公表

fact-prevention = 再び起きないように、何をしましたか（又は、いつまでに何をしますか）。
fact-prevention-why = 報告事項の「再発防止のための措置」です（規則8条1項8号）。
fact-prevention-short = 再発防止

fact-other-reference = ほかに参考になることはありますか（警察への届出、他の機関への報告など）。
fact-other-reference-why = 報告事項の「その他参考となる事項」です（規則8条1項9号）。
fact-other-reference-short = その他参考事項

fact-advice-to-people = 本人は何をすればよいですか（パスワードの変更、不審な連絡への注意など）。
fact-advice-to-people-why = 通知に入れると、本人が自分を守れます（規則10条）。
fact-advice-to-people-short = 本人へのお願い

fact-contact-difficult = 本人への通知は困難ですか。
fact-contact-difficult-why = 連絡先がない、古いなどの理由で困難なときは、公表や問い合わせ窓口などの代わりの措置をとります（法26条2項ただし書）。
fact-contact-difficult-short = 通知の困難
