"""Make a second workspace, of today: measures of the Local Outcomes Framework and a Pride in Place programme.

    python samples/present_day/build.py --into FOLDER

Northbridge is an invented place and every figure is illustrative. There is no code here but this call: the
workbooks are made as those of the older sample are, from the CSV files beside this program.
"""

import argparse
import sys
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "salford_2004"))

from build import build  # noqa: E402 - the folder of the older sample must be on the path first

FRAMEWORK_SEEN = datetime(2025, 9, 30, 9, 0)


def main() -> None:
    """Build into the folder given, as data/raw of a workspace."""
    parser = argparse.ArgumentParser(description="Make the present-day sample.")
    parser.add_argument("--into", type=Path, required=True, help="data/raw of a workspace")
    into = parser.parse_args().into
    ledger = build(into, HERE, FRAMEWORK_SEEN, office="board")
    print(f"{len(ledger)} workbooks and their receipts are in {into}.")


if __name__ == "__main__":
    main()
