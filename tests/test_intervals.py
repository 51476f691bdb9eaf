"""How far chance could have moved a figure, and whether two areas differ by more."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.measures.benchmark import compare
from pipelines.measures.intervals import byar, exact_poisson, interval, wilson

HB, LB, NEITHER = "higher is better", "lower is better", "no judgement"


def ends(found, places=6):
    return [round(float(end), places) for end in found]


def test_methods_c2_wilson():
    """methods.md C2, as in the PHEindicatormethods test workbook."""
    assert ends(wilson(65, 100)) == [0.552544, 0.736358]
    assert ends(wilson(0, 20)) == [0, 0.161125]
    assert ends(wilson(20, 20)) == [round(1 - 0.1611251580528, 6), 1]


def test_methods_c2_byar_and_exact():
    """methods.md C2: 65 by Byar, 4 and 0 exact."""
    assert ends(byar(65)) == [50.163188, 82.849139]
    assert ends(byar(4)) == ends(exact_poisson(4)) == [1.089865, 10.241589]
    assert ends(byar(0)) == ends(exact_poisson(0)) == [0, 3.688879]


@pytest.mark.parametrize(("count", "is_exact"), [(9, True), (10, False)])
def test_the_exact_interval_is_for_counts_below_ten(count, is_exact):
    assert (ends(byar(count)) == ends(exact_poisson(count))) is is_exact


def test_each_kind_of_figure_has_its_own_interval_in_its_own_unit():
    lower, upper = interval(
        ["proportion", "rate", "count", "none", None], [65, 65, 65, 65, 65], 100, [100, 1000, 1, 1, 1]
    )
    assert [round(x, 4) for x in lower[:3]] == [55.2544, 501.6319, 50.1632]
    assert [round(x, 4) for x in upper[:3]] == [73.6358, 828.4914, 82.8491]
    assert np.isnan(lower[3:]).all() and np.isnan(upper[3:]).all()


@pytest.mark.parametrize(
    ("count", "denominator"), [(None, 10), (5, None), (5, 0), (5, -3), (11, 10), (-1, 10), (math.inf, 10)]
)
def test_no_interval_for_what_can_not_be(count, denominator):
    assert all(math.isnan(end) for end in wilson(count, denominator))
    assert all(math.isnan(end) for end in interval("proportion", count, denominator, 100))
    if count is None or count < 0 or denominator is None or denominator <= 0 or math.isinf(count):
        assert all(math.isnan(end) for end in interval("rate", count, denominator, 100))


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_wilson_holds_its_estimate_and_mirrors(x, n):
    x = min(x, n)
    lower, upper = wilson(x, n)
    assert 0 <= lower <= x / n + 1e-12 and x / n - 1e-12 <= upper <= 1
    other = wilson(n - x, n)
    assert other == (pytest.approx(1 - upper, abs=1e-9), pytest.approx(1 - lower, abs=1e-9))
    assert wilson(10 * x, 10 * n)[1] - wilson(10 * x, 10 * n)[0] < upper - lower


@given(st.integers(0, 10**6))
def test_byar_holds_its_estimate_and_grows_with_it(x):
    lower, upper = byar(x)
    assert 0 <= lower <= x < upper
    above = byar(x + 1)
    # at ten the approximation takes over, a little off
    assert x == 9 or (above[0] > lower and above[1] > upper)


@given(st.integers(10, 10**5))
def test_byar_is_near_the_exact_interval(x):
    assert ends(byar(x), 9) == [pytest.approx(end, rel=0.01) for end in ends(exact_poisson(x), 9)]


@pytest.mark.parametrize(
    ("benchmark", "higher", "lower", "neither"),
    [
        (49, "better", "worse", "higher"),
        (50, "similar", "similar", "similar"),
        (55, "similar", "similar", "similar"),
        (60, "similar", "similar", "similar"),
        (61, "worse", "better", "lower"),
        (None, None, None, None),
    ],
)
def test_methods_c3(benchmark, higher, lower, neither):
    """methods.md C3: better or worse only if the benchmark lies outside the area's own interval, 50 to 60."""
    assert compare(benchmark, 50, 60, [HB, LB, NEITHER]).tolist() == [higher, lower, neither]


def test_without_an_interval_nothing_is_compared():
    assert compare(49, [None, 50], [60, None], HB).tolist() == [None, None]


# Halved, the smallest of all fractions is 0; nobody measures anything that is nearly so small.
FIGURES = st.floats(-1e6, 1e6).filter(lambda figure: figure == 0 or abs(figure) > 1e-200)


@given(FIGURES, FIGURES, FIGURES.map(abs), st.floats(1e-3, 1e3))
def test_a_comparison_mirrors_under_polarity_and_keeps_under_rescaling(benchmark, lower, width, scale):
    mirror = {"better": "worse", "worse": "better", "similar": "similar"}
    found = compare(benchmark, lower, lower + width, HB)
    assert compare(benchmark, lower, lower + width, LB) == mirror[found]
    assert compare(-benchmark, -lower - width, -lower, LB) == found
    # a power of two, which leaves the digits of binary fractions as they are
    factor = 2.0 ** round(math.log2(scale))
    assert compare(benchmark * factor, lower * factor, (lower + width) * factor, HB) == found
