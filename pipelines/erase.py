"""A file erased: its bytes and what was made of its values, with a tombstone; and which files are kept for too long.

The marts hold values of every file, so they are removed whole: the next run builds them without it. So do replies
and templates of its sender from then on, which compare with it or begin with its values, and the mails that carried
them. Packs are issued and are not ours to change; their manifests say that a file they used was erased.
"""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import duckdb

from pipelines.framework_checks.settings import RETENTION
from pipelines.issue.manifest import files_with, note_erased, returns_of
from pipelines.mail.letters import reply_key
from pipelines.mail.message import PACK
from pipelines.mail.outbox import Entry, Outbox
from pipelines.receipt import Held, Receipt, Tombstone, as_one, bury, read_ledger, tombstones, writing
from pipelines.workspace import Workspace

FRAMEWORK_FOLDER = "framework"
AS_AT = "as-at-"  # how the folders of packs made again as at a day begin


class CannotErase(Exception):
    """What was asked can't be erased; the message says why, and what can."""


@dataclass(frozen=True)
class Erased:
    """What an erasure did: the file, what was removed, the packs that had used it and still show its figures.

    `counts` are the counts of public packs that were issued, which may hold some of its; `also` are the names of other
    files that hold one of its returns, such as a corrected one, or our reply as it came back.
    """

    receipt: Receipt
    tombstone: Tombstone
    removed: list[Path]
    packs: list[Path]
    counts: list[Path]
    also: list[str]


def find(wanted: str, workspace: Workspace) -> Receipt:
    """The one file of the ledger of that name or hash (its first eight digits or more)."""
    sights: dict[str, list[Receipt]] = {}
    for receipt in read_ledger(workspace):
        sights.setdefault(receipt.sha256, []).append(receipt)
    by_hash = [sha256 for sha256 in sights if len(wanted) >= 8 and sha256.startswith(wanted.casefold())]
    name = Path(wanted).name
    by_name = [
        sha256 for sha256, seen in sights.items() if name in {receipt.original_name for receipt in seen}
    ]
    found = by_hash or by_name
    if not found:
        raise CannotErase(
            f"The ledger knows no file '{wanted}'. Name it as {workspace.ledger} does, or by its SHA-256."
        )
    if len(found) > 1:
        which = "; ".join(
            f"{sha256[:16]}, received {sights[sha256][0].first_seen:%d %b %Y}" for sha256 in found
        )
        raise CannotErase(f"Several files are called '{name}'. Name one by its SHA-256: {which}.")
    receipt = as_one(sights[found[0]])
    if receipt.folder == FRAMEWORK_FOLDER:
        raise CannotErase(
            f"{receipt.original_name} is of the framework, which figures are made by; it is no partner's file."
        )
    return receipt


def erase(receipt: Receipt, by: str, reason: str, workspace: Workspace, now: datetime) -> Erased:
    """Erase one file; asked again, it finishes what was interrupted."""
    with writing(workspace):
        stone = tombstones(workspace).get(receipt.sha256) or Tombstone(
            receipt.sha256, now, by, reason, _returns_in(receipt, workspace)
        )
        removed = bury(stone, workspace)
    # first what would be sent: an erasure that is interrupted here must not let its values go out
    removed += Outbox(workspace).forget(
        lambda entry, message: _is_of(receipt, stone.returns, entry, message),
        f"{receipt.original_name} was {stone}",
        now,
    )
    packs = note_erased(receipt.sha256, str(stone), workspace)
    for path in _made_of_it(receipt, stone.returns, packs, workspace):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        removed.append(path)
    return Erased(
        receipt,
        stone,
        removed,
        [path for path in packs if path.parent not in removed],
        sorted((workspace.archive / "counts").glob("*.json")) if packs else [],
        [
            name
            for sha256, name in files_with(stone.returns, workspace).items()
            if sha256 not in tombstones(workspace)
        ],
    )


def _returns_in(receipt: Receipt, workspace: Workspace) -> tuple[Held, ...]:
    """The returns that were found in a file: as the marts say, and the manifests of packs, which outlive them."""
    found = dict.fromkeys(returns_of(receipt.sha256, workspace))
    if workspace.database.exists():
        with (
            suppress(duckdb.Error),  # marts of an older version, or spoilt: they go in any case
            duckdb.connect(str(workspace.database), read_only=True) as connection,
        ):
            rows = connection.execute(
                "select return, partner, quarter from staging.submissions where sha256 = ? and partner is not null "
                "and quarter is not null order by submission_id",
                [receipt.sha256],
            ).fetchall()
            found |= dict.fromkeys(Held(*row) for row in rows)
    return tuple(found)


