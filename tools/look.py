"""What we write, as pictures to be looked at (`make look`): pages of the pack, the web edition, a template, a reply.

With --pictures instead the two that the README shows, docs/pictures/*.png. Workbooks are printed by LibreOffice and
made into pictures by poppler's pdftoppm; the web edition is opened in Chromium, 1440 and 390 pixels wide. A program
that is not here is named, and its pictures are left out.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipelines.workspace import Workspace  # noqa: E402  found beside this tool

INTO = ROOT / "build" / "look"
DOTS = 60  # per inch: enough to read, and small
WIDTHS, HEIGHT = (1440, 390), 2400
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MINUTES = 10
PICTURED = 12  # the page of the sample's pack that the README shows: life expectancy


def workbook(path: Path, into: Path) -> list[Path]:
    """A picture of each page that the workbook prints."""
    with tempfile.TemporaryDirectory(prefix="lsp-look-") as place:
        run("soffice", f"-env:UserInstallation={(Path(place) / 'profile').as_uri()}", "--headless",
            "--convert-to", "pdf", "--outdir", place, path)  # fmt: skip
        run("pdftoppm", "-r", str(DOTS), "-png", Path(place) / f"{path.stem}.pdf", into / path.stem)
    return sorted(into.glob(f"{path.stem}-*.png"))


def page(path: Path, into: Path, browser: str) -> list[Path]:
    """The page's top, as wide as a desk's screen and as a telephone's."""
    from playwright.sync_api import sync_playwright

    made = []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for width in WIDTHS:
            sheet = opened.new_page(viewport={"width": width, "height": HEIGHT})
            sheet.goto(path.absolute().as_uri())
            made.append(into / f"{path.stem}-{width}.png")
            sheet.screenshot(path=made[-1])
        opened.close()
    return made


def pictures(pack: Path, into: Path, browser: str) -> list[Path]:
    """What the README shows: the first page of a target in the pack, and the top of the web edition."""
    from playwright.sync_api import sync_playwright

    into.mkdir(parents=True, exist_ok=True)
    made = [into / "pack.png", into / "web.png"]
    with tempfile.TemporaryDirectory(prefix="lsp-look-") as place:
        pages = workbook(pack, Path(place))
        shutil.copyfile(pages[PICTURED - 1], made[0])
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        sheet = opened.new_page(viewport={"width": 1100, "height": 700})
        sheet.goto(f"{pack.with_suffix('.html').absolute().as_uri()}#glance")
        sheet.screenshot(path=made[1])
        opened.close()
    return made


def run(*command: str | Path) -> None:
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=MINUTES * 60)


def look(workspace: Workspace, quarter: str, into: Path) -> list[Path]:
    """The pictures of what the workspace holds for a quarter."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    pack = workspace.pack_file(quarter)
    books = [pack, *first(workspace.templates / quarter), *first(workspace.replies / quarter)]
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    made = []
    if shutil.which("soffice") and shutil.which("pdftoppm"):
        made += [picture for book in books for picture in workbook(book, into)]
    else:
        print("LibreOffice or pdftoppm is not here, so there are no pictures of workbooks.")
    if browser:
        made += page(pack.with_suffix(".html"), into, browser)
    else:
        print("Chromium is not here, so there are no pictures of the web edition.")
    return made


def first(folder: Path) -> Sequence[Path]:
    """One workbook of a folder stands for all of them."""
    return sorted(folder.glob("*.xlsx"))[:1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("quarter", help="such as 2004-05-Q1")
    parser.add_argument("--root", type=Path, default=ROOT, help="the workspace (default: this folder)")
    parser.add_argument("--pictures", action="store_true", help="make the two pictures of the README instead")
    options = parser.parse_args()
    workspace = Workspace(options.root)
    if options.pictures:
        browser = next(filter(None, map(shutil.which, BROWSERS)))
        made = pictures(workspace.pack_file(options.quarter), ROOT / "docs" / "pictures", browser)
    else:
        made = look(workspace, options.quarter, INTO)
    for picture in made:
        print(picture.relative_to(ROOT))
