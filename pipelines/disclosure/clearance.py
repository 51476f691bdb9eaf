"""What the framework clears for the public edition, and the rule for small counts of each source."""

from dataclasses import dataclass, field

import duckdb

from pipelines.disclosure.suppress import Rule

ALL = "all"
HIDE, ROUND = "hide_counts_up_to", "round_counts_to"


@dataclass(frozen=True)
class Clearance:
    """Lines of the framework's sheet of clearances, by kind and reference, and the settings of the rule."""

    public: dict[tuple[str, str], bool] = field(default_factory=dict)
    counts: dict[tuple[str, str], bool] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def clears_anything(self) -> bool:
        return any(is_public for (kind, _), is_public in self.public.items() if kind != "text")

    def is_public(self, kind: str, *refs: str | None) -> bool:
        """Whether one thing is cleared; `refs` are what it goes by, the most particular first."""
        return self._said(self.public, kind, refs) or False

    def are_counts(self, kind: str, *refs: str | None) -> bool | None:
        """Whether its values count people or events; None where nobody said."""
        return self._said(self.counts, kind, refs)

    def is_text_public(self, table: str, column: str) -> bool:
        """Whether the words of a column are cleared: by name only, never with all others."""
        return self.public.get(("text", f"{table}.{column}"), False)

    def rule(self, partner: str | None) -> Rule:
        """The rule for what a partner sends: its own settings, else those for everybody, else 1 to 7 and fives."""
        default = Rule()
        return Rule(
            self._number(HIDE, partner, default.hide_up_to), self._number(ROUND, partner, default.round_to)
        )

    def _number(self, name: str, partner: str | None, default: float) -> float:
        found = self.settings.get(f"{name}_{partner}", self.settings.get(name))
        return default if found is None else float(found)

    @staticmethod
    def _said(said: dict[tuple[str, str], bool], kind: str, refs: tuple[str | None, ...]) -> bool | None:
        for ref in (*refs, ALL):
            if ref and (kind, ref.casefold()) in said:
                return said[kind, ref.casefold()]
        return None


def read_clearance(connection: duckdb.DuckDBPyConnection, database: str = "") -> Clearance:
    """What a database's framework says; nothing is cleared where it says nothing."""
    schema = f"{database}.framework" if database else "framework"
    lines = connection.execute(
        f"select cleared_kind, lower(trim(cleared_ref)), is_public, counts from {schema}.clearances"
    ).fetchall()
    settings = connection.execute(
        f"select setting_id, value from {schema}.settings where setting_id like '{HIDE}%' or setting_id like '{ROUND}%'"
    ).fetchall()
    return Clearance(
        {(kind, ref): said == "yes" for kind, ref, said, _ in lines},
        {(kind, ref): counts == "yes" for kind, ref, _, counts in lines if counts},
        {str(name): str(value) for name, value in settings},
    )
