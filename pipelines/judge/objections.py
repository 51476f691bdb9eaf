"""Whether an answer to a query explains the figure, says that it is to be corrected, or says nothing."""

import re

from pipelines.parse.marks import missing

# "nothing is wrong", "not a mistake": these object to nothing
DENIED = re.compile(
    r"\b(?:no|not|nothing|isn['’]t|wasn['’]t)\b(?:\s+\w+){0,3}?\s+(?:wrong|mistaken?|errors?|incorrect|typos?|slips?)\b",
    re.IGNORECASE,
)
WRONG = re.compile(
    r"\b(?:wrong(?:ly)?|mistaken?|mistakes|errors?|incorrect(?:ly)?|typos?|mis-?typed|mis-?keyed|misprint"
    r"|should\s+(?:be|have|read|say)|ought\s+to|not\s+(?:right|correct)|meant\s+to\s+be|instead\s+of)\b",
    re.IGNORECASE,
)
# "please delete this row", and not "we did not remove anybody from the list"
TO_GO = re.compile(
    r"(?:^|[.;:,!]\s*|\bplease\s+|\bshould\s+be\s+)(?:delete|remove|ignore|disregard)d?\b", re.IGNORECASE
)
# what is said where nothing can be said yet
_FIND_OUT = (
    r"(?:check(?:ed|ing)?|confirm(?:ed|ing)?|look(?:ed|ing)?\s+into|investigat(?:e|ed|ing)|follow"
    r"|advised?|quer(?:y|ied))"
)
PROMISE = re.compile(
    rf"\b(?:will|shall|am|are|is|to|being|needs?\s+to\s+be)\s+(?:be\s+)?{_FIND_OUT}\b"
    r"|\b(?:come|get|revert|be)\s+back(?:\s+to\s+you)?\b"
    r"|\b(?:checking|looking\s+into\s+(?:it|this)|awaiting\s+\w+|tb[acd])\b",
    re.IGNORECASE,
)
EMPTY = frozenset({
    "a", "about", "am", "and", "are", "as", "asap", "been", "chase", "chased", "finance", "get", "have", "i",
    "in", "is", "it", "later", "let", "me", "my", "next", "no", "not", "noted", "of", "ok", "okay", "on",
    "our", "please", "quarter", "regards", "return", "shall", "soon", "thank", "thanks", "that", "the",
    "them", "this", "to", "today", "tomorrow", "up", "us", "we", "week", "will", "with", "yes", "you",
})  # fmt: skip
# years, quarters, dates and references are no figures that could stand in the cell
NO_FIGURE = re.compile(
    r"\b(?:19|20)\d\d(?:\s*[/–-]\s*\d{2,4})?\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
    r"|\b\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|\b[A-Za-z_]+_?\d+\w*\b",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
# "it is £59,000", "change to 59,000", "actual: 59,000" give a figure; "an invoice of £10,000 came late" explains one
_AMENDED = (
    r"(?:chang|correct|amend|revis|alter|updat)(?:e|ed)?"
    r"(?:\s+(?:it|this|that|the|figure|value|cell|row|line|from|£?[\d,.]+))*\s+to"
)
GIVEN = re.compile(
    rf"(?:\b(?:is|was|are|were|be|reads?|use|put|now|actual(?:ly)?|figure|value|{_AMENDED})|[=:])"
    r"\s*(?:really|in\s+fact|now|only)?\s*[£$€]?\s*(?P<figure>\d[\d,]*(?:\.\d+)?)",
    re.IGNORECASE,
)
MOST_WORDS = 3  # beside a figure, in an answer that is little else


def says_it_is_wrong(answer: str, as_typed: str | None) -> bool:
    """Whether the answer gives another figure than the one asked about, or says in words that it is wrong.

    A query about something other than a figure is objected to by words alone. A figure counts as given where the
    answer is little else, or says that the value is that.
    """
    text = DENIED.sub(" ", answer)
    if WRONG.search(text) or TO_GO.search(text):
        return True
    asked = _figures(as_typed or "")
    text = NO_FIGURE.sub(" ", text)
    others = _figures(text) - asked
    if not asked or not others:
        return False
    is_little_else = len(re.findall(r"[^\W\d_]+", text)) <= MOST_WORDS
    return is_little_else or any(_figures(found["figure"]) - asked for found in GIVEN.finditer(text))


def says_nothing(answer: str) -> bool:
    """Whether the answer is no more than yes or no, a mark that nothing is known, or a promise to find out."""
    if missing(answer):
        return True
    left = PROMISE.sub(" ", answer)
    return not re.search(r"\d", left) and EMPTY.issuperset(re.findall(r"[^\W\d_]+", left.casefold()))


def _figures(text: str) -> set[float]:
    return {float(found.replace(",", "")) for found in FIGURE.findall(text)}
