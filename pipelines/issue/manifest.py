"""The manifest of a pack: what it was made from, by what, and the hashes of both its editions. It lies beside them.

All manifests of a quarter's packs are kept in one file that is only added to, so that a pack made again as at
a day can be compared with the one that was made then.
"""

import hashlib
import json
import platform
import re
import stat
from collections.abc import Collection, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.identity import code_version
from pipelines.issued import MANIFEST, manifest_text
from pipelines.pack.inputs import made_from
from pipelines.pack.read import Marts
from pipelines.receipt import Held
from pipelines.storage import durable
from pipelines.workspace import AsAt, Workspace

LIBRARIES = ("duckdb", "great-expectations", "numpy", "openpyxl", "pandas", "python-calamine", "scipy")
WHAT = {
    "code_version": "the code that made the marts",
    "pack_code_version": "the code that wrote the pack",
    "contracts_version": "the contracts",
    "framework_version": "the framework",
    "made_with": "Python or its libraries",
}
OF_INPUTS = ("inputs", "manifest_sha256")  # what leads to files and who sent them
EDITIONS = ("pack", "web")  # the workbook, and the same as one page
# as `marts.inputs.became` says what was in a file
RETURN = re.compile(
    r"(?P<name>\S+) of (?P<partner>\S+) for (?P<quarter>\S+) (?:accepted|superseded|nil|refused|withdrawn)"
)
Manifest = dict[str, Any]


def manifest_of(marts: Marts, quarter: str, pack: Path, web: Path) -> Manifest:
    """The manifest of a pack that has just been written, as workbook and as page."""
    return {
        **made_from(marts, quarter),
        "pack_code_version": code_version(),
        "made_with": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        **{
            name: {"file": path.name, "sha256": _hash_of(path)}
            for name, path in zip(EDITIONS, (pack, web), strict=True)
        },
    }


def public_manifest_of(marts: Marts, quarter: str, pack: Path, web: Path, beside: str) -> Manifest:
    """The manifest of a public edition: by what it was made, and no file that it was made from.

    `beside` is the manifest of the partners' edition, which names those.
    """
    whole = manifest_of(marts, quarter, pack, web)
    return {
        "edition": "public",
        "beside": beside,
        # what the framework's files are known by is not in these marts
        **{k: v for k, v in whole.items() if k not in (*OF_INPUTS, "framework_version")},
        "inputs": [],
    }


def keep_manifest(manifest: Manifest, workspace: Workspace, quarter: str) -> None:
    """Write a manifest beside its pack, and add it to those of the quarter unless it is the last of them."""
    then = None
    if isinstance(workspace, AsAt):
        then = made_then(manifest, workspace, quarter)
        manifest = {**manifest, "differs_from_pack_made_then": differences(manifest, then) if then else None}
    durable.replace(manifest_text(manifest), workspace.manifest_file(quarter))
    kept = list(manifests(workspace, quarter))
    if not isinstance(workspace, AsAt) and manifest not in kept[-1:]:
        durable.append(json.dumps(manifest, ensure_ascii=False) + "\n", workspace.manifests(quarter))


def manifests(workspace: Workspace, quarter: str) -> Iterator[Manifest]:
    """The manifests of all packs of a quarter that were written here, oldest first."""
    path = workspace.manifests(quarter)
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:  # cut off while it was written
                continue


def made_then(manifest: Manifest, workspace: Workspace, quarter: str) -> Manifest | None:
    """The manifest of the pack that was made when things were known as they are in this one: the last of that day."""
    then = [one for one in manifests(workspace, quarter) if one["as_at"] == manifest["as_at"]]
    same = [one for one in then if one["pack"]["sha256"] == manifest["pack"]["sha256"]]
    found = same or then
    return found[-1] if found else None


def differences(now: Manifest, then: Manifest) -> list[str]:
    """What differs between a pack and the one made then, a few words each; nothing where they are the same bytes."""
    if all(now[name] == then[name] for name in EDITIONS if name in now and name in then):
        return []
    found = [f"{words} ({_short(then[name])} then, {_short(now[name])} now)" for name, words in WHAT.items()
             if now[name] != then[name]]  # fmt: skip
    mine, theirs = ({(one["sha256"], one["folder"]): one for one in m["inputs"]} for m in (now, then))
    found += [
        f"{mine[key]['file_name']} was {mine[key]['became']}"
        for key in mine
        if mine[key]["became"].startswith("erased ") and mine[key] != theirs.get(key)
    ]
    found += [f"{theirs[key]['file_name']} is no more among the inputs" for key in theirs if key not in mine]
    found += [f"{mine[key]['file_name']} is among the inputs now" for key in mine if key not in theirs]
    return found or ["nothing that the manifests name"]


