"""The judged framework as the checks see it: the rows that count, and the cell of each value."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.contract import Contract
from pipelines.findings import REFUSE, Finding
from pipelines.judge.judged import Judged
from pipelines.parse.units import percent_format
from pipelines.submission import Submission
from pipelines.submission.blanks import HAS_ROWS
from pipelines.submission.opening import FRAMEWORK_FOLDER
from pipelines.tidy import Link

Row = Mapping[str, Any]


class Framework:
    """Its sheets go by the names of their contracts: targets, settings."""

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        submissions = [s for f in judged.files for s in f.submissions.values() if s.contract.is_framework]
        # of several files with the same sheet the one that counts, else the newest
        submissions.sort(key=lambda s: (s.submission_id in judged.current, s.receipt.first_seen))
        self._submissions: dict[str, Submission] = {s.contract.name: s for s in submissions}
        self._links: dict[tuple[str | None, str], Link] = {
            (link.row_id, link.column_name): link for s in submissions for link in s.tidied.links
        }
        self._rows: dict[str, list[Row]] = {}
        self._blanks = {place: where for s in submissions for place, where in s.tidied.blanks.items()}

    @property
    def returns(self) -> list[str]:
        """The names of the returns that partners send."""
        return sorted(c.name for c in self._judged.contracts.values() if not c.is_framework)

    def column_names(self, name: str) -> list[str]:
        """The columns of a return, by its contract."""
        return [column.name for column in self._judged.contracts[f"staging.{name}"].columns]

    def contract(self, entity: str) -> Contract:
        return self._judged.contracts[f"framework.{entity}"]

    def return_contract(self, name: str) -> Contract:
        return self._judged.contracts[f"staging.{name}"]

    def header(self, entity: str, column: str) -> str:
        """A column as its sheet heads it, in quotation marks."""
        return f"'{self.contract(entity).by_name[column].header}'"

    def rows(self, entity: str) -> list[Row]:
        """The rows that count, as the sheet has them; None for what is blank or can't be read."""
        if entity not in self._rows:
            self._rows[entity] = self._rows_of(entity)
        return self._rows[entity]

    def _rows_of(self, entity: str) -> list[Row]:
        frame = self._judged.frames[f"framework.{entity}"]
        frame = frame[frame["is_current"].astype(bool)].astype(object)
        records = frame.where(frame.notna(), None).to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in records]

    def meant(self, entity: str, text: str) -> str | None:
        """The ref that `text` stands for, by ref or by name, however it is spelt."""
        reference = self._judged.references[f"framework.{entity}"]
        found = reference.resolve(text)
        return found if found in reference.facts else None

    def refused(self, entity: str) -> Iterator[tuple[str, Finding]]:
        """What was refused of a sheet: the key of the row as typed ('' for the sheet itself), and why."""
        submission = self._submissions.get(entity)
        key = self.contract(entity).key[0]
        for finding in self._judged.findings:
            mine = submission is not None and finding.submission_id == submission.submission_id
            if mine and finding.consequence == REFUSE and finding.is_open:
                link = self._links.get((finding.row_id, key))
                yield link.as_typed.strip() if link else "", finding

    def is_blank(self, entity: str) -> bool:
        """Whether there is such a sheet and nothing is filled in on it."""
        return entity in self._submissions and self._submissions[entity].problem == HAS_ROWS

    def is_whole(self, entity: str) -> bool:
        """Whether no row of a sheet was refused, so that what is missing was never there."""
        return not any(self.refused(entity))

    def shows_percent(self, row: Row, column: str) -> bool:
        """Whether Excel shows a number as a percentage: 0.05 as 5%."""
        link = self._links.get((row["row_id"], column))
        return link is not None and any(
            percent_format(cell.number_format) == "scaled"
            for file in self._judged.files
            if file.receipt.file_id == link.file_id
            for sheet in file.book.sheets
            if sheet.name == link.sheet
            for cell in sheet.cells.values()
            if cell.address == link.cell
        )

    def at(self, row: Row, column: str, rule: str, because: str, consequence: str = REFUSE) -> Finding:
        """A finding on a value; it points to the value's cell, blank or not."""
        sheet, cell = self._blanks.get((row["row_id"], column), (None, None))
        typed = None
        if link := self._links.get((row["row_id"], column)):
            sheet, cell, typed = link.sheet, link.cell, link.as_typed
        return Finding(
            rule, because, consequence, row["file_id"], row["submission_id"], row["row_id"], column,
            sheet, cell, typed,
        )  # fmt: skip

    def on_sheet(self, entity: str, rule: str, because: str) -> Finding:
        """A finding on a sheet as a whole; on a missing one it names the framework's file, if there is one alone."""
        if submission := self._submissions.get(entity):
            file_id = submission.receipt.file_id
            return Finding(rule, because, REFUSE, file_id, submission.submission_id, sheet=submission.sheet)
        files = [f.receipt.file_id for f in self._judged.opened if f.receipt.folder == FRAMEWORK_FOLDER]
        return Finding(rule, because, REFUSE, files[0] if len(files) == 1 else None)
