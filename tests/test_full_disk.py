"""A full disk, a closed folder, a power cut at every call that writes: what is there stays whole, and is repaired.

What Python writes is made to fail call by call. What DuckDB writes is stopped by the system itself, with a limit on the
size of files, as there is no full disk to be had without the rights of an administrator.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from disks import PowerCut, closed, failing, full
from pack_marts import QUARTER, marts_of, sample
from sample_files import RAW, ROOT
from workspaces import Ran, Sent, content, run, workspace_of

from pipelines import pack
from pipelines.commands.came_to import in_words
from pipelines.erase import erase, find
from pipelines.issue.manifest import changed_packs, keep_manifest, manifest_of, manifests
from pipelines.marts.publish import publish
from pipelines.pack import Marts
from pipelines.pack.model import Pack
from pipelines.receipt import prove, read_ledger, receive, take_receipts, tombstones
from pipelines.web import write_web
from pipelines.workspace import Workspace

FAILURES = pytest.mark.parametrize(
    "failure", [full, closed, PowerCut], ids=["full disk", "read-only folder", "power cut"]
)
# where the database may not be replaced, the new one waits beside it: test_publish.py
ENDINGS = pytest.mark.parametrize("failure", [full, PowerCut], ids=["full disk", "power cut"])
Failure = Callable[[], BaseException]
WHEN = datetime(2004, 7, 8, 9)


def at_every_write(
    before: Workspace, into: Path, failure: Failure, work: Callable[[Workspace], object]
) -> list[Workspace]:
    """A copy of a workspace for each call that writes in `work`, in which that call failed."""
    with failing(None, failure()) as disk:
        work(Workspace(shutil.copytree(before.root, into / "undisturbed")))
    assert disk.calls > 0
    left = []
    for number in range(1, disk.calls + 1):
        workspace = Workspace(shutil.copytree(before.root, into / str(number)))
        with failing(number, failure()), pytest.raises((OSError, PowerCut)) as failed:
            work(workspace)
        if isinstance(failed.value, OSError):
            sentence = in_words(failed.value)
            assert str(workspace.root) in sentence and str(failed.value.strerror) in sentence
            assert "\n" not in sentence and "fault of the pipeline" not in sentence
        left.append(workspace)
    return left


@FAILURES
def test_ledger_its_copy_and_archive(tmp_path: Path, failure: Failure) -> None:
    """A file that is found under data/raw: archived, its line in the ledger, and that line in the copy."""
    workspace = Workspace(tmp_path / "before")
    old = tmp_path / "old.csv"
    old.write_bytes(b"old")
    receive(old, "pct", QUARTER, workspace, WHEN)
    (workspace.raw / QUARTER / "new.csv").write_bytes(b"new" * 100)

    def take(workspace: Workspace) -> None:
        take_receipts(workspace, WHEN.replace(day=9), clock=lambda: 1e12)

    for left in at_every_write(workspace, tmp_path, failure, take):
        assert prove(left).faults == ()
        assert [one.original_name for one in read_ledger(left)] in (["old.csv"], ["old.csv", "new.csv"])
        take(left)
        assert [one.original_name for one in read_ledger(left)] == ["old.csv", "new.csv"]
        assert (prove(left).faults, prove(left).remarks) == ((), ())
        assert sorted(path.name for path in left.archive.iterdir()) == sorted(
            [*(one.sha256 for one in read_ledger(left)), "ledger.csv"]
        )


@FAILURES
def test_tombstones(tmp_path: Path, failure: Failure) -> None:
    workspace = Workspace(tmp_path / "before")
    for name in ("one.csv", "two.csv"):
        path = tmp_path / name
        path.write_bytes(name.encode())
        receive(path, "pct", QUARTER, workspace, WHEN)
    one, two = find("one.csv", workspace), find("two.csv", workspace)
    erase(one, "DPO", "Asked.", workspace, WHEN)

    def again(workspace: Workspace) -> None:
        erase(two, "DPO", "Asked too.", workspace, WHEN)

    for left in at_every_write(workspace, tmp_path, failure, again):
        assert tombstones(left)[one.sha256].reason == "Asked."
        again(left)
        assert [stone.reason for stone in tombstones(left).values()] == ["Asked.", "Asked too."]
        assert not (left.archive / two.sha256).exists()
        assert prove(left).faults == ()


def written(workspace: Workspace, as_at: str) -> None:
    """The pack of the small marts as at a day, in both editions, with its manifest."""
    marts, composed = composed_as_at(as_at)
    book = pack.write_pack(composed, workspace.pack_file(QUARTER)).path
    page = write_web(composed, workspace.web_file(QUARTER))
    keep_manifest(manifest_of(marts, QUARTER, book, page), workspace, QUARTER)


@cache
def composed_as_at(as_at: str) -> tuple[Marts, pack.Composed]:
    tables = sample()
    tables["about"]["rows"][0]["as_at"] = datetime.fromisoformat(as_at).date()
    marts = marts_of(tables)
    return marts, pack.compose(marts, QUARTER)


@pytest.fixture
def drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the two packs is drawn once: what is tried is how it is put on the disk, and drawing takes seconds."""
    draw, drawn = pack.draw, dict[object, bytes]()

    def once(about: Pack, *rest: Any) -> bytes:
        if about.as_at not in drawn:
            drawn[about.as_at] = draw(about, *rest)
        return drawn[about.as_at]

    monkeypatch.setattr(pack, "draw", once)


