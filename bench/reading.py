"""What reading and tidying partners' workbooks costs beside a bare python-calamine read of the same files.

20 sheets × 5,000 rows × 8 columns, as five partners would send them (a workbook of four sheets each), made by
openpyxl. Seconds differ from machine to machine and from minute to minute, so what counts is the ratio to the bare
read done just before and after, the median of some rounds. What runs in this process is measured in processor
seconds, which other programs disturb less, and what runs in several by the clock on the wall. Prints, never judges.
`make bench` runs it; alone: `python bench/reading.py`.
"""

import argparse
import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from pipelines.cells import Book, Cells
from pipelines.contracts import read_contracts
from pipelines.framework.references import Reference
from pipelines.receipt import Receipt
from pipelines.submission.file import read_file
from pipelines.submission.opening import open_each
from pipelines.workbook.formats.checked import by_calamine, sheet_of
from pipelines.workbook.formats.excel import take_census
from pipelines.workbook.limits import LIMITS
from pipelines.workbook.preflight import look
from pipelines.workbook.reader import book_as_json, book_from, pack, unpack
from pipelines.workspace import CONTRACTS, Workspace

FILES, SHEETS, ROWS = 5, 4, 5_000
HEADINGS = ("Target ref", "Area", "Period", "Value", "Numerator", "Denominator", "Your rating", "Commentary")
QUARTER, NOW = "2004-05-Q1", datetime(2004, 7, 7, 9)
PANDAS = (
    "import sys, pandas\n"
    "for path in sys.argv[1:]: pandas.read_excel(path, sheet_name=None, engine='openpyxl')"
)


def make(folder: Path) -> list[Path]:
    """The workbooks: labels, headings, and rows of figures that differ."""
    chance = random.Random(2004)
    paths = []
    for file in range(FILES):
        book = Workbook(write_only=True)
        for number in range(SHEETS):
            sheet = book.create_sheet(f"Targets {number + 1}")
            for label in (["Partner:", "pct"], ["Quarter:", "Q1 2004/05"], [], list(HEADINGS)):
                sheet.append(label)
            for row in range(ROWS):
                value = chance.randrange(1, 90_000)
                sheet.append(
                    [
                        f"H{row % 40}",
                        "Salford",
                        f"200{row % 4}/0{row % 4 + 1}",
                        round(value / 9.7, 1),
                        value,
                        value + chance.randrange(90_000),
                        "AG" if row % 3 else "G",
                        f"Work with schools goes on, see note {row}",
                    ]
                )
        path = folder / f"return {file + 1}.xlsx"
        book.save(path)
        paths.append(path)
    return paths


def bare(paths: list[Path]) -> None:
    """What every figure is compared with: all cells of all sheets as Python values, and nothing else."""
    for path in paths:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


class Beside(NamedTuple):
    """What a step took: its least seconds of some rounds, how many times a bare read, and what it returned last."""

    seconds: float
    ratio: float
    result: Any


def beside(
    rounds: int,
    base: Callable[[], Any],
    work: Callable[[], Any],
    clock: Callable[[], float] = time.process_time,
) -> Beside:
    """A step and the bare read in turn: the machine's own speed changes from one minute to the next, for both alike.

    The ratio is the median of the rounds'.
    """
    times, ratios, result = [], [], None
    for _ in range(rounds):
        one = _timed(base, clock)[0]
        del result
        took, result = _timed(work, clock)
        other = _timed(base, clock)[0]
        times.append(took)
        ratios.append(2 * took / (one + other))
    return Beside(min(times), median(ratios), result)


def _timed(work: Callable[[], Any], clock: Callable[[], float]) -> tuple[float, Any]:
    gc.collect()
    began = clock()
    result = work()
    return clock() - began, result


def fresh(books: list[Book]) -> Iterator[Book]:
    """The same books as they come from a child: nobody has looked at their cells yet."""
    for book in books:
        sheets = [
            replace(s, cells=Cells(s.cells.rows, s.cells.columns, s.cells.raw, s.cells.formats))
            for s in book.sheets
            if isinstance(s.cells, Cells)
        ]
        yield replace(book, sheets=tuple(sheets))


def receipts(paths: list[Path]) -> list[Receipt]:
    return [
        Receipt(f"{number:064x}", NOW, "pct", path.name, QUARTER, path.stat().st_size)
        for number, path in enumerate(paths, 1)
    ]


