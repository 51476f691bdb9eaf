"""The sheets of a new framework in the order in which somebody fills them in, and what each is there for."""

from collections.abc import Mapping
from typing import NamedTuple

from pipelines.contract import Contract


class Group(NamedTuple):
    """Sheets that are filled in for one purpose."""

    title: str
    advice: str
    entities: tuple[str, ...]


# each sheet comes after those that it refers to
GROUPS = (
    Group(
        "First: who and where",
        "Fill in all of these.",
        ("areas", "partners", "themes", "calendar"),
    ),
    Group(
        "Then: what is to be reached",
        "Fill in both. A target as worded may be measured by several; each has a line of its own.",
        ("parent_targets", "targets"),
    ),
    Group(
        "Then: what stands there already",
        "Fill in the yellow cells of the settings. All else can stay as it is; change what you rate otherwise.",
        ("settings", "rating_scale", "spend_bands"),
    ),
    Group(
        "Then: who sends what",
        "Without it nobody is asked for a return, and no template is made.",
        ("expected_returns",),
    ),
    Group(
        "If you have proxy indicators",
        "What moves before the target does.",
        ("indicators", "proxy_links"),
    ),
    Group(
        "If you have a fund with projects",
        "What was awarded, to whom, and which target it serves.",
        ("funds", "fund_years", "projects", "project_targets"),
    ),
    Group(
        "If you have a plan of actions",
        "Criteria are for actions on how the partnership works.",
        ("criteria", "actions"),
    ),
    Group(
        "If your targets need them",
        "For targets that are reached by milestones, counted by a base, counted in a new way, or reviewed once a year.",
        ("milestones", "bases", "breaks", "elements"),
    ),
    Group(
        "If mail is to be sent",
        "Who gets the pack when it is published, and word of what failed.",
        ("recipients",),
    ),
    Group(
        "If you publish an edition of the pack",
        "What the public edition may show; nothing that is not named here.",
        ("clearances",),
    ),
    Group(
        "Later, as need arises",
        "Waived rules, values put right, returns withdrawn, and partners' own layouts ('lsp learn' fills those in).",
        ("waivers", "corrections", "withdrawals", "layouts", "layout_columns"),
    ),
)
NEEDED = 3  # the groups without which there is no pack


def in_order(contracts: Mapping[str, Contract]) -> list[tuple[Group, list[Contract]]]:
    """Every sheet of the framework by group; one that no group names comes last."""
    own = {contract.name: contract for contract in contracts.values() if contract.is_framework}
    named = [(group, [own.pop(name) for name in group.entities if name in own]) for group in GROUPS]
    last, others = named[-1]
    return [*named[:-1], (last, [*others, *own.values()])]
