"""Settings: those that a run can't do without are there, and can be used as they stand."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from pipelines.findings import QUERY, Finding
from pipelines.framework.measure_settings import SETTINGS
from pipelines.framework.naming import TITLE
from pipelines.framework.rule_limits import LIMITS, Limit
from pipelines.framework_checks.framework import Framework

TEXTS = {
    "home_area": "the ref of the partnership's own area",
    "partnership_name": "the name on the pack's cover",
    "partnership_contact": "the post to write to about the pack",
}
CAP = "carry_cap_pct"
NUMBERS: dict[str, tuple[Callable[[float], bool], str]] = {
    "early_share": (lambda value: 0 <= value <= 1, "a share from 0 to 1: type 0.1 for 10%"),
    "stale_above": (
        lambda value: value > 0,
        "a number above 0: 1 is the month in which the next value is due",
    ),
    CAP: (lambda value: 0 <= value <= 100, "a percentage from 0 to 100 without its sign: type 5 for 5%"),
}


def _lies_within(limit: Limit, value: float) -> bool:
    return limit.least <= value <= limit.most


# what may be left out, but must be usable where it is given
OPTIONAL: dict[str, tuple[Callable[[float], bool], str]] = {
    "s_curve_steepness": (
        lambda value: 0 < value <= 100,
        "a number above 0 and up to 100: type 8 for the usual one",
    ),
}
OUTLOOK_METHODS = ("random walk with drift", "no change", "damped trend", "least squares", "median slope")
# what rules and measures go by: a framework need not have them, but one that it has must be usable
RULES: dict[str, tuple[Callable[[float], bool], str]] = {
    name: (
        partial(_lies_within, limit),
        f"a number from {limit.least:g} to {limit.most:g}",
    )
    for name, limit in (LIMITS | SETTINGS).items()
}
RULES["review_months"] = (
    lambda value: value >= 1 and value == int(value),
    "a whole number of months from 1",
)
RETENTION = "retention_months"  # how long files are kept; of one source, with its reference behind it
# how ratings are shown and suggested: a framework need not say, but what it says must be understood
ORDER, RATERS = "rating_order", ("official", "moderated", "own", "suggested")
SHEET_NAME = re.compile(r"[^\[\]:*?/\\']{1,31}")
CHOICES = {"element_rule": ("worst", "middle")}
NEEDED = TEXTS | {name: wanted for name, (_, wanted) in NUMBERS.items()}


def given(framework: Framework) -> Iterator[Finding]:
    """Each needed setting that has no row, or whose row its contract refused."""
    settings = {row["setting_id"] for row in framework.rows("settings")}
    refused = dict(framework.refused("settings"))
    for name in NEEDED:
        if not settings or name in settings:
            continue
        if reason := refused.get(name):
            is_blank = reason.column_name == "value" and not reason.as_typed
            sentence = f"The setting '{name}' can't be used. {reason.because}"
            if is_blank:
                sentence = f"The setting '{name}' is blank. Fill in {NEEDED[name]}."
            yield replace(reason, rule="setting_given", because=sentence)
        else:
            sentence = f"The settings have no '{name}'. Add a row, spelt exactly so, with {NEEDED[name]}."
            yield framework.on_sheet("settings", "setting_given", sentence)


def numbers(framework: Framework) -> Iterator[Finding]:
    """Each setting that must be a number and is none, or one out of its range."""
    for row in framework.rows("settings"):
        name, typed = row["setting_id"], row["value"]
        if name not in NUMBERS | OPTIONAL | RULES:
            continue
        is_right, wanted = (NUMBERS | OPTIONAL | RULES)[name]
        number = _number(typed)
        if name == CAP and number is not None and framework.shows_percent(row, "value"):
            # whoever types 5% into Excel sees 5%, and the cell holds 0.05
            typed, number = f"{100 * number:g}%", None
        if number is None or not is_right(number):
            sentence = f"'{name}' is '{typed}', and should be {wanted}."
            yield framework.at(row, "value", "setting_is_number", sentence)
        elif name == CAP and 0 < number < 1:
            sentence = f"'{name}' is '{typed}', which is less than one per cent. If 5% is meant, type 5."
            yield framework.at(row, "value", "setting_is_likely", sentence, QUERY)


def choices(framework: Framework) -> Iterator[Finding]:
    """Each setting that must be one of a few words, or an order of them, and is not."""
    for row in framework.rows("settings"):
        name, typed = row["setting_id"], row["value"]
        if name in CHOICES and typed not in CHOICES[name]:
            sentence = f"'{name}' is '{typed}', and should be {' or '.join(CHOICES[name])}."
            yield framework.at(row, "value", "setting_is_choice", sentence)
        if name == ORDER:
            names = [part.strip() for part in typed.split(",")]
            if len(set(names)) < len(names) or not set(names) <= set(RATERS):
                sentence = (
                    f"'{name}' is '{typed}', and should name some of {', '.join(RATERS)}, each once, "
                    "with a comma between them."
                )
                yield framework.at(row, "value", "setting_is_choice", sentence)


def names(framework: Framework) -> Iterator[Finding]:
    """Names that no sheet of a workbook can have, and titles of returns that there are not."""
    returns = framework.returns
    for row in framework.rows("settings"):
        name, typed = row["setting_id"], row["value"]
        if name.startswith(TITLE) and name.removeprefix(TITLE) not in returns:
            sentence = f"'{name}' names no return. The returns are {', '.join(returns)}."
            yield framework.at(row, "setting_id", "setting_names_return", sentence)
        elif name.startswith(TITLE) and not SHEET_NAME.fullmatch(typed):
            sentence = (
                f"'{name}' is '{typed}', and a sheet has this name: it may have up to 31 characters "
                "and none of [ ] : * ? / \\."
            )
            yield framework.at(row, "value", "setting_is_sheet_name", sentence)


def retention(framework: Framework) -> Iterator[Finding]:
    """How long files are kept, where that is no number of months or is of no partner: nothing would ever be due."""
    partners = {row["partner_id"] for row in framework.rows("partners")}
    for row in framework.rows("settings"):
        name, typed = row["setting_id"], row["value"]
        if name != RETENTION and not name.startswith(f"{RETENTION}_"):
            continue
        partner = name.removeprefix(RETENTION).removeprefix("_")
        if partner and partners and partner not in partners:
            sentence = (
                f"'{name}' names no partner. Type {RETENTION}_ and one of {', '.join(sorted(partners))}."
            )
            yield framework.at(row, "setting_id", "setting_names_partner", sentence)
        months = _number(typed)
        if months is None or months < 1 or months != int(months):
            sentence = f"'{name}' is '{typed}', and should be a whole number of months from 1."
            yield framework.at(row, "value", "setting_is_number", sentence)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def outlook_methods(framework: Framework) -> Iterator[Finding]:
    """Methods of the outlook that are not there."""
    for row in framework.rows("settings"):
        named = [name.strip() for name in row["value"].split(";")]
        if row["setting_id"] != "outlook_methods" or set(named) <= set(OUTLOOK_METHODS):
            continue
        odd = next(name for name in named if name not in OUTLOOK_METHODS)
        sentence = f"'{odd}' is no method of the outlook. Type one or more of {'; '.join(OUTLOOK_METHODS)}."
        yield framework.at(row, "value", "outlook_methods_known", sentence)


def home_area(framework: Framework) -> Iterator[Finding]:
    """The partnership's own area, if it is not one of the areas by its very ref."""
    refs = {row["area_id"] for row in framework.rows("areas")}
    for row in framework.rows("settings"):
        value = row["value"]
        if row["setting_id"] != "home_area" or not refs or value in refs:
            continue
        if area := framework.meant("areas", value):
            right = f"Type the area's ref as it stands there: '{area}'."
        else:
            column, title = framework.header("areas", "area_id"), framework.contract("areas").title
            right = f"Type one from the column {column} of the sheet '{title}', or add the area there."
        sentence = (
            f"'home_area' is '{value}', which is the ref of no area, so no value would be found. {right}"
        )
        yield framework.at(row, "value", "home_area_known", sentence)
