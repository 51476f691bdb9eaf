"""What is let in and what is turned away, by content and never by name, before anything reads it."""

import os
import struct
import zipfile
from io import BytesIO

import pytest
from ole_files import container
from workbooks import one_sheet, write, zipped

from pipelines.cells import Unreadable
from pipelines.workbook import package
from pipelines.workbook.limits import LIMITS, Limits
from pipelines.workbook.preflight import (
    BINARY_EXCEL,
    EXCEL,
    OLD_EXCEL,
    OPEN_DOCUMENT,
    TEXT,
    look,
    open_package,
)

GOOD = one_sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
ODS = "application/vnd.oasis.opendocument.spreadsheet"
SAVE_AGAIN = "open it in Excel, save it as an Excel workbook (.xlsx) and send that copy"
SEND_SHEET = "send the spreadsheet itself, saved as an Excel workbook (.xlsx)"
PROTECTED = "is protected by a password: remove the password, save it and send it again"


def ole(*streams: str) -> bytes:
    return container(dict.fromkeys(streams, b""))


def refusal(tmp_path, data: bytes, name: str = "return.xlsx", limits: Limits = LIMITS) -> str:
    """The sentence about a file with this content; the part walked is the one that tests plant faults in."""
    path = tmp_path / "received"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as sentence:
        open_package(path, name, limits).walk("xl/worksheets/sheet1.xml", lambda tag, attributes: None)
    return str(sentence.value)


def with_fault(xml: str) -> bytes:
    return zipped({**GOOD, "xl/worksheets/sheet1.xml": xml})


def with_entries(*entries: tuple[str, bytes]) -> bytes:
    """A zip archive with these entries, names repeated or not."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in entries:
            info = zipfile.ZipInfo(name)
            info.filename = name
            archive.writestr(info, part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def good_and(*entries: tuple[str, bytes]) -> bytes:
    return with_entries(*((name, part.encode()) for name, part in GOOD.items()), *entries)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is an empty file (0 bytes): send it again"),
        (b"\r\n<html><table>", f"is a web page or XML file, not a workbook: {SEND_SHEET}"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", f"is a web page or XML file, not a workbook: {SEND_SHEET}"),
        (b"%PDF-1.4", f"is a PDF, not a workbook: {SEND_SHEET}"),
        (b"{\\rtf1 Dear all", f"is a text document (RTF), not a workbook: {SEND_SHEET}"),
        (b"\x89PNG\r\n\x1a\n", f"is a picture, not a workbook: {SEND_SHEET}"),
        (b"\x00\x01\x02\x03", f"is not a workbook: {SEND_SHEET}"),
        (ole("EncryptionInfo", "EncryptedPackage"), PROTECTED),
        (ole("WordDocument"), f"is a Word document, not a workbook: {SEND_SHEET}"),
        (ole("PowerPoint Document"), f"is a PowerPoint file, not a workbook: {SEND_SHEET}"),
        (
            ole("__substg1.0_37010102", "Workbook"),
            "is an e-mail message: save its attachment as a file of its own and send that",
        ),
        (ole("Contents"), f"is an old Office file of a kind we can't read: {SAVE_AGAIN}"),
        (b"MZ\x90\0\x03\0\0\0", f"is a program, not a workbook, and was not run: {SEND_SHEET}"),
        (b"\x7fELF\x02\x01\x01", f"is a program, not a workbook, and was not run: {SEND_SHEET}"),
        (b"ID;PWXL;N;E", f"is a file of the old exchange format SYLK, not a workbook: {SEND_SHEET}"),
        (b"MIME-Version: 1.0", f"is a web page or e-mail message, not a workbook: {SEND_SHEET}"),
        (zipped({}), "is an empty zip archive, not a workbook: send the workbook again"),
        (
            zipped({"police.xlsx": "", "pct.xlsx": ""}),
            "is a zip archive, not a workbook: unpack it and send each workbook by itself",
        ),
        (
            zipped({"[Content_Types].xml": "", "word/document.xml": ""}),
            f"is a Word document, not a workbook: {SEND_SHEET}",
        ),
        (
            zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}),
            f"is a PowerPoint file, not a workbook: {SEND_SHEET}",
        ),
        (
            zipped({"mimetype": ODS, "META-INF/manifest.xml": "<manifest:encryption-data/>"}),
            PROTECTED,
        ),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
            f"is an OpenDocument file but no spreadsheet: {SEND_SHEET}",
        ),
    ],
)
def test_what_is_neither_workbook_nor_table_is_named_with_what_to_do(tmp_path, data, sentence):
    assert refusal(tmp_path, data) == f"return.xlsx {sentence}."


def test_a_good_workbook_is_let_in_whatever_its_name_and_its_parts_are_found_in_any_case(tmp_path):
    found = open_package(write(tmp_path / "return.csv", GOOD), "return.csv")
    assert found.read("XL/Worksheets/Sheet1.xml").decode() == GOOD["xl/worksheets/sheet1.xml"]


def test_part_names_with_backslashes_are_read_as_paths(tmp_path):
    data = with_entries(*((name.replace("/", "\\"), part.encode()) for name, part in GOOD.items()))
    path = tmp_path / "return.xlsx"
    path.write_bytes(data)
    assert "xl/worksheets/sheet1.xml" in open_package(path, "return.xlsx")


def test_a_name_that_would_upset_a_terminal_is_shown_without_harm(tmp_path):
    assert refusal(tmp_path, b"", "a\x1b[31m\nb.xlsx").startswith("a?[31m?b.xlsx is an empty file")


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_file_that_was_cut_short(tmp_path, share):
    data = zipped(GOOD)
    found = "the archive is broken or was not sent whole"
    assert (
        refusal(tmp_path, data[: int(len(data) * share)])
        == f"return.xlsx is damaged ({found}): {SAVE_AGAIN}."
    )


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("XL/Worksheets/SHEET1.xml", "it has the part XL/Worksheets/SHEET1.xml twice"),
        ("xl\\worksheets\\sheet1.xml", "it has the part xl/worksheets/sheet1.xml twice"),
        ("xl/../../passwd", "the path of a part leads out of the archive"),
        ("/etc/passwd", "the path of a part leads out of the archive"),
        ("C:/autoexec.bat", "the path of a part leads out of the archive"),
    ],
)
def test_parts_whose_names_mislead(tmp_path, entry, found):
    assert found in refusal(tmp_path, good_and((entry, b"x")))


def in_directory(data: bytes, part: str, offset: int, form: str, value: int) -> bytes:
    """The archive with one field of a part's entry in the central directory overwritten."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46 :][: len(part)] != part.encode():
        at = data.index(b"PK\x01\x02", at + 4)
    changed = bytearray(data)
    struct.pack_into(form, changed, at + offset, value)
    return bytes(changed)


