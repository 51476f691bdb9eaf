"""The sample, run once for every test that only reads what came of it; and which files of tests begin."""

import json
import os
from dataclasses import asdict

import pytest
import workspaces
from hypothesis import HealthCheck, settings
from workspaces import Ran, Said, copy_of_sample, run

from pipelines.storage.lock import take
from pipelines.workspace import Workspace

# What takes longest begins, so that all processors end together; a file that is not here comes after these.
# The first needs no sample: while one process runs that, another can begin with the second.
LONGEST = [
    "test_web_browser", "test_reply_round_trip", "test_scripted_year", "test_killed_runs", "test_year", "test_serve",
    "test_prefect_server", "test_public_edition", "test_memory",
    "test_quarter", "test_bad_input", "test_as_at", "test_present_day", "test_templates", "test_cli", "test_precheck",
    "test_running_quarters", "test_generated_tables", "test_open_database", "test_full_disk", "test_erase",
    "test_contracts", "test_template_run", "test_text_fuzz", "test_conservation", "test_marts", "test_trace",
    "test_learn", "test_framework_checks", "test_spreadsheet_defects", "test_one_folder", "test_pack_sheets",
    "test_issue", "test_new", "test_checked", "test_paper", "test_operations", "test_mail",
]  # fmt: skip
PATIENCE_SECONDS = 900

# A slow or busy machine is no reason to fail: no test here is one of time.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: some tests wait for a server, for LibreOffice or for a browser."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first (make test keeps this order), within a file as ever."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session", autouse=True)
def _run_before(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> None:
    """Where all processes share the run of the sample: of several, what they share lies above their own folders."""
    folder = tmp_path_factory.getbasetemp()
    workspaces.RUN_BEFORE = folder.parent if hasattr(request.config, "workerinput") else folder


@pytest.fixture(scope="session")
def sample(_run_before: None) -> Ran:
    """The sample workspace after a run without Prefect. Nobody may change it: all processes share it."""
    folder = workspaces.RUN_BEFORE
    workspace, said = Workspace(folder / "sample"), folder / "sample.json"
    held = take(folder / "sample.lock", PATIENCE_SECONDS)
    assert held, "Another process of these tests has been running the sample for too long."
    try:
        if not said.exists():
            ran = run(copy_of_sample(workspace.root))
            said.write_text(json.dumps(asdict(ran.said)), encoding="utf-8")
    finally:
        held.close()
    return Ran(workspace, Said(**json.loads(said.read_text(encoding="utf-8"))))
