"""A new return is three files (tests/recipe/): a contract, a mart and a sheet. Nothing else is touched.

They are put into a copy of the project, and a partner's file into a workspace of its own.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample_files import FRAMEWORK, ROOT
from workspaces import QUARTER, Ran, Said, Sent, workspace_of

from pipelines.workspace import Workspace

NAME = "spotlight_stock_take"
RECIPE = {
    f"{NAME}.yml": "expectations",
    f"{NAME}.sql": "sql/marts",
    f"{NAME}.py": "pipelines/pack",
}
HEADINGS = (
    "Review ref",
    "Date of stock take",
    "Attendees",
    "Decision",
    "Confidence RAG",
    "Actions due",
    "Overdue",
)
STOCK_TAKES = {
    "Sheet1": [
        ["Spotlight stock takes (illustrative)"],
        ["From:", "Partnership Office"],
        ["Period:", "Q1 2004/05"],
        [],
        HEADINGS,
        ["SP01", "14 June 2004", 11, "Go on as planned", "Amber/Green", 6, 1],
        ["SP02", "21/06/2004", 9, "=Stop the pilot", "A/R", 4, 4],
        ["SP03", "28 June 2004", 8, "Begin again", "Green", 3, 5],
    ]
}


def copy_of_project(folder: Path) -> Path:
    """What the project is made of, with the recipe's files in their places."""
    left_out = shutil.ignore_patterns("__pycache__", "archive", "marts", "packs", ".*")
    for part in ("expectations", "pipelines", "samples", "sql", "tests"):
        # data is left out by name above: sql/marts is no data
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data", folder / "data", ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, place in RECIPE.items():
        shutil.copy(ROOT / "tests" / "recipe" / name, folder / place)
    return folder


def python(project: Path, *words: str) -> Said:
    """Python in the copy, with its code and not this checkout's."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("recipe") / "project")


@pytest.fixture(scope="module")
def ran(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace whose framework expects the new return, with a partner's file: run by the copy."""
    folder = tmp_path_factory.mktemp("stock takes")
    book = load_workbook(FRAMEWORK)
    book["expected_returns"].append(["lsp", NAME, QUARTER, None])
    book.save(folder / "framework.xlsx")
    workspace = workspace_of(
        folder / "workspace", Sent("notes of meetings.xlsx", STOCK_TAKES), framework=folder / "framework.xlsx"
    )
    root = str(workspace.root)
    return Ran(
        Workspace(workspace.root),
        python(project, "-m", "pipelines.cli", "run", "--root", root, "--no-prefect"),
    )


def test_the_recipe_is_three_files_short_enough_to_read() -> None:
    recipe = {
        path.name: path.read_text(encoding="utf-8")
        for path in (ROOT / "tests" / "recipe").iterdir()
        if path.is_file()
    }
    assert set(recipe) == set(RECIPE)
    assert all(len(text.splitlines()) <= 60 for text in recipe.values())


def test_its_rows_are_in_the_mart(ran: Ran) -> None:
    assert (ran.said.code, ran.said.err) == (3, "")
    assert ran.select(
        f"select review_id, strftime(held_on, '%Y-%m-%d'), attendees, decision, confidence, actions_due, "
        f"actions_overdue from marts.{NAME} order by all"
    ) == [
        ("SP01", "2004-06-14", 11, "Go on as planned", "AG", 6, 1),
        ("SP02", "2004-06-21", 9, "=Stop the pilot", "AR", 4, 4),
    ]


def test_its_rule_refuses_with_file_sheet_and_cell(ran: Ran) -> None:
    found = (
        "select file_name, sheet, cell, rule, because from marts.findings where rule <> 'correction_applies'"
    )
    assert ran.select(found) == [
        (
            *("notes of meetings.xlsx", "Sheet1", "F8", "overdue_within_due"),
            "More actions are overdue than were due. Check which of the two is right.",
        )
    ]


def test_each_value_leads_to_the_partners_cell(ran: Ran) -> None:
    assert ran.select(
        "select column_name, sheet, cell, as_typed, partner from marts.provenance "
        "where mart = ? and row_id = '2004-05-Q1|SP01|2004-06-14' order by cell",
        NAME,
    ) == [
        ("review_id", "Sheet1", "A6", "SP01", "lsp"),
        ("held_on", "Sheet1", "B6", "14 June 2004", "lsp"),
        ("attendees", "Sheet1", "C6", "11", "lsp"),
        ("decision", "Sheet1", "D6", "Go on as planned", "lsp"),
        ("confidence", "Sheet1", "E6", "Amber/Green", "lsp"),
        ("actions_due", "Sheet1", "F6", "6", "lsp"),
        ("actions_overdue", "Sheet1", "G6", "1", "lsp"),
    ]


def test_the_return_is_expected_and_came(ran: Ran) -> None:
    assert ran.select(
        "select partner, is_expected, state, rows_read, rows_refused from marts.returns where return = ?",
        NAME,
    ) == [("lsp", True, "refused in part", 3, 1)]


def test_its_sheet_is_in_the_pack_with_its_rows(ran: Ran) -> None:
    book = load_workbook(ran.pack)
    assert "Spotlight" in [cell.value for row in book["Contents"].iter_rows() for cell in row]
    table = book["Spotlight"].tables["Spotlight_stock_takes"]
    shown = [[cell.value for cell in row] for row in book["Spotlight"][table.ref]]
    assert shown[0] == [
        *(
            "Review",
            "Decision",
            "Held on",
            "Attendees",
            "Confidence",
            "Confidence in words",
            "Actions due",
            "Overdue",
        )
    ]
    assert [[row[0], row[1], row[3], row[5], *row[6:]] for row in shown[1:]] == [
        ["SP01", "Go on as planned", 11, "Amber/Green", 6, 1],
        ["SP02", "=Stop the pilot", 9, "Amber/Red", 4, 4],
    ]


@pytest.mark.parametrize(
    "tests", [("test_contracts.py", "-k", NAME), ("test_layers.py", "-k", NAME)], ids=lambda words: words[0]
)
def test_the_tests_grow_by_themselves(project: Path, tests: tuple[str, ...]) -> None:
    file, *words = tests
    tested = python(project, "-m", "pytest", f"tests/{file}", *words, "-p", "no:cacheprovider")
    assert tested.code == 0, tested.out
    here = python(ROOT, "-m", "pytest", f"tests/{file}", *words, "--collect-only", "-p", "no:cacheprovider")
    assert count(tested, r"(\d+) passed") > count(here, r"(\d+)(?:/\d+)? tests? collected")


def count(said: Said, pattern: str) -> int:
    found = re.search(pattern, said.out)
    return int(found[1]) if found else 0
