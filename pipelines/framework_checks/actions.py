"""What the partnership does for its targets: actions and the shares of projects."""

from collections.abc import Iterator

from pipelines.findings import QUERY, Finding
from pipelines.framework_checks.framework import Framework

SERVES = {"delivery": "parent_id", "partnership": "criterion_id"}
ROUNDING = 0.5  # three thirds of 33.3 add up to 99.9


def served(framework: Framework) -> Iterator[Finding]:
    """Actions that say neither which floor target nor which criterion they serve, as their strand would."""
    for row in framework.rows("actions"):
        column = SERVES[row["strand"]]
        if row[column] is None:
            header = framework.header("actions", column)
            sentence = (
                f"An action of the {row['strand']} strand needs a {header}: the pack lists it under that."
            )
            yield framework.at(row, column, "action_serves", sentence, QUERY)


def shares(framework: Framework) -> Iterator[Finding]:
    """Projects whose shares do not add up to the whole; it is asked at the first of them."""
    projects: dict[str, list[float]] = {}
    rows = framework.rows("project_targets")
    for row in rows:
        projects.setdefault(row["project_id"], []).append(row["weight_pct"])
    first = {row["project_id"]: row for row in reversed(rows)}
    for project_id, weights in projects.items():
        if abs(sum(weights) - 100) > ROUNDING:
            sentence = f"The shares of '{project_id}' add up to {sum(weights):g}, and should add up to 100."
            yield framework.at(first[project_id], "weight_pct", "shares_add_up", sentence, QUERY)
