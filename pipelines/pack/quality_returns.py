"""Of Quality: which returns came, how timely each partner sends, and what came only to be checked."""

from collections import Counter
from collections.abc import Sequence

from pipelines.pack.lookups import return_title
from pipelines.pack.model import Column, Table
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import STANDING, STATES, capital, counted, day, listed

QUARTERS_SHOWN = 4
NOTHING_STANDS = "Nothing that was sent for this quarter stands yet: the figures are those known before. "
FIRST, SECOND, THIRD = 28, 24, 34  # widths that all tables of the sheet share


def in_words(returns: Sequence[Row]) -> str:
    """How many returns were expected, and what became of them, in two sentences."""
    expected = [row for row in returns if row["is_expected"]]
    states = Counter(row["state"] for row in expected)
    late = sum((row["days_late"] or 0) > 0 for row in expected)
    parts = [f"{states[state]} {words.lower()}" for state, words in STATES.items() if states[state]]
    unexpected = len(returns) - len(expected)
    stands = any(row["state"] in STANDING for row in returns)
    return ("" if stands else NOTHING_STANDS) + (
        f"{capital(counted(len(expected), 'return', 'returns'))} expected: {listed(parts) or 'none'}. "
        f"{capital(counted(late, 'return', 'returns'))} came late, {unexpected or 'none'} unexpected."
    )


def expected(marts: Marts, returns: Sequence[Row]) -> Table:
    """A line for each return that was expected, or came."""
    erased = {
        row["sha256"]: row["became"] for row in marts.rows("inputs") if row["became"].startswith("erased ")
    }
    rows = [
        {
            **row,
            "what": return_title(marts, row["return"]),
            "said": _said(row, erased.get(row["sha256"], "")),
            "standing": STATES[row["state"]],
        }
        for row in returns
    ]
    columns = [
        Column("partner_title", "Partner", width=FIRST),
        Column("what", "Return", width=SECOND),
        Column("said", "What became of it", width=THIRD),
        Column("file_name", "File", width=24, missing="z"),
        Column("standing", "State", width=10),
        Column("due_on", "Due", "date", is_figure=False),
        Column("received_at", "Received", "date", is_figure=False, missing="z"),
        Column("days_late", "Days late", "number", 9, is_figure=False, missing="z"),
        Column("rows_read", "Rows read", "number", 9, is_figure=False, missing="z"),
        Column("rows_accepted", "Rows accepted", "number", 9, is_figure=False, missing="z"),
        Column("rows_queried", "Of these queried", "number", 9, is_figure=False, missing="z"),
        Column("rows_refused", "Rows refused", "number", 9, is_figure=False, missing="z"),
    ]
    return Table(
        "Quality_returns", "Returns expected", columns, rows, "No return was expected in this quarter."
    )


def _said(row: Row, erased: str) -> str:
    """What became of a return, in a sentence or two; `erased` tells of its file if that was erased."""
    if row["state"] in ("late", "missing"):
        return f"Not received. It was due on {day(row['due_on'])}."
    if row["state"] in ("due", "not due"):
        return f"Not in yet, and not due before {day(row['due_on'])}."
    late = f", {counted(row['days_late'], 'day', 'days')} late" if row["days_late"] else ""
    first, came = row["first_received_at"], day(row["received_at"])
    if first and first.date() < row["received_at"].date():
        came += f"; the first file of it on {day(first)}"
    came += late
    parts = [
        {
            "refused": f"Refused. It came on {came}, and nothing of it is in the pack.",
            "withdrawn": f"It came on {came}, and was withdrawn by its sender since.",
            "nil": f"Nil return of {came}: nothing to report.",
            "erased": f"It came on {came}, and was {erased}",
        }.get(row["state"], f"Received on {came}.")
    ]
    for count, words in ((row["rows_refused"], "refused"), (row["rows_queried"], "to be explained")):
        if count and row["state"] not in ("refused", "withdrawn"):
            parts.append(f"{capital(counted(count, 'row', 'rows'))} {words}.")
    if row["is_newest_refused"] and row["state"] != "refused":
        parts.append("A newer file was refused, so this one counts.")
    if not row["is_expected"]:
        parts.append("It was not expected.")
    return " ".join(parts)


def by_partner(marts: Marts, quarter: str) -> Table:
    """How timely and how good each partner's returns were, in this quarter and the three before it."""
    labels = {row["quarter"]: row["label"] for row in marts.rows("calendar") if row["quarter"] <= quarter}
    shown = sorted(labels)[-QUARTERS_SHOWN:]
    rows = [
        {**row, "label": labels[row["quarter"]], "said": _timely(row)}
        for row in marts.rows("partner_quality", order=("partner_title", "quarter"))
        if row["quarter"] in shown
    ]
    columns = [
        Column("partner_title", "Partner", width=FIRST),
        Column("label", "Quarter", width=SECOND),
        Column("said", "How its returns came", width=THIRD),
        Column("on_time_pct", "On time (%)", "number", 9, is_figure=False, missing="z"),
        Column("returns_expected", "Expected", "number", 9, is_figure=False),
        Column("returns_on_time", "On time", "number", 9, is_figure=False),
        Column("most_days_late", "Days late at most", "number", 9, is_figure=False, missing="z"),
        Column("rows_read", "Rows read", "number", 9, is_figure=False),
        Column("rows_queried", "Of these queried", "number", 9, is_figure=False),
        Column("rows_refused", "Rows refused", "number", 9, is_figure=False),
        Column("queries_settled", "Queries settled", "number", 9, is_figure=False),
    ]
    empty = "Nobody was to send anything."
    return Table(
        "Quality_partners", "How timely and how good each partner's returns are", columns, rows, empty
    )


def _timely(row: Row) -> str:
    """3 returns: 2 on time, 1 late."""
    parts = [
        f"{row[count]} {words}"
        for count, words in (
            ("returns_on_time", "on time"),
            ("returns_late", "late"),
            ("returns_outstanding", "not received"),
            ("returns_refused", "refused"),
            ("returns_nil", "of them nil"),
        )
        if row[count]
    ]
    expected = counted(row["returns_expected"], "return", "returns")
    return f"{capital(expected)} expected: {', '.join(parts) or 'none in yet'}."


def checked_only(marts: Marts, quarter: str) -> Table:
    """The files that came only to be checked."""
    found = marts.rows("checked_files", order=("received_at", "row_id"))
    rows = [row for row in found if row["quarter"] in (quarter, None)]
    columns = [
        Column("file_name", "File", width=FIRST),
        Column("received_from", "Received from", width=SECOND, missing="z"),
        Column("received_at", "Received", "moment", is_figure=False),
    ]
    empty = "No file came only to be checked."
    return Table("Quality_checked", "Checked only, and not counted", columns, rows, empty)
