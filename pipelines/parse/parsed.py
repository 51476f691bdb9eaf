"""What reading a cell comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value and its status, or why there is none.

    status: None for a plain value, else one of the closed list p provisional, r revised, e estimated,
    f forecast, b break in series, c confidential (suppressed), u low reliability, x not available,
    z not applicable, low (rounds to 0 but is not). problem: the value can't be read, and what its sender
    should do; value is then None. remark: it was read, and somebody should confirm how.
    """

    value: object | None
    status: str | None = None
    problem: str | None = None
    remark: str | None = None


BLANK = Parsed(None)


def problem(sentence: str) -> Parsed:
    """A value that can't be read; `sentence` says what was found, what was expected, how to fix it."""
    return Parsed(None, problem=sentence)