def _made_of_it(
    receipt: Receipt, returns: tuple[Held, ...], packs: list[Path], workspace: Workspace
) -> Iterator[Path]:
    """What holds its values, or may, and is made again without them, or by nobody any more."""
    senders = _senders(receipt, returns)
    first = min((held.quarter for held in returns), default="")
    for reply in sorted(workspace.replies.rglob("*.xlsx")):
        # a reply to a later file says what stood in this one, where the two differ
        quarter = reply.relative_to(workspace.replies).parts[0]
        if _speaks_of(receipt, reply) or (quarter >= first and _is_to(senders, reply.name)):
            yield reply
    for template in sorted(workspace.templates.rglob("*.xlsx")):
        quarter = template.relative_to(workspace.templates).parts[0]
        if quarter > first and template.stem in senders:
            yield template
    # made again at any time, but without it; what is printed of a draft is made by nobody unless asked for
    yield from sorted({path.parent for path in packs if path.parent.name.startswith(AS_AT)})
    yield from (
        printed for path in packs if (printed := path.with_suffix(".pdf")).exists() and path.suffix == ".xlsx"
    )
    yield from (made for made in sorted(workspace.marts.glob("*")) if made.name != "README.md")
    # what runs remember holds its values too, and so does what a killed one left
    yield from (left for left in sorted(workspace.work.glob("*")) if ".lock" not in left.name)
    for folder in (workspace.packs, workspace.replies, workspace.templates, workspace.outbox):
        yield from sorted([*folder.rglob(".*.new"), *folder.rglob(".*.xlsx")])


def _senders(receipt: Receipt, returns: tuple[Held, ...]) -> set[str]:
    """The partners whose figures it held."""
    return {*(held.partner for held in returns), receipt.received_from} - {""}


def _is_to(senders: set[str], name: str) -> bool:
    """Whether a reply or template of that name is to one of these partners."""
    return any(
        name == f"{one}.xlsx" or name.startswith((f"{one}_reply_", f"{one}_check_")) for one in senders
    )


def _is_of(receipt: Receipt, returns: tuple[Held, ...], entry: Entry, content: bytes) -> bool:
    """Whether a message carries its values: with a reply or template to its sender, or in what it says of the file.

    A pack that was sent is a pack that was issued, and stays.
    """
    if entry.kind == PACK or entry.written < receipt.first_seen:
        return False
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    senders = _senders(receipt, returns)
    return (
        entry.key == reply_key(receipt.sha256)
        or any(_is_to(senders, part.get_filename() or "") for part in message.iter_attachments())
        or (body is not None and receipt.original_name in " ".join(str(body.get_content()).split()))
    )


def overdue(workspace: Workspace, now: datetime) -> list[tuple[Receipt, int]]:
    """Files kept for longer than the framework's settings say, with the months that they say.

    `retention_months` is for every source, `retention_months_<partner>` for one. The marts tell both who sent what
    and what the settings are.
    """
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        rows = connection.execute(
            """
            select distinct files.sha256, coalesce(own.value, general.value) as months
            from staging.files as files
            left join staging.submissions as sent on files.file_id = sent.file_id
            left join framework.settings as own
                on own.setting_id = $name || '_' || coalesce(sent.partner, files.received_from)
            left join framework.settings as general on general.setting_id = $name
            where files.folder <> $framework and files.state <> 'erased'
                and coalesce(own.value, general.value) is not null
                and files.received_at + to_months(cast(coalesce(own.value, general.value) as integer)) < $now
            """,
            {"name": RETENTION, "framework": FRAMEWORK_FOLDER, "now": now},
        ).fetchall()
    months = {sha256: int(kept) for sha256, kept in rows}
    first: dict[str, Receipt] = {}
    for receipt in read_ledger(workspace):
        first.setdefault(receipt.sha256, receipt)
    return [(receipt, months[sha256]) for sha256, receipt in first.items() if sha256 in months]


def _speaks_of(receipt: Receipt, reply: Path) -> bool:
    """Whether a reply answers that file: its hidden identity names it."""
    try:
        with zipfile.ZipFile(reply) as parts:
            return any(receipt.file_id.encode() in parts.read(name) for name in parts.namelist())
    except zipfile.BadZipFile:
        return False
