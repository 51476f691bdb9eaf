"""What the quarterly cycle goes by: the calendar's further days, working days, mail addresses, withdrawals."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from pipelines.findings import QUERY, Finding
from pipelines.framework.addresses import addresses as addresses_in
from pipelines.framework.addresses import is_address
from pipelines.framework.calendar import (
    CalendarError,
    listed_days,
    reminder_offsets,
    time_zone,
    working_days,
)
from pipelines.framework_checks.framework import Framework
from pipelines.headings import plain
from pipelines.parse.dates import spoken

SCHEDULE = "schedule_"
CRON = re.compile(r"[\d*/,-]+( [\w*/,#-]+){4}")
READ: dict[str, Callable[[dict[str, str]], Any]] = {
    "time_zone": time_zone,
    "holidays": working_days,
    "reminder_days": reminder_offsets,
}


def settings_of(framework: Framework) -> dict[str, str]:
    return {row["setting_id"]: row["value"] for row in framework.rows("settings")}


def settings(framework: Framework) -> Iterator[Finding]:
    """Settings of the cycle that can't be used as they stand."""
    for row in framework.rows("settings"):
        name, value = row["setting_id"], row["value"]
        if read := READ.get(name):
            try:
                read({name: value})
            except CalendarError as error:
                yield framework.at(row, "value", "setting_is_usable", str(error))
        if name.startswith(SCHEDULE) and not CRON.fullmatch(" ".join(value.split())):
            sentence = (
                f"'{name}' is '{value}', and should be minute, hour, day, month and weekday, such as 0 7 * * 1-5 "
                "for seven o'clock on working days."
            )
            yield framework.at(row, "value", "setting_is_usable", sentence)


def days(framework: Framework) -> Iterator[Finding]:
    """Further days of a quarter that are none or out of order; days of work that are none."""
    try:
        working = working_days(settings_of(framework))
    except CalendarError:
        return  # told of the setting
    for row in framework.rows("calendar"):
        try:
            listed_days(row["reminders_on"])
        except CalendarError as error:
            yield framework.at(row, "reminders_on", "reminders_are_days", str(error))
        if row["opens_on"] and row["opens_on"] > row["due_on"]:
            sentence = f"The returns are due on {spoken(row['due_on'])}, before they go out. Check both days."
            yield framework.at(row, "opens_on", "days_in_order", sentence)
        if row["late_until"] and row["late_until"] < row["due_on"]:
            sentence = (
                f"Late returns end before the returns are due on {spoken(row['due_on'])}. Check both days."
            )
            yield framework.at(row, "late_until", "days_in_order", sentence)
        if row["publish_on"] and row["publish_on"] < row["cut_off_on"]:
            sentence = f"The pack would be published before the cut-off on {spoken(row['cut_off_on'])}."
            yield framework.at(row, "publish_on", "days_in_order", sentence)
        for column, what in (("due_on", "Returns are due"), ("board_on", "The Board meets")):
            if why := working.why_not(row[column]):
                right = spoken(working.at_or_after(row[column]))
                sentence = (
                    f"{what} on {spoken(row[column])}, which is {why}. The next working day is {right}."
                )
                yield framework.at(row, column, "is_working_day", sentence, QUERY)


def addresses(framework: Framework) -> Iterator[Finding]:
    """E-mail addresses that are none, and one that two partners have: of whom is what comes from it?"""
    held: dict[str, str] = {}
    for entity, key in (("partners", "partner_id"), ("recipients", "recipient_id")):
        for row in framework.rows(entity):
            for address in addresses_in(row["email"]):
                if not is_address(address):
                    sentence = f"'{address}' is no e-mail address. Several are divided by semicolons."
                    yield framework.at(row, "email", "address_is_one", sentence)
                elif entity == "partners" and held.setdefault(address.casefold(), row[key]) != row[key]:
                    sentence = (
                        f"{address} is also that of '{held[address.casefold()]}', so nobody could tell from whom a "
                        "mail comes. Give each partner a mailbox of its own."
                    )
                    yield framework.at(row, "email", "address_of_one_partner", sentence)


def withdrawals(framework: Framework) -> Iterator[Finding]:
    """Withdrawals of a return that there is not, which would withdraw nothing."""
    names = {plain(name): name for name in framework.returns}
    for row in framework.rows("withdrawals"):
        if plain(row["return_name"]) not in names:
            sentence = (
                f"There is no return '{row['return_name']}'. The returns are {', '.join(names.values())}."
            )
            yield framework.at(row, "return_name", "return_known", sentence)