def compared(workspace: Workspace, quarter: str) -> str | None:
    """The sentence that says whether a pack as at a day is the one that was made then; None for a current pack."""
    if not isinstance(workspace, AsAt):
        return None
    manifest = json.loads(workspace.manifest_file(quarter).read_text(encoding="utf-8"))
    differs = manifest["differs_from_pack_made_then"]
    if differs is None:
        return f"No pack of {quarter} made then, as at {manifest['as_at']}, is on record here to compare this one with."
    if differs:
        # what was erased is a sentence with its stop
        return f"This pack differs from the one made then in {'; '.join(one.rstrip('.') for one in differs)}."
    return f"This pack is the same, byte for byte, as the one made then, as at {manifest['as_at']}."


def note_erased(sha256: str, said: str, workspace: Workspace) -> list[Path]:
    """Put into the manifest of every pack that used a file that it was erased; both editions of those packs.

    A pack made since, which only names the file as erased, did not use it.
    """
    used = []
    for path in sorted(workspace.packs.rglob(f"*{MANIFEST}")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        names = [
            one["file_name"]
            for one in manifest["inputs"]
            if one["sha256"] == sha256 and not one["became"].startswith("erased ")
        ]
        if not names:
            continue
        noted = {"file_name": names[0], "sha256": sha256, "became": said}
        since = manifest.get("erased_since", [])
        if noted not in since:
            manifest["erased_since"] = [*since, noted]
            mode = path.stat().st_mode
            path.chmod(
                mode | stat.S_IWRITE
            )  # that of an issued pack is read-only, and Windows replaces no such file
            durable.replace(manifest_text(manifest), path)
            path.chmod(mode)
        used += [path.with_name(manifest[name]["file"]) for name in EDITIONS if name in manifest]
        public = path.with_name(path.name.replace(MANIFEST, "_public.xlsx"))
        used += [one for one in (public, public.with_suffix(".html")) if one.exists()]
    return used


def returns_of(sha256: str, workspace: Workspace) -> list[Held]:
    """The returns that were found in a file, as far as any pack made here names them."""
    found: dict[Held, None] = {}
    for lines in sorted(workspace.packs.glob("*/manifests.jsonl")):
        for manifest in manifests(workspace, lines.parent.name):
            for one in (one for one in manifest["inputs"] if one["sha256"] == sha256):
                found |= dict.fromkeys(_held(one["became"]))
    return list(found)


def _held(became: str) -> list[Held]:
    """The returns that were in a file, from what became of it."""
    told = (RETURN.fullmatch(part) for part in became.split("; "))
    return [Held(*match.group("name", "partner", "quarter")) for match in told if match]


def files_with(returns: Collection[Held], workspace: Workspace) -> dict[str, str]:
    """The SHA-256 and name of each file in which one of these returns was found, as far as any pack made here says."""
    found: dict[str, str] = {}
    for lines in sorted(workspace.packs.glob("*/manifests.jsonl")):
        for manifest in manifests(workspace, lines.parent.name):
            found |= {
                one["sha256"]: one["file_name"]
                for one in manifest["inputs"]
                if not set(returns).isdisjoint(_held(one["became"]))
            }
    return found


def changed_packs(workspace: Workspace) -> list[str]:
    """A sentence for each edition of a pack whose bytes are not those that its manifest names."""
    said = []
    for path in sorted(workspace.packs.rglob(f"*{MANIFEST}")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        if "issued" in manifest:  # the record speaks of it
            continue
        for named in (manifest[name] for name in EDITIONS if name in manifest):
            pack = path.with_name(named["file"])
            if not pack.exists():
                said.append(f"{pack} is gone; its manifest is there. 'lsp pack' makes it again.")
            elif _hash_of(pack) != named["sha256"]:
                said.append(
                    f"{pack} is not what its manifest names: it was changed after it was written, or a run was stopped "
                    "before it had written the manifest. 'lsp pack' makes both again."
                )
    return said


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _short(value: Any) -> str:
    return (
        ", ".join(f"{name} {number}" for name, number in value.items())
        if isinstance(value, dict)
        else str(value)
    )
