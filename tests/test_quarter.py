"""Raw → pack, once, through Prefect: what is left behind, what is said, and that it is the same every time."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from sample_files import RAW, ROOT
from workspaces import QUARTER, Ran, bytes_of, content, copy_of_sample, run

from pipelines.workspace import Workspace


class Quarter(NamedTuple):
    """A run of the sample through Prefect as a user would start it, from a folder that is not the workspace."""

    workspace: Workspace
    process: "subprocess.CompletedProcess[str]"
    elsewhere: list[Path]
    content: dict[str, str]
    pack: bytes


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Quarter:
    folder = tmp_path_factory.mktemp("quarter")
    workspace = copy_of_sample(folder / "our workspace")
    elsewhere = [folder / name for name in ("home", "here")]
    for place in elsewhere:
        place.mkdir()
    home, here = map(str, elsewhere)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "XDG"))}
    process = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "run", "--root", str(workspace.root)],
        cwd=here,
        env=plain | {"HOME": home, "USERPROFILE": home, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert workspace.database.exists(), process.stderr
    return Quarter(
        workspace,
        process,
        elsewhere,
        content(workspace.database),
        workspace.pack_file(QUARTER).read_bytes(),
    )


def history(quarter: Quarter, query: str) -> list[tuple[object, ...]]:
    """Rows of what Prefect has written down about its runs."""
    connection = sqlite3.connect(quarter.workspace.prefect_home / "prefect.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


# What it says


def test_it_ends_with_refusals_and_says_nothing_but_its_table(quarter: Quarter) -> None:
    assert quarter.process.returncode == 3
    assert quarter.process.stderr == ""
    assert quarter.process.stdout.splitlines() == [
        "Taking in what has arrived …",
        "Reading and checking the framework …",
        "Reading 48 files …",
        "Checking the returns …",
        "Building the marts …",
        "Writing the pack of 2004-05-Q1 …",
        "Writing the replies …",
        "Quarter           Apr to Jun 2004 (2004-05-Q1)",
        "As at             17 Sep 2004",
        "Returns expected  34",
        "Returns received  34 (nil 0, late 4, refused 0)",
        "Returns missing   0",
        "Files refused     0",
        "Rows read         115, of these refused 1",
        "Findings          1 refused, 2 queried, 2 noted",
        "Ratings           5 G, 2 AG, 5 AR, 4 R, 5 no rating",
        f"Pack              {quarter.workspace.pack_file(QUARTER)}",
        f"Replies           11 in {quarter.workspace.replies / QUARTER}, 3 of them with something to do",
        "Refused: CDRP return Apr-Jun 04.xlsx, sheet 'NRF', cell M9 ('12500'): There is an actual for a quarter "
        "that has not closed yet. Move it to the profile or the forecast; where nothing was spent yet, leave the cell "
        "blank.",
        "Still refused in 2003-04-Q2: 1 ('lsp status 2003-04-Q2' lists them)",
        "Queried: Copy of CEN monitoring form.xlsx, sheet 'Monitoring form', cell S7 ('The chair, [removed], thanks "
        "the office.'): The commentary seems to hold personal data, such as a person's name, address or telephone "
        "number. That is taken out wherever the text is shown; take it out of the return and send it again.",
        "Queried: NRF ledger June.xlsx, sheet 'Programme ledger', cell B7 ('512000'): The programme's allocation "
        "(£512,000) is not what the theme's projects have together (£502,000 in 2 projects). Find the project that "
        "differs.",
    ]


# What it leaves


def test_files_lie_in_the_workspace_and_nowhere_else(quarter: Quarter) -> None:
    for place in quarter.elsewhere:
        assert list(place.rglob("*")) == []
    root = quarter.workspace.root
    assert [path.name for path in root.iterdir()] == ["data"]
    made = {path.name for path in (root / "data").iterdir()}
    assert made <= {"raw", "archive", "marts", "packs", "replies", "logs", ".prefect", ".work"}
    assert bytes_of(root / "data" / "marts").keys() == {"lsp.duckdb"}
    pack = f"{QUARTER}/LSP_pack_{QUARTER}"
    assert bytes_of(root / "data" / "packs").keys() == {
        f"{pack}.xlsx", f"{pack}.html", f"{pack}.manifest.json", f"{QUARTER}/manifests.jsonl",
    }  # fmt: skip
    assert len(bytes_of(root / "data" / "replies" / QUARTER)) == 11
    at_work = bytes_of(root / "data" / ".work")
    assert {name for name in at_work if not name.startswith("memory/")} <= {"run.lock", "ledger.lock"}


def test_what_was_received_is_left_as_it_was_and_archived(quarter: Quarter) -> None:
    received = bytes_of(RAW)
    assert bytes_of(quarter.workspace.raw) == received
    archived = bytes_of(quarter.workspace.archive)
    assert archived.pop(quarter.workspace.chain.name)
    assert all(name == sha256 for name, sha256 in archived.items())
    assert set(archived) == set(received.values()) - {received["receipts.csv"]}


def test_the_run_is_in_prefects_history_with_a_name_and_what_it_came_to(quarter: Quarter) -> None:
    root = quarter.workspace.root
    assert history(quarter, "select name, state_type from flow_run") == [
        (f"newest quarter in {root}", "COMPLETED")
    ]
    states = history(quarter, "select type, message from flow_run_state order by timestamp")
    assert states[-1] == ("COMPLETED", "with refusals")
    tasks = history(quarter, "select name, state_type from task_run")
    assert sorted((str(name).rpartition("-")[0], state) for name, state in tasks) == [
        ("build marts", "COMPLETED"),
        ("open framework", "COMPLETED"),
        ("open returns", "COMPLETED"),
        ("read framework", "COMPLETED"),
        ("read returns", "COMPLETED"),
        ("take in", "COMPLETED"),
        ("write pack", "COMPLETED"),
        ("write replies", "COMPLETED"),
    ]


def test_its_artifacts_are_what_was_refused_the_figures_and_a_link_to_the_pack(quarter: Quarter) -> None:
    artifacts = history(quarter, "select key, data from artifact order by key")
    assert [key for key, _ in artifacts] == [
        "pack-2004-05-q1",
        "quarterly-run-2004-05-q1",
        "returns-2004-05-q1",
    ]
    link, text, table = (str(data) for _, data in artifacts)
    assert f"LSP_pack_{QUARTER}.xlsx" in link
    assert "Returns expected" in table
    assert "| Rows read | 115, of these refused 1 |" in text
    assert "- CDRP return Apr-Jun 04.xlsx, sheet 'NRF', cell M9 ('12500'): There is an actual" in text


# The same every time


def test_without_prefect_and_in_another_folder_it_comes_out_the_same(quarter: Quarter, sample: Ran) -> None:
    assert sample.said.code == 3
    assert sample.said.out.replace(str(sample.root), "") == quarter.process.stdout.replace(
        str(quarter.workspace.root), ""
    )
    assert content(sample.workspace.database) == quarter.content
    assert sample.pack.read_bytes() == quarter.pack


def test_a_second_run_changes_nothing(quarter: Quarter) -> None:
    received = bytes_of(quarter.workspace.raw)
    assert run(quarter.workspace).said.code == 3
    assert content(quarter.workspace.database) == quarter.content
    assert quarter.workspace.pack_file(QUARTER).read_bytes() == quarter.pack
    assert bytes_of(quarter.workspace.raw) == received
