"""Rules and what comes of breaking them: stated in a contract, following from its columns, or in need of context."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from grids import Row, contract, sheet

from pipelines.cells import CellError
from pipelines.contract import NUMERIC, Column, Contract, Rule
from pipelines.framework.references import References, refer
from pipelines.judge.context import ContextError, widen
from pipelines.layouts import read_table
from pipelines.recognise import recognise
from pipelines.tidy import tidy
from pipelines.validate import ValidationFault, validate, validate_values
from pipelines.validate.rules import row_rules

AREAS = contract(
    Column("area_id", "Area ref", "text", required=True), schema="framework", title="Areas", name="areas"
)
REFERENCES: References = {"framework.areas": refer(AREAS, [{"area_id": "salford"}, {"area_id": "england"}])}


def rule(identity: str, on_failure: str, expectation: str, **arguments: Any) -> Rule:
    return Rule(identity, f"Broken: {identity}.", on_failure, f"expect_column_{expectation}", arguments)


WITHIN = rule(
    "spend_within_bounds", "refuse", "values_to_be_between", column="spend", min_value=0, max_value=999
)
NOT_OVER = rule(
    "spend_within_budget",
    "query",
    "pair_values_a_to_be_greater_than_b",
    column_A="budget",
    column_B="spend",
    or_equal=True,
    ignore_row_if="either_value_is_missing",
)
RETURN = contract(
    Column("area_id", "Area", "text", required=True, refers_to="framework.areas", help="Where it was spent."),
    Column("site", "Site", "text"),
    Column("budget", "Budget (£)", "money"),
    Column("spend", "Spend (£)", "money", required=True, help="In the quarter."),
    Column("day", "Day", "date"),
    key=["area_id", "site"],
    rules=(WITHIN, NOT_OVER),
)


def frame(*rows: Row, of: Contract = RETURN, submission_id: str = "s1") -> pd.DataFrame:
    """The rows under all headings of the contract, typed; the first has the id s1:1:2, as row 2 of its sheet."""
    (table,) = recognise(sheet([[column.header for column in of.columns], *rows]), [of]).tables
    tidied = tidy(table, read_table(table).records, "f1", submission_id, 1, REFERENCES)
    typed = pd.DataFrame(tidied.rows, dtype=object)
    for column in of.columns:
        if column.type in NUMERIC:
            typed[column.name] = pd.to_numeric(typed[column.name])
    return typed


def found(*rows: Row, rules: tuple[Rule, ...] = RETURN.rules) -> list[tuple[int, str, str, str | None]]:
    """Row on the sheet, rule, consequence and column of every finding."""
    findings = validate(replace(RETURN, rules=rules), frame(*rows), REFERENCES)
    return [(int(str(f.row_id).rsplit(":")[-1]), f.rule, f.consequence, f.column_name) for f in findings]


# What follows from the columns


def test_a_guessed_key_never_takes_the_genuine_row_down_with_it() -> None:
    genuine, guessed = ["salford", "a", 100, 50, None], ["salfordx", "a", 100, 60, None]
    assert [one for one in found(genuine, guessed) if one[2] == "refuse"] == [
        (3, "one_row_per_key", "refuse", "area_id")
    ]
    (refused,) = [
        f for f in validate(RETURN, frame(guessed, genuine), REFERENCES) if f.rule == "one_row_per_key"
    ]
    assert refused.row_id == "s1:1:2"
    assert "'salfordx' could be a slip for salford, but another row has salford itself" in refused.because


def test_of_two_guesses_or_two_genuine_rows_neither_is_used() -> None:
    genuine, guessed = ["Salford", "a", 100, 50, None], ["salfordx", "a", 100, 60, None]
    other = ["slford", "a", 100, 70, None]
    for rows in ([guessed, other], [genuine, [*genuine[:3], 55, None], guessed]):
        refused = [row for row, rule, *_ in found(*rows) if rule == "one_row_per_key"]
        assert refused == list(range(2, 2 + len(rows)))


def test_rows_that_break_nothing() -> None:
    assert found(["Salford", "a", 100, 50, "1 July 2004"], ["england", None, None, 0, None]) == []


def test_no_rows_break_nothing() -> None:
    assert validate(RETURN, frame(["salford", "a", 1, 1, None]).iloc[:0], REFERENCES) == []


def test_every_fault_of_every_row_is_found_at_once_and_in_the_order_of_the_rows() -> None:
    assert found(
        ["Atlantis", "a", "a lot", None, "one day"],
        ["salford", "a", 100, 50, None],
        ["salford", "b", 100, 1000, "07/13/2004"],
    ) == [
        (2, "spend_given", "refuse", "spend"),
        (2, "budget_readable", "query", "budget"),
        (2, "day_readable", "query", "day"),
        (2, "area_id_known", "refuse", "area_id"),
        (4, "day_clear", "query", "day"),
        (4, "spend_within_bounds", "refuse", "spend"),
        (4, "spend_within_budget", "query", "budget"),
    ]


def test_sentences_say_what_is_missing_wrong_or_unknown() -> None:
    findings = validate(RETURN, frame(["Atlantis", "a", "a lot", None, None]), REFERENCES)
    because = {finding.rule: finding.because for finding in findings}
    assert because["spend_given"] == "'Spend (£)' is blank. Fill in: in the quarter."
    assert "'a lot'" in because["budget_readable"]
    assert because["area_id_known"].startswith(
        "'Area' must be one of those in the framework's sheet 'Areas'."
    )


def test_a_finding_names_its_submission_and_row() -> None:
    (finding,) = validate(RETURN, frame(["salford", "a", 1, None, None], submission_id="s9"), REFERENCES)
    assert (finding.submission_id, finding.row_id) == ("s9", "s9:1:2")


def test_no_value_is_known_to_an_empty_sheet_of_the_framework() -> None:
    nothing = {"framework.areas": refer(AREAS, [])}
    findings = validate(RETURN, frame(["salford", "a", 1, 1, None]), nothing)
    assert [finding.rule for finding in findings] == ["area_id_known"]


def test_more_faults_than_a_sample_would_show_are_all_found() -> None:
    """Great Expectations lists twenty of them unless it is asked for all."""
    rows = [["salford", f"site {n}", None, -1 if n % 2 else 1, None] for n in range(200)]
    assert [row for row, rule, *_ in found(*rows) if rule == "spend_within_bounds"] == list(range(3, 203, 2))


def test_a_value_that_is_needed_can_not_be_left_open_but_a_measure_can() -> None:
    """There is no figure yet: a partner may well have to say so of what it measures."""
    measured = contract(
        Column("area_id", "Area", "text", required=True, refers_to="framework.areas"),
        Column("value", "Value", "measure", required=True, unit_of="area_id"),
        Column("spend", "Spend (£)", "money", required=True, help="In the quarter."),
    )
    rows = frame(["salford", "n/a", "n/a"], ["england", None, "TBC"], ["england", 3, 0], of=measured)
    found = [(f.rule, f.because) for f in validate(measured, rows, REFERENCES) if f.rule != "one_row_per_key"]
    assert found == [
        ("spend_given", "'Spend (£)' says 'n/a', but a value is needed. Fill in: in the quarter."),
        ("value_given", "'Value' is blank. Fill it in."),
        ("spend_given", "'Spend (£)' says 'TBC', but a value is needed. Fill in: in the quarter."),
    ]


# One row per key


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([["salford", "a", None, 1, None], ["salford", "b", None, 1, None]], []),
        ([["salford", "a", None, 1, None], ["Salford", "a", None, 2, None]], [2, 3]),
        ([["salford", None, None, 1, None], ["salford", None, None, 1, None]], [2, 3]),
        ([["salford", None, None, 1, None], ["salford", "a", None, 1, None]], []),
        ([["salford", "a", None, 1, None]] * 3, [2, 3, 4]),
    ],
)
def test_rows_of_one_submission_may_not_share_a_key(rows: list[Row], refused: list[int]) -> None:
    assert [(row, rule) for row, rule, *_ in found(*rows)] == [(row, "one_row_per_key") for row in refused]


def test_rows_of_two_submissions_may_share_a_key() -> None:
    one, other = (frame(["salford", "a", 1, 1, None], submission_id=s) for s in ("s1", "s2"))
    assert validate(RETURN, pd.concat([one, other], ignore_index=True), REFERENCES) == []


# A fault that merely follows from another


@pytest.mark.parametrize("spoilt", [CellError("#REF!"), "a lot"])
def test_a_rule_on_a_value_that_can_not_be_read_says_nothing_more(spoilt: Any) -> None:
    must = rule("budget_given_too", "refuse", "values_to_not_be_null", column="budget")
    assert found(["salford", "a", spoilt, 50, None], rules=(must,)) == [
        (2, "budget_readable", "query", "budget")
    ]
    assert found(["salford", "a", None, 50, None], rules=(must,)) == [
        (2, "budget_given_too", "refuse", "budget")
    ]


def test_a_rule_on_other_values_of_the_row_still_speaks() -> None:
    assert [rule for _, rule, *_ in found(["Atlantis", "a", 10, 50, None])] == [
        "area_id_known",
        "spend_within_budget",
    ]


def test_a_value_to_be_confirmed_spoils_nothing() -> None:
    late = rule("day_not_given", "query", "values_to_be_null", column="day")
    assert [rule for _, rule, *_ in found(["salford", "a", 9, 5, "07/13/2004"], rules=(late,))] == [
        "day_clear",
        "day_not_given",
    ]


def test_two_rows_without_a_reference_are_not_called_twins() -> None:
    rows = [[None, "a", None, 1, None], [None, "a", None, 1, None]]
    assert [rule for _, rule, *_ in found(*rows)] == ["area_id_given", "area_id_given"]


def test_a_fault_that_follows_from_another_rule_is_not_listed_beside_it() -> None:
    follows = replace(NOT_OVER, follows_from=(WITHIN.id,))
    assert found(
        ["salford", "a", 10, 5000, None], ["salford", "b", 10, 50, None], rules=(WITHIN, follows)
    ) == [
        (2, "spend_within_bounds", "refuse", "spend"),
        (3, "spend_within_budget", "query", "budget"),
    ]


def test_a_rule_on_trial_explains_nothing_away() -> None:
    trial, follows = replace(WITHIN, trial=True), replace(NOT_OVER, follows_from=(WITHIN.id,))
    assert [rule for _, rule, *_ in found(["salford", "a", 10, 5000, None], rules=(trial, follows))] == [
        "spend_within_bounds",
        "spend_within_budget",
    ]


def test_rows_that_are_exactly_the_same_are_told_so() -> None:
    twins = [["salford", "a", 10, 5, None]] * 2
    findings = validate(
        RETURN, frame(*twins, ["england", "b", 9, 1, None], ["england", "b", 9, 2, None]), REFERENCES
    )
    assert [f.because.split(".")[0] for f in findings] == [
        *["Two rows are exactly the same"] * 2,
        *["Two rows have the same 'Area', 'Site', so we can't tell which counts"] * 2,
    ]


# Rules as a contract states them


def test_a_finding_of_a_rule_on_trial_says_so() -> None:
    (finding,) = validate(
        replace(RETURN, rules=(replace(WITHIN, trial=True),)),
        frame(["salford", "a", None, -1, None]),
        REFERENCES,
    )
    assert (finding.is_trial, finding.consequence) == (True, "note")


def test_a_sentence_says_the_figures_of_its_row() -> None:
    told = replace(NOT_OVER, because="Spend ({spend}) is over the budget ({budget}).")
    (finding,) = validate(replace(RETURN, rules=(told,)), frame(["salford", "a", 10, 50, None]), REFERENCES)
    assert finding.because == "Spend (£50) is over the budget (£10)."


def test_a_rule_on_trial_is_only_noted() -> None:
    assert found(["salford", "a", None, -1.5, None], rules=(replace(WITHIN, trial=True),)) == [
        (2, "spend_within_bounds", "note", "spend")
    ]


def test_a_rule_points_to_the_column_it_names() -> None:
    assert found(["salford", "a", 10, 50, None], rules=(replace(NOT_OVER, points_to="spend"),)) == [
        (2, "spend_within_budget", "query", "spend")
    ]


def test_blanks_are_left_alone_where_a_rule_says_so() -> None:
    assert found(["salford", "a", None, 50, None], ["salford", "b", 10, 10, None]) == []


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (rule("misspelt", "query", "values_to_be_betwixt", column="spend"), "betwixt"),
        (rule("misspelt", "query", "values_to_be_between", column="spend", minimum=0), "minimum"),
        (rule("misspelt", "query", "values_to_be_between", column="spnd", min_value=0), "could not be run"),
        (rule("unlike", "query", "values_to_match_regex", column="spend", regex="("), "could not be run"),
    ],
)
def test_a_rule_that_can_not_be_run_is_our_fault_and_stops_everything(broken: Rule, sentence: str) -> None:
    with pytest.raises(ValidationFault, match=f"^stock_take, rule {broken.id}: ") as fault:
        found(["salford", "a", 1, 1, None], rules=(WITHIN, broken))
    assert sentence in str(fault.value)


def test_two_rules_of_one_id_stop_everything() -> None:
    with pytest.raises(ValidationFault, match="the rules asked and the rules answered differ"):
        found(["salford", "a", 1, 1, None], rules=(WITHIN, replace(NOT_OVER, id=WITHIN.id)))


def test_references_and_the_key_come_before_the_rules_of_the_contract() -> None:
    rated = replace(RETURN, columns=(*RETURN.columns, Column("rating", "Rating", "rating")))
    references = REFERENCES | {"framework.rating_scale": refer(AREAS, [{"area_id": "G"}, {"area_id": "A"}])}
    rules = row_rules(rated, references)
    assert [rule.id for rule in rules] == [
        "area_id_known",
        "rating_known",
        "one_row_per_key",
        "spend_within_bounds",
        "spend_within_budget",
    ]
    assert rules[1].arguments["value_set"] == ["A", "G"]


# Context

FRAMEWORK_FRAME = pd.DataFrame(
    {
        "row_id": ["a", "b", "c"],
        "submission_id": "s0",
        "area_id": ["salford", "england", "wales"],
        "note": None,
        "is_current": [True, True, False],
    },
    dtype=object,
)
NOTED = replace(AREAS, columns=(*AREAS.columns, Column("note", "Note", "text")))


def widened(folder: Path, select: str, *rows: Row) -> pd.DataFrame:
    """The rows with what the select adds to them."""
    (folder / "stock_take.sql").write_text(select, encoding="utf-8")
    narrow = frame(*rows).assign(partner="pct", quarter="2004-05-Q1", file_id="f1")
    contracts = {"framework.areas": NOTED, RETURN.full_name: RETURN}
    return widen(narrow, RETURN, {"framework.areas": FRAMEWORK_FRAME}, contracts, folder)


def test_a_return_without_a_select_stays_as_it_is(tmp_path: Path) -> None:
    narrow = frame(["salford", "a", 1, 1, None])
    assert widen(narrow, RETURN, {}, {}, tmp_path) is narrow


def test_every_row_gets_its_context_in_whatever_order_it_comes(tmp_path: Path) -> None:
    wide = widened(
        tmp_path,
        "select row_id, sum(spend) over () as all_spend, spend * 2 as twice from rows order by row_id desc",
        ["salford", "a", 1, 10, None],
        ["england", "a", 1, 20, None],
    )
    assert wide[["area_id", "all_spend", "twice"]].values.tolist() == [
        ["salford", 30, 20],
        ["england", 30, 40],
    ]


def test_a_select_sees_whose_the_rows_are_and_the_framework_in_force(tmp_path: Path) -> None:
    wide = widened(
        tmp_path,
        "select row_id, partner || ' ' || quarter as whose, (select count(*) from framework.areas) as areas from rows",
        ["salford", "a", 1, 10, None],
    )
    assert wide[["whose", "areas"]].values.tolist() == [["pct 2004-05-Q1", 2]]


def test_a_column_without_a_value_has_the_type_of_its_contract(tmp_path: Path) -> None:
    """Or a select that works all year would fail in the quarter in which nobody fills the column in."""
    wide = widened(
        tmp_path,
        "select row_id, site = 'a' as is_a, spend > 1 as is_more, day < date '2004-07-01' as is_june,"
        " (select count(*) from framework.areas where note = 'x') as noted from rows",
        ["salford", None, None, None, None],
    )
    assert wide[["is_a", "is_more", "is_june"]].isna().all(axis=None)
    assert wide["noted"].tolist() == [0]


def test_a_select_sees_the_limits_and_the_counting_rows_of_what_its_contract_comes_after(
    tmp_path: Path,
) -> None:
    (tmp_path / "stock_take.sql").write_text(
        "select rows.row_id, (select value from framework.limits where setting_id = 'jump_k') as k,"
        " (select count(*) from staging.sites) as sites from rows",
        encoding="utf-8",
    )
    sites = replace(RETURN, name="sites")
    others = frame(["salford", "a", 1, 1, None], ["salford", "b", 1, 1, None], of=sites)
    others = others.assign(partner="pct", quarter="2004-05-Q1", file_id="f1", is_current=[True, False])
    mine = replace(RETURN, after=("sites",))
    contracts = {sites.full_name: sites, RETURN.full_name: mine}
    narrow = frame(["salford", "a", 1, 1, None]).assign(partner="pct", quarter="2004-05-Q1", file_id="f1")
    wide = widen(narrow, mine, {sites.full_name: others}, contracts, tmp_path)
    assert wide[["k", "sites"]].values.tolist() == [[5, 1]]


@pytest.mark.parametrize("select", ["select row_id from rows limit 1", "from rows union all from rows"])
def test_a_select_that_loses_or_doubles_rows_is_our_fault(tmp_path: Path, select: str) -> None:
    with pytest.raises(ContextError, match=r"stock_take.sql must give one line for each row_id"):
        widened(tmp_path, select, ["salford", "a", 1, 10, None], ["england", "a", 1, 10, None])


def test_a_null_check_on_a_context_column_points_to_the_column_it_names(tmp_path: Path) -> None:
    check = rule("nothing_early", "refuse", "values_to_be_null", column="early")
    wide = widened(
        tmp_path,
        "select row_id, case when spend > 10 then 'spend' end as early from rows",
        ["salford", "a", None, 10, None],
        ["england", "a", None, 20, None],
    )
    findings = validate(replace(RETURN, rules=(check,)), wide, REFERENCES)
    assert [(f.row_id, f.rule, f.column_name) for f in findings] == [("s1:1:3", "nothing_early", "spend")]


# Returns that are refused whole


def test_single_values_are_judged_without_what_else_the_row_needs() -> None:
    findings = validate_values(RETURN, frame(["Atlantis", "a", "a lot", None, None]), REFERENCES)
    assert [finding.rule for finding in findings] == ["spend_given", "budget_readable", "area_id_known"]
