"""Typed rows kept by columns: seen as mappings, linked to their cells, put together from several tables."""

import pytest

from pipelines.cells import Cell, Cells, Sheet
from pipelines.tidy.tidied import Link, Run, Tidied


def table(number: int, *values: int) -> Tidied:
    """A table with one column, read from column B below row 1; its second value is read from a heading."""
    own = Run("value", f"Sheet {number}", [0, 2], [1, 3], [1, 1], ["1st", "3rd"])
    heading = Run("value", f"Sheet {number}", [1], [0], [1], ["head"], is_heading=True)
    ids = [f"{number}:{row}" for row in range(len(values))]
    columns = {"row_id": ids, "value": list(values)}
    return Tidied("f1", columns, [own, heading], {(ids[0], "note"): ("Sheet", "C2")}, said={"value": "£k"})


def test_a_row_is_seen_as_a_mapping_and_changed_through_it() -> None:
    tidied = table(1, 10, 20, 30)
    first, *_ = tidied.rows
    assert dict(first) == {"row_id": "1:0", "value": 10}
    first["value"] = 11
    assert tidied.columns["value"] == [11, 20, 30]
    assert [len(tidied), len(first)] == [3, 2]
    with pytest.raises(KeyError):
        first["other"] = 1
    with pytest.raises(TypeError, match="has every column"):
        del first["value"]


def test_rows_of_a_second_table_stand_below_with_their_own_cells() -> None:
    tidied = Tidied()
    tidied.add(table(1, 10, 20, 30))
    tidied.add(table(2, 40, 50, 60))
    assert tidied.columns["value"] == [10, 20, 30, 40, 50, 60]
    assert list(tidied.links) == [
        Link("1:0", "value", "f1", "Sheet 1", "B2", "1st"),
        Link("1:2", "value", "f1", "Sheet 1", "B4", "3rd"),
        Link("2:0", "value", "f1", "Sheet 2", "B2", "1st"),
        Link("2:2", "value", "f1", "Sheet 2", "B4", "3rd"),
    ]
    assert [(link.row_id, link.cell) for link in tidied.heading_links] == [("1:1", "B1"), ("2:1", "B1")]
    assert tidied.said == {"value": "£k"}
    assert set(tidied.blanks) == {("1:0", "note"), ("2:0", "note")}


def test_a_row_is_found_by_name_also_after_more_were_put_below() -> None:
    tidied = table(1, 10, 20, 30)
    assert tidied.row("2:0") is None
    tidied.add(table(2, 40, 50, 60))
    found = tidied.row("2:0")
    assert found is not None and found["value"] == 40


def test_the_cells_of_some_values_only() -> None:
    tidied = table(1, 10, 20, 30)
    found = tidied.links_of({("1:2", "value"), ("1:0", "other"), ("9:9", "value")})
    assert {key: link.cell for key, link in found.items()} == {("1:2", "value"): "B4"}


def test_what_is_kept_as_typed_can_be_changed_for_some_values() -> None:
    tidied = table(1, 10, 20, 30)
    tidied.retype({("1:2", "value")}, str.upper)
    assert [link.as_typed for link in tidied.links] == ["1st", "3RD"]


def test_cells_as_lists_are_the_same_cells() -> None:
    one, two, three = Cell(0, 1, "a"), Cell(2, 0, 5, "0.0"), Cell(2, 1, True)
    cells = Cells.of([three, one, two])
    assert cells == {(0, 1): one, (2, 0): two, (2, 1): three}
    assert [cells[2, 0], len(cells), (0, 0) in cells] == [two, 3, False]
    as_lists, as_places = Sheet("S", cells, 3), Sheet("S", {(2, 1): three, (0, 1): one, (2, 0): two}, 3)
    assert as_lists.listed.every == as_places.listed.every == [one, two, three]
    assert as_lists.lines == as_places.lines == {0: [one], 2: [two, three]}
    assert Cells.of([]) == {}
