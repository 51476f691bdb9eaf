"""From whom is this return, and for which quarter?

The sources, in order: the template's hidden identity, a labelled cell above the table, the ledger's
`received_from`, and for the quarter, last, the folder. Two sources that disagree refuse the return;
none at all refuses it too.
"""

from dataclasses import dataclass

from pipelines.cells import Cell, Sheet, Value
from pipelines.headings import plain
from pipelines.parse import as_typed, parse
from pipelines.receipt import Receipt
from pipelines.template.identity import Identity

LABELS = {
    "partner": "partner",
    "partner name": "partner",
    "organisation": "partner",
    "name of organisation": "partner",
    "from": "partner",
    "quarter": "quarter",
    "period": "quarter",
    "reporting period": "quarter",
    "return for": "quarter",
    "nil return": "nil",
    "to": "to",
}
SOME_YEAR = 2000  # to see whether 'April' is a month


@dataclass(frozen=True)
class Label:
    """A labelled cell above a table: what it says, and where."""

    text: str
    value: Value
    cell: str


@dataclass(frozen=True)
class Envelope:
    """Who sent a return and for which quarter, or the sentence and cell of why that can't be said."""

    partner: str | None
    quarter: str | None
    problem: str | None = None
    cell: str | None = None
    rule: str | None = None


def read_labels(sheet: Sheet, top_row: int, header_row: int) -> tuple[dict[str, Label], set[tuple[int, int]]]:
    """The labelled cells from `top_row` to above `header_row`, and the places of all that make them up.

    From and To with days or months beside them say no partner; together they may say the quarter.
    """
    labels: dict[str, Label] = {}
    places: set[tuple[int, int]] = set()
    for (row, column), cell in sorted(sheet.cells.items()):
        if not top_row <= row < header_row or (what := _label_of(cell)) is None:
            continue
        word, _, rest = str(cell.value).partition(":")
        beside = None if rest.strip() else _beside(sheet, cell)
        if rest.strip():
            label = Label(rest.strip(), rest.strip(), cell.address)
        elif beside:
            label = Label(as_typed(beside.value), beside.value, beside.address)
        else:
            continue
        if plain(word) in ("from", "to") and _is_when(label.value):
            what = plain(word)
        if what in labels or (what == "to" and not _is_when(label.value)):
            continue
        labels[what] = label
        places |= {(row, column), *([(beside.row, beside.column)] if beside else [])}
    if quarter := _quarter_between(labels.pop("from", None), labels.pop("to", None)):
        labels.setdefault("quarter", quarter)
    return labels, places


def _is_when(value: Value) -> bool:
    """Whether somebody typed a day, a month or another period, with its year or without."""
    tries = [value, f"{value} {SOME_YEAR}"] if isinstance(value, str) else [value]
    return any(parse(kind, each).value is not None for kind in ("date", "period") for each in tries)


def _quarter_between(first: Label | None, last: Label | None) -> Label | None:
    """The quarter from one day or month to another; None if they are no quarter, or are not both there."""
    said = " to ".join(label.text for label in (first, last) if label)
    read = parse("quarter", said) if first else None
    return Label(said, said, first.cell) if first and read and read.value and not read.remark else None


def _label_of(cell: Cell) -> str | None:
    """What the cell labels, if it is a label, with or without its value in the same cell."""
    return LABELS.get(plain(cell.value.partition(":")[0])) if isinstance(cell.value, str) else None


def _beside(sheet: Sheet, label: Cell) -> Cell | None:
    """The next cell to the right on the label's row; none if that is the next label, and nothing was filled in."""
    right = [c for (row, column), c in sheet.cells.items() if row == label.row and column > label.column]
    beside = min(right, key=lambda cell: cell.column, default=None)
    return beside if beside and not _label_of(beside) else None


def address(
    labels: dict[str, Label],
    receipt: Receipt,
    partners: dict[str, str],
    quarters: set[str],
    identity: Identity | None = None,
) -> Envelope:
    """Settle partner and quarter. `partners` maps plain names to partner ids."""
    label = labels.get("partner")
    if identity and identity.partner:
        partner, problem = _partner_of_template(identity, label, receipt, partners)
    else:
        partner, problem = _partner(label, receipt, partners)
    if problem:
        return Envelope(partner, None, *problem)
    label = labels.get("quarter")
    if identity and identity.quarter:
        quarter, problem = _quarter_of_template(identity, label, receipt, quarters)
    else:
        quarter, problem = _quarter(label, receipt, quarters)
    return Envelope(partner, quarter, *(problem or ()))


Problem = tuple[str, str | None, str]


