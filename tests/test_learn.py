"""A layout proposed, corrected and used: what a partner's own headings probably mean."""

from datetime import datetime
from pathlib import Path

import pytest
from grids import CONTEXT, contracts, sample_framework, sheet
from openpyxl import Workbook, load_workbook
from workspaces import copy_of_sample, lsp

from pipelines.framework_checks import check
from pipelines.judge.intake import judge_framework
from pipelines.learn import propose
from pipelines.receipt import take_receipts
from pipelines.submission.opening import open_files
from pipelines.workspace import Workspace

RETURNS = [of for of in contracts().values() if not of.is_framework]


def means(*rows: list[object]) -> dict[str, str]:
    proposal = propose(sheet(rows), RETURNS)
    return {column.heading: column.means for column in proposal.columns} if proposal else {}


def test_headings_that_are_known_and_such_as_are_nearly_so() -> None:
    assert means(
        ["Neighbourhood renewal schemes"],
        [],
        ["Project ref", "Name of project", "Revised allocation", "Actual to date so far", "Officer", "Total"],
        ["NRF01", "Wardens", 120000, 28500, "AB", 1],
    ) == {
        "Project ref": "project_id",
        "Name of project": "project_name",
        "Revised allocation": "revised_allocation",
        "Actual to date so far": "actual_to_date",
        "Officer": "",
        "Total": "left out",
    }


def test_periods_across_are_proposed_for_periods_to_come() -> None:
    proposal = propose(sheet([["Indicator ref", "2002/03", "Apr to Jun 2004"], ["P_JSA", 5, 6]]), RETURNS)
    assert proposal is not None
    assert (proposal.contract.name, proposal.shape) == ("proxy_indicators", "crosstab")
    assert [(c.heading, c.place, c.means) for c in proposal.columns] == [
        ("Indicator ref", "under", "indicator_id"),
        ("#/#", "across", "period"),
        ("* to * #", "across", "period"),
        ("*", "cells", "value"),
    ]


OWN = sheet(
    [
        ["Ref", "What", "When", "How many", "Notes"],
        ["P_JSA", "JSA", "Jul to Sep 2004", 4010, "x"],
        ["P_NDLP", "NDLP", "Jul to Sep 2004", 88, "z"],
    ]
)


def test_references_and_periods_in_a_column_say_what_its_heading_means() -> None:
    """By its headings alone it would be Improvement Plan actions, which has a 'Ref' and 'Notes'."""
    proposal = propose(OWN, RETURNS, sample_framework().references)
    assert proposal is not None
    assert proposal.contract.name == "proxy_indicators"
    assert [(c.heading, c.means, c.is_sure) for c in proposal.columns][:4] == [
        ("Ref", "indicator_id", False),
        ("What", "", False),
        ("When", "period", False),
        ("How many", "", False),
    ]


def test_a_return_that_was_named_gets_a_layout_with_blanks_to_fill_in() -> None:
    (named,) = [of for of in RETURNS if of.name == "nrf_programme"]
    own = sheet([["Our figures"], [], ["This", "That", "Other"], ["a", "b", 3]])
    assert propose(own, [named]) is None
    proposal = propose(own, [named], is_named=True)
    assert proposal is not None
    assert [(c.heading, c.means) for c in proposal.columns] == [("This", ""), ("That", ""), ("Other", "")]


def test_a_letter_is_no_table() -> None:
    assert propose(sheet([["Dear all,"], ["the figures will follow."]]), RETURNS) is None


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return copy_of_sample(tmp_path_factory.mktemp("learn"))


def foreign(path: Path, *headings: str) -> Path:
    """A partner's own workbook, with words for headings that no contract knows."""
    book = Workbook()
    assert book.active
    book.active.title = "Schemes"
    book.active.append(list(headings))
    book.active.append(["H4", "2003", 51.2, "CB"])
    book.save(path)
    return path


def test_a_proposal_is_written_corrected_saved_and_used(workspace: Workspace, tmp_path: Path) -> None:
    file = foreign(
        tmp_path / "Schemes.xlsx", "Floor target reference no.", "Time period", "Latest", "Officer"
    )
    into = workspace.framework / "layout_schemes.xlsx"
    said = lsp(
        "learn", file, "--from", "pct", "--return", "floor_targets", "--into", into, "--root", workspace.root
    )
    assert said.code == 0, said.err
    assert "'Officer' under → not known: fill it in" in said.out
    book = load_workbook(into)
    columns = book["Headings of taught layouts"]
    rows = {row[1].value: row for row in columns.iter_rows(min_row=4) if row[1].value}
    assert rows["Officer"][3].fill.fgColor.rgb == "00FFF2CC"
    rows["Officer"][3].value = "left out"
    rows["Latest"][3].value = "value"
    rows["Floor target reference no."][3].value = "target_id"
    book.save(into)

    opened_now, _ = open_files(take_receipts(workspace, datetime(2004, 7, 20)), workspace)
    framework = [one for one in opened_now if one.receipt.folder == "framework"]
    judged = judge_framework([*sample_framework().opened, *framework], contracts(), CONTEXT)
    assert check(judged) == []
    (layout,) = judged.frames["framework.layouts"]["layout_id"]
    assert layout == "pct_floor_targets_schemes"


def test_a_layout_put_with_the_framework_is_used_by_a_check_before_any_run(tmp_path: Path) -> None:
    workspace = copy_of_sample(tmp_path)
    file = foreign(tmp_path / "Schemes.xlsx", "Aim", "Time period", "Latest", "Officer")
    check_it = ("check", file, "--from", "pct", "--quarter", "2004-05-Q2", "--root", workspace.root)
    untaught = lsp(*check_it)
    assert "No return was recognised" in untaught.out
    into = workspace.framework / "layout_schemes.xlsx"
    lsp("learn", file, "--from", "pct", "--return", "floor_targets", "--into", into, "--root", workspace.root)
    book = load_workbook(into)
    for row in book["Headings of taught layouts"].iter_rows(min_row=4):
        meanings = {"Aim": "target_id", "Time period": "period", "Latest": "value", "Officer": "left out"}
        row[3].value = meanings[str(row[1].value)]
    book.save(into)
    taught = lsp(*check_it)
    assert "No return was recognised" not in taught.out
    assert taught.code == 0, taught.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.xlsx"], "There is no file nowhere.xlsx."),
        (["FILE", "--return", "poems"], "There is no return 'poems'. The returns are: floor_targets"),
    ],
)
def test_wrong_usage_is_one_sentence(words: list[str], said: str, tmp_path: Path) -> None:
    file = foreign(tmp_path / "a.xlsx", "x", "y", "z", "w")
    answer = lsp("learn", *(str(file) if word == "FILE" else word for word in words))
    assert answer.code == 2
    assert said in answer.err


def test_a_file_without_headings_gets_one_sentence(tmp_path: Path) -> None:
    """In a workspace of no framework: where there is one, the references below say what the headings don't."""
    file = foreign(tmp_path / "a.xlsx", "x", "y", "z", "w")
    answer = lsp("learn", file, "--root", tmp_path)
    assert answer.code == 1
    assert answer.err.startswith("lsp: No line of a.xlsx looks like the headings of a return.")
