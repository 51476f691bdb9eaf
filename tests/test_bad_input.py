"""What is wrong with a file is one plain sentence; the rest of the run goes on, and nothing is lost.

Most faults come in together, as they do in life, each in a file named for it and from partners that do not
get in each other's way: a run takes seconds, and each fault must stand by itself beside the others anyway.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ole_files import container
from openpyxl import Workbook, load_workbook
from sample_files import FRAMEWORK
from workspaces import ON_TIME, QUARTER, Ran, Rows, Sent, lsp, run, workspace_of, write_workbook

from pipelines.receipt import receive
from pipelines.submission.remarks import TEACH
from pipelines.workspace import Workspace

TARGETS = ("Target ref", "Period", "Value")
PROXIES = ("Indicator ref", "Period", "Value")
PARTNERS = (
    "The partners are: community_network, education, environment, housing, jobcentre, lsp, pct, police, "
    "road_safety."
)
SAVE_AGAIN = "open it in Excel, save it as an Excel workbook (.xlsx) and send that copy."
NO_TABLE = f"No table with the headings of a return was found. {TEACH}"


def table(*rows: Rows, partner: str = "", quarter: str = "", headings: Any = TARGETS) -> dict[str, Any]:
    """A workbook with one sheet: labels in rows 1 and 2, headings in row 4, then the rows."""
    labels = [["Partner:", partner] if partner else [], ["Quarter:", quarter] if quarter else []]
    return {"Return": [*labels, [], list(headings), *rows]}


def bytes_of_workbook(folder: Path, sheets: dict[str, Any]) -> bytes:
    return write_workbook(folder / "made.xlsx", sheets).read_bytes()


class Fault(NamedTuple):
    """A file with a fault, and what must come of it: rule, sheet, cell, consequence and the sentence."""

    sent: Sent
    rule: str
    sheet: str | None
    cell: str | None
    consequence: str
    sentence: str


def refused_whole(name: str, holds: Any, sentence: str) -> Fault:
    """A file that can't be read at all; its sentence begins with its name."""
    return Fault(Sent(name, holds), "file_readable", None, None, "refuse", f"{name} {sentence}")


def refused(
    name: str, holds: Any, rule: str, cell: str | None, sentence: str, sender: str = "", folder: str = QUARTER
) -> Fault:
    return Fault(Sent(name, holds, folder, sender), rule, "Return", cell, "refuse", sentence)


TIE = (
    "'tie one.xlsx' and 'tie two.xlsx' answer the same return 'Floor target progress' and came in the same moment, "
    "so we can't tell which counts. None of them was used. Open the right one, save it and send it again, so "
    "that it comes as a new file."
)

