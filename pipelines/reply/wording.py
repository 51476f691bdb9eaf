"""A finding's sentences, put where the reader of a reply looks for them: expected here, remedy there."""

import re
from collections.abc import Iterable, Sequence

from pipelines.findings import NOTE, QUERY, REFUSE, Finding

MUST_FIX, EXPLAIN, INFORMATION = "Must fix", "Please explain", "For information"
SEVERITIES = {REFUSE: MUST_FIX, QUERY: EXPLAIN, NOTE: INFORMATION}
NO_REMEDY = {
    MUST_FIX: "Correct it on its sheet of this workbook.",
    EXPLAIN: "Correct it, or say in 'Your answer' why it is right.",
    INFORMATION: "Nothing to do.",
}
# of what stands on no sheet of the reply: a file or a sheet that could not be read
OF_THE_FILE = {
    MUST_FIX: "Mend your own file and send it again.",
    EXPLAIN: "Mend your own file and send it again, or say in 'Your answer' why it is right.",
    INFORMATION: "Nothing to do.",
}
# the same for who has no reply before them, at a terminal
AT_A_TERMINAL = {
    NO_REMEDY[MUST_FIX]: "Correct it.",
    NO_REMEDY[EXPLAIN]: "Correct it, or explain it in the reply.",
    OF_THE_FILE[MUST_FIX]: "Mend the file.",
    OF_THE_FILE[EXPLAIN]: "Mend the file, or explain it in the reply.",
}
BLANK = "(blank)"
LONGEST = 200  # characters of what was sent that a reply repeats

# Sentences that tell their reader what to do begin so; the others say what we found and expected.
_REMEDY = re.compile(
    r"""(add|agree|ask|change|check|choose|close|compare|confirm|copy|correct|count|delete|divide|do|enter|explain
    |fill|give|if|keep|leave|let|make|mend|move|name|open|paste|please|put|remove|rename|replace|save|say|send
    |split|take|tell|type|unhide|unlock|use|write)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_END = re.compile(r"(?<=[.!?])\s+(?=['‘“A-Z£])")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|no|approx|etc|vs|p)\.$", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """The sentences of a text; what stands in quotation marks or after an abbreviation is not divided."""
    found: list[str] = []
    for part in _END.split(text.strip()):
        is_open = bool(found) and (found[-1].count("'") % 2 == 1 and part.count("'") % 2 == 1)
        if found and (is_open or _ABBREVIATION.search(found[-1])):
            found[-1] += f" {part}"
        elif part:
            found.append(part)
    return found


def expected_and_fix(because: str, severity: str, *, is_in_return: bool = True) -> tuple[str, str]:
    """A finding's sentence in two: what we found and expected, and how to mend it.

    `is_in_return`: it is about a return that was recognised, whose figures go back in the reply. The remedy is the
    last sentences that begin with what to do; where there is none, or nothing but a remedy, the severity says what
    is left to do.
    """
    parts = sentences(because)
    start = len(parts)
    while start and _REMEDY.match(parts[start - 1]):
        start -= 1
    expected, fix = " ".join(parts[:start]), " ".join(parts[start:])
    remedy = (NO_REMEDY if is_in_return else OF_THE_FILE)[severity]
    if not expected:
        return because, remedy
    return expected, fix or remedy


def what_was_sent(findings: Sequence[Finding]) -> str:
    """What stood in the cells of findings that say the same: once where it is the same, else cell by cell."""
    typed = [_short(finding.as_typed) for finding in findings if finding.cell]
    if not typed:
        return ""
    if len(set(typed)) == 1:
        return typed[0]
    shown = [f"{f.cell}: {_short(f.as_typed)}" for f in findings if f.cell]
    text = "; ".join(shown[:SHOWN])
    return f"{text}; and {len(shown) - SHOWN} more" if len(shown) > SHOWN else text


SHOWN = 6  # values of one query that differ


def _short(text: str | None) -> str:
    if not text:
        return BLANK
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


_CELL = re.compile(r"([A-Z]+)(\d+)")
MOST_CELLS = 12  # of one query; the rest are counted


def listed_cells(cells: Iterable[str]) -> str:
    """Cells in reading order, those below each other joined: C5 to C9, C12."""
    found = sorted({_place(cell) for cell in cells})
    runs: list[tuple[tuple[int, str], int, int]] = []
    for column, row in found:
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    shown = [
        f"{letters}{first}" if first == last else f"{letters}{first} to {letters}{last}"
        for (_, letters), first, last in runs
    ]
    rest = len(shown) - MOST_CELLS
    return ", ".join(shown[:MOST_CELLS]) + (f" and {rest} more places" if rest > 0 else "")


def _place(cell: str) -> tuple[tuple[int, str], int]:
    match = _CELL.fullmatch(cell)
    if not match:
        return (0, cell), 0
    return (len(match[1]), match[1]), int(match[2])
