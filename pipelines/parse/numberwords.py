"""A number written out in words: two hundred and six, one and a half million."""

import re
from decimal import Decimal

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: n for n, word in enumerate((*_ONES, *_TEENS), 1)}
_VALUES |= {word: 10 * n for n, word in enumerate(_TENS, 2)} | {"a": 1}
_SCALES = {"million": 10**6, "thousand": 10**3}

_BELOW_100 = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES)}))?|{'|'.join((*_TEENS, *_ONES))})"
_BELOW_1000 = rf"(?:(?:{'|'.join(_ONES)}|a) hundred(?: (?:and )?{_BELOW_100})?|{_BELOW_100}|a)"
_SCALED = "".join(
    rf"(?:(?P<{scale}>half a|{_BELOW_1000}(?: and a half)?)[ -]{scale}s?(?: (?:and )?(?=[a-z])|\b))?"
    for scale in _SCALES
)
_IN_WORDS = re.compile(
    rf"{_SCALED}(?P<rest>(?!a\b(?! hundred)){_BELOW_1000}(?: and a half)?)?\b", re.IGNORECASE
)


def take_words(line: str) -> tuple[str, Decimal] | None:
    """The words at the start of `line` that make a number, and the number; None if there are none."""
    found = _IN_WORDS.match(line)
    if found is None or not found[0].strip():
        return None
    value = sum((_value(found[scale]) * power for scale, power in _SCALES.items()), _value(found["rest"]))
    return found[0].strip(), value


def _value(words: str | None) -> Decimal:
    """What a number below a thousand comes to: 'two hundred and six', 'one and a half', 'half a'."""
    text = (words or "").casefold()
    value = Decimal("0.5") if "half" in text else Decimal(0)
    for word in re.split("[ -]", text.replace("and a half", "").replace("half a", "")):
        value = value * 100 if word == "hundred" else value + _VALUES.get(word, 0)
    return value
