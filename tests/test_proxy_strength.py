"""The strength of the link between a proxy and its target, judged by changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipelines.measures.proxy_strength import Rules, lagged, seed, strength

PROXY = [50, 52, 51, 54, 54.5, 52.5, 54, 58, 57.5, 58.5, 61, 59.5, 63]
TARGET = [30, 30.4, 31.3, 32.4, 31.6, 33.3, 33.6, 32.45, 33.5, 35.3, 35.15, 35.55, 36.95]
SEED = seed("P", "T", "2004-07-14")


def link(proxy=PROXY, target=TARGET, *, same_way=True, **more):
    return strength(lagged(proxy), np.diff(target), same_way=same_way, seed=SEED, **more)


def test_methods_c10():
    """methods.md C10: changes tell of one lag, two steps; levels would call every lag good."""
    levels = [stats.spearmanr(PROXY[: 13 - k], TARGET[k:])[0] for k in range(5)]
    assert [round(rho, 3) for rho in levels] == [0.869, 0.862, 0.998, 0.772, 0.653]
    found = link()
    assert [round(rho, 3) for rho in found.correlations] == [-0.273, -0.373, 1.000, -0.367, -0.452]
    assert found.pairs.tolist() == [12, 11, 10, 9, 8]
    assert (found.lag, found.concordance, round(found.p, 4), found.grade) == (2, 1.0, 0.0005, "A")


def test_the_link_the_other_way_round_contradicts():
    found = link(same_way=False)
    assert (found.grade, found.concordance) == ("D", 0)
    assert found.reason == "Moves against the link: when it said better, the target said worse."


def test_a_proxy_that_falls_when_its_target_rises_is_as_good():
    assert link([-value for value in PROXY], same_way=False).grade == "A"


def test_without_a_lead_it_is_no_better_than_b():
    found = link(TARGET, TARGET)
    assert (found.lag, found.grade) == (0, "B")
    assert found.reason == "Moves as the link says, probably not by chance."


@pytest.mark.parametrize(("pairs", "grade"), [(7, "C"), (8, "B")])
def test_eight_pairs_are_needed(pairs, grade):
    rising = np.cumsum(np.arange(1.0, pairs + 2))
    found = strength(np.diff(rising)[None, :pairs], np.diff(rising)[:pairs], same_way=True, seed=SEED)
    assert found.grade == grade
    if grade == "C":
        assert found.reason == "Plausible, but not tested: 7 pairs of changes, and 8 are needed."
        assert found.lag is None and np.isnan(found.p)


def test_noise_is_plausible_and_not_shown():
    """Twelve steps that were drawn on their own: chance alone often looks like the best of five lags."""
    draw = np.random.default_rng(5)
    found = strength(draw.normal(size=(5, 12)), draw.normal(size=12), same_way=True, seed=SEED)
    assert found.p > 0.2
    assert (found.grade, found.reason) == (
        "C",
        "Plausible, but not shown: chance alone would often look like this.",
    )


@pytest.mark.parametrize(
    ("is_stale", "reason"),
    [(True, "The proxy is stale."), (None, "The age of the proxy is not known.")],
)
def test_stale_or_of_unknown_age_is_never_above_d(is_stale, reason):
    found = link(is_stale=is_stale)
    assert (found.grade, found.reason) == ("D", reason)


def test_a_proxy_that_never_changes_can_not_be_tested():
    found = link([5] * 13)
    assert (found.grade, found.reason) == ("C", "Plausible, but not tested: one of the two never changes.")


def test_the_frameworks_own_rules_hold():
    assert link(rules=Rules(pairs=13)).grade == "C"
    assert link(rules=Rules(strong_p=0.0001)).grade == "B"


def test_the_seed_is_of_the_series_and_the_day():
    assert seed("P", "T", "2004-07-14") == SEED != seed("P", "T", "2004-10-14")
    assert SEED == 17440648578410097291
    draw = np.random.default_rng(1)
    x, y = draw.normal(size=(5, 12)), draw.normal(size=12)
    again = [strength(x, y, same_way=True, seed=number).p for number in (SEED, SEED, SEED + 1)]
    assert again[0] == again[1] != again[2]


CHANGES = st.lists(st.integers(-50, 50), min_size=9, max_size=14)


@settings(max_examples=25)
@given(CHANGES, CHANGES, st.booleans())
def test_the_best_of_five_lags_is_never_taken_for_more_than_one(proxy, target, same_way):
    """p is that of the largest |ρ| at any lag; rescaling either changes nothing; grades follow the rules."""
    length = min(len(proxy), len(target))
    x, y = lagged(np.cumsum([0, *proxy[:length]])), np.array(target[:length], dtype=float)
    rules = Rules(permutations=200)
    found = strength(x, y, same_way=same_way, seed=SEED, rules=rules)
    scaled = strength(x * 8, y * 0.5, same_way=same_way, seed=SEED, rules=rules)
    assert (scaled.grade, scaled.lag, scaled.p) == pytest.approx(
        (found.grade, found.lag, found.p), nan_ok=True
    )
    turned = strength(-x, y, same_way=not same_way, seed=SEED, rules=rules)
    assert turned.grade == found.grade
    if found.grade == "A":
        assert found.lag >= 1 and found.p < 0.05 and found.concordance >= 0.75
    if found.grade in "AB":
        assert (found.rho > 0) == same_way
    if found.pairs.max() < 8:
        assert found.grade == "C"
