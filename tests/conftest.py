"""The sample, run once for every test that only reads what came of it."""

import pytest
from workspaces import Ran, copy_of_sample, run


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The sample workspace after a run without Prefect. Nobody may change it."""
    return run(copy_of_sample(tmp_path_factory.mktemp("sample") / "workspace"))
