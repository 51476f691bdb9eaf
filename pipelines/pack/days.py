"""The days that a pack speaks of, each by its name: the cut-off, the Board's, and the one as at which it was made."""

from pipelines.pack.read import Marts, Row
from pipelines.pack.words import day


def day_lines(marts: Marts, calendar: Row) -> list[str]:
    """A sentence for each of the days of a quarter's pack, in their order, that says what it is for."""
    as_at, board = marts.one("about")["as_at"], calendar["board_on"]
    late = " That is after the Board's day." if as_at > board else ""
    return [
        f"Cut-off: {day(calendar['cut_off_on'])}. Values published by then count; ages and overdue actions are "
        "counted to it.",
        f"Board: {day(board)}, the meeting that this pack is for.",
        f"As at {day(as_at)}: with what had been received by the end of that day.{late}",
    ]


def on_which_day(marts: Marts, quarter: str) -> str:
    """At the cut-off, 15 Jul 2004, by what had come as at 17 Sep 2004: for sentences that count."""
    cut_off = marts.one("calendar", quarter=quarter)["cut_off_on"]
    as_at = marts.one("about")["as_at"]
    return f"at the cut-off, {day(cut_off)}, by what had come as at {day(as_at)}"
