"""The sheet of one return for one partner, all of it derived from contract, framework and what was accepted."""

from pipelines.contract import Contract
from pipelines.template.fields import fields_of, lists_of
from pipelines.template.model import ReturnSheet, Row
from pipelines.template.rows import Situation, rows_of

SPARE_ROWS = 10
LARGE_CHANGE_PCT = 25  # where the framework has no setting of this name
CHANGE_SETTING = "template_change_pct"


def build_sheet(contract: Contract, situation: Situation, partner_name: str, label: str) -> ReturnSheet:
    """The sheet, ready to be drawn."""
    known = rows_of(contract, situation)
    rows, expected = known or ([], ())
    settings = situation.references.get("framework.settings")
    change = settings.facts.get(CHANGE_SETTING, {}).get("value") if settings else None
    return ReturnSheet(
        contract=contract,
        title=contract.title,
        fields=fields_of(contract, situation.contracts),
        rows=[*rows, *(Row(is_spare=True, is_expected=False) for _ in range(SPARE_ROWS))],
        partner_name=partner_name,
        quarter_label=label,
        lists=lists_of(contract, situation.references, rows),
        expected=expected,
        is_nil=contract.nil_allowed and known is not None and not any(row.is_expected for row in rows),
        change_pct=float(change or LARGE_CHANGE_PCT),
    )
