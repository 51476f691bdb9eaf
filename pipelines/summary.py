"""What a run came to, read back from the marts: the short table that everybody is shown at the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.findings import QUERY, REFUSE
from pipelines.pack.words import STANDING
from pipelines.reply.written import Written

NO_RATING = "no rating"
NOT_IN_IT = "Refused and not in it:"
NOTHING_STANDS = "Nothing that was sent for {quarter} stands yet: its pack shows what was known before."
OPEN = """
select consequence, count(*) from marts.findings
where is_open and not is_trial and (quarter = $quarter or quarter is null) group by consequence order by consequence
"""


@dataclass(frozen=True)
class Summary:
    """One quarter's counts, what was refused in it (file, sheet, cell, sentence), and where the pack is."""

    quarter: str
    label: str
    as_at: date
    run_id: str
    expected: int
    received: int
    standing: int
    nil: int
    refused: int
    missing: dict[str, tuple[str, ...]]
    late: int
    files_refused: int
    rows_read: int
    rows_refused: int
    findings: dict[str, int]
    on_trial: int
    refusals: tuple[str, ...]
    queries: tuple[str, ...]
    ratings: dict[str, int]
    refused_elsewhere: dict[str, int]
    pack: Path | None = None
    skipped: tuple[str, ...] = ()
    replies: tuple[Written, ...] = ()
    remarks: tuple[str, ...] = ()


def summarise(database: Path, quarter: str, pack: Path | None) -> Summary:
    """The summary of `quarter` from the published marts."""
    with duckdb.connect(str(database), read_only=True) as connection:

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query, {"quarter": quarter} if "$quarter" in query else {}).fetchall()

        ((run_id, as_at),) = rows("select run_id, as_at from marts.about")
        ((label,),) = rows("select label from marts.calendar where quarter = $quarter")
        ((expected, received, standing, nil, refused, late, read, rows_refused),) = rows(
            f"""
            select
                count(*) filter (is_expected),
                count(*) filter (received_at is not null),
                count(*) filter (state in {STANDING}),
                count(*) filter (state = 'nil'),
                count(*) filter (state = 'refused'),
                count(*) filter (days_late is not null),
                coalesce(sum(rows_read), 0),
                coalesce(sum(rows_refused), 0)
            from marts.returns where quarter = $quarter
            """
        )
        missing = rows(
            "select coalesce(partner_title, partner), list(return order by return) from marts.returns "
            "where quarter = $quarter and state in ('late', 'missing') group by 1 order by 1"
        )
        ((files_refused,),) = rows(
            "select count(distinct sha256) from marts.findings where consequence = 'refuse' and is_open "
            "and return is null and (quarter = $quarter or quarter is null)"
        )
        findings = rows(OPEN)
        ((on_trial,),) = rows(
            "select count(*) from marts.findings where is_open and is_trial and quarter = $quarter"
        )
        said = rows(
            """
            select consequence, file_name, sheet, cell, as_typed, because from marts.findings
            where is_open and (quarter = $quarter or quarter is null)
            order by file_name, sheet, row_id
            """
        )
        elsewhere = rows(
            "select quarter, count(*) from marts.findings "
            "where consequence = 'refuse' and is_open and quarter <> $quarter group by quarter order by quarter"
        )
        ratings = rows(
            f"""
            select coalesce(targets.rating, '{NO_RATING}'), count(*)
            from marts.floor_targets as targets
            left join marts.rating_scale as scale on targets.rating = scale.rating
            where quarter = $quarter
            group by all order by min(scale.rank) nulls last
            """
        )
    return Summary(
        quarter=quarter,
        label=label,
        as_at=as_at,
        run_id=run_id,
        expected=expected,
        received=received,
        standing=standing,
        nil=nil,
        refused=refused,
        missing={partner: tuple(returns) for partner, returns in missing},
        late=late,
        files_refused=files_refused,
        rows_read=int(read),
        rows_refused=int(rows_refused),
        findings=dict(findings),
        on_trial=on_trial,
        refusals=tuple(sentence(*finding) for what, *finding in said if what == REFUSE),
        queries=tuple(sentence(*finding) for what, *finding in said if what == QUERY),
        ratings=dict(ratings),
        refused_elsewhere=dict(elsewhere),
        pack=pack,
    )


