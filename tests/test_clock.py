"""One clock for all that is written: the partnership's, wherever the machine stands."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipelines.framework.clock import now, zone
from pipelines.mail.message import PACK, Mail
from pipelines.mail.outbox import Outbox
from pipelines.receipt import read_ledger
from pipelines.workspace import CODE, Workspace

FAR = ZoneInfo(
    "Pacific/Auckland"
)  # half a day from here: no machine that tests are run on keeps its time by chance


@pytest.fixture
def far(tmp_path: Path) -> Workspace:
    """A workspace whose marts know where its partnership is, and nothing else."""
    workspace = Workspace(tmp_path)
    workspace.marts.mkdir(parents=True)
    with duckdb.connect(str(workspace.published)) as connection:
        connection.execute(
            "create schema framework; create table framework.settings (setting_id text, value text)"
        )
        connection.execute(
            "insert into framework.settings values ('time_zone', ?), ('blank', null)", [FAR.key]
        )
    return workspace


def test_it_is_the_partnership_s_time_and_the_machine_s_before_there_are_marts(far: Workspace) -> None:
    assert abs(now(far) - datetime.now(FAR).replace(tzinfo=None)) < timedelta(minutes=5)
    far.published.write_bytes(b"no database")
    assert zone(far) is None
    far.published.unlink()
    assert zone(far) is None and abs(now(far) - datetime.now()) < timedelta(minutes=5)


def test_a_mail_is_dated_at_the_moment_it_was_written(far: Workspace) -> None:
    box, moment = Outbox(far), datetime(2031, 7, 1, 7)
    box.put(Mail("k", PACK, ("a@b.example",), "s", "t"), "", moment)
    message = message_from_bytes(box.path_of(box.entries()[0]).read_bytes(), policy=policy.default)
    assert message["Date"].datetime == moment.replace(tzinfo=FAR)


def test_lsp_receive_and_the_cycle_write_by_the_same_clock(
    far: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argparse import Namespace

    from pipelines.commands.receive import receive

    path = far.root / "plan.csv"
    path.write_text("made up", encoding="utf-8")
    monkeypatch.setattr("pipelines.precheck.senders.trouble_with", lambda *_: "")
    receive(Namespace(file=path, partner="arts", quarter="2031-32-Q1", root=far.root, instead=True))
    assert abs(read_ledger(far)[0].first_seen - now(far)) < timedelta(minutes=5)


def test_nothing_else_asks_the_machine_what_time_it_is() -> None:
    asks = re.compile(r"\b(datetime\.now|datetime\.today|date\.today|datetime\.utcnow)\(")
    asking = {path.name for path in CODE.rglob("*.py") if asks.search(path.read_text(encoding="utf-8"))}
    assert asking == {"clock.py", "cli.py"}  # cli: today as the example of how a date is typed
