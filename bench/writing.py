"""What writing the pack costs, beside plain openpyxl for the same cells, and for 300 targets of 12 quarters.

First the sample's workbook, laid out already, written by us and by openpyxl in turns: for openpyxl every sheet's values
are appended row by row to a sheet of the same name, with no look, link, table or chart, and saved. Processor seconds,
as other programs disturb them less; what counts is the median of the rounds' ratios. Then `lsp pack`, in a process of
its own, of a workspace with 300 more targets that are made up, each with a value for each of 12 quarters, and the most
memory that process had. Prints, never judges. `make bench` runs it; alone: `python bench/writing.py`.
"""

import argparse
import csv
import gc
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from openpyxl import Workbook

CHECKOUT = Path(__file__).resolve().parents[1]
SAMPLE = CHECKOUT / "samples" / "salford_2004"
sys.path.insert(0, str(CHECKOUT))
sys.path.insert(0, str(SAMPLE))

from build import build  # noqa: E402  found beside the sample
from pipelines.pack import Composed, Marts, compose, write_pack  # noqa: E402
from pipelines.pack.content import content  # noqa: E402
from pipelines.workspace import Workspace  # noqa: E402

QUARTER = "2004-05-Q1"
TARGETS, QUARTERS, PARTS = 300, 12, 3  # a target as worded has three measures
PARTNER = "pct"  # who sends the 300, on the sheet that it has for targets anyway
DONE = (0, 3)  # 3: done, but something was refused, as in the sample it is
MEASURED = """
import resource, sys, time
from pathlib import Path
from pipelines.run.stages import write_pack
from pipelines.workspace import Workspace
began = time.perf_counter(), time.process_time()
path = write_pack(Workspace(Path(sys.argv[1])), sys.argv[2])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
print(time.perf_counter() - began[0], time.process_time() - began[1], peak, path.stat().st_size)
"""


Grid = list[list[Any]]


def grids(composed: Composed) -> dict[str, Grid]:
    """Each sheet's values, row by row from the first; those of a long table too, of which the pack makes no cells."""
    found: dict[str, Grid] = {}
    for laid in composed.laid:
        rows: Grid = [[] for _ in range(laid.last_row)]
        for cell in laid.cells:
            row = rows[cell.row - 1]
            row.extend([None] * (cell.column - len(row) - 1))
            row.append(cell.content.value)
        for place in laid.places:
            if place.table.is_long:
                columns, scale = place.table.columns, composed.pack.scale
                rows.extend(
                    [content(column, row, scale, is_tidy=True).value for column in columns]
                    for row in place.table.rows
                )
        found[laid.sheet.name] = rows
    return found


