"""What the partnership does for its targets: actions and the shares of projects."""

from collections.abc import Iterator

from pipelines.findings import QUERY, Finding
from pipelines.framework_checks.framework import Framework

SERVES = {"delivery": "parent_id", "partnership": "criterion_id"}
NOT_ADDITIVE = "not additive"
ROUNDING_PCT = 0.5  # three thirds of 33.3 add up to 99.9


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


def shares_said(framework: Framework) -> Iterator[Finding]:
    """Links of projects that say neither how much counts nor that they are not additive, or say both."""
    for row in framework.rows("project_targets"):
        is_shared, has_share = row["counting"] != NOT_ADDITIVE, row["weight_pct"] is not None
        share, counting = (framework.header("project_targets", name) for name in ("weight_pct", "counting"))
        if is_shared and not has_share:
            sentence = (
                f"Type a {share}, or choose '{NOT_ADDITIVE}' under {counting}: until then the project is not in "
                "the target's total."
            )
            yield framework.at(row, "weight_pct", "share_given", sentence, QUERY)
        elif has_share and not is_shared:
            sentence = (
                f"What is '{NOT_ADDITIVE}' has no {share}: leave one of the two blank. The share is not used."
            )
            yield framework.at(row, "weight_pct", "share_not_used", sentence, QUERY)


def shares(framework: Framework) -> Iterator[Finding]:
    """Projects whose shares do not add up to the whole; it is asked at the first of them."""
    projects: dict[str, list[float]] = {}
    rows = [
        row
        for row in framework.rows("project_targets")
        if row["counting"] != NOT_ADDITIVE and row["weight_pct"] is not None
    ]
    for row in rows:
        projects.setdefault(row["project_id"], []).append(row["weight_pct"])
    first = {row["project_id"]: row for row in reversed(rows)}
    for project_id, weights in projects.items():
        if abs(sum(weights) - 100) > ROUNDING_PCT:
            sentence = f"The shares of '{project_id}' add up to {sum(weights):g}, and should add up to 100."
            if sum(weights) > 100:
                sentence += " As it would count more than once, it is in no target's total until they do."
            yield framework.at(first[project_id], "weight_pct", "shares_add_up", sentence, QUERY)
