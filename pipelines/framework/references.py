"""The framework as a dictionary: what a reference in a partner's file stands for."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.contract import Contract
from pipelines.headings import GLUED_NUMBER, NOTE_MARK, plain
from pipelines.parse.near import meant, nearest

NAMES = ("title", "name", "word", "code", "also_known_as")


@dataclass
class Reference:
    """One entity of the framework: plain name → id, and id → its row.

    A text that stands for two ids (`unclear`) stands for neither: the id must then be written as it is.
    """

    title: str
    ids: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)

    def resolve(self, text: str) -> str:
        """The id that `text` names, by id or by name; `text` itself if it names none."""
        return self.ids.get(plain(text), text)

    def read(self, text: str, *, with_slips: bool) -> tuple[str, str | None]:
        """The id that `text` names and what to confirm of it; `text` itself if it names none.

        Without a note's mark or number behind it ('ENGLAND AND WALES6') and, `with_slips`, with a typing error,
        where that can be one thing only.
        """
        found = self.resolve(text)
        if found != text or not with_slips or text in self.facts or plain(text) in self.unclear:
            return found, None
        for bare in (NOTE_MARK.sub("", text), GLUED_NUMBER.sub("", text)):
            known = self.ids.get(plain(bare))
            if known is not None:
                mark = text[len(bare) :].strip()
                return known, f"We read '{text}' as {self._shown(known)}, without '{mark}'. Please confirm."
        slip = meant(plain(text), self.ids)
        return (
            (text, None)
            if slip is None
            else (slip, f"We read '{text}' as {self._shown(slip)}. Please confirm.")
        )

    def hint(self, text: object) -> str:
        """A question whether the most similar of the names was meant; empty if none is similar."""
        found = nearest(plain(text), self.ids) if isinstance(text, str) else None
        return f" Did you mean {self._shown(found)}?" if found else ""

    def _shown(self, key: str) -> str:
        """An id with its name, where it has one."""
        row = self.facts.get(key, {})
        names = [row.get(column) for column in ("name", "title", "word")]
        name = next((name for name in names if isinstance(name, str)), key)
        return key if plain(name) == plain(key) else f"{name} ({key})"


References = dict[str, Reference]


def digest(references: References) -> str:
    """The SHA-256 of all that the framework says, by which what was made by it is known again."""
    told = repr([(name, reference.title, reference.facts) for name, reference in references.items()])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


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
    named = by_name | by_id
    reference.ids = {text: min(ids) for text, ids in named.items() if len(ids) == 1}
    reference.unclear = set(named) - set(reference.ids)
    return reference
