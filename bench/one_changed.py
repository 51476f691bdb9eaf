"""What a run costs when one file of three hundred was corrected, beside a run of the same workspace from nothing.

Three hundred files are what 38 bodies send in two years: each one workbook a quarter. It has a sheet for the proxy
indicators (three months of each), one for the plan's actions, one for spend and, where a body leads on floor
targets, one for these, each row with its commentary; 30 to 135 rows in all, the sizes that the templates of the
sample's partners come to where an indicator is monthly and a body answers for four to fifteen projects. A file of
ten rows would make the fixed part of a run look larger than it is, and one of thousands smaller.

Both runs are made without Prefect, whose start would be the same for both, each in a process of its own, from the
first import to the last reply. In processor seconds, children included, which other programs disturb less. Prints,
never judges; the aim is at most 15%. `make bench` runs it; alone: `python bench/one_changed.py`. All synthetic.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from pipelines.receipt import receive
from pipelines.workspace import Workspace

CHECKOUT = Path(__file__).resolve().parents[1]
PARTNERS, FILES = 38, 300
NOW = datetime(2005, 7, 1, 9)
SIZES = (
    (7, 5, 4),
    (10, 8, 8),
    (14, 10, 12),
    (30, 15, 15),
)  # indicators, actions and projects of a partner, in turn
MADE_WHOLE = ("build_marts", "write_pack", "write_replies")  # whatever was made before
WORDS = (
    "The service was short of staff until the end of the quarter and is now catching up with what was planned"
)
ONE_RUN = """
import json, sys, time
from datetime import datetime
from pathlib import Path
began = time.process_time()
from pipelines.run.quarterly_run import run_quarter
from pipelines.workspace import Workspace

stages = {}

def step(stage, *arguments):
    start = time.process_time()
    try:
        return stage(*arguments)
    finally:
        stages[stage.__name__] = time.process_time() - start

before = time.process_time() - began
run_quarter(Workspace(Path(sys.argv[1])), None, None, datetime.fromisoformat(sys.argv[2]), step)
print(json.dumps({"importing": before} | stages | {"everything": time.process_time() - began}))
"""


@dataclass(frozen=True)
class Partner:
    """What one partner answers for: the references of its indicators, targets, actions and projects."""

    name: str
    indicators: list[str]
    targets: list[tuple[str, int, float]]  # reference, months between values, baseline
    actions: list[str]
    projects: list[str]


def framework(path: Path) -> tuple[list[Partner], list[tuple[str, Any, Any]]]:
    """The sample's framework with more partners, and more for each to answer for.

    The partners, and of each quarter its name, its first day and the day on which returns are due.
    """
    book = load_workbook(CHECKOUT / "data" / "raw" / "framework" / "framework.xlsx")
    quarters = [row[:4] for row in book["calendar"].iter_rows(min_row=2, values_only=True) if row[0]]
    for number in range(book["partners"].max_row, PARTNERS + 1):
        book["partners"].append([f"body{number}", f"Synthetic body {number}"])
    expected = book["expected_returns"]
    expected.delete_rows(2, expected.max_row)
    leads = {row[0]: row[3] for row in book["parent_targets"].iter_rows(min_row=2, values_only=True)}
    head = [cell.value for cell in book["targets"][1]]
    targets = [
        dict(zip(head, row, strict=True)) for row in book["targets"].iter_rows(min_row=2, values_only=True)
    ]
    partners = []
    for number, (name, *_) in enumerate(book["partners"].iter_rows(min_row=2, values_only=True)):
        measures, tasks, works = SIZES[number % len(SIZES)]
        short = str(name).upper()
        mine = Partner(
            str(name),
            [f"{short}_M{row:02}" for row in range(measures)],
            [
                (
                    str(one["Target ref"]),
                    int(str(one["Months between values"])),
                    float(str(one["Baseline value"])),
                )
                for one in targets
                if leads[one["Floor target ref"]] == name and one["Baseline value"]
            ],
            [f"{short}_A{row:02}" for row in range(tasks)],
            [f"{short}_W{row:02}" for row in range(works)],
        )
        partners.append(mine)
        for one in mine.indicators:
            book["indicators"].append(
                [
                    one,
                    f"Synthetic measure {one}",
                    "per 1,000",
                    "higher is better",
                    1,
                    1,
                    0,
                    None,
                    name,
                    "illustrative",
                    "Synthetic",
                ]
            )
        for one in mine.actions:
            line = [
                one,
                "delivery",
                "H4",
                None,
                f"Synthetic action {one}",
                name,
                datetime(2003, 4, 1),
                datetime(2013, 3, 31),
            ]
            book["actions"].append([*line, "illustrative", "Synthetic"])
        for one in mine.projects:
            line = [
                one,
                f"Synthetic project {one}",
                "safe",
                name,
                "NRF",
                "salford",
                datetime(2003, 4, 1),
                datetime(2013, 3, 31),
            ]
            book["projects"].append([*line, "None yet", "illustrative"])
        for one in (
            "proxy_indicators",
            "improvement_plan",
            "nrf_spend",
            *(["floor_targets"] if mine.targets else []),
        ):
            expected.append([name, one, "2003-04-Q1"])
    book.save(path)
    return partners, [(str(name), starts, due) for name, starts, _, due in quarters]


def said(chance: random.Random) -> str:
    words = WORDS.split()
    return " ".join(chance.sample(words, chance.randrange(4, len(words)))).capitalize() + "."


def returned(path: Path, partner: Partner, starts: datetime, chance: random.Random) -> Path:
    """One partner's workbook for one quarter."""
    book = Workbook()
    book.remove(book.worksheets[0])
    year = starts.year if starts.month >= 4 else starts.year - 1
    quarter = (starts.month - 4) % 12 // 3 + 1
    label = f"Q{quarter} {year}/{(year + 1) % 100:02}"

    def sheet(title: str, headings: str, rows: list[list[Any]]) -> None:
        page = book.create_sheet(title)
        for line in (["Organisation:", partner.name], ["Quarter:", label], [], headings.split(","), *rows):
            page.append(line)

    values = []
    for name in partner.indicators:
        for month in range(3):
            base = chance.randrange(2_000, 9_000)
            count = base * chance.randrange(480, 520) // 10_000
            period = f"{datetime(starts.year, starts.month + month, 1):%B %Y}"
            values.append([name, period, round(1000 * count / base, 1), count, base, said(chance)])
    sheet("Indicators", "Indicator ref,Period,Value,Numerator,Denominator,Commentary", values)
    if partner.targets:
        sheet(
            "Targets",
            "Target ref,Period,Value,Commentary",
            [
                [
                    name,
                    label if months == 3 else str(starts.year - 1),
                    round(base * chance.uniform(0.97, 1.03), 1),
                    said(chance),
                ]
                for name, months, base in partner.targets
                if months in (3, 12)
            ],
        )
    sheet(
        "Actions",
        "Action ref,Status,% done,Next milestone,Your rating,Progress note",
        [
            [name, "on track", f"{chance.randrange(10, 90)}%", said(chance), "Amber/Green", said(chance)]
            for name in partner.actions
        ],
    )
    money = []
    for name in partner.projects:
        plan = 1000 * chance.randrange(10, 90)
        spent = [plan + 100 * chance.randrange(-20, 10) for _ in range(quarter)]
        actual = [*spent, *[None] * (4 - quarter)]
        money.append(
            ["Safe city", name, 4 * plan, *[plan] * 4, *actual, sum(spent), 4 * plan, "Green", said(chance)]
        )
    sheet(
        "Spend",
        "Theme,Project ref,Revised allocation (£),Profile Q1 (£),Profile Q2 (£),Profile Q3 (£),Profile Q4 (£),"
        "Actual Q1 (£),Actual Q2 (£),Actual Q3 (£),Actual Q4 (£),Actual to date (£),Forecast outturn (£),"
        "RAG rating,Commentary",
        money,
    )
    book.save(path)
    return path


