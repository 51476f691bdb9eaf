"""Personal data in what partners write: found by its form, and taken out of what is kept for reading.

A name or an address in a comment would stand before a Board. What is looked for has a form of its own: an
e-mail address, a telephone or National Insurance number, a date of birth, a house number with its postcode,
a title with a name. The partner's file is kept as it came; everything made from it shows the text without.
"""

import re

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = (
    r"(?:\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}[ -,]+\d{{2,4}}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
)
_POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"
_NAME = r"[A-Z](?:[’'][A-Z])?[a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?"

# What it is → its form. National Insurance numbers: HMRC's manual NIM39110 lists the letters that none begins with.
FORMS: dict[str, re.Pattern[str]] = {
    "an e-mail address": re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    "a National Insurance number": re.compile(
        r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE
    ),
    "a telephone number": re.compile(
        r"(?<![\d.,£-])(?:\+44[ -]?(?:\(0\) ?)?|\(?0)(?:[1-37-9](?:[ -]?\(?\d\)?){8,9})(?![\d,.]?\d)"
    ),
    "a date of birth": re.compile(
        rf"\b(?:born|d\.?o\.?b\.?|date of birth)\W{{0,4}}(?:on |is )?{_DAY}", re.IGNORECASE
    ),
    "a home address": re.compile(
        rf"\b\d{{1,4}}[A-Za-z]?,? +(?:[A-Za-z'’.-]+,? +){{1,6}}{_POSTCODE}\b"
    ),
    "the name of a person": re.compile(
        rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|PC|PCSO|Sgt|Insp)\b\.?(?: [A-Z]\.?)* {_NAME}(?: {_NAME})?"
    ),
}  # fmt: skip
REMOVED = "[removed]"
RULE = "expect_column_values_to_hold_no_personal_data"  # by which a contract has a column looked through


def kinds(text: object) -> list[str]:
    """What kinds of personal data a text holds, in words; none for what is no text."""
    if not isinstance(text, str):
        return []
    return [kind for kind, form in FORMS.items() if form.search(text)]


def masked(text: str) -> str:
    """The text with every piece of personal data taken out."""
    for form in FORMS.values():
        text = form.sub(REMOVED, text)
    return text
