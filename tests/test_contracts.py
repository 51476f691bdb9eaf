"""Every contract is held to its own examples, so a new one is tested by being there; broken ones are refused.

A row that breaks a rule stated in a contract comes from its examples; the rows that break the rules which
follow from its columns (given, readable, known, one row per key) are made here.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from grids import CONTEXT, contracts, opened, sample_framework, sheet

from pipelines.cells import CellError
from pipelines.contract import Contract, Rule
from pipelines.contracts import ContractError, read_contract, read_contracts
from pipelines.findings import NOTE, QUERY, REFUSE
from pipelines.judge.displaced import RULE as LEFT_OUT
from pipelines.judge.judged import Judged
from pipelines.judge.one_return import judge_contract
from pipelines.recognise import recognise
from pipelines.submission.file import FileRead, read_file
from pipelines.workspace import CONTRACTS, SQL

EVERY = sorted(contracts())

# What nobody can read as a value of a column of this type.
UNREADABLE: dict[str, Any] = {
    "text": CellError("#REF!"),
    "number": "a fair few",
    "count": "a fair few",
    "money": "a fair few",
    "percent": "a fair few",
    "measure": "a fair few",
    "period": "a while ago",
    "quarter": "a while ago",
    "date": "a while ago",
    "rating": "Purple",
    "choice": "perhaps",
}


# Held to their own examples


# What an example may say beside the values of its row.
BESIDE = {"earlier", "beside", "partner", "quarter"}


class Case(NamedTuple):
    """Rows of one return in a file of their own, and the findings (rule, consequence) that must come of them.

    `earlier` are rows that came in before it, each with the quarter for which it came.
    """

    name: str
    rows: list[dict[str, Any]]
    findings: list[tuple[str, str]]
    partner: str | None = None
    quarter: str | None = None
    earlier: tuple[tuple[str | None, dict[str, Any]], ...] = ()

    @property
    def alone(self) -> bool:
        """Whether it must be judged without the other cases, which would be part of its history."""
        return bool(self.earlier or self.quarter)


def broken(contract: Contract, rule: Rule, example: dict[str, Any]) -> Case:
    """The case of one rule: the first accepted row with what the example changes, and the rows it needs."""
    first = contract.examples["accepted"][0]
    beside = BESIDE - set(contract.by_name)

    def row(of: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in (of | values).items() if name not in beside}

    mine = row(first, example)
    return Case(
        rule.id,
        [mine, *(row(mine, other) for other in example.get("beside", []))],
        [(rule.id, NOTE if rule.trial else rule.on_failure)],
        None if "partner" not in beside else example.get("partner"),
        None if "quarter" not in beside else example.get("quarter"),
        tuple((other.get("quarter"), row(first, other)) for other in example.get("earlier", [])),
    )


def cases(contract: Contract) -> Iterator[Case]:
    """The contract's examples, and for every rule that follows from its columns a row that breaks it."""
    accepted = contract.examples["accepted"]
    first = accepted[0]
    for number, row in enumerate(accepted, start=1):
        yield Case(f"accepted {number}", [row], [])
    for rule in contract.rules:
        if rule.id in contract.examples.get("refused", {}):
            yield broken(contract, rule, contract.examples["refused"][rule.id])
    for column in contract.columns:
        if column.required:
            left_out = {name: value for name, value in first.items() if name != column.name}
            yield Case(f"{column.name}_given", [left_out], [(f"{column.name}_given", REFUSE)])
        consequence = REFUSE if column.required else QUERY
        unreadable = first | {column.name: UNREADABLE[column.type]}
        yield Case(f"{column.name}_readable", [unreadable], [(f"{column.name}_readable", consequence)])
        if column.refers_to:
            unknown = first | {column.name: "no such reference"}
            yield Case(f"{column.name}_known", [unknown], [(f"{column.name}_known", REFUSE)])
    yield Case("one_row_per_key", [first, first], [("one_row_per_key", REFUSE)] * 2)


