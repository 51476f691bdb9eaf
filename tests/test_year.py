"""A year of the cycle with a clock of its own: four quarters, nine partners, every mail, state and pack. All made up.

Each job is told the moment; nothing waits and nothing is patched. What arrives has its receipt at the time it says.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from little import PARTNERS, framework, partnership, plan
from openpyxl import load_workbook
from workspaces import Ran, Said, bytes_of

from pipelines.cycle.done import done
from pipelines.cycle.facts import facts
from pipelines.cycle.jobs import JOBS, do
from pipelines.framework.calendar import REMINDER
from pipelines.issued import latest, read_record
from pipelines.mail.outbox import Outbox
from pipelines.mail.settings import mail_settings
from pipelines.receipt import receive
from pipelines.run.standing import standings
from pipelines.storage.lock import Busy, only_run
from pipelines.workspace import Workspace

pytestmark = pytest.mark.timeout(
    1800
)  # the year goes by before the first test, on a machine that may be busy
Q1, Q2, Q3, Q4 = (f"2031-32-Q{number}" for number in range(1, 5))
ISSUED_BY = {"issued_by": "Pat Example", "issued_as": "Partnership Manager"}


class Year:
    """The workspace, and what came to pass in it."""

    def __init__(self, folder: Path) -> None:
        self.workspace: Workspace = partnership(folder / "northmoor", ISSUED_BY)
        self.outside = folder / "outside"
        self.outside.mkdir()
        self.troubles: list[str] = []
        self.did: list[str] = []
        self.states: dict[tuple[str, date], dict[str, str]] = {}
        self.days_late: dict[tuple[str, date], dict[str, int]] = {}

    def sends(self, partner: str, quarter: str, at: datetime, *how: str, folder: str | None = None) -> None:
        path = self.outside / f"{partner}_{at:%m%d%H}.csv"
        path.write_bytes(plan(partner, quarter, *how))
        receive(path, partner, folder or quarter, self.workspace, at)

    def does(self, at: datetime, *jobs: str) -> None:
        for job in jobs:
            desk = do(job, self.workspace, at)
            self.troubles += desk.troubles
            self.did += desk.did

    def looks(self, quarter: str, day: date) -> None:
        found = standings(self.workspace, quarter, day)
        self.states[quarter, day] = {one.partner: one.state for one in found}
        self.days_late[quarter, day] = {one.partner: one.days_late for one in found if one.days_late}

    def mails(self, quarter: str) -> list[str]:
        """The keys of what was written about a quarter, without the quarter; whom it went to is in them."""
        return [
            e.key.replace(f"|{quarter}", "") for e in Outbox(self.workspace).entries() if quarter in e.key
        ]


def others(*but: str) -> Iterable[str]:
    return (name for name in PARTNERS if name not in but)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    year = Year(tmp_path_factory.mktemp("year"))
    _first(year)
    _second(year)
    _third(year)
    _fourth(year)
    return year


def _first(year: Year) -> None:
    """Queried and corrected, nil, late, refused, missing."""
    year.does(datetime(2031, 7, 1, 7), "open")
    for number, partner in enumerate(others("bus", "care", "dale", "east", "fire")):
        year.sends(partner, Q1, datetime(2031, 7, 8, 9 + number))
    year.sends("bus", Q1, datetime(2031, 7, 9, 9), "slipping", "40%", "G")
    year.sends("care", Q1, datetime(2031, 7, 9, 10), "nil")
    year.sends("east", Q1, datetime(2031, 7, 10, 9), "on track", "140%")
    year.sends("dale", Q1, datetime(2031, 7, 14, 9))
    year.does(datetime(2031, 7, 15, 8), "remind")
    for day in (date(2031, 6, 30), date(2031, 7, 1), date(2031, 7, 12), date(2031, 7, 15)):
        year.looks(Q1, day)
    year.sends("bus", Q1, datetime(2031, 7, 16, 9), "slipping", "40%", "R")
    year.does(datetime(2031, 7, 17, 8), "run", "issue")
    year.looks(Q1, date(2031, 7, 17))


def _second(year: Year) -> None:
    """Refused and mended in time, very late, one that never sent before, another that does not.

    And a return of the quarter before comes without saying so where it is put.
    """
    year.does(datetime(2031, 10, 1, 7), "open")
    for number, partner in enumerate(others("arts", "east", "glen")):
        year.sends(partner, Q2, datetime(2031, 10, 7, 9 + number))
    year.sends("east", Q2, datetime(2031, 10, 8, 9), "on track", "150%")
    year.sends("east", Q2, datetime(2031, 10, 9, 9))
    year.sends("fire", Q1, datetime(2031, 10, 10, 9), folder="inbox")
    year.does(datetime(2031, 10, 15, 8), "remind")
    year.sends("glen", Q2, datetime(2031, 10, 15, 9))
    year.does(datetime(2031, 10, 17, 8), "run", "issue")
    year.looks(Q2, date(2031, 10, 17))


def _third(year: Year) -> None:
    """A return is withdrawn, by a row of the framework."""
    year.does(datetime(2032, 1, 2, 7), "open")
    for number, partner in enumerate(PARTNERS):
        year.sends(partner, Q3, datetime(2032, 1, 8, 9 + number))
    withdrawn = {
        "withdrawal_id": "W1", "partner_id": "home", "return_name": "improvement_plan", "quarter": Q3,
        "withdrawn_on": date(2032, 1, 15), "asked_by": "Head of home", "reason": "Another year's figures",
    }  # fmt: skip
    path = framework(year.outside / "framework.xlsx", ISSUED_BY, withdrawals=[withdrawn])
    receive(path, "office", "framework", year.workspace, datetime(2032, 1, 15, 12))
    year.does(datetime(2032, 1, 16, 8), "remind")
    year.does(datetime(2032, 1, 20, 8), "run", "issue")
    year.looks(Q3, date(2032, 1, 20))


def _fourth(year: Year) -> None:
    """The machine was off from before the quarter opened until its pack was due; then every job is asked four times."""
    for number, partner in enumerate(PARTNERS):
        year.sends(partner, Q4, datetime(2032, 4, 8, 9 + number))
    for _ in range(4):
        year.does(datetime(2032, 4, 21, 8), *JOBS)
    year.looks(Q4, date(2032, 4, 21))


# States


def test_before_it_opens_nothing_is_due_and_then_each_is_where_it_stands(year: Year) -> None:
    assert set(year.states[Q1, date(2031, 6, 30)].values()) == {"not due"}
    assert set(year.states[Q1, date(2031, 7, 1)].values()) == {"due"}
    assert year.states[Q1, date(2031, 7, 12)] == {
        "arts": "accepted", "bus": "queried", "care": "nil", "dale": "late", "east": "refused", "fire": "late",
        "glen": "accepted", "home": "accepted", "isle": "accepted",
    }  # fmt: skip
    assert year.states[Q1, date(2031, 7, 15)]["dale"] == "accepted"
    assert year.days_late[Q1, date(2031, 7, 15)] == {"dale": 3, "fire": 4}


def test_at_the_end_of_each_quarter_the_states_are_what_happened(year: Year) -> None:
    usual = dict.fromkeys(PARTNERS, "accepted")
    assert year.states[Q1, date(2031, 7, 17)] == usual | {"care": "nil", "east": "refused", "fire": "missing"}
    assert year.states[Q2, date(2031, 10, 17)] == usual | {"arts": "missing"}
    assert year.days_late[Q2, date(2031, 10, 17)] == {"glen": 2}
    assert year.states[Q3, date(2032, 1, 20)] == usual | {"home": "withdrawn"}
    assert year.states[Q4, date(2032, 4, 21)] == usual


# Mail


def test_of_the_first_quarter_every_mail_is_there_once(year: Year) -> None:
    keys = year.mails(Q1)
    assert Counter(key.split("|")[0] for key in keys) == {
        "templates": 9, "reminder": 2, "ready": 1, "pack": 1,
    }  # fmt: skip
    assert sorted(key for key in keys if key.startswith("reminder")) == [
        "reminder|2031-07-15|east", "reminder|2031-07-15|fire",
    ]  # fmt: skip
    assert "pack|version 1|board" in keys


def test_only_those_who_owe_are_reminded_and_a_withdrawn_return_is_owed(year: Year) -> None:
    reminded = {
        quarter: [key for key in year.mails(quarter) if key.startswith("reminder")]
        for quarter in (Q2, Q3, Q4)
    }
    assert reminded == {
        Q2: ["reminder|2031-10-15|arts", "reminder|2031-10-15|glen"],
        Q3: ["reminder|2032-01-16|home"],
        Q4: [],
    }


def test_every_file_is_answered_once(year: Year) -> None:
    entries = [entry for entry in Outbox(year.workspace).entries() if entry.kind == "reply"]
    files = [
        path for folder in ("2031-32-Q*", "inbox") for path in year.workspace.raw.glob(f"{folder}/*.csv")
    ]
    # also that of Q1 in the inbox, which came in Q2
    assert len(entries) == len({entry.key for entry in entries}) == len(files) == 8 + 1 + 9 + 1 + 9 + 9
    assert {entry.to for entry in entries} == {(f"returns@{name}.example",) for name in PARTNERS}
    asked = [entry for entry in entries if "east_071009.csv" in entry.subject]
    assert [entry.subject for entry in asked] == [f"Apr to Jun 2031 ({Q1}): east_071009.csv: 1 to fix"]


def test_every_mail_waits_in_the_outbox_as_there_is_no_server(year: Year) -> None:
    entries = Outbox(year.workspace).entries()
    dropped = [entry for entry in entries if entry.state == "dropped"]
    # what they were to be reminded of came after all, before anybody sent the reminder
    assert [entry.key for entry in dropped] == [
        f"reminder|{Q1}|2031-07-15|fire",
        f"reminder|{Q2}|2031-10-15|glen",
    ]
    assert {entry.reason for entry in dropped} == {"What it asks for has come."}
    assert {entry.state for entry in entries if entry not in dropped} == {"queued"}
    assert all(Outbox(year.workspace).path_of(entry).exists() for entry in entries)
    assert year.troubles == []


def test_the_operator_is_told_once_a_quarter_that_there_is_a_pack_to_read(year: Year) -> None:
    entries = Outbox(year.workspace).entries()
    told = [entry for entry in entries if entry.kind == "ready"]
    assert [entry.key for entry in told] == [f"ready|{quarter}|office" for quarter in (Q1, Q2, Q3, Q4)]
    assert {entry.to for entry in told} == {("office@northmoor.example",)}
    assert all("is ready to be read" in entry.subject for entry in told)
    assert [entry for entry in entries if entry.kind == "failure"] == []
    # before it is final, and as it becomes so, what is not in it is said
    refused = "Refused and not in it: east_071009.csv"
    letter = message_from_bytes(Outbox(year.workspace).path_of(told[0]).read_bytes(), policy=policy.default)
    assert refused in str(letter.get_body().get_content())  # type: ignore[union-attr]
    assert [one for one in year.did if one.startswith(refused)]


# Packs


@pytest.mark.parametrize(
    ("quarter", "not_received"), [(Q1, ["Northmoor Fire"]), (Q2, ["Northmoor Arts"]), (Q3, []), (Q4, [])]
)
def test_the_pack_is_issued_and_names_who_did_not_send(
    year: Year, quarter: str, not_received: list[str]
) -> None:
    issued = latest(read_record(year.workspace), quarter)
    assert issued is not None
    assert (issued.version, issued.by, issued.role) == (1, "Pat Example", "Partnership Manager")
    path = year.workspace.version_file(quarter, 1)
    rows = [[cell.value for cell in row] for row in load_workbook(path)["Quality"].iter_rows()]
    said = {
        row[0]: str(row[2])
        for row in rows
        if row[1] == "Improvement plan" and str(row[2]).startswith("Not received")
    }
    assert sorted(said) == not_received
    if quarter == Q3:
        assert any("withdrawn by its sender" in str(cell) for row in rows for cell in row)


def test_timeliness_is_told_over_the_quarters(year: Year) -> None:
    rows = [
        [c.value for c in row]
        for row in load_workbook(year.workspace.version_file(Q4, 1))["Quality"].iter_rows()
    ]
    glen = {row[1]: row[3] for row in rows if row[0] == "Northmoor Glen" and "expected:" in str(row[2])}
    assert list(glen.values()) == [100, 0, 100, 100]


# Once


def test_after_the_machine_was_off_each_job_was_done_once(year: Year) -> None:
    known = done(year.workspace)
    assert [key for key in known if Q4 in key and not key.startswith("reminder")] == [
        f"run|{Q4}",
        f"issue|{Q4}|1",
    ]
    # One run of what had come, and one that took up that its pack was issued; not four of each.
    assert len(list(year.workspace.logs.glob("20320421-*"))) == 2
    assert year.mails(Q4) == ["ready|office", "pack|version 1|board"]


def test_what_is_asked_again_changes_nothing(year: Year) -> None:
    before = bytes_of(year.workspace.root)
    for job in JOBS:
        desk = do(job, year.workspace, datetime(2032, 4, 21, 12))
        assert (desk.did, desk.troubles) == ([], [])
    assert bytes_of(year.workspace.root) == before


def test_a_job_beside_a_run_is_told_and_harms_nothing(tmp_path: Path) -> None:
    workspace = partnership(tmp_path / "northmoor")
    with only_run(workspace.work), pytest.raises(Busy, match="Another run of this workspace is going on"):
        do("intake", workspace, datetime(2031, 7, 8, 10))
    (told,) = Outbox(workspace).entries()
    assert told.subject == "Northmoor Partnership: the job 'intake' needs you"
    assert not workspace.database.exists()


def test_the_log_of_a_run_says_what_it_did_to_each_file(year: Year) -> None:
    import json

    path = sorted(year.workspace.logs.glob("20320421-*"))[0]
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line["run_id"] for line in lines} == {path.stem.split("_")[1]}
    files = [line for line in lines if line["event"] == "file"]
    assert len(files) == 2 + 8 + 1 + 9 + 1 + 9 + 9
    (east,) = [line for line in files if line["file_name"] == "east_071009.csv"]
    assert east["returns"][0]["rows_refused"] == 1
    assert {"rule": "percent_within_bounds", "consequence": "refuse"}.items() <= next(
        one for one in east["findings"] if one["rule"] == "percent_within_bounds"
    ).items()
    assert [line["event"] for line in lines][-1] == "ended"
    assert "140%" not in path.read_text(encoding="utf-8")


def test_every_day_of_the_calendar_is_known_beforehand(year: Year) -> None:
    known = facts(year.workspace, datetime(2032, 4, 21, 12))
    assert [day.on for day in known.days if day.kind == REMINDER][:2] == [date(2031, 7, 8), date(2031, 7, 15)]
    assert mail_settings({}).smtp is None


def test_where_nothing_came_its_pack_says_so_and_after_a_quarter_nobody_asks(tmp_path: Path) -> None:
    workspace = partnership(tmp_path / "northmoor", ISSUED_BY)
    desk = do("run", workspace, datetime(2031, 7, 17, 8))
    assert (desk.troubles, desk.did[0].startswith("Apr to Jun 2031: the pack is written")) == ([], True)
    states = Ran(workspace, Said(0, "", "")).select(
        "select distinct quarter, state from marts.returns where quarter = ?", Q1
    )
    assert states == [(Q1, "missing")]
    # the calendar ends with Jan to Mar 2032, whose Board met on 28 April
    for job in ("run", "issue"):
        late = do(job, workspace, datetime(2032, 8, 1, 8))
        assert (late.did, late.troubles) == ([], [])
