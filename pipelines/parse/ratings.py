"""A rating in a cell, in words, letters or coloured shapes: Amber/Green, A/G, AG, 🟢."""

import re
from collections.abc import Sequence

from pipelines.parse import marks
from pipelines.parse.parsed import Parsed, problem
from pipelines.parse.typed import one_line, shown

FOUR_POINTS = ("G", "AG", "AR", "R")  # the scale of the Government Offices, unless the framework has another
_WORDS = {"g": "Green", "a": "Amber", "r": "Red"}
_SHAPES = {
    **dict.fromkeys(map(ord, "🟢🟩💚"), " green "),
    **dict.fromkeys(map(ord, "🟠🟡🟧🟨🧡💛"), " amber "),
    **dict.fromkeys(map(ord, "🔴🟥❤"), " red "),
    **dict.fromkeys(map(ord, "●▲◆■\ufe0f"), " "),  # the shapes of our own packs only stand beside the letters
}
# Green (improving), but not Green (Amber)
_ASIDE = re.compile(r" ?[(\[](?![^()\[\]]*(?:amber|yellow|green|red\b))[^()\[\]]*[)\]]$")
_TOKENS = re.compile(r"amber|yellow|green|red|and|[-/&+,. ]+|[agr]")


def read_rating(raw: object, choices: Sequence[str] = ()) -> Parsed:
    """A cell of a rating column; the value is the code, made of the first letters of the colours.

    `choices` are the codes of the scale in use; without them it has four points.
    """
    codes = tuple(choices) or FOUR_POINTS
    if not isinstance(raw, str):
        return _unknown(raw, codes)
    if marks.missing(raw) or marks.is_placeholder(raw):
        return Parsed(None, marks.missing(raw) or "x")
    line = one_line(raw.translate(_SHAPES)).casefold()
    bare, aside = marks.take_aside(line.removeprefix("rag: ").removeprefix("rag "))
    line = _ASIDE.sub("", bare)
    if aside or line != bare:
        read = read_rating(line, codes)
        if read.value:
            return Parsed(
                read.value, remark=f"We read {shown(raw)} as {spelt(str(read.value))}. Please confirm."
            )
        return _unknown(raw, codes)
    tokens = _TOKENS.findall(line)
    if "".join(tokens) != line:
        return _unknown(raw, codes)
    colours = [token[0] for token in tokens if token[0].isalpha() and token != "and"]
    code = "".join(colours).replace("y", "a").upper()
    if code in codes:
        return Parsed(code)
    if code[::-1] in codes:
        remark = f"We read {shown(raw)} as {spelt(code[::-1])}. Please confirm."
        return Parsed(code[::-1], remark=remark)
    return _unknown(raw, codes)


def _unknown(raw: object, codes: Sequence[str]) -> Parsed:
    listed = ", ".join(map(spelt, codes))
    if isinstance(raw, str) and one_line(raw).casefold() in ("a", "amber", "yellow", "🟡", "🟠"):
        return problem(f"We found {shown(raw)}, which the scale divides in two. Choose from: {listed}.")
    return problem(f"We found {shown(raw)} where a rating was expected. Choose from: {listed}.")


def spelt(code: str) -> str:
    """A code in words: AG is Amber/Green. A code that is not made of colours stays as it is."""
    letters = code.casefold()
    return "/".join(_WORDS[letter] for letter in letters) if letters and set(letters) <= set(_WORDS) else code
