"""What a pack was made from, and in what it differs from the one that was made then."""

import json
from pathlib import Path

from pack_marts import QUARTER, marts_of, sample

from pipelines.issue.manifest import (
    Manifest,
    changed_packs,
    compared,
    differences,
    keep_manifest,
    manifest_of,
    manifests,
)
from pipelines.pack import compose, write_pack
from pipelines.web import write_web
from pipelines.workspace import Workspace


def written(workspace: Workspace) -> Manifest:
    """The manifest of the pack of the small marts, written and kept."""
    marts = marts_of(sample())
    composed = compose(marts, QUARTER)
    pack = write_pack(composed, workspace.pack_file(QUARTER)).path
    page = write_web(composed, workspace.web_file(QUARTER))
    manifest = manifest_of(marts, QUARTER, pack, page)
    keep_manifest(manifest, workspace, QUARTER)
    return manifest


def test_it_names_what_the_pack_was_made_from_and_what_made_it(tmp_path: Path) -> None:
    manifest = written(Workspace(tmp_path))
    assert (manifest["quarter"], manifest["as_at"], manifest["run_id"]) == (QUARTER, "2004-07-20", "0f3a9c")
    assert [(one["file_name"], one["sha256"]) for one in manifest["inputs"]] == [
        ("framework.xlsx", "f1f1"), ("=PCT.xlsx", "f2f2"),
    ]  # fmt: skip
    assert len(manifest["manifest_sha256"]) == len(manifest["pack"]["sha256"]) == 64
    assert manifest["web"]["file"] == f"LSP_pack_{QUARTER}.html"
    assert {"python", "openpyxl", "duckdb"} <= manifest["made_with"].keys()


def test_every_pack_is_on_record_once_and_a_torn_line_is_none(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    manifest = written(workspace)
    keep_manifest(manifest, workspace, QUARTER)
    assert list(manifests(workspace, QUARTER)) == [manifest]
    other = {**manifest, "pack": {"file": "x", "sha256": "other"}}
    keep_manifest(other, workspace, QUARTER)
    with workspace.manifests(QUARTER).open("a") as lines:
        lines.write('{"quarter": "2004-05')
    assert list(manifests(workspace, QUARTER)) == [manifest, other]


def test_a_pack_as_at_a_day_is_compared_with_the_one_made_then(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    dated = workspace.as_at("2004-07-31")
    written(dated)
    assert str(compared(dated, QUARTER)).startswith(
        f"No pack of {QUARTER} made then, as at 2004-07-20, is on record"
    )
    written(workspace)
    written(dated)
    assert str(compared(dated, QUARTER)).startswith(
        "This pack is the same, byte for byte, as the one made then"
    )
    assert compared(workspace, QUARTER) is None
    assert len(list(manifests(workspace, QUARTER))) == 1


def test_what_differs_is_named(tmp_path: Path) -> None:
    then = written(Workspace(tmp_path))
    now = {
        **then,
        "contracts_version": "c2",
        "pack_code_version": "p2",
        "inputs": [then["inputs"][0], {**then["inputs"][1], "sha256": "f3f3", "file_name": "new.xlsx"}],
    }
    assert differences(now, then) == []  # the same bytes, whatever made them
    now["pack"] = {"file": "x", "sha256": "other"}
    assert differences(now, then) == [
        f"the code that wrote the pack ({then['pack_code_version']} then, p2 now)",
        "the contracts (c0417ac7 then, c2 now)",
        "=PCT.xlsx is no more among the inputs",
        "new.xlsx is among the inputs now",
    ]


def test_either_edition_that_was_changed_or_is_gone_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    written(workspace)
    assert changed_packs(workspace) == []
    page = workspace.web_file(QUARTER)
    page.write_text(page.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert changed_packs(workspace) == [
        f"{page} is not what its manifest names: it was changed after it was written, or a run was stopped before it "
        "had written the manifest. 'lsp pack' makes both again."
    ]
    page.unlink()
    assert changed_packs(workspace) == [f"{page} is gone; its manifest is there. 'lsp pack' makes it again."]
    workspace.pack_file(QUARTER).write_bytes(b"")
    assert len(changed_packs(workspace)) == 2


def test_a_page_that_differs_is_a_difference(tmp_path: Path) -> None:
    then = written(Workspace(tmp_path))
    now = {**then, "pack_code_version": "p2", "web": {**then["web"], "sha256": "other"}}
    assert differences(now, then) == [
        f"the code that wrote the pack ({then['pack_code_version']} then, p2 now)"
    ]


def test_what_differs_ends_in_one_full_stop(tmp_path: Path) -> None:
    dated = Workspace(tmp_path).as_at("2004-07-31")
    path = dated.manifest_file(QUARTER)
    path.parent.mkdir(parents=True)
    differs = ["the contracts (a then, b now)", "one.xlsx was erased on 01 Sep 2004 by DPO: Asked."]
    path.write_text(
        json.dumps({"as_at": "2004-07-31", "differs_from_pack_made_then": differs}), encoding="utf-8"
    )
    assert compared(dated, QUARTER) == (
        "This pack differs from the one made then in the contracts (a then, b now); one.xlsx was erased on 01 Sep 2004 "
        "by DPO: Asked."
    )