def drawn(
    contract: Contract,
    rows: list[dict[str, Any]],
    partner: str | None = None,
    quarter: str | None = None,
) -> list[list[Any]]:
    """The rows under the contract's headings; a return also says whose it is and for when."""
    top: list[list[Any]] = []
    if not contract.is_framework:
        anybody = next(iter(sample_framework().references["framework.partners"].facts))
        partner = partner or contract.examples.get("partner", anybody)
        quarter = quarter or contract.examples.get("quarter", newest_quarter())
        top = [["Partner", partner], ["Quarter", quarter], []]
    headers = [column.header for column in contract.columns]
    return [*top, headers, *([row.get(column.name) for column in contract.columns] for row in rows)]


def newest_quarter() -> str:
    return max(sample_framework().references["framework.calendar"].facts)


def judge_cases(contract: Contract, some: list[Case]) -> tuple[Judged, dict[str, str]]:
    """Cases of a contract judged together, each a file of its own; and the file of each case.

    What the contract comes after is judged first, by the rows that its examples give.
    """
    framework = sample_framework()
    rivals = [other for other in contracts().values() if other.is_framework == contract.is_framework]
    files: list[FileRead] = []

    def send(of: Contract, rows: list[dict[str, Any]], partner: str | None, quarter: str | None) -> str:
        file = opened(len(files) + 1, sheet(drawn(of, rows, partner, quarter)), folder="inbox")
        assert file.book is not None
        files.append(read_file(file.receipt, file.book, rivals, framework.references))
        return file.receipt.file_id

    before = [contracts()[f"staging.{name}"] for name in contract.after]
    for other in before:
        for row in contract.examples["given"][other.name]:
            values = {name: value for name, value in row.items() if name != "partner"}
            send(other, [values], row["partner"], contract.examples.get("quarter"))
    file_ids = {}
    for case in some:
        for quarter in dict.fromkeys(quarter for quarter, _ in case.earlier):
            rows = [row for when, row in case.earlier if when == quarter]
            send(contract, rows, case.partner, quarter)
        file_ids[case.name] = send(contract, case.rows, case.partner, case.quarter)
    framework.files, framework.findings = files, [f for file in files for f in file.findings]
    for judging in (*before, contract):
        judge_contract(framework, judging, CONTEXT)
    return framework, file_ids


@cache
def judged(full_name: str, name: str | None = None) -> tuple[Judged, dict[str, str]]:
    """All cases of a contract without a history judged at once, or else the one that has its own."""
    contract = contracts()[full_name]
    every = list(cases(contract))
    some = [case for case in every if (case.name == name if name else not case.alone)]
    return judge_cases(contract, some)


@pytest.mark.parametrize(
    ("full_name", "case"),
    [
        pytest.param(name, case, id=f"{name}: {case.name}")
        for name in EVERY
        for case in cases(contracts()[name])
    ],
)
def test_each_example_and_each_broken_rule_comes_to_exactly_its_finding(full_name: str, case: Case) -> None:
    judgement, file_ids = judged(full_name, case.name if case.alone else None)
    file_id = file_ids[case.name]
    # the cases stand for one partner and quarter, so the last of them leaves out the rows of all others
    found = [f for f in judgement.findings if f.file_id == file_id and f.rule != LEFT_OUT]
    assert sorted((f.rule, f.consequence) for f in found) == case.findings, [f.because for f in found]
    entered = judgement.frames[full_name]["file_id"].tolist().count(file_id)
    # of rows that can't both be right a rule may refuse one and keep the other
    refused = {f.row_id for f in found if f.consequence == REFUSE}
    assert entered == len(case.rows) - len(refused)


@pytest.mark.parametrize("full_name", EVERY)
def test_every_rule_has_an_example_that_breaks_it_and_every_example_names_what_there_is(
    full_name: str,
) -> None:
    contract = contracts()[full_name]
    refused = contract.examples.get("refused", {})
    assert sorted(refused) == sorted(rule.id for rule in contract.rules)
    assert contract.examples["accepted"]
    rows = [*contract.examples["accepted"], *refused.values()]
    rows += [
        row for example in refused.values() for key in ("earlier", "beside") for row in example.get(key, [])
    ]
    assert {name for row in rows for name in row} <= set(contract.by_name) | BESIDE
    assert set(contract.examples.get("given", {})) == set(contract.after)


