"""A little partnership, made up: nine partners with an action each, and the quarters of 2031-32. Cheap to run."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from grids import contracts
from openpyxl import Workbook

from pipelines.new.book import starting_rows
from pipelines.workspace import Workspace

Rows = list[dict[str, Any]]
PARTNERS = ("arts", "bus", "care", "dale", "east", "fire", "glen", "home", "isle")
QUARTERS = {
    "2031-32-Q1": (date(2031, 4, 1), date(2031, 6, 30), date(2031, 7, 11), date(2031, 7, 16), date(2031, 7, 23)),
    "2031-32-Q2": (date(2031, 7, 1), date(2031, 9, 30), date(2031, 10, 13), date(2031, 10, 16), date(2031, 10, 22)),
    "2031-32-Q3": (date(2031, 10, 1), date(2031, 12, 31), date(2032, 1, 14), date(2032, 1, 19), date(2032, 1, 28)),
    "2031-32-Q4": (date(2032, 1, 1), date(2032, 3, 31), date(2032, 4, 14), date(2032, 4, 19), date(2032, 4, 28)),
}  # fmt: skip
SETTINGS = {
    "home_area": "northmoor", "partnership_name": "Northmoor Partnership", "partnership_contact": "The office",
    "reminder_days": "-3, 2",
}  # fmt: skip


def framework(path: Path, settings: Mapping[str, str] | None = None, **more: Rows) -> Path:
    """The partnership's framework workbook: a sheet per entity, headed as its contract says; `more` replaces sheets."""
    given = {row["setting_id"]: row for row in starting_rows(contracts()["framework.settings"])}
    for name, value in (SETTINGS | dict(settings or {})).items():
        given[name] = given.get(name, {}) | {
            "setting_id": name,
            "value": value,
        }  # without saying what it does
    entities: dict[str, Rows] = {
        "areas": [{"area_id": "northmoor", "name": "Northmoor", "kind": "authority"}],
        "partners": [
            {"partner_id": name, "name": f"Northmoor {name.title()}", "email": f"returns@{name}.example"}
            for name in PARTNERS
        ],
        "themes": [{"theme_id": "health", "title": "Health", "theme_order": 1}],
        "calendar": [
            {"quarter": name, "starts_on": first, "ends_on": last, "due_on": due, "cut_off_on": cut, "board_on": board}
            for name, (first, last, due, cut, board) in QUARTERS.items()
        ],
        "parent_targets": [
            {
                "parent_id": "T1", "title": "Smoking", "wording": "Fewer than 10% smoke.", "target_order": 1,
                "lead_partner_id": "arts",
            }
        ],
        "targets": [{
            "target_id": "T1", "parent_id": "T1", "theme_id": "health", "title": "Adults who smoke",
            "target_type": "ABS_THRESHOLD", "polarity": "lower is better", "unit": "%", "places": 1,
            "baseline_period": "2029", "baseline_value": 14.2, "target_period": "2035", "target_value": 10,
            "frequency_months": 12, "release_lag_months": 6, "values_basis": "illustrative", "since": date(2030, 4, 1),
        }],
        "settings": list(given.values()),
        "rating_scale": starting_rows(contracts()["framework.rating_scale"]),
        "spend_bands": starting_rows(contracts()["framework.spend_bands"]),
        "expected_returns": [
            {"partner_id": name, "return_name": "improvement_plan", "from_quarter": "2031-32-Q1"} for name in PARTNERS
        ],
        "criteria": [
            {"criterion_id": "working", "title": "Working together", "criterion_order": 1, "basis": "illustrative"}
        ],
        "actions": [
            {
                "action_id": f"A{number}", "strand": "partnership", "criterion_id": "working",
                "title": f"Task {number}", "owner_partner_id": name, "basis": "illustrative",
                "due_on": date(2033, 3, 31),
            }
            for number, name in enumerate(PARTNERS, 1)
        ],
        "recipients": [
            {"recipient_id": "board", "post": "Board members", "email": "board@northmoor.example", "gets": "pack"},
            {"recipient_id": "office", "post": "Operator", "email": "office@northmoor.example", "gets": "failures"},
        ],
    } | more  # fmt: skip
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in entities.items():
        contract = contracts()[f"framework.{name}"]
        used = [
            column for column in contract.columns if any(row.get(column.name) is not None for row in rows)
        ]
        sheet = book.create_sheet(name)
        sheet.append([column.header for column in used])
        for row in rows:
            sheet.append([row.get(column.name) for column in used])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def partnership(root: Path, settings: Mapping[str, str] | None = None, **more: Rows) -> Workspace:
    """A workspace that holds the framework and nothing else."""
    workspace = Workspace(root)
    workspace.inbox.mkdir(parents=True)
    framework(workspace.framework / "framework.xlsx", settings, **more)
    return workspace


HEADINGS = "Action ref,Status,% done,Your rating,Progress note"


def plan(
    partner: str,
    quarter: str,
    status: str = "on track",
    percent: str = "40%",
    rating: str = "AG",
    note: str = "",
) -> bytes:
    """A return of the plan as a text file: the partner's one action, or a nil return where the status is nil."""
    head = f"Partner,{partner},,,\nQuarter,{quarter},,,\n"
    if status == "nil":
        return f"{head}Nil return,yes,,,\n,,,,\n{HEADINGS}\n".encode()
    action = f"A{PARTNERS.index(partner) + 1}"
    return f"{head},,,,\n{HEADINGS}\n{action},{status},{percent},{rating},{note}\n".encode()
