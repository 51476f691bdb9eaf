"""The framework as a dictionary: what a reference in a partner's file stands for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.contract import Contract
from pipelines.headings import plain

NAMES = ("title", "name", "word", "also_known_as")


@dataclass
class Reference:
    """One entity of the framework: plain name → id, and id → its row.

    A text that stands for two ids stands for neither: the id must then be written as it is.
    """

    title: str
    ids: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def resolve(self, text: str) -> str:
        """The id that `text` names, by id or by name; `text` itself if it names none."""
        return self.ids.get(plain(text), text)


References = dict[str, Reference]


def refer(contract: Contract, rows: Iterable[Mapping[Any, Any]]) -> Reference:
    """The rows of a framework sheet as a dictionary; the newest row of an id takes its place."""
    key = contract.key[0]
    reference = Reference(contract.title)
    by_id: dict[str, set[str]] = {}
    by_name: dict[str, set[str]] = {}
    # of two definitions of the same thing the newer counts, in whatever order the sheet has them
    for row in sorted(rows, key=lambda row: str(row.get("since") or "")):
        reference.facts[row[key]] = row
        by_id.setdefault(plain(str(row[key])), set()).add(row[key])
        for column in NAMES:
            for name in str(row.get(column) or "").split(";"):
                by_name.setdefault(plain(name), set()).add(row[key])
    by_name.pop("", None)
    # an id goes before a name
    reference.ids = {text: min(ids) for text, ids in (by_name | by_id).items() if len(ids) == 1}
    return reference
