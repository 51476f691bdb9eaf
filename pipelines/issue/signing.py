"""A pack made final, and a quarter closed with it.

What is issued is the draft that lies there, of the marts as they are, with FINAL in place of DRAFT. Its files get a
folder of their own and a line in the record (`issued.py`); no run writes to them again.
"""

import json
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.disclosure.earlier import as_text
from pipelines.disclosure.edition import clearance_of
from pipelines.findings import REFUSE
from pipelines.identity import code_version
from pipelines.issue.manifest import manifest_of
from pipelines.issue.public import make
from pipelines.issue.version_before import SHOWN, beside
from pipelines.issued import (
    CLOSED,
    FINAL,
    ISSUED,
    MANIFEST,
    Signed,
    changed_issues,
    hash_of,
    latest,
    manifest_text,
    read_record,
    sign,
)
from pipelines.pack import DRAFT, Composed, Issue, Marts, Standing, compose, write_pack
from pipelines.pack.shown import as_lines, shown
from pipelines.pack.words import day
from pipelines.receipt import prove as prove_received
from pipelines.receipt import read_ledger
from pipelines.storage import durable
from pipelines.summary import NOT_IN_IT, sentence
from pipelines.web import write_web
from pipelines.workspace import AsAt, Workspace


class CannotIssue(Exception):
    """What was asked can't be issued or closed; the message says why, and what to do."""


@dataclass(frozen=True)
class Done:
    """What was issued or closed, its workbook, and what whoever asked should know."""

    signed: Signed
    pack: Path
    remarks: tuple[str, ...] = ()


def standing_of(workspace: Workspace, marts: Marts, quarter: str, issue: Issue | None = None) -> Standing:
    """How the pack of a quarter stands that is made from these marts now."""
    issued = marts.rows("issues", quarter=quarter, order=("version",))
    if not issued:
        return Standing(issue) if issue else DRAFT
    path = workspace.version_file(quarter, issued[-1]["version"])
    return beside(path, path, issue, marts, quarter, workspace)


def closed_pack(workspace: Workspace, quarter: str) -> Path | None:
    """The workbook that a quarter was closed with; None for one that is open, and for outputs as at a day."""
    closed = None if isinstance(workspace, AsAt) else latest(read_record(workspace), quarter, CLOSED)
    if closed is None:
        return None
    path = workspace.version_file(quarter, closed.version)
    if not path.exists():
        raise CannotIssue(f"{quarter} is closed, but its pack {path} is gone. Restore it from your back-up.")
    return path


def closed_words(workspace: Workspace, quarter: str) -> str | None:
    """The sentence that a quarter is closed and was left alone; None for one that is open."""
    closed = None if isinstance(workspace, AsAt) else latest(read_record(workspace), quarter, CLOSED)
    if closed is None:
        return None
    return (
        f"{quarter} is closed: {closed.by}, {closed.role}, signed version {closed.version} of its pack off as "
        f"{closed.status} on {day(closed.at)}. It was left alone; what has changed since shows on Revisions of the "
        "next quarter's pack."
    )


def issue(workspace: Workspace, quarter: str, by: Issue) -> Done:
    """Make the pack of a quarter final; CannotIssue where its draft is not what the marts say now."""
    record = read_record(workspace)
    _open(record, quarter)
    _received_is_sound(workspace)
    before = latest(record, quarter)
    version = before.version + 1 if before else 1
    if before and not by.reason:
        raise CannotIssue(
            f"Version {before.version} of {quarter} was issued on {day(before.at)}. Say with --reason why there is "
            "another: its cover says it."
        )
    with Marts.open(workspace.database) as marts:
        _draft_is_current(workspace, marts, quarter)
        with _new_folder(workspace.version_folder(quarter, version)):
            files = _write(workspace, marts, quarter, version, by)
            refused = _refused(marts, quarter)
            about = marts.one("about")
            signed = Signed(
                ISSUED,
                quarter,
                version,
                by.at,
                by.by,
                by.role,
                "",
                by.reason,
                about["as_at"],
                max(row["received_at"] for row in marts.rows("inputs")),
                about["run_id"],
                tuple((one.name, hash_of(one)) for one in files),
            )
            sign(signed, workspace)
    for one in files:
        with suppress(OSError):  # a drive that knows no such thing
            one.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
    return Done(signed, workspace.version_file(quarter, version), (*refused, *_since(workspace, signed)))


@contextmanager
def _new_folder(folder: Path) -> Iterator[None]:
    """The folder of a version, gone again if its files do not come to be; CannotIssue where there is one already."""
    if folder.exists():
        raise CannotIssue(
            f"{folder} is there already, and the record of what was issued knows no such version. If the record lost "
            "its lines, restore data/raw/issued.csv from your back-up; if issuing was interrupted, remove that folder."
        )
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write(workspace: Workspace, marts: Marts, quarter: str, version: int, by: Issue) -> list[Path]:
    """The files of a version: workbook, page, what they show, the public edition if there is one, the manifest."""
    composed = compose(marts, quarter, standing_of(workspace, marts, quarter, by))
    path = workspace.version_file(quarter, version)
    page, manifest = path.with_suffix(".html"), path.with_suffix(MANIFEST)
    write_pack(composed, path)
    write_web(composed, page)
    _keep_shown(composed, path)
    public = _issue_public(workspace, quarter, version, by) if _is_public(workspace) else []
    issued = {"version": version, "at": by.at.isoformat(), "by": by.by, "role": by.role, "reason": by.reason}
    durable.replace(manifest_text({"issued": issued, **manifest_of(marts, quarter, path, page)}), manifest)
    return [path, page, path.with_suffix(SHOWN), *public, manifest]


