"""The days of a quarter's cycle, given and worked out in working days; made-up quarters of real years."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.framework.calendar import (
    BOARD,
    CLOSES,
    CUT_OFF,
    DUE,
    GIVEN,
    OPENS,
    PUBLISH,
    REMINDER,
    CalendarError,
    WorkingDays,
    key_days,
    listed_days,
    reminder_offsets,
    time_zone,
    working_days,
)

ENGLAND = WorkingDays("GB", "ENG")
QUARTER: dict[str, Any] = {
    "quarter": "2026-27-Q4", "ends_on": date(2027, 3, 31), "due_on": date(2027, 4, 14),
    "cut_off_on": date(2027, 4, 20), "board_on": date(2027, 4, 28), "opens_on": None, "late_until": None,
    "publish_on": None, "reminders_on": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2004, 5, 3), "May Day"),
        (date(2002, 6, 3), "Golden Jubilee of Elizabeth II"),  # proclaimed for one year only
        (date(2020, 5, 8), "May Day"),  # moved to a Friday
        (date(2026, 12, 28), "Boxing Day (observed)"),
        (date(2027, 3, 27), "a Saturday"),
        (date(2027, 3, 30), ""),
    ],
)
def test_bank_holidays_of_england_are_known(day: date, why: str) -> None:
    assert ENGLAND.why_not(day) == why
    assert ENGLAND.is_one(day) == (not why)


def test_working_days_are_counted_over_easter() -> None:
    good_friday, tuesday = date(2027, 3, 26), date(2027, 3, 30)
    assert ENGLAND.at_or_after(good_friday) == tuesday
    assert ENGLAND.away(date(2027, 3, 25), 1) == tuesday
    assert ENGLAND.away(tuesday, -1) == date(2027, 3, 25)
    assert ENGLAND.away(good_friday, 0) == tuesday


def test_scotland_keeps_another_day() -> None:
    assert working_days({"holidays": "GB/SCT"}).why_not(date(2027, 1, 4)) != ""
    assert ENGLAND.is_one(date(2027, 1, 4))


def test_what_the_calendar_leaves_open_is_worked_out() -> None:
    days = key_days([QUARTER], {})
    assert [(day.kind, day.on) for day in days] == [
        (OPENS, date(2027, 4, 1)), (REMINDER, date(2027, 4, 7)), (REMINDER, date(2027, 4, 13)),
        (DUE, date(2027, 4, 14)), (REMINDER, date(2027, 4, 15)), (REMINDER, date(2027, 4, 19)),
        (CLOSES, date(2027, 4, 20)),
        (CUT_OFF, date(2027, 4, 20)), (PUBLISH, date(2027, 4, 21)), (BOARD, date(2027, 4, 28)),
    ]  # fmt: skip
    assert {day.kind: day.basis for day in days} == {
        OPENS: "the first working day after the quarter", DUE: GIVEN, CUT_OFF: GIVEN, BOARD: GIVEN,
        REMINDER: "3 working days after the returns are due", CLOSES: "the cut-off",
        PUBLISH: "the first working day after the cut-off",
    }  # fmt: skip


def test_what_the_calendar_says_holds() -> None:
    said = {
        "opens_on": date(2027, 3, 29), "late_until": date(2027, 4, 16), "publish_on": date(2027, 4, 26),
        "reminders_on": "9 April 2027; 2027-04-12",
    }  # fmt: skip
    days = key_days([QUARTER | said], {"reminder_days": "-3"})
    of = {(day.kind, day.on) for day in days}
    assert {(OPENS, date(2027, 3, 29)), (CLOSES, date(2027, 4, 16)), (PUBLISH, date(2027, 4, 26))} <= of
    assert [day.on for day in days if day.kind == REMINDER] == [date(2027, 4, 9), date(2027, 4, 12)]
    assert {day.basis for day in days} == {GIVEN}


def test_a_setting_says_when_to_remind_and_none_is_never() -> None:
    assert reminder_offsets({"reminder_days": "2; -1"}) == [-1, 2]
    assert [day for day in key_days([QUARTER], {"reminder_days": "none"}) if day.kind == REMINDER] == []


def test_settings_that_can_t_be_used_say_what_would_be_right() -> None:
    for read, settings, told in (
        (reminder_offsets, {"reminder_days": "soon"}, "whole numbers of working days"),
        (working_days, {"holidays": "GB/XX"}, "no bank holidays are known"),
        (working_days, {"holidays": "Narnia"}, "no bank holidays are known"),
        (time_zone, {"time_zone": "Mars/Olympus"}, "such as Europe/London"),
    ):
        with pytest.raises(CalendarError, match=told):
            read(settings)
    with pytest.raises(CalendarError, match="'the week after' is no day"):
        listed_days("5 July 2031; the week after")
    assert time_zone({}) == ZoneInfo("Europe/London")
