"""The two days that sentences count by: the cut-off, and the one as at which the pack was made."""

from pipelines.pack.read import Marts
from pipelines.pack.words import day


def on_which_day(marts: Marts, quarter: str) -> str:
    """At the cut-off, 15 Jul 2004, by what had come as at 17 Sep 2004: for sentences that count."""
    cut_off = marts.one("calendar", quarter=quarter)["cut_off_on"]
    as_at = marts.one("about")["as_at"]
    return f"at the cut-off, {day(cut_off)}, by what had come as at {day(as_at)}"