def fill(workspace: Workspace, outside: Path) -> None:
    """Three hundred files, each with its receipt."""
    workspace.raw.mkdir(parents=True)
    outside.mkdir()
    partners, quarters = framework(outside / "framework.xlsx")
    receive(outside / "framework.xlsx", "lsp", "framework", workspace, datetime(2003, 6, 30, 9))
    chance = random.Random(300)
    every = [(quarter, partner) for quarter in quarters for partner in partners]
    for number, ((quarter, starts, due), partner) in enumerate(every[:FILES]):
        path = returned(outside / f"{partner.name} {quarter}.xlsx", partner, starts, chance)
        receive(path, partner.name, quarter, workspace, due + timedelta(minutes=number))


def correct_one(workspace: Workspace, outside: Path) -> None:
    """A partner sends its newest workbook again, with another remark."""
    path = sorted(outside.glob("police *.xlsx"))[-1]
    book = load_workbook(path)
    book.worksheets[0]["F5"] = "Synthetic remark, corrected."
    book.save(path)
    receive(path, "police", path.stem.removeprefix("police "), workspace, datetime(2005, 6, 1, 9))


def run(workspace: Workspace) -> dict[str, float]:
    """Processor seconds of one run: each stage's own, and `with children` for all that it started too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, "-c", ONE_RUN, str(workspace.root), NOW.isoformat()],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        sys.exit(f"The run ended with exit code {ended.returncode}:\n{ended.stderr[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(ended.stdout.splitlines()[-1]) | {"with children": took}


def reading(seconds: dict[str, float]) -> float:
    """What is left of a run that makes neither marts nor pack nor replies: it reads and judges, and no more."""
    return seconds["everything"] - sum(seconds[stage] for stage in MADE_WHOLE)


def bench(folder: Path) -> None:
    """Print what each stage takes, from nothing, with nothing new and with one file more."""
    workspace = Workspace(folder / "workspace")
    fill(workspace, folder / "outside")
    nothing = run(workspace)
    same = run(workspace)
    correct_one(workspace, folder / "outside")
    one = run(workspace)
    print(f"{'processor seconds':<24}{'from nothing':>14}{'nothing new':>14}{'one changed':>14}{'share':>8}")
    for name in one:
        share = one[name] / nothing[name] if nothing.get(name) else 0.0
        print(
            f"{name:<24}{nothing.get(name, 0):>14.2f}{same.get(name, 0):>14.2f}{one[name]:>14.2f}{share:>8.0%}"
        )
    whole = nothing["with children"]
    print(f"one changed / from nothing: {one['with children'] / whole:.1%} (aim: at most 15%)")
    print(
        f"of it reading and judging alone, as if marts, pack and replies cost nothing: {reading(one) / whole:.1%}"
    )


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory(prefix="lsp-bench-", ignore_cleanup_errors=True) as place:
        bench(Path(place))
