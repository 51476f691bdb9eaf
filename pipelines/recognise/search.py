"""Lines of headings on a sheet: found wherever they stand, each with the one return that answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress

from pipelines.cells import Cell, Sheet
from pipelines.contract import Contract
from pipelines.headings import could_be_found, plain
from pipelines.recognise.header import Band, Lines, may_head
from pipelines.recognise.match import KINDS_OF_FIGURE, Match, match
from pipelines.recognise.table import Nearest


class Ambiguous(Exception):
    """Two returns answer to the same headings equally well."""

    def __init__(self, matches: list[Match]) -> None:
        super().__init__()
        self.matches = matches


@dataclass
class Found:
    """What a sheet's lines came to: the headings that a return answers to, and what came nearest to one."""

    matches: list[Match]
    nearest: Nearest | None = None


def find_headings(sheet: Sheet, contracts: Iterable[Contract]) -> Found:
    """Every line of headings on the sheet, top to bottom. Raises Ambiguous."""
    contracts = list(contracts)
    lines = Lines(sheet)
    found = Found([])
    taken: set[int] = set()
    for row in _rows_with_headings(sheet, contracts):
        if row in taken or not _could_head(lines.rows[row]):
            continue
        matches = _best(lines, row, contracts, taken)
        if matches and matches[0].answers:
            found.matches += matches
            taken |= set(matches[0].band.lines)
        elif matches:
            near = _nearest(matches[0], row)
            if found.nearest is None or len(near.found) > len(found.nearest.found):
                found.nearest = near
    return found


def _rows_with_headings(sheet: Sheet, contracts: list[Contract]) -> list[int]:
    """The rows in which a text stands that is a heading of any return."""
    indexes = [contract.heading_index for contract in contracts]
    cells = sheet.listed
    texts = {raw for raw in cells.raw if raw.__class__ is str}  # a table's lines repeat theirs
    headings = {text for text in could_be_found(texts, indexes) if any(index.find(text) for index in indexes)}
    if not headings:
        return []
    return sorted(set(compress(cells.rows, map(headings.__contains__, cells.raw))))


def _could_head(cells: list[Cell]) -> bool:
    """Whether a line has two texts or more, mostly such as could be headings."""
    return sum(map(may_head, cells)) >= max(2, len(cells) / 2) and not _are_labels(cells)


def _are_labels(cells: list[Cell]) -> bool:
    """Whether a line says who and when beside itself ('Partner:', 'PCT', 'Quarter:', 'Q1') and heads nothing."""
    ends = [isinstance(cell.value, str) and cell.value.rstrip().endswith(":") for cell in cells]
    return len(cells) > 1 and all(ends[::2]) and not any(ends[1::2])


def _best(lines: Lines, row: int, contracts: list[Contract], taken: set[int]) -> list[Match]:
    """The best reading of the headings in and around `row`: one match, or one for each table side by side."""
    alone: dict[int, list[Match]] = {}

    def of_line(line: int) -> list[Match]:
        if line not in alone:
            alone[line] = _of_band(lines.band([line]), contracts)
        return alone[line]

    best = of_line(row)
    for run in lines.bands_with(row):
        if len(run) == 1 or taken & set(run) or not all(map(may_head, lines.cells_of(run))):
            continue
        if any(_are_labels(lines.rows[line]) for line in run):
            continue
        matches = _of_band(lines.band(run), contracts)
        # lines join only where together they make known what none of them says alone
        if _rank(matches) > max(_rank(best), *(_rank(of_line(line)) for line in run)):
            best = matches
    return best


def _rank(matches: list[Match]) -> tuple[int, int, int]:
    """How much of some headings is known; of two readings that know as much, the one that lacks less.

    Then the one with a line of Actual and Forecast under its periods, which would else pass for a record.
    """
    known = sum(len(m.columns) + sum(len(group.columns) for group in m.across) for m in matches)
    return known, -sum(len(m.missing) for m in matches), sum(map(_kinds_of_figure, matches))


def _kinds_of_figure(match: Match) -> int:
    """Over how many of its columns across a kind of figure stands."""
    across = {column for group in match.across for column in group.columns}
    headings = [heading for heading in match.band.headings if heading.column in across]
    return sum(any(plain(text) in KINDS_OF_FIGURE for text in heading.texts) for heading in headings)


def _of_band(band: Band, contracts: list[Contract]) -> list[Match]:
    whole = _answer(band, contracts)
    pieces = band.parted()
    if len(pieces) > 1 and whole and (whole.unknown or whole.is_repeated):
        apart = [answer for piece in pieces if (answer := _answer(piece, contracts)) and answer.answers]
        if apart and (not whole.answers or sum(a.misfit[0] for a in apart) < whole.misfit[0]):
            return apart
    return [whole] if whole else []


def _answer(band: Band, contracts: list[Contract]) -> Match | None:
    """The return that fits these headings best; else, if none answers, the one that comes nearest."""
    matches = [match(contract, band) for contract in contracts]
    answering = sorted((m for m in matches if m.answers), key=lambda m: m.misfit)
    if len(answering) > 1 and answering[0].misfit == answering[1].misfit:
        raise Ambiguous(answering[:2])
    if answering:
        return answering[0]
    near = max(matches, key=lambda m: len(m.names), default=None)
    return near if near and near.names else None


def _nearest(match: Match, row: int) -> Nearest:
    known = [heading.texts[-1] for heading in match.band.headings if heading.column in match.columns]
    unknown = [str(cell.value) for cell in match.unknown]
    return Nearest(match.contract, row, tuple(known), tuple(unknown), match.missing)
