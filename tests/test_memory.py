"""What a run remembers changes nothing but the time: every run gives what one from nothing gives, whatever happened."""

import copy
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import little
import pandas as pd
import pytest
from little import plan
from sample_files import ROOT
from workspaces import Ran, bytes_of, content, copied

from pipelines.contracts import read_contracts
from pipelines.erase import erase, find
from pipelines.judge.judged import Judged
from pipelines.marts.load import load
from pipelines.receipt import Receipt, receive
from pipelines.reply import write
from pipelines.reply.draw import draw
from pipelines.reply.model import Reply
from pipelines.reply.names import Name
from pipelines.run import stages
from pipelines.run.quarterly_run import run_quarter
from pipelines.run.stages import Inputs
from pipelines.storage.memory import Memory
from pipelines.submission.opening import Opened
from pipelines.validate import asking
from pipelines.workbook.reader import Reader
from pipelines.workspace import Workspace

FIRST = datetime(2031, 7, 9, 9)
WAIVER: dict[str, Any] = {
    "waiver_id": "W1", "partner_id": "arts", "return_name": "improvement_plan", "rule": "status_fits_percent",
    "owner": "The office", "reason": "As agreed", "from_on": date(2031, 4, 1), "until_on": date(2032, 3, 31),
}  # fmt: skip
CORRECTION: dict[str, Any] = {
    "correction_id": "K1", "partner_id": "bus", "return_name": "improvement_plan", "for_quarter": "2031-32-Q1",
    "row_key": "A2", "column_name": "% done", "says": "30%", "should_say": "35%", "reason": "Told by telephone",
    "corrected_by": "The office", "corrected_on": date(2031, 7, 12), "state": "open",
}  # fmt: skip
WITHDRAWAL: dict[str, Any] = {
    "withdrawal_id": "D1", "partner_id": "arts", "return_name": "improvement_plan", "quarter": "2031-32-Q1",
    "withdrawn_on": date(2031, 7, 9), "asked_by": "Head of Arts", "reason": "Another year's figures",
}  # fmt: skip


@dataclass
class Work:
    """What was worked out, and not remembered: files opened, files read, lots of rows that were judged."""

    opened: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    from pipelines.submission import reading

    done = Work()
    opening, reads, asks = Reader.read, reading.read_file, asking.broken

    def open_one(self: Reader, path: Path, name: str, *declared: Any) -> Any:
        done.opened.append(name)
        return opening(self, path, name, *declared)

    def read_one(receipt: Any, *how: Any) -> Any:
        done.read.append(receipt.original_name)
        return reads(receipt, *how)

    def ask(name: str, *what: Any) -> Any:
        done.asked.append(name)
        return asks(name, *what)

    monkeypatch.setattr(Reader, "read", open_one)
    monkeypatch.setattr(reading, "read_file", read_one)
    monkeypatch.setattr(asking, "broken", ask)
    return done


FRAMEWORKS: dict[tuple[Any, ...], Judged] = {}


@dataclass
class Office:
    """A little partnership whose files come in one after the other."""

    workspace: Workspace
    work: Work
    at: datetime = FIRST
    last: Judged = field(default_factory=lambda: Judged({}))

    def takes(self, name: str, content: bytes, quarter: str = "2031-32-Q1") -> None:
        self.at += timedelta(minutes=1)
        path = self.workspace.root / "outside" / f"{self.at:%d%H%M}" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        receive(path, name.split()[0].removesuffix(".csv"), quarter, self.workspace, self.at)

    def changes_framework(self, **more: Any) -> None:
        self.at += timedelta(minutes=1)
        path = little.framework(
            self.workspace.root / "outside" / f"{self.at:%d%H%M}" / "framework.xlsx", **more
        )
        receive(path, "lsp", "framework", self.workspace, self.at)

    def judges(self, *, as_at: date | None = None) -> Judged:
        """Everything up to the marts; what comes after hangs on that and the inputs alone."""
        inputs = stages.take_in(self.workspace, as_at, self.at)
        judged = self.judges_returns(inputs)
        inputs.memory.sweep()
        return judged

    def judges_returns(self, inputs: Inputs, framework: Judged | None = None) -> Judged:
        if framework is None:
            framework = stages.read_framework(stages.open_framework(inputs, self.workspace), inputs.memory)
        opened = stages.open_returns(inputs, self.workspace, framework)
        return stages.read_returns(framework, opened, inputs, self.workspace)

    def framework_from_nothing(self, inputs: Inputs) -> Judged:
        """The framework judged without a memory: once for each that there is, as that takes seconds."""
        mine = tuple(one for one in inputs.receipts if one.folder == "framework")
        if (mine, stages.read_contracts) not in FRAMEWORKS:
            opened = stages.open_framework(inputs, self.workspace)
            FRAMEWORKS[mine, stages.read_contracts] = stages.read_framework(opened)
        return copy.deepcopy(FRAMEWORKS[mine, stages.read_contracts])

    def works_out(self, *, as_at: date | None = None) -> tuple[list[str], list[str], set[str]]:
        """What a run works out anew: files opened, read, and returns judged. It comes to what one from nothing does."""
        inputs = replace(stages.take_in(self.workspace, as_at, self.at), memory=Memory())
        from_nothing = self.judges_returns(inputs, self.framework_from_nothing(inputs))
        for done in (self.work.opened, self.work.read, self.work.asked):
            done.clear()
        self.last = self.judges(as_at=as_at)
        assert_same(self.last, from_nothing)
        return sorted(self.work.opened), sorted(self.work.read), set(self.work.asked)


