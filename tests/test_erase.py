"""A file erased: bytes and values are gone, a tombstone stays, and whoever used it says so."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample_files import RAW
from workspaces import ON_TIME, QUARTER, Ran, Sent, bytes_of, lsp, run, workspace_of

from pipelines.erase import CannotErase, erase, find, overdue
from pipelines.framework.clock import now
from pipelines.receipt import (
    LedgerError,
    Tombstone,
    bury,
    prove,
    read_ledger,
    receive,
    take_receipts,
    tombstones,
)
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
    for edition in (erased.pack, erased.workspace.web_file(QUARTER)):
        assert edition.exists()
        assert (
            f"  {edition} had used it; its manifest says so now. It still shows its figures until "
            f"'lsp run {QUARTER}' makes it again."
        ) in lines
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
    web = erased.workspace.web_file(QUARTER).read_text(encoding="utf-8")
    assert f"{NAME}</" in web and "erased on " in web
    (state,) = again.select("select kind, became from marts.inputs where file_name = ?", NAME)
    assert (
        state[0] == "return" and state[1].startswith("erased on ") and state[1].endswith("The patient asked.")
    )


def test_its_returns_are_erased_and_not_missing(erased: Ran) -> None:
    """Where states are shown: the mart, `lsp status` and Quality, in both editions."""
    again = run(erased.workspace, QUARTER)
    states = dict(
        again.select(
            "select return, state from marts.returns where quarter = ? and partner = 'pct' and is_expected",
            QUARTER,
        )
    )
    assert states["floor_targets"] == "erased"
    projects = again.select(
        "select project_id, state from marts.nrf_projects where quarter = ? and partner = 'pct' order by all",
        QUARTER,
    )
    assert projects == [("NRF04", "erased"), ("NRF05", "erased"), ("NRF06", "erased")]
    ((file_name, received_at),) = again.select(
        "select distinct file_name, received_at from marts.returns where state = 'erased'"
    )
    assert (file_name, received_at) == (NAME, ON_TIME)
    told = f"was erased on {now(again.workspace):%d %b %Y} by DPO: The patient asked."
    said = lsp("status", QUARTER, "--root", again.root)
    assert f"Erased: {NAME} {told}" in said.out
    quality = [
        str(cell)
        for row in load_workbook(again.pack)["Quality"].iter_rows(values_only=True)
        for cell in row
        if cell
    ]
    assert f"It came on 7 Jul 2004, and {told}" in quality
    assert any(" erased" in one for one in quality if "returns expected" in one)
    assert f"It came on 7 Jul 2004, and {told}" in again.workspace.web_file(QUARTER).read_text(
        encoding="utf-8"
    )


def test_a_second_file_erased_before_the_next_run_keeps_its_returns_too(tmp_path: Path) -> None:
    """The first erasure takes the marts away, so what was in a file is known from the packs' manifests."""
    workspace = Workspace(tmp_path / "workspace")
    files = []
    for name, partner in (("one.xlsx", "pct"), ("two.xlsx", "police")):
        path = tmp_path / name
        path.write_bytes(name.encode())
        receive(path, partner, QUARTER, workspace, ON_TIME)
        files.append(find(name, workspace))
    became = (
        f"floor_targets of pct for {QUARTER} accepted; nrf_spend of pct for {QUARTER} refused",
        "refused: no",
    )
    inputs = [
        {"file_name": one.original_name, "sha256": one.sha256, "became": words}
        for one, words in zip(files, became, strict=True)
    ]
    workspace.manifests(QUARTER).parent.mkdir(parents=True)
    workspace.manifests(QUARTER).write_text(json.dumps({"inputs": inputs}) + "\n", encoding="utf-8")
    for one in files:
        erase(one, "DPO", "Asked.", workspace, datetime(2004, 9, 1))
    stones = tombstones(workspace)
    assert [stones[one.sha256].returns for one in files] == [
        (("floor_targets", "pct", QUARTER), ("nrf_spend", "pct", QUARTER)), (),
    ]  # fmt: skip


