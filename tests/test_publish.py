"""The database is built aside and put in place in one move; whoever reads it is not disturbed."""

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from sample_files import ROOT

from pipelines.marts import publish as publishing
from pipelines.marts.publish import publish, sweep
from pipelines.storage.in_place import PublishError, settle, still_waits
from pipelines.workspace import Workspace

Fill = Callable[[duckdb.DuckDBPyConnection], None]


def holding(value: int) -> Fill:
    """Fills a database with one table that holds one number."""

    def fill(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.about as select {value} as number")

    return fill


def held(database: Path) -> int:
    with duckdb.connect(str(database), read_only=True) as connection:
        ((number,),) = connection.execute("select number from marts.about").fetchall()
    return int(number)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with a database in place."""
    made = Workspace(tmp_path)
    publish(made, "first", holding(1))
    return made


@pytest.fixture
def database(workspace: Workspace) -> Path:
    """The database in place."""
    return workspace.published


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def program(text: str, *arguments: object) -> "subprocess.Popen[str]":
    """A program in a process of its own: in one process DuckDB shares what it has open."""
    return subprocess.Popen(
        [sys.executable, "-c", text, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_new_database_takes_the_place_of_the_old_and_leaves_nothing_beside_it(
    workspace: Workspace, database: Path
) -> None:
    publish(workspace, "second", holding(2))
    assert held(database) == 2
    assert left_in(database.parent) == ["lsp.duckdb"]
    assert list(workspace.work.iterdir()) == []


READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("select number from marts.about").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("select number from marts.about").fetchone()[0], flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="on Windows a file that is open can't be replaced")
def test_a_reader_keeps_what_it_opened_while_a_new_one_is_put_in_place(
    workspace: Workspace, database: Path
) -> None:
    reader = program(READER, database)
    assert reader.stdout and reader.stdout.readline() == "1\n"
    publish(workspace, "second", holding(2))
    assert held(database) == 2
    out, err = reader.communicate("go on\n", timeout=60)
    assert (out, err) == ("1\n", "")


def test_the_database_in_place_is_never_opened_but_only_replaced(
    workspace: Workspace, database: Path
) -> None:
    database.write_bytes(b"torn: no database any more")
    publish(workspace, "second", holding(2))
    assert held(database) == 2


WRITER = """
import os, signal, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("update marts.about set number = 99")
os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
"""


def test_what_somebody_wrote_into_the_old_database_does_not_reach_the_new(
    workspace: Workspace, database: Path
) -> None:
    """A program that was ended while it wrote leaves a log of it beside the database."""
    program(WRITER, database).communicate(timeout=60)
    assert database.with_name("lsp.duckdb.wal").exists()
    publish(workspace, "second", holding(2))
    assert left_in(database.parent) == ["lsp.duckdb"]
    assert held(database) == 2


KILLED = """
import sys, time
from pathlib import Path
from pipelines.marts.publish import publish
from pipelines.workspace import Workspace

def fill(connection):
    connection.execute("create schema marts")
    connection.execute("create table marts.about as select range as number from range(200000)")
    print("building", flush=True)
    time.sleep(60)

publish(Workspace(Path(sys.argv[1])), "killed", fill)
"""


def test_a_killed_build_leaves_the_last_good_database_and_the_next_sweeps_up(
    workspace: Workspace, database: Path
) -> None:
    work = workspace.work
    before = database.read_bytes()
    build = program(KILLED, workspace.root)
    assert build.stdout and build.stdout.readline() == "building\n"
    build.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    build.communicate(timeout=60)
    assert list(work.glob("build-killed*")) != []
    assert database.read_bytes() == before
    assert held(database) == 1
    publish(workspace, "next", holding(3))
    assert held(database) == 3
    assert list(work.glob("build-*")) == []


def test_a_build_that_fails_changes_nothing(workspace: Workspace, database: Path) -> None:
    def broken(connection: duckdb.DuckDBPyConnection) -> None:
        holding(2)(connection)
        raise ValueError("a fault halfway")

    before = database.read_bytes()
    with pytest.raises(ValueError, match="a fault halfway"):
        publish(workspace, "broken", broken)
    assert database.read_bytes() == before
    assert left_in(database.parent) == ["lsp.duckdb"]


def test_what_cannot_be_read_back_as_it_was_put_in_is_not_published(
    workspace: Workspace, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that says it wrote, and did not: one number differs, no row is missing."""
    honest = publishing.sums
    asked = iter([False, True])

    def sums(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, int | None]]:
        found = honest(connection)
        return [(*table[:3], (table[3] or 0) + 1) for table in found] if next(asked) else found

    monkeypatch.setattr(publishing, "sums", sums)
    with pytest.raises(
        PublishError, match="does not hold what was put in; the database in place was left alone"
    ):
        publish(workspace, "second", holding(2))
    assert held(database) == 1