def assert_same(one: Judged, other: Judged) -> None:
    """Two that were judged are the same in all that later stages read."""
    for name in (
        "files",
        "findings",
        "current",
        "answers",
        "corrected",
        "withdrawn",
        "contracts",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert repr(one.references) == repr(
        other.references
    )  # a blank number is equal to nothing, itself included
    assert list(map(plainly, one.opened)) == list(map(plainly, other.opened))
    assert one.frames.keys() == other.frames.keys()
    for name, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, other.frames[name], check_exact=True, obj=name)
    assert (one.checked is None) == (other.checked is None)
    if one.checked and other.checked:
        assert_same(one.checked, other.checked)


def plainly(opened: Opened) -> Opened:
    return replace(opened, book_from="")


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The partnership after three returns and a first look at them."""
    office = Office(little.partnership(tmp_path_factory.mktemp("memory") / "workspace"), Work())
    shutil.rmtree(office.workspace.framework)
    office.changes_framework()
    office.takes("arts.csv", plan("arts", "2031-32-Q1", "complete", "40%"))
    office.takes("bus.csv", plan("bus", "2031-32-Q1", percent="30%", note="Ring Ann Smith on 0161 496 0000."))
    office.takes("care.csv", plan("care", "2031-32-Q1", status="nil"))
    office.works_out()
    return office.workspace


@pytest.fixture
def office(beginning: Workspace, tmp_path: Path, work: Work) -> Office:
    """The same, to be changed."""
    shutil.copytree(beginning.root, tmp_path / "workspace")
    return Office(Workspace(tmp_path / "workspace"), work, FIRST + timedelta(hours=1))


NOTHING: tuple[list[str], list[str], set[str]] = ([], [], set())


def test_a_run_with_nothing_new_works_out_nothing_and_one_with_one_file_that_file_alone(
    office: Office,
) -> None:
    assert office.works_out() == NOTHING
    office.takes("dale.csv", plan("dale", "2031-32-Q1", percent="2000%"))
    assert office.works_out() == (["dale.csv"], ["dale.csv"], {"improvement_plan"})
    office.takes("arts corrected.csv", plan("arts", "2031-32-Q1", "complete", "100%"))
    one = ["arts corrected.csv"]
    assert office.works_out() == (one, one, {"improvement_plan"})


def test_a_file_to_be_checked_and_one_sent_again(office: Office) -> None:
    office.takes("east.csv", plan("east", "2031-32-Q1", percent="2000%"), "2031-32-Q1/check")
    opened, read, asked = office.works_out()
    assert (opened, set(read), asked) == (["east.csv"], {"east.csv"}, {"improvement_plan"})
    office.takes("arts.csv", plan("arts", "2031-32-Q1", "complete", "40%"), "2031-32-Q2")
    office.works_out()


@pytest.mark.parametrize(
    "more",
    [{"waivers": [WAIVER]}, {"corrections": [CORRECTION]}, {"withdrawals": [WITHDRAWAL]}],
    ids=["waiver", "correction", "withdrawal"],
)
def test_a_framework_that_changed(office: Office, more: dict[str, Any]) -> None:
    before = office.judges()
    office.changes_framework(**more)
    opened, read, _ = office.works_out()
    assert opened == ["framework.xlsx"]  # a book hangs on no framework
    assert set(read) == {"arts.csv", "bus.csv", "care.csv", "framework.xlsx"}
    assert (office.last.findings, office.last.withdrawn) != (before.findings, before.withdrawn)


def test_a_contract_that_changed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = office.judges()

    def stricter(folder: Path) -> Any:
        contracts = read_contracts(folder)
        mine = contracts["staging.improvement_plan"]
        rules = tuple(
            replace(rule, arguments={**rule.arguments, "max_value": 35})
            if rule.id == "percent_within_bounds"
            else rule
            for rule in mine.rules
        )
        return contracts | {mine.full_name: replace(mine, rules=rules)}

    monkeypatch.setattr(stages, "read_contracts", stricter)
    _, read, asked = office.works_out()
    assert (read, asked) == (["arts.csv", "bus.csv", "care.csv"], {"improvement_plan"})
    assert {f.rule for f in office.last.findings} - {f.rule for f in before.findings} == {
        "percent_within_bounds"
    }


def test_code_that_changed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    every = ["arts.csv", "bus.csv", "care.csv", "framework.xlsx"]
    monkeypatch.setattr(stages, "code_version", lambda: "another")
    opened, read, asked = office.works_out()
    assert (opened, read) == (every, every)
    assert "improvement_plan" in asked


def test_a_run_as_at_a_day_forgets_nothing(office: Office) -> None:
    office.at = FIRST + timedelta(days=2)
    office.takes("fire.csv", plan("fire", "2031-32-Q1"))
    office.works_out()
    assert office.works_out(as_at=FIRST.date())[:2] == ([], [])
    assert office.works_out() == NOTHING


def cut_short(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-1])


def one_bit_turned(entry: Path) -> None:
    kept = bytearray(entry.read_bytes())
    kept[len(kept) // 2] ^= 1
    entry.write_bytes(kept)


def of_another_kind(entry: Path) -> None:
    """Whole by its digest, and yet nothing that we would keep."""
    entry.unlink()
    Memory(entry.parent).keep(entry.name, b'{"sheets": [1]}')


@pytest.mark.parametrize("damage", [cut_short, one_bit_turned, of_another_kind])
def test_what_is_damaged_is_worked_out_again(office: Office, damage: Callable[[Path], None]) -> None:
    for entry in list(office.workspace.memory.iterdir()):
        damage(entry)
    every = ["arts.csv", "bus.csv", "care.csv", "framework.xlsx"]
    opened, read, asked = office.works_out()
    assert (opened, read) == (every, every)
    assert "improvement_plan" in asked


class Code:
    """What a pickle could carry: a call that is made when it is loaded."""

    def __reduce__(self) -> Any:
        return Path.touch, (Path("was-run"),)


def test_nothing_that_lies_there_is_run(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    entries = [path for path in office.workspace.memory.iterdir() if path.name.startswith("read-")]
    assert len(entries) == 4
    for entry in entries:
        Memory(entry.parent).keep(entry.name, pickle.dumps(Code()))
    assert len(office.works_out()[1]) == 4
    assert not Path("was-run").exists()


def test_what_a_killed_run_left_half_written_is_swept_and_so_is_what_nobody_uses(office: Office) -> None:
    folder = office.workspace.memory
    entries = sorted(path.name for path in folder.iterdir())
    half = folder / f".{entries[0]}.new"
    half.write_bytes(b"half of")
    (folder / "book-of-a-file-that-was-erased").write_bytes(b"long gone")
    (folder / entries[1]).unlink()
    office.works_out()
    assert sorted(path.name for path in folder.iterdir()) == entries


def test_no_room_for_it_stops_no_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    shutil.rmtree(office.workspace.memory)
    monkeypatch.setattr("pipelines.storage.memory.durable.put", no_room)
    assert len(office.works_out()[0]) == 4
    assert not office.workspace.memory.exists()


def test_a_file_that_was_erased_is_not_remembered(office: Office) -> None:
    workspace, secret = office.workspace, b"A secret of glen"
    office.takes("glen.csv", plan("glen", "2031-32-Q1", note=secret.decode()))
    office.judges()
    assert any(secret in path.read_bytes() for path in workspace.memory.iterdir())
    erase(find("glen.csv", workspace), "The office", "Asked to", workspace, office.at)
    assert not workspace.memory.exists()
    assert office.works_out()[1] == ["arts.csv", "bus.csv", "care.csv", "framework.xlsx"]
    assert not any(secret in path.read_bytes() for path in workspace.memory.iterdir())


def made(workspace: Workspace, at: datetime) -> dict[str, Any]:
    """What a run leaves: the marts by content, and the bytes of packs and replies."""
    run_quarter(workspace, None, None, at)
    packs = {
        name: digest
        for name, digest in bytes_of(workspace.packs).items()
        if not name.endswith("manifests.jsonl")
    }
    return {"marts": content(workspace.database), "packs": packs, "replies": bytes_of(workspace.replies)}


def test_marts_pack_and_replies_are_those_of_a_run_from_nothing(office: Office, tmp_path: Path) -> None:
    office.takes("bus corrected.csv", plan("bus", "2031-32-Q1", "slipping", "45%", "G", "Late by a month."))
    shutil.copytree(office.workspace.root, tmp_path / "nothing", ignore=shutil.ignore_patterns("memory"))
    office.work.read.clear()
    incremental = made(office.workspace, office.at)
    assert office.work.read == ["bus corrected.csv"]
    office.work.read.clear()
    from_nothing = made(Workspace(tmp_path / "nothing"), office.at)
    assert len(office.work.read) == 5
    assert incremental == from_nothing


def test_a_reply_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Reply] = []

    def draw_one(reply: Reply, *how: Any) -> bytes:
        drawn.append(reply)
        return draw(reply, *how)

    monkeypatch.setattr(write, "draw", draw_one)
    receipt = Receipt("ab" * 32, FIRST, "arts", "arts.csv", "2031-32-Q1", 100)
    reply = Reply(receipt, "arts", "2031-32-Q1", 1, "Arts", "Apr to Jun 2031", ("Received.",))
    judged = Judged({}, memory=Memory(tmp_path / "memory", "code"))

    def content_of(reply: Reply, number: int = 1) -> bytes:
        named = Name("2031-32-Q1", "arts", "reply", number, "arts", "2031-32-Q1")
        ((written),) = write.write_replies([(named, reply)], Workspace(tmp_path), judged, "code")
        return written.path.read_bytes()

    first = content_of(reply)
    assert first == draw(reply, {}, "The partnership", "code")
    assert content_of(reply, 2) == first
    assert len(drawn) == 1
    other = replace(reply, standing=("Not received.",))
    assert content_of(other, 3) == draw(other, {}, "The partnership", "code") != first
    assert len(drawn) == 2


def test_every_file_of_the_sample_is_remembered_as_it_was_read(
    sample: Ran, tmp_path: Path, work: Work
) -> None:
    """Workbooks, templates that came back, taught layouts: staging is what the run from nothing left."""
    office = Office(copied(sample, tmp_path / "workspace").workspace, work, datetime(2004, 8, 1))
    judged = office.judges()
    unreadable = sorted(one.receipt.original_name for one in judged.opened if one.book is None)
    assert (sorted(work.opened), work.read, work.asked) == (unreadable, [], [])
    with duckdb.connect() as connection:
        load(judged, connection)
        connection.execute(f"attach '{sample.workspace.database}' as before (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name <> 'before'"
        ).fetchall()
        assert len(tables) > 40
        for (table,) in tables:
            if table in ("staging.about", "staging.signed"):  # of the run, not of the files
                continue
            for one, other in ((table, f"before.{table}"), (f"before.{table}", table)):
                differing = connection.execute(f"from {one} except all from {other}").fetchall()
                assert differing == [], table


def test_inputs_say_what_is_remembered_where(office: Office) -> None:
    inputs: Inputs = stages.take_in(office.workspace, None, office.at)
    assert inputs.memory.folder == office.workspace.root / "data" / ".work" / "memory"
    assert ROOT / "data" not in inputs.memory.folder.parents


def test_expectations_said_to_judge_row_by_row_do() -> None:
    """Each line's verdict is the same whether it is asked alone or among others; one over all lines is no such rule."""
    from pipelines.contract import Rule
    from pipelines.validate.known import BY_ROW, broken

    values: dict[str, list[Any]] = {
        "row_id": list("abcd"), "text": ["x1", None, "0161 496 0000 Ann Smith", "y"], "low": [1, 2, 9, None],
        "high": [2, 2, 3, 4],
    }  # fmt: skip
    frame = pd.DataFrame(values)
    arguments: dict[str, dict[str, Any]] = {
        "expect_column_values_to_be_between": {"column": "low", "min_value": 2},
        "expect_column_values_to_be_in_set": {"column": "text", "value_set": ["y"]},
        "expect_column_values_to_match_regex": {"column": "text", "regex": "^x"},
        "expect_column_values_to_not_match_regex": {"column": "text", "regex": "^x"},
    }
    pair = {"column_A": "high", "column_B": "low", "ignore_row_if": "either_value_is_missing"}
    rules = [
        Rule(
            name, "", "query", name,
            arguments.get(name, pair if "pair" in name else {"column": "text"}),
        )
        for name in sorted(BY_ROW)
    ]  # fmt: skip

    def said(frame: pd.DataFrame) -> set[tuple[str, str]]:
        return {(rule.id, line["row_id"]) for rule, line in asking.broken("any", frame, rules, ["row_id"])}

    alone = {one for n in range(len(frame)) for one in said(frame.iloc[[n]].reset_index(drop=True))}
    assert said(frame) == alone
    assert {name for name, _ in alone} == BY_ROW
    assert broken("any", frame, rules, ["row_id"], Memory(), list("abcd"))
