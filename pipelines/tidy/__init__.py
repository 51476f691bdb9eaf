"""From the lines of a table to typed rows, and from every value back to its cell, column by column.

Rows stay clean; beside them stands for each value which cell of which sheet it was read from and what was
typed there. Any value finds its cell by a join.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.cells import Cell, address
from pipelines.contract import NUMERIC, Column, Contract
from pipelines.framework.references import References
from pipelines.layouts import Records, Stack
from pipelines.parse import as_typed
from pipelines.recognise import Table
from pipelines.tidy.column_reader import ColumnReader, ReadColumn, transposed
from pipelines.tidy.fills import RatingFills
from pipelines.tidy.struck import ask_about_struck
from pipelines.tidy.tidied import Link, Run, Tidied
from pipelines.tidy.values import PROBLEM, REMARK, TYPED, Value, doubt_order, names_of

__all__ = ["PROBLEM", "REMARK", "TYPED", "Link", "Tidied", "tidy"]

NO_FACTS: Mapping[str, Any] = {}


def tidy(
    table: Table,
    records: Records,
    file_id: str,
    submission_id: str,
    table_number: int,
    references: References,
    quarter: str | None = None,
) -> Tidied:
    """Type every value of the table's records. `quarter` is the key of the quarter that the return is for.

    The columns are `row_id`, `submission_id`, the contract's staging columns, and per contract column
    what was typed, the problem if it can't be read, and the remark if somebody should confirm it.
    """
    contract = table.contract
    tidied = Tidied(file_id, said=dict(table.units))
    prefix = f"{submission_id}:{table_number}:"
    columns = tidied.columns
    columns["row_id"] = [prefix + name for name in records.names]
    columns["submission_id"] = [submission_id] * len(records)
    shape = _Shape(table, records)
    for column in sorted(contract.columns, key=lambda column: column.unit_of is not None):
        reader = ColumnReader(
            column, references, table.units.get(column.name), quarter, is_framework=contract.is_framework
        )
        if records and column.name in shape.present:
            facts = _facts(contract, column, columns, references)
            read = shape.read(column, reader, facts, tidied)
            columns.update(zip(names_of(column), read.lists, strict=True))
            for number, alternatives in read.alternatives.items():
                tidied.alternatives[tidied.row_ids[number], column.name] = alternatives
            doubt_order(column, columns)
        else:
            blank = zip(names_of(column), reader.blank.fields, strict=True)
            columns.update({name: [value] * len(records) for name, value in blank})
    _mark(contract, columns, records)
    ask_about_struck(tidied, contract, table.sheet.struck)
    return tidied


class _Shape:
    """Where the values of each column of a table stand: in its cells, in a heading, beside it or nowhere at all."""

    def __init__(self, table: Table, records: Records) -> None:
        self.sheet, self.records = table.sheet.name, records
        layout = table.layout.at("always") if table.layout else ()
        self.always = {column.means: str(column.says) for column in layout if column.says}
        self.position = {name: column for column, name in table.columns.items()}
        self.fills = RatingFills(table, records)
        besides = [each for _, record in records.odd for each in (record.headings, record.flags) if each]
        self.beside = set[str]().union(*besides)
        of_records = set[str]().union(*records.given)
        self.present = {*table.columns.values(), *self.always, *self.beside, *of_records}

    def read(
        self, column: Column, reader: ColumnReader, facts: Sequence[Mapping[str, Any]], tidied: Tidied
    ) -> ReadColumn:
        """The values of all rows; the cells they were read from, or where none stood, go to `tidied`."""
        name = column.name
        if name in self.beside or name in self.always or (column.type == "rating" and self.fills.are_there):
            return transposed(self._read_one_by_one(column, reader, facts, tidied))
        cells = self.records.stack(name)
        read = reader.read_all(cells, facts)
        self._link(name, cells, read.lists[1], tidied)
        return read

    def _link(self, name: str, cells: Stack, typed: Sequence[str], tidied: Tidied) -> None:
        """By far the most values: each from a cell of its own row."""
        if None not in cells.raws:
            every = list(range(len(cells)))
            tidied.runs.append(Run(name, self.sheet, every, cells.rows, cells.columns, list(typed)))
            return
        numbers = [number for number, raw in enumerate(cells.raws) if raw is not None]
        if numbers:
            own, seen = cells.some(numbers), [typed[number] for number in numbers]
            tidied.runs.append(Run(name, self.sheet, numbers, own.rows, own.columns, seen))
        position = self.position.get(name)
        if position is None:
            return
        for row_id, row, raw in zip(tidied.row_ids, self.records.rows, cells.raws, strict=True):
            if raw is None:
                tidied.blanks[row_id, name] = (self.sheet, address(row, position))

    def _read_one_by_one(
        self, column: Column, reader: ColumnReader, facts: Sequence[Mapping[str, Any]], tidied: Tidied
    ) -> list[Value]:
        """Values of which some stand in a heading, in the layout, or have a mark or a colour beside them."""
        name = column.name
        own, flags, headings = (
            Run(name, self.sheet, [], [], [], [], is_heading=h) for h in (False, False, True)
        )
        values = []
        for number, record in enumerate(self.records):
            cell, flag = record.cells.get(name), record.flags.get(name)
            run = own
            if cell is None and (cell := record.headings.get(name)):
                run = headings
            place = cell
            if cell is None and name in self.always:  # the layout says it, and no cell of the file
                cell = Cell(record.row, 0, self.always[name])
            elif cell is None and name in self.position:
                place = Cell(record.row, self.position[name], "")  # an empty one may be filled with a colour
            fill = self.fills.of(column, place[:2]) if place else None
            value = reader.read(cell, facts[number], flag, fill)
            values.append(value)
            if place is not None and value.seen is not None and (cell is not None or flag is None):
                run.add(number, place, value.seen)
            elif place is not None:
                tidied.blanks[tidied.row_ids[number], name] = (self.sheet, place.address)
            if flag is not None:
                flags.add(number, flag, as_typed(flag.value))
        tidied.runs += [run for run in (own, flags, headings) if run.numbers]
        return values


def _facts(
    contract: Contract, column: Column, columns: Mapping[str, list[Any]], references: References
) -> Sequence[Mapping[str, Any]]:
    """For each row the framework's row that says how to read this column (its unit, its kind of year)."""
    entity = contract.by_name[column.unit_of].refers_to if column.unit_of else None
    reference = references.get(entity or "")
    if column.unit_of is None or reference is None:
        return [NO_FACTS] * len(columns["row_id"])
    return [reference.facts.get(ref, NO_FACTS) for ref in columns[column.unit_of]]


def _mark(contract: Contract, columns: Mapping[str, list[Any]], records: Records) -> None:
    """Give the figures of a row the status that its heading says (forecast, say), where they have none of their own."""
    marked = [(number, record.status) for number, record in records.odd if record.status]
    for column in contract.columns if marked else ():
        if column.type not in NUMERIC:
            continue
        values, statuses = columns[column.name], columns[f"{column.name}_status"]
        for number, status in marked:
            if values[number] is not None and statuses[number] is None:
                statuses[number] = status
