"""The quarterly cycle: what is due today is done once, whoever asks and however often.

facts.py    the framework as the cycle needs it: days, mailboxes, settings
done.py     what was done, by its key
desk.py     what a job works with: the workspace, the moment, the mail
due.py      which days of the calendar ask for something today
opened.py   the templates of the quarter that opens
fresh.py    the marts brought up to date, and each file answered
jobs.py     all jobs: these, intake, reminders, the quarterly run, the pack's issue
"""
