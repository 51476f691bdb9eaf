"""Values for counts that nobody sent and that do not follow from others: any that agree with all sums."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, eye_array, hstack

from pipelines.disclosure.counts import Equation, Key
from pipelines.disclosure.timeline import CLOSE, CLOSE_SHARE


def assigned(
    equations: Sequence[Equation], values: dict[Key, float]
) -> tuple[dict[Key, float], list[Equation]]:
    """A value for each unknown count, none below zero, and the equations that agree with these.

    Found by one linear programme that makes the equations miss by as little as possible in all.
    """
    unknown = sorted(_keys(equations) - values.keys())
    known = [one for one in equations if values.keys() >= {one.total, *one.parts}]
    equations = [one for one in equations if not values.keys() >= {one.total, *one.parts}]
    if not unknown:
        return {}, known
    place = {key: number for number, key in enumerate(unknown)}
    rows, columns, factors, right = [], [], [], []
    for number, one in enumerate(equations):
        given = 0.0
        for key, factor in ((one.total, -one.times), *((part, 1.0) for part in one.parts)):
            if key in place:
                rows.append(number)
                columns.append(place[key])
                factors.append(factor)
            else:
                given -= factor * values[key]
        right.append(given)
    many = len(equations)
    left = coo_array((factors, (rows, columns)), shape=(many, len(unknown)))
    solved = linprog(
        np.concatenate([np.zeros(len(unknown)), np.ones(2 * many)]),
        A_eq=hstack([left, eye_array(many), -eye_array(many)], format="csr"),
        b_eq=right,
        bounds=(0, None),
        method="highs",
    )
    if solved.status != 0:
        raise ArithmeticError(f"No values agree with the sums: {solved.message}")
    missed = solved.x[len(unknown) : len(unknown) + many] + solved.x[len(unknown) + many :]
    found = dict(zip(unknown, map(float, solved.x), strict=False))
    close = np.maximum(CLOSE, CLOSE_SHARE * np.abs(right))
    return found, [*known, *(one for one, ok in zip(equations, missed <= close, strict=True) if ok)]


def _keys(equations: Iterable[Equation]) -> set[Key]:
    return {key for one in equations for key in (one.total, *one.parts)}
