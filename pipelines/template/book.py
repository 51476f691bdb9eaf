"""A partner's template as a file: every sheet drawn, its identity hidden in it, and bytes that never change."""

from pipelines.house_style.look import new_workbook
from pipelines.house_style.ooxml import to_bytes
from pipelines.template.draw import HEADER, draw_sheet
from pipelines.template.front import draw_sign_off, draw_start
from pipelines.template.identity import Identity, write_identity
from pipelines.template.lists import Lists
from pipelines.template.model import Form
from pipelines.template.ours import marks_of
from pipelines.template.styles import cells_of
from pipelines.template.words import LISTS, SIGN_OFF, START

SUBJECT = "Return to fill in"


def template_bytes(form: Form, version: str) -> bytes:
    """The workbook. `version` is that of the code and contracts it is made by."""
    workbook = new_workbook(form.title, SUBJECT, form.publisher)
    workbook.create_sheet(START)
    lists = Lists(workbook)
    drawn = [draw_sheet(workbook, sheet, lists) for sheet in form.sheets]
    results = {one.title: one.results for one in drawn}
    results[START] = draw_start(workbook, form, drawn)
    sign_off = draw_sign_off(workbook, form, lists)
    workbook.move_sheet(LISTS, len(workbook.sheetnames))
    own = {name: cells_of(workbook[name]) for name in (START, LISTS)} | {SIGN_OFF: sign_off}
    identity = Identity(
        template_id=f"{form.quarter}.{form.partner}",
        version=version,
        partner=form.partner,
        quarter=form.quarter,
        issued_on=form.issued_on.isoformat(),
        sheets={one.title: sheet.contract.name for one, sheet in zip(drawn, form.sheets, strict=True)},
        own=own,
        rows=tuple(row for sheet in form.sheets for row in sheet.expected),
        marks=marks_of(workbook, own, [one.title for one in drawn], HEADER),
    )
    write_identity(workbook, identity)
    workbook.active = 0
    workbook.worksheets[0].sheet_view.tabSelected = True
    return to_bytes(workbook, (), form.issued_on, results)
