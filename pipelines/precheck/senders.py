"""Whom `lsp receive` is told a file is from: is that a partner, and does the file already count as another's?"""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.framework.references import Reference
from pipelines.headings import plain
from pipelines.precheck.held import held
from pipelines.run.stages import read_framework
from pipelines.submission.opening import FRAMEWORK_FOLDER, open_each
from pipelines.workspace import Workspace

MOST = 3  # partners named as the nearest


def trouble_with(sender: str, workspace: Workspace) -> str | None:
    """The sentence that says that the framework knows no such partner; None where it does, or there is none to ask."""
    partners = _partners(workspace)
    if partners is None or not sender or plain(sender) in partners.ids:
        return None
    names = {plain(name): key for name, key in partners.ids.items()}
    near = difflib.get_close_matches(plain(sender), names, n=MOST, cutoff=0.5)
    keys = list(dict.fromkeys(names[name] for name in near)) or sorted(partners.facts)
    what = "The nearest are" if near else "The partners are"
    shown = ", ".join(f"{key} ({partners.facts[key].get('name') or key})" for key in keys)
    return f"'{sender}' is no partner of the framework, so the file was not taken in. {what}: {shown}."


# partner, its name and the first receipt of what counts of a file
COUNTS = """
    select submissions.partner, partners.name, min(submissions.received_at)
    from staging.submissions as submissions
    left join framework.partners as partners on submissions.partner = partners.partner_id
    where submissions.sha256 = $sha256 and submissions.state in ('accepted', 'nil')
    group by all
    order by all
"""


def counts_for(path: Path, found: Sequence[tuple[Any, ...]], sender: str, workspace: Workspace) -> str | None:
    """The sentence that says that figures of this very file already count as another partner's; else None.

    `found` is what COUNTS gives for it.
    """
    partners = _partners(workspace) if found else None
    key = partners.ids.get(plain(sender), sender) if partners else sender
    if not found or key in {partner for partner, *_ in found}:
        return None
    partner, name, when = found[0]
    return (
        f"{path.name} was received on {when:%d %b %Y}, and counts as that of {name or partner}, so nothing was "
        f"changed. If it is from '{sender}' after all, say so with --instead."
    )


def _partners(workspace: Workspace) -> Reference | None:
    """The partners of the framework as its files now are; None where there is none that can be read."""
    before, _ = held(workspace)
    mine = [(receipt, path) for receipt, path in before if receipt.folder == FRAMEWORK_FOLDER]
    if not mine:
        return None
    places = {receipt.sha256: path for receipt, path in mine}
    opened = open_each([receipt for receipt, _ in mine], workspace, where=lambda one: places[one.sha256])
    return read_framework(opened).references.get("framework.partners")
