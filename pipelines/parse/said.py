"""What the heading of a column says of the figures under it: in thousands, per cent, on another base."""

import re
from functools import lru_cache

from pipelines.parse.units import POINTS, Contradiction, Expected, expected, unit_remark

_SCALES = {
    3: re.compile(r"(?:in )?(?:£|gbp)? ?(?:'?000'?s?|k|thousands?)(?: (?:of )?(?:£|pounds))?", re.IGNORECASE),
    6: re.compile(r"(?:in )?(?:£|gbp)? ?(?:m|mn|millions?)(?: (?:of )?(?:£|pounds))?", re.IGNORECASE),
    9: re.compile(r"(?:in )?(?:£|gbp)? ?(?:bn|billions?)(?: (?:of )?(?:£|pounds))?", re.IGNORECASE),
}
_MONEY = re.compile(r"£.*|gbp|(?:in )?pounds?", re.IGNORECASE)
_PERCENT = re.compile(r"%|per ?cents?|percentages?|pct", re.IGNORECASE)
_NOTHING = re.compile(r"|rate|numbers?|no\.?|count|figure|value|total|dd.*", re.IGNORECASE)


@lru_cache(maxsize=1024)
def wanted_under(kind: str, unit: str | None, said: str | None) -> Expected:
    """What a column of `kind` in `unit` expects under a heading that says `said` ('£000s', '%', 'per 1,000')."""
    wanted = expected(kind, unit)
    text = " ".join((said or "").replace("’", "'").strip("()[] ").split()).removeprefix("rate ")
    if _NOTHING.fullmatch(text):
        return wanted
    is_money, is_percent = bool(_MONEY.fullmatch(text)), bool(_PERCENT.fullmatch(text))
    power = next((power for power, form in _SCALES.items() if form.fullmatch(text)), 0)
    if power and not wanted.is_percent and (wanted.is_money or not is_money):
        return wanted._replace(said=text, power=power)
    if (is_money and wanted.is_money) or (is_percent and wanted.is_percent):
        return wanted
    if kind == "number" and not wanted.unit:
        return wanted  # the column itself says nothing of its unit, so no heading can contradict it
    are_points = POINTS.fullmatch(text)
    if are_points and POINTS.fullmatch(wanted.unit):
        return wanted
    if is_money or is_percent or are_points or power:
        return wanted._replace(said=text, is_other=True)
    if not wanted.unit or wanted.is_money:
        return wanted
    try:
        is_doubtful = unit_remark(text, wanted) is not None
    except Contradiction:
        return wanted._replace(said=text, is_other=True)
    return wanted._replace(said=text, is_doubtful=is_doubtful)
