# Rosters of affected people
field-unknown-data-item = A data item was chosen that is not in the list. Reload the page and choose again.
field-unknown-collection-point = A collection point was chosen that is not in the list. Reload the page and choose again.
field-no-usable-column = Choose a column for at least one of name, email address, telephone number, LINE user ID or customer number.
field-column-twice = Two columns are given the same content. Set one of them to “Do not keep”.
field-period-ends-first = The last day is before the first day.
field-not-a-cursor = This is no place in the list. Start again from the first page.

problem-unreadable-file = { $reason ->
    [empty] The file is empty.
    [wrong-encoding] The roster cannot be read: row { $row } holds characters that cannot be read.
    [binary] The file is not a table (a picture, a PDF, an archive or the like).
    [unclosed-quote] The roster cannot be read: the quote (") that opens in row { $row } is never closed.
    [stray-quote] The roster cannot be read: a quote (") in row { $row } ends in the middle of a cell.
    [long-row] The roster cannot be read: row { $row } is too long.
    [too-many-columns] The roster cannot be read: row { $row } has too many columns (more than 1,000).
    [not-a-workbook] The file is not an Excel workbook (.xlsx).
    [encrypted] The roster cannot be read: the workbook is protected by a password.
    [no-visible-sheet] Every sheet of the workbook is hidden.
    [no-such-sheet] The workbook does not have the sheet that was chosen.
    [too-large-inside] The roster cannot be read: the workbook is too large inside.
    [broken] The roster cannot be read: the file is damaged.
    [no-usable-column] There is no column for name, email, phone, LINE ID or customer number.
    [no-rows] There is no row of data below the headings.
   *[other] The file cannot be read.
}
problem-unreadable-file-next = { $reason ->
    [empty] Export it again and choose the new file. Nobody was imported.
    [wrong-encoding] The file mixes two encodings. Export it again, or save it as “CSV UTF-8 (comma delimited)” in a spreadsheet. Nobody was imported.
    [binary] Export it as CSV or as an Excel workbook (.xlsx). Nobody was imported.
    [unclosed-quote] Correct the quote in that row, or export the file again. Nobody was imported.
    [stray-quote] Correct the quote in that row, or export the file again. A quote inside a cell is written twice (""). Nobody was imported.
    [long-row] Check delimiters and line ends, or export the file again. Nobody was imported.
    [too-many-columns] Export only the columns that are needed, or check the delimiter. Nobody was imported.
    [not-a-workbook] Open it in Excel and save it as “Excel Workbook (.xlsx)” or “CSV UTF-8”. The older formats .xls and .xlsb are not read. Nobody was imported.
    [encrypted] Open it in Excel, remove the password and save it again. Nobody was imported.
    [no-visible-sheet] Open it in Excel, unhide the sheet with the roster and save it again. Nobody was imported.
    [no-such-sheet] Choose a sheet again. Nobody was imported.
    [too-large-inside] Save only the sheet with the roster as CSV. Nobody was imported.
    [broken] Check whether the file opens, and export it again. Nobody was imported.
    [no-usable-column] Put headings in one row, for example: name,email,phone. Nobody was imported.
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
person-field-region = State, province or prefecture
person-field-language = Language
person-field-minor = Minor
person-field-birth-date = Date of birth
person-field-postcode = Postcode
person-field-address = Address
person-field-data-items = Data items

roster-problem-column-not-kept = This column was not kept. If you need it, correct its heading and import the file again.
roster-problem-wrong-column-count = The number of cells differs from the headings. This row was not imported. Correct it and import a file with such rows only.
roster-problem-empty-row = Every column that is kept is empty. This row was not imported.
roster-problem-control-characters = The cell holds control characters. The row was imported without this cell.
roster-problem-too-long = The cell is too long. The row was imported without this cell.
roster-problem-invalid-email = Not usable as an email address. Kept as typed; no mail goes there.
roster-problem-unreadable-phone = Not readable as a telephone number. Kept as typed, not used. Check whether a leading 0 was lost.
roster-problem-invalid-line-user-id = Not a LINE user ID (U and 32 hexadecimal digits). Kept as typed, not used.
roster-problem-unknown-country = The country is not known. Kept as typed. A two-letter code such as JP always works.
roster-problem-unknown-region = The state, province or prefecture is not known. Kept as typed.
roster-problem-unknown-language = Notices do not come in this language. Japanese or English was chosen by country.
roster-problem-unknown-answer = Neither yes nor no. Kept as typed.
roster-problem-bad-date = Not readable as a date. Kept as typed.
roster-problem-unknown-data-item = Not a data item of the list. Kept as typed.
roster-problem-no-contact = There is no way to contact this person. They are counted, but no notice reaches them.
roster-problem-duplicate-in-file = The same person as in an earlier row of this file. Counted once.
roster-problem-duplicate-of-earlier-roster = This person is in a roster imported earlier. Counted once.
roster-problem-name-differs = Merged with a person who has the same contact, but another name. Check whether they are two people.
roster-problem-shared-contact = Somebody else has the same contact. Counted as another person, because the customer number or another identifier differs.

roster-state-draft = Columns to confirm
roster-state-waiting = Waiting
roster-state-importing = Importing
roster-state-paused = Paused
roster-state-imported = Imported
roster-state-undoing = Being taken back
roster-state-undone = Taken back
roster-state-failed = Not readable

notice-state-not-told = Not told
notice-state-queued = Waiting
notice-state-sent = Sent
notice-state-failed = Failed

channel-email = Email
channel-phone = Phone
channel-line = LINE
channel-post = Letter
channel-none = No contact
