"""As things were known by a day: from what had been received by then, and beside what is current."""

import pytest
from openpyxl import load_workbook
from workspaces import QUARTER, Ran, bytes_of, content, copied, lsp, run

# The day after the returns for January to March 2004 were due; education corrected its return three days later.
DAY, OF_THEN = "2004-04-16", "2003-04-Q4"


@pytest.fixture(scope="module")
def before(sample: Ran, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace with everything received and run, as the sample is."""
    return copied(sample, tmp_path_factory.mktemp("as at") / "workspace")


@pytest.fixture(scope="module")
def then(before: Ran) -> Ran:
    """The same workspace after a run as at the day."""
    ran = run(before.workspace, OF_THEN, "--as-at", DAY)
    return Ran(before.workspace.as_at(DAY), ran.said)


def test_it_says_as_at_when_and_for_which_quarter(then: Ran) -> None:
    # a row of an earlier quarter had been refused by then, and nobody had mended it
    assert (then.said.code, then.said.err) == (3, "")
    lines = then.said.out.splitlines()
    assert "Reading 36 files …" in lines
    assert "Quarter           Jan to Mar 2004 (2003-04-Q4)" in lines
    # the day of the last receipt by then: so a run on any day gives what it gave on that day
    assert "As at             15 Apr 2004" in lines
    assert f"Pack              {then.workspace.pack_file(OF_THEN)}" in lines


def test_only_what_had_come_by_then_is_in_it(then: Ran, sample: Ran) -> None:
    assert then.one("select max(received_at) < date '2004-04-17' from staging.files")
    assert then.one("select count(*) from staging.files") == sample.one(
        "select count(*) from staging.files where received_at < date '2004-04-17'"
    )
    assert then.select("select as_at::varchar, newest_quarter from marts.about") == [("2004-04-15", OF_THEN)]


def test_it_shows_the_figure_before_its_correction(then: Ran, sample: Ran) -> None:
    question = "select latest_value from marts.floor_targets where row_id = '2003-04-Q4|E3_maths'"
    assert (then.one(question), sample.one(question)) == (37, 73)
    assert then.one("select max(quarter) from marts.floor_targets") == OF_THEN
    assert (
        then.one(
            "select state from staging.submissions where file_name = 'Book2.xlsx' and return = 'floor_targets'"
        )
        == "accepted"
    )


def test_its_pack_shows_that_figure_too(then: Ran) -> None:
    sheet = load_workbook(then.workspace.pack_file(OF_THEN))["FT_E3"]
    table = sheet.tables["FT_E3_standing"]
    header, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    latest = {str(row[0]): row[header.index("Latest value")] for row in rows}
    assert [value for measure, value in latest.items() if "maths" in measure] == [37]


def test_it_lies_beside_what_is_current_and_touches_none_of_it(then: Ran, before: Ran, sample: Ran) -> None:
    outputs = before.root / "data"
    assert bytes_of(outputs / "marts").keys() == {"lsp.duckdb", f"as-at/{DAY}/lsp.duckdb"}
    assert bytes_of(outputs / "packs").keys() == {
        f"{QUARTER}/LSP_pack_{QUARTER}.xlsx",
        f"{QUARTER}/LSP_pack_{QUARTER}.html",
        f"{QUARTER}/LSP_pack_{QUARTER}.manifest.json",
        f"{QUARTER}/manifests.jsonl",
        f"{OF_THEN}/as-at-{DAY}/LSP_pack_{OF_THEN}.xlsx",
        f"{OF_THEN}/as-at-{DAY}/LSP_pack_{OF_THEN}.html",
        f"{OF_THEN}/as-at-{DAY}/LSP_pack_{OF_THEN}.manifest.json",
    }
    assert before.workspace.database.read_bytes() == sample.workspace.database.read_bytes()
    assert before.pack.read_bytes() == sample.pack.read_bytes()
    assert bytes_of(before.workspace.raw) == bytes_of(sample.workspace.raw)
    assert then.workspace.database == outputs / "marts" / "as-at" / DAY / "lsp.duckdb"


def test_every_question_can_be_asked_as_at_the_day(then: Ran, before: Ran) -> None:
    dated = ("--as-at", DAY, "--root", before.root)
    asked = lsp(
        "query",
        "select latest_value from marts.floor_targets where row_id = '2003-04-Q4|E3_maths'",
        "--format",
        "csv",
        *dated,
    )
    assert (asked.code, asked.out) == (0, "latest_value\n37.0\n")
    status = lsp("status", *dated)
    assert status.out.startswith(f"Returns for {OF_THEN}\n")
    traced = lsp("trace", "floor_targets:2003-04-Q4|E3_maths:latest_value", *dated)
    assert "Book2.xlsx, sheet 'Results', cell C5: '37'" in traced.out
    pack = lsp("pack", *dated)
    assert (pack.code, pack.out) == (0, f"{then.workspace.pack_file(OF_THEN)}\n")


def test_a_quarter_of_which_nothing_had_come_is_one_sentence(then: Ran, before: Ran) -> None:
    said = lsp("pack", QUARTER, "--as-at", DAY, "--root", before.root)
    assert said.code == 1
    assert said.err.startswith(f"lsp: There is nothing for {QUARTER}. The marts hold: 2003-04-Q1, ")
    assert content(then.workspace.database)


def test_before_anything_came_there_is_nothing_to_read_by(before: Ran) -> None:
    said = run(before.workspace, "--as-at", "2003-01-01").said
    assert said.code == 1
    assert said.err.startswith("lsp: ")
    assert said.err.count("\n") == 1
    assert not (before.root / "data" / "marts" / "as-at" / "2003-01-01").exists()


def test_a_day_that_is_none_is_wrong_usage(before: Ran) -> None:
    said = lsp("run", "--as-at", "31 April 2004", "--root", before.root)
    assert said.code == 2
    assert "'31 April 2004' is not a date such as " in said.err