def bench(rounds: int, folder: Path) -> None:
    """Print what each step costs."""
    paths = make(folder)
    contracts = [c for c in read_contracts(CONTRACTS).values() if c.name == "floor_targets"]
    references = {
        "framework.partners": Reference("Partners", ids={"pct": "pct"}),
        "framework.calendar": Reference("Calendar", facts={QUARTER: {}}),
    }
    received = receipts(paths)
    where = dict(zip((receipt.sha256 for receipt in received), paths, strict=True))
    workspace = Workspace(folder)

    def opened(readers: int, files: list[Receipt] = received) -> list[Any]:
        limits = replace(LIMITS, readers=readers)
        return open_each(files, workspace, limits=limits, where=lambda receipt: where[receipt.sha256])

    def step(work: Callable[[], Any]) -> Beside:
        return beside(rounds, lambda: bare(paths), work)

    cells = FILES * SHEETS * ROWS * len(HEADINGS)
    print(
        f"{FILES * SHEETS} sheets × {ROWS:,} rows × {len(HEADINGS)} columns = {cells:,} cells in {FILES} files"
    )
    print(f"{'':<58}{'seconds':>8}{'ratio':>8}  aim")

    def tell(what: str, *steps: Beside, aim: str = "") -> None:
        seconds, ratio = sum(one.seconds for one in steps), sum(one.ratio for one in steps)
        print(f"{what:<58}{seconds:>8.2f}{ratio:>8.1f}  {aim}".rstrip())

    gc.disable()
    tell("bare python-calamine read, one process", step(lambda: bare(paths)))
    looked = step(lambda: [look(path, path.name) for path in paths])
    counted = step(lambda: [take_census(one.package) for one in looked.result])
    tell("preflight and census, one process", looked, counted, aim="at most 10")
    read = step(
        lambda: [
            by_calamine(one, census.sheets) for one, census in zip(looked.result, counted.result, strict=True)
        ]
    )
    made = step(
        lambda: [
            Book(tuple(map(sheet_of, census.sheets, grids)))
            for census, grids in zip(counted.result, read.result, strict=True)
        ]
    )
    across = step(lambda: [book_from(unpack(pack(book_as_json(book)))) for book in made.result])
    for some in (looked.result, counted.result, read.result, made.result):
        some.clear()  # they are the child's, and not in the process that tidies
    gc.enable()
    tell("values: calamine's, compared and made into cells", read, made)
    tell("values: from the child process to ours", across)
    tidying = step(
        lambda: [
            read_file(*pair, contracts, references)
            for pair in zip(received, fresh(across.result), strict=True)
        ]
    )
    tell("tidy: recognised, typed, linked to their cells", tidying)
    tell("values and tidy together", read, made, across, tidying, aim="at most 3")

    def by_the_clock(work: Callable[[], Any], times: int = 1) -> Beside:
        return beside(times, lambda: bare(paths), work, time.perf_counter)

    tell("by the clock: files opened by one child", by_the_clock(lambda: opened(1)))

    def whole() -> None:
        for one in opened(0):
            read_file(one.receipt, one.book, contracts, references)

    every = by_the_clock(whole, rounds)
    tell(f"by the clock: opened by a pool of {min(4, os.cpu_count() or 1)}, and tidied", every)
    pandas = by_the_clock(
        lambda: subprocess.run([sys.executable, "-c", PANDAS, *map(str, paths)], check=True)
    )
    tell("by the clock: pandas with openpyxl, one process", pandas)
    print(
        f"pandas with openpyxl / (opened by the pool, and tidied): {pandas.ratio / every.ratio:.1f} (aim: at least 3)"
    )


def memory(folder: Path) -> None:
    """Print the most memory of a reading child and of its parent, by the number of files read. On Linux."""
    [path, *_] = sorted(folder.glob("*.xlsx"))
    for number in (1, 5, 20):
        script = (
            "import sys\nfrom pathlib import Path\nfrom pipelines.workbook.reader import Reader\n"
            f"with Reader() as reader:\n    for _ in range({number}):\n        reader.read(Path(sys.argv[1]), 'x')\n"
            "    own, child = (\n"
            "        next(line.split()[1] for line in open(f'/proc/{name}/status') if line.startswith('VmHWM'))\n"
            "        for name in ('self', reader.child.pid)\n"
            "    )\n"
            "print(child, own)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
        )
        child, own = (int(kilobytes) // 1024 for kilobytes in done.stdout.split())
        print(f"{number:>3} files read one after the other: child {child} MB at most, parent {own} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (default: 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lsp-bench-") as place:
        bench(max(1, options.rounds), Path(place))
        if sys.platform == "linux":
            memory(Path(place))
