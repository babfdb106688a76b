# What is wrong with a mail template, its variables, or its recipients.
mail-template-empty = The subject or the body is empty. Please write it.
mail-template-too-long = This is too long. Keep it within { $limit } bytes.
mail-template-placeholder = "{ $placeholder }" cannot be used as a placeholder. Write one of the listed names as {"{{"}name{"}}"}.
mail-subject-one-line = The subject must be one line, without line breaks or control characters.
mail-variable-name = "{ $name }" cannot name a placeholder. Use lower-case letters, digits and underscores, starting with a letter.
mail-variable-missing = The placeholder "{ $name }" has no value. Please supply one.
mail-variable-unknown = "{ $name }" is no placeholder of this text. Pass only the listed ones.
mail-variable-too-long = The value of the placeholder "{ $name }" is too long. Please shorten it.
