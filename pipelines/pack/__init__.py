"""The pack: the marts as a workbook that a Board can read.

Every module of this folder with an ORDER and a function `sheets(marts, quarter)` adds its sheets; adding
a module adds a sheet. Sheets are data (`model`), get their places (`layout`), and are drawn last (`render`).
Contents and Provenance speak of the other sheets, and so are made when those are known.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from openpyxl.utils import quote_sheetname

from pipelines.pack import contents, provenance
from pipelines.pack.charts import Chart, target_charts
from pipelines.pack.layout import Laid, lay_out
from pipelines.pack.lookups import label, rating_scale
from pipelines.pack.model import Pack, PackError, Sheet
from pipelines.pack.read import Marts
from pipelines.pack.render import draw
from pipelines.pack.shown import Change, Shown, Spot, changes, shown
from pipelines.pack.sound import check
from pipelines.pack.standing import DRAFT, Issue, Standing
from pipelines.pack.versions import status_lines
from pipelines.storage import durable

__all__ = [
    "DRAFT",
    "Composed",
    "Issue",
    "Marts",
    "PackError",
    "PackSummary",
    "Standing",
    "compose",
    "discover",
    "write_pack",
]


@dataclass(frozen=True)
class PackSummary:
    """What was written: where, its sheets in order, how many cells show figures, and how many of these have
    a value whose source is not recorded.
    """

    path: Path
    sheets: tuple[str, ...]
    figures: int
    unsourced: int


def discover() -> list[ModuleType]:
    """The sheet modules of this folder, in the order of their sheets."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)
    ]
    with_sheets = [module for module in found if hasattr(module, "ORDER") and hasattr(module, "sheets")]
    return sorted(with_sheets, key=lambda module: (module.ORDER, module.__name__))


class Composed(NamedTuple):
    """A pack before it is drawn: what it says about itself, its sheets laid out, the sources of its figures, and its
    charts. Both editions are drawn from it.
    """

    pack: Pack
    laid: list[Laid]
    lines: provenance.Lines
    charts: list[Chart]


def compose(marts: Marts, quarter: str, standing: Standing = DRAFT) -> Composed:
    """The pack of a quarter such as 2004-05-Q1, a draft or as it is issued.

    Raises PackError, with a sentence for people, where the marts lack something or Excel would refuse it.
    """
    pack = _about(marts, quarter)
    marts.standing = standing
    if standing.before is not None:
        marts.standing = replace(standing, changes=_changes(marts, quarter, standing.before, pack))
    modules = _of_edition(marts)
    parts = [(module.ORDER, sheet) for module in modules for sheet in module.sheets(marts, quarter)]
    parts.append((provenance.ORDER, provenance.sheet([], is_public=marts.is_public)))
    parts.append((contents.ORDER, contents.sheet([sheet for _, sheet in sorted(parts, key=_order)])))
    sheets = [sheet for _, sheet in sorted(parts, key=_order)]
    check(sheets, pack.scale)

    laid = [lay_out(sheet, pack.scale) for sheet in sheets]
    lines = provenance.lines(laid, marts)
    index = next(i for i, sheet in enumerate(sheets) if sheet.name == provenance.NAME)
    sheets[index] = provenance.sheet(lines.rows, is_public=marts.is_public)
    check([sheets[index]], pack.scale)
    laid[index] = lay_out(sheets[index], pack.scale)
    opening = (*status_lines(marts, quarter), *filter(None, [marts.setting("cover_note", "")]))
    return Composed(replace(pack, opening=opening), laid, lines, target_charts(marts, quarter, pack.scale))


def _of_edition(marts: Marts) -> list[ModuleType]:
    """The sheet modules of an edition: those for partners alone say so by PARTNERS_ONLY."""
    return [module for module in discover() if not (marts.is_public and hasattr(module, "PARTNERS_ONLY"))]


def _changes(marts: Marts, quarter: str, before: Mapping[Spot, Shown], pack: Pack) -> tuple[Change, ...]:
    """What the sheets of the marts show otherwise than the version before did."""
    sheets = [sheet for module in _of_edition(marts) for sheet in module.sheets(marts, quarter)]
    return tuple(changes(before, shown([lay_out(sheet, pack.scale) for sheet in sheets])))


def write_pack(composed: Composed, path: Path) -> PackSummary:
    """Write the workbook; the file appears whole or not at all. Raises PackError where Excel would refuse it."""
    pack, laid, lines, charts = composed
    of_sources = next(page for page in laid if page.sheet.name == provenance.NAME)
    first_row = of_sources.places[0].first_row + 1 if of_sources.places else 0
    at = {cell: f"{quote_sheetname(provenance.NAME)}!A{first_row + n}" for cell, n in lines.first.items()}
    durable.put(draw(pack, laid, at, charts), path)
    return PackSummary(path, tuple(page.sheet.name for page in laid), lines.figures, lines.unsourced)


def _order(part: tuple[int, Sheet]) -> int:
    return part[0]


def _about(marts: Marts, quarter: str) -> Pack:
    about = marts.one("about")
    period = label(marts, quarter)
    publisher = marts.setting("partnership_name")
    return Pack(
        title=f"{publisher}: performance pack, {period}{', public edition' if marts.is_public else ''}",
        subject=f"Quarterly performance of the partnership, {period}",
        publisher=publisher,
        run_id=about["run_id"],
        as_at=about["as_at"],
        scale=rating_scale(marts),
        is_public=marts.is_public,
    )
