"""Notes: how figures are reckoned, what marks mean, what is not built, and where we depart from guidance."""

from collections.abc import Mapping

from pipelines.house_style.departures import DEPARTURES
from pipelines.pack.model import Column, Sheet, Table, rating_columns
from pipelines.pack.read import Marts, Row
from pipelines.pack.versions import issued_words
from pipelines.pack.words import BASES, SHORTHAND, listed, mark, sentence

ORDER = 100
WIDE = 90
METHODS = {
    "Days of a pack": (
        "Cut-off: values published by then count, and ages and overdue actions are counted to it. Board: the meeting "
        "that the pack is for. As at: what had been received by the end of that day is in it. The same inputs give the "
        "same run and the same pack."
    ),
    "Trajectory": (
        "The value needed by now, in days from the end of the baseline period to the end of the target "
        "period, taken at the end of the period that the latest value measures: on a straight line, unless "
        "the target names another shape (geometric, S-curve, milestones). Rounded only where it is shown, to the "
        "decimals of its measure, or to more, up to three, where the on-course ratio could not be worked out from what "
        "is printed to within 0.1 of a percentage point."
    ),
    "What a target is judged by": (
        "The value itself; or, as the target has it, its gap to another place (in the unit, or in % of "
        "the value there), its multiple of it, its improvement against that there, or the number of "
        "units below a floor. A change without a number is judged only where the 95% interval leaves no "
        "doubt. A target of several elements is as good as the worst of them."
    ),
    "On course": (
        "(latest - baseline) / (needed by now - baseline), by what the target is judged by. 100% is level "
        "with the trajectory, whether higher or lower is better. [z]: the value is worse than the baseline "
        "was, so that no part of the way is made. None is given while next to none of the improvement is "
        "needed (setting early_share)."
    ),
    "Way made": "(latest - baseline) / (target - baseline): the share of the whole improvement made.",
    "Position": (
        "The on-course ratio on the rating scale. There is none where it can't be said: no value, "
        "a value too old, too early on the trajectory, a baseline from before the series was counted "
        "anew. What is missing or old is never green. The reason stands beside every rating."
    ),
    "Outlook": (
        "The chance of reaching the target when it is due, from the values since the last break that do "
        "not overlap, at least five of them. The methods named in the settings differ, so the chance is a "
        "word and a band, by the middle of them, with their range. No pack shows it as one percentage."
    ),
    "Rating": (
        "The worse of position and outlook. [u]: one of the two can't be said, and the other is shown. "
        "[x]: neither can."
    ),
    "Whose rating": (
        "Four are kept apart: what the rule suggests, the partner's own, the moderated and the official "
        "one. Shown is the first that was given, in the order among the settings below (rating_order); "
        "else official, moderated, suggested. The best rating is never shown for a value that is too old or "
        "missing, whoever gave it. Where ratings differ, each stands with its reason."
    ),
    "Annual review": (
        "An element's rating is suggested from those that the rule suggests for its measures: the worst, "
        "or the middle one (element_rule), and overall from those of the elements. An official rating "
        "holds for the months among the settings (review_months; else 12)."
    ),
    "Rating of a target as worded": (
        "The worst of the ratings shown for its measures, with how many of them have one, and how many of those "
        "somebody gave. [u]: every measure with that worst rating is marked so. The partnership overall is rated by "
        "the annual review alone."
    ),
    "Age": (
        "Whole months from the end of the period measured to the cut-off, never to today. A value is "
        "stale when a newer one ought to have been out: when age / (months between values + months until "
        "release) is above the limit among the settings below."
    ),
    "Gap": (
        "The value here less the value of the place it is compared with, for the same period; in per cent, "
        "how far it is behind. A gap that the source prints is shown beside it and never takes its place: "
        "it may come from unrounded rates."
    ),
    "Next value due out": "End of the latest period, plus the months between values, plus the release lag.",
    "Interval": (
        "95% limits as the source sent them; else Wilson for a share, Byar for a count or a crude rate, exact "
        "below ten. Another place is better or worse only where its value lies outside them."
    ),
    "Control chart": (
        "Mean and limits 2.66 times the mean step either side (XmR): the usual ups and downs, or common "
        "cause. More than these, or special cause: a value outside the limits, seven rising or falling, two of "
        "three near a limit, or seven on one side of the mean. Limits on few values are rough, or trial limits. "
        "Never for yearly or rolling figures."
    ),
    "Link to the target": (
        "How alike proxy and target have changed. A: earlier than the target, as believed, and hardly by "
        "chance. B: as believed, probably not by chance. C: plausible and not shown, mostly for want of "
        "history. D: contradicts, or is stale."
    ),
    "Beside the headline": (
        "Where the chart shows more than the usual ups and downs, what it means for the target is set against how "
        "the target's own latest value compares with the one before. Where the two differ, a warning says so."
    ),
    "Proxy": (
        "A measure that moves before its target does and is known sooner, and so tells early which way it goes. "
        "It never enters the target's rating."
    ),
    "Profile": "What was planned to be spent by a day: by quarter, as the project's budget has it.",
    "Spend": (
        "Variance is actual less profile, to date. Outturn by straight line: actual x quarters in the "
        "year / quarters passed; by profile: actual x allocation / profile; to plan: actual + what is "
        "left of the profile. Low and high are the least and the most of these and of the partner's own; of a theme, "
        "a target or the fund they are those of its projects added up."
    ),
    "Carried forward and at risk": (
        "An underspend is carried into the next year up to the fund's cap, a percentage of the allocation; "
        "the rest is at risk. At most: at the lowest outturn; at least: at the highest. A fund is judged as "
        "a whole, in which projects make room for each other."
    ),
    "Totals": (
        "A total covers the projects received alone, and says how many that is. A project counts once: "
        "for its own theme, and for targets as worded by the shares that the framework gives it. One that is "
        "not additive, or whose shares come to more than the whole, is in no such target's total. On a "
        "target's own sheet each project is shown whole."
    ),
    "Money against progress": (
        "Red without money, red without a live action (one neither complete nor superseded), red and "
        "underspent by more than the first spend band, money on green, and money where no measure has a "
        "rating. Red and green are the worst and the best of the rating scale; a target as worded has the "
        "worst rating of its measures. Nothing is called without money while a project has not come in."
    ),
    "Programme": (
        "What the programme's return says of a theme less what its projects say together; only where all "
        "of them came in, as a sum over some says nothing of the total."
    ),
    "Missing, nil, refused": (
        "Not received, nil, not due, refused and suppressed are different things, said in words. None of "
        "them is zero."
    ),
}
PUBLIC = {
    "Small counts": (
        "Counts of people or events from 1 to 7 are not shown, and others are rounded to the nearest 5 and never to "
        "zero, unless the settings hide_counts_up_to and round_counts_to below say otherwise, for everybody or for one "
        "source. More are hidden until no sum on these pages or in earlier public packs narrows a small one. One mark "
        "stands for both, so that it tells nothing of which are small."
    ),
    "Missing, nil, refused": "What is not published says so, and not why. It is never shown as zero.",
    "Ratings in public": "As in the partners' edition; none where the latest value is not shown.",
}


