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

fact-places-none = 該当なし

fact-established-in = 拠点（会社・支店・事務所）のある国はどこですか。
fact-established-in-why = 拠点のある国の法律は、影響を受ける人がどこにいても適用されます。米国は州、カナダは州・準州まで選んでください。
fact-established-in-short = 拠点のある国

fact-serves = 商品・サービスを提供している（又は行動を把握している）人のいる国はどこですか。
fact-serves-why = GDPR（3条2項）をはじめ多くの法律は、その国の人にサービスを提供する国外の事業者にも適用されます。サイトを閲覧できるだけでは当たりません。
fact-serves-short = サービスの提供先の国

fact-regulated-as = 次の免許・資格・立場のうち、当てはまるものはどれですか。
fact-regulated-as-why = 業種ごとの法律には、数時間以内の報告を求めるものもあります。
fact-regulated-as-short = 免許・資格・立場
fact-regulated-as-p-mark-holder = プライバシーマーク付与事業者（日本）
fact-regulated-as-listed-company-jp = 上場会社（日本）
fact-regulated-as-card-merchant = カード加盟店・決済代行業者（日本）
fact-regulated-as-jp-child-safety-operator = 犯罪事実確認を行う事業者（こども性暴力防止法）
fact-regulated-as-jp-critical-infrastructure = 特定社会基盤事業者（日本）
fact-regulated-as-my-number-public-system = マイナンバーを利用する公的機関のシステム、又はその委託先（日本）
fact-regulated-as-jp-designated-telecom = 特定利用者情報の規律の対象に指定された電気通信事業者（日本）
fact-regulated-as-eu-telecom-provider = 公衆電子通信サービスの提供者（EU）
fact-regulated-as-eu-institution = EUの機関・団体
fact-regulated-as-nis2-entity = NIS2指令の主要事業者・重要事業者（EU）
fact-regulated-as-trust-service-provider = トラストサービスプロバイダー（EU・eIDAS）
fact-regulated-as-dora-financial-entity = DORAの対象となる金融事業者（EU）
fact-regulated-as-dora-noon-excluded = 信用機関・中央清算機関・取引施設、又は主要・重要・重大な事業者（DORA）
fact-regulated-as-digital-product-manufacturer = デジタル要素を備えた製品の製造者（EU）
fact-regulated-as-ch-critical-infrastructure = 重要インフラの運営者（スイス）
fact-regulated-as-il-medium-security-database = 中程度の安全管理水準のデータベース（イスラエル）
fact-regulated-as-il-high-security-database = 高度の安全管理水準のデータベース（イスラエル）
fact-regulated-as-hipaa-covered-entity = HIPAAの対象事業者（米国）
fact-regulated-as-hipaa-business-associate = HIPAAの業務提携者（米国）
fact-regulated-as-health-record-vendor = HIPAA対象外の個人健康記録の提供者（米国）
fact-regulated-as-glba-financial-institution = FTCセーフガード規則の対象となる金融機関（米国）
fact-regulated-as-sec-registrant = SECに報告書を提出する会社（米国）
fact-regulated-as-reg-sp-institution = レギュレーションS-Pの対象となる証券会社・投資会社・投資顧問（米国）
fact-regulated-as-us-bank = OCC・FRB・FDICの監督を受ける銀行（米国）
fact-regulated-as-us-credit-union = 連邦保険付き信用組合（米国）
fact-regulated-as-nydfs-covered-entity = ニューヨーク州金融サービス局の免許を受けた事業者
fact-regulated-as-us-telecom-carrier = FCCの規律を受ける電気通信事業者（米国）
fact-regulated-as-ca-clinic = 免許を受けた診療所・医療施設（カリフォルニア州）
fact-regulated-as-us-critical-infrastructure = CIRCIAの対象となる重要インフラ事業者（米国）
fact-regulated-as-br-small-agent = 小規模な取扱事業者（ブラジル）
fact-regulated-as-cl-essential-service = 不可欠サービス・重要運営者（チリ）
fact-regulated-as-kr-ict-provider = 情報通信サービス提供者（韓国）
fact-regulated-as-tw-regulated-sector = 金融など、独自の報告規定のある業種（台湾）
fact-regulated-as-hk-critical-infrastructure = 重要インフラの運営者（香港）
fact-regulated-as-cn-network-operator = ネットワーク運営者（中国）
fact-regulated-as-cn-critical-infrastructure = 重要情報インフラの運営者（中国）
fact-regulated-as-au-ransom-reporting-entity = 身代金の支払を報告する義務のある事業者（オーストラリア）
fact-regulated-as-none = どれにも当たらない

fact-retrieved = 第三者に見られたり悪用されたりする前に、データを確実に回収・削除できましたか。
fact-retrieved-why = 第三者に閲覧される前にすべて回収したときは、漏えいに当たらないとされています。外国の法律でも、求められることが減る場合があります。
fact-retrieved-short = 回収・削除

fact-misuse-ruled-out = 調査により、悪用されておらず、そのおそれもないと確かめられましたか。
fact-misuse-ruled-out-why = 米国の州法などでは、その場合に通知が不要になることがあります。調査の記録を残してください。
fact-misuse-ruled-out-short = 悪用のおそれなし

fact-availability = データは途切れずに使えましたか。
fact-availability-why = データが使えなくなることも侵害です。どれだけ続いたかで、影響の大きさが変わります。
fact-availability-short = 利用できない期間
fact-availability-not-affected = 影響なし
fact-availability-restored-within-a-day = 1日以内に復旧した
fact-availability-restored-within-days = 数日かかって復旧した
fact-availability-not-restored = 復旧していない

fact-vital-services-affected = 医療・安全・生活に関わるサービスに支障が出ましたか（診療の延期など）。
fact-vital-services-affected-why = その場合は、使えなくなっただけでも高いリスクになり得ます。
fact-vital-services-affected-short = 重要なサービスへの支障

fact-serious-harm = 財産・身体・心・評判に、だれかが重大な害を受けるおそれがありますか。
fact-serious-harm-why = オーストラリア、カナダ、シンガポールなどでは、重大な害のおそれがあるときに通知が必要です。
fact-serious-harm-short = 重大な害のおそれ

fact-communications-secrecy = 通信の内容や相手・日時など（通信の秘密）が漏れましたか。
fact-communications-secrecy-why = 通信の秘密の漏えいには、別の報告義務があります（電気通信事業法28条）。
fact-communications-secrecy-short = 通信の秘密

fact-incident-significant = サービスに重大な支障が出ましたか。又は、大きな損害がありますか。
fact-incident-significant-why = ネットワークの安全に関する法律（NIS2、DORAなど）では、その場合に早期の報告が必要です。
fact-incident-significant-short = 重大なインシデント

fact-incident-material = 投資家にとって重要な出来事ですか。
fact-incident-material-why = 上場会社は開示が必要になります（適時開示、米国のForm 8-K項目1.05）。
fact-incident-material-short = 投資判断への重要性

fact-ransom-paid = 身代金を支払いましたか。
fact-ransom-paid-why = 支払から24時間又は72時間以内の報告を求める法律があります。
fact-ransom-paid-short = 身代金の支払

fact-vulnerability-exploited = 自社が作った製品の脆弱性が悪用されていますか。
fact-vulnerability-exploited-why = EUのサイバーレジリエンス法では、24時間以内の早期警告が必要です。
fact-vulnerability-exploited-short = 悪用されている脆弱性

fact-recipients-own-staff = 自社の人だけ
