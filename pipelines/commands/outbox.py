"""`lsp outbox`."""

import os
from argparse import Namespace
from email import message_from_bytes, policy
from functools import partial

from pipelines.commands.asked import Missing, Usage, workspace_of
from pipelines.commands.came_to import DONE, FAILED


def outbox(options: Namespace) -> int:
    """`lsp outbox`: what waits to be sent and what went; a preview, and sending it."""
    from pipelines.framework import clock
    from pipelines.mail.outbox import DROPPED, IN_DOUBT, NOT_GONE, SENT, Outbox
    from pipelines.mail.settings import mail_settings
    from pipelines.mail.smtp import send

    workspace = workspace_of(options)
    box, now = Outbox(workspace), clock.now(workspace)
    for names, states, do, said in (
        (options.sent, NOT_GONE, box.mark_sent, "Sent by hand"),
        (options.drop, NOT_GONE, box.drop, "Not to be sent"),
        (options.again, IN_DOUBT, box.again, "It waits again"),
    ):
        every = [entry.key for entry in box.entries() if entry.state in states]
        for name in every if list(names) == ["all"] else names:
            try:
                print(f"{said}: {do(name, now).subject}")
            except KeyError:
                known = {n: entry.state for entry in box.entries() for n in (entry.file, entry.key)}
                which = (
                    f"Message '{name}' is {known[name]}" if name in known else f"There is no message '{name}'"
                )
                raise Missing(f"{which}. 'lsp outbox --all' lists what there is.") from None
    if options.sent or options.drop or options.again:
        return DONE
    if options.send:
        settings = mail_settings(os.environ)
        if settings.smtp is None:
            raise Usage("There is no mail server: LSP_SMTP_HOST is not set. The messages lie in data/outbox.")
        delivered = box.deliver(partial(send, settings.smtp, settings.sender), now)
        print(f"{delivered.sent} sent.")
        for sentence in delivered.troubles:
            print(f"Not sent: {sentence}")
        return FAILED if delivered.troubles else DONE
    entries = [entry for entry in box.entries() if options.all or entry.state not in (SENT, DROPPED)]
    for entry in entries:
        print(f"{entry.state}: {entry.file}")
        print(f"  To {', '.join(entry.to)}: {entry.subject}{f' ({entry.reason})' if entry.reason else ''}")
        if options.show and box.path_of(entry).exists():
            message = message_from_bytes(box.path_of(entry).read_bytes(), policy=policy.default)
            body = message.get_body(("plain",))
            for line in str(body.get_content()).splitlines() if body else ():
                print(f"  | {line}")
            for part in message.iter_attachments():
                print(f"  + {part.get_filename()}")
    waiting = sum(entry.is_waiting for entry in entries)
    print(f"{waiting or 'Nothing'} wait{'s' if waiting < 2 else ''} to be sent in {box.folder}.")
    return DONE
