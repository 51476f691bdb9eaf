"""`lsp check`: what a run would say of files, before they are sent. Nothing of the workspace is touched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.contracts import read_contracts
from pipelines.findings import QUERY, REFUSE
from pipelines.framework.references import References
from pipelines.house_style.ours import is_ours
from pipelines.identity import code_version
from pipelines.judge.checked import judge_checks
from pipelines.judge.intake import judge_framework
from pipelines.judge.judged import Judged
from pipelines.precheck.bare import take_for_granted, without_framework
from pipelines.precheck.held import Held, as_if_received, held
from pipelines.receipt import is_skipped
from pipelines.reply.draw import draw
from pipelines.reply.make import reply_to
from pipelines.reply.model import Reply
from pipelines.reply.names import names
from pipelines.reply.prior import Accepted
from pipelines.reply.write import publisher_of, put_in_place
from pipelines.run.stages import NothingToDo, read_framework
from pipelines.submission.opening import FRAMEWORK_FOLDER, Opened, encodings, limits_of, open_each
from pipelines.summary import sentence
from pipelines.workbook.limits import LIMITS
from pipelines.workspace import CONTRACTS, SQL, Workspace

NO_FRAMEWORK = (
    "No framework was there to check by, so whether targets, projects and other references exist, and what was sent "
    "before, was not checked."
)


@dataclass(frozen=True)
class Checked:
    """A file that was checked, what its reply says, and where that lies: None, with why, if it can't be written."""

    path: Path
    reply: Reply
    reply_path: Path | None
    because: str = ""


def check_files(
    paths: Sequence[Path],
    workspace: Workspace,
    framework: Path | None = None,
    partner: str | None = None,
    quarter: str | None = None,
) -> tuple[list[Checked], list[str]]:
    """Check each file as if it came next, and write its reply beside it; also what could not be checked by.

    The framework is the file named, else the workspace's; where there is neither, contracts alone judge.
    """
    before, lost = held(workspace)
    if framework:
        before = [one for one in before if one[0].folder != FRAMEWORK_FOLDER]
        before.append((as_if_received(framework, FRAMEWORK_FOLDER), framework))
    has_framework = any(receipt.folder == FRAMEWORK_FOLDER for receipt, _ in before)
    told = [] if has_framework else [NO_FRAMEWORK]
    if lost and has_framework:
        told.append(
            f"{len(lost)} files received before are in neither data/archive nor data/raw, and were left out."
        )
    files = [_to_check(path, before, partner, quarter) for path in paths]
    mine = {receipt.sha256 for receipt, _ in files}
    received = [one for one in before if one[0].sha256 not in mine and one[0].folder != FRAMEWORK_FOLDER]
    if has_framework:
        its = [one for one in before if one[0].folder == FRAMEWORK_FOLDER]
        known = read_framework(_open(its, workspace))
    else:
        known = judge_framework([], without_framework(read_contracts(CONTRACTS)), SQL / "context")
    checks = _open(
        list({receipt.sha256: (receipt, path) for receipt, path in files}.values()), workspace, known
    )
    counting = _open(received, workspace, known) if has_framework else []
    if not has_framework:
        take_for_granted(known, [file.book for file in checks if file.book], partner, quarter)
    judged = judge_checks(known, counting, checks, SQL / "context")
    by_hash = {file.receipt.sha256: file for file in checks}
    return [_answered(path, by_hash[receipt.sha256], judged, told, paths) for receipt, path in files], told


def framework_asked_about(workspace: Workspace) -> list[tuple[bool, str]]:
    """What is asked about the workspace's framework as its files stand now, and whether its row is refused for it.

    NothingToDo where it can't be used.
    """
    judged = read_framework(
        _open([one for one in held(workspace)[0] if one[0].folder == FRAMEWORK_FOLDER], workspace)
    )
    names = {file.receipt.file_id: file.receipt.original_name for file in judged.opened}
    return [
        (
            f.consequence == REFUSE,
            sentence(names.get(f.file_id or "", "the framework"), f.sheet, f.cell, f.as_typed, f.because),
        )
        for f in judged.findings
        if f.consequence in (REFUSE, QUERY) and f.is_open
    ]


