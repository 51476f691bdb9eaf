"""The days of a quarter's cycle: when templates go out, reminders, deadlines, the pack's publication, the Board.

The framework's calendar says them; what it leaves open is worked out in working days. These leave out Saturdays,
Sundays and the bank holidays of a country and its part (setting `holidays`; England's where there is none), from
the library `holidays`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from pipelines.parse import parse

# What happens on a day, in the order of a quarter in which two fall on the same day.
OPENS, REMINDER, DUE, CLOSES, CUT_OFF, PUBLISH, BOARD = KINDS = (
    "opens", "reminder", "due", "closes", "cut-off", "publish", "board",
)  # fmt: skip
DEFAULTS = {
    "time_zone": "Europe/London",
    "holidays": "GB/ENG",
    "reminder_days": "-5, -1, 1, 3",  # working days from the day that returns are due
}
GIVEN = "as the calendar says"
DAY = timedelta(days=1)


class CalendarError(ValueError):
    """A setting or a day of the calendar that can't be used; the message says what would be right."""


@dataclass(frozen=True)
class KeyDay:
    """One day of a quarter's cycle, and how it was settled."""

    quarter: str
    kind: str
    on: date
    basis: str


@dataclass(frozen=True)
class WorkingDays:
    """The working days of a country and its part, as ISO 3166 codes: GB, ENG."""

    country: str
    part: str | None = None

    def is_one(self, day: date) -> bool:
        return day.weekday() < 5 and day not in _holidays(self.country, self.part, day.year)

    def why_not(self, day: date) -> str:
        """What keeps a day from being a working day: Easter Monday, a Saturday; empty for a working day."""
        if name := _holidays(self.country, self.part, day.year).get(day):
            return str(name)
        return f"a {day:%A}" if day.weekday() >= 5 else ""

    def at_or_after(self, day: date) -> date:
        while not self.is_one(day):
            day += DAY
        return day

    def away(self, day: date, number: int) -> date:
        """The working day `number` working days after `day`, or before it if negative; 0: the day, or the next one."""
        day = self.at_or_after(day) if number >= 0 else day
        step = DAY if number > 0 else -DAY
        for _ in range(abs(number)):
            day += step
            while not self.is_one(day):
                day += step
        return day


@cache
def _holidays(country: str, part: str | None, year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays(country, subdiv=part, years=year, language="en_GB"))


def setting(settings: Mapping[str, str], name: str) -> str:
    """What the framework sets, or what holds where it does not."""
    return (settings.get(name) or "").strip() or DEFAULTS[name]


def working_days(settings: Mapping[str, str]) -> WorkingDays:
    """Whose working days count; CalendarError if the library knows no such country or part."""
    text = setting(settings, "holidays")
    country, _, part = text.partition("/")
    try:
        _holidays(country.strip(), part.strip() or None, 2000)
    except NotImplementedError:
        raise CalendarError(
            f"'holidays' is '{text}', for which no bank holidays are known. Type a country and its part by their "
            f"codes, such as {DEFAULTS['holidays']} for England."
        ) from None
    return WorkingDays(country.strip(), part.strip() or None)


def time_zone(settings: Mapping[str, str]) -> ZoneInfo:
    """Where the partnership's clocks are; CalendarError if there is no such zone."""
    text = setting(settings, "time_zone")
    try:
        return ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        raise CalendarError(
            f"'time_zone' is '{text}', which is none. Type one such as {DEFAULTS['time_zone']}."
        ) from None


def reminder_offsets(settings: Mapping[str, str]) -> list[int]:
    """When to remind, in working days from the day that returns are due: -5 is a week before it."""
    text = setting(settings, "reminder_days")
    if text.casefold() in ("none", "never"):
        return []
    try:
        return sorted({int(part) for part in re.split(r"[,;]", text) if part.strip()})
    except ValueError:
        raise CalendarError(
            f"'reminder_days' is '{text}', and should be whole numbers of working days, those before the due day "
            f"with a minus, such as {DEFAULTS['reminder_days']}; or none."
        ) from None


def listed_days(text: str | None) -> list[date]:
    """Days divided by semicolons; CalendarError, naming the one that is none."""
    found = []
    for part in filter(None, (part.strip() for part in (text or "").split(";"))):
        day = parse("date", part).value
        if not isinstance(day, date):
            raise CalendarError(f"'{part}' is no day. Type days such as 5 July 2031; 13 July 2031.")
        found.append(day)
    return sorted(found)


def key_days(calendar: Iterable[Mapping[str, Any]], settings: Mapping[str, str]) -> list[KeyDay]:
    """Every day of every quarter of the calendar, in order. Rows as the framework's contract has them."""
    days = working_days(settings)
    return [day for row in calendar for day in sorted(_of(row, days, settings), key=_in_order)]


def _in_order(day: KeyDay) -> tuple[date, int]:
    return day.on, KINDS.index(day.kind)


def _of(row: Mapping[str, Any], days: WorkingDays, settings: Mapping[str, str]) -> list[KeyDay]:
    quarter, due, cut_off, board = row["quarter"], row["due_on"], row["cut_off_on"], row["board_on"]

    def day(kind: str, given: date | None, otherwise: date, basis: str) -> KeyDay:
        return KeyDay(quarter, kind, given or otherwise, GIVEN if given else basis)

    first = days.at_or_after(row["ends_on"] + DAY)
    opens = day(OPENS, row.get("opens_on"), min(first, due), "the first working day after the quarter")
    closes = day(CLOSES, row.get("late_until"), max(cut_off, due), "the cut-off")
    published = max(min(days.away(cut_off, 1), board), cut_off)
    publish = day(PUBLISH, row.get("publish_on"), published, "the first working day after the cut-off")
    found = [
        KeyDay(quarter, kind, on, GIVEN) for kind, on in ((DUE, due), (CUT_OFF, cut_off), (BOARD, board))
    ]
    found += [opens, closes, publish]
    if given := listed_days(row.get("reminders_on")):
        found += [KeyDay(quarter, REMINDER, on, GIVEN) for on in given]
    else:
        reminders = {days.away(due, number): number for number in reminder_offsets(settings)}
        found += [
            KeyDay(quarter, REMINDER, on, _said(number))
            for on, number in reminders.items()
            if opens.on < on <= closes.on
        ]
    return found


def _said(number: int) -> str:
    """How a reminder's day lies to the due day: 5 working days before the returns are due."""
    if number == 0:
        return "the day that the returns are due"
    many = f"{abs(number)} working day{'' if abs(number) == 1 else 's'}"
    return f"{many} {'after' if number > 0 else 'before'} the returns are due"