COLUMNS = [
    Column("number", "Note", "number", 9),
    Column("about", "About", width=26),
    Column("text", "Text", width=WIDE),
]


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    shorthand = {mark(code): sentence(meaning) for code, meaning in SHORTHAND.items()}
    basis = {row_basis.capitalize(): meaning for row_basis, meaning in BASES.items()}
    # the scales first: all tables below them have the same headings, which are printed on each of their pages
    blocks = [
        _scale(marts),
        _bands(marts),
        _notes("Notes_methods", "How figures are reckoned", METHODS | (PUBLIC if marts.is_public else {})),
        _settings(marts),
        *_issues(marts),
        _notes("Notes_shorthand", "Shorthand", shorthand),
        _notes("Notes_basis", "Basis of figures", basis),
        _departures(),
    ]
    purpose = "Methods, thresholds, shorthand, and departures from guidance."
    return [Sheet("Notes", "Notes", blocks, purpose)]


def _notes(name: str, title: str, notes: Mapping[str, str]) -> Table:
    rows = [{"number": n, "about": about, "text": text} for n, (about, text) in enumerate(notes.items(), 1)]
    return Table(name, title, COLUMNS, rows, "There is nothing to note.")


def _departures() -> Table:
    """What we do instead and why, and in which workbooks."""
    title = "Where our workbooks depart from guidance on accessible spreadsheets"
    departures = {one.about: f"{sentence(one.reason)} In: {listed(one.books)}." for one in DEPARTURES}
    return _notes("Notes_departures", title, departures)


def _scale(marts: Marts) -> Table:
    columns = [
        *rating_columns("rating", "Rating", is_figure=False),
        Column("meaning", "Meaning", width=WIDE),
        Column("lowest_on_course", "Lowest on-course ratio", "share", is_figure=False, missing="z"),
        Column("chance_word", "Chance in a word", width=15, missing="z"),
        Column("lowest_chance", "Lowest chance", "share", is_figure=False, missing="z"),
    ]
    rows = marts.rows("rating_scale", order=("rank",))
    return Table(
        "Notes_scale", "Rating scale, from best to worst", columns, rows, "The framework has no scale."
    )


def _bands(marts: Marts) -> Table:
    columns = [
        *rating_columns("rating", "Rating", is_figure=False),
        Column("basis", "Where the band comes from", width=WIDE),
        Column("up_to_pct", "Variance up to (%), over or under", "number", is_figure=False, missing="z"),
    ]
    rows = marts.rows("spend_bands", order=("band",))
    return Table(
        "Notes_bands", "Spend ratings, by variance from profile", columns, rows, "There are no bands."
    )


def _issues(marts: Marts) -> list[Table]:
    """Every pack that was issued, and with which a quarter was closed; nothing while none was."""
    rows = [
        {"number": number, "about": row["label"], "text": sentence(issued_words(row))}
        for number, row in enumerate(marts.rows("issues", order=("quarter", "version")), 1)
    ]
    title = "Packs issued and quarters closed"
    return [Table("Notes_issues", title, COLUMNS, rows, "No pack was issued yet.")] if rows else []


def _setting_words(row: Row) -> str:
    """A setting's value, what it does and where it comes from; in public its value alone."""
    if not row["meaning"]:
        return sentence(row["value"])
    value = row["value"].strip()
    stop = "" if value[-1:] in ".!?" else "."
    said = f"{value}{stop} {sentence(row['meaning'] or '')}".rstrip()
    return f"{said} Basis: {row['basis'] or 'not given'}."


def _settings(marts: Marts) -> Table:
    """The value of each, what it does, and where it comes from."""
    said = {row["setting_id"]: _setting_words(row) for row in marts.rows("settings")}
    return _notes("Notes_settings", "Settings of this framework", said)
