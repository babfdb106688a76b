# Rosters of affected people
field-unknown-data-item = A data item was chosen that is not in the list. Reload the page and choose again.
field-unknown-collection-point = A collection point was chosen that is not in the list. Reload the page and choose again.

problem-unreadable-file = { $reason ->
    [empty] The file is empty.
    [not-utf8] The roster cannot be read: row { $row } is not UTF-8.
    [unclosed-quote] The roster cannot be read: the quote (") that opens in row { $row } is never closed.
    [stray-quote] The roster cannot be read: a quote (") in row { $row } ends in the middle of a cell.
    [long-row] The roster cannot be read: row { $row } is too long.
    [no-usable-column] The first row has none of the headings name, email, phone, LINE ID or customer number.
    [no-rows] There is no row of data below the headings.
   *[other] The file cannot be read.
}
problem-unreadable-file-next = { $reason ->
    [empty] Export it again and choose the new file. Nobody was imported.
    [not-utf8] Save it again as “CSV UTF-8 (comma delimited)”. For now, files in Shift_JIS (CP932) have to be converted to UTF-8 first. Nobody was imported.
    [unclosed-quote] Correct the quote in that row, or export the file again. Nobody was imported.
    [stray-quote] Correct the quote in that row, or export the file again. A quote inside a cell is written twice (""). Nobody was imported.
    [long-row] Check delimiters and line ends, or export the file again. Nobody was imported.
    [no-usable-column] Put headings in the first row, for example: name,email,phone. Nobody was imported.
    [no-rows] Choose a file that has rows of affected people. Nobody was imported.
   *[other] Check the file and choose it again. Nobody was imported.
}

person-field-name = Name
person-field-family-name = Family name
person-field-given-name = Given name
person-field-kana = Name in kana
person-field-email = Email address
person-field-phone = Telephone number
person-field-line-user-id = LINE user ID
person-field-customer-number = Customer number
person-field-country = Country
person-field-language = Language
person-field-minor = Minor
person-field-birth-date = Date of birth
person-field-postcode = Postcode
person-field-address = Address

roster-problem-column-not-kept = This column was not kept. If you need it, correct its heading and import the file again.
roster-problem-wrong-column-count = The number of cells differs from the headings. This row was not imported. Correct it and import a file with such rows only.
roster-problem-empty-row = Every column that is kept is empty. This row was not imported.
roster-problem-control-characters = The cell holds control characters. The row was imported without this cell.
roster-problem-too-long = The cell is too long. The row was imported without this cell.
roster-problem-invalid-email = Not usable as an email address. Kept as typed; no mail goes there.
roster-problem-unreadable-phone = Not readable as a telephone number. Kept as typed, not used. Check whether a leading 0 was lost.
roster-problem-invalid-line-user-id = Not a LINE user ID (U and 32 hexadecimal digits). Kept as typed, not used.
roster-problem-unknown-country = The country is not known. Kept as typed. A two-letter code such as JP always works.
roster-problem-unknown-language = Notices do not come in this language. Japanese or English was chosen by country.
roster-problem-unknown-answer = Neither yes nor no. Kept as typed.
roster-problem-bad-date = Not readable as a date. Kept as typed.
roster-problem-no-contact = There is no way to contact this person. They are counted, but no notice reaches them.
roster-problem-duplicate-in-file = The same person as in an earlier row of this file. Counted once.
roster-problem-duplicate-of-earlier-roster = This person is in a roster imported earlier. Counted once.
roster-problem-name-differs = Merged with a person who has the same contact, but another name. Check whether they are two people.
roster-problem-shared-contact = Somebody else has the same contact. Counted as another person, because the customer number or another identifier differs.
