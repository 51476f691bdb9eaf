"""docs/dictionary.html again, from the comments of the database that is there (`make docs`)."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.marts.dictionary import as_html
from pipelines.workspace import HERE, Workspace

PAGE = HERE / "docs" / "dictionary.html"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--root", type=Path, default=Path(), help="the workspace whose database is described"
    )
    PAGE.write_text(as_html(Workspace(options.parse_args().root).database), encoding="utf-8", newline="\n")
    print(f"{PAGE.relative_to(HERE)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
