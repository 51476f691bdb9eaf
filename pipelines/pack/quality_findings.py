"""Of Quality: what was refused or queried, what was answered, and what was settled otherwise."""

from collections import Counter
from collections.abc import Sequence

from pipelines.pack.lookups import return_title
from pipelines.pack.model import Column, Table
from pipelines.pack.quality_returns import FIRST, SECOND, THIRD
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import CONSEQUENCES, capital, counted

ANSWER = "answer"
EXPLAINED = "Queried: in the pack, with a comment of its sender"
WHERE = (  # what a finding is about
    Column("as_typed", "As typed", width=12, missing="z"),
    Column("cell", "Cell", width=10, missing="z"),
    Column("sheet", "Sheet of file", width=12, missing="z"),
    Column("what", "Return", width=14, missing="z"),
    Column("file_name", "File", width=24),
)


def in_words(findings: Sequence[Row], settled: int, trials: int) -> str:
    """How many findings of each kind there are, in a few sentences."""
    of = Counter(row["consequence"] for row in findings)
    refused, queried, noted = (of[name] or "none" for name in CONSEQUENCES)
    told = f"Findings: {refused} refused, {queried} queried, {noted} for information."
    if explained := sum(_is_explained(row) for row in findings):
        words = counted(explained, "query has", "queries have")
        told += f" {words} a comment of its sender beside the figures: please judge whether it explains them."
    if settled:
        told += f" Settled: {settled}, each with its reason below."
    return told + (
        f" Rules on trial: {counted(trials, 'finding', 'findings')}, which nobody has to mend."
        if trials
        else ""
    )


def _is_explained(row: Row) -> bool:
    """Whether what is queried came with words of its sender, which nobody but the manager can judge."""
    return bool(row["consequence"] == "query" and row["said"])


def _title(marts: Marts, name: str | None) -> str | None:
    return return_title(marts, name) if name else None


def open_ones(marts: Marts, findings: Sequence[Row]) -> Table:
    """What is open, the gravest first."""
    rows = [
        {
            **row,
            "what": _title(marts, row["return"]),
            "follows": EXPLAINED if _is_explained(row) else CONSEQUENCES[row["consequence"]],
        }
        for row in findings
    ]
    has_words = any(row["said"] for row in rows)
    columns = [
        Column("partner_title", "Partner", width=FIRST),
        Column("follows", "What follows", width=SECOND),
        Column("because", "Because", width=THIRD),
        *([Column("said", "What its sender says beside it", width=THIRD, missing="z")] if has_words else []),
        *WHERE,
    ]
    return Table(
        "Quality_findings", "What was refused or queried", columns, rows, "Nothing was refused or queried."
    )


def answered(marts: Marts, settled: Sequence[Row]) -> Table:
    """The partners' own words, which nobody but the manager can judge."""
    rows = [{**row, "what": _title(marts, row["return"])} for row in settled if row["settled_by"] == ANSWER]
    columns = [
        Column("partner_title", "Partner", width=FIRST),
        Column("because", "What was asked", width=SECOND),
        Column("settled", "What they answered", width=THIRD),
        *WHERE,
    ]
    title = "Queries closed by a partner's answer: please read them"
    return Table("Quality_answers", title, columns, rows, "No query was closed by an answer.")


def settled_otherwise(marts: Marts, settled: Sequence[Row]) -> Table:
    """What a correction, a waiver, a withdrawal or a check settled."""
    others = [row for row in settled if row["settled_by"] != ANSWER]
    rows = [
        {**row, "what": _title(marts, row["return"]), "how": capital(row["settled_by"])} for row in others
    ]
    columns = [
        Column("partner_title", "Partner", width=FIRST),
        Column("how", "Settled by", width=SECOND),
        Column("settled", "What settled it", width=THIRD),
        Column("because", "What was found", width=THIRD),
        Column("as_typed", "As typed", width=12, missing="z"),
        Column("cell", "Cell", width=10, missing="z"),
        Column("what", "Return", width=14, missing="z"),
        Column("file_name", "File", width=24),
    ]
    return Table("Quality_settled", "What else was settled", columns, rows, "Nothing else was settled.")