def test_tombstones_of_before_returns_were_kept_are_read_and_added_to(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.raw.mkdir(parents=True)
    workspace.erased.write_text(
        "sha256,erased_at,erased_by,reason\nabc,2004-09-01T09:00:00,DPO,Asked.\ndef,2004-09", encoding="utf-8"
    )
    bury(Tombstone("ghi", datetime(2004, 9, 2), "DPO", "Asked."), workspace)
    assert {sha256: stone.reason for sha256, stone in tombstones(workspace).items()} == {
        "abc": "Asked.", "ghi": "Asked.",
    }  # fmt: skip


def test_its_returns_are_known_from_the_marts_where_no_pack_was_made_since(tmp_path: Path) -> None:
    """As of a quarter that is closed, whose pack no run makes again."""
    one = Sent(NAME, (RAW / QUARTER / NAME).read_bytes(), sender="pct")
    workspace = run(workspace_of(tmp_path / "workspace", one)).workspace
    workspace.manifests(QUARTER).unlink()
    done = erase(find(NAME, workspace), "DPO", "Asked.", workspace, datetime(2004, 9, 1))
    names = {held.name for held in done.tombstone.returns}
    assert names == {"floor_targets", "improvement_plan", "nrf_spend", "proxy_indicators"}
    assert {(held.partner, held.quarter) for held in done.tombstone.returns} == {("pct", QUARTER)}


@pytest.mark.parametrize("left", [None, 0, 30])
def test_tombstones_that_were_deleted_or_cut_off_are_read_from_their_copy_and_put_back(
    tmp_path: Path, left: int | None
) -> None:
    """Else the run would ask for the file from a back-up, and take it in again."""
    workspace = Workspace(tmp_path / "workspace")
    path = tmp_path / "one.xlsx"
    path.write_bytes(b"one")
    receive(path, "pct", QUARTER, workspace, ON_TIME)
    erase(find("one.xlsx", workspace), "DPO", "Asked.", workspace, datetime(2004, 9, 1))
    as_written = workspace.erased.read_bytes()
    if left is None:
        workspace.erased.unlink()
    else:
        workspace.erased.write_bytes(as_written[:left])
    with pytest.raises(LedgerError, match=r"one.xlsx was erased on 01 Sep 2004 by DPO: Asked"):
        receive(path, "pct", QUARTER, workspace, datetime(2004, 9, 2))
    mended: list[str] = []
    take_receipts(workspace, datetime(2004, 9, 2), mended=mended)
    assert [
        sentence for sentence in mended if sentence.startswith("erased.csv had lost 1 of its 1 lines")
    ] == mended
    assert len(mended) == 1 and workspace.erased.read_bytes() == as_written
    proof = prove(workspace)
    assert (proof.faults, proof.lines, proof.files, proof.erased) == ((), 1, 0, 1)
    said = lsp("verify", "--root", workspace.root)
    assert said.out == (
        "Sound: 1 line of the ledger, 0 archived files, 1 erased; every line has its file, but for those erased, "
        "every file its hash.\n"
    )


def test_an_erasure_that_was_interrupted_before_the_manifests_is_finished(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    path = tmp_path / "one.xlsx"
    path.write_bytes(b"one")
    receive(path, "pct", QUARTER, workspace, ON_TIME)
    receipt = find("one.xlsx", workspace)
    bury(Tombstone(receipt.sha256, datetime(2004, 9, 1), "DPO", "Asked."), workspace)
    pack = workspace.pack_file(QUARTER)
    pack.parent.mkdir(parents=True)
    manifest = {
        "pack": {"file": pack.name}, "web": {"file": pack.with_suffix(".html").name},
        "inputs": [{"file_name": "one.xlsx", "sha256": receipt.sha256, "became": "read"}],
    }  # fmt: skip
    workspace.manifest_file(QUARTER).write_text(json.dumps(manifest), encoding="utf-8")
    for _ in range(2):
        done = erase(receipt, "DPO", "Asked again.", workspace, datetime(2004, 9, 2))
        assert done.packs == [pack, workspace.web_file(QUARTER)]
        noted = json.loads(workspace.manifest_file(QUARTER).read_text(encoding="utf-8"))["erased_since"]
        assert [one["became"] for one in noted] == ["erased on 01 Sep 2004 by DPO: Asked."]
