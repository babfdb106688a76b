# 証拠一式
entry-bundle-exported = 証拠一式を書き出しました：記録 { $entries }件、証拠ファイル { $files }件（一覧のSHA-256：{ $manifest_sha256 }）

proof-title = 証明
proof-link = 証拠一式と証明
bundle-title = 証拠一式
bundle-lead = このサーバーがなくても誰でも検証できる、1つのZIPファイルです。報告書、経過の記録（{ $entries }件）、保管したすべてのファイルのSHA-256、署名付きの控え、検証プログラムが入ります。作成したことは経過に記録されます。
bundle-contents = 入れるもの
bundle-payloads = 記録の内容
bundle-payloads-hint = 入れない場合、記録はハッシュと時刻だけになり、報告書は当局向けと同じく担当者を役割で示します。
bundle-files = 証拠ファイルの中身（暗号化されません）
bundle-files-hint = 影響を受けた人の名簿は入りません。持ち出したことはファイルごとに記録されます。
bundle-locale = 報告書の言語
bundle-others = 控えからは、このサーバーにある事案の数と、それぞれの登録の時期も分かります。内容は分かりません。
bundle-make = 証拠一式を作る
proof-key-title = 鍵の指紋を別の場所に控えてください
proof-key-lead = 控えと証拠一式に署名する鍵を示します。一式を受け取る人には、紙や電話など別の方法で伝えてください。
proof-newest = 最新の控え：第{ $number }号、
proof-no-checkpoint = 控えはまだありません。証拠一式を作ると、控えも作られます。
proof-check-title = 検証の方法
proof-check-lead = ネットワークなしで、一式に入っているプログラムか本製品を使い、指紋を渡して検証します。
proof-shows = 記録の内容、順序、時刻、ファイルが、署名されたときのままであることが分かります。
proof-shows-not = 書かれたことが事実かどうか、時計が正しかったかどうかは分かりません。
proof-keep = 証拠一式や控えは、このサーバーの外にも保管してください。鍵の持ち主でも、それらを変えることはできません。
