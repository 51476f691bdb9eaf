"""Every worked example of docs/methods.md is worked out again from its own text.

An example stands between `<!-- example: name -->` and `<!-- end -->`. What goes in is in `code`, what comes out in
**bold**, in the order in which EXAMPLES takes and gives them; a number is compared to the decimals printed.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from sample_files import ROOT

from pipelines.measures import (
    age,
    benchmark,
    control_chart,
    intervals,
    outlook,
    part_year,
    periods,
    position,
    proxy_strength,
    recent_trend,
    spend,
    target_types,
    trajectory,
)

DOC = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
FOUND = dict(re.findall(r"<!-- example: (.+?) -->\n(.+?)\n<!-- end -->", DOC, re.DOTALL))
HB, LB = "higher is better", "lower is better"
Example = Callable[[list[float]], Sequence[object]]


def staleness(given: list[float]) -> Sequence[object]:
    return [age.staleness_index(*given)]


def four_quarters(given: list[float]) -> Sequence[object]:
    starts = ["2003-04-01", "2003-07-01", "2003-10-01", "2004-01-01"]
    return [periods.rolling_four(["it"] * 4, starts, given)[-1]]


def gap(given: list[float]) -> Sequence[object]:
    here_then, there_then, here, there, cut = given
    found = target_types.course(
        "GAP_REL", HB, value=here, baseline_value=here_then, stated_change=cut, comparator_value=there,
        comparator_baseline=there_then,
    )  # fmt: skip
    made = target_types.narrowing(found.value, found.baseline, found.goal)
    return [found.baseline, found.value, found.goal, made, target_types.value_at_gap(there, found.goal, HB)]


def multiple_and_faster(given: list[float]) -> Sequence[object]:
    here, there, _, then, now, then_there, now_there = given
    multiple = target_types.course(
        "MAX_MULTIPLE", LB, value=here, baseline_value=here, comparator_value=there
    )
    faster = target_types.course(
        "FASTER_THAN",
        LB,
        value=now,
        baseline_value=then,
        comparator_value=now_there,
        comparator_baseline=then_there,
    )
    return [multiple.value, faster.value, faster.goal]


def trajectory_of(given: list[float]) -> Sequence[object]:
    begin, goal, passed, whole, steepness = given
    start = np.datetime64("2001-01-01")
    dates = (start, start + int(whole), start + int(passed))
    return [
        trajectory.elapsed(*dates),
        trajectory.linear(begin, goal, *dates),
        trajectory.geometric(begin, goal, *dates),
        trajectory.s_curve(begin, goal, *dates, steepness=steepness),
    ]


def rating(given: list[float]) -> Sequence[object]:
    found = position.rate(
        *given, on="2003-12-31", target_type="ABS_THRESHOLD", direction=1, is_stale=False,
        scale=[("G", 1), ("AG", 0.8), ("AR", 0.6), ("R", None)], early_share=0.1,
    )  # fmt: skip
    return [found.progress, found.on_course, str(found.rating)]


def reward(given: list[float]) -> Sequence[object]:
    threshold, *made = given
    return [*position.reward(made, threshold=threshold)]


def outlook_of(given: list[float]) -> Sequence[object]:
    *values, goal, ahead = given
    asked = ([values], [range(len(values))], [goal], [len(values) - 1 + ahead])
    walk, damped, line, slope = (
        outlook.METHODS[name](*asked)
        for name in ("random walk with drift", "damped trend", "least squares", "median slope")
    )
    still = outlook.no_change(*asked)
    both = outlook.outlook(*asked, [1])
    found = [*walk, still.chance, *damped, *line, *slope, both.chance]
    return [float(figure[0]) for figure in found]


def counts_and_shares(given: list[float]) -> Sequence[object]:
    return [part_year.count_at_most(*given[:4]), part_year.share_at_least(*given[4:])]


def wilson(given: list[float]) -> Sequence[object]:
    asked, satisfied = given
    return intervals.wilson(satisfied, asked)


def byar(given: list[float]) -> Sequence[object]:
    many, few, base, per = given
    rate = intervals.interval("rate", many, base, per)
    return [*intervals.byar(many), *intervals.byar(few), *rate]


def compared(given: list[float]) -> Sequence[object]:
    lower, upper, *others = given
    return [benchmark.compare(other, lower, upper, LB) for other in others]


def trend_of_values(given: list[float]) -> Sequence[object]:
    found = _trend(given[::3], given[1::3], given[2::3])
    return [found.slope[0], found.chi_squared[0], found.trend[0]]


def trend_of_proportions(given: list[float]) -> Sequence[object]:
    counts, of = given[:5], given[5:]
    shares = [count / base for count, base in zip(counts, of, strict=True)]
    found = _trend(shares, count=counts, denominator=of)
    return [found.chi_squared[0], found.trend[0]]


def _trend(values, lower=None, upper=None, **more):
    years = range(2000, 2000 + len(values))
    starts, ends = [f"{year}-01-01" for year in years], [f"{year}-12-31" for year in years]
    return recent_trend.recent_trend(values, lower, upper, ["it"] * len(values), starts, ends, LB, **more)


def limits(given: list[float]) -> Sequence[object]:
    found = control_chart.chart(given, ["it"] * len(given), LB, fixed_on=12)
    mean_step = (found.upper[0] - found.mean[0]) / control_chart.LIMIT
    return [found.mean[0], mean_step, found.lower[0], found.upper[0], found.variation[-1]]


def assured(given: list[float]) -> Sequence[object]:
    """The limits are those of the example before."""
    lower, upper = _results("limits")[2:4]
    return [*control_chart.assurance(given, _number(lower), _number(upper), LB)]


def linked(given: list[float]) -> Sequence[object]:
    proxy, target = given[:11], given[11:]
    found = proxy_strength.strength(
        proxy_strength.lagged(proxy),
        np.diff(target),
        same_way=True,
        seed=proxy_strength.seed("worked example"),
    )
    assert found.p < 0.05
    (same, ahead), (none, one) = found.pairs[:2], found.correlations[:2]
    return [same, none, ahead, one, found.lag, f"{found.concordance:.0%}", found.grade]


def outturn(given: list[float]) -> Sequence[object]:
    budget, first, second, actual, passed, quarters, cap = given
    profile = first + second
    burn, required = spend.burn(actual, passed), spend.required_run(budget, actual, passed, quarters)
    outturns = [
        spend.outturn_straight_line(actual, passed, quarters),
        spend.outturn_by_profile(actual, profile, budget),
        spend.outturn_to_plan(actual, profile, budget),
    ]
    carried, at_risk = spend.carry_forward(budget, outturns, cap)
    return [
        spend.variance(actual, profile), spend.variance_pct(actual, profile), burn, required,
        spend.times_burn(required, burn), *outturns, max(carried), *at_risk,
    ]  # fmt: skip


def shares(given: list[float]) -> Sequence[object]:
    spent, *weights = given
    thirds, rest = weights[:3], weights[3:]
    third = spent * spend.share_of_project(thirds, sum(thirds))
    parts = spent * spend.share_of_project(rest, sum(rest))
    return [third[0], *parts, spent - sum(parts)]


EXAMPLES: dict[str, Example] = {
    "staleness": staleness,
    "four quarters": four_quarters,
    "gap": gap,
    "multiple and faster": multiple_and_faster,
    "trajectory": trajectory_of,
    "rating": rating,
    "reward": reward,
    "wilson": wilson,
    "byar": byar,
    "benchmark": compared,
    "trend of values": trend_of_values,
    "trend of proportions": trend_of_proportions,
    "limits": limits,
    "assurance": assured,
    "link": linked,
    "outlook": outlook_of,
    "counts and shares": counts_and_shares,
    "outturn": outturn,
    "shares": shares,
}


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _results(name: str) -> list[str]:
    return [" ".join(text.split()) for text in re.findall(r"\*\*(.+?)\*\*", FOUND[name], re.DOTALL)]


def _printed_like(text: str, value: object) -> str:
    """The value as the text prints it: with its decimals, its sign and its thousands."""
    if isinstance(value, str):
        return value
    places = len(text.partition(".")[2])
    return f"{value:,.{places}f}".replace("-", "−")


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_the_method_gives(name: str) -> None:
    given = [_number(text) for text in re.findall(r"`(.+?)`", FOUND[name])]
    printed = _results(name)
    results = EXAMPLES[name](given)
    assert printed == [_printed_like(text, value) for text, value in zip(printed, results, strict=True)]


def test_every_example_of_the_text_is_worked_out() -> None:
    assert list(FOUND) == list(EXAMPLES)
    assert DOC.count("<!-- example") == DOC.count("<!-- end -->") == len(FOUND)
