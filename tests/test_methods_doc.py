"""Every worked example of docs/methods.md is worked out again from its own text.

An example stands between `<!-- example: name -->` and `<!-- end -->`. What goes in is in `code`, what comes out in
**bold**, in the order in which EXAMPLES takes and gives them; a number is compared to the decimals printed.
"""

import re
from collections.abc import Callable, Sequence

import pytest
from sample_files import ROOT

from pipelines.measures import benchmark, control_chart, intervals, recent_trend, spend

DOC = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
FOUND = dict(re.findall(r"<!-- example: (.+?) -->\n(.+?)\n<!-- end -->", DOC, re.DOTALL))
HB, LB = "higher is better", "lower is better"
Example = Callable[[list[float]], Sequence[object]]


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
    "wilson": wilson,
    "byar": byar,
    "benchmark": compared,
    "trend of values": trend_of_values,
    "trend of proportions": trend_of_proportions,
    "limits": limits,
    "assurance": assured,
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
