"""The text behind a text file's bytes: by its mark, as UTF-8, or as somebody declared; never by a guess.

A guess once turned £12 into Ł12: bytes beyond plain English mean different letters in every old encoding.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.cells import Unreadable
from pipelines.headings import plain
from pipelines.workbook.package import unreadable
from pipelines.workbook.preflight import Received

MARKS = (  # the longer first: that of UTF-32 begins as that of UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SENDER_LINES = 20  # the label that names the sender stands above the table
SENDER = re.compile(
    r'^[\s",;\t|]*(?:partner(?: name)?|organisation|name of organisation|from)\s*[:,;\t|"]+(.*)$', re.I
)
LINE_END = re.compile(r"\r\n|\r|\n")
NO_LETTER = re.compile("[\x80-\x9f]")  # control characters, which no table holds

SAVE_AS_UTF8 = 'save it as "CSV UTF-8" and send it again, or tell us in which encoding you save'


@dataclass(frozen=True)
class Declared:
    """How text files are encoded, as the framework says: by the sender's name in plain words, and by default.

    Where it is known who sent a file, only `default` is filled in: with that sender's encoding.
    """

    default: str | None = None
    of_sender: Mapping[str, str] = field(default_factory=dict)


NOTHING_DECLARED = Declared()


def decode(received: Received, declared: Declared) -> str:
    """The file's text. Raises Unreadable, one sentence, where it can't be said what it is."""
    data, name = received.data, received.name
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                text = _without_mark(data.decode(encoding))
            except UnicodeDecodeError as error:
                kind = encoding.upper().removesuffix("-SIG")
                found = f"says that it is {kind}, but its byte {error.start + 1:,} is not"
                raise unreadable(name, f"is damaged ({found}): {SAVE_AS_UTF8}") from None
            if "\0" in text:
                raise _has_nul(name, len(LINE_END.findall(text, 0, text.index("\0"))) + 1)
            return text
    try:
        text = data.decode("utf-8")
        if "\0" not in text:
            return text
        place = text.index("\0")
    except UnicodeDecodeError as error:
        place = error.start
        if 0 <= (nul := data.find(b"\0")) < place:
            place = nul
    line = len(re.findall(rb"\r\n|\r|\n", data[:place])) + 1
    own = _declared_by(data, declared)
    if not own:
        if data[place : place + 1] == b"\0":
            raise _has_nul(name, line)
        found = f"in line {line:,}, byte {data[place]:02X}"
        raise unreadable(
            name,
            f"has letters beyond plain English ({found}) in an encoding that nothing declares: {SAVE_AS_UTF8}",
        )
    try:
        text = data.decode(own)
    except (UnicodeDecodeError, LookupError):
        text = "\0"
    if "\0" in text or NO_LETTER.search(text):
        raise unreadable(
            name, f"is not in the encoding {own} that is declared for it (line {line:,}): {SAVE_AS_UTF8}"
        )
    return _without_mark(text)


def is_encoding(name: str) -> bool:
    """Whether there is an encoding of this name for text."""
    try:
        return "é1".encode(name).decode(name) == "é1"
    except (LookupError, UnicodeError):
        return False


def _has_nul(name: str, line: int) -> Unreadable:
    return unreadable(name, f"has a NUL, a character that no table holds, in line {line:,}: {SAVE_AS_UTF8}")


def _without_mark(text: str) -> str:
    return text.removeprefix("\ufeff")


def _declared_by(data: bytes, declared: Declared) -> str | None:
    """The encoding declared for whoever the file says it is from, in letters that every encoding shares."""
    if declared.of_sender:
        top = data[:65_536].replace(b"\0", b"").decode("latin-1").splitlines()[:SENDER_LINES]
        for line in top:
            if found := SENDER.match(line):
                sender = re.split(r'[",;\t|]', found[1].strip().strip('",;\t|'))[0]
                return declared.of_sender.get(plain(sender), declared.default)
    return declared.default