@pytest.mark.parametrize("full_name", EVERY)
def test_the_aliases_of_a_contract_lead_to_it_and_to_no_other(full_name: str) -> None:
    contract = contracts()[full_name]
    rivals = [other for other in contracts().values() if other.is_framework == contract.is_framework]
    headings = [column.headings[-1] for column in contract.columns]
    (table,) = recognise(sheet([headings, ["anything"]]), rivals).tables
    assert (table.contract.name, len(table.columns), table.unknown) == (contract.name, len(headings), ())


@pytest.mark.parametrize("full_name", [name for name in EVERY if not contracts()[name].is_framework])
def test_whatever_a_partner_may_write_in_words_is_looked_through_for_personal_data(full_name: str) -> None:
    contract = contracts()[full_name]
    looked = {
        rule.arguments["column"]
        for rule in contract.rules
        if rule.expectation == "expect_column_values_to_hold_no_personal_data"
    }
    # a key is held against the framework, and what is not there is refused
    words = {
        c.name
        for c in contract.columns
        if c.type == "text" and not c.refers_to and c.name not in contract.key
    }
    assert looked == words


def test_no_return_has_the_name_of_a_table_that_all_returns_share() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (SQL / "staging").glob("*.sql"))
    shared = set(re.findall(r"create (?:table|view) staging\.(\w+)", text))
    assert {"files", "findings"} <= shared
    assert not shared & {contract.name for contract in contracts().values() if not contract.is_framework}


# What no contract may be

GOOD = """\
title: Spotlight stock take
grain: one row per place
key: [place]
columns:
  place: {header: Place, type: text, required: true, refers_to: framework.areas}
  share: {header: "Share (%)", type: percent, aliases: [Per cent]}
  state: {header: State, type: choice, choices: ["open", "closed"]}
  low: {header: Low, type: measure, unit_of: place}
rules:
  - id: share_within_bounds
    because: The share must lie between 0% and 100%.
    on_failure: query
    expect_column_values_to_be_between: {column: share, min_value: 0, max_value: 100}
examples:
  accepted: [{place: Salford, share: 12%}]
  refused: {share_within_bounds: {share: 120%}}
"""
BOUNDS = "expect_column_values_to_be_between: {column: share, min_value: 0, max_value: 100}"
PAIR = "expect_column_pair_values_to_be_equal: {column_A: share, column_B: low}"


def read(folder: Path, text: str, name: str = "stock_take") -> Contract:
    path = folder / f"{name}.yml"
    path.write_text(text, encoding="utf-8")
    return read_contract(path, "staging")