FAULTS = [
    # Files that can't be read
    refused_whole(
        "noise.xlsx",
        b"\x00\x01\x02 noise",
        "is not a workbook: send the spreadsheet itself, saved as an Excel workbook (.xlsx).",
    ),
    refused_whole("no bytes.xlsx", b"", "is an empty file (0 bytes): send it again."),
    refused_whole(
        "nothing in it.xlsx",
        {"Sheet1": [], "Sheet2": []},
        "is an empty workbook (no cell is filled in): send the one that is filled in.",
    ),
    refused_whole(
        "locked.xlsx",
        container({"EncryptionInfo": b"", "EncryptedPackage": b""}),
        "is protected by a password: remove the password, save it and send it again.",
    ),
    refused_whole(
        "old.xls",
        container({"Workbook": b""}),
        f"is damaged (it does not begin as a workbook does): {SAVE_AGAIN}",
    ),
    refused_whole(
        "figures.csv",
        "Target ref,Period,Value\nH4,2002,£53.8\n".encode("cp1252"),
        "has letters beyond plain English (in line 2, byte A3) in an encoding that nothing declares: "
        'save it as "CSV UTF-8" and send it again, or tell us in which encoding you save.',
    ),
    refused_whole(
        "report.xlsx",
        b"%PDF-1.4 the figures",
        "is a PDF, not a workbook: send the spreadsheet itself, saved as an Excel workbook (.xlsx).",
    ),
    # Files in which no return is recognised
    Fault(
        Sent("phone list.xlsx", {"Phones": [["Name", "Telephone"], ["Desk", "0161"]]}),
        *("return_recognised", "Phones", None, "refuse", NO_TABLE),
    ),
    # From whom
    refused(
        "unknown partner.xlsx",
        table(["H4", "2001", 50], partner="Acme Ltd"),
        "partner_known",
        "B1",
        "The file says it is from 'Acme Ltd', which is no partner of the framework. Use one of its names, or add "
        f"the partner to the framework. {PARTNERS}",
    ),
    refused(
        "partner begins with =.xlsx",
        table(["H4", "2001", 51], partner="=2+5"),
        "partner_known",
        "B1",
        "The file says it is from '=2+5', which is no partner of the framework. Use one of its names, or add "
        f"the partner to the framework. {PARTNERS}",
    ),
    refused(
        "two senders.xlsx",
        table(["E1_lea", "2002/03", 35.4], partner="PCT"),
        "partner_agrees",
        "B1",
        "The file says it is from 'PCT', but it was received from 'education'. "
        "Say which is right and send it again.",
        sender="education",
    ),
    refused(
        "nobody named.xlsx",
        table(["E1_lea", "2002/03", 35.5]),
        "partner_given",
        None,
        "Nothing says which partner this is from. Write 'Partner:' and the name above the table, and send the file "
        "again.",
    ),
    refused(
        "unknown sender.xlsx",
        table(["L2", "2002/03", 6.9]),
        "partner_known",
        None,
        "It was received from 'Fred', which is no partner of the framework. Write 'Partner:' and one of its names "
        f"above the table and send the file again. {PARTNERS}",
        sender="Fred",
    ),
    # For when
    refused(
        "another quarter.xlsx",
        table(["C1_robbery", "2003/04", 3.1], partner="CDRP", quarter="Q4 2003/04"),
        "quarter_agrees",
        "B2",
        "The file says it is for Q4 2003/04 (2003-04-Q4), but it came in with the returns for 2004-05-Q1. "
        "Check that it is the right file and send it for the right quarter.",
    ),
    refused(
        "not in the calendar.xlsx",
        table(["C1_robbery", "2003/04", 3.2], partner="CDRP", quarter="Q1 2050/51"),
        "quarter_known",
        "B2",
        "The file says it is for Q1 2050/51, which is not in the framework's calendar.",
    ),
    refused(
        "no quarter.xlsx",
        table(["C1_robbery", "2003/04", 3.3], partner="CDRP"),
        "quarter_given",
        None,
        "Nothing says which quarter this is for. Write 'Quarter:' and for example 'Q1 2004/05' above the table, or "
        "put the file in the quarter's folder.",
        folder="inbox",
    ),
    # What is in it
    refused(
        "missing column.xlsx",
        table(["L2", 5.5], ["L2", 6.5], partner="Environment", headings=["Target ref", "Value"]),
        "column_present",
        "A4",
        "The column 'Period' is missing. Add it and send the file again. What belongs there: The period the value "
        "measures, for example 2002, 2002/03, 2000-02 or Apr to Jun 2004.",
    ),
    refused(
        "headings only.xlsx",
        table(partner="Environment", headings=PROXIES),
        "has_rows",
        None,
        "The return 'Proxy indicators' has headings but no rows. "
        "If there is nothing to report, write 'Nil return' in the first row.",
    ),
    Fault(
        Sent(
            "unknown column.xlsx",
            table(["HO1", "2003/04", 48.9, "green"], partner="Housing", headings=[*TARGETS, "Door"]),
        ),
        *("column_known", "Return", "D4", "query"),
        "'Door' is the heading of no column of this return, so it was left out. "
        "Use the template's headings, or tell us what it is.",
    ),
    # Two files for one return, or one file for two
    Fault(
        Sent("tie one.xlsx", table(["T1_ksi", "2003", 110], partner="road_safety")),
        *("one_file_per_return", "Return", None, "refuse", TIE),
    ),
    Fault(
        Sent("tie two.xlsx", table(["T1_ksi", "2003", 112], partner="road_safety")),
        *("one_file_per_return", "Return", None, "refuse", TIE),
    ),
]  # fmt: skip

