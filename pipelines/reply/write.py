"""Put the replies in place: one workbook for each file of a quarter, and for each file that has none.

A reply that is there already is left alone if its bytes are the same, if it came back or a later file took the
place of the one that it answers (it stays as it was sent), and if somebody has saved it since: it may hold answers
that were never sent.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipelines.framework.references import digest
from pipelines.house_style.ours import is_ours
from pipelines.judge.judged import Judged
from pipelines.reply.appearing import Shown, nowhere
from pipelines.reply.draw import draw
from pipelines.reply.make import reply_to
from pipelines.reply.model import Reply
from pipelines.reply.names import Name, names
from pipelines.reply.prior import Accepted
from pipelines.reply.written import Written
from pipelines.storage import durable
from pipelines.workspace import Workspace

FRAMEWORK_FOLDER = "framework"
KIND = "reply"


def replies_of(judged: Judged, quarter: str, newest: str, shown: Shown = nowhere) -> list[tuple[Name, Reply]]:
    """The replies to the quarter's files and to those that could not be placed in any, by partner and number.

    And to those for a quarter after the `newest` of the marts, of which no run would come: files to be checked.
    """
    files = {file.receipt.file_id: file for file in judged.opened if file.receipt.folder != FRAMEWORK_FOLDER}
    checked = judged.checked or judged
    read = [file for file in judged.files if not file.receipt.is_check]
    read += [file for file in checked.files if file.receipt.is_check]
    named = names([file.receipt for file in files.values()], read, judged.references)
    mine = {
        file_id: name
        for file_id, name in named.items()
        if name.quarter in (quarter, None) or (name.quarter and name.quarter > newest)
    }
    accepted = {id(known): Accepted(known.frames) for known in (judged, checked)}
    replies = []
    for file_id, name in sorted(mine.items(), key=lambda item: item[1][:4]):
        file = files[file_id]
        known = checked if file.receipt.is_check else judged
        replies.append((name, reply_to(file, known, name, accepted[id(known)], shown)))
    return replies


def write_replies(
    replies: Iterable[tuple[Name, Reply]], workspace: Workspace, judged: Judged, version: str
) -> list[Written]:
    """Write each reply whole or not at all; what was written, or was there already."""
    made_by = (publisher_of(judged), version, digest(judged.references))
    written = []
    for name, reply in replies:
        path = workspace.reply_file(name.folder, name.file_name)
        is_changed = path.exists() and not is_ours(path)
        if not is_changed and not (path.exists() and reply.is_replaced):
            put_in_place(path, _bytes(reply, judged, *made_by))
        written.append(
            Written(
                path,
                reply.receipt.original_name,
                reply.in_words,
                is_clean=reply.is_clean,
                is_changed=is_changed,
                is_check=reply.is_check,
                sha256=reply.receipt.sha256,
                partner=name.partner,
                quarter=name.quarter,
                received_at=reply.receipt.first_seen,
            )
        )
    return written


def _bytes(reply: Reply, judged: Judged, publisher: str, version: str, framework: str) -> bytes:
    """The workbook of a reply, drawn or, where all that it says and is made by is as before, remembered."""
    memory = judged.memory
    figures = [(sorted(one.locked), replace(one, locked=frozenset())) for one in reply.figures]
    name = memory.name(KIND, replace(reply, figures=()), figures, publisher, version, framework)
    content = memory.recall(name)
    if content is None:
        content = draw(reply, judged.references, publisher, version)
        memory.keep(name, content)
    return content


def publisher_of(judged: Judged) -> str:
    """Who sends the replies: the partnership's name, from the framework's settings."""
    settings = judged.references.get("framework.settings")
    return str(
        (settings.facts.get("partnership_name", {}) if settings else {}).get("value") or "The partnership"
    )


def put_in_place(path: Path, content: bytes) -> None:
    """Write aside, then rename; nothing is touched where the same bytes are there already."""
    if path.exists() and path.read_bytes() == content:
        return
    durable.put(content, path, is_lasting=False)
