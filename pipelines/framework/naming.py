"""What the framework calls things: the fund, the plan and the returns have names of their own in every place.

A contract has a plain title ('Fund spend and projects'). The framework's settings may give the return another,
`title_<return>`, and then templates, replies and sentences use that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipelines.contract import Contract

TITLE = "title_"


def named(contracts: Mapping[str, Contract], settings: Iterable[Mapping[str, Any]]) -> dict[str, Contract]:
    """The contracts, each return with the title that the settings give it."""
    titles = {row["setting_id"]: row["value"] for row in settings}
    return {
        full_name: contract
        if contract.is_framework
        else replace(contract, title=titles.get(TITLE + contract.name, contract.title))
        for full_name, contract in contracts.items()
    }
