"""A new partnership's workspace: its folders, and a framework workbook that says how it is filled in."""

from collections.abc import Mapping

from pipelines.contract import Contract
from pipelines.new.book import draw
from pipelines.workspace import Workspace


class AlreadyThere(Exception):
    """There is a workspace in that folder already; nothing was changed."""


def make_workspace(workspace: Workspace, contracts: Mapping[str, Contract]) -> str:
    """Make the folders and data/raw/framework/framework.xlsx; the path of that workbook."""
    path = workspace.framework / "framework.xlsx"
    if workspace.raw.exists():
        raise AlreadyThere(f"{workspace.raw} is there already; nothing was changed. Choose an empty folder.")
    for folder in (workspace.framework, workspace.inbox):
        folder.mkdir(parents=True)
    path.write_bytes(draw(contracts))
    return str(path)
