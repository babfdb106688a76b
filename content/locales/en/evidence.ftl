# Sealed files
field-file-name-missing = The file has no name. Choose the file again.

evidence-intact = Unchanged since it was sealed (the SHA-256 agrees).
evidence-changed = The content is not what was sealed. Look in your backups for a file with the same SHA-256, and find out who had access to the server.
evidence-missing = The file is not in its place. Restore it from a backup.
evidence-same-file = This incident already holds a file with the same content: “{ $name }”.
