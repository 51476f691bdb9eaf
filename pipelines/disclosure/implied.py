"""Values for counts that nobody sent and that do not follow from others: any that fit the sums as well as may be."""

from collections.abc import Iterable, Sequence

import numpy as np

from pipelines.disclosure.counts import Equation, Key


def assigned(equations: Sequence[Equation], values: dict[Key, float]) -> dict[Key, float]:
    """A value for each unknown count, none below zero.

    Found by one linear programme that makes the equations miss by as little as possible in all.
    """
    unknown = sorted(keys_of(equations) - values.keys())
    equations = [one for one in equations if not values.keys() >= {one.total, *one.parts}]
    if not unknown:
        return {}
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, eye_array, hstack

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
    return dict(zip(unknown, map(float, solved.x), strict=False))


def keys_of(equations: Iterable[Equation]) -> set[Key]:
    """All counts that equations are of."""
    return {key for one in equations for key in (one.total, *one.parts)}
