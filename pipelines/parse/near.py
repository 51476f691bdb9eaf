"""A word that is nearly one of a list: read with a remark where it can mean one of them only."""

import difflib
from collections.abc import Mapping

from pipelines.headings import is_slip


def meant(typed: str, known: Mapping[str, str]) -> str | None:
    """What `typed` stands for if it is one of `known` (text → what it stands for) with a typing error.

    All texts as pipelines.headings.plain gives them. None if nothing or more than one thing is so near.
    The first letters must agree: 'unsatisfactory' is no misspelt 'satisfactory'.
    """
    near = {value for text, value in known.items() if text[:1] == typed[:1] and is_slip(typed, text)}
    return near.pop() if len(near) == 1 else None


def nearest(typed: str, known: Mapping[str, str]) -> str | None:
    """What the most similar text of `known` stands for, to ask whether it was meant; None if none is similar.

    A number in it must be the same: project 12 is not nearly project 13.
    """
    alike = [text for text in known if _digits(text) == _digits(typed)]
    close = difflib.get_close_matches(typed[:100], alike, n=1)
    return known[close[0]] if close else None


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
