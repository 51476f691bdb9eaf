"""A reply as it lies in its folder."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Written:
    """Where a reply is, which file of whom it answers, and what it asks for.

    `is_changed`: somebody saved it since we wrote it, so it was left as it is. `is_check`: the file only came to
    be checked.
    """

    path: Path
    file_name: str
    in_words: str
    is_clean: bool
    is_changed: bool = False
    is_check: bool = False
    sha256: str = ""
    partner: str | None = None
    quarter: str | None = None
    received_at: datetime | None = None