def _issue_public(workspace: Workspace, quarter: str, version: int, by: Issue) -> list[Path]:
    """The public edition made final, and kept aside what it says of counts, for later ones to be set beside."""
    path = workspace.public_version_file(quarter, version)
    composed, done = make(workspace, quarter, path, by)
    _keep_shown(composed, path)
    counts = workspace.published_counts(quarter, version)
    durable.replace(as_text(done.published), counts)
    return [path, path.with_suffix(".html"), path.with_suffix(SHOWN), path.with_suffix(MANIFEST), counts]


def _is_public(workspace: Workspace) -> bool:
    """Whether packs of these marts have a public edition."""
    return clearance_of(workspace.database).clears_anything


def _keep_shown(composed: Composed, path: Path) -> None:
    lines = json.dumps(as_lines(shown(composed.laid)), ensure_ascii=False, indent=0)
    durable.replace(lines + "\n", path.with_suffix(SHOWN))


def close(workspace: Workspace, quarter: str, by: Issue, status: str) -> Done:
    """Close a quarter with the version of its pack that was issued last."""
    record = read_record(workspace)
    _open(record, quarter, but=status)
    version = latest(record, quarter)
    if version is None:
        raise CannotIssue(
            f"No pack of {quarter} was issued yet. 'lsp issue {quarter}' makes its draft final."
        )
    folder = workspace.version_folder(quarter, version.version)
    if spoilt := [sentence for sentence in changed_issues(workspace) if str(folder) in sentence]:
        raise CannotIssue(" ".join(spoilt))
    signed = Signed(
        CLOSED,
        quarter,
        version.version,
        by.at,
        by.by,
        by.role,
        status,
        "",
        version.as_at,
        version.received_until,
        version.run_id,
        version.files,
    )
    sign(signed, workspace)
    return Done(signed, workspace.version_file(quarter, version.version))


def _open(record: Sequence[Signed], quarter: str, but: str = "") -> None:
    """CannotIssue where a quarter is closed; what was closed as provisional may still be closed as final."""
    closed = latest(record, quarter, CLOSED)
    if closed is None or (but == FINAL and closed.status != FINAL):
        return
    raise CannotIssue(
        f"{quarter} was closed as {closed.status} on {day(closed.at)} by {closed.by}, {closed.role}. A correction "
        "that comes now is a revision in the next quarter's pack."
    )


def _received_is_sound(workspace: Workspace) -> None:
    """CannotIssue where ledger or archive were changed by hand: a run warns of it, but a final pack can't be undone."""
    if faults := prove_received(workspace).faults:
        more = f" 'lsp verify' lists all {len(faults)}." if len(faults) > 1 else ""
        raise CannotIssue(
            "What was received is not as it was left, and a pack is issued for good. "
            f"{faults[0]}{more} Then run again, and issue."
        )


def _draft_is_current(workspace: Workspace, marts: Marts, quarter: str) -> None:
    """CannotIssue unless the draft that lies there is the one that these marts give, untouched."""
    again = f"'lsp run {quarter}' makes it again: read it, then issue it."
    path = workspace.manifest_file(quarter)
    if not marts.rows("calendar", quarter=quarter) or not path.exists():
        raise CannotIssue(f"There is no draft of the pack of {quarter}. 'lsp run {quarter}' makes it.")
    manifest = _as_written(path, again)
    drafts = [manifest["pack"], manifest["web"]]
    if _is_public(workspace):
        public = workspace.public_file(quarter).with_suffix(MANIFEST)
        if not public.exists():
            raise CannotIssue(
                f"There is no draft of the public edition of {quarter}, which goes with it. {again}"
            )
        of_public = _as_written(public, again)
        drafts += [of_public["pack"], of_public["web"]]
        if of_public["run_id"] != manifest["run_id"]:
            raise CannotIssue(f"The public edition of {quarter} was made by another run. {again}")
    if manifest["run_id"] != marts.one("about")["run_id"]:
        raise CannotIssue(f"The marts have changed since the draft of {quarter} was made. {again}")
    if manifest["pack_code_version"] != code_version():
        raise CannotIssue(f"The draft of {quarter} was made by another version of the code. {again}")
    for named in drafts:
        draft = path.with_name(named["file"])
        if not draft.exists() or hash_of(draft) != named["sha256"]:
            raise CannotIssue(
                f"{draft} is not as it was written, and what is issued is what was read. {again}"
            )


def _as_written(path: Path, again: str) -> dict[str, Any]:
    """The manifest of a draft; CannotIssue where it is none."""
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if {"pack", "web", "run_id", "pack_code_version"} <= manifest.keys():
            return manifest
    except (ValueError, AttributeError):
        pass
    raise CannotIssue(f"{path} is not as it was written. {again}")


def _refused(marts: Marts, quarter: str) -> list[str]:
    """What is still refused of what came for the quarter, or for none that could be told, and so is not in the pack."""
    found = [
        one
        for of in (quarter, None)
        for one in marts.rows("findings", quarter=of, consequence=REFUSE, is_open=True)
    ]
    return [
        f"{NOT_IN_IT} {sentence(one['file_name'], one['sheet'], one['cell'], one['as_typed'], one['because'])}"
        for one in found
    ]


def _since(workspace: Workspace, signed: Signed) -> list[str]:
    """What came after the marts were made, and so is not in the pack."""
    came = [
        receipt.original_name for receipt in read_ledger(workspace)
        if receipt.first_seen > signed.received_until and not receipt.is_check
    ]  # fmt: skip
    return [f"Not in it, as it came after the last run: {name}." for name in came]
