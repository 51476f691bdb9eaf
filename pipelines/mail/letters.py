"""What is written to whom, in words: templates, reminders, replies, the pack, and to the operator what needs a hand."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipelines.mail.message import FAILURE, PACK, READY, REMINDER, REPLY, TEMPLATES, Mail
from pipelines.parse.dates import spoken
from pipelines.reply.names import quarter_label

SIGNED = "\n\n{publisher}\n{contact}\n"


def reply_key(sha256: str) -> str:
    """The key of the reply to a file: whether it was written tells whether the file was answered."""
    return f"{REPLY}|{sha256}"


class Writer:
    """Letters of one partnership: its name and whom to ask stand under each.

    `ref` is the partner's or recipient's reference, `name` how it is addressed, `to` its mailboxes.
    """

    def __init__(self, publisher: str, contact: str) -> None:
        self._signed = SIGNED.format(publisher=publisher, contact=contact).rstrip() + "\n"
        self.publisher = publisher

    def templates(
        self, quarter: str, ref: str, name: str, to: Sequence[str], due: date, until: date, file: Path,
        anew: date | None = None,
    ) -> Mail:  # fmt: skip
        """The return to fill in, sent when the quarter opens; `anew` is the day on which its days had changed."""
        key = f"{TEMPLATES}|{quarter}|{ref}" + (f"|{anew}|{due}" if anew else "")
        changed = (
            "The days have changed, and this takes the place of any workbook that you have for this quarter; one that "
            "you have filled in or sent already counts all the same.\n\n"
        )
        return self._letter(
            key, name, to, f"{_head(quarter)}: your return, {'now ' if anew else ''}due on {spoken(due)}",
            f"{changed if anew else ''}Please fill in the attached workbook for {quarter_label(quarter)} and send it "
            f"back by {spoken(due)}, as an answer to this mail. Yellow cells are required; a counter in the workbook "
            "says what is left.\n\nIf there is nothing to report, say so on the sheet: a nil return is not a missing "
            f"one. What comes after {spoken(due)} counts as late, and what has not come by {spoken(until)} may be left "
            "out of the pack.",
            file,
        )  # fmt: skip

    def reminder(
        self, quarter: str, ref: str, name: str, to: Sequence[str], due: date, today: date, day: date,
        owed: Sequence[str], file: Path | None,
    ) -> Mail:  # fmt: skip
        """What a partner still owes on a reminder's `day`, which may lie before today if the machine was off."""
        late = (today - due).days
        was, be = ("It was", "It is") if len(owed) == 1 else ("They were", "They are")
        when = (
            f"{was} due on {spoken(due)}, {late} day{'' if late == 1 else 's'} ago."
            if late > 0
            else f"{be} due on {spoken(due)}{', today' if late == 0 else ''}."
        )
        lines = "\n".join(f"  - {line}" for line in owed)
        again = "\n\nThe workbook to fill in is attached once more." if file else ""
        return self._letter(
            f"{REMINDER}|{quarter}|{day}|{ref}", name, to,
            f"{_head(quarter)}: {'late' if late > 0 else 'reminder'}, {len(owed)} to come",
            f"For {quarter_label(quarter)} we still need from you:\n\n{lines}\n\n{when} If there is nothing to report, "
            f"please say so on the sheet.{again}",
            *([file] if file else []),
        )  # fmt: skip

    def reply(
        self, quarter: str | None, name: str, to: Sequence[str], sent: str, in_words: str, file: Path, sha256: str,
        *, is_clean: bool, closed: str = "",
    ) -> Mail:  # fmt: skip
        """The reply to one file, sent once for it; `closed` says that its quarter was closed before it came."""
        what = (
            ", and there is nothing for you to do. The attached workbook shows how your figures appear."
            if is_clean
            else f": {in_words}. The attached workbook says, cell by cell, what must be mended or explained. Correct "
            "or answer it there and send it back as an answer to this mail."
        )
        return self._letter(
            reply_key(sha256), name, to, f"{_head(quarter) if quarter else 'Your file'}: {sent}: {in_words}",
            f"Thank you for '{sent}'. It was read{what}{closed and f' {closed}'}", file,
        )  # fmt: skip

    def pack(
        self, quarter: str, ref: str, name: str, to: Sequence[str], version: str, files: Sequence[Path]
    ) -> Mail:
        """The pack, to one of its list."""
        return self._letter(
            f"{PACK}|{quarter}|{version}|{ref}", name, to, f"Performance pack for {_head(quarter)}, {version}",
            f"Attached is the performance pack for {quarter_label(quarter)}, {version}, as a workbook and as a page to "
            "be opened in a browser. Its sheets Summary and Decisions come first; Quality says what is not known.",
            *files,
        )  # fmt: skip

    def ready(self, quarter: str, ref: str, name: str, to: Sequence[str], sentences: Sequence[str]) -> Mail:
        """Word that the draft of a pack waits for somebody to read it."""
        return self._letter(
            f"{READY}|{quarter}|{ref}", name, to, f"The pack for {_head(quarter)} is ready to be read",
            f"The pack for {quarter_label(quarter)} is written and waits for its reader:\n\n{_listed(sentences)}",
        )  # fmt: skip

    def failure(self, key: str, name: str, to: Sequence[str], what: str, sentences: Sequence[str]) -> Mail:
        """Word to the operator of what did not work."""
        return self._letter(
            f"{FAILURE}|{key}", name, to, f"{self.publisher}: {what} needs you",
            f"{what[:1].upper()}{what[1:]}:\n\n{_listed(sentences)}\n\n'lsp doctor' looks whether all is as it should "
            "be and says what to do; 'lsp status' says where every return stands.",
        )  # fmt: skip

    def _letter(self, key: str, name: str, to: Sequence[str], subject: str, text: str, *files: Path) -> Mail:
        """A letter of the kind that its key begins with."""
        kind = key.partition("|")[0]
        return Mail(key, kind, tuple(to), subject, f"To {name}\n\n{text}{self._signed}", files)


def _head(quarter: str) -> str:
    return f"{quarter_label(quarter)} ({quarter})"


def _listed(sentences: Sequence[str]) -> str:
    """A line for each, those of a sentence that has several below it."""
    return "\n".join("  - " + sentence.replace("\n", "\n  ") for sentence in sentences)
