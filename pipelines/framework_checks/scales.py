"""The rating scale and the spend bands: steps in order, each with its limit, that can be read and drawn."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipelines.findings import Finding
from pipelines.framework_checks.framework import Framework, Row
from pipelines.parse import parse

COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
HIGHEST_RATIO = 2  # nobody asks for twice the improvement needed by now; 80 is meant as 80%


class Scale(NamedTuple):
    """A sheet of numbered steps, whose limits all rise (+1) or fall (-1) until the last, which has none."""

    entity: str
    number: str
    limit: str
    sign: int


CHANCES = Scale("rating_scale", "rank", "lowest_chance", -1)
SCALES = (
    Scale("rating_scale", "rank", "lowest_on_course", -1),
    Scale("spend_bands", "band", "up_to_pct", +1),
)


def _steps(framework: Framework, scale: Scale) -> list[Row]:
    """The steps in order; none while a row is refused, as the others then only seem out of order."""
    rows = framework.rows(scale.entity) if framework.is_whole(scale.entity) else []
    return sorted(rows, key=lambda row: row[scale.number])


def numbered(framework: Framework) -> Iterator[Finding]:
    """The first step of a scale that is not numbered as its place has it."""
    for scale in SCALES:
        for place, row in enumerate(_steps(framework, scale), start=1):
            if row[scale.number] != place:
                header = framework.header(scale.entity, scale.number)
                sentence = (
                    f"{header} must run 1, 2, 3 and so on, each once; number {place} was expected here. "
                    "Number the rows again, or put back the row that is missing."
                )
                yield framework.at(row, scale.number, "steps_numbered", sentence)
                break


def limits(framework: Framework) -> Iterator[Finding]:
    """Limits missing, out of order or out of bounds, and one at the last step, which is for all the rest."""
    for scale in SCALES:
        steps, limit = _steps(framework, scale), scale.limit
        header = framework.header(scale.entity, limit)
        order = "rise from band to band" if scale.sign > 0 else "fall from rank to rank"
        for row in steps[:-1]:
            if row[limit] is None:
                sentence = (
                    f"{header} must be a plain number here: only the last row, for all the rest, has none."
                )
                yield framework.at(row, limit, "limit_given", sentence)
            elif scale.sign < 0 and row[limit] > HIGHEST_RATIO:
                sentence = f"{header} is a ratio, and 1 is level with the trajectory: type 0.8 for 80%."
                yield framework.at(row, limit, "limit_is_ratio", sentence)
        for row in steps[-1:]:
            if row[limit] is not None:
                sentence = f"{header} must be blank in the last row, which is for all the rest."
                yield framework.at(row, limit, "last_has_no_limit", sentence)
        limited = [row for row in steps if row[limit] is not None]
        for above, row in pairwise(limited):
            if scale.sign * (row[limit] - above[limit]) <= 0:
                sentence = f"{header} must {order}, and {row[limit]:g} comes after {above[limit]:g}."
                yield framework.at(row, limit, "limits_in_order", sentence)


def chances(framework: Framework) -> Iterator[Finding]:
    """Chances out of order or out of bounds; a scale without any has no outlook and is no fault."""
    steps = _steps(framework, CHANCES)
    given = [row for row in steps if row[CHANCES.limit] is not None]
    header = framework.header(CHANCES.entity, CHANCES.limit)
    if given and given != steps[:-1]:
        sentence = f"{header} must be given in every row but the last, which is for all the rest, or in none."
        yield framework.at(given[0], CHANCES.limit, "chances_given", sentence)
        return
    for above, row in pairwise([None, *given]):
        if row and (
            not 0 < row[CHANCES.limit] <= 1 or (above and row[CHANCES.limit] >= above[CHANCES.limit])
        ):
            sentence = f"{header} must fall from rank to rank, between 1 and 0: type 0.75 for 75%."
            yield framework.at(row, CHANCES.limit, "chances_in_order", sentence)


def rating_codes(framework: Framework) -> Iterator[Finding]:
    """Codes that nobody's rating could ever be read as."""
    rows = framework.rows("rating_scale")
    codes = tuple(row["rating"] for row in rows)
    for row in rows:
        if parse("rating", row["rating"], choices=codes).value != row["rating"]:
            sentence = (
                f"No rating in a return can be read as '{row['rating']}'. A code is made of the first letters "
                "of its colours: G, AG, AR or R."
            )
            yield framework.at(row, "rating", "rating_readable", sentence)


def colours(framework: Framework) -> Iterator[Finding]:
    """Colours that can't be drawn."""
    for row in framework.rows("rating_scale"):
        for column in ("fill", "font"):
            if not COLOUR.fullmatch(row[column]):
                sentence = (
                    f"'{row[column]}' is no colour. Type six hexadecimal digits (0 to 9, A to F), such as FFFFFF; "
                    "format the cell as Text first, so that Excel keeps zeros in front."
                )
                yield framework.at(row, column, "colour_readable", sentence)
