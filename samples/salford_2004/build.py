"""Make the sample workspace: the framework workbook, the partners' returns, the ledger of receipts.

    python samples/salford_2004/build.py [--into FOLDER]

The content is in the CSV files beside this program. The same content gives the same bytes.
"""

import argparse
import csv
import hashlib
from datetime import datetime
from pathlib import Path

import framework
import returns
from typed import read
from writer import save

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FRAMEWORK_SEEN = datetime(2003, 6, 30, 9, 0)
LEDGER = ("sha256", "first_seen", "received_from", "original_name", "folder", "size")


def main() -> None:
    """Build into data/raw, or into the folder given."""
    parser = argparse.ArgumentParser(description="Make the sample workspace.")
    parser.add_argument("--into", type=Path, default=ROOT / "data" / "raw", help="default: data/raw")
    into = parser.parse_args().into
    ledger = build(into)
    print(f"{len(ledger)} workbooks and their receipts are in {into}.")


def build(
    into: Path, source: Path = HERE, framework_seen: datetime = FRAMEWORK_SEEN, office: str = "lsp"
) -> list[tuple[str, ...]]:
    """Write every workbook of a sample under `into`, and the ledger; the ledger's lines.

    `source` holds the CSV files; `framework_seen` is when the framework came in, and `office` the partner that
    keeps it.
    """
    names = {row["Partner ref"]: row["Partner name"] for row in read(source / "framework" / "partners.csv")}
    path = into / "framework" / "framework.xlsx"
    book = framework.build(source / "framework", ROOT / "expectations" / "framework")
    save(book, path, made=framework_seen, creator=names[office], title="Framework")
    ledger = [_receipt(path, framework_seen, office)]

    sample = returns.load(source)
    for file in sample.files:
        path = into / file["quarter"] / file["file"]
        received = datetime.fromisoformat(file["received"])
        creator = names[file["partner"]]
        save(returns.build(file, sample), path, made=received, creator=creator, title="Quarterly return")
        ledger.append(_receipt(path, received, file["received_from"]))

    ledger.sort(key=lambda line: line[1])
    with (into / "receipts.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(LEDGER)
        writer.writerows(ledger)
    return ledger


def _receipt(path: Path, first_seen: datetime, received_from: str) -> tuple[str, ...]:
    data = path.read_bytes()
    return (
        hashlib.sha256(data).hexdigest(),
        first_seen.isoformat(timespec="seconds"),
        received_from,
        path.name,
        path.parent.name,
        str(len(data)),
    )


if __name__ == "__main__":
    main()
