"""A file erased: bytes and values are gone, a tombstone stays, and whoever used it says so."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sample_files import RAW
from workspaces import QUARTER, Ran, Sent, bytes_of, lsp, run, workspace_of

from pipelines.erase import CannotErase, find, overdue
from pipelines.receipt import LedgerError, prove, read_ledger, receive, take_receipts, tombstones
from pipelines.workspace import Workspace

NAME = "PCT Q1 new template.xlsx"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A workspace with one return, run; the framework says how long files are kept by nobody's setting."""
    one = Sent(NAME, (RAW / QUARTER / NAME).read_bytes(), sender="pct")
    return run(workspace_of(tmp_path_factory.mktemp("erase") / "workspace", one))


@pytest.fixture(scope="module")
def erased(before: Ran) -> Ran:
    """The same workspace after the return was erased and all was run again, with what `lsp erase` said."""
    assert before.one("select count(*) from staging.floor_targets") > 0
    (reply,) = before.workspace.replies.rglob("*.xlsx")
    said = lsp("erase", NAME, "--reason", "The patient asked.", "--by", "DPO", "--root", before.root)
    assert (said.code, said.err) == (0, "")
    assert not reply.exists()
    assert not before.workspace.database.exists()
    return Ran(before.workspace, said)


def test_it_says_what_was_removed_and_which_packs_had_used_it(erased: Ran) -> None:
    first, *lines = erased.said.out.splitlines()
    assert first.startswith(f"{NAME} (SHA-256 ") and first.endswith(" by DPO: The patient asked.")
    assert (
        f"  {erased.pack} had used it; its manifest says so now. The pack itself still shows its figures."
        in lines
    )
    assert lines[-1].startswith("The marts held its values and are gone")


def test_no_byte_of_it_is_left_and_the_tombstone_is(erased: Ran) -> None:
    workspace = erased.workspace
    (receipt,) = [one for one in read_ledger(workspace) if one.original_name == NAME]
    everywhere = bytes_of(workspace.root / "data")
    assert receipt.sha256 not in everywhere.values()
    stone = tombstones(workspace)[receipt.sha256]
    assert (stone.erased_by, stone.reason) == ("DPO", "The patient asked.")
    assert prove(workspace).faults == ()
    noted = json.loads(workspace.manifest_file(QUARTER).read_text())["erased_since"]
    assert [one["sha256"] for one in noted] == [receipt.sha256]


def test_it_is_not_taken_in_again(erased: Ran, tmp_path: Path) -> None:
    workspace = erased.workspace
    again = tmp_path / "again.xlsx"
    again.write_bytes((RAW / QUARTER / NAME).read_bytes())
    with pytest.raises(LedgerError, match=r"again.xlsx was erased on .* It is not taken in again."):
        receive(again, "pct", QUARTER, workspace, datetime(2004, 9, 1))
    lying = workspace.raw / QUARTER / "again.xlsx"
    lying.write_bytes(again.read_bytes())
    skipped: list[str] = []
    assert take_receipts(workspace, datetime(2004, 9, 1), skipped=skipped) == []
    assert len(skipped) == 1 and "It stays out; remove it." in skipped[0]
    (fault,) = prove(workspace).faults
    assert fault.endswith(f"But a copy is still there: {lying}")
    lying.unlink()


def test_it_can_be_named_by_its_hash_and_a_name_of_two_files_can_not(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    for content in (b"one", b"two"):
        path = tmp_path / "Env.xlsx"
        path.write_bytes(content)
        receive(path, "environment", QUARTER, workspace, datetime(2004, 7, 7))
    one, _ = read_ledger(workspace)
    assert find(one.sha256[:8], workspace).sha256 == one.sha256
    with pytest.raises(CannotErase, match=r"Several files are called 'Env.xlsx'. Name one by its SHA-256: "):
        find("Env.xlsx", workspace)
    with pytest.raises(CannotErase, match=r"The ledger knows no file 'Other.xlsx'"):
        find("Other.xlsx", workspace)


def test_the_framework_is_not_erased(before: Ran) -> None:
    with pytest.raises(CannotErase, match=r"framework.xlsx is of the framework"):
        find("framework.xlsx", before.workspace)


def test_a_reason_is_asked_for(before: Ran) -> None:
    said = lsp("erase", NAME, "--root", before.root)
    assert (said.code, said.out) == (2, "")
    assert "Say why with --reason" in said.err


def test_how_long_files_are_kept_is_a_setting_for_all_or_for_one_source(sample: Ran, tmp_path: Path) -> None:
    import shutil

    import duckdb

    workspace = Workspace(tmp_path)
    workspace.marts.mkdir(parents=True)
    shutil.copy(sample.workspace.database, workspace.published)
    shutil.copytree(sample.workspace.raw, workspace.raw)
    assert overdue(workspace, datetime(2034, 1, 1)) == []
    setting = "insert into framework.received_settings (setting_id, value, is_current) values (?, ?, true)"
    with duckdb.connect(str(workspace.published)) as connection:
        connection.execute(setting, ["retention_months", "12"])
        connection.execute(setting, ["retention_months_pct", "240"])
    due = overdue(workspace, datetime(2004, 10, 1))
    assert due and {months for _, months in due} == {12}
    assert all(receipt.first_seen < datetime(2003, 10, 1) for receipt, _ in due)
    senders = {one.original_name for one, _ in due}
    assert "PCT figures June.xlsx" not in senders and "roads.xlsx" in senders
    assert ("PCT figures June.xlsx", 240) in {
        (one.original_name, months) for one, months in overdue(workspace, datetime(2034, 1, 1))
    }


def test_the_next_run_does_without_it_and_its_pack_says_so(erased: Ran) -> None:
    again = run(erased.workspace, QUARTER)
    assert again.said.code in (0, 1, 3)
    assert again.one("select count(*) from staging.floor_targets") == 0
    (state,) = again.select("select kind, became from marts.inputs where file_name = ?", NAME)
    assert (
        state[0] == "return" and state[1].startswith("erased on ") and state[1].endswith("The patient asked.")
    )
