"""The command: what it says, what it refuses, and that it does no more than it is asked."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample_files import CONTRACTS, RAW
from workspaces import QUARTER, Ran, Sent, bytes_of, copied, lsp, run, workspace_of

from pipelines.new.book import HEAD
from pipelines.template.words import START
from pipelines.workspace import Workspace

COMMANDS = ("run", "status", "query", "pack", "trace", "receive", "templates", "init")
HEAVY = (
    "pandas",
    "numpy",
    "duckdb",
    "prefect",
    "great_expectations",
    "openpyxl",
    "python_calamine",
    "yaml",
    "rich",
)


# Help and usage


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from pipelines.cli import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit as end:\n"
        f"    print(end.code, [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    *text, last = said.splitlines()
    assert last == "0 []"
    assert [name for name in COMMANDS if not any(line.split()[:1] == [name] for line in text)] == []
    assert "Exit code: 0 done" in said


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    said = lsp(command, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: lsp {command} ")


def test_the_version_is_that_of_the_code_which_the_marts_name(sample: Ran) -> None:
    said = lsp("--version")
    assert said.code == 0
    assert said.out.strip() == sample.one("select code_version from marts.about")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("walk",),
        ("run", "2004-Q1"),
        ("run", "--as-at", "yesterday"),
        ("run", "--root", "no such folder"),
        ("query",),
        ("query", "select 1", "--format", "pdf"),
        ("status", "Q1"),
        ("pack", "2004"),
        ("trace", "FT_H4!C12", "--quarter", "now"),
        ("check",),
        ("check", "no such file.xlsx"),
        ("check", "."),
        ("receive", "file.xlsx"),
        ("receive", "no such file.xlsx", "--from", "pct"),
        ("init",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_and_ends_with_2(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    said = lsp(*words)
    assert said.code == 2
    assert said.err or said.out.startswith("usage: lsp ")
    assert "Traceback" not in said.err
    assert bytes_of(tmp_path) == {}


@pytest.mark.parametrize(
    "words",
    [("status",), ("query", "select 1"), ("pack",), ("trace", "FT_H4!C12")],
    ids=lambda words: words[0],
)
def test_before_the_first_run_there_are_no_marts_to_ask(words: tuple[str, ...], tmp_path: Path) -> None:
    said = lsp(*words, "--root", tmp_path)
    assert (said.code, said.out) == (1, "")
    database = tmp_path / "data" / "marts" / "lsp.duckdb"
    assert said.err == f"lsp: There are no marts at {database} yet. 'lsp run' makes them.\n"


@pytest.mark.parametrize("command", ["status", "pack"])
def test_a_quarter_that_has_not_come_is_one_sentence(sample: Ran, command: str) -> None:
    said = lsp(command, "2011-12-Q3", "--root", sample.root)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("lsp: There is nothing for 2011-12-Q3.")
    assert said.err.count("\n") == 1


# query


def test_query_prints_a_table_that_nothing_is_cut_off_of(sample: Ran) -> None:
    said = lsp(
        "query",
        "select target_id, latest_value, previous_value, rating_reason from marts.floor_targets "
        "where quarter = '2004-05-Q1' and target_id in ('H4', 'T1_slight') order by target_id",
        *("--root", sample.root),
    )
    assert said.code == 0
    reason = (
        "At 53.8 against 51.25 needed on the trajectory by 31 Dec 2002: 75.1% of the improvement needed by then. "
        "Outlook for 2010: unlikely, as the middle of the methods lies at 0% to 25%; one by one they give 5% to 38%. "
        "It rests on 5 values. The worse of the two is shown."
    )
    assert said.out.splitlines() == [
        "target_id  latest_value  previous_value  rating_reason",
        "---------  ------------  --------------  " + "-" * len(reason),
        "H4                 53.8            56.7  " + reason,
        "T1_slight                                Not rated: no value. The value for 2003 is not available.",
        "(2 rows)",
    ]


def test_query_answers_in_csv_and_json(sample: Ran) -> None:
    question = (
        "select target_id, latest_value, due_on from marts.floor_targets "
        "where quarter = '2004-05-Q1' and target_id in ('H4', 'T1_slight') order by target_id"
    )
    as_csv = lsp("query", question, "--format", "csv", "--root", sample.root).out
    assert as_csv == "target_id,latest_value,due_on\nH4,53.8,2010-12-31\nT1_slight,,2010-12-31\n"
    as_json = json.loads(lsp("query", question, "--format", "json", "--root", sample.root).out)
    assert as_json == [
        {"target_id": "H4", "latest_value": 53.8, "due_on": "2010-12-31"},
        {"target_id": "T1_slight", "latest_value": None, "due_on": "2010-12-31"},
    ]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-x", "@sum", "\tx", "\rx"])
def test_csv_holds_no_text_that_a_spreadsheet_would_run(sample: Ran, text: str) -> None:
    made = " || ".join(f"chr({ord(character)})" for character in text)
    said = lsp("query", f"select {made} as said, -1.5 as number", "--format", "csv", "--root", sample.root)
    shown = "'" + text.replace("\r", "\n")
    assert list(csv.reader(io.StringIO(said.out, newline=""))) == [["said", "number"], [shown, "-1.5"]]


@pytest.mark.parametrize(
    "sql",
    [
        "insert into marts.themes (theme_id) values ('x')",
        "update marts.floor_targets set latest_value = 0",
        "delete from marts.provenance",
        "drop table marts.actions",
        "create table marts.mine as select 1",
        "attach 'other.duckdb'",
        "copy marts.themes to 'out.csv'",
        "export database 'out'",
        "select * from read_csv('secret.csv')",
        "select * from 'secret.csv'",
        "select * from read_text('secret.csv')",
        "install excel",
        "set enable_external_access = true",
    ],
)
def test_query_can_change_nothing_and_read_nothing_else(
    sample: Ran, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    before = bytes_of(sample.workspace.marts)
    said = lsp("query", sql, "--root", sample.root)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("lsp: The database says: ")
    assert said.err.count("\n") == 1
    assert bytes_of(sample.workspace.marts) == before
    assert bytes_of(tmp_path).keys() == {"secret.csv"}


def test_a_query_that_is_wrong_is_one_sentence(sample: Ran) -> None:
    said = lsp("query", "select nothing from nowhere", "--root", sample.root)
    assert said.code == 1
    assert said.err.startswith(
        "lsp: The database says: Catalog Error: Table with name nowhere does not exist!"
    )
    assert said.err.count("\n") == 1


# status


def test_status_prints_every_expected_return_and_what_was_refused(sample: Ran) -> None:
    said = lsp("status", "--root", sample.root)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == f"Returns for {QUARTER}"
    expected = sample.select(
        "select partner_title, return from marts.returns where quarter = ? and is_expected", QUARTER
    )
    assert len(expected) == 34
    for partner, name in expected:
        assert sum(line.startswith(partner) and f" {name} " in line for line in lines) == 1, (partner, name)
    assert "(34 rows)" in lines
    told = [line.split(":")[0] for line in lines[lines.index("(34 rows)") + 1 :]]
    assert told == ["Refused", "Queried", "Queried", "Settled"]
    refused, queried, of_programme, settled = lines[-4:]
    assert of_programme.startswith(
        "Queried: NRF ledger June.xlsx, sheet 'Programme ledger', cell B7 ('512000'): "
    )
    assert refused.startswith("Refused: CDRP return Apr-Jun 04.xlsx, sheet 'NRF', cell M9 ('12500'): ")
    assert "[removed]" in queried and "Example" not in queried
    assert "Waived until 31 March 2005 by Partnership Manager: " in settled


def test_status_tells_missing_nil_and_late_apart(sample: Ran) -> None:
    said = lsp("status", "2003-04-Q3", "--root", sample.root).out
    (missing,) = [
        line
        for line in said.splitlines()
        if line.startswith("Environmental Services") and "nrf_spend" in line
    ]
    assert missing.split()[3:] == ["missing", "2004-01-14"]
    (late,) = [
        line for line in said.splitlines() if line.startswith("Housing Services") and "nrf_spend" in line
    ]
    assert late.split()[3:8] == ["accepted", "2004-01-14", "2004-01-20", "6", "1"]
    nil = lsp("status", "2003-04-Q2", "--root", sample.root).out
    assert [line.split()[0] for line in nil.splitlines() if " nil " in line] == ["Jobcentre", "Road"]


# pack


def test_pack_writes_the_same_pack_again(sample: Ran, tmp_path: Path) -> None:
    again = copied(sample, tmp_path / "workspace")
    before = again.pack.read_bytes()
    again.pack.unlink()
    said = lsp("pack", "--root", again.root)
    assert (said.code, said.out) == (0, f"{again.pack}\n")
    assert again.pack.read_bytes() == before == sample.pack.read_bytes()


# init


def test_init_makes_a_workspace_whose_framework_has_every_heading(tmp_path: Path) -> None:
    root = tmp_path / "our partnership"
    made = lsp("init", root)
    assert (made.code, made.err) == (0, "")
    assert f"lsp run --root {root}" in made.out
    workspace = Workspace(root)
    book = load_workbook(workspace.framework / "framework.xlsx")
    heads = [sheet[HEAD] for sheet in book if sheet.sheet_state == "visible" and sheet.title != START]
    headings = sorted([cell.value for cell in head] for head in heads)
    assert headings == sorted(
        [column["header"] for column in contract["columns"].values()] for contract in CONTRACTS.values()
    )
    assert all(cell.comment for head in heads for cell in head)
    assert workspace.inbox.is_dir()


def test_a_new_workspace_says_what_to_do_next(tmp_path: Path) -> None:
    lsp("init", tmp_path / "new")
    said = run(Workspace(tmp_path / "new")).said
    assert said.code == 1
    assert said.err.startswith("lsp: The framework is not complete yet. To fill in next, in this order:\n")


def test_init_leaves_a_workspace_that_is_there_alone(tmp_path: Path) -> None:
    lsp("init", tmp_path)
    before = bytes_of(tmp_path)
    said = lsp("init", tmp_path)
    assert said.code == 1
    assert (
        said.err
        == f"lsp: {tmp_path / 'data' / 'raw'} is there already; nothing was changed. Choose an empty folder.\n"
    )
    assert bytes_of(tmp_path) == before


# receive


RETURN = RAW / QUARTER / "Housing perf.xlsx"


def test_receive_takes_a_file_in_once(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace")
    words = (RETURN, "--from", "housing", "--quarter", QUARTER, "--root", workspace.root)
    first = lsp("receive", *words)
    assert first.code == 0
    assert first.out.startswith("Housing perf.xlsx: received ")
    assert f"from housing, kept in data/raw/{QUARTER}, SHA-256 " in first.out
    assert (workspace.raw / QUARTER / RETURN.name).read_bytes() == RETURN.read_bytes()
    before = bytes_of(workspace.root)
    assert lsp("receive", *words) == first
    assert bytes_of(workspace.root) == before


def test_receive_without_a_quarter_keeps_it_in_the_inbox(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace")
    assert lsp("receive", RETURN, "--from", "housing", "--root", workspace.root).code == 0
    assert (workspace.inbox / RETURN.name).is_file()


def test_receive_overwrites_no_other_file_of_the_same_name(tmp_path: Path) -> None:
    workspace = workspace_of(
        tmp_path / "workspace", Sent("Book1.xlsx", b"the first"), Sent("Book1.xlsx", b"the second")
    )
    held = {path.name: path.read_bytes() for path in (workspace.raw / QUARTER).iterdir()}
    assert held == {"Book1.xlsx": b"the first", "Book1 (2).xlsx": b"the second"}


def test_a_sender_named_later_is_added_to_the_ledger_and_no_line_of_it_is_changed(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace", Sent("Book1.xlsx", b"whose is it?"))
    before = workspace.ledger.read_text()
    held = workspace.raw / QUARTER / "Book1.xlsx"
    said = lsp("receive", held, "--from", "pct", "--quarter", QUARTER, "--root", workspace.root)
    assert "from pct, kept in" in said.out
    after = workspace.ledger.read_text()
    assert after.startswith(before)
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    assert [path.name for path in (workspace.raw / QUARTER).iterdir()] == ["Book1.xlsx"]


def test_a_sender_whom_the_framework_does_not_know_is_an_error_with_the_nearest(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace")
    before = bytes_of(workspace.root)
    said = lsp("receive", RETURN, "--from", "houssing", "--root", workspace.root)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(
        "lsp: 'houssing' is no partner of the framework, so the file was not taken in. "
    )
    assert "housing (" in said.err
    assert bytes_of(workspace.root) == before


def test_a_mistaken_receipt_does_not_take_away_what_counts(tmp_path: Path) -> None:
    """The file says from whom it is; it counts, and is then said to be somebody else's."""
    headings = ["Indicator ref", "Period", "Value"]
    kerb = [["From:", "Environmental Services"], [], headings, ["P_KERB", "Apr to Jun 2004", 290]]
    workspace = workspace_of(tmp_path / "workspace", Sent("good.xlsx", {"Kerb": kerb}, sender="environment"))
    run(workspace)
    words = (workspace.raw / QUARTER / "good.xlsx", "--from", "housing", "--quarter", QUARTER)
    ledger = workspace.ledger.read_text()
    said = lsp("receive", *words, "--root", workspace.root)
    assert said.code == 2
    assert "counts as that of Environmental Services, so nothing was changed" in said.err
    assert workspace.ledger.read_text() == ledger
    # whoever insists is told, and what the file says itself stands
    assert lsp("receive", *words, "--instead", "--root", workspace.root).code == 0
    again = run(workspace)
    assert again.select("select partner, state from staging.submissions where file_name = 'good.xlsx'") == [
        ("environment", "accepted")
    ]
    told = again.select("select because from marts.findings where rule = 'sender_contradicted'")
    assert [because[:34] for (because,) in told] == ["It was received from 'housing' afte"[:34]]


# Faults of the machine, and ours


def test_a_place_that_cannot_be_written_to_is_named_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "packs/LSP_pack.xlsx")

    monkeypatch.setattr("pipelines.run.quarterly_run.run_quarter", refused)
    said = lsp("run", "--no-prefect", "--root", tmp_path)
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "lsp: packs/LSP_pack.xlsx can't be used (Permission denied). Check that there is room, that you may write "
        "there and that no other program has it open; then run again.\n"
    )


def test_a_fault_of_the_pipeline_is_a_sentence_and_with_debug_a_stack_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("pipelines.run.quarterly_run.run_quarter", broken)
    said = lsp("run", "--no-prefect", "--root", tmp_path)
    assert said.code == 1
    assert said.err == (
        "lsp: ZeroDivisionError: division by zero. This is a fault of the pipeline; --debug shows where it arose.\n"
    )
    with pytest.raises(ZeroDivisionError):
        lsp("run", "--no-prefect", "--debug", "--root", tmp_path)
