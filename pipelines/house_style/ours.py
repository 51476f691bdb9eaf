"""Whether a workbook is as we wrote it: never saved since, and if it is a reply, without an answer."""

import zipfile
from pathlib import Path

CORE, BOOK = "docProps/core.xml", "xl/workbook.xml"
LINES = "_queries"  # the very hidden sheet of a reply by which its answers find their queries again


def is_ours(path: Path) -> bool:
    """Whether a workbook is as we wrote it: parts in our order, and never saved since it was made."""
    try:
        with zipfile.ZipFile(path) as parts:
            found = [part.filename for part in parts.infolist()]
            core = parts.read(CORE).decode()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
    created = core.partition("<dcterms:created")[2].partition("</dcterms:created>")[0].rpartition(">")[2]
    modified = core.partition("<dcterms:modified")[2].partition("</dcterms:modified>")[0].rpartition(">")[2]
    return found[1:] == sorted(found[1:]) and created == modified != ""


def is_unanswered_reply(path: Path) -> bool:
    """Whether a file is a reply of ours in which nobody has written anything yet."""
    if path.suffix.lower() != ".xlsx" or not is_ours(path):
        return False
    try:
        with zipfile.ZipFile(path) as parts:
            return f'name="{LINES}"' in parts.read(BOOK).decode()
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return False