def test_a_contract_is_read_as_it_is_written(tmp_path: Path) -> None:
    contract = read(tmp_path, GOOD)
    assert (contract.full_name, contract.title, contract.key) == (
        "staging.stock_take",
        "Spotlight stock take",
        ("place",),
    )
    assert [(c.name, c.type, c.required, c.headings) for c in contract.columns] == [
        ("place", "text", True, ("Place",)),
        ("share", "percent", False, ("Share (%)", "Per cent")),
        ("state", "choice", False, ("State",)),
        ("low", "measure", False, ("Low",)),
    ]
    assert contract.sql_columns == {
        "place": "VARCHAR",
        "share": "DOUBLE",
        "share_status": "VARCHAR",
        "state": "VARCHAR",
        "low": "DOUBLE",
        "low_status": "VARCHAR",
    }
    (rule,) = contract.rules
    assert (rule.id, rule.on_failure, rule.columns, rule.at) == (
        "share_within_bounds",
        "query",
        ("share",),
        "share",
    )


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        # entries
        ("title: Spotlight stock take", "[]", "can't be read as YAML"),
        ("title: Spotlight stock take\n", "", "'title' is missing"),
        ("grain:", "colour: red\ngrain:", "unknown entry 'colour'"),
        ("grain:", "layout: crosstab\ngrain:", "layout 'crosstab' is none of table"),
        ("grain:", "nil_allowed: maybe\ngrain:", "'nil_allowed' must be true or false, found 'maybe'"),
        ("title: Spotlight stock take", "title: 2004", "'title' must be text, found 2004"),
        ("key: [place]", "key: place", "'key' must be a list, found 'place'"),
        ("key: [place]", "key: []", "key names nothing"),
        ("key: [place]", "key: [site]", "key names site"),
        ("examples:", "examples:\n  rejected: {}", "examples: unknown entry 'rejected'"),
        ("  accepted: [{place: Salford, share: 12%}]\n", "", "'accepted' is missing"),
        ("examples:", "starts_with: [{site: Salford}]\nexamples:", "starts_with, row 1: 'site' is no column"),
        ("examples:", "starts_with: {place: Salford}\nexamples:", "'starts_with' must be a list"),
        # columns
        ("type: percent", "type: percentage", "share: type 'percentage' is none of"),
        ("type: percent", "kind: percent", "share: unknown entry 'kind'"),
        ("required: true", "required: 'yes'", "place: 'required' must be true or false, found 'yes'"),
        ("{header: Place, type: text,", "{type: text,", "place: 'header' is missing"),
        ("{header: Place,", "{header: 2004,", "place: 'header' must be text, found 2004"),
        ('choices: ["open", "closed"]', "choices: [yes, no]", "state: True in a list is no text"),
        (', choices: ["open", "closed"]', "", "state: a choice needs 'choices'"),
        ("type: measure, unit_of: place", "type: measure", "low: a measure needs 'unit_of'"),
        ("unit_of: place", "unit_of: state", "low: unit_of names no column that refers"),
        ("unit_of: place", "unit_of: site", "low: unit_of names no column that refers"),
        ("aliases: [Per cent]", "aliases: [PLACE.]", "the heading 'PLACE.' stands for two columns"),
        ("aliases: [Per cent]", "aliases: [£]", "the heading '£' stands for two columns or for none"),
        ("  state: {", "  State: {", "the name 'State' must be small letters"),
        ("  state: {", "  my state: {", "the name 'my state' must be small letters"),
        ("  state: {", "  low__state: {", "the name 'low__state' must be small letters"),
        ("  state: {", "  order: {", "the name 'order' is a word of SQL"),
        ("  state: {", "  place: {", "'place' stands twice"),
        ("  state: {", "  low_status: {", "the name 'low_status' is taken"),
        ("  state: {", "  row_id: {", "the name 'row_id' is taken"),
        ("  state: {", "  submission_id: {", "the name 'submission_id' is taken"),
        ("  state: {", "  file_id: {", "the name 'file_id' is taken"),
        ("  state: {", "  partner: {", "the name 'partner' is taken"),
        ("  state: {", "  quarter: {", "the name 'quarter' is taken"),
        ("  state: {", "  received_at: {", "the name 'received_at' is taken"),
        ("  state: {", "  is_current: {", "the name 'is_current' is taken"),
        ("  state: {", "  is_queried: {", "the name 'is_queried' is taken"),
        # rules
        ("on_failure: query", "on_failure: reject", "on_failure must be one of refuse, query, note"),
        ("on_failure: query", "severity: query", "unknown entry 'severity'"),
        ("    because: The share must lie between 0% and 100%.\n", "", "'because' is missing"),
        (BOUNDS, "check: share > 0", "a rule has exactly one 'expect_…', this has 0"),
        (BOUNDS, f"{BOUNDS}\n    {PAIR}", "a rule has exactly one 'expect_…', this has 2"),
        (BOUNDS, "expect_column_values_to_be_unique: share", "must be named entries, found 'share'"),
        (BOUNDS, "expect_table_row_count_to_equal: {value: 3}", "the expectation names no column"),
        (BOUNDS, PAIR, "a rule on a pair of columns needs 'ignore_row_if'"),
        ("{column: share,", "{column: chair,", "column 'chair' is not in the contract"),
        ("on_failure: query", "on_failure: query\n    points_to: chair", "column 'chair' is not in the contract"),
        ("id: share_within_bounds", "id: share_readable", "is one of a rule that follows from the columns"),
        ("id: share_within_bounds", "id: one_row_per_key", "is one of a rule that follows from the columns"),
        ("rules:\n", f"rules:\n  - {{id: share_within_bounds, because: b, on_failure: note, {BOUNDS}}}\n", "same id"),
        ("on_failure: query", "on_failure: query\n    follows_from: [other]", "follows_from names 'other'"),
        ("grain:", "after: places\ngrain:", "'after' must be a list, found 'places'"),
        ("between 0%", "between {share} 0%", "a place for a value stands in brackets"),
        ("between 0%", "between ({shares}) 0%", "'shares' in the sentence is no column, nor has it a type"),
        ("between 0%", "between ({shares:pounds}) 0%", "'shares' in the sentence is no column, nor has it a type"),
        ("rules:\n", "rules:\n  - share_within_bounds\n", "expected named entries, found 'share_within_bounds'"),
    ],
)  # fmt: skip
def test_a_fault_in_a_contract_is_told_in_a_sentence(
    tmp_path: Path, written: str, instead: str, sentence: str
) -> None:
    assert GOOD.count(written) == 1
    with pytest.raises(ContractError) as refusal:
        read(tmp_path, GOOD.replace(written, instead))
    assert str(refusal.value).startswith("stock_take.yml")
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("text", ["", "just words", "- title: A list"])
def test_a_file_that_is_no_contract_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContractError, match=r"stock_take.yml: expected named entries"):
        read(tmp_path, text)


