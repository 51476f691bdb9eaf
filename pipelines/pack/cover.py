"""Cover: what this pack is, how far it can be relied on, and how to read it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipelines.pack.bars import pounds
from pipelines.pack.judgements import overall
from pipelines.pack.lookups import label, names, rating_scale
from pipelines.pack.model import (
    Block,
    Column,
    Heading,
    Link,
    LinkList,
    Paragraph,
    Sheet,
    Table,
    rating_columns,
)
from pipelines.pack.nrf_missing import missing_names
from pipelines.pack.rating_before import which_way
from pipelines.pack.rating_counts import counted_ratings
from pipelines.pack.read import Marts, Row
from pipelines.pack.versions import pack_before, public_words, status_lines
from pipelines.pack.words import STATES, capital, counted, day, listed, sentence

ORDER = 0
SUMMARY = Link("Summary: every target on one page", "Summary")
CONTENTS = Link("Contents: every sheet and what is in it", "Contents")
NOTES = Link("Notes: methods, thresholds, shorthand and where we depart from guidance", "Notes")
GUIDE = (
    SUMMARY,
    Link("Decisions: what the Board is asked", "Decisions"),
    CONTENTS,
    Link("Quality: who did not send, what was refused or queried, what is not known", "Quality"),
    NOTES,
)
READING = "Figures are links to where they came from. What is missing, nil, not due or refused says so: it is no zero."
READING_PUBLIC = (
    "Figures are links to how they were made. What is not published says so, and is never shown as zero."
)
PUBLIC_GUIDE = (SUMMARY, CONTENTS, Link("Quality: what is not known", "Quality"), NOTES)
WANTING = ("missing", "late", "refused", "refused in part", "erased", "withdrawn")
RATED = (
    "A measure has the worse of two ratings: how much is reached of the improvement that was needed by now, and its "
    "chance of reaching the target, where enough values are known for it. Money is rated by its variance from profile."
)


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    publisher = marts.setting("partnership_name")
    blocks: list[Block] = [
        Heading("What this is"),
        *_facts(marts, quarter),
        *_overall(marts, quarter),
        *_at_a_glance(marts, quarter),
        *_not_in(marts, quarter),
        *public_words(marts),
        *_note(marts.setting("cover_note", "")),
        Heading("How to read it"),
        LinkList(PUBLIC_GUIDE if marts.is_public else GUIDE),
        Paragraph(READING_PUBLIC if marts.is_public else READING),
        Paragraph(RATED),
        _scale(marts, quarter),
    ]
    title = f"{publisher}: quarterly performance pack, {label(marts, quarter)}"
    return [Sheet("Cover", title, blocks, "What this pack is.", is_one_page=True)]


def _scale(marts: Marts, quarter: str) -> Table:
    """How many have each rating, what it means, and from where on a measure or a project has it."""
    bands = marts.rows("spend_bands", order=("band",))
    rows: list[dict[str, Any]] = [
        {**row, "from": _measure_from(row), "spend": _spend_from(row["rating"], bands)}
        for row in marts.rows("rating_scale", order=("rank",))
    ]
    without = "It can't be said, or not enough is known; the reason stands beside each."
    rows.append({"rating": None, "meaning": without, "from": None, "spend": None})
    target = names(marts).target
    columns = [
        *rating_columns("rating", "Rating", is_figure=False),
        Column("parents", f"By {target}", "number", 9),
        Column("measures", "By measure", "number", 10),
        Column("meaning", "Meaning", width=58),
        Column("from", "A measure, from", width=44, missing="z"),
        Column("spend", "Spend, off its profile", width=23, missing="z"),
    ]
    return Table(
        "Cover_ratings",
        "How many have each rating, and what it means",
        columns,
        [{**row, **counted_ratings(marts, quarter, row["rating"])} for row in rows],
        "The framework has no rating scale.",
        notes=[
            f"By {target}: the worst rating of its measures, as its own sheet has it. Summary has every measure."
        ],
    )


def _measure_from(row: Row) -> str:
    """The least that earns a rating; of the worst, that nothing does."""
    parts = [
        f"{row[name] * 100:g}% {what}"
        for name, what in (("lowest_on_course", "of what was needed"), ("lowest_chance", "chance"))
        if row[name] is not None
    ]
    return " and ".join(parts) or "less than that"


def _spend_from(rating: str, bands: Sequence[Row]) -> str | None:
    limits = [band["up_to_pct"] for band in bands if band["rating"] == rating]
    if not limits:
        return None
    return "further" if None in limits else f"up to {max(limits):g}%"


def _not_in(marts: Marts, quarter: str) -> list[Block]:
    """What ought to be in the pack and is not, where a reader would else take it for whole."""
    returns = [] if marts.is_public else marts.rows("returns", quarter=quarter)
    states = Counter(row["state"] for row in returns if row["is_expected"])
    wanting = [f"{states[state]} {STATES[state].lower()}" for state in WANTING if states[state]]
    expected = counted(states.total(), "return", "returns")
    told = [f"Not whole: of {expected} expected {listed(wanting)}. Quality says which."] if wanting else []
    if without := missing_names(marts, quarter):
        told.append(f"In no total of the fund: {listed(without)}. {names(marts).fund_short} says more.")
    return [Paragraph(" ".join(told))] if told else []


def _overall(marts: Marts, quarter: str) -> list[Block]:
    """The rating of the partnership as a whole, whose it is, and what the rule says where it says otherwise."""
    found = overall(marts, quarter)
    if found is None:
        return []
    if found["rating"] is None:
        return [Paragraph(f"The partnership overall: no rating. {found['rating_reason']}")]
    scale = rating_scale(marts)
    by_rule = found["rating_suggested"]
    rule = f" (by rule: {scale[by_rule].word if by_rule else 'none'})" if by_rule != found["rating"] else ""
    differs = " Others differ: Partnership says which, and why." if found["rating_differs"] else ""
    said = f"The partnership overall: {scale[found['rating']].word}, {found['rating_source']}{rule}.{differs}"
    return [Paragraph(said)]


def _at_a_glance(marts: Marts, quarter: str) -> list[Block]:
    """What the Board is asked, what was spent, and which way the ratings went; each has its own sheet."""
    told = []
    if not marts.is_public:
        asked = sum(row["answered"] is None for row in marts.rows("decisions", quarter=quarter))
        told.append(f"The Board is asked {counted(asked, 'question', 'questions')}: Decisions.")
        told += [
            _spent(row) for row in marts.rows("nrf_funds", quarter=quarter) if row["variance"] is not None
        ]
    if moved := which_way(marts, quarter):
        told.append(moved)
    return [Paragraph(" ".join(told))] if told else []


def _spent(fund: Row) -> str:
    """NRF: £915,000 spent of £952,000 planned by now (3.9% less), at most £91,100 at risk."""
    off = "" if fund["variance_pct"] is None else f" ({_apart(fund['variance_pct'])})"
    risk = f", at most {pounds(fund['at_risk'])} at risk" if fund["at_risk"] is not None else ""
    return (
        f"{fund['fund']}: {pounds(fund['actual_to_date'])} spent of {pounds(fund['profile_to_date'])} planned by now"
        f"{off}{risk}."
    )


def _apart(percent: float) -> str:
    return f"{abs(percent):.1f}% {'less' if percent < 0 else 'more'}" if round(percent, 1) else "as planned"


def _note(text: str) -> list[Block]:
    return [Heading("Read this first"), Paragraph(text)] if text else []


def _facts(marts: Marts, quarter: str) -> list[Block]:
    about, calendar = marts.one("about"), marts.one("calendar", quarter=quarter)
    lines = (
        *status_lines(marts, quarter),
        f"Period: {calendar['label']}. Cut-off: {day(calendar['cut_off_on'])}. Board: {day(calendar['board_on'])}.",
        _as_at(marts, quarter, about, calendar),
        *pack_before(marts, quarter),
        " ".join([_next(calendar), *_contact(marts)]),
    )
    return [Paragraph(line) for line in lines]


def _as_at(marts: Marts, quarter: str, about: Row, calendar: Row) -> str:
    """By when everything had come, that a pack holds what its Board, which has met, can't have seen, and its run."""
    as_at, board = about["as_at"], calendar["board_on"]
    said = f"As at {day(as_at)}{', after the Board had met' if as_at > board else ''}."
    after = sum(row["received_at"].date() > board for row in marts.rows("inputs"))
    if after and not marts.is_public:
        rated = marts.rows("revisions", quarter=quarter, cause="re-rated")
        came = capital(counted(after, "file came", "files came"))
        said += f" {came} since: {'Inputs and Revisions say' if rated else 'Inputs says'} which."
    return f"{said} Run {about['run_id']}."


def _contact(marts: Marts) -> list[str]:
    contact = marts.setting("partnership_contact", "" if marts.is_public else None)
    return [f"Contact: {sentence(contact)}"] if contact else []


def _next(calendar: Row) -> str:
    if calendar["next_board_on"] is None:
        return "Next pack: the framework's calendar has no later quarter yet."
    due, board = day(calendar["next_due_on"]), day(calendar["next_board_on"])
    return f"Next pack: for the Board of {board}, returns due on {due}."
