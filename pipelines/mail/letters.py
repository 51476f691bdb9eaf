"""What is written to whom, in words: templates, reminders, replies, the pack, and what failed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipelines.mail.message import FAILURE, PACK, REMINDER, REPLY, TEMPLATES, Mail
from pipelines.parse.dates import spoken

SIGNED = "\n\n{publisher}\n{contact}\n"


class Writer:
    """Letters of one partnership: its name and whom to ask stand under each."""

    def __init__(self, publisher: str, contact: str) -> None:
        self._signed = SIGNED.format(publisher=publisher, contact=contact).rstrip() + "\n"
        self.publisher = publisher

    def templates(
        self,
        quarter: str,
        label: str,
        partner: str,
        name: str,
        to: Sequence[str],
        due: date,
        until: date,
        file: Path,
    ) -> Mail:
        """The return to fill in, sent when the quarter opens."""
        return Mail(
            f"templates|{quarter}|{partner}",
            TEMPLATES,
            tuple(to),
            f"{label} ({quarter}): your return, due on {spoken(due)}",
            f"To {name}\n\n"
            f"Please fill in the attached workbook for {label} and send it back by {spoken(due)}, as an answer to this "
            "mail. Yellow cells are required; a counter in the workbook says what is left.\n\n"
            "If there is nothing to report, say so on the sheet: a nil return is not a missing one. What comes after "
            f"{spoken(due)} counts as late, and after {spoken(until)} as missing." + self._signed,
            (file,),
        )

    def reminder(
        self,
        quarter: str,
        label: str,
        partner: str,
        name: str,
        to: Sequence[str],
        due: date,
        today: date,
        day: date,
        owed: Sequence[str],
        file: Path | None,
    ) -> Mail:
        """What a partner still owes on a reminder's `day`, which may lie before today if the machine was off."""
        late = (today - due).days
        when = (
            f"They were due on {spoken(due)}, {late} day{'' if late == 1 else 's'} ago."
            if late > 0
            else f"They are due on {spoken(due)}{', today' if late == 0 else ''}."
        )
        lines = "\n".join(f"  - {line}" for line in owed)
        again = "\n\nThe workbook to fill in is attached once more." if file else ""
        return Mail(
            f"reminder|{quarter}|{day}|{partner}",
            REMINDER,
            tuple(to),
            f"{label} ({quarter}): {'late' if late > 0 else 'reminder'}, {len(owed)} to come",
            f"To {name}\n\nFor {label} we still need from you:\n\n{lines}\n\n{when} If there is nothing to report, "
            f"please say so on the sheet.{again}" + self._signed,
            (file,) if file else (),
        )

    def reply(
        self, quarter: str | None, label: str, name: str, to: Sequence[str], sent: str, in_words: str, file: Path,
        sha256: str, *, is_clean: bool,
    ) -> Mail:  # fmt: skip
        """The reply to one file, sent once for it."""
        what = (
            "There is nothing for you to do. The attached workbook shows how your figures appear."
            if is_clean
            else "The attached workbook says, cell by cell, what must be mended or explained. Correct or answer it "
            "there and send it back as an answer to this mail."
        )
        return Mail(
            f"reply|{sha256}",
            REPLY,
            tuple(to),
            f"{f'{label} ({quarter})' if quarter else 'Your file'}: {sent}: {in_words}",
            f"To {name}\n\nThank you for '{sent}'. It was read: {in_words}. {what}" + self._signed,
            (file,),
        )

    def pack(
        self,
        quarter: str,
        label: str,
        recipient: str,
        post: str,
        to: Sequence[str],
        version: str,
        files: Sequence[Path],
    ) -> Mail:
        """The pack, to one of its list."""
        return Mail(
            f"pack|{quarter}|{version}|{recipient}",
            PACK,
            tuple(to),
            f"Performance pack for {label} ({quarter}), {version}",
            f"To {post}\n\nAttached is the performance pack for {label}, {version}, as a workbook and as a page to be "
            "opened in a browser. Its sheets Summary and Decisions come first; Quality says what is not known."
            + self._signed,
            tuple(files),
        )

    def failure(self, key: str, to: Sequence[str], what: str, sentences: Sequence[str]) -> Mail:
        """Word to the operator of what did not work."""
        lines = "\n".join(f"  - {sentence}" for sentence in sentences)
        return Mail(
            f"failure|{key}",
            FAILURE,
            tuple(to),
            f"{self.publisher}: {what} needs you",
            f"{what[:1].upper()}{what[1:]}:\n\n{lines}\n\n'lsp doctor' checks the machine, 'lsp status' says where "
            "every return stands, and docs/operations.md what to do." + self._signed,
        )