def test_a_file_name_that_can_be_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="the name 'Stock take' must be small letters"):
        read(tmp_path, GOOD, name="Stock take")


def test_a_heading_may_have_an_alias_that_is_spelt_nearly_alike(tmp_path: Path) -> None:
    contract = read(tmp_path, GOOD.replace("aliases: [Per cent]", "aliases: [Share %, share per cent]"))
    assert contract.by_name["share"].aliases == ("Share %", "share per cent")


@pytest.mark.parametrize("entity", ["framework.places", "staging.stock_take"])
def test_a_reference_must_be_to_a_sheet_of_the_framework(tmp_path: Path, entity: str) -> None:
    (tmp_path / "stock_take.yml").write_text(GOOD.replace("framework.areas", entity), encoding="utf-8")
    with pytest.raises(ContractError, match=f"place: refers to {entity}, which is no sheet of the framework"):
        read_contracts(tmp_path)


def test_a_return_comes_after_another_return_and_nothing_else(tmp_path: Path) -> None:
    text = GOOD.replace("grain:", "after: [stock_take]\ngrain:")
    (tmp_path / "stock_take.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match="after names 'stock_take', which is no other return"):
        read_contracts(tmp_path)


def test_a_rating_needs_the_framework_to_have_a_scale(tmp_path: Path) -> None:
    text = GOOD.replace("type: percent,", "type: rating,").replace(", refers_to: framework.areas", "")
    text = text.replace(", type: measure, unit_of: place", ", type: number")
    (tmp_path / "stock_take.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"share: refers to framework.rating_scale"):
        read_contracts(tmp_path)


def test_the_framework_may_have_columns_called_partner_and_quarter(tmp_path: Path) -> None:
    path = tmp_path / "stock_take.yml"
    path.write_text(GOOD.replace("  state: {", "  quarter: {"), encoding="utf-8")
    assert "quarter" in read_contract(path, "framework").sql_columns


def test_every_contract_of_the_project_is_read() -> None:
    assert (
        sorted(
            f"{'framework' if path.parent.name == 'framework' else 'staging'}.{path.stem}"
            for path in Path(CONTRACTS).rglob("*.yml")
        )
        == EVERY
    )
