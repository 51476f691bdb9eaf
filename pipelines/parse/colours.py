"""The colour that a cell is filled with, taken for a rating where it is clearly one of a traffic light's.

Hues in degrees, saturation and brightness from 0 to 1 (HSV). Between red and amber, and between amber and
green, lies a margin in which nobody could say which is meant.
"""

import colorsys
from collections.abc import Mapping, Sequence

from pipelines.parse.parsed import Parsed, problem
from pipelines.parse.ratings import FOUR_POINTS, spelt
from pipelines.parse.typed import shown

BETWEEN = "a colour between those of the scale"
_NAMES = {"g": "green", "a": "amber", "r": "red"}
# The cell styles Good, Neutral and Bad of Excel, too pale to be told from decoration by their hue alone.
_STYLES = {"C6EFCE": "g", "FFEB9C": "a", "FFC7CE": "r"}
_HUES = {"r": (-15, 12), "a": (26, 66), "g": (80, 165)}
_BLACK, _PALE = 0.25, 0.25
# Forms mark the cells that are to be filled in with a pale yellow.
_YELLOW, _PALE_YELLOW = (46, 70), 0.7


def light_of(fill: str) -> str | None:
    """'g', 'a' or 'r' for a fill (RRGGBB) that is clearly such a colour, BETWEEN for another colour.

    None for what is no colour (white, grey, black) or too pale to be more than decoration.
    """
    fill = fill.upper()
    if fill in _STYLES:
        return _STYLES[fill]
    red, green, blue = (int(fill[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, brightness = colorsys.rgb_to_hsv(red, green, blue)
    degrees = hue * 360
    if brightness < _BLACK or saturation < _PALE:
        return None
    if _YELLOW[0] <= degrees <= _YELLOW[1] and saturation < _PALE_YELLOW:
        return None
    if degrees >= 360 + _HUES["r"][0]:
        return "r"
    return next((light for light, (low, high) in _HUES.items() if low <= degrees <= high), BETWEEN)


def with_fill(
    read: Parsed,
    raw: object,
    fill: str,
    choices: Sequence[str],
    own: Mapping[str, str],
    *,
    is_of_row: bool = False,
) -> Parsed:
    """A rating with what its cell's colour says. `own` are the scale's own fills (RRGGBB → code).

    `is_of_row`: other cells of the row are filled so too, and then nobody can say that it is the rating.
    Where the text is a rating it counts, and a colour that contradicts it is asked about. Where it is none,
    the colour is read, always with a remark; a colour that can't be a rating of the scale is a problem.
    """
    codes = tuple(choices) or FOUR_POINTS
    light = light_of(fill)
    code = own.get(fill.upper()) or (light.upper() if light in _NAMES and light.upper() in codes else None)
    if code is None and light is None:
        return read
    if is_of_row:
        if raw is not None:
            return read
        listed = ", ".join(map(spelt, codes))
        return problem(
            f"The row is filled with {fill.upper()}, and we can't tell whether that is its rating. Type it: {listed}."
        )
    what = f"filled with {_NAMES.get(light or '', light or 'the colour of the scale')} ({fill.upper()})"
    letters = (code or (light if light in _NAMES else "") or "").casefold()
    if isinstance(read.value, str):
        if not letters or set(letters) & set(read.value.casefold()):
            return read
        return Parsed(
            read.value,
            remark=f"The cell says {shown(raw)} and is {what}. We took what it says. Please confirm.",
        )
    says = f"says {shown(raw)}" if raw is not None else "is empty"
    if read.status is not None:  # n/a, say, which is no rating whatever its colour
        return Parsed(None, read.status, remark=f"The cell {says} and is {what}. If it is a rating, type it.")
    listed = ", ".join(map(spelt, codes))
    if code:
        return Parsed(
            code, remark=f"The cell {says} and is {what}, which we read as {spelt(code)}. Please confirm."
        )
    why = "which the scale divides in two" if light == "a" else "which is no rating of the scale"
    return problem(f"The cell {says} and is {what}, {why}. Type the rating: {listed}.")
