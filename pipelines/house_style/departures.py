"""Where our workbooks depart from the guidance on accessible spreadsheets, and why: few, and each on the sheet Notes.

One source: the pack prints it, and the tests' checklist takes it. A rule that a workbook breaks and that is not here
fails a test, and so does one that is here and that no workbook breaks.
"""

from typing import NamedTuple

PACK, RETURN, REPLY, FRAMEWORK = "The pack", "Returns", "Replies", "New framework"
TO_FILL_IN = (RETURN, REPLY, FRAMEWORK)


class Departure(NamedTuple):
    """Rules of the checklist by their names, the workbooks that break them, what they do instead, and why."""

    rules: tuple[str, ...]
    books: tuple[str, ...]
    about: str
    reason: str


DEPARTURES = (
    Departure(
        ("one table on a sheet",),
        (PACK,),
        "Several tables on a sheet",
        "A target is read as one page. A2 says how many tables there are; each has a heading, and a blank row "
        "before it.",
    ),
    Departure(
        ("no colour behind cells",),
        (PACK,),
        "Colour on ratings",
        "The Board knows traffic lights. Each has a letter, a shape and, in the next cell, the word; the fills also "
        "differ for colour-blind readers and in grey.",
    ),
    Departure(
        ("no shorthand among numbers",),
        (PACK,),
        "[x] among numbers",
        "On the sheets for reading, so that a gap is not taken for an oversight. The Data sheets keep such cells empty "
        "and give the reason in a column of its own.",
    ),
    Departure(
        ("charts beside tables",),
        (PACK,),
        "Charts",
        "A Board sees a course sooner than it reads one. They stand on the sheets of the targets, where what they draw "
        "is on Data_Charts, and on that of the fund, whose bars are over its own tables. Each has its finding as its "
        "title, and all of it in words for a screen reader.",
    ),
    Departure(
        ("empty cells explained",),
        (PACK,),
        "Small columns on Summary",
        "The course so far stands in cells that hold nothing else: the values of Data_Charts at even steps, the latest "
        "in a colour of its own. Each cell has its own scale, which begins below its lowest value and not at nought. "
        "What stands beside it says in numbers where it came from and where it is.",
    ),
    Departure(
        ("links that are words",),
        (PACK,),
        "Numbers as links",
        "Each figure leads to its source. A screen reader reads the number as the link's text.",
    ),
    Departure(
        ("words wrap",),
        (PACK, *TO_FILL_IN),
        "Sentences not wrapped",
        "Above the tables they run over the columns, as merged cells would be worse.",
    ),
    Departure(
        ("years in full",),
        (PACK, RETURN, REPLY),
        "Years as 2003/04",
        "Financial and school years are named as their sources name them, so that a figure can be found there.",
    ),
    Departure(
        ("tables marked as tables",),
        (RETURN, REPLY),
        "Labels beside what they name",
        "Partner and period stand above the table as on a letter: a label, and its value in the next cell.",
    ),
    Departure(
        ("nothing below a table",),
        (RETURN,),
        "What colours mean",
        "It stands below the list of sheets on Start, where whoever begins to fill in looks for it.",
    ),
    Departure(
        ("tables marked as tables", "how many tables there are"),
        (FRAMEWORK,),
        "Sheets of a new framework",
        "People paste whole lists into them, of any length, so their tables are not marked. The headings stand in "
        "row 4.",
    ),
    Departure(
        ("no colour behind cells", "colour is never alone"),
        TO_FILL_IN,
        "Colour on what to fill in",
        "White is to be filled in, grey is locked, yellow is still needed. Excel says it too: only what is to be "
        "filled in can be chosen with the tab key, and a message says what goes in.",
    ),
    Departure(
        ("empty cells explained",),
        (RETURN, REPLY),
        "Cells to fill in",
        "They are empty until somebody fills them in; the first lines of the sheet say which they are.",
    ),
    Departure(
        ("frozen panes",),
        TO_FILL_IN,
        "Headings that stay in view",
        "Who fills in row 60 must see what the column is. Returns say how to stop it.",
    ),
    Departure(
        ("hidden sheets",),
        TO_FILL_IN,
        "Hidden sheets",
        "The lists to choose from, and in returns by what the file is known again. The pack has none.",
    ),
    Departure(
        ("one table on a sheet",),
        (REPLY,),
        "Receipts",
        "What came in and how it will read in the pack belong on one page.",
    ),
    Departure(
        ("shorthand explained above",),
        (RETURN, REPLY),
        "Shorthand in last time's values",
        "[x] and the like mean what they mean in the pack, whose Notes explain them.",
    ),
)


def departures(book: str) -> set[str]:
    """The rules that a kind of workbook may break."""
    return {rule for one in DEPARTURES for rule in one.rules if book in one.books}
