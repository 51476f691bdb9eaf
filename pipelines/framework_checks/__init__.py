"""The framework judged as a whole: what no sheet's own contract can see, as sheets only fail together.

Every return is read, rated and shown by the framework. So a fault that makes figures wrong or impossible
is refused here, before a return is read, with the cell and what would be right; what is merely doubtful
is asked about.
"""

from collections.abc import Callable, Iterator

from pipelines.findings import Finding
from pipelines.framework_checks import (
    actions,
    calendar,
    cycle,
    layouts,
    scales,
    settings,
    sheet_names,
    sheets,
    targets,
    text_files,
    waivers,
)
from pipelines.framework_checks.framework import Framework
from pipelines.judge.judged import Judged

CHECKS: tuple[Callable[[Framework], Iterator[Finding]], ...] = (
    sheets.needed,
    sheets.whole,
    settings.given,
    settings.numbers,
    settings.choices,
    settings.names,
    settings.retention,
    settings.home_area,
    settings.outlook_methods,
    text_files.encodings,
    text_files.limits,
    scales.numbered,
    scales.limits,
    scales.chances,
    scales.rating_codes,
    scales.colours,
    calendar.quarters,
    calendar.gaps,
    calendar.cut_offs,
    calendar.expected_returns,
    cycle.settings,
    cycle.days,
    cycle.addresses,
    cycle.withdrawals,
    targets.stated_once,
    targets.figures,
    targets.needs,
    targets.counted_units,
    targets.for_the_better,
    targets.parts,
    targets.led,
    targets.adds_up,
    sheet_names.of_targets,
    sheet_names.of_fund,
    actions.served,
    actions.shares_said,
    actions.shares,
    waivers.named,
    waivers.rules,
    waivers.places,
    layouts.of_returns,
    layouts.meanings,
)


def check(judged: Judged) -> list[Finding]:
    """Every fault of the judged framework, each at its cell.

    Consequence refuse: figures would be impossible or wrong, so the run must stop. Consequence query:
    doubtful, but the figures stand. Only rows that count are looked at.
    """
    framework = Framework(judged)
    return [finding for find in CHECKS for finding in find(framework)]
