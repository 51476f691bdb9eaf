"""Binary Excel workbooks (.xlsb) written record by record: LibreOffice can't write them, and nor can openpyxl."""

import struct
from collections.abc import Sequence

from workbooks import PACKAGE, zipped

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(kind: int, content: bytes = b"") -> bytes:
    """One record: its number and length in bytes of seven bits, then its content."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(content)
    while True:
        head += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + content


def wide(text: str) -> bytes:
    """A text as these records hold it."""
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def row(number: int, *cells: bytes, hidden: bool = False) -> bytes:
    """A row's record and those of its cells."""
    facts = struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 if hidden else 0, 0, 0)
    return record(0, facts) + b"".join(cells)


def cell(kind: int, column: int, content: bytes = b"", style: int = 0) -> bytes:
    return record(kind, struct.pack("<II", column, style) + content)


def real(column: int, value: float, style: int = 0) -> bytes:
    return cell(5, column, struct.pack("<d", value), style)


def shared(column: int, number: int) -> bytes:
    return cell(7, column, struct.pack("<I", number))


def error(column: int, code: int) -> bytes:
    return cell(3, column, bytes([code]))


def formula(column: int, value: float) -> bytes:
    """A formula (=1) with the number that it came to."""
    return cell(9, column, struct.pack("<d", value) + struct.pack("<HI", 0, 3) + b"\x1e\x01\0" + bytes(4))


def binary_workbook(
    rows: bytes,
    strings: Sequence[str] = (),
    merges: bytes = b"",
    columns: bytes = b"",
    dimension: tuple[int, int] = (99, 20),
    flags: int = 0,
) -> bytes:
    """A workbook of one sheet, "Data", whose style 1 shows a percentage, 2 a date, 3 is red and 4 struck through."""
    bottom, right = dimension
    sheet = record(129) + record(148, struct.pack("<IIII", 0, bottom, 0, right))
    if columns:
        sheet += record(390) + columns + record(391)
    sheet += record(145) + rows + record(146) + merges + record(130)
    listed = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Data"))
    book = record(131) + record(153, struct.pack("<II", flags, 0) + wide("")) + record(143) + listed
    book += record(144) + record(132)
    texts = b"".join(record(19, b"\0" + wide(text)) for text in strings)
    count = struct.pack("<II", len(strings), len(strings))
    fills = [
        struct.pack("<I", 0) + bytes(64),
        struct.pack("<IBBhBBBB", 1, 5, 0, 0, 255, 0, 0, 255) + bytes(56),
    ]
    styles = record(278) + record(603, struct.pack("<I", 2)) + b"".join(record(45, fill) for fill in fills)
    fonts = [struct.pack("<HH", 220, flags) + bytes(17) + wide("Arial") for flags in (0, 0x08)]
    styles += record(604) + record(611, struct.pack("<I", 2)) + b"".join(record(43, font) for font in fonts)
    styles += record(612) + record(617, struct.pack("<I", 5))
    for number_format, font, fill in ((0, 0, 0), (9, 0, 0), (14, 0, 0), (0, 0, 1), (0, 1, 0)):
        styles += record(47, struct.pack("<HHHHHBBHH", 0, number_format, font, fill, 0, 0, 0, 0, 0))
    styles += record(618) + record(279)
    links = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, kind, target in (
            ("rId1", "worksheet", "worksheets/sheet1.bin"),
            ("rId2", "styles", "styles.bin"),
            ("rId3", "sharedStrings", "sharedStrings.bin"),
        )
    )
    main = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.bin"/>'
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{main}</Relationships>',
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
            "xl/workbook.bin": book,
            "xl/worksheets/sheet1.bin": sheet,
            "xl/sharedStrings.bin": record(159, count) + texts + record(160),
            "xl/styles.bin": styles,
        }
    )
