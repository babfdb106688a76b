app-name = Shodo 初動
