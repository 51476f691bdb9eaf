"""How a pack stands: a draft, or a version that somebody made final; and what is another than in the version before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipelines.pack.shown import Change, Shown, Spot


@dataclass(frozen=True)
class Issue:
    """That a pack is made final: when, by whom, in which post and, from the second version on, why."""

    at: datetime
    by: str
    role: str
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """`issue` is that of this very pack; a draft has none. `before` is what the version before showed, if that is
    known, and `changes` what differs from it.
    """

    issue: Issue | None = None
    before: Mapping[Spot, Shown] | None = None
    changes: tuple[Change, ...] | None = None


DRAFT = Standing()
