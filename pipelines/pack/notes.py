"""Notes: how figures are reckoned, what marks mean, what is not built, and where we depart from guidance."""

from collections.abc import Mapping, Sequence

from pipelines.pack.model import Column, Sheet, Table, rating_columns
from pipelines.pack.read import Marts
from pipelines.pack.words import BASES, SHORTHAND, mark

ORDER = 100
METHODS = (
    ("Trajectory", "The value needed by now: on a straight line, in days, from the end of the baseline period to the "
     "end of the target period, taken at the end of the period that the latest value measures."),
    ("On course", "(latest value - baseline) / (value needed by now - baseline): 100% is level with the trajectory. It "
     "reads the same way whether higher or lower is better."),
    ("Way made", "(latest value - baseline) / (target - baseline): the share of the whole improvement made so far."),
    ("Rating by the rule", "The on-course ratio on the rating scale below. No rating where it can't be said: no value, "
     "a value too old, too early on the trajectory. What is missing or old is never green. The reason stands beside "
     "every rating."),
    ("Whose rating is shown", "The Government's where there is one, else the partnership's, else the partner's own, "
     "else the rule's; Rated by says which."),
    ("Age", "Whole months from the end of the period measured to the cut-off, never to today. A value is stale when a "
     "newer one ought to have been out: age / (months between values + months until release) above the limit below."),
    ("Gap", "The value here less the value of the place it is compared with, for the same period."),
    ("Spend", "Variance is actual less profile, to date. Outturn: by straight line, actual x quarters in the year / "
     "quarters passed; by profile, actual x allocation / profile; to plan, actual + what is left of the profile. Low "
     "and high are the least and the most of these and of the partner's own."),
    ("Totals", "A total covers the projects received alone and says how many that is. A project that serves several "
     "floor targets is shown with each, with its share, and is not additive."),
    ("Missing, nil, refused", "Not received, nil, not due, refused and suppressed are different things and are said in "
     "words. None of them is zero."),
)  # fmt: skip
NOT_BUILT = (
    ("Other types of target", "Ratings are built for thresholds, percentage reductions and changes in percentage "
     "points. For other types the rating is [x] and the reason says so."),
    ("Outlook", "The chance of meeting a target is not reckoned yet; ratings are of the position alone."),
    ("Proxies", "Control limits and the grade of a proxy's link to its target are not reckoned yet."),
    ("Charts", "There are none yet."),
)  # fmt: skip
DEVIATIONS = (
    ("Several tables on one sheet", "A floor target is read as one page. A2 says how many tables there are; each has a "
     "heading and one blank row before it."),
    ("Colour on ratings", "The Board knows traffic lights. Each has a letter, a shape and, in the next cell, the word; "
     "the colours differ for colour-blind readers too, and in grey."),
    ("[x] in columns of numbers", "On the sheets for reading, so that a gap can't be taken for an oversight. The "
     "Data sheets keep such cells empty and say why beside them."),
    ("Numbers that are links", "Each figure leads to its source. A screen reader reads the number as the link's text."),
    ("Sentences above tables", "They run over the columns unwrapped and are cut into lines, as merged cells are worse."),
    ("More than ten columns", "A table in one piece is worth more to its readers than one that fits a screen."),
)  # fmt: skip


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    blocks = [
        _said("Notes_methods", "How figures are reckoned", METHODS),
        _scale(marts),
        _bands(marts),
        _settings(marts),
        _said("Notes_shorthand", "Shorthand", [(mark(code), f"{text}.") for code, text in SHORTHAND.items()]),
        _said("Notes_basis", "Basis of figures", tuple(BASES.items())),
        _said("Notes_not_built", "What is not built yet", NOT_BUILT),
        _said(
            "Notes_deviations", "Where this pack departs from guidance on accessible spreadsheets", DEVIATIONS
        ),
    ]
    purpose = "Methods, thresholds, shorthand, what is not built yet, and departures from guidance."
    return [Sheet("Notes", "Notes", blocks, purpose)]


def _said(name: str, title: str, notes: Sequence[tuple[str, str]]) -> Table:
    columns = [
        Column("number", "Note", "number", 9),
        Column("about", "About", width=26),
        Column("text", "Text", width=90),
    ]
    rows: list[Mapping[str, object]] = [
        {"number": number, "about": about, "text": text} for number, (about, text) in enumerate(notes, 1)
    ]
    return Table(name, title, columns, rows, "There is nothing to note.")


def _scale(marts: Marts) -> Table:
    columns = [
        *rating_columns("rating", "Rating", is_figure=False),
        Column("meaning", "Meaning", width=90),
        Column("lowest_on_course", "Lowest on-course ratio", "share", 12, is_figure=False, missing="z"),
    ]
    rows = marts.rows("rating_scale", order=("rank",))
    return Table(
        "Notes_scale", "Rating scale, from best to worst", columns, rows, "The framework has no rating scale."
    )


def _bands(marts: Marts) -> Table:
    columns = [
        *rating_columns("rating", "Rating", is_figure=False),
        Column("basis", "Where the band comes from", width=90),
        Column("up_to_pct", "Variance up to, either way (%)", "number", 12, is_figure=False, missing="z"),
    ]
    rows = marts.rows("spend_bands", order=("band",))
    return Table(
        "Notes_bands", "Spend ratings, by variance from profile", columns, rows, "There are no spend bands."
    )


def _settings(marts: Marts) -> Table:
    rows = [
        {**row, "said": f"{row['meaning']} ({row['basis'] or 'basis not given'})"}
        for row in marts.rows("settings")
    ]
    columns = [
        Column("value", "Value", width=9),
        Column("setting_id", "Setting", width=26),
        Column("said", "What it does, and where it comes from", width=90),
    ]
    return Table(
        "Notes_settings", "Settings of this framework", columns, rows, "The framework has no settings."
    )
