"""Rules asked of Great Expectations, and the lines that break them.

The only importer of Great Expectations, and only when called: it takes seconds to import. It drops a misspelt
expectation in silence and reports one that raised as a mere failure, so what comes back is compared with what was
asked, and anything unexplained is our error, raised.
"""

import gc
import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from pipelines.contract import Rule


class ValidationFault(Exception):
    """A rule could not be run as written: the contract's fault or ours, never a partner's."""


def broken(
    name: str, frame: pd.DataFrame, rules: list[Rule], index: list[str]
) -> list[tuple[Rule, Mapping[str, Any]]]:
    """Each broken rule with the index columns of a line that breaks it.

    Asked twice: first which rules are broken, and then in which lines, of the few that are; in which lines is most
    of what there is to work out.
    """
    batch = _any_frame().get_batch({"dataframe": frame})
    answers = _answers(name, batch, rules, {"result_format": "BOOLEAN_ONLY"})
    failing = [rule for rule in rules if not answers[rule.id].success]
    if not failing:
        return []
    answers = _answers(
        name,
        batch,
        failing,
        {
            "result_format": "COMPLETE",
            "unexpected_index_column_names": index,
            "partial_unexpected_count": 0,
            "include_unexpected_rows": False,
            "return_unexpected_index_query": False,
        },
    )
    lines_of = []
    for rule in failing:
        lines = answers[rule.id].result.get("unexpected_index_list")
        if not lines:
            why = answers[rule.id].exception_info
            raise ValidationFault(f"{name}, rule {rule.id}: it could not be run. {why}")
        lines_of += [(rule, line) for line in lines]
    return lines_of


def _answers(name: str, batch: Any, rules: list[Rule], result_format: Mapping[str, Any]) -> dict[str, Any]:
    """Rule → what Great Expectations says of it; ValidationFault unless every rule asked was answered."""
    gx = great_expectations()
    from great_expectations.expectations.registry import get_expectation_impl

    suite = gx.ExpectationSuite(name=name)
    for rule in rules:
        try:
            expectation = get_expectation_impl(rule.expectation)
            suite.add_expectation(expectation(**rule.arguments, meta={"rule": rule.id}, notes=rule.general))
        except Exception as error:
            raise ValidationFault(f"{name}, rule {rule.id}: {error}") from error
    results = batch.validate(suite, result_format=dict(result_format)).results
    answers = {_rule_of(result): result for result in results}
    if sorted(answers) != sorted(rule.id for rule in rules) or len(answers) != len(results):
        raise ValidationFault(f"{name}: the rules asked and the rules answered differ.")
    return answers


@cache
def great_expectations() -> Any:
    """Great Expectations with our own expectations. What it makes in being imported stays: looking through it for
    garbage, meanwhile and with every later search, takes a tenth of a run.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        gx = importlib.import_module("great_expectations")
        importlib.import_module("pipelines.validate.expectations")  # registers our own
    finally:
        if was_on:
            gc.enable()
    gc.freeze()
    return gx


@cache
def _any_frame() -> Any:
    """Great Expectations' definition of a batch that is a whole frame: made once, as each making writes YAML."""
    gx = great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _rule_of(result: Any) -> str:
    """The rule that a result answers; results come in another order than the rules were asked in."""
    return str(result.expectation_config.meta["rule"])
