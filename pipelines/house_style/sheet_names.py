"""How sheets and tables of the pack are called: by names of the framework, within what Excel allows."""

import re

LONGEST = 31
ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
NOT_ALLOWED = (
    "Excel allows no square brackets, colons, asterisks, question marks or slashes in it, no apostrophe at its ends, "
    "and not the word History alone."
)
KEPT_BY_EXCEL = "history"
TARGET = "FT_"  # before the ref of a floor target
# Sheets that the pack has of its own; the fund's sheet is the framework's to name
OURS = (
    "Cover",
    "Contents",
    "Summary",
    "Measures",
    "Decisions",
    "Partnership",
    "Communities",
    "Judgements",
    "Quality",
    "Revisions",
    "Data_Progress",
    "Data_Charts",
    "Data_Proxies",
    "Data_Actions",
    "Data_Spend",
    "Provenance",
    "Inputs",
    "Notes",
)


def sheet_of_target(parent_id: str) -> str:
    """The name of a floor target's sheet."""
    return f"{TARGET}{parent_id}"


def table_name(*parts: str) -> str:
    """A name that Excel allows for a table, from words."""
    return re.sub(r"\W+", "_", "_".join(parts), flags=re.ASCII)


def is_allowed(name: str) -> bool:
    """Whether Excel allows a sheet of this name, however long."""
    return bool(name) and not ILLEGAL.search(name) and name.casefold() != KEPT_BY_EXCEL
