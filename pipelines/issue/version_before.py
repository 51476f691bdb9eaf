"""A pack beside the version of it that was issued before, without the values of files that were erased since.

That version keeps what it showed: it was issued and is not ours to change. But what is made now would publish these
values once more, as what a figure was; in their place it says that they were erased.
"""

import json
from pathlib import Path

from pipelines.pack import Issue, Marts, Standing, compose
from pipelines.pack.shown import Shown, Spot, changes, from_lines, has_value, shown
from pipelines.receipt import tombstones
from pipelines.trace import provenance_lines
from pipelines.workspace import Workspace

SHOWN = ".shown.json"  # what a version shows, figure by figure, for the next to be compared with
ERASED = "erased since"


def beside(
    edition: Path, partners: Path, issue: Issue | None, marts: Marts, quarter: str, workspace: Workspace
) -> Standing:
    """How a pack made from these marts stands beside the workbook `edition` of the version before.

    `partners` is the workbook of that version's partners' edition, whose sheet Provenance names the file behind each
    figure.
    """
    path = edition.with_suffix(SHOWN)
    if not path.exists():
        return Standing(issue)
    before = from_lines(json.loads(path.read_text(encoding="utf-8")))
    erased = _erased(before, partners, workspace)
    if not erased:
        return Standing(issue, before)
    now = shown(compose(marts, quarter, Standing(issue)).laid)
    return Standing(
        issue,
        changes=tuple(
            change._replace(was=ERASED) if change.place in erased else change
            for change in changes(before, now)
        ),
    )


def _erased(before: dict[Spot, Shown], partners: Path, workspace: Workspace) -> set[Spot]:
    """Where a value stood that hangs on a file erased since.

    A figure of which Provenance does not tell is taken for one of them, as nothing shows that it is not.
    """
    gone = tombstones(workspace).keys()
    if not gone:
        return set()
    sources = _files_behind(partners) if partners.exists() else {}
    if sources and gone.isdisjoint(sha256 for files in sources.values() for sha256 in files):
        return set()
    kept = {name for name, files in sources.items() if gone.isdisjoint(files)}
    return {
        spot
        for spot, what in before.items()
        if not _says_nothing(what) and not kept.issuperset(what.figure.split(" "))
    }


def _files_behind(workbook: Path) -> dict[str, set[str]]:
    """For each figure of a pack the SHA-256 of every file that it was made from."""
    files: dict[str, set[str]] = {}
    for line in provenance_lines(workbook):
        for name in ("Figure", "By way of figure"):
            files.setdefault(str(line[name]), set()).add(str(line["SHA-256 of file"]))
    return files


def _says_nothing(what: Shown) -> bool:
    """Whether a cell shows nothing that anybody sent: a count of nothing, or that there is no value."""
    return not what.figure or not has_value(what.text)
