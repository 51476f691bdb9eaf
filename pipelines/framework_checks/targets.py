"""Measurable targets: each defined once, with the figures that its type is reckoned from."""

from collections.abc import Iterator
from dataclasses import replace

from pipelines.findings import QUERY, Finding
from pipelines.framework_checks.framework import Framework
from pipelines.headings import plain

# Type of target → the column that states it, where there is but one.
STATED_IN = {
    "ABS_THRESHOLD": "target_value",
    "PCT_REDUCTION": "target_change",
    "PP_CHANGE": "target_change",
}
# Type of target → the columns of which one states it; and those that are judged beside another place.
STATED_IN_ONE_OF = {
    "GAP_REL": ("target_change", "target_value"),
    "GAP_ABS": ("target_value", "target_change"),
    "MAX_MULTIPLE": ("target_value",),
    "UNIT_SHARE_CUT": ("target_change", "target_value"),
}
UNIT_TYPES = ("UNIT_FLOOR", "UNIT_SHARE_CUT")
COMPARED = ("GAP_REL", "GAP_ABS", "MAX_MULTIPLE", "FASTER_THAN")


def stated_once(framework: Framework) -> Iterator[Finding]:
    """Definitions of one target from the same day: its contract refused them all, so none would hold."""
    for target_id, finding in framework.refused("targets"):
        if finding.rule == "one_row_per_key":
            since = framework.header("targets", "since")
            sentence = (
                f"'{target_id}' has two definitions with the same {since}, so neither holds. "
                "Keep one of them, or give the later one the day from which it holds."
            )
            yield replace(finding, rule="target_stated_once", because=sentence)


def figures(framework: Framework) -> Iterator[Finding]:
    """Targets without the figure that their type states, or with one that would be taken for it."""
    for row in framework.rows("targets"):
        kind = row["target_type"]
        column = STATED_IN.get(kind)
        if column is None:
            continue
        if row[column] is None:
            header = framework.header("targets", column)
            sentence = f"A target of type {kind} needs a {header}: type it as a plain number."
            yield framework.at(row, column, "target_has_figure", sentence)
        if column == "target_value":
            continue
        if row["target_value"] is not None:
            header = framework.header("targets", "target_value")
            sentence = (
                f"A target of type {kind} states a change, and this value would be taken for it. "
                f"Leave {header} blank, or choose the type ABS_THRESHOLD."
            )
            yield framework.at(row, "target_value", "target_has_one_figure", sentence)
        if row["baseline_value"] is None:
            header = framework.header("targets", "baseline_value")
            sentence = (
                f"A target of type {kind} can't be rated without a {header}. Type it once it is known, or have the "
                "values of the baseline period sent."
            )
            yield framework.at(row, "baseline_value", "target_has_baseline", sentence, QUERY)


def needs(framework: Framework) -> Iterator[Finding]:
    """Targets without what their type or trajectory needs: a figure, a place, elements, milestones."""
    kinds = {row["target_id"]: row["target_type"] for row in framework.rows("targets")}
    has_elements = {row["composite_id"] for row in framework.rows("targets")}
    has_milestones = {row["target_id"] for row in framework.rows("milestones")}
    for row in framework.rows("targets"):
        kind, target_id = row["target_type"], row["target_id"]
        stated = STATED_IN_ONE_OF.get(kind, ())
        if stated and all(row[column] is None for column in stated):
            headers = " or ".join(framework.header("targets", column) for column in stated)
            sentence = (
                f"A target of type {kind} can't be rated without a {headers}: type it as a plain number."
            )
            yield framework.at(row, stated[0], "target_has_figure", sentence, QUERY)
        if kind in COMPARED and row["comparator_area_id"] is None:
            header = framework.header("targets", "comparator_area_id")
            sentence = (
                f"A target of type {kind} can't be rated without a place to compare with: fill in {header}."
            )
            yield framework.at(row, "comparator_area_id", "target_has_comparator", sentence, QUERY)
        if kind == "COMPOSITE" and target_id not in has_elements:
            header = framework.header("targets", "composite_id")
            sentence = f"No target is an element of '{target_id}'. Type this ref into {header} of each of its elements."
            yield framework.at(row, "target_id", "composite_has_elements", sentence, QUERY)
        if row["composite_id"] is not None and kinds.get(row["composite_id"]) != "COMPOSITE":
            sentence = f"'{row['composite_id']}' is no target of type COMPOSITE, so it can have no elements."
            yield framework.at(row, "composite_id", "element_of_composite", sentence)
        if row["trajectory"] == "milestones" and target_id not in has_milestones:
            title = framework.contract("milestones").title
            sentence = (
                f"'{target_id}' has no row on the sheet '{title}', so its trajectory is a straight line."
            )
            yield framework.at(row, "trajectory", "target_has_milestones", sentence, QUERY)