def test_two_parts_in_the_same_bytes(tmp_path):
    """One packed stream listed under two names is how a small archive unpacks to a huge one."""
    data = with_entries(("xl/a.xml", b"first part"), ("xl/b.xml", b"other part"))
    assert "parts of the archive overlap" in refusal(tmp_path, in_directory(data, "xl/b.xml", 42, "<I", 0))


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_part_that_is_not_as_long_as_the_archive_says(tmp_path, size):
    data = in_directory(zipped(GOOD), "xl/worksheets/sheet1.xml", 24, "<I", size)
    assert "its part xl/worksheets/sheet1.xml fails its checksum" in refusal(tmp_path, data)


def test_a_part_that_says_it_is_small_is_not_unpacked_further(tmp_path):
    path = tmp_path / "return.xlsx"
    data = good_and(("xl/media/large.bin", bytes(5_000_000)))
    path.write_bytes(in_directory(data, "xl/media/large.bin", 24, "<I", 1_000))
    received = []
    with pytest.raises(Unreadable):
        received.extend(open_package(path, "return.xlsx").pieces("xl/media/large.bin"))
    assert sum(map(len, received)) <= 1_000


def test_a_part_whose_checksum_is_wrong(tmp_path):
    data = in_directory(zipped(GOOD), "xl/worksheets/sheet1.xml", 16, "<I", 12345)
    assert "its part xl/worksheets/sheet1.xml fails its checksum" in refusal(tmp_path, data)


def test_a_part_that_can_not_be_unpacked(tmp_path):
    data = bytearray(zipped(GOOD))
    at = data.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    data[at : at + 8] = b"\xff" * 8
    assert "its part xl/worksheets/sheet1.xml can't be unpacked" in refusal(tmp_path, bytes(data))


def test_an_encrypted_part(tmp_path):
    data = in_directory(zipped(GOOD), "xl/workbook.xml", 8, "<H", 1)
    assert refusal(tmp_path, data) == f"return.xlsx {PROTECTED}."


def test_a_part_packed_in_an_uncommon_way(tmp_path):
    data = in_directory(zipped(GOOD), "xl/workbook.xml", 10, "<H", 12)
    assert "its part xl/workbook.xml is packed as no spreadsheet program packs" in refusal(tmp_path, data)


def test_a_part_that_swells(tmp_path):
    found = "its part xl/media/blank.bin swells over 250 times when unpacked"
    assert found in refusal(tmp_path, good_and(("xl/media/blank.bin", bytes(11_000_000))))


