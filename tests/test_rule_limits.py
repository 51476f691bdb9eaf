"""The limits of the rules: the framework's own, and what holds while it has none."""

import pytest
from grids import contracts, sample_framework

from pipelines.framework.measure_settings import SETTINGS
from pipelines.framework.rule_limits import LIMITS, limits


def test_without_a_setting_the_default_holds() -> None:
    assert limits({}) == {name: limit.default for name, limit in LIMITS.items()}


@pytest.mark.parametrize("typed", ["3", 3, "3.0"])
def test_a_setting_takes_its_place(typed: object) -> None:
    assert limits({"jump_k": typed})["jump_k"] == 3


@pytest.mark.parametrize("typed", ["three", "", None, "0", "-1", "1000000", "nan"])
def test_one_that_can_not_be_used_is_left_aside(typed: object) -> None:
    """framework_checks stops the run that has it; `lsp check` without history has no such run."""
    assert limits({"jump_k": typed})["jump_k"] == LIMITS["jump_k"].default


def test_every_default_lies_within_its_bounds_and_every_setting_says_what_it_does() -> None:
    for limit in [*LIMITS.values(), *SETTINGS.values()]:
        assert limit.least <= limit.default <= limit.most
        assert limit.meaning.endswith(".")


def test_the_sample_has_them_as_settings_that_can_be_seen_and_changed() -> None:
    facts = sample_framework().references["framework.settings"].facts
    assert {*LIMITS, *SETTINGS} <= set(facts)
    assert {name: float(facts[name]["value"]) for name in SETTINGS} == {
        name: setting.default for name, setting in SETTINGS.items()
    }
    assert limits({name: row["value"] for name, row in facts.items()}) == limits({})
    assert "framework.settings" in contracts()
