"""A year as it went by: files arrive day by day, and each day's pack can be made again later, byte for byte.

LSP_AS_AT_DATES says for how many of the days; `make soak` takes all twelve.
"""

import csv
import hashlib
import json
import os
import shutil
from datetime import date, datetime, time
from pathlib import Path

import pytest
from little import framework, plan
from sample_files import RAW
from workspaces import Ran, lsp, run

from pipelines.receipt import Receipt, ledger, receive
from pipelines.run import stages
from pipelines.workspace import Workspace

# On each of them something had come since the one before: returns, corrections of them, late ones, judgements.
DAYS = [
    date(2003, 7, 10), date(2003, 7, 14), date(2003, 10, 9), date(2003, 10, 31), date(2004, 1, 13), date(2004, 1, 16),
    date(2004, 1, 21), date(2004, 4, 14), date(2004, 4, 16), date(2004, 4, 20), date(2004, 7, 13), date(2004, 9, 30),
]  # fmt: skip
NUMBER = int(os.environ.get("LSP_AS_AT_DATES", "1"))
CHOSEN = DAYS if len(DAYS) == NUMBER else DAYS[1 : NUMBER + 1]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[date, tuple[str, bytes]]]:
    """The workspace at the year's end, and the quarter and pack that were made on each day."""
    workspace = Workspace(tmp_path_factory.mktemp("year") / "workspace")
    with (RAW / "receipts.csv").open(encoding="utf-8", newline="") as lines:
        receipts = [ledger.receipt_of(line, 0, workspace) for line in csv.DictReader(lines)]
    made = {}
    arrived: set[Receipt] = set()
    for day in CHOSEN:
        come = [r for r in receipts if r.first_seen <= datetime.combine(day, time.max) and r not in arrived]
        for receipt in come:
            place = workspace.raw / receipt.folder / receipt.original_name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(RAW / receipt.folder / receipt.original_name, place)
        ledger.append(come, workspace)
        arrived |= set(come)
        ran = run(workspace)
        assert ran.said.code in (0, 3), ran.said.err
        quarter = str(ran.one("select newest_quarter from marts.about"))
        made[day] = (quarter, workspace.pack_file(quarter).read_bytes())
    return workspace, made


Year = tuple[Workspace, dict[date, tuple[str, bytes]]]


@pytest.mark.parametrize("day", CHOSEN, ids=str)
def test_the_pack_of_a_day_made_again_later_has_the_same_bytes(year: Year, day: date) -> None:
    workspace, made = year
    quarter, then = made[day]
    said = lsp("pack", quarter, "--as-at", day, "--root", workspace.root)
    dated = workspace.as_at(day.isoformat())
    assert (said.code, said.out) == (0, f"{dated.pack_file(quarter)}\n")
    assert dated.pack_file(quarter).read_bytes() == then
    assert said.err.startswith("This pack is the same, byte for byte, as the one made then, as at ")
    assert json.loads(dated.manifest_file(quarter).read_text())["differs_from_pack_made_then"] == []


def test_made_by_other_code_its_manifest_says_so(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, made = year
    day, (quarter, then) = next(iter(made.items()))
    monkeypatch.setattr(stages, "code_version", lambda: "c0dec0dec0dec0de")
    said = lsp("pack", quarter, "--as-at", day, "--root", workspace.root)
    dated = workspace.as_at(day.isoformat())
    assert dated.pack_file(quarter).read_bytes() != then
    (differs,) = json.loads(dated.manifest_file(quarter).read_text())["differs_from_pack_made_then"]
    assert differs.startswith("the code that made the marts (") and differs.endswith("c0dec0dec0dec0de now)")
    assert said.err == f"This pack differs from the one made then in {differs}.\n"


def test_the_manifest_beside_a_pack_names_its_inputs_and_its_own_hash(year: Year) -> None:
    workspace, made = year
    day = CHOSEN[-1]
    quarter, pack = made[day]
    manifest = json.loads(workspace.manifest_file(quarter).read_text())
    assert manifest["pack"]["sha256"] == hashlib.sha256(pack).hexdigest()
    ran = Ran(workspace, lsp("verify", "--root", workspace.root))
    assert {one["sha256"] for one in manifest["inputs"]} == {
        sha256 for (sha256,) in ran.select("select sha256 from staging.files")
    }
    assert manifest["as_at"] <= day.isoformat()
    assert (ran.said.code, ran.said.err) == (0, "")
    workspace.pack_file(quarter).write_bytes(pack + b" ")
    said = lsp("verify", "--root", workspace.root)
    assert (said.code, said.out.splitlines()[0]) == (
        1,
        f"{workspace.pack_file(quarter)} is not what its manifest names: it was changed after it was written, or a "
        "run was stopped before it had written the manifest. 'lsp pack' makes both again.",
    )
    workspace.pack_file(quarter).write_bytes(pack)


def test_a_return_that_is_taken_back_and_sent_again_is_so_on_its_days_alone(tmp_path: Path) -> None:
    """Sent on 8 July, withdrawn by the framework on the 12th, sent again on the 14th, all made up."""
    quarter, percents = "2031-32-Q1", {8: 40.0, 12: None, 14: 60.0}
    workspace, outside = Workspace(tmp_path / "northmoor"), tmp_path / "outside"
    withdrawn = {
        "withdrawal_id": "W1", "partner_id": "arts", "return_name": "improvement_plan", "quarter": quarter,
        "withdrawn_on": date(2031, 7, 12), "asked_by": "Head of Arts", "reason": "Another year's figures",
    }  # fmt: skip
    framework(outside / "framework.xlsx")
    framework(outside / "withdrawn.xlsx", withdrawals=[withdrawn])
    (outside / "first.csv").write_bytes(plan("arts", quarter, percent="40%"))
    (outside / "again.csv").write_bytes(plan("arts", quarter, percent="60%"))
    made = {}
    for day, name, sender, folder in (
        (7, "framework.xlsx", "lsp", "framework"),
        (8, "first.csv", "arts", quarter),
        (12, "withdrawn.xlsx", "lsp", "framework"),
        (14, "again.csv", "arts", quarter),
    ):
        receive(outside / name, sender, folder, workspace, datetime(2031, 7, day, 9))
        if day in percents:
            run(workspace, quarter)
            made[day] = workspace.pack_file(quarter).read_bytes()
    assert len(set(made.values())) == 3
    for day, percent in percents.items():
        then = run(workspace, quarter, "--as-at", f"2031-07-{day:02}")
        dated = Ran(workspace.as_at(f"2031-07-{day:02}"), then.said)
        assert dated.workspace.pack_file(quarter).read_bytes() == made[day], day
        done = dated.one(
            "select percent_done from marts.actions where quarter = ? and owner = 'arts'", quarter
        )
        state = dated.one("select state from marts.returns where quarter = ? and partner = 'arts'", quarter)
        assert (done, state) == (percent, "withdrawn" if day == 12 else "accepted")
