"""Mutated returns through the reader and the reading of returns (`make fuzz`): none may crash or hang us, lose a cell
without a word, or be refused without a sentence.

    python tools/fuzz.py --count 10000 --seed 2004

A failure is printed with its seed and number, by which the same file comes again: --only NUMBER --keep FILE.
"""

import argparse
import csv
import io
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tools")]

from mutations import mutated  # noqa: E402

from pipelines.cells import Book, Unreadable  # noqa: E402
from pipelines.contract import Contract  # noqa: E402
from pipelines.contracts import read_contracts  # noqa: E402
from pipelines.framework.references import References  # noqa: E402
from pipelines.marts.dispositions import cell_rows, refusals  # noqa: E402
from pipelines.parse import as_typed  # noqa: E402
from pipelines.receipt import Receipt  # noqa: E402
from pipelines.submission.file import read_file  # noqa: E402
from pipelines.workbook.reader import Reader  # noqa: E402
from pipelines.workspace import CONTRACTS  # noqa: E402

SAMPLE = CHECKOUT / "data" / "raw"
STOPPED = "it stops the program that reads it"
TOO_SLOW = "seconds to read"


@dataclass
class Tally:
    """What became of the files, and each failure with the number that brings it again."""

    became: Counter[str] = field(default_factory=Counter)
    cells: int = 0
    failures: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"{sum(self.became.values()):,} files: " + ", ".join(
            f"{count:,} {what}" for what, count in sorted(self.became.items())
        )
        yield f"{self.cells:,} cells read, each with one place; {len(self.failures)} failures"
        yield from self.failures


def seeds(others: bool) -> dict[str, bytes]:
    """Good files by name: the sample's returns, the same as text, and (`others`) as .ods and .xls, by LibreOffice."""
    workbooks = sorted(path for path in SAMPLE.rglob("*.xlsx") if path.parent.name != "framework")
    found = {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in workbooks}
    for path in workbooks[:6]:
        found[f"{path.stem}.csv"] = _as_text(path)
    if others and (office := shutil.which("soffice")):
        with tempfile.TemporaryDirectory() as folder:
            for kind in ("ods", "xls"):
                some = [str(path) for path in workbooks[:6]]
                command = [office, "--headless", "--convert-to", kind, "--outdir", folder, *some]
                subprocess.run(command, check=True, capture_output=True, timeout=300)
            found |= {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    return found


def _as_text(path: Path) -> bytes:
    """The first sheet of a workbook as a CSV file."""
    from python_calamine import CalamineWorkbook

    lines = io.StringIO()
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    csv.writer(lines).writerows([[as_typed(value) for value in row] for row in rows])
    return lines.getvalue().encode()


def fuzz(
    count: int, seed: int, references: References, *, others: bool = False, only: int | None = None
) -> Tally:
    """Mutate `count` files and read each; `only` looks at that one number alone."""
    good = list(seeds(others).items())
    contracts = [contract for contract in read_contracts(CONTRACTS).values() if not contract.is_framework]
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, Reader() as reader:
        path = Path(folder) / "mutated"
        for number in range(count) if only is None else [only]:
            chance = random.Random(f"{seed} {number}")
            name, data = chance.choice(good)
            changed, how = mutated(data, chance)
            path.write_bytes(changed)
            try:
                what = _read(path, name, reader, contracts, references, tally)
            except Exception as error:
                what = "failed"
                tally.failures.append(
                    f"seed {seed}, number {number} ({name}, {how}): {type(error).__name__}: {error}"
                )
            tally.became[what] += 1
    return tally


def _read(
    path: Path, name: str, reader: Reader, contracts: list[Contract], references: References, tally: Tally
) -> str:
    """Read one file as a run would; what became of it. Raises for anything unexplained."""
    try:
        book = reader.read(path, name)
    except Unreadable as sentence:
        text = str(sentence)
        if not text.endswith(".") or len(text) < 20:
            raise AssertionError(f"refused without a sentence: {text!r}") from None
        if STOPPED in text:
            return "refused, having stopped the reader"
        return "refused for their time" if TOO_SLOW in text else "refused"
    receipt = Receipt("0" * 64, datetime(2004, 7, 5), "", name, "2004-05-Q1", path.stat().st_size)
    file = read_file(receipt, book, contracts, references)
    placed = cell_rows(file, refusals(file.findings))
    tally.cells += len(placed)
    _counted(book, Counter(row.sheet for row in placed))
    unsaid = [finding for finding in file.findings if not finding.because.strip()]
    if unsaid:
        raise AssertionError(f"a finding without a sentence: {unsaid[0].rule}")
    return "read"


def _counted(book: Book, placed: Counter[str]) -> None:
    for sheet in book.sheets:
        if not sheet.counted == len(sheet.cells) == placed[sheet.name]:
            raise AssertionError(
                f"sheet {sheet.name!r}: {sheet.counted} counted, {len(sheet.cells)} read, {placed[sheet.name]} placed"
            )


def sample_references() -> References:
    """The sample's framework as references."""
    from pipelines.judge.intake import judge_framework
    from pipelines.receipt import take_receipts
    from pipelines.submission.opening import open_files
    from pipelines.workspace import SQL, Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        shutil.copytree(SAMPLE / "framework", workspace.framework)
        files, _ = open_files(take_receipts(workspace, datetime(2004, 7, 5)), workspace)
        return judge_framework(files, read_contracts(CONTRACTS), SQL / "context").references


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000, help="how many files (default: 10,000)")
    parser.add_argument("--seed", type=int, default=2004)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="this one alone")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="with --only: keep the mutated file there")
    options = parser.parse_args()
    if options.only is not None and options.keep:
        chance = random.Random(f"{options.seed} {options.only}")
        _, data = chance.choice(list(seeds(others=True).items()))
        options.keep.write_bytes(mutated(data, chance)[0])
    tally = fuzz(options.count, options.seed, sample_references(), others=True, only=options.only)
    print("\n".join(tally.lines()))
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