def by_row(sheets: dict[str, Grid], path: Path) -> None:
    """The same values by openpyxl alone, appended to sheets that are written at once; and nothing of how they look."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def by_cell(sheets: dict[str, Grid], path: Path) -> None:
    """The same in openpyxl's usual way, in a workbook that is held whole."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def seconds(work: Callable[[], Any]) -> float:
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def side_by_side(root: Path, rounds: int) -> None:
    """The sample's pack by us and by openpyxl, in turns."""
    lsp("run", QUARTER, "--no-prefect", "--root", str(root))
    with Marts.open(Workspace(root).database) as marts:
        began = time.process_time()
        composed = compose(marts, QUARTER)
        composing = time.process_time() - began
    sheets, path = grids(composed), root / "bench.xlsx"
    ways: dict[str, Callable[[], Any]] = {
        "the pack": lambda: write_pack(composed, path),
        "openpyxl, written at once": lambda: by_row(sheets, path),
        "openpyxl, held whole": lambda: by_cell(sheets, path),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            took[name].append(seconds(way))
    count = sum(value is not None for rows in sheets.values() for row in rows for value in row)
    print(f"{f'{count:,} cells, {rounds} rounds':<34}{'seconds of work':>16}{'pack beside it':>16}")
    for name, times in took.items():
        ratio = median(ours / other for ours, other in zip(took["the pack"], times, strict=True))
        print(f"{name:<34}{median(times):>16.2f}{ratio:>16.2f}")
    print(f"{'(composing it from the marts)':<34}{composing:>16.2f}")
    print("aim: the pack at most 1.30 times openpyxl", flush=True)


def large(root: Path, targets: int, quarters: int) -> None:
    """`lsp pack` of a workspace with many targets: seconds, memory and size."""
    calendar = list(_calendar(quarters))
    with tempfile.TemporaryDirectory(prefix="lsp-bench-source-") as folder:
        source = Path(folder) / "source"
        shutil.copytree(SAMPLE, source, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        _many(source, targets, calendar)
        build(root / "data" / "raw", source)
    newest = calendar[-1]["Quarter"]
    began = time.perf_counter()
    lsp("run", newest, "--no-prefect", "--root", str(root))
    ran = time.perf_counter() - began
    ended = subprocess.run(
        [sys.executable, "-c", MEASURED, str(root), newest],
        cwd=CHECKOUT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    passed, worked, peak, size = map(float, ended.stdout.split())
    print(f"{f'{targets} targets, {quarters} quarters':<34}{'seconds':>9}{'of work':>9}{'most memory':>14}")
    print(f"{'lsp pack: workbook and page':<34}{passed:>9.1f}{worked:>9.1f}{peak:>11,.0f} MB")
    print(f"{'(lsp run, all of it)':<34}{ran:>9.1f}; the workbook has {size / 1e6:.1f} MB")
    print("aim: at most 60 s and 1,024 MB")


def _calendar(quarters: int) -> Iterator[dict[str, str]]:
    """So many quarters from that of the sample's first on."""
    for number in range(quarters):
        year, quarter = 2003 + number // 4, number % 4
        starts = date(year + (quarter == 3), (4, 7, 10, 1)[quarter], 1)
        ends = (starts + timedelta(days=95)).replace(day=1) - timedelta(days=1)
        later = {"Returns due": 10, "Cut-off": 15, "Board meets": 21}
        yield {
            "Quarter": f"{year}-{(year + 1) % 100:02d}-Q{quarter + 1}",
            "Quarter starts": starts.isoformat(),
            "Quarter ends": ends.isoformat(),
            **{name: (ends + timedelta(days=days)).isoformat() for name, days in later.items()},
        }


def _many(source: Path, targets: int, calendar: list[dict[str, str]]) -> None:
    """Put made-up targets into a copy of the sample's files, and a value of each into each quarter's return."""
    framework, returns = source / "framework", source / "returns"
    _rewrite(framework / "calendar.csv", calendar, is_all=True)
    parents = -(-targets // PARTS)
    _rewrite(framework / "parent_targets.csv", [
        {"Floor target ref": f"B{n:03d}", "Floor target": f"Made-up target {n}", "Lead partner": PARTNER,
         "Wording": "Invented to time the pack.", "Target source": "Invented.", "Target order": str(100 + n)}
        for n in range(1, parents + 1)
    ])  # fmt: skip
    names = [(f"B{n // PARTS + 1:03d}", f"B{n // PARTS + 1:03d}_{n % PARTS + 1}") for n in range(targets)]
    _rewrite(framework / "targets.csv", [
        {"Target ref": name, "Floor target ref": parent, "Theme ref": "healthy", "Measure": f"Made-up measure {name}",
         "Target type": "ABS_THRESHOLD", "Polarity": "higher is better", "Unit": "%", "Decimal places": "1",
         "Baseline period": "Jan to Mar 2003", "Baseline value": "40", "Baseline basis": "illustrative",
         "Target period": "Jan to Mar 2008", "Target value": "60", "Months between values": "3",
         "Release lag (months)": "0", "Basis of values": "illustrative", "Since": "2003-04-01"}
        for parent, name in names
    ])  # fmt: skip
    files = _read(returns / "files.csv")
    sent = {row["quarter"]: row["sent"] for row in files if row["partner"] == PARTNER}
    new = [
        {"quarter": quarter["Quarter"], "partner": PARTNER, "sent": "1", "file": f"figures {quarter['Quarter']}.xlsx",
         "received": f"{quarter['Returns due']}T10:00:00", "quarter_as_typed": _typed(quarter),
         "returns": "floor_targets"}
        for quarter in calendar if quarter["Quarter"] not in sent
    ]  # fmt: skip
    _rewrite(returns / "files.csv", new)
    _rewrite(returns / "floor_targets.csv", [
        {"quarter": quarter["Quarter"], "partner": PARTNER, "sent": sent.get(quarter["Quarter"], "1"),
         "target_id": name, "period": _label(quarter), "value": f"{40 + place * 0.9 + number % 7 * 0.3:.1f}"}
        for place, quarter in enumerate(calendar) for number, (_, name) in enumerate(names)
    ])  # fmt: skip


def _label(quarter: dict[str, str]) -> str:
    starts, ends = (date.fromisoformat(quarter[name]) for name in ("Quarter starts", "Quarter ends"))
    return f"{starts:%b} to {ends:%b %Y}"


def _typed(quarter: dict[str, str]) -> str:
    years, _, number = quarter["Quarter"].rpartition("-")
    return f"{number} {years[:4]}/{years[-2:]}"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _rewrite(path: Path, rows: list[dict[str, str]], *, is_all: bool = False) -> None:
    """Add rows to a file, or put them in the place of all that it has."""
    before = _read(path)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(before[0]), restval="")
        writer.writeheader()
        writer.writerows([*([] if is_all else before), *rows])


def lsp(*words: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode not in DONE:
        sys.exit(f"lsp {' '.join(words)} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each way is timed (default: 5)")
    parser.add_argument(
        "--targets", type=int, default=TARGETS, help=f"how many are made up (default: {TARGETS})"
    )
    parser.add_argument("--quarters", type=int, default=QUARTERS, help=f"of how many (default: {QUARTERS})")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lsp-bench-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        build(place / "sample" / "data" / "raw")
        side_by_side(place / "sample", options.rounds)
        large(place / "large", options.targets, options.quarters)
