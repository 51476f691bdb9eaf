"""From `lsp templates` to the marts: written, filled in, received and counted, with nobody asked anything."""

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from templates import HEADER, READ, column, fill, fill_in, saved
from test_templates import converted
from workspaces import QUARTER, Ran, Said, bytes_of, lsp, run, workspace_of

from pipelines.receipt import receive
from pipelines.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Said]:
    workspace = workspace_of(tmp_path_factory.mktemp("templates"))
    return workspace, lsp("templates", QUARTER, "--root", workspace.root)


@pytest.fixture(scope="module")
def ran(made: tuple[Workspace, Said], tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The Primary Care Trust's template filled in and saved by LibreOffice, the network's by a script, then run."""
    workspace, _ = made
    folder = tmp_path_factory.mktemp("partners")
    own = saved(fill_in(openpyxl.load_workbook(workspace.template_file(QUARTER, "pct"))), folder / "PCT.xlsx")
    receive(converted(own, "xlsx"), "", "inbox", workspace, datetime(2004, 7, 7, 9))
    book = openpyxl.load_workbook(workspace.template_file(QUARTER, "road_safety"))
    sheet = book["Proxy indicators"]
    fill(sheet, HEADER + 1, {"Value": 41})
    receive(saved(book, folder / "roads.xlsx"), "", "inbox", workspace, datetime(2004, 7, 8, 9))
    return run(workspace)


def test_each_partner_of_whom_a_return_is_expected_gets_one(made: tuple[Workspace, Said]) -> None:
    workspace, said = made
    assert (said.code, said.err) == (0, "")
    names = [Path(line).name for line in said.out.splitlines()]
    assert names[:2] == ["police.xlsx", "pct.xlsx"]
    assert sorted(names) == sorted(bytes_of(workspace.templates / QUARTER))


def test_the_same_files_give_the_same_templates(made: tuple[Workspace, Said]) -> None:
    workspace, _ = made
    before = bytes_of(workspace.templates)
    lsp("templates", QUARTER, "--partner", "PCT", "--root", workspace.root)
    assert bytes_of(workspace.templates) == before


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["2099-00-Q1"], 1, "lsp: The framework's calendar has no 2099-00-Q1. It has: 2003-04-Q1"),
        (["Q1"], 2, "lsp: 'Q1' is no quarter."),
        ([QUARTER, "--partner", "fire"], 1, "lsp: 'fire' is no partner of the framework. The partners are:"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(
    made: tuple[Workspace, Said], words: list[str], code: int, sentence: str
) -> None:
    said = lsp("templates", *words, "--root", made[0].root)
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(sentence)


def test_without_a_framework_nothing_can_be_asked(tmp_path: Path) -> None:
    said = lsp("templates", QUARTER, "--root", workspace_of(tmp_path, framework=None).root)
    assert said.code == 1
    assert "Nothing has been received yet" in said.err


def test_a_figure_leads_to_the_template_that_it_was_typed_in(made: tuple[Workspace, Said], ran: Ran) -> None:
    identity = openpyxl.load_workbook(made[0].template_file(QUARTER, "road_safety"))["_meta"]
    wrote = {str(name): str(value) for name, value, *_ in identity.iter_rows(values_only=True)}
    figure = ran.one(
        "select figure_id from marts.provenance where partner = 'road_safety' and as_typed = '41' limit 1"
    )
    (sender,) = {
        line.strip()
        for line in lsp("trace", figure, "--root", ran.root).out.splitlines()
        if "from road" in line
    }
    day = datetime.fromisoformat(wrote["issued_on"])
    template = f"on our workbook of {day:%d %b %Y} (version {wrote['version']})"
    assert sender.startswith(f"from road_safety, {template}, received 08 Jul 2004 09:00, SHA-256 ")


def test_what_was_filled_in_counts_and_nothing_is_asked(ran: Ran) -> None:
    states = ran.select(
        "select return, state, rows_accepted, rows_queried from marts.returns "
        "where quarter = ? and partner = 'pct' order by return",
        QUARTER,
    )
    assert states == [
        ("floor_targets", "nil", 0, 0),
        ("improvement_plan", "accepted", len(READ["improvement_plan"]), 0),
        ("nrf_spend", "accepted", len(READ["nrf_spend"]), 0),
        ("proxy_indicators", "accepted", len(READ["proxy_indicators"]), 0),
    ]
    assert [finding for finding in ran.findings if finding[0] == "PCT.xlsx"] == []


def test_what_was_left_blank_is_missing_and_its_sender_is_told(ran: Ran) -> None:
    states = dict(
        ran.select(
            "select return, state from marts.returns where quarter = ? and partner = 'road_safety'", QUARTER
        )
    )
    assert (states["nrf_spend"], states["proxy_indicators"]) == ("due", "accepted")
    told = {(rule, sheet) for name, rule, sheet, _, _ in ran.findings if name == "roads.xlsx"}
    assert ("sheet_filled_in", "NRF spend and projects") in told
    assert ("expected_rows", "Proxy indicators") in told


def test_the_next_template_shows_what_was_accepted(ran: Ran) -> None:
    workspace = ran.workspace
    assert lsp("templates", "2004-05-Q2", "--partner", "pct", "--root", workspace.root).code == 0
    book: Any = openpyxl.load_workbook(workspace.template_file("2004-05-Q2", "pct"))
    sheet = book["Proxy indicators"]
    last = [
        (sheet.cell(row, 1).value, sheet.cell(row, column(sheet, "Last time: Value")).value)
        for row in range(HEADER + 1, HEADER + 5)
    ]
    assert sorted(last) == READ["proxy_indicators"]
    spend = book["NRF spend and projects"]
    assert [
        spend.cell(HEADER + 1, column(spend, name)).value for name in ("Profile Q2 (£)", "Actual Q1 (£)")
    ] == [
        54000,
        53000,
    ]
