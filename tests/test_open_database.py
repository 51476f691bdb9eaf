"""The published database and those who have it open: neither waits for the other, whatever client they use."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from readers import readers
from sample_files import RAW
from workspaces import QUARTER, Ran, Sent, lsp, run, workspace_of

from pipelines.workspace import Workspace

READERS = int(os.environ.get("LSP_READERS", "4"))
RUNS = int(os.environ.get("LSP_READ_RUNS", "1"))
OLD_CLIENT = "duckdb==1.2.2"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace with one return, run."""
    one = Sent("PCT.xlsx", (RAW / QUARTER / "PCT Q1 new template.xlsx").read_bytes(), sender="pct")
    return run(workspace_of(tmp_path_factory.mktemp("small") / "workspace", one))


@pytest.mark.skipif(os.name == "nt", reason="on Windows a file that is open can't be replaced")
def test_readers_and_runs_do_not_hinder_each_other(ran: Ran) -> None:
    """As many readers and runs as LSP_READERS and LSP_READ_RUNS say; `make soak` takes 20 and 10."""
    before = ran.workspace.published.stat().st_ino
    with readers(ran.workspace.published, READERS) as told:
        said = [run(ran.workspace).said for _ in range(RUNS)]
    assert [(one.code, one.err) for one in said] == [(ran.said.code, "")] * RUNS
    assert ran.workspace.published.stat().st_ino != before
    assert (told.errors, told.mixed) == ((), 0)
    assert told.questions > RUNS


def test_a_run_while_the_database_is_held_ends_well_and_the_next_command_puts_it_in_place(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a file that somebody has open can't be replaced; here replacing it is made to fail."""
    first = Ran(Workspace(shutil.copytree(ran.root, tmp_path / "workspace")), ran.said)
    published, waiting = first.workspace.published, first.workspace.waiting
    old = published.read_bytes()
    move = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if Path(target) == published:
            raise PermissionError(13, "it is being used by another process")
        return move(path, target)

    with monkeypatch.context() as held:
        held.setattr(Path, "replace", refuse)
        second = run(first.workspace)
        assert (second.said.code, second.said.err) == (first.said.code, "")
        (sentence,) = [line for line in second.said.out.splitlines() if str(waiting) in line]
        assert sentence == (
            f"{published} is open in another program and could not be replaced. The new marts are whole, in {waiting}, "
            "and lsp reads them there; once the other is closed, the next lsp command puts them in place."
        )
        assert published.read_bytes() == old
        new = waiting.read_bytes()
        asked = lsp("query", "select count(*) from marts.floor_targets", "--root", first.root)
        assert (asked.code, waiting.exists()) == (0, True)
        assert lsp("pack", QUARTER, "--root", first.root).code == 0
    assert lsp("status", QUARTER, "--root", first.root).code == 0
    assert published.read_bytes() == new
    assert not waiting.exists()


@pytest.fixture(scope="module")
def old_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment of its own that has DuckDB 1.2 and nothing else."""
    if sys.version_info >= (3, 14):
        pytest.skip("there is no DuckDB 1.2 for this Python")
    folder = tmp_path_factory.mktemp("old client")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", OLD_CLIENT]
    try:
        subprocess.run(install, check=True, capture_output=True, timeout=300)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip(f"{OLD_CLIENT} can't be installed here")
    return python


def test_duckdb_1_2_opens_the_database_and_gives_the_same_answers(
    ran: Ran, old_client: Path, tmp_path: Path
) -> None:
    question = (
        "select row_id, latest_value, rating, rating_reason from marts.floor_targets order by row_id limit 50"
    )
    program = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1], read_only=True); "
        "print(duckdb.__version__); print(connection.execute(sys.argv[2]).fetchall()); "
        "print(sum(connection.execute(f'select count(*) from {s}.\"{t}\"').fetchone()[0] for s, t in "
        "connection.execute('select table_schema, table_name from information_schema.tables').fetchall()))"
    )
    copy = shutil.copy(ran.workspace.published, tmp_path)
    said = subprocess.run(
        [old_client, "-c", program, copy, question], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    rows = ran.select("select table_schema, table_name from information_schema.tables")
    total = sum(ran.one(f'select count(*) from {schema}."{table}"') for schema, table in rows)
    assert said == ["1.2.2", repr(ran.select(question)), str(total)]