@pytest.mark.parametrize(
    ("limit", "value", "found"),
    [
        ("file_bytes", 100, "is larger than 0 MB: remove pictures and send it again"),
        ("parts", 3, "it has 7 parts, and no workbook needs over 3"),
        ("unpacked_bytes", 2_000, "unpacks to over 0 MB: delete unused rows and sheets"),
    ],
)
def test_files_beyond_the_limits(tmp_path, limit, value, found):
    assert found in refusal(tmp_path, zipped(GOOD), limits=Limits(**{limit: value}))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped(GOOD), EXCEL),
        (zipped({**GOOD, "xl/workbook.bin": ""}), BINARY_EXCEL),
        (zipped({"mimetype": ODS}), OPEN_DOCUMENT),
        (ole("Workbook"), OLD_EXCEL),
        (ole("Book"), OLD_EXCEL),
        (b"Project,Spend\nP1,12\n", TEXT),
        ("Project\tSpend".encode("utf-16"), TEXT),
        ("£12".encode("cp1252"), TEXT),
    ],
)
def test_what_a_file_is_is_told_by_its_content(tmp_path, data, kind):
    path = tmp_path / "return.pdf"
    path.write_bytes(data)
    assert look(path, "return.pdf").kind == kind


@pytest.mark.parametrize("cut", [400, 512, 1_000, 4_000])
def test_an_old_file_that_was_cut_short(tmp_path, cut):
    found = "is damaged (the file is broken or was not sent whole)"
    assert found in refusal(tmp_path, ole("Workbook")[:cut])


def test_an_old_file_whose_chain_of_sectors_runs_in_a_circle(tmp_path):
    data = bytearray(ole("Workbook"))
    fat = data.index(struct.pack("<II", 1, 2), 512)
    struct.pack_into("<I", data, fat + 4 * 8, 8)  # the directory follows itself
    assert "is damaged (the file is broken or was not sent whole)" in refusal(tmp_path, bytes(data))


BILLION_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("xml", "found"),
    [
        (f"{BILLION_LAUGHS}<worksheet>&b;</worksheet>", "declares entities, as no spreadsheet program does"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>', "declares entities"),
        (BILLION_LAUGHS.encode("utf-16"), "declares entities"),
        ("<a>" * 65 + "</a>" * 65, "is nested over 64 deep"),
        (f'<worksheet x="{"y" * 64_001}"/>', "has an attribute of 64,001 characters"),
        ('<worksheet xmlns="urn:other"/>', "is not written as workbooks are"),
        ("<worksheet><sheetData>", "breaks off or is not XML at line 1"),
        ("", "breaks off or is not XML at line 1"),
        ('<?xml version="1.0" encoding="UTF-7"?><worksheet/>', "is in the unknown encoding UTF-7"),
    ],
)
def test_xml_that_no_spreadsheet_program_writes(tmp_path, xml, found):
    assert f"its part xl/worksheets/sheet1.xml {found}" in refusal(tmp_path, with_fault(xml))


def test_a_tag_that_does_not_end(tmp_path):
    """The parser would start it again with every piece: minutes of work for a small file."""
    noise = os.urandom(1_200_000).hex()
    assert "has a tag of over 1,000,000 bytes" in refusal(tmp_path, with_fault(f"<worksheet><!--{noise}"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders, and links need a privilege")
def test_a_link_a_folder_a_pipe_and_nothing(tmp_path):
    write(tmp_path / "real.xlsx", GOOD)
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "real.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    found = {}
    for name in ("link.xlsx", "pipe.xlsx", "nothing.xlsx", "."):
        with pytest.raises(Unreadable) as sentence:
            open_package(tmp_path / name, name)
        found[name] = str(sentence.value)
    assert found == {
        "link.xlsx": "link.xlsx is a link to another place: give the file itself.",
        "pipe.xlsx": "pipe.xlsx is not a file but a folder or a device: give the workbook itself.",
        "nothing.xlsx": "nothing.xlsx is not there: check its name and folder.",
        ".": ". is not a file but a folder or a device: give the workbook itself.",
    }


def test_relations_follow_nothing_to_the_outside(tmp_path):
    rels = (
        f'<Relationships xmlns="{next(uri for uri in package.NAMESPACES if "package" in uri)}">'
        '<Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="b" Type="x/worksheet" Target="/xl/other/sheet2.xml"/>'
        '<Relationship Id="c" Type="x/worksheet" Target="..\\..\\..\\etc\\passwd"/>'
        '<Relationship Id="d" Type="x/hyperlink" Target="http://example.org" TargetMode="External"/>'
        "</Relationships>"
    )
    path = write(tmp_path / "return.xlsx", {**GOOD, "xl/_rels/workbook.xml.rels": rels})
    assert open_package(path, "return.xlsx").relations("xl/workbook.xml") == {
        "a": ("worksheet", "xl/worksheets/sheet1.xml"),
        "b": ("worksheet", "xl/other/sheet2.xml"),
        "c": ("worksheet", "etc/passwd"),  # a name inside the archive, where there is no such part
    }
