# The interface for scripts
api-title = Shodo 初動 API
api-intro = Everything that the pages do, in JSON. For machines:
api-token = Every operation needs an API token. Make one by “shodo token create”, or on your account page.
api-problems = Kinds of problems
api-body = Body
api-query = Query
field-json-expected = Send Content-Type: application/json.
field-json-wrong = It could not be read beyond line { $line }, column { $column } ({ $what }).
field-bounce-expected = Send Content-Type: message/rfc822 for a returned mail, or application/json for a report about one.
field-bounce-unreadable = This is no mail that can be read.
field-json-value = This value cannot be used ({ $what }).
field-query-wrong = A field of the query could not be read ({ $what }).
field-unknown = There is no field of this name. Check the name.
field-too-long-for-form = Use 16 KiB or less.
field-not-utf8 = Send it as UTF-8.
field-limit = Give a number from 1 to 1000.