def test_the_sums_tell_a_changed_number_and_not_an_order() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema marts; create table marts.a as select unnest([1, 2, 2]) as n")
        connection.execute("create schema other; create table other.b as select 1 as n")
        first = publishing.sums(connection)
        connection.execute("create or replace table marts.a as select unnest([2, 1, 2]) as n")
        assert publishing.sums(connection) == first
        connection.execute("create or replace table marts.a as select unnest([2, 1, 1]) as n")
        changed = publishing.sums(connection)
    assert [table[:3] for table in changed] == [table[:3] for table in first] == [("marts", "a", 3)]
    assert changed != first


def test_it_is_on_the_disk_before_it_is_in_place_and_the_move_is_too(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order of the calls that decide what a power cut leaves: file written, moved, folder written."""
    calls: list[str] = []
    fsync, move = os.fsync, Path.replace

    def noted_fsync(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        calls.append(f"fsync {kind}")
        fsync(handle)

    def noted_move(path: Path, target: Path) -> Path:
        calls.append(f"replace {Path(target).name}")
        return move(path, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_move)
    publish(workspace, "second", holding(2))
    folder = ["fsync folder"] if os.name == "posix" else []
    assert calls == ["fsync file", "replace lsp.duckdb", *folder]


def test_a_build_spills_into_the_workspace_and_leaves_nothing_of_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "called from here"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    spilled = []

    def spilling(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("set memory_limit = '40MB'")
        connection.execute(
            "create temp table large as select md5(range::varchar) as text from range(1500000) order by text"
        )
        spilled.extend(left_in(workspace.work))
        holding(2)(connection)

    publish(workspace, "second", spilling)
    assert "spill-second" in spilled
    assert left_in(workspace.work) == []
    assert left_in(elsewhere) == []


# A database that somebody holds open where an open file can't be replaced, as on Windows


@pytest.fixture
def is_held(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The published database can't be replaced or removed, until this is undone."""
    move = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if Path(target) == workspace.published:
            raise PermissionError(13, "it is being used by another process")
        return move(path, target)

    with monkeypatch.context() as held_open:
        held_open.setattr(Path, "replace", refuse)
        yield held_open


def test_the_new_one_is_kept_beside_one_that_is_held_and_is_read_from_there(
    workspace: Workspace, is_held: pytest.MonkeyPatch
) -> None:
    assert publish(workspace, "second", holding(2)) == workspace.waiting == workspace.database
    assert (held(workspace.published), held(workspace.database)) == (1, 2)
    assert left_in(workspace.marts) == ["lsp.duckdb", "lsp.new.duckdb"]
    assert left_in(workspace.work) == []
    told = still_waits(workspace)
    assert told and f"{workspace.published} is open in another program" in told
    assert str(workspace.waiting) in told


def test_it_is_put_in_place_as_soon_as_it_can_be(workspace: Workspace, is_held: pytest.MonkeyPatch) -> None:
    publish(workspace, "second", holding(2))
    settle(workspace)
    assert left_in(workspace.marts) == ["lsp.duckdb", "lsp.new.duckdb"]
    is_held.undo()
    settle(workspace)
    assert left_in(workspace.marts) == ["lsp.duckdb"]
    assert held(workspace.published) == 2
    assert still_waits(workspace) is None
    settle(workspace)


def test_a_still_newer_one_takes_the_place_of_one_that_waits(
    workspace: Workspace, is_held: pytest.MonkeyPatch
) -> None:
    publish(workspace, "second", holding(2))
    publish(workspace, "third", holding(3))
    assert (held(workspace.published), held(workspace.waiting)) == (1, 3)
    is_held.undo()
    publish(workspace, "fourth", holding(4))
    assert left_in(workspace.marts) == ["lsp.duckdb"]
    assert held(workspace.database) == 4


def test_a_folder_that_nothing_can_be_put_into_is_one_sentence(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "read-only")

    with monkeypatch.context() as closed:
        closed.setattr(Path, "replace", refuse)
        with pytest.raises(PublishError) as refused:
            publish(workspace, "second", holding(2))
    assert str(refused.value).startswith(
        f"Neither {workspace.published} nor lsp.new.duckdb beside it can be written"
    )
    assert "\n" not in str(refused.value)
    assert held(workspace.database) == 1


def test_marts_on_another_disk_are_brought_over_before_the_move(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A move between disks is no move: here the system says so, as it does for a shared drive."""
    move = Path.replace
    seen = []

    def between_disks(path: Path, target: Path) -> Path:
        if path.parent == workspace.work:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        seen.append((path.name, held(path)))
        return move(path, target)

    monkeypatch.setattr(Path, "replace", between_disks)
    publish(workspace, "second", holding(2))
    assert seen == [(".lsp.duckdb.incoming", 2)]
    assert held(workspace.published) == 2
    assert left_in(workspace.marts) == ["lsp.duckdb"]
    assert left_in(workspace.work) == []


def test_sweeping_leaves_everything_else_alone(tmp_path: Path) -> None:
    for name in ("build-a.duckdb", "build-a.duckdb.wal", "run.lock", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "spill-a").mkdir()
    (tmp_path / "spill-a" / "duckdb_temp_storage.tmp").touch()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "run.lock"]
    sweep(tmp_path / "not there")
