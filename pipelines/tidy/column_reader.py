"""The values of a whole column at once: what can be read in one way only is read without ado, the rest cell by cell."""

from collections.abc import Mapping, Sequence
from itertools import compress, count
from operator import eq, itemgetter
from typing import Any, NamedTuple

from pipelines.cells import Cell
from pipelines.contract import Column
from pipelines.framework.references import References
from pipelines.layouts import Stack
from pipelines.parse.accept import TOO_LARGE
from pipelines.tidy.fills import Fill
from pipelines.tidy.values import Around, Value, read_value

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

    def read_all(self, cells: Stack, facts: Sequence[Mapping[str, Any]]) -> ReadColumn:
        """As read_value, for each of the cells with the facts of its row."""
        is_plain = self._are_plain(cells, facts)
        plain = list(compress(range(len(cells)), is_plain))
        if not plain:
            return self._read_each(cells, facts)
        read = self._plain([cells.raws[number] for number in plain])
        if len(plain) == len(cells):
            return read
        rest = [number for number, one in enumerate(is_plain) if not one]
        others = self._read_each(cells.some(rest), [facts[number] for number in rest])
        lists = []
        for some, more in zip(read.lists, others.lists, strict=True):
            both = dict(zip([*plain, *rest], [*some, *more], strict=True))
            lists.append([both[number] for number in range(len(cells))])
        unclear = {rest[number]: both for number, both in others.alternatives.items()}
        return ReadColumn(tuple(lists), unclear)

    def _read_each(self, cells: Stack, facts: Sequence[Mapping[str, Any]]) -> ReadColumn:
        """As read_value for each; what stands in many rows is read once."""
        keys: Sequence[object]
        if {str}.issuperset(map(type, cells.raws)) and {None}.issuperset(cells.formats) and is_one(facts):
            keys = cells.raws  # texts alone, by far the most often
        else:  # 1, 1.0 and TRUE are equal to Python and not to whoever typed them
            keys = list(zip(cells.raws, map(type, cells.raws), cells.formats, map(id, facts), strict=True))
        last = dict(zip(keys, count(), strict=False))
        distinct = dict(zip(last, count(), strict=False))
        numbers = list(map(distinct.__getitem__, keys))
        read = transposed([self.read(cells.at(at), facts[at]) for at in last.values()])
        lists = tuple(list(map(field.__getitem__, numbers)) for field in read.lists)
        unclear = read.alternatives
        several = {at: unclear[n] for at, n in enumerate(numbers) if n in unclear} if unclear else {}
        return ReadColumn(lists, several)

    def _are_plain(self, cells: Stack, facts: Sequence[Mapping[str, Any]]) -> list[bool]:
        """Of each cell whether it can be read in one way only, and without a look at what stands around it."""
        if self.holds_words:
            if are_plain_texts(cells.raws):
                return [True] * len(cells)
            return [raw.__class__ is str and is_plain_text(str(raw)) for raw in cells.raws]
        if not self.holds_figures:
            return []
        kinds: set[type] = {int} if self.column.type == "count" else {int, float}
        raws: Sequence[Any] = cells.raws
        if are_plain_figures(raws, kinds) and PLAIN_FORMATS.issuperset(cells.formats):
            are = [True] * len(raws)
        else:
            are = [
                raw.__class__ in kinds and 1 < raw < TOO_LARGE and code in PLAIN_FORMATS  # type: ignore[operator]
                for raw, code in zip(raws, cells.formats, strict=True)
            ]
        of_rows = {
            at: row.get("unit") or self.column.unit
            for at, row in dict(zip(map(id, facts), facts, strict=True)).items()
        }
        shares = {row for row, unit in of_rows.items() if unit and unit.startswith("%")}
        if shares:
            are = [is_plain and id(row) not in shares for is_plain, row in zip(are, facts, strict=True)]
        return are

    def _plain(self, raws: Sequence[Any]) -> ReadColumn:
        """The values of cells that are plain."""
        nothing: list[None] = [None] * len(raws)
        if self.holds_words:
            return ReadColumn(([text.rstrip() for text in raws], list(raws), nothing, nothing[:]), {})
        values = list(raws) if self.column.type == "count" else list(map(float, raws))
        if {int}.issuperset(map(type, raws)):
            typed = list(map(str, raws))
        else:
            typed = [str(raw) if raw.__class__ is int else f"{raw:.15g}" for raw in raws]
        return ReadColumn((values, typed, nothing, nothing[:], nothing[:]), {})

    def _read(self, cell: Cell | None, facts: Mapping[str, Any], around: Around) -> Value:
        return read_value(self.column, cell, facts, self.references, around, is_framework=self.is_framework)


def are_plain_figures(raws: Sequence[Any], kinds: set[type]) -> bool:
    """Whether all are numbers of these kinds, and none could be a share, a missing marker or a sentinel."""
    return (
        len(raws) > 0
        and kinds.issuperset(map(type, raws))
        and min(raws) > 1
        and max(raws) < TOO_LARGE
        and all(map(eq, raws, raws))
    )


def are_plain_texts(raws: Sequence[Any]) -> bool:
    """Whether all are texts in which nothing needs to be looked at."""
    if not {str}.issuperset(map(type, raws)) or "" in raws:
        return False
    together = "".join(raws)
    firsts = "".join(map(itemgetter(0), raws))
    return (
        together.isascii()
        and together.isprintable()
        and firsts.isalnum()
        and not any(text.startswith(OPENINGS_OF_MARKS) for text in {raw[:6].casefold() for raw in raws})
    )


def is_one(values: Sequence[object]) -> bool:
    """Whether all are one and the same object."""
    return len(set(map(id, values))) == 1


def is_plain_text(text: str) -> bool:
    """Whether nothing in a text needs to be looked at: no mark, no sign of a broken encoding, no placeholder."""
    return (
        text.isascii()
        and text.isprintable()
        and text[:1].isalnum()
        and not text[:6].casefold().startswith(OPENINGS_OF_MARKS)
    )
