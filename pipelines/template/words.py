"""The words that a template and its reader share: headings that are ours, names of sheets, colours."""

GUIDE, LAST_TIME, QUERY = "Guide:", "Last time:", "Our query"
META, LISTS, START, SIGN_OFF = "_meta", "Lists", "Start", "Sign-off"
WHERE_TO_START = "Where to start"  # the heading of a new framework's sheet 'Start'
PARTNER, QUARTER, NIL = "Partner:", "Quarter:", "Nil return:"
YES, NO = "Yes", "No"
ANOTHER = "Another row, if you need one"
STATUS, PROVISIONAL, FINAL = "Status:", "Provisional", "Final"
SIGN_OFF_LABELS = ("Name:", "Role:", "Date:", STATUS)  # what is filled in on the sign-off

# What our cells are filled with (RRGGBB): locked, required and blank, asked about. No rating of a partner's.
GREY, YELLOW, ORANGE = "F0F1F2", "FFE680", "FFC285"


def is_our_heading(heading: object) -> bool:
    """Whether a column with this heading is the template's own and holds nothing that a partner reports.

    The form is reserved ("Guide: Unit", "Last time: Value"), so that such a column is known for what it is
    also where the hidden identity was lost on the way, as in a sheet saved as CSV.
    """
    if not isinstance(heading, str):
        return False
    text = " ".join(heading.split()).casefold()
    return text == QUERY.casefold() or text.startswith((GUIDE.casefold(), LAST_TIME.casefold()))
