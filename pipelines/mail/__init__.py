"""Mail: letters as messages, an outbox that sends each once, and the mailbox in which returns arrive.

letters.py   what is written to whom
outbox.py    messages as files, and the ledger of what became of each
smtp.py      a message → the mail server
mailbox.py   the mailbox → files received
settings.py  which servers, from the environment
"""
