"""Which days of the calendar ask for something today: those that have come, are of use still, and were not seen to."""

from collections.abc import Iterable
from datetime import date, timedelta

from pipelines.cycle.desk import Desk
from pipelines.framework.calendar import BOARD, OPENS, REMINDER, KeyDay

A_QUARTER = timedelta(days=92)


def due_of(desk: Desk, days: Iterable[KeyDay], job: str) -> list[KeyDay]:
    """Days that have come, of a quarter whose Board has not long met, and for which nothing was done yet."""
    return [
        day
        for day in days
        if day.on <= desk.today and desk.today <= end_of(desk, day) and not desk.is_done(key_of(job, day))
    ]


def end_of(desk: Desk, day: KeyDay) -> date:
    """Until when a job of a quarter is of use: until the next returns go out, by the calendar or else as usual."""
    board = desk.facts.day(day.quarter, BOARD)
    later = [one.on for one in desk.facts.of(OPENS) if one.on > board]
    return later[0] if later else board + A_QUARTER


def key_of(job: str, day: KeyDay) -> str:
    return f"{job}|{day.quarter}|{day.on}" if day.kind == REMINDER else f"{job}|{day.quarter}"
