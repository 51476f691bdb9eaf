"""Quality: what the pack does not know. Returns that did not come, rows that did not enter, gaps and old figures."""

from collections import Counter
from collections.abc import Sequence

from pipelines.pack.lookups import label, measure, partner_names, targets
from pipelines.pack.model import Column, Paragraph, Sheet, Table
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import CONSEQUENCES, counted, day, listed, sentence, state_text

ORDER = 60
FIRST, SECOND = 30, 26


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    returns = marts.rows("returns", quarter=quarter, order=("partner", "return"))
    findings = marts.rows(
        "findings", quarter=quarter, order=("partner", "return", "file_name", "sheet", "row_id")
    )
    findings.sort(
        key=lambda row: [*CONSEQUENCES].index(row["consequence"]) if row["consequence"] in CONSEQUENCES else 9
    )
    blocks = [
        Paragraph(_came(returns)),
        Paragraph(_found(findings)),
        _returns(marts, returns),
        _findings(marts, findings),
        _without_proxy(marts, quarter),
        _stale(marts, quarter),
    ]
    title = f"Quality: what is not known for {label(marts, quarter)}"
    purpose = "Who did not send, what was refused or queried, which targets have no proxy or an old figure."
    return [Sheet("Quality", title, blocks, purpose)]


def _came(returns: Sequence[Row]) -> str:
    states = Counter(state_text(row["state"]).lower() for row in returns)
    parts = [f"{number} {state}" for state, number in sorted(states.items())]
    return f"{counted(len(returns), 'return', 'returns').capitalize()} expected: {listed(parts) or 'none'}."


def _found(findings: Sequence[Row]) -> str:
    of = Counter(row["consequence"] for row in findings)
    return f"{of['refuse']} findings refused a row or a file, {of['query']} are to be explained, {of['note']} are noted."


def _returns(marts: Marts, returns: Sequence[Row]) -> Table:
    names = partner_names(marts)
    rows = [
        {
            **row,
            "name": names.get(row["partner"], row["partner"]),
            "what": row["return"].replace("_", " ").capitalize(),
            "said": _said(row),
        }
        for row in returns
    ]
    columns = [
        Column("name", "Partner", width=FIRST),
        Column("what", "Return", width=SECOND),
        Column("said", "What became of it", width=34),
        Column("due_on", "Due", "date", is_figure=False),
        Column("received_at", "Received", "date", is_figure=False),
        Column("days_late", "Days late", "number", is_figure=False, missing="z"),
        Column("rows_read", "Rows read", "number", is_figure=False, missing="z"),
        Column("rows_accepted", "Rows accepted", "number", is_figure=False, missing="z"),
        Column("rows_refused", "Rows refused", "number", is_figure=False, missing="z"),
        Column("file_name", "File", width=34, missing="z"),
    ]
    return Table(
        "Quality_returns", "Returns expected", columns, rows, "No return was expected in this quarter."
    )


def _said(row: Row) -> str:
    """One sentence on what became of a return."""
    days = row["days_late"] or 0
    late = f", {counted(days, 'day', 'days')} late" if days > 0 else ""
    when = f" on {day(row['received_at'])}{late}" if row["received_at"] else ""
    if row["state"] == "missing":
        return f"Not received; it was due on {day(row['due_on'])}."
    if row["state"] == "refused":
        return f"Refused{f'; it came{when}' if when else ''}. Nothing of it is in the pack."
    if row["state"] == "nil":
        return f"Nil return{when}: nothing to report."
    partly = (
        f" {counted(row['rows_refused'], 'row', 'rows').capitalize()} refused." if row["rows_refused"] else ""
    )
    return f"{sentence(f'Received{when}')}{partly}" if when else sentence(state_text(row["state"]))


def _findings(marts: Marts, findings: Sequence[Row]) -> Table:
    names = partner_names(marts)
    rows = [
        {
            **row,
            "name": names.get(row["partner"], row["partner"]),
            "what": row["return"].replace("_", " ").capitalize() if row["return"] else None,
            "follows": CONSEQUENCES.get(row["consequence"], row["consequence"]),
        }
        for row in findings
    ]
    columns = [
        Column("name", "Partner", width=FIRST),
        Column("follows", "What follows", width=SECOND),
        Column("because", "Because", width=34),
        Column("as_typed", "As typed", width=14),
        Column("cell", "Cell", width=10),
        Column("sheet", "Sheet of file", width=14),
        Column("what", "Return", width=16),
        Column("file_name", "File", width=28),
    ]
    empty = "Nothing was refused or queried."
    return Table("Quality_findings", "Refused, queried and noted", columns, rows, empty)


def _without_proxy(marts: Marts, quarter: str) -> Table:
    known = {row["target_id"] for row in marts.rows("proxies", quarter=quarter)}
    rows = [
        {**row, "measure": measure(row)} for row in targets(marts, quarter) if row["target_id"] not in known
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("lead_partner", "Lead", width=34),
        Column("parent_id", "Floor target", width=13),
    ]
    empty = "Every target has at least one proxy."
    return Table("Quality_no_proxy", "Targets without a proxy", columns, rows, empty)


def _stale(marts: Marts, quarter: str) -> Table:
    rows = [
        {**row, "measure": measure(row)}
        for row in targets(marts, quarter)
        if row["is_stale"] or row["latest_value"] is None
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("rating_reason", "What that means", width=34),
        Column("parent_id", "Floor target", width=13),
        Column("latest_label", "Latest period", width=13),
        Column("age_months", "Age in months", "number"),
    ]
    empty = "Every target has a latest value that is fresh enough to rate by."
    return Table("Quality_old", "Targets with an old value, or none", columns, rows, empty, "floor_targets")