def still_open(database: Path, quarter: str) -> str:
    """How much of a quarter is refused and queried still, by the published marts; nothing where nothing is."""
    with duckdb.connect(str(database), read_only=True) as connection:
        found = dict(connection.execute(OPEN, {"quarter": quarter}).fetchall())
    return in_words(found) if {REFUSE, QUERY} & found.keys() else ""


def in_words(findings: Mapping[str, int]) -> str:
    return f"{findings.get(REFUSE, 0)} refused, {findings.get(QUERY, 0)} queried"


def sentence(file_name: str, sheet: str | None, cell: str | None, as_typed: str | None, because: str) -> str:
    """A finding as one line: where to look, what stands there, and what to do."""
    if not sheet and because.startswith(file_name):
        return because
    place = ", ".join(
        part for part in (file_name, sheet and f"sheet '{sheet}'", cell and f"cell {cell}") if part
    )
    return f"{place}{f' ({as_typed!r})' if as_typed else ''}: {because}"


def as_rows(summary: Summary) -> list[tuple[str, str]]:
    """The table at the end of a run: what, how many."""
    found = summary.findings
    rated = ", ".join(f"{count} {rating}" for rating, count in summary.ratings.items()) or "none"
    return [
        ("Quarter", f"{summary.label} ({summary.quarter})"),
        ("As at", f"{summary.as_at.day} {summary.as_at:%b %Y}"),
        ("Returns expected", str(summary.expected)),
        (
            "Returns received",
            f"{summary.received} (nil {summary.nil}, late {summary.late}, refused {summary.refused})",
        ),
        ("Returns missing", str(sum(map(len, summary.missing.values())))),
        ("Files refused", str(summary.files_refused)),
        ("Rows read", f"{summary.rows_read}, of these refused {summary.rows_refused}"),
        (
            "Findings",
            f"{found.get('refuse', 0)} refused, {found.get('query', 0)} queried, {found.get('note', 0)} noted"
            + (f", {summary.on_trial} of rules on trial" if summary.on_trial else ""),
        ),
        ("Ratings", rated),
        ("Pack", str(summary.pack) if summary.pack else "not written"),
        ("Replies", _replies(summary.replies)),
    ]


def as_lines(summary: Summary) -> Iterator[str]:
    """What the table has no room for: whose returns are missing, whether anything stands at all, what was skipped."""
    if not summary.standing:
        yield NOTHING_STANDS.format(quarter=summary.quarter)
    for partner, returns in summary.missing.items():
        yield f"Missing: {partner}: {', '.join(returns)}"
    for reply in summary.skipped:
        yield f"Skipped: {reply}"
    yield from summary.remarks


def _replies(replies: tuple[Written, ...]) -> str:
    """How many, where, and how many of them ask for something."""
    if not replies:
        return "none"
    folders = ", ".join(sorted({str(reply.path.parent) for reply in replies}))
    asking = sum(not reply.is_clean for reply in replies)
    checks = sum(reply.is_check for reply in replies)
    told = f", {checks} to files that were only checked" if checks else ""
    return f"{len(replies)} in {folders}, {asking} of them with something to do{told}"


def as_markdown(summary: Summary) -> str:
    """The same table for Prefect, with what was refused below it."""
    lines = ["| | |", "|---|---|"]
    lines += [f"| {what} | {how_many} |" for what, how_many in as_rows(summary)]
    lines += ["", *(f"- {line}" for line in as_lines(summary))]
    lines += [f"- {refusal}" for refusal in summary.refusals]
    return "\n".join(lines)
