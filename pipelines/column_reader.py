"""The values of a whole column at once: what can be read in one way only is read without ado, the rest cell by cell."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress
from typing import Any, NamedTuple, cast

from pipelines.cells import Cell
from pipelines.contract import Column
from pipelines.fills import Fill
from pipelines.parse.accept import TOO_LARGE
from pipelines.references import References
from pipelines.values import Around, Value, read_value

OPENINGS_OF_MARKS = (
    "please",
    "select",
    "choose",
    "pick",
    "err:",
)  # of placeholders and of errors typed as text
PLAIN_KINDS = ("number", "count", "money", "measure")
PLAIN_FORMATS = frozenset(
    (None, "General", "0", "0.0", "0.00", "#,##0", "#,##0.00")
)  # none of which says another unit


class ReadColumn(NamedTuple):
    """A column as read: a list for each of `names_of` it, and what unclear figures may stand for.

    `alternatives` are by number of the row.
    """

    lists: tuple[list[Any], ...]
    alternatives: dict[int, tuple[float, ...]]


def transposed(values: Sequence[Value]) -> ReadColumn:
    """The values of a column's cells put together."""
    lists = tuple(map(list, zip(*(value.fields for value in values), strict=True)))
    return ReadColumn(lists, {n: value.alternatives for n, value in enumerate(values) if value.alternatives})


class ColumnReader:
    """The values of one column of a table. What stands in many rows is read once: a column repeats itself a lot."""

    def __init__(
        self,
        column: Column,
        references: References,
        said: str | None,
        quarter: str | None,
        *,
        is_framework: bool,
    ) -> None:
        self.column, self.references, self.is_framework = column, references, is_framework
        self.around = Around(said, quarter=quarter)
        self.known: dict[tuple[object, ...], Value] = {}
        self.blank = self._read(None, {}, self.around)
        self.holds_figures = column.type in PLAIN_KINDS and said is None
        self.holds_words = column.type == "text" and column.refers_to is None

    def read(
        self, cell: Cell | None, facts: Mapping[str, Any], flag: Cell | None = None, fill: Fill | None = None
    ) -> Value:
        """As read_value. `facts` must be the same object for the same row of the framework."""
        if flag is not None or fill is not None:
            return self._read(cell, facts, self.around._replace(flag=flag, fill=fill))
        if cell is None:
            return self.blank
        # 1, 1.0 and TRUE are equal to Python and not to whoever typed them
        key = (cell.value, cell.value.__class__, cell.number_format, id(facts))
        value = self.known.get(key)
        if value is None:
            value = self.known[key] = self._read(cell, facts, self.around)
        return value

    def read_all(self, cells: Sequence[Cell | None], facts: Sequence[Mapping[str, Any]]) -> ReadColumn:
        """As read_value, for each of the cells with the facts of its row."""
        if not self.holds_words and not self.holds_figures:
            return transposed(list(map(self.read, cells, facts)))
        if whole := self._read_plain(cells, facts):
            return whole
        is_plain = [
            self._read_plain((cell,), (row,)) is not None for cell, row in zip(cells, facts, strict=True)
        ]
        plain = self._read_plain(list(compress(cells, is_plain)), list(compress(facts, is_plain)))
        if plain is None:
            return transposed(list(map(self.read, cells, facts)))
        rest = [not one for one in is_plain]
        others = transposed(list(map(self.read, compress(cells, rest), compress(facts, rest))))
        numbers = [*compress(range(len(cells)), is_plain), *compress(range(len(cells)), rest)]
        lists = []
        for some, more in zip(plain.lists, others.lists, strict=True):
            both = dict(zip(numbers, [*some, *more], strict=True))
            lists.append([both[number] for number in range(len(cells))])
        unclear = {numbers[len(plain.lists[0]) + n]: both for n, both in others.alternatives.items()}
        return ReadColumn(tuple(lists), unclear)

    def _read_plain(
        self, cells: Sequence[Cell | None], facts: Sequence[Mapping[str, Any]]
    ) -> ReadColumn | None:
        """Cells that can each be read in one way only, all at once; None if there is one that can't."""
        raws = [None if cell is None else cell[2] for cell in cells]
        kinds = set(map(type, raws))
        if self.holds_words and kinds == {str}:
            return plain_words(cast(list[str], raws))
        if self.holds_figures and kinds and kinds <= {int, float}:
            formats = {cell[3] for cell in cells if cell is not None}
            of_rows = {id(row): row for row in facts}.values()
            units = {row.get("unit") or self.column.unit for row in of_rows}
            return plain_figures(cast(list[float], raws), self.column.type, units, formats)
        return None

    def _read(self, cell: Cell | None, facts: Mapping[str, Any], around: Around) -> Value:
        return read_value(self.column, cell, facts, self.references, around, is_framework=self.is_framework)


def plain_words(texts: list[str]) -> ReadColumn | None:
    """Texts in which nothing needs to be looked at; None if there is one that must be read by itself."""
    if not all(map(str.isascii, texts)) or not all(map(str.isprintable, texts)):
        return None
    openings = {text[:6] for text in texts}
    if not all(text[:1].isalnum() and not text.casefold().startswith(OPENINGS_OF_MARKS) for text in openings):
        return None
    nothing: list[None] = [None] * len(texts)
    return ReadColumn(([text.rstrip() for text in texts], texts, nothing, nothing[:]), {})


def plain_figures(
    raws: list[float], kind: str, units: AbstractSet[str | None], formats: AbstractSet[str | None]
) -> ReadColumn | None:
    """Numbers as Excel keeps them that can be read in one way only; None if one must be read by itself."""
    if not formats <= PLAIN_FORMATS or any(unit and unit.startswith("%") for unit in units):
        return None
    if not min(raws) > 1 or not max(raws) < TOO_LARGE or any(raw != raw for raw in raws):
        return None
    if kind == "count" and float in map(type, raws):
        return None
    values = raws if kind == "count" else list(map(float, raws))
    typed = [str(raw) if raw.__class__ is int else f"{raw:.15g}" for raw in raws]
    nothing: list[None] = [None] * len(raws)
    return ReadColumn((values, typed, nothing, nothing[:], nothing[:]), {})