def _partner_of_template(
    identity: Identity, label: Label | None, receipt: Receipt, partners: dict[str, str]
) -> tuple[str | None, Problem | None]:
    """The partner that the template was made for, unless a label or the sender says otherwise."""
    made_for = partners.get(plain(identity.partner))
    if made_for is None:
        sentence = (
            f"The template was made for '{identity.partner}', which is no partner of the framework any more. "
            "Ask the partnership's office for a new template."
        )
        return None, (sentence, None, "partner_known")
    others: list[tuple[tuple[str, ...], str, str | None]]
    others = [((label.text,), "says that it is from", label.cell)] if label else []
    senders = (receipt.received_from, *receipt.also_from)
    others += [(senders, "was received from", None)] if receipt.received_from else []
    for (text, *more), how, cell in others:
        if made_for not in {partners.get(plain(name)) for name in (text, *more)}:
            sentence = (
                f"The template was made for '{identity.partner}', but the file {how} '{text}'. "
                "Fill in the template that was made for you, or say which of the two is right."
            )
            return None, (sentence, cell, "partner_agrees")
    return made_for, None


def _quarter_of_template(
    identity: Identity, label: Label | None, receipt: Receipt, quarters: set[str]
) -> tuple[str | None, Problem | None]:
    """The quarter that the template was made for, unless a label or the folder says otherwise."""
    if identity.quarter not in quarters:
        sentence = f"The template was made for {identity.quarter}, which is not in the framework's calendar."
        return None, (sentence, None, "quarter_known")
    if label:
        named, problem = _quarter(label, receipt, quarters)
        if problem or named == identity.quarter:
            return named, problem
        sentence = (
            f"The template was made for {identity.quarter}, but the file says that it is for {label.text}. "
            "Use the template of the quarter that you report, or say which of the two is right."
        )
        return None, (sentence, label.cell, "quarter_agrees")
    folders = [folder for folder in receipt.folders if folder in quarters]
    if folders and identity.quarter not in folders:
        sentence = (
            f"The template was made for {identity.quarter}, but it came in with the returns for {folders[0]}. "
            "Check that it is the right file and send it for the right quarter."
        )
        return None, (sentence, None, "quarter_agrees")
    return identity.quarter, None


def _partner(
    label: Label | None, receipt: Receipt, partners: dict[str, str]
) -> tuple[str | None, Problem | None]:
    told = receipt.received_from
    if label:
        named = partners.get(plain(label.text))
        if named is None:
            sentence = (
                f"The file says it is from '{label.text}', which is no partner of the framework. "
                f"Use one of its names, or add the partner to the framework. The partners are: "
                f"{', '.join(sorted(set(partners.values())))}."
            )
            return None, (sentence, label.cell, "partner_known")
        if told and named not in {partners.get(plain(name)) for name in (told, *receipt.also_from)}:
            sentence = (
                f"The file says it is from '{label.text}', but it was received from '{told}'. "
                "Say which is right and send it again."
            )
            return None, (sentence, label.cell, "partner_agrees")
        return named, None
    if told:
        named = partners.get(plain(told))
        if named is None:
            sentence = (
                f"It was received from '{told}', which is no partner of the framework. Write 'Partner:' and one of "
                "its names above the table and send the file again. The partners are: "
                f"{', '.join(sorted(set(partners.values())))}."
            )
            return None, (sentence, None, "partner_known")
        return named, None
    sentence = (
        "Nothing says which partner this is from. Write 'Partner:' and the name above the table, and send the "
        "file again."
    )
    return None, (sentence, None, "partner_given")


def _quarter(label: Label | None, receipt: Receipt, quarters: set[str]) -> tuple[str | None, Problem | None]:
    folders = [folder for folder in receipt.folders if folder in quarters]
    folder = folders[0] if folders else None
    if label is None:
        if folder is None:
            sentence = (
                "Nothing says which quarter this is for. Write 'Quarter:' and for example "
                "'Q1 2004/05' above the table, or put the file in the quarter's folder."
            )
            return None, (sentence, None, "quarter_given")
        return folder, None
    read = parse("quarter", label.value)
    named = str(read.value) if read.value is not None else None
    if named is None:
        return None, (read.problem or f"'{label.text}' is no quarter.", label.cell, "quarter_readable")
    if named not in quarters:
        sentence = f"The file says it is for {label.text}, which is not in the framework's calendar."
        return None, (sentence, label.cell, "quarter_known")
    if folder and named not in folders:
        sentence = (
            f"The file says it is for {label.text} ({named}), but it came in with the returns for {folder}. "
            "Check that it is the right file and send it for the right quarter."
        )
        return None, (sentence, label.cell, "quarter_agrees")
    return named, None
