"""The sample, run once for every test that only reads what came of it."""

import pytest
from hypothesis import HealthCheck, settings
from workspaces import Ran, copy_of_sample, run


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The sample workspace after a run without Prefect. Nobody may change it."""
    return run(copy_of_sample(tmp_path_factory.mktemp("sample") / "workspace"))


# How long an example takes says something about the machine and nothing about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
