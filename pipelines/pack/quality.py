"""Quality: what is not known: returns that did not come, rows that did not enter, gaps, old figures."""

from pipelines.pack import quality_findings, quality_gaps, quality_returns
from pipelines.pack.lookups import label
from pipelines.pack.model import Block, Paragraph, Sheet
from pipelines.pack.nrf_missing import missing_words
from pipelines.pack.read import Marts
from pipelines.pack.words import CONSEQUENCES

ORDER = 60
REPLACED = "later submission"


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    returns = marts.rows("returns", quarter=quarter, order=("partner_title", "return"))
    found = marts.rows("findings", order=("partner_title", "file_name", "sheet", "row_id"))
    # one that could not be placed in a quarter stands in every pack, until it can
    mine = [row for row in found if row["quarter"] in (quarter, None)]
    findings = [row for row in mine if row["is_open"] and not row["is_trial"]]
    trials = sum(bool(row["is_open"] and row["is_trial"]) for row in mine)
    settled = [row for row in mine if row["settled"] and row["settled_by"] != REPLACED]
    findings.sort(key=lambda row: [*CONSEQUENCES].index(row["consequence"]))
    blocks: list[Block] = [
        Paragraph(quality_returns.in_words(returns)),
        Paragraph(quality_findings.in_words(findings, len(settled), trials)),
        *missing_words(marts, quarter),
        quality_returns.expected(marts, returns),
        quality_returns.by_partner(marts, quarter),
        quality_findings.open_ones(marts, findings),
        quality_findings.answered(marts, settled),
        quality_findings.settled_otherwise(marts, settled),
        quality_returns.checked_only(marts, quarter),
        quality_gaps.without_proxy(marts, quarter),
        quality_gaps.old(marts, quarter),
    ]
    if marts.is_public:
        blocks = [
            Paragraph(quality_returns.in_words(returns)),
            quality_gaps.without_proxy(marts, quarter),
            quality_gaps.old(marts, quarter),
        ]
    title = f"Quality: what is not known for {label(marts, quarter)}"
    purpose = "Who did not send, what was refused or queried, which targets have no proxy or an old figure."
    if marts.is_public:
        purpose = "How many returns came, which targets have no proxy or an old figure."
    return [Sheet("Quality", title, blocks, purpose)]