@FAILURES
@pytest.mark.usefixtures("drawn_once")
def test_packs_and_their_manifests(tmp_path: Path, failure: Failure) -> None:
    workspace = Workspace(tmp_path / "before")
    written(workspace, "2004-07-20")
    files = [workspace.pack_file(QUARTER), workspace.web_file(QUARTER), workspace.manifest_file(QUARTER)]
    old = {path.name: path.read_bytes() for path in files}
    written(Workspace(tmp_path / "after"), "2004-07-21")
    folder = Workspace(tmp_path / "after").pack_file(QUARTER).parent
    new = {name: (folder / name).read_bytes() for name in old}
    assert all(old[name] != new[name] for name in old)

    def write(workspace: Workspace) -> None:
        written(workspace, "2004-07-21")

    for left in at_every_write(workspace, tmp_path, failure, write):
        folder = left.pack_file(QUARTER).parent
        assert all((folder / name).read_bytes() in (old[name], new[name]) for name in old)
        assert next(manifests(left, QUARTER))["as_at"] == "2004-07-20"
        if failure is not PowerCut:
            assert sorted(path.name for path in folder.iterdir()) == sorted([*old, "manifests.jsonl"])
        write(left)
        assert {name: (folder / name).read_bytes() for name in old} == new
        assert changed_packs(left) == []
        assert [one["as_at"] for one in manifests(left, QUARTER)] == ["2004-07-20", "2004-07-21"]
        assert sorted(path.name for path in folder.iterdir()) == sorted([*old, "manifests.jsonl"])


@ENDINGS
def test_the_published_database(tmp_path: Path, failure: Failure) -> None:
    def holding(number: int) -> Callable[[Workspace], object]:
        def fill(connection: duckdb.DuckDBPyConnection) -> None:
            connection.execute(f"create schema marts; create table marts.about as select {number} as number")

        return lambda workspace: publish(workspace, str(number), fill)

    def held(workspace: Workspace) -> object:
        with duckdb.connect(str(workspace.published), read_only=True) as connection:
            return connection.execute("select number from marts.about").fetchone()

    workspace = Workspace(tmp_path / "before")
    holding(1)(workspace)
    for left in at_every_write(workspace, tmp_path, failure, holding(2)):
        assert held(left) in ((1,), (2,))
        holding(2)(left)
        assert held(left) == (2,)
        assert [path.name for path in left.marts.iterdir()] == ["lsp.duckdb"]
        assert list(left.work.iterdir()) == []


LIMITED = """
import resource, sys
from pipelines.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(["run", "--no-prefect", "--root", sys.argv[2]]))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace with one return, run; then a second one came."""
    one = Sent("PCT.xlsx", (RAW / QUARTER / "PCT Q1 new template.xlsx").read_bytes(), sender="pct")
    return run(workspace_of(tmp_path_factory.mktemp("full") / "workspace", one))


@pytest.mark.skipif(os.name == "nt", reason="needs the limits of POSIX")
def test_a_run_that_may_write_no_more(ran: Ran) -> None:
    """The system refuses what exceeds so many bytes, also of what DuckDB writes; a part of it is written by then."""
    workspace = ran.workspace
    marts, book = content(workspace.database), ran.pack.read_bytes()
    size = workspace.published.stat().st_size
    for most in (0, size // 4):
        said = subprocess.run(
            [sys.executable, "-c", LIMITED, str(most), str(workspace.root)],
            env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        told = said.stderr.splitlines()
        assert (said.returncode, len(told)) == (1, 1), (most, said.stderr)
        assert "Check that there is room" in told[0], most
        assert (content(workspace.database), ran.pack.read_bytes()) == (marts, book), most
        assert (prove(workspace).faults, changed_packs(workspace)) == ((), []), most
        assert {path.name for path in workspace.work.iterdir() if not path.name.endswith(".lock")} <= {
            "memory"
        }
    assert run(workspace).said.code == ran.said.code
    assert (content(workspace.database), ran.pack.read_bytes()) == (marts, book)
    assert json.loads(workspace.manifest_file(QUARTER).read_text(encoding="utf-8"))["pack"]
