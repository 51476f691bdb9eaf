"""What reading a cell comes to."""

from dataclasses import dataclass, replace

TYPED = "{typed}"  # in a sentence, where what was typed is to be repeated


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value and its status, or why there is none.

    status: None for a plain value, else one of the closed list p provisional, r revised, e estimated,
    f forecast, b break in series, c confidential (suppressed), u low reliability, x not available,
    z not applicable, low (rounds to 0 but is not). problem: the value can't be read, and what its sender
    should do; value is then None. remark: it was read, and somebody should confirm how. alternatives: the two
    figures that it may stand for, where earlier values of the series may tell which.
    """

    value: object | None
    status: str | None = None
    problem: str | None = None
    remark: str | None = None
    alternatives: tuple[float, ...] = ()


BLANK = Parsed(None)


def problem(sentence: str) -> Parsed:
    """A value that can't be read; `sentence` says what was found, what was expected, how to fix it."""
    return Parsed(None, problem=sentence)


def quoting(read: Parsed, typed: str) -> Parsed:
    """`read` with `typed` wherever its sentences repeat what was typed."""
    if read.problem is None and read.remark is None:
        return read
    return replace(
        read,
        problem=read.problem and read.problem.replace(TYPED, typed),
        remark=read.remark and read.remark.replace(TYPED, typed),
    )
