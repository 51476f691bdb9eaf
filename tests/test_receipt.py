"""First sight of a file: the ledger and the archive, whatever happens to data/raw afterwards."""

import hashlib
import os
import shutil
import signal
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from grids import receipt
from openpyxl import Workbook
from sample_files import ROOT
from workspaces import bytes_of

from pipelines.house_style.ours import MOST_OF_A_PART
from pipelines.receipt import (
    LedgerError,
    Proof,
    Receipt,
    archived,
    arrival,
    as_one,
    in_force,
    prove,
    read_ledger,
    receive,
    take_receipts,
)
from pipelines.workspace import Workspace

JULY = datetime(2004, 7, 7, 9, 30)
AUGUST = datetime(2004, 8, 2, 17, 5)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def drop(workspace: Workspace, place: str, content: bytes = b"a return") -> Path:
    """A file put under data/raw by hand."""
    path = workspace.raw / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def told(receipts: list[Receipt]) -> list[tuple[str, str, str]]:
    return [(r.folder, r.original_name, r.received_from) for r in receipts]


# What is found under data/raw


def test_a_file_is_given_its_receipt_once(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/Env Q1.xlsx")
    (taken,) = take_receipts(workspace, JULY)
    sha256 = hashlib.sha256(b"a return").hexdigest()
    assert taken == Receipt(sha256, JULY, "", "Env Q1.xlsx", "2004-05-Q1", 8)
    assert taken.file_id == sha256[:16]
    assert take_receipts(workspace, AUGUST) == []
    assert read_ledger(workspace) == [taken]


def test_the_same_file_in_two_folders_has_two_receipts_and_one_copy(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/Env.xlsx")
    drop(workspace, "2004-05-Q2/Env again.xlsx")
    taken = take_receipts(workspace, JULY)
    assert told(taken) == [("2004-05-Q1", "Env.xlsx", ""), ("2004-05-Q2", "Env again.xlsx", "")]
    assert {path.name for path in workspace.archive.iterdir()} == {taken[0].sha256, "ledger.csv"}


def test_the_same_file_twice_in_a_folder_has_one_receipt(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/Env.xlsx")
    drop(workspace, "2004-05-Q1/attachments/Env (1).xlsx")
    assert len(take_receipts(workspace, JULY)) == 1


def test_a_file_overwritten_under_its_old_name_is_a_new_file(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/Env.xlsx", b"first")
    take_receipts(workspace, JULY)
    drop(workspace, "2004-05-Q1/Env.xlsx", b"corrected")
    take_receipts(workspace, AUGUST)
    first, second = read_ledger(workspace)
    assert (first.first_seen, second.first_seen) == (JULY, AUGUST)
    assert archived(first, workspace).read_bytes() == b"first"
    assert archived(second, workspace).read_bytes() == b"corrected"


def test_a_file_renamed_or_deleted_loses_nothing(workspace: Workspace) -> None:
    renamed, deleted = drop(workspace, "2004-05-Q1/a.xlsx", b"a"), drop(workspace, "2004-05-Q1/b.xlsx", b"b")
    before = take_receipts(workspace, JULY)
    renamed.rename(renamed.with_name("c.xlsx"))
    deleted.unlink()
    assert take_receipts(workspace, AUGUST) == []
    assert [archived(receipt, workspace).read_bytes() for receipt in before] == [b"a", b"b"]


def test_files_need_no_folder_and_may_lie_deep_in_one(workspace: Workspace) -> None:
    drop(workspace, "loose.xlsx", b"1")
    drop(workspace, "2004-05-Q1/from the PCT/July/deep.xlsx", b"2")
    assert told(take_receipts(workspace, JULY)) == [
        ("2004-05-Q1", "deep.xlsx", ""),
        ("", "loose.xlsx", ""),
    ]


@pytest.mark.parametrize(
    "place",
    ["2004-05-Q1/~$Env.xlsx", "2004-05-Q1/.DS_Store", "Thumbs.db", "2004-05-Q1/desktop.ini", "README.md"],
)
def test_what_no_partner_meant_to_send_is_skipped(workspace: Workspace, place: str) -> None:
    drop(workspace, place)
    assert take_receipts(workspace, JULY) == []


def test_a_link_to_another_place_is_not_followed_but_told(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "payroll.xlsx").write_bytes(b"not for us")
    drop(workspace, "2004-05-Q1/Env.xlsx").with_name("link.xlsx").symlink_to(tmp_path / "payroll.xlsx")
    not_taken: list[str] = []
    assert told(take_receipts(workspace, JULY, not_taken)) == [("2004-05-Q1", "Env.xlsx", "")]
    assert not_taken == [
        "link.xlsx in data/raw/2004-05-Q1 is a link to a file elsewhere and was not followed. "
        "Put the file itself there."
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
@pytest.mark.timeout(60)
def test_a_link_to_what_never_ends_holds_up_nobody(workspace: Workspace, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    drop(workspace, "2004-05-Q1/Env.xlsx").with_name("pipe.xlsx").symlink_to(tmp_path / "pipe")
    (workspace.raw / "2004-05-Q1" / "zero.xlsx").symlink_to("/dev/zero")
    not_taken: list[str] = []
    assert told(take_receipts(workspace, JULY, not_taken)) == [("2004-05-Q1", "Env.xlsx", "")]
    assert [sentence.split(" in ")[0] for sentence in not_taken] == ["pipe.xlsx", "zero.xlsx"]


def properties_of(content: bytes, *, lost: bytes = b"", method: int = 8, flags: int = 0) -> bytes:
    """A workbook whose properties are packed as they should not be: `lost` in the place of their first bytes."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        entry = parts.getinfo("docProps/core.xml")
    book = bytearray(content)
    name = entry.filename.encode()
    start = entry.header_offset + 30 + len(name)
    book[start : start + len(lost)] = lost
    listed = book.rindex(name) - 46  # its line in the list of parts at the end
    for place in (entry.header_offset + 6, listed + 8):
        book[place : place + 4] = struct.pack("<HH", flags, method)
    return bytes(book)


@pytest.mark.parametrize(
    "wrong", [{"lost": b"\xff" * 8}, {"method": 9}, {"flags": 1}], ids=["damaged", "deflate64", "encrypted"]
)
def test_a_workbook_whose_properties_can_not_be_read_is_taken_in_like_any_other(
    workspace: Workspace, wrong: dict[str, Any]
) -> None:
    saved = BytesIO()
    Workbook().save(saved)
    drop(workspace, "2004-05-Q1/odd.xlsx", properties_of(saved.getvalue(), **wrong))
    assert told(take_receipts(workspace, JULY)) == [("2004-05-Q1", "odd.xlsx", "")]


def test_no_more_of_a_file_is_unpacked_than_a_workbook_of_ours_could_hold(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked: list[int] = []
    read = zipfile.ZipExtFile.read

    def counted(part: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        content = read(part, n)
        unpacked.append(len(content))
        return content

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<x/>")
        parts.writestr("docProps/core.xml", b" " * (40 << 20))
    drop(workspace, "2004-05-Q1/bomb.xlsx", bomb.getvalue())
    assert len(take_receipts(workspace, JULY)) == 1
    assert unpacked == [MOST_OF_A_PART + 1]


def test_a_file_that_can_not_be_opened_is_told_and_holds_up_no_other(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(workspace, "2004-05-Q1/held.xlsx", b"1")
    drop(workspace, "2004-05-Q1/free.xlsx", b"2")
    archive = arrival.archive

    def held(path: Path, workspace: Workspace) -> str:
        if path.name == "held.xlsx":
            raise PermissionError(13, "Permission denied")
        return archive(path, workspace)

    monkeypatch.setattr(arrival, "archive", held)
    not_taken: list[str] = []
    assert told(take_receipts(workspace, JULY, not_taken)) == [("2004-05-Q1", "free.xlsx", "")]
    assert [sentence.split(" (")[0] for sentence in not_taken] == [
        "held.xlsx in data/raw/2004-05-Q1 could not be opened"
    ]


@pytest.mark.parametrize("name", ['a, "b".xlsx', "Bury's figures.xlsx", "日本 ñ.xlsx", "two\nlines.xlsx"])
def test_any_name_comes_back_from_the_ledger_as_it_was(workspace: Workspace, name: str) -> None:
    drop(workspace, f"2004-05-Q1/{name}")
    take_receipts(workspace, JULY)
    assert [receipt.original_name for receipt in read_ledger(workspace)] == [name]


def test_a_name_that_is_no_text_is_told_as_nearly_as_can_be(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/" + os.fsdecode(b"Caf\xe9.xlsx"))
    take_receipts(workspace, JULY)
    assert [receipt.original_name for receipt in read_ledger(workspace)] == ["Caf\ufffd.xlsx"]


# The ledger


def test_no_ledger_is_an_empty_one(workspace: Workspace) -> None:
    assert read_ledger(workspace) == []
    assert take_receipts(workspace, JULY) == []
    assert not workspace.ledger.exists()


def test_a_ledger_that_excel_saved_is_read(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/a.xlsx")
    taken = take_receipts(workspace, JULY)
    workspace.ledger.write_bytes(b"\xef\xbb\xbf" + workspace.ledger.read_bytes().replace(b"\n", b"\r\n"))
    assert read_ledger(workspace) == taken


def test_the_ledger_is_only_added_to(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/a.xlsx", b"a")
    take_receipts(workspace, JULY)
    before = workspace.ledger.read_bytes()
    drop(workspace, "2004-05-Q1/b.xlsx", b"b")
    take_receipts(workspace, AUGUST)
    after = workspace.ledger.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == 3


def test_a_ledger_that_lost_its_last_line_end_is_still_added_to_line_by_line(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/a.xlsx", b"a")
    take_receipts(workspace, JULY)
    workspace.ledger.write_bytes(workspace.ledger.read_bytes().rstrip(b"\n"))
    drop(workspace, "2004-05-Q1/b.xlsx", b"b")
    take_receipts(workspace, AUGUST)
    assert [receipt.original_name for receipt in read_ledger(workspace)] == ["a.xlsx", "b.xlsx"]


@pytest.mark.parametrize(
    "wrong", ["0f3c", "0f3c,July,,a.xlsx,,1", "0f3c,2004-07-07T09:30:00,,Env.xlsx,2004-05-Q1,"]
)
def test_a_line_that_can_not_be_read_is_named(workspace: Workspace, wrong: str) -> None:
    drop(workspace, "2004-05-Q1/a.xlsx")
    take_receipts(workspace, JULY)
    with workspace.ledger.open("a") as lines:
        lines.write(wrong + "\n")
    with pytest.raises(LedgerError, match=r"receipts.csv, line 3 can't be read .* Restore the file"):
        read_ledger(workspace)


def test_a_line_cut_off_at_any_letter_is_taken_out_and_told(workspace: Workspace) -> None:
    """As a power cut may leave it: of the line that was being written, any part."""
    drop(workspace, "2004-05-Q1/a.xlsx", b"a")
    (first,) = take_receipts(workspace, JULY)
    before = workspace.ledger.read_bytes()
    drop(workspace, '2004-05-Q1/two\nlines, "b".xlsx', b"b" * 1234)
    take_receipts(workspace, AUGUST)
    line = workspace.ledger.read_bytes()[len(before) :]
    copy = workspace.chain.read_bytes()
    for length in range(1, len(line) - 1):
        workspace.ledger.write_bytes(before + line[:length])
        workspace.chain.write_bytes(copy[: copy.index(b"\n", copy.index(b"a.xlsx")) + 1])
        assert read_ledger(workspace) == [first]
        mended: list[str] = []
        (again,) = take_receipts(workspace, AUGUST, mended=mended)
        assert (again.sha256, again.size) == (hashlib.sha256(b"b" * 1234).hexdigest(), 1234)
        assert [sentence[:52] for sentence in mended] == [
            "The last line of receipts.csv was cut off while it w"
        ]
        assert workspace.ledger.read_bytes() == before + line
        assert workspace.chain.read_bytes() == copy


# Its copy in the archive


def two_taken(workspace: Workspace) -> bytes:
    """A ledger of two lines, and what stands in it."""
    for name, moment in (("a", JULY), ("b", AUGUST)):
        drop(workspace, f"2004-05-Q1/{name}.xlsx", name.encode())
        take_receipts(workspace, moment)
    return workspace.ledger.read_bytes()


@pytest.mark.parametrize("left", [None, 0, 1, 2], ids=["deleted", "blank", "without lines", "with one line"])
def test_a_ledger_deleted_or_cut_down_is_made_whole(workspace: Workspace, left: int | None) -> None:
    ledger = two_taken(workspace)
    if left is None:
        workspace.ledger.unlink()
    else:
        workspace.ledger.write_bytes(b"".join(ledger.splitlines(keepends=True)[:left]))
    assert prove(workspace).faults[-1].startswith("receipts.csv has lost ")
    mended: list[str] = []
    assert take_receipts(workspace, datetime(2004, 9, 1), mended=mended) == []
    assert workspace.ledger.read_bytes() == ledger
    (told_of,) = mended
    assert told_of.startswith(
        f"receipts.csv had lost {2 if left is None else min(2, 3 - left)} of its 2 lines"
    )
    assert prove(workspace).faults == ()


def test_a_line_changed_by_hand_is_told_by_every_run_and_by_the_proof(workspace: Workspace) -> None:
    ledger = two_taken(workspace)
    workspace.ledger.write_bytes(ledger.replace(b"a.xlsx", b"A.xlsx"))
    for _ in range(2):
        mended: list[str] = []
        take_receipts(workspace, AUGUST, mended=mended)
        (told_of,) = mended
        assert "receipts.csv, line 2 says" in told_of and "'lsp verify' says what to do." in told_of
    (fault,) = prove(workspace).faults
    assert "Put the ledger's line back as it was." in fault
    workspace.chain.unlink()
    take_receipts(workspace, AUGUST)
    assert prove(workspace).faults == ()


def test_a_copy_changed_by_hand_shows_by_its_sum(workspace: Workspace) -> None:
    ledger = two_taken(workspace)
    workspace.ledger.write_bytes(ledger.replace(b"a.xlsx", b"A.xlsx"))
    workspace.chain.write_bytes(workspace.chain.read_bytes().replace(b"a.xlsx", b"A.xlsx"))
    (fault,) = prove(workspace).faults
    assert fault.startswith("data/archive/ledger.csv, line 2 was changed after it was written")


def test_a_ledger_that_excel_saved_is_the_same_to_its_copy(workspace: Workspace) -> None:
    ledger = two_taken(workspace)
    workspace.ledger.write_bytes(b"\xef\xbb\xbf" + ledger.replace(b"\n", b"\r\n"))
    mended: list[str] = []
    take_receipts(workspace, AUGUST, mended=mended)
    assert mended == []
    assert prove(workspace).faults == ()


# Proof


def test_what_is_sound_is_said_with_how_much_was_looked_at(workspace: Workspace) -> None:
    two_taken(workspace)
    assert prove(workspace) == Proof(2, 2, (), ())


def test_overwriting_renaming_and_deleting_in_data_raw_loses_nothing(workspace: Workspace) -> None:
    two_taken(workspace)
    drop(workspace, "2004-05-Q1/c.xlsx", b"c")
    take_receipts(workspace, datetime(2004, 8, 9))
    before = read_ledger(workspace)
    folder = workspace.raw / "2004-05-Q1"
    (folder / "a.xlsx").write_bytes(b"something else")
    (folder / "b.xlsx").rename(folder / "B (2).xlsx")
    (folder / "c.xlsx").unlink()
    workspace.ledger.unlink()
    (new,) = take_receipts(workspace, datetime(2004, 9, 1))
    assert (new.original_name, new.size) == ("a.xlsx", 14)
    assert read_ledger(workspace) == [*before, new]
    assert [archived(one, workspace).read_bytes() for one in before] == [b"a", b"b", b"c"]
    assert prove(workspace).faults == ()


def test_a_file_lost_or_changed_in_the_archive_is_a_fault_until_a_run_puts_it_back(
    workspace: Workspace,
) -> None:
    two_taken(workspace)
    first, second = read_ledger(workspace)
    (workspace.archive / first.sha256).unlink()
    (workspace.archive / second.sha256).write_bytes(b"B")
    lost, changed = prove(workspace).faults
    assert lost.startswith("a.xlsx, received 07 Jul 2004: the archive does not hold it")
    assert changed.startswith("b.xlsx, received 02 Aug 2004: its archived copy has changed")
    take_receipts(workspace, AUGUST)  # both still lie in data/raw
    assert prove(workspace) == Proof(2, 2, (), ())


# A command that is killed while it takes files in

# Kills itself at the given call of those that change a disk; a write is done by half before.
KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from pipelines.receipt import take_receipts
from pipelines.workspace import Workspace

workspace, last, calls = Workspace(Path(sys.argv[1])), int(sys.argv[2]), 0
CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.truncate"}

def count(event):
    global calls
    calls += 1
    if calls == last:
        os.kill(os.getpid(), signal.SIGKILL)

def heard(event, given):
    if event in CHANGES and str(workspace.root) in str(given[0]):
        if event != "open" or (isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)):
            count(event)

def by_half(handle, content, write=os.write):
    if calls + 1 == last:
        write(handle, content[: len(content) // 2])
    count("write")
    return write(handle, content)

os.write = by_half
sys.addaudithook(heard)
take_receipts(workspace, datetime(2004, 9, 1))
print(calls)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs a signal that can't be caught")
def test_killed_at_any_change_of_the_disk_nothing_is_lost_and_the_next_run_sees_to_the_rest(
    tmp_path: Path,
) -> None:
    """SIGKILL at each call that opens for writing, writes, moves or removes, one after the other."""
    prepared = Workspace(tmp_path / "prepared")
    two_taken(prepared)
    for name in ("c", "d"):
        os.utime(drop(prepared, f"2004-05-Q2/{name}.xlsx", name.encode() * 500), (0, 0))
    undisturbed = Workspace(shutil.copytree(prepared.root, tmp_path / "undisturbed"))
    calls = int(killed_at(0, undisturbed).stdout)
    wanted = bytes_of(undisturbed.raw), bytes_of(undisturbed.archive)
    assert calls > 10
    for call in range(1, calls + 1):
        workspace = Workspace(shutil.copytree(prepared.root, tmp_path / str(call)))
        assert killed_at(call, workspace).returncode == -signal.SIGKILL
        assert prove(workspace).faults == (), call
        assert [receipt.original_name for receipt in read_ledger(workspace)][:2] == ["a.xlsx", "b.xlsx"]
        take_receipts(workspace, datetime(2004, 9, 1))
        assert (bytes_of(workspace.raw), bytes_of(workspace.archive)) == wanted, call
        assert prove(workspace) == Proof(4, 4, (), ())


def killed_at(call: int, workspace: Workspace) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", KILLED, workspace.root, str(call)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_receipts_are_in_force_from_the_day_they_came(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/a.xlsx", b"a")
    take_receipts(workspace, JULY)
    drop(workspace, "2004-05-Q1/b.xlsx", b"b")
    take_receipts(workspace, AUGUST)
    receipts = read_ledger(workspace)
    assert in_force(receipts, date(2004, 7, 6)) == []
    assert in_force(receipts, date(2004, 7, 7)) == receipts[:1]
    assert in_force(receipts, date(2004, 8, 2)) == receipts


# The archive


def test_a_file_that_is_nowhere_any_more_is_asked_for(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/Env.xlsx")
    (taken,) = take_receipts(workspace, JULY)
    (workspace.archive / taken.sha256).unlink()
    with pytest.raises(LedgerError, match=r"lists Env.xlsx, received 07 July 2004, but neither .* holds it"):
        archived(taken, workspace)
    take_receipts(workspace, AUGUST)  # it still lies in data/raw
    assert archived(taken, workspace).read_bytes() == b"a return"


def test_an_archived_copy_that_changed_is_never_used(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/Env.xlsx")
    (taken,) = take_receipts(workspace, JULY)
    (workspace.archive / taken.sha256).write_bytes(b"a rewrite")
    with pytest.raises(LedgerError, match=r"archived copy of Env.xlsx has changed"):
        archived(taken, workspace)


# Files taken in by hand


def sent(tmp_path: Path, content: bytes, name: str = "Env.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_file_taken_in_is_copied_and_says_from_whom(workspace: Workspace, tmp_path: Path) -> None:
    receipt = receive(sent(tmp_path, b"a return"), "pct", "2004-05-Q1", workspace, JULY)
    assert (receipt.received_from, receipt.folder, receipt.first_seen) == ("pct", "2004-05-Q1", JULY)
    assert (workspace.raw / "2004-05-Q1" / "Env.xlsx").read_bytes() == b"a return"
    assert read_ledger(workspace) == [receipt]
    assert take_receipts(workspace, AUGUST) == []


def test_a_file_taken_in_twice_keeps_its_first_receipt(workspace: Workspace, tmp_path: Path) -> None:
    first = receive(sent(tmp_path, b"a return"), "pct", "2004-05-Q1", workspace, JULY)
    again = receive(sent(tmp_path, b"a return", "again.xlsx"), "pct", "2004-05-Q1", workspace, AUGUST)
    assert again == first
    assert read_ledger(workspace) == [first]


def test_a_file_taken_in_again_from_another_sender_has_another_receipt_and_no_other_copy(
    workspace: Workspace, tmp_path: Path
) -> None:
    drop(workspace, "2004-05-Q1/Env.xlsx")
    take_receipts(workspace, JULY)
    receive(sent(tmp_path, b"a return"), "pct", "2004-05-Q1", workspace, AUGUST)
    assert told(read_ledger(workspace)) == [("2004-05-Q1", "Env.xlsx", ""), ("2004-05-Q1", "Env.xlsx", "pct")]
    assert [path.name for path in (workspace.raw / "2004-05-Q1").iterdir()] == ["Env.xlsx"]


def test_every_sight_of_a_file_makes_one_receipt() -> None:
    """It came when it was first seen; who sent it is what was said last."""
    sights = [
        receipt(1, folder="inbox"),
        receipt(2, folder="2004-05-Q1", received_from="pct"),
        receipt(3, folder="2004-05-Q2", received_from="police"),
        receipt(4, folder="2004-05-Q3"),
    ]
    one = as_one(sights)
    assert (one.first_seen, one.folder, one.received_from) == (sights[0].first_seen, "inbox", "police")
    assert one.also_in == ("2004-05-Q1", "2004-05-Q2", "2004-05-Q3")
    assert one.also_from == ("pct",)
    assert as_one(sights[:1]) == sights[0]


def test_files_taken_in_within_a_second_keep_the_order_of_the_ledger(
    workspace: Workspace, tmp_path: Path
) -> None:
    for content in (b"first", b"second", b"third"):
        receive(sent(tmp_path, content), "pct", "2004-05-Q1", workspace, JULY)
    taken = sorted(read_ledger(workspace), key=lambda one: one.first_seen)
    assert [(workspace.archive / one.sha256).read_bytes() for one in taken] == [b"first", b"second", b"third"]
    assert len({one.first_seen for one in taken}) == 3
    assert {one.first_seen.replace(microsecond=0) for one in taken} == {JULY}


def test_files_found_by_one_run_came_in_the_same_moment(workspace: Workspace) -> None:
    drop(workspace, "2004-05-Q1/a.xlsx", b"a")
    drop(workspace, "2004-05-Q1/b.xlsx", b"b")
    take_receipts(workspace, JULY)
    assert {one.first_seen for one in read_ledger(workspace)} == {JULY}


def test_two_files_of_one_name_stand_side_by_side(workspace: Workspace, tmp_path: Path) -> None:
    for content in (b"first", b"second", b"third"):
        receive(sent(tmp_path, content), "pct", "2004-05-Q1", workspace, JULY)
    lying = {path.name: path.read_bytes() for path in (workspace.raw / "2004-05-Q1").iterdir()}
    assert sorted(lying.values()) == [b"first", b"second", b"third"]
    assert lying["Env.xlsx"] == b"first"
    assert {receipt.original_name for receipt in read_ledger(workspace)} == {"Env.xlsx"}


def test_a_file_that_is_still_being_written_waits_for_the_next_run(workspace: Workspace) -> None:
    path = workspace.raw / "2004-05-Q1" / "police.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"the first ha")
    (path.parent / "pct.xlsx").write_bytes(b"whole")
    waits, not_taken = [], []

    def upload_goes_on(seconds: float) -> None:
        waits.append(seconds)
        with path.open("ab") as file:
            file.write(b"lf")

    [taken] = take_receipts(
        workspace, JULY, not_taken, clock=lambda: path.stat().st_mtime + 1, wait=upload_goes_on
    )
    assert taken.original_name == "pct.xlsx"
    assert not_taken == [
        "police.xlsx in data/raw/2004-05-Q1 is still being written and was not taken in. "
        "The next run takes it, once it is whole."
    ]
    [taken] = take_receipts(workspace, JULY, clock=lambda: path.stat().st_mtime + 1, wait=waits.append)
    assert (taken.original_name, taken.size) == ("police.xlsx", 14)
    assert len(waits) == 2


def test_nobody_waits_for_files_that_have_long_arrived_or_are_known(workspace: Workspace) -> None:
    path = workspace.raw / "2004-05-Q1" / "police.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"whole")
    waits: list[float] = []
    take_receipts(workspace, JULY, clock=lambda: path.stat().st_mtime + 3, wait=waits.append)
    take_receipts(workspace, AUGUST, clock=lambda: path.stat().st_mtime, wait=waits.append)
    assert waits == []


@pytest.mark.parametrize("name", ["police.xlsx.part", "police.tmp", "police.xlsx.crdownload"])
def test_an_upload_that_did_not_finish_is_told_and_not_taken(workspace: Workspace, name: str) -> None:
    path = workspace.raw / "2004-05-Q1" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK")
    not_taken: list[str] = []
    assert take_receipts(workspace, JULY, not_taken) == []
    assert not_taken == [
        f"{name} in data/raw/2004-05-Q1 has the name of an upload that did not finish, and was not taken in. "
        "Delete it, and send the file again if it has not come whole."
    ]
