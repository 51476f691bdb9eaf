"""Quality: what is not known: returns that did not come, rows that did not enter, gaps, old figures."""

from collections import Counter
from collections.abc import Sequence

from pipelines.pack.lookups import label, measure, names, return_title, targets
from pipelines.pack.model import Block, Column, Paragraph, Sheet, Table
from pipelines.pack.nrf_missing import missing_words
from pipelines.pack.read import Marts, Row
from pipelines.pack.words import CONSEQUENCES, STANDING, STATES, capital, counted, day, listed

ORDER = 60
QUARTERS_SHOWN = 4
REPLACED, ANSWER = "later submission", "answer"
EXPLAINED = "Queried: in the pack, with a comment of its sender"
NOTHING_STANDS = "Nothing that was sent for this quarter stands yet: the figures are those known before. "
FIRST, SECOND, THIRD = 28, 24, 34  # widths that all tables of the sheet share
WHERE = (  # what a finding is about
    Column("as_typed", "As typed", width=12, missing="z"),
    Column("cell", "Cell", width=10, missing="z"),
    Column("sheet", "Sheet of file", width=12, missing="z"),
    Column("what", "Return", width=14, missing="z"),
    Column("file_name", "File", width=24),
)


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    returns = marts.rows("returns", quarter=quarter, order=("partner_title", "return"))
    found = marts.rows("findings", order=("partner_title", "file_name", "sheet", "row_id"))
    # one that could not be placed in a quarter stands in every pack, until it can
    mine = [row for row in found if row["quarter"] in (quarter, None)]
    findings = [row for row in mine if row["is_open"] and not row["is_trial"]]
    trials = sum(bool(row["is_open"] and row["is_trial"]) for row in mine)
    settled = [row for row in mine if row["settled"] and row["settled_by"] != REPLACED]
    findings.sort(key=lambda row: [*CONSEQUENCES].index(row["consequence"]))
    blocks: list[Block] = [
        Paragraph(_came(returns)),
        Paragraph(_found(findings, len(settled), trials)),
        *missing_words(marts, quarter),
        _returns(marts, returns),
        _partners(marts, quarter),
        _findings(marts, findings),
        _answered(marts, settled),
        _settled(marts, settled),
        _checked(marts, quarter),
        _without_proxy(marts, quarter),
        _old(marts, quarter),
    ]
    if marts.is_public:
        blocks = [Paragraph(_came(returns)), _without_proxy(marts, quarter), _old(marts, quarter)]
    title = f"Quality: what is not known for {label(marts, quarter)}"
    purpose = "Who did not send, what was refused or queried, which targets have no proxy or an old figure."
    if marts.is_public:
        purpose = "How many returns came, which targets have no proxy or an old figure."
    return [Sheet("Quality", title, blocks, purpose)]


def _came(returns: Sequence[Row]) -> str:
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


def _found(findings: Sequence[Row], settled: int, trials: int) -> str:
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


def _returns(marts: Marts, returns: Sequence[Row]) -> Table:
    erased = {
        row["sha256"]: row["became"] for row in marts.rows("inputs") if row["became"].startswith("erased ")
    }
    rows = [
        {
            **row,
            "what": _title(marts, row["return"]),
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


def _partners(marts: Marts, quarter: str) -> Table:
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


def _findings(marts: Marts, findings: Sequence[Row]) -> Table:
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


def _checked(marts: Marts, quarter: str) -> Table:
    found = marts.rows("checked_files", order=("received_at", "row_id"))
    rows = [row for row in found if row["quarter"] in (quarter, None)]
    columns = [
        Column("file_name", "File", width=FIRST),
        Column("received_from", "Received from", width=SECOND, missing="z"),
        Column("received_at", "Received", "moment", is_figure=False),
    ]
    empty = "No file came only to be checked."
    return Table("Quality_checked", "Checked only, and not counted", columns, rows, empty)


def _answered(marts: Marts, settled: Sequence[Row]) -> Table:
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


def _settled(marts: Marts, settled: Sequence[Row]) -> Table:
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


def _without_proxy(marts: Marts, quarter: str) -> Table:
    """Targets of which nothing fresh is known between their own values, by the proxy register."""
    register = marts.rows("proxy_register", quarter=quarter)
    rows = [
        {**row, "measure": measure(row), "said": _uncovered(lines)}
        for row in targets(marts, quarter)
        if (lines := [line for line in register if line["target_id"] == row["target_id"]])
        and lines[0]["cover"] != "fresh"
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("said", "What there is", width=THIRD),
        Column("lead_partner", "Lead", width=24),
        Column("parent_id", capital(names(marts).target) or "", width=13),
    ]
    title = "Targets without a proxy, or with stale ones only"
    return Table("Quality_no_proxy", title, columns, rows, "Every target has a fresh proxy.")


def _uncovered(lines: Sequence[Row]) -> str:
    """None, or which stale ones with their age."""
    if lines[0]["cover"] == "none":
        return "No proxy has been found."
    return (
        "Only stale: "
        + listed(
            f"{line['proxy_title']} ({line['latest_label']}, {counted(line['age_months'], 'month', 'months')} old)"
            if line["latest_label"]
            else f"{line['proxy_title']} (never a value)"
            for line in lines
        )
        + "."
    )


def _old(marts: Marts, quarter: str) -> Table:
    rows = [
        {**row, "measure": measure(row)}
        for row in targets(marts, quarter)
        if row["is_stale"] or row["latest_value"] is None
    ]
    columns = [
        Column("measure", "Measure", width=FIRST),
        Column("theme_title", "Theme", width=SECOND),
        Column("rating_reason", "What that means", width=THIRD),
        Column("parent_id", capital(names(marts).target) or "", width=13),
        Column("latest_label", "Latest period", width=13),
        Column("age_months", "Age in months", "number", 9),
    ]
    empty = "Every target has a latest value that is fresh enough to rate by."
    return Table("Quality_old", "Targets with an old value, or none", columns, rows, empty, "floor_targets")
