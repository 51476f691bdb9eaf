"""Which column comes from which: read out of the SQL, and what is written of it is up to date."""

import sys

import pytest
from sample_files import ROOT
from workspaces import Ran

sys.path.append(str(ROOT / "tools"))

import lineage as tool

# Columns that no column of another table gives: made of words and counts alone.
OF_NOTHING = {"kind", "subject_kind", "projects_expected", "is_expected", "measures", "files_received"}


@pytest.fixture(scope="module")
def links(sample: Ran) -> list[tool.Link]:
    return tool.links(sample.workspace.database)


def test_what_is_written_is_up_to_date(links: list[tool.Link]) -> None:
    """`make docs` writes it again."""
    stale = [path.name for path, text in tool.files(links).items()
             if path.read_text(encoding="utf-8") != text]  # fmt: skip
    assert stale == []


def test_the_mart_holds_the_same_links(sample: Ran, links: list[tool.Link]) -> None:
    assert sample.select(
        "select table_name, column_name, from_table, from_column from marts.lineage order by all"
    ) == [tuple(link) for link in links]


def test_every_column_of_every_mart_comes_from_somewhere(sample: Ran, links: list[tool.Link]) -> None:
    known = {(link.table, link.column) for link in links}
    columns = sample.select(
        "select 'marts.' || table_name, column_name from duckdb_columns() "
        "where schema_name = 'marts' and table_name not in ('provenance', 'lineage')"
    )
    assert {column for table, column in columns if (table, column) not in known} <= OF_NOTHING


def test_every_source_is_a_column_that_there_is(sample: Ran, links: list[tool.Link]) -> None:
    known = set(sample.select("select schema_name || '.' || table_name, column_name from duckdb_columns()"))
    assert {
        (link.from_table, link.from_column)
        for link in links
        if link.from_column != "*" and (link.from_table, link.from_column) not in known
    } == set()


@pytest.mark.parametrize(
    "link",
    [
        ("marts.floor_targets", "trajectory_value", "measures.target_quarters", "trajectory_value"),
        ("marts.inputs", "became", "staging.submissions", "state"),
        ("staging.target_versions", "commentary", "staging.floor_targets", "commentary"),
    ],
)
def test_links_that_a_reader_of_the_sql_finds(links: list[tool.Link], link: tuple[str, ...]) -> None:
    assert tool.Link(*link) in links