def counted_units(framework: Framework) -> Iterator[Finding]:
    """Targets that count units, but not by their type, of no target there is, or without a floor."""
    known = {row["target_id"] for row in framework.rows("targets")}
    for row in framework.rows("targets"):
        counted = row["counted_target_id"]
        floor = framework.header("targets", "unit_floor")
        if counted is None:
            continue
        if row["target_type"] not in UNIT_TYPES:
            sentence = (
                f"Only targets of type {' or '.join(UNIT_TYPES)} count units. Choose one, or leave it blank."
            )
            yield framework.at(row, "counted_target_id", "units_counted_by_type", sentence)
        elif counted not in known or counted == row["target_id"]:
            sentence = f"'{counted}' is no other target, so it has no units to count. Type the ref of one."
            yield framework.at(row, "counted_target_id", "units_of_a_target", sentence)
        elif row["unit_floor"] is None:
            sentence = f"Units can't be counted without a floor: fill in {floor}."
            yield framework.at(row, "unit_floor", "units_have_floor", sentence)


def for_the_better(framework: Framework) -> Iterator[Finding]:
    """Changes on the baseline that are none for the better, by the target's own polarity."""
    for row in framework.rows("targets"):
        kind, change, baseline = row["target_type"], row["target_change"], row["baseline_value"]
        if STATED_IN.get(kind) != "target_change" or change is None:
            continue
        better = change
        if kind == "PCT_REDUCTION":
            better = change * (baseline or 1) * (1 if row["polarity"] == "lower is better" else -1)
        if better <= 0:
            sentence = (
                f"{kind} of {change:g} is no change for the better where {row['polarity']}, so the target can't be "
                "rated. Check type, polarity and change; a change is typed without a sign."
            )
            yield framework.at(row, "polarity", "change_is_for_the_better", sentence, QUERY)


def parts(framework: Framework) -> Iterator[Finding]:
    """Floor targets of which nothing is measured."""
    measured = {row["parent_id"] for row in framework.rows("targets")}
    title = framework.contract("targets").title
    for row in framework.rows("parent_targets"):
        if measured and row["parent_id"] not in measured:
            sentence = (
                f"'{row['parent_id']}' has no measurable part, so its page has no figure. "
                f"Add a row for it to the sheet '{title}'."
            )
            yield framework.at(row, "parent_id", "target_has_part", sentence, QUERY)


def led(framework: Framework) -> Iterator[Finding]:
    """Floor targets without a lead partner: no template asks for their values, and nothing shows that none came."""
    measured = {row["parent_id"] for row in framework.rows("targets")}
    for row in framework.rows("parent_targets"):
        if row["lead_partner_id"] is None and row["parent_id"] in measured:
            header = framework.header("parent_targets", "lead_partner_id")
            sentence = f"Nobody is asked for the values of '{row['parent_id']}': fill in {header}."
            yield framework.at(row, "lead_partner_id", "target_has_lead", sentence, QUERY)


def adds_up(framework: Framework) -> Iterator[Finding]:
    """Proxies that are said to add up to a target and are counted in another unit, so that the sum is none of it."""
    of_targets: dict[str, set[str]] = {}
    for row in framework.rows("targets"):
        of_targets.setdefault(row["target_id"], set()).add(plain(row["unit"] or ""))
    of_proxies = {row["indicator_id"]: row["unit"] or "" for row in framework.rows("indicators")}
    for row in framework.rows("proxy_links"):
        target_id, indicator_id = row["target_id"], row["indicator_id"]
        unit = of_proxies.get(indicator_id, "")
        if row["adds_up"] == "yes" and plain(unit) not in of_targets.get(target_id, set()):
            sentence = (
                f"'{indicator_id}' is counted in '{unit}' and '{target_id}' in another unit, so its values don't "
                "add up to it and are not used so. Choose 'no', or give both the same unit."
            )
            yield framework.at(row, "adds_up", "adds_up_in_same_unit", sentence, QUERY)