AGAIN = table(["C1_vehicle", "2003/04", 27.5])
SOUND = [
    Sent("sound.xlsx", table(["H4", "2002", 53.8], partner="PCT", quarter="Q1 2004/05")),
    Sent("first.xlsx", table(["W1_overall", "Mar to May 2003", 66.1]), sender="jobcentre"),
    Sent(
        "second.xlsx",
        table(["W1_overall", "Mar to May 2003", 67.2]),
        sender="jobcentre",
        at=ON_TIME + timedelta(days=1),
    ),
    Sent("last quarter.xlsx", AGAIN, "2003-04-Q4", "police", datetime(2004, 4, 10)),
    Sent("last quarter again.xlsx", AGAIN, QUARTER, "police"),
    Sent(
        "odd text.xlsx",
        table(
            ["P_JSA", "Jan to Mar 2004", 4200, '=HYPERLINK("http://localhost")'],
            ["P_JSA", "Apr to Jun 2004", 4110, "rang_x0007_twice"],
            partner="Jobcentre Plus",
            headings=[*PROXIES, "Commentary"],
        ),
    ),
    Sent(
        "odd text in the pack.xlsx",
        table(["NRF12", "=1+1 _x0007_bell", *[0] * 6], partner="Housing", headings=[
            *("Project ref", "Commentary", "Revised allocation (£)", "Profile Q1 (£)", "Profile Q2 (£)"),
            *("Profile Q3 (£)", "Profile Q4 (£)", "Actual to date (£)"),
        ]),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One run over every fault and the sound files among them."""
    root = tmp_path_factory.mktemp("bad input")
    whole = bytes_of_workbook(root, table(["H4", "2000", 53.5], partner="PCT"))
    damaged = Sent("cut off.xlsx", whole[:-900])
    faults = [fault.sent for fault in FAULTS]
    return run(workspace_of(root / "workspace", *SOUND, *faults, damaged, hidden(root)))


def hidden(root: Path) -> Sent:
    """A return whose only sheet with figures is hidden."""
    book = Workbook()
    book.active.title = "Cover"
    sheet = book.create_sheet("Figures")
    for row in (TARGETS, ("H4", "1999", 62.1)):
        sheet.append(row)
    sheet.sheet_state = "hidden"
    book.save(root / "hidden.xlsx")
    return Sent("hidden.xlsx", (root / "hidden.xlsx").read_bytes())


CUT_OFF = refused_whole(
    "cut off.xlsx", b"", f"is damaged (the archive is broken or was not sent whole): {SAVE_AGAIN}"
)


@pytest.mark.parametrize("fault", [*FAULTS, CUT_OFF], ids=lambda fault: fault.sent.name)
def test_a_fault_is_one_sentence_with_its_place(ran: Ran, fault: Fault) -> None:
    found = ran.select(
        "select rule, sheet, cell, consequence, because from marts.findings where file_name = ?",
        fault.sent.name,
    )
    assert found == [(fault.rule, fault.sheet, fault.cell, fault.consequence, fault.sentence)]


@pytest.mark.parametrize("fault", [*FAULTS, CUT_OFF], ids=lambda fault: fault.sent.name)
def test_what_is_refused_or_queried_is_printed_in_one_line(ran: Ran, fault: Fault) -> None:
    lines = [line for line in ran.said.out.splitlines() if fault.sentence in line]
    places = [fault.sent.name]
    places += [f"sheet '{fault.sheet}'"] if fault.sheet else []
    places += [f"cell {fault.cell}"] if fault.cell else []
    if fault.consequence == "query":
        (line,) = lines
        assert line.startswith(f"Queried: {', '.join(places)}")
        return
    said = fault.sentence if fault.rule == "file_readable" else f"{', '.join(places)}: {fault.sentence}"
    # the two files of a tie share a sentence
    assert f"Refused: {said}" in lines


def test_the_run_ends_with_refusals_and_no_stack_trace(ran: Ran) -> None:
    assert (ran.said.code, ran.said.err) == (3, "")
    assert "Traceback" not in ran.said.out
    refusals = sum(fault.consequence == "refuse" for fault in FAULTS) + len(["cut off.xlsx", "hidden.xlsx"])
    assert sum(line.startswith("Refused: ") for line in ran.said.out.splitlines()) == refusals


def test_a_workbook_whose_figures_are_all_hidden_says_so(ran: Ran) -> None:
    found = ran.select(
        "select rule, sheet, consequence from marts.findings where file_name = 'hidden.xlsx' order by all"
    )
    assert ("hidden_sheet", "Figures", "note") in found
    assert [consequence for *_, consequence in found].count("refuse") == 1


def test_what_was_sound_is_in_the_marts_all_the_same(ran: Ran) -> None:
    known = ran.select(
        "select target_id, latest_value from marts.floor_targets where quarter = ? and latest_value is not null "
        "order by all",
        QUARTER,
    )
    assert known == [("C1_vehicle", 27.5), ("H4", 53.8), ("HO1", 48.9), ("W1_overall", 67.2)]


def test_nothing_is_lost(ran: Ran) -> None:
    """Every file is archived, listed, and either read or refused with its reason."""
    files = dict(ran.select("select file_name, sha256 from staging.files"))
    sent = {fault.sent.name for fault in [*FAULTS, CUT_OFF]} | {file.name for file in SOUND} | {"hidden.xlsx"}
    assert set(files) == sent - {"last quarter again.xlsx"} | {"framework.xlsx"}
    for name, sha256 in files.items():
        assert (ran.workspace.archive / sha256).is_file(), name
    for fault in [*FAULTS, CUT_OFF]:
        ((state, reason),) = ran.select(
            "select state, reason from staging.files where file_name = ?", fault.sent.name
        )
        if fault.rule in ("file_readable", "return_recognised"):
            assert (state, reason) == ("refused", fault.sentence)
        else:
            assert (state, reason) == ("read", None)


def test_rows_of_a_return_refused_whole_are_counted_as_refused(ran: Ran) -> None:
    assert ran.select(
        "select file_name, state, rows_read, rows_accepted, rows_refused from staging.submissions "
        "where file_name in ('missing column.xlsx', 'nobody named.xlsx', 'tie one.xlsx') order by all"
    ) == [
        ("missing column.xlsx", "refused", 2, 0, 2),
        ("nobody named.xlsx", "refused", 1, 0, 1),
        ("tie one.xlsx", "refused", 1, 0, 1),
    ]


def test_a_refused_return_is_told_apart_from_a_missing_one(ran: Ran) -> None:
    states = dict(
        ran.select(
            "select partner || ' ' || return, state from marts.returns where quarter = ? "
            "and partner in ('environment', 'road_safety', 'jobcentre')",
            QUARTER,
        )
    )
    assert states["environment floor_targets"] == "refused"
    assert states["environment proxy_indicators"] == "refused"
    assert states["road_safety floor_targets"] == "refused"
    assert states["jobcentre floor_targets"] == "queried"  # its baseline is not the framework's
    assert states["environment nrf_spend"] in ("not due", "due", "late", "missing")


def test_of_two_files_for_a_return_the_later_counts(ran: Ran) -> None:
    assert ran.select(
        "select file_name, state from staging.submissions where file_name in ('first.xlsx', 'second.xlsx') order by all"
    ) == [("first.xlsx", "superseded"), ("second.xlsx", "accepted")]


def test_the_same_file_again_counts_once_and_is_asked_about_in_the_later_quarter(ran: Ran) -> None:
    ((quarter, consequence, because),) = ran.select(
        "select quarter, consequence, because from marts.findings where rule = 'file_is_new'"
    )
    assert (quarter, consequence) == (QUARTER, "query")
    assert because == (
        "'last quarter again.xlsx' in 2004-05-Q1 is byte for byte the file 'last quarter.xlsx' received on "
        "10 April 2004 in 2003-04-Q4. It was counted once. If it should have been another file, send that one."
    )
    counted = ran.select(
        "select quarter, state from staging.submissions where file_name = 'last quarter.xlsx'"
    )
    assert counted == [("2003-04-Q4", "accepted")]


def test_a_partners_text_never_becomes_a_formula_or_stops_the_pack(ran: Ran) -> None:
    assert ran.select(
        "select commentary from staging.proxy_indicators where partner = 'jobcentre' order by all"
    ) == [
        ('=HYPERLINK("http://localhost")',),
        ("rang\ufffdtwice",),
    ]
    texts = {
        cell.value: cell.data_type
        for sheet in load_workbook(ran.pack)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and ("1+1" in cell.value or "2+5" in cell.value)
    }
    assert any(text.startswith("=1+1") and "bell" in text and "\x07" not in text for text in texts)
    assert set(texts.values()) == {"s"}


def test_every_finding_stands_on_the_packs_quality_sheet(ran: Ran) -> None:
    sheet = load_workbook(ran.pack)["Quality"]
    texts = {cell for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, str)}
    assert {fault.sentence for fault in [*FAULTS, CUT_OFF]} <= texts


# What the sentences advise, helps


def test_what_the_sentences_advise_mends_it(ran: Ran, tmp_path: Path) -> None:
    shutil.copytree(ran.root, tmp_path / "workspace")
    workspace = Workspace(tmp_path / "workspace")
    held = workspace.raw / QUARTER
    for name, partner in (
        ("nobody named.xlsx", "education"),
        ("unknown sender.xlsx", "environment"),
    ):
        words = ("--from", partner, "--quarter", QUARTER, "--root", workspace.root)
        assert lsp("receive", held / name, *words).code == 0
    (workspace.raw / "2003-04-Q4").mkdir(exist_ok=True)
    (held / "another quarter.xlsx").rename(workspace.raw / "2003-04-Q4" / "another quarter.xlsx")
    (workspace.raw / "inbox" / "no quarter.xlsx").rename(held / "no quarter.xlsx")
    mended = run(workspace)
    assert mended.select(
        "select file_name, partner, quarter, state from staging.submissions where file_name in "
        "('nobody named.xlsx', 'unknown sender.xlsx', 'another quarter.xlsx', 'no quarter.xlsx') order by all"
    ) == [
        ("another quarter.xlsx", "police", "2003-04-Q4", "accepted"),
        ("no quarter.xlsx", "police", QUARTER, "accepted"),
        ("nobody named.xlsx", "education", QUARTER, "accepted"),
        ("unknown sender.xlsx", "environment", QUARTER, "accepted"),
    ]


# Exit codes, and what a run needs


@pytest.fixture(scope="module")
def queried(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace in which hardly anything has come in, and that with a query."""
    (unknown_column,) = (fault.sent for fault in FAULTS if fault.consequence == "query")
    spend = Sent("spend.xlsx", SOUND[-1].holds)
    return run(workspace_of(tmp_path_factory.mktemp("queried") / "workspace", spend, unknown_column))


def test_queries_alone_are_done(queried: Ran) -> None:
    assert (queried.said.code, queried.said.err) == (0, "")
    # the sample framework's corrections speak of files that this workspace has not received
    assert "Findings          0 refused, 2 queried, 0 noted" in queried.said.out
    (asked,) = queried.select(
        "select file_name from marts.findings where consequence = 'query' and rule <> 'correction_applies'"
    )
    assert [line for line in queried.said.out.splitlines() if line.startswith(f"Queried: {asked[0]}, sheet")]


def test_tables_have_the_same_columns_and_types_however_little_has_come_in(queried: Ran, sample: Ran) -> None:
    columns = (
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where schema_name in ('staging', 'framework', 'series', 'measures', 'marts') order by all"
    )
    assert queried.select(columns) == sample.select(columns)


def test_a_faulty_row_of_the_framework_is_refused_and_the_rest_stands(tmp_path: Path) -> None:
    book = load_workbook(FRAMEWORK)
    sheet = book["projects"]
    sheet.append(
        ["NRF99", "A project of nobody", "safe", "nobody", None, None, None, None, None, "illustrative"]
    )
    book.save(tmp_path / "framework.xlsx")
    ran = run(workspace_of(tmp_path / "workspace", SOUND[0], framework=tmp_path / "framework.xlsx"))
    assert (ran.said.code, ran.said.err) == (3, "")
    found = "select sheet, cell, as_typed, because from marts.findings where rule <> 'correction_applies'"
    assert ran.select(found) == [
        (
            *("projects", f"D{sheet.max_row}", "nobody"),
            "'Lead body' must be one of those in the framework's sheet 'Partners'. "
            "Use a reference from the framework, or ask for this one to be added.",
        )
    ]
    assert ran.one("select count(*) from marts.nrf_projects where quarter = ?", QUARTER) == 16
    assert (
        ran.one(
            "select latest_value from marts.floor_targets where target_id = 'H4' and quarter = ?", QUARTER
        )
        == 53.8
    )


def test_without_a_framework_there_is_nothing_to_read_by(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace", SOUND[0], framework=None)
    ended = run(workspace).said
    assert ended.code == 1
    assert ended.err == (
        "lsp: There is no framework to read the returns by: no file under data/raw/framework gives the calendar of "
        "quarters.\n"
    )
    assert not workspace.database.exists()


def test_a_framework_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "framework.xlsx").write_bytes(b"%PDF-1.4 the framework")
    ended = run(workspace_of(tmp_path / "workspace", framework=tmp_path / "framework.xlsx")).said
    assert ended.code == 1
    assert "framework.xlsx is a PDF, not a workbook" in ended.err
    assert ended.err.count("\n") == 1


def test_an_empty_workspace_says_what_to_put_where(tmp_path: Path) -> None:
    ended = run(workspace_of(tmp_path / "workspace", framework=None)).said
    assert ended.code == 1
    assert ended.err == (
        f"lsp: Nothing has been received yet: {tmp_path / 'workspace' / 'data' / 'raw'} holds no file. Put the "
        "framework workbook into data/raw/framework and the partners' files into the folder of their quarter.\n"
    )


def test_a_framework_without_returns_says_what_is_wanted(tmp_path: Path) -> None:
    ended = run(workspace_of(tmp_path / "workspace")).said
    assert ended.code == 1
    assert ended.err.startswith("lsp: The framework was read, but no return has come in yet.")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("quarter", ["2004-Q1", "2004-05-Q5", "Q1", "newest"])
def test_a_quarter_that_is_none_is_wrong_usage(tmp_path: Path, quarter: str) -> None:
    ended = lsp("run", quarter, "--root", tmp_path, "--no-prefect")
    assert ended.code == 2
    assert ended.err == f"lsp: '{quarter}' is no quarter. Write it as 2004-05-Q1 for April to June 2004.\n"


def test_a_file_that_went_missing_from_raw_and_archive_stops_the_run_in_a_sentence(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path / "workspace", SOUND[0])
    receipt = receive(write_workbook(tmp_path / "gone.xlsx", AGAIN), "police", QUARTER, workspace, ON_TIME)
    (workspace.archive / receipt.sha256).unlink()
    (workspace.raw / QUARTER / "gone.xlsx").unlink()
    ended = run(workspace).said
    assert ended.code == 1
    assert ended.err == (
        "lsp: The ledger lists gone.xlsx, received 07 July 2004, but neither data/raw nor data/archive holds it. "
        "Put the file back or restore data/archive from your back-up.\n"
    )
