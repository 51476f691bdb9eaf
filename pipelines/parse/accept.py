"""The last step of reading a figure: what its column can't hold, and what should be confirmed of it."""

from decimal import Decimal

from pipelines.parse.parsed import Parsed, problem
from pipelines.parse.typed import shown
from pipelines.parse.units import Expected

TOO_LARGE = 10**15  # Excel keeps 15 digits, and no figure of a partnership needs more
# Systems export these for 'not available'. Only as remarks: a change or a balance can be -1. Positive ones
# such as 99 and 999 are left alone, being ordinary counts.
SENTINELS = frozenset({-1, -9, -99, -999, -9999})
# Under a heading in thousands whole pounds are sometimes typed all the same; so many thousands would be rare.
_MANY = 100_000


def accepted(
    value: Decimal,
    raw: object,
    wanted: Expected,
    status: str | None = None,
    remarks: list[str] | None = None,
    *,
    is_scaled: bool = False,
) -> Parsed:
    """The figure as its column holds it. `is_scaled`: it says itself that it is in thousands or millions."""
    remarks = list(remarks or [])
    alternatives: tuple[float, ...] = ()
    if wanted.is_other:
        return contradiction(shown(raw), f"stands under a heading that says '{wanted.said}'", wanted)
    if wanted.is_doubtful:
        remarks.append(
            f"The heading says '{wanted.said}', and we took {shown(raw)} to be {wanted.unit}. Please confirm."
        )
    if wanted.power and not is_scaled and value:
        scaled = value.scaleb(wanted.power)
        if abs(value) >= _MANY:
            remarks.append(
                f"The heading says '{wanted.said}', so we read {shown(raw)} as {spelt(scaled)}. Please confirm."
            )
            alternatives = (float(scaled), float(value))
        value = scaled
    if abs(value) >= TOO_LARGE:
        return problem(f"{shown(raw)} is too large for a figure. Check it, and type {wanted.noun}.")
    if wanted.is_whole:
        return _whole(value, raw, status, remarks)
    if value in SENTINELS and not wanted.is_money:
        remarks.append(f"{shown(raw)} often stands for 'not available'. If it does here, type n/a.")
    return Parsed(float(value) + 0.0, status, None, " ".join(remarks) or None, alternatives)


def fraction_or_percent(value: Decimal) -> Parsed:
    """0.38 without a sign in a column of percentages, which only earlier values can settle."""
    typed, percent = spelt(value), f"{spelt(value * 100)}%"
    fix = f"Type it with the sign, for example {percent}"
    fix += ", or n/a if it stands for 'not available'." if value in SENTINELS else "."
    return Parsed(
        None,
        problem=f"We can't tell whether {typed} means {typed}% or {percent}. {fix}",
        alternatives=(float(value), float(value * 100)),
    )


def pounds_or_thousands(value: Decimal, raw: object) -> Parsed:
    """12.000 in a column of money: twelve pounds, or twelve thousand as written on the continent."""
    thousands = value * 1000
    return Parsed(
        None,
        problem=f"We can't tell whether {shown(raw)} means {spelt(value)} or {spelt(thousands)}. "
        f"Type it with a comma or in full pence, for example {spelt(thousands)} or {value:.2f}.",
        alternatives=(float(value), float(thousands)),
    )


def contradiction(found: str, what: str, wanted: Expected) -> Parsed:
    """A figure of another kind than the column's; `what` says how it is another."""
    return problem(
        f"{found} {what}, and {wanted.noun} was expected. "
        f"Type the figure alone, for example {wanted.example}."
    )


def spelt(value: Decimal) -> str:
    """A number as people write it: 1,200,000 and 0.38, never 1.2E+6."""
    return f"{value.normalize():,f}"


def _whole(value: Decimal, raw: object, status: str | None, remarks: list[str]) -> Parsed:
    whole = round(value)
    if abs(value - whole) > Decimal("1e-9"):
        return problem(
            f"We found {shown(raw)} where a whole number was expected. "
            "Type the count itself, without rounding it to thousands or making it a rate."
        )
    if whole < 0:
        return problem(
            f"We found {shown(raw)}, and a count can't be below zero. Check it; if it stands for "
            "'not available', type n/a."
        )
    return Parsed(whole, status, None, " ".join(remarks) or None)
