"""Who is asked for what in a quarter: the framework's expected returns as forms, one per partner."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipelines.contract import Contract
from pipelines.framework.references import References
from pipelines.parse.spans import between
from pipelines.template.model import Facts, Form
from pipelines.template.rows import Situation
from pipelines.template.sheets import build_sheet

Past = Mapping[str, Mapping[str, Sequence[Facts]]]


class NoTemplate(Exception):
    """No template can be made of what was asked; the message says what could be."""


def forms(
    contracts: Mapping[str, Contract],
    references: References,
    expected_returns: Iterable[Facts],
    quarter: str,
    past: Past,
    issued_on: date,
    partner: str | None = None,
) -> list[Form]:
    """The form of every partner that the framework expects a return of in `quarter`, or of one of them.

    `past` has for each return the rows last accepted, by partner; `issued_on` stands for today.
    """
    calendar = references["framework.calendar"].facts
    if quarter not in calendar:
        held = ", ".join(sorted(calendar)) or "no quarter yet"
        raise NoTemplate(f"The framework's calendar has no {quarter}. It has: {held}.")
    returns = _returns(contracts, expected_returns, quarter)
    partners = references["framework.partners"]
    if partner is not None:
        partner = partners.resolve(partner)
        if partner not in partners.facts:
            known = ", ".join(partners.facts)
            raise NoTemplate(f"'{partner}' is no partner of the framework. The partners are: {known}.")
    wanted = [id_ for id_ in partners.facts if id_ in returns and partner in (None, id_)]
    if not wanted:
        who = partner or "any partner"
        raise NoTemplate(
            f"The framework expects no return from {who} in {quarter}. Its sheet of expected returns says who does."
        )
    return [_form(contracts, references, id_, quarter, returns[id_], past, issued_on) for id_ in wanted]


def _returns(
    contracts: Mapping[str, Contract], expected: Iterable[Facts], quarter: str
) -> dict[str, list[Contract]]:
    """Partner → the contracts of the returns expected of it, in the order of the framework's sheet."""
    returns: dict[str, list[Contract]] = {}
    for row in expected:
        contract = contracts.get(f"staging.{row['return_name']}")
        until = row.get("until_quarter") or quarter
        if contract and row["from_quarter"] <= quarter <= until:
            mine = returns.setdefault(str(row["partner_id"]), [])
            if contract not in mine:
                mine.append(contract)
    return returns


def _form(
    contracts: Mapping[str, Contract],
    references: References,
    partner: str,
    quarter: str,
    returns: Sequence[Contract],
    past: Past,
    issued_on: date,
) -> Form:
    calendar = references["framework.calendar"].facts
    dates = calendar[quarter]
    earlier = max((key for key in calendar if key < quarter), default=None)
    span = between(dates["starts_on"], dates["ends_on"])
    number, years = quarter[-2:], quarter[:-3].replace("-", "/")
    label = f"{number} {years}" + (f" ({span.label})" if span else "")
    situation = Situation(
        contracts=contracts,
        references=references,
        partner=partner,
        quarter=quarter,
        starts_on=dates["starts_on"],
        ends_on=dates["ends_on"],
        last_cut_off=calendar[earlier]["cut_off_on"] if earlier else dates["starts_on"],
        cut_off=dates["cut_off_on"],
        past={name: rows.get(partner, ()) for name, rows in past.items()},
    )
    settings = references["framework.settings"].facts if "framework.settings" in references else {}
    name = str(references["framework.partners"].facts[partner].get("name") or partner)
    return Form(
        partner=partner,
        partner_name=name,
        quarter=quarter,
        quarter_label=label,
        due_on=dates["due_on"],
        publisher=settings.get("partnership_name", {}).get("value") or "the partnership",
        contact=settings.get("partnership_contact", {}).get("value") or "",
        issued_on=issued_on,
        sheets=[build_sheet(contract, situation, name, label) for contract in returns],
    )