def framework_of(workspace: Workspace) -> Judged:
    """The workspace's framework, read and checked as a run would; NothingToDo where it can't be used."""
    its = [one for one in held(workspace)[0] if one[0].folder == FRAMEWORK_FOLDER]
    return read_framework(_open(its, workspace))


def known_references(workspace: Workspace) -> References:
    """What the workspace's framework gives references for; nothing where it has none that can be read by."""
    its = [one for one in held(workspace)[0] if one[0].folder == FRAMEWORK_FOLDER]
    try:
        return read_framework(_open(its, workspace)).references if its else {}
    except NothingToDo:
        return {}


def _open(files: Sequence[Held], workspace: Workspace, known: Judged | None = None) -> list[Opened]:
    """The files as a run would open them, from where they lie."""
    places = {receipt.sha256: path for receipt, path in files}
    declared = encodings(known.references) if known else None
    limits = limits_of(known.references) if known else LIMITS
    return open_each(
        [receipt for receipt, _ in files], workspace, declared, limits, lambda receipt: places[receipt.sha256]
    )


def _to_check(path: Path, before: Sequence[Held], partner: str | None, quarter: str | None) -> Held:
    """The file as if it came to be checked; one that was received before keeps what the ledger says of it."""
    receipt = as_if_received(path, quarter or path.resolve().parent.name, partner or "")
    known = next((one for one, _ in before if one.sha256 == receipt.sha256), None)
    if known and not quarter:
        receipt = replace(receipt, folder=known.folders[0])
    if known and not partner:
        receipt = replace(receipt, received_from=known.received_from)
    return replace(receipt, folder=f"{receipt.folder}/check"), path


def _answered(
    path: Path, file: Opened, judged: Judged, told: Sequence[str], paths: Sequence[Path]
) -> Checked:
    read = [one for one in judged.files if one.receipt.is_check]
    name = names([file.receipt], read, judged.references)[file.receipt.file_id]
    reply = reply_to(
        replace(file, receipt=replace(file.receipt, original_name=path.name)),
        judged,
        name,
        Accepted(judged.frames),
    )
    reply = replace(reply, standing=(*reply.standing, *told))
    place = reply_path(path, paths)
    try:
        put_in_place(place, draw(reply, judged.references, publisher_of(judged), code_version()))
    except OSError as error:
        return Checked(path, reply, None, f"Its reply could not be written to {place} ({error.strerror}).")
    return Checked(path, reply, place)


def _beside(path: Path) -> list[Path]:
    return [one.resolve() for one in path.parent.iterdir() if one.is_file() and not is_skipped(one.name)]


def is_named_alike(one: Path, other: Path) -> bool:
    """Whether two files lie in one folder and differ in nothing but the extensions of their names."""
    return one.parent == other.resolve().parent and one.stem.casefold() == other.stem.casefold()


def reply_path(path: Path, sent: Sequence[Path]) -> Path:
    """Where the reply to a file goes: beside it, over nothing but an earlier reply that nobody has saved since.

    Where files beside it have the same name but for the extension, each reply has the extension in its name.
    """
    stem = re.sub(r"_reply( \(\d+\))?$", "", path.stem)
    mine = {one.resolve() for one in sent}
    if any(one != path.resolve() and is_named_alike(one, path) for one in (*mine, *_beside(path))):
        stem = f"{stem}_{path.suffix.lower().lstrip('.')}"
    place, number = path.with_name(f"{stem}_reply.xlsx"), 1
    while place.resolve() in mine or (place.exists() and not is_ours(place)):
        number += 1
        place = path.with_name(f"{stem}_reply ({number}).xlsx")
    return place
