"""The cell styles of a workbook: number format, the colour of a plain fill, and whether the text is struck through."""

from __future__ import annotations

from collections.abc import Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from contextlib import suppress
from typing import NamedTuple, TypeVar

from pipelines.cells import Unreadable
from pipelines.workbook.package import NAMESPACES, Package, damaged

T = TypeVar("T")
MAX_FORMAT = 1_000  # characters of a number format; Excel allows 255

# ECMA-376 part 1, 18.8.30, dates as in Britain; ¤ stands for the currency of the computer that shows the cell
FROM_1 = (
    "0|0.00|#,##0|#,##0.00|¤#,##0|¤#,##0|¤#,##0.00|¤#,##0.00|0%|0.00%|0.00E+00|# ?/?|# ??/??"
    "|dd/mm/yyyy|d-mmm-yy|d-mmm|mmm-yy|h:mm AM/PM|h:mm:ss AM/PM|h:mm|h:mm:ss|dd/mm/yyyy h:mm"
)
FROM_37 = "#,##0|#,##0|#,##0.00|#,##0.00|#,##0|¤#,##0|#,##0.00|¤#,##0.00|mm:ss|[h]:mm:ss|mm:ss.0|##0.0E+0|@"
BUILT_IN_FORMATS = {**dict(enumerate(FROM_1.split("|"), 1)), **dict(enumerate(FROM_37.split("|"), 37))}

# ECMA-376 part 1, 18.8.27: the colours that go by a number; the first eight stand there twice
PALETTE = (
    "000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF000000FFFFFFFF000000FF000000FFFFFF00FF00FF00FFFF"
    "800000008000000080808000800080008080C0C0C08080809999FF993366FFFFCCCCFFFF660066FF80800066CCCCCCFF"
    "000080FF00FFFFFF0000FFFF8000808000000080800000FF00CCFFCCFFFFCCFFCCFFFF9999CCFFFF99CCCC99FFFFCC99"
    "3366FF33CCCC99CC00FFCC00FF9900FF6600666699969696003366339966003300333300993300993366333399333333"
)
INDEXED = [PALETTE[at : at + 6] for at in range(0, len(PALETTE), 6)]
THEME_ORDER = (
    "lt1",
    "dk1",
    "lt2",
    "dk2",
    *(f"accent{number}" for number in range(1, 7)),
    "hlink",
    "folHlink",
)
THEME_NAMESPACES = NAMESPACES | {
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://purl.oclc.org/ooxml/drawingml/main",
}


class Style(NamedTuple):
    """How a cell is shown: its number format (None for General), and its colour if it has a plain one.

    is_struck: a line goes through its text.
    """

    number_format: str | None = None
    fill: str | None = None
    is_struck: bool = False


def read_styles(package: Package, part: str | None, theme_part: str | None) -> list[Style]:
    """The style behind each number that a cell may give."""
    if not part:
        return []
    codes: dict[str, str | None] = {str(number): code for number, code in BUILT_IN_FORMATS.items()}
    colours = _Colours(package, theme_part)
    fills: list[str | None] = []
    fonts: list[bool] = []  # whether each strikes its text through
    styles: list[Style] = []
    inside: list[str] = []
    palette: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            code = attributes.get("formatCode", "")
            if len(code) > MAX_FORMAT:
                raise damaged(package.name, f"one of its number formats has {len(code):,} characters")
            codes[attributes.get("numFmtId", "")] = None if code.lower() == "general" else code
        elif tag == "fill" and inside[-1:] == ["fills"]:
            fills.append(None)
        elif tag == "patternFill" and inside[-2:] == ["fills", "fill"]:
            colours.is_solid = attributes.get("patternType") == "solid"
        elif tag == "fgColor" and inside[-3:] == ["fills", "fill", "patternFill"] and colours.is_solid:
            fills[-1] = colours.of(attributes)
        elif tag == "font" and inside[-1:] == ["fonts"]:
            fonts.append(False)
        elif tag == "strike" and inside[-2:] == ["fonts", "font"]:
            fonts[-1] = is_on(attributes.get("val", "1"))
        elif tag == "rgbColor" and inside[-1:] == ["indexedColors"]:
            palette.append(attributes.get("rgb", "")[-6:].upper())
        elif tag == "xf" and inside[-1:] == ["cellXfs"]:
            fill = _at(fills, attributes.get("fillId", "0"))
            is_struck = bool(_at(fonts, attributes.get("fontId", "0")))
            styles.append(Style(codes.get(attributes.get("numFmtId", "0")), fill, is_struck))
        inside.append(tag)

    def end(_: str) -> None:
        inside.pop()

    package.walk(part, start, end)
    # a palette of the workbook's own stands after the styles that use it
    return [style._replace(fill=_from_palette(style.fill, palette or INDEXED)) for style in styles]


