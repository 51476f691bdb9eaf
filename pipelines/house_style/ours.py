"""Whether a workbook is as we wrote it: never saved since, and if it is a reply, without an answer.

Asked of whatever lies in the folders, before anything was checked of it: so no more of a file is unpacked than a
workbook of ours could hold, and one that is damaged, or odd in any way, is not ours.
"""

import stat
import zipfile
import zlib
from pathlib import Path

CORE, BOOK = "docProps/core.xml", "xl/workbook.xml"
LINES = "_queries"  # the very hidden sheet of a reply by which its answers find their queries again
MOST_BYTES = 16 << 20  # of a workbook of ours
MOST_OF_A_PART = 1 << 20  # of its properties, or of its list of sheets

# damaged, encrypted, packed in a way that we never pack, without such a part, not a workbook at all
NOT_OURS = (
    OSError, KeyError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def is_ours(path: Path) -> bool:
    """Whether a workbook is as we wrote it: parts in our order, and never saved since it was made."""
    try:
        with _opened(path) as parts:
            found = [part.filename for part in parts.infolist()]
            core = _part(CORE, parts)
    except NOT_OURS:
        return False
    created = core.partition("<dcterms:created")[2].partition("</dcterms:created>")[0].rpartition(">")[2]
    modified = core.partition("<dcterms:modified")[2].partition("</dcterms:modified>")[0].rpartition(">")[2]
    return found[1:] == sorted(found[1:]) and created == modified != ""


def is_unanswered_reply(path: Path) -> bool:
    """Whether a file is a reply of ours in which nobody has written anything yet."""
    if path.suffix.lower() != ".xlsx" or not is_ours(path):
        return False
    try:
        with _opened(path) as parts:
            return f'name="{LINES}"' in _part(BOOK, parts)
    except NOT_OURS:
        return False


def _opened(path: Path) -> zipfile.ZipFile:
    """The parts of a file, never those of a device or a pipe, which have no end. ValueError if too large."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
        raise ValueError(f"{path.name} can't be a workbook of ours")
    return zipfile.ZipFile(path)


def _part(name: str, parts: zipfile.ZipFile) -> str:
    """The text of a part; ValueError for one that is larger than any of ours, whatever it says of its own size."""
    with parts.open(name) as part:
        content = part.read(MOST_OF_A_PART + 1)
    if len(content) > MOST_OF_A_PART:
        raise ValueError(f"{name} is larger than in a workbook of ours")
    return content.decode()
