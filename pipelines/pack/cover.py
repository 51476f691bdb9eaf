"""Cover: what this pack is, how far it can be relied on, and how to read it."""

from collections import Counter
from collections.abc import Sequence

from pipelines.pack.days import day_lines
from pipelines.pack.judgements import overall
from pipelines.pack.lookups import BY_RULE, label, rating_scale
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
from pipelines.pack.nrf_missing import missing_words
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
PUBLIC_GUIDE = (SUMMARY, CONTENTS, Link("Quality: what is not known", "Quality"), NOTES)
OTHERS = (
    ("official", "rating_official"),
    ("moderated", "rating_moderated"),
    ("its own", "rating_own"),
    (BY_RULE, "rating_suggested"),
)
WANTING = ("missing", "late", "refused", "refused in part", "erased", "withdrawn")
RATED = (
    "A measure is rated by the worse of two: how much is reached of the improvement that was needed by now, and, where "
    "enough values are known, its chance of reaching the target. What has several measures has their worst rating, "
    "money that of its variance from profile. A partner's rating of an action or an output is the partner's opinion."
)


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    publisher = marts.setting("partnership_name")
    blocks: list[Block] = [
        Heading("What this is"),
        *_facts(marts, quarter),
        *public_words(marts),
        *_not_in(marts, quarter),
        *counted_ratings(marts, quarter),
        *_overall(marts, quarter),
        *_note(marts.setting("cover_note", "")),
        Heading("How to read it"),
        LinkList(PUBLIC_GUIDE if marts.is_public else GUIDE),
        Paragraph(
            "Figures are links: each leads to how it was made, on Provenance."
            if marts.is_public
            else "Figures are links: each leads to the file, sheet and cell it came from, on Provenance."
        ),
        Paragraph(
            "What is not published says so. It is never shown as zero."
            if marts.is_public
            else "What is missing, nil, not due, refused or suppressed says so. It is never shown as zero."
        ),
        Paragraph(RATED),
        _scale(marts),
    ]
    title = f"{publisher}: quarterly performance pack, {label(marts, quarter)}"
    return [Sheet("Cover", title, blocks, "What this pack is.", is_one_page=True)]


def _scale(marts: Marts) -> Table:
    """The ratings, what each means, and from where on a measure or a project has it."""
    bands = marts.rows("spend_bands", order=("band",))
    rows = [
        {**row, "from": _measure_from(row), "spend": _spend_from(row["rating"], bands)}
        for row in marts.rows("rating_scale", order=("rank",))
    ]
    columns = [
        *rating_columns("rating", "Rating", is_figure=False),
        Column("meaning", "Meaning", width=58),
        Column("from", "A measure, from", width=46),
        Column("spend", "Spend, off its profile", width=24, missing="z"),
    ]
    return Table(
        "Cover_ratings", "What the ratings mean", columns, rows, "The framework has no rating scale."
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
    if marts.is_public:
        return []
    states = Counter(row["state"] for row in marts.rows("returns", quarter=quarter) if row["is_expected"])
    wanting = [f"{states[state]} {STATES[state].lower()}" for state in WANTING if states[state]]
    told = [Paragraph(f"Not whole: of the returns {listed(wanting)}. Quality says which.")] if wanting else []
    return [*told, *missing_words(marts, quarter)]


def _overall(marts: Marts, quarter: str) -> list[Block]:
    """The rating of the partnership as a whole, whose it is, and that others differ, where they do."""
    found = overall(marts, quarter)
    if found is None:
        return []
    if found["rating"] is None:
        return [Paragraph(f"The partnership overall: no rating. {found['rating_reason']}")]
    word = rating_scale(marts)[found["rating"]].word
    return [
        Paragraph(f"The partnership overall: {word}, {found['rating_source']}.{_others(marts, found)}"),
        Paragraph(found["rating_reason"]),
    ]


def _others(marts: Marts, found: Row) -> str:
    """What the others say of the partnership, and on which side of the rating shown that lies."""
    scale = rating_scale(marts)
    given = [
        (whose, scale[code])
        for whose, column in OTHERS
        if (code := found[column]) and whose != found["rating_source"]
    ]
    here = scale[found["rating"]].rank
    said = [
        f"{whose}: {rating.word}, {'the same' if rating.rank == here else 'worse' if rating.rank > here else 'better'}"
        for whose, rating in given
    ]
    if not found["rating_differs"] or not said:
        return ""
    return f" {capital('; '.join(said))}. Partnership says why."


def _note(text: str) -> list[Block]:
    return [Heading("Read this first"), Paragraph(text)] if text else []


def _facts(marts: Marts, quarter: str) -> list[Paragraph]:
    about, calendar = marts.one("about"), marts.one("calendar", quarter=quarter)
    *first, as_at = day_lines(marts, calendar)
    lines = (
        *status_lines(marts, quarter),
        f"Period: {calendar['label']}.",
        *first,
        as_at + _after_the_board(marts, quarter, calendar),
        f"Run {about['run_id']}: the same inputs give the same run and the same pack.",
        *pack_before(marts, quarter),
        _next(calendar),
        *_contact(marts),
    )
    return [Paragraph(line) for line in lines]


def _after_the_board(marts: Marts, quarter: str, calendar: Row) -> str:
    """That a pack holds what its Board, which has met, can't have seen."""
    rated = marts.rows("revisions", quarter=quarter, cause="re-rated")
    which = "Inputs says which" + (", and Revisions which ratings have changed since" if rated else "")
    after = sum(row["received_at"].date() > calendar["board_on"] for row in marts.rows("inputs"))
    came = counted(after, "file came", "files came")
    return f" {capital(came)} after that Board had met: {which}." if after and not marts.is_public else ""


def _contact(marts: Marts) -> list[str]:
    contact = marts.setting("partnership_contact", "" if marts.is_public else None)
    return [f"Contact: {sentence(contact)}"] if contact else []


def _next(calendar: Row) -> str:
    if calendar["next_board_on"] is None:
        return "Next pack: the framework's calendar has no later quarter yet."
    due, board = day(calendar["next_due_on"]), day(calendar["next_board_on"])
    return f"Next pack: for the Board of {board}; returns for it are due on {due}."