def _at(listed: Sequence[T], number: str) -> T | None:
    place = int(number) if number.isdecimal() and len(number) < 9 else 0
    return listed[place] if place < len(listed) else None


def is_on(value: str | None) -> bool:
    """Whether a yes-or-no attribute of the XML says yes."""
    return value in ("1", "true", "on")


def _from_palette(fill: str | None, palette: list[str]) -> str | None:
    """A colour that goes by a number (#10) as its red, green and blue."""
    if fill and fill.startswith("#"):
        return palette[int(fill[1:])] if int(fill[1:]) < len(palette) else None
    return fill


class _Colours:
    """Colours in the ways that a style names them: red, green and blue, by number, or by the theme's."""

    def __init__(self, package: Package, theme_part: str | None) -> None:
        self.package, self.theme_part = package, theme_part
        self.is_solid = False
        self._theme: dict[str, str] | None = None

    def of(self, attributes: dict[str, str]) -> str | None:
        """The colour as RRGGBB, or # and its number in the palette; None where it can't be said."""
        tint = 0.0
        with suppress(ValueError):
            tint = float(attributes.get("tint", "0"))
        if "rgb" in attributes:
            colour: str | None = attributes["rgb"][-6:].upper()
        elif "theme" in attributes:
            number = attributes["theme"]
            known = number.isdecimal() and len(number) < 9 and int(number) < len(THEME_ORDER)
            colour = self._of_theme().get(THEME_ORDER[int(number)]) if known else None
        elif "indexed" in attributes:
            number = attributes["indexed"]
            return f"#{number}" if number.isdecimal() and len(number) < 9 else None
        else:
            colour = None
        return tinted(colour, tint) if colour else None

    def _of_theme(self) -> dict[str, str]:
        if self._theme is None:
            self._theme = {}
            # a theme that can't be read costs its colours, never the figures
            with suppress(Unreadable):
                if self.theme_part:
                    self._theme = _read_theme(self.package, self.theme_part)
        return self._theme


def _read_theme(package: Package, part: str) -> dict[str, str]:
    colours: dict[str, str] = {}
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(inside) > 1 and inside[-2] == "clrScheme" and tag in ("srgbClr", "sysClr"):
            value = attributes.get("lastClr") or attributes.get("val", "")
            colours.setdefault(inside[-1], value[-6:].upper())
        inside.append(tag)

    def end(_: str) -> None:
        inside.pop()

    package.walk(part, start, end, namespaces=THEME_NAMESPACES)
    return colours


def tinted(colour: str, tint: float) -> str | None:
    """A colour made lighter (tint to 1) or darker (to -1), as ECMA-376 18.8.19 says; None for no colour."""
    try:
        red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    except ValueError:
        return None
    if not tint:
        return colour
    hue, light, saturation = rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    parts = hls_to_rgb(hue, min(1.0, max(0.0, light)), saturation)
    return "".join(f"{round(part * 255):02X}" for part in parts)
