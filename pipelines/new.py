"""A new partnership's workspace: its folders, and a framework workbook with headings to fill in."""

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font

from pipelines.cells import NOTES_BY
from pipelines.contracts import Contract
from pipelines.workspace import Workspace


class AlreadyThere(Exception):
    """There is a workspace in that folder already; nothing was changed."""


def make_workspace(workspace: Workspace, contracts: Mapping[str, Contract]) -> "str":
    """Make the folders and data/raw/framework/framework.xlsx; the path of that workbook.

    One sheet per contract of the framework, with its headings; what goes into a column stands in a
    note on its heading. Rating scale, spend bands and settings are the partnership's own to choose.
    """
    path = workspace.framework / "framework.xlsx"
    if workspace.raw.exists():
        raise AlreadyThere(f"{workspace.raw} is there already; nothing was changed. Choose an empty folder.")
    for folder in (workspace.framework, workspace.inbox):
        folder.mkdir(parents=True)
    book = Workbook()
    book.remove(book.worksheets[0])
    for contract in contracts.values():
        if not contract.is_framework:
            continue
        sheet = book.create_sheet(contract.title[:31])
        for number, column in enumerate(contract.columns, start=1):
            cell = sheet.cell(1, number, column.header)
            cell.font = Font(name="Arial", size=12, bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            choices = f" One of: {', '.join(column.choices)}." if column.choices else ""
            needed = " Required." if column.required else ""
            cell.comment = Comment(f"{column.help}{choices}{needed}", NOTES_BY, width=320, height=120)
            sheet.column_dimensions[cell.column_letter].width = max(14, len(column.header) + 2)
    book.save(path)
    return str(path)
