"""The public edition of a pack: made where the framework clears anything, from marts of its own.

It lies beside the partners' edition. What was published before, in packs that were issued, is known to its readers.
"""

import json
from dataclasses import replace
from pathlib import Path

from pipelines.disclosure.earlier import Published
from pipelines.disclosure.edition import Disclosed, clearance_of, make_public
from pipelines.issue.manifest import public_manifest_of
from pipelines.issue.version_before import beside
from pipelines.issued import ISSUED, MANIFEST, manifest_text, read_record
from pipelines.pack import Composed, Issue, Marts, compose, write_pack
from pipelines.pack.standing import Standing
from pipelines.pack.words import counted
from pipelines.storage import durable
from pipelines.web import write_web
from pipelines.workspace import AsAt, Workspace


class NothingCleared(Exception):
    """There is no public edition; the message says what would make one."""


def write_public(workspace: Workspace, quarter: str) -> Path | None:
    """Write the draft of the public edition beside the partners'; None, and none left, where nothing is cleared."""
    path = workspace.public_file(quarter)
    if not clearance_of(workspace.database).clears_anything:
        for left in (path, path.with_suffix(".html"), path.with_suffix(MANIFEST)):
            left.unlink(missing_ok=True)
        return None
    make(workspace, quarter, path)
    return path


def make(
    workspace: Workspace, quarter: str, path: Path, issue: Issue | None = None
) -> tuple[Composed, Disclosed]:
    """Make the public edition at a path, as workbook, page and manifest; as a draft, or as it is issued."""
    workspace.work.mkdir(parents=True, exist_ok=True)
    database = workspace.work / "public.duckdb"
    try:
        done = make_public(workspace.database, database, _earlier(workspace))
        with Marts.open(database, is_public=True) as marts:
            composed = compose(marts, quarter, _standing(workspace, marts, quarter, issue))
            write_pack(composed, path)
            page = write_web(composed, path.with_suffix(".html"))
            beside = workspace.manifest_file(quarter).name
            manifest = public_manifest_of(marts, quarter, path, page, beside)
    finally:
        database.unlink(missing_ok=True)
    manifest |= {"rows_hidden": done.hidden}
    durable.replace(manifest_text(manifest), path.with_suffix(MANIFEST))
    # whoever reads the public manifest must not learn that there is something to be worked out
    unprotected = workspace.unprotected_file(quarter)
    if done.given_away:
        durable.replace("".join(f"{name}\n" for name in done.given_away), unprotected)
    else:
        unprotected.unlink(missing_ok=True)
    return composed, done


def public_words(workspace: Workspace, quarter: str) -> list[str]:
    """What whoever made the pack should know of its public edition; nothing where there is none."""
    path = workspace.public_file(quarter).with_suffix(MANIFEST)
    if not path.exists():
        return []
    manifest = json.loads(path.read_text(encoding="utf-8"))
    told = [
        f"Public edition: {path.with_name(manifest['pack']['file'])}, "
        f"{counted(manifest['rows_hidden'], 'row', 'rows')} hidden."
    ]
    unprotected = workspace.unprotected_file(quarter)
    if unprotected.exists():
        many = len(unprotected.read_text(encoding="utf-8").splitlines())
        told.append(
            f"{many} small {'count' if many == 1 else 'counts'} can't be protected any more, whatever is hidden: what "
            "earlier public packs said gives them away, or narrows them below the rule. They are listed in "
            f"{unprotected}; keep it to yourselves."
        )
    return told


def _earlier(workspace: Workspace) -> dict[str, Published]:
    """What the public packs issued so far have said, or those issued by the day that all is as at."""
    found = {}
    for one in read_record(workspace, workspace.until if isinstance(workspace, AsAt) else None):
        counts = workspace.published_counts(one.quarter, one.version)
        if one.event == ISSUED and counts.name in dict(one.files):
            found[f"{one.quarter} v{one.version}"] = json.loads(counts.read_text(encoding="utf-8"))
    return found


def _standing(workspace: Workspace, marts: Marts, quarter: str, issue: Issue | None) -> Standing:
    """As in the partners' edition, without who issued it and why, and beside what the public one showed before."""
    issued = marts.rows("issues", quarter=quarter, order=("version",))
    mine = replace(issue, by="", reason="") if issue else None
    if issued:
        version = issued[-1]["version"]
        partners = workspace.version_file(quarter, version)
        edition = workspace.public_version_file(quarter, version)
        return beside(edition, partners, mine, marts, quarter, workspace)
    return Standing(mine)
