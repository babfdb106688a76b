# 証拠ファイル
field-file-name-missing = ファイルの名前がありません。ファイルを選び直してください。

evidence-intact = 保管したときのままです（SHA-256が一致）。
evidence-changed = 保管したときと内容が違います。バックアップから同じSHA-256のファイルを探し、誰がサーバーに触れたかを確かめてください。
evidence-missing = ファイルが保管場所にありません。バックアップから戻してください。
evidence-same-file = 同じ内容のファイル「{ $name }」が、この事案にすでに保管されています。
