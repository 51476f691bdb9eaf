"""A file of each format and each hostile kind in one folder with good ones: the good ones land, each bad one has
its one sentence.
"""

import os
import struct
import sys
from datetime import timedelta

import pytest
from binary_workbooks import binary_workbook, real, row, wide
from binary_workbooks import cell as binary_cell
from ole_files import container, number, old_workbook, record, text
from test_open_document import one_table, spreadsheet
from test_open_document import text as ods_text
from workbooks import STYLES_LINK, one_sheet, parts, sheet, styles, zipped
from workspaces import ON_TIME, QUARTER, Ran, Sent, lsp, run, workspace_of, write_workbook

from pipelines.cells import address

ROWS = (("Target ref", "Period", "Value"), ("H4", "2002", 53.8))
TYPED = "Target ref,Period,Value\nH4,2002,53.8\n"


def xml_rows(filled: str = "") -> str:
    lines = []
    for at, values in enumerate(ROWS, 1):
        texts = "".join(
            f'<c r="{"ABC"[column]}{at}" t="str"><v>{value}</v></c>'
            if isinstance(value, str)
            else f'<c r="{"ABC"[column]}{at}"><v>{value}</v></c>'
            for column, value in enumerate(values)
        )
        lines.append(f'<row r="{at}">{texts}</row>')
    return "".join(lines) + filled


def as_old_workbook(more: bytes = b"") -> bytes:
    cells = b"".join(
        text(at, column, value) if isinstance(value, str) else number(at, column, value)
        for at, values in enumerate(ROWS)
        for column, value in enumerate(values)
    )
    return old_workbook(cells, more)


def as_binary_workbook() -> bytes:
    return binary_workbook(
        b"".join(
            row(
                at,
                *(
                    binary_cell(6, column, wide(value)) if isinstance(value, str) else real(column, value)
                    for column, value in enumerate(values)
                ),
            )
            for at, values in enumerate(ROWS)
        )
    )


def as_open_document() -> bytes:
    return one_table(
        "".join(
            "<table:table-row>"
            + "".join(
                ods_text(value)
                if isinstance(value, str)
                else f'<table:table-cell office:value-type="float" office:value="{value}"/>'
                for value in values
            )
            + "</table:table-row>"
            for values in ROWS
        )
    )


def good_and(**more: str | bytes) -> bytes:
    """A good workbook with further parts; `__` stands for `/` and `_` before the ending for its dot."""
    return zipped({**one_sheet(xml_rows()), **more})


MACROS = parts(
    {"Data": sheet(xml_rows())},
    more=[
        STYLES_LINK,
        ("rId8", "vbaProject", "vbaProject.bin"),
        ("rId9", "externalLink", "externalLinks/1.xml"),
    ],
)
GOOD = {
    "today.xlsx": zipped(one_sheet(xml_rows())),
    "macros and links.xlsm": zipped({**MACROS, "xl/styles.xml": styles(), "xl/vbaProject.bin": b"code"}),
    "old.xls": as_old_workbook(),
    "binary.xlsb": as_binary_workbook(),
    "open.ods": as_open_document(),
    "comma.csv": TYPED.encode(),
    "tab.tsv": TYPED.replace(",", "\t").encode("utf-16"),
    "an old one in disguise.xlsx": as_old_workbook(record(0x22, b"\1\0")),
    "commas in disguise.xls": TYPED.replace("\n", "\r\n").encode(),
    "..%2F..%2Fetc%2Fpasswd.csv": TYPED.encode() + b"\n",
}
COLUMNS = [address(0, column)[:-1] for column in range(1_000)]
FAR = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
BLANKS = "".join(
    f'<row r="{at}">' + "".join(f'<c r="{name}{at}"/>' for name in COLUMNS) + "</row>"
    for at in range(3, 1_010)
)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
ENTITIES = "declares entities, as no spreadsheet program does"
TRICKS = {**one_sheet(xml_rows()), "../../etc/passwd": "x"}
BAD = {
    "bomb.xlsx": (good_and(**{"xl/media/a.bin": bytes(11_000_000)}), "swells over 250 times when unpacked"),
    "laughs.xlsx": (
        zipped({**one_sheet(""), "xl/sharedStrings.xml": f"{LAUGHS}<sst/>"}),
        f"its part xl/sharedStrings.xml {ENTITIES}",
    ),
    "laughs.ods": (spreadsheet("", LAUGHS), f"its part content.xml {ENTITIES}"),
    "a million blanks.xlsx": (zipped(one_sheet(xml_rows(BLANKS))), "to over 1,000,000 cells: delete unused"),
    "far.xlsx": (zipped(one_sheet(xml_rows(FAR))), "reaches 1,048,576 rows down and 16,384 columns across"),
    "locked.xlsx": (container({"EncryptedPackage": b""}), "is protected by a password"),
    "locked.xls": (as_old_workbook(record(0x2F, bytes(54))), "is protected by a password"),
    "cut.xlsx": (zipped(one_sheet(xml_rows()))[:-40], "the archive is broken or was not sent whole"),
    "cut.xls": (as_old_workbook()[:3_000], "the file is broken or was not sent whole"),
    "cut.csv": (
        b'Target ref,Period,Value\n"H4,2002',
        "the quotation mark that opens in line 2 or below never closes",
    ),
    "program.xlsx": (b"MZ\x90\0\3\0\0\0" + bytes(64), "is a program, not a workbook, and was not run"),
    "sheets.xlsx": (
        zipped(parts({f"S{n}": sheet("") for n in range(1_001)})),
        "has 1,001 sheets and we take 200",
    ),
    "tricks.xlsx": (zipped(TRICKS), "the path of a part leads out of the archive"),
    "letter.doc": (container({"WordDocument": b""}), "is a Word document, not a workbook"),
    "guess.csv": (b"Target ref,Value\nH4,\xa312\n", "in an encoding that nothing declares"),
    "nul.csv": (b"Target ref,Value\nH4,\0\n", "has a NUL, a character that no table holds, in line 2"),
    "wrong dimension.xlsb": (
        binary_workbook(row(0, real(0, 1)), dimension=(1 << 30, 1 << 30)),
        "a place that no sheet has",
    ),
    "huge stream.xls": (
        container({"Workbook": b"x"}).replace(struct.pack("<Q", 4096), struct.pack("<Q", 4_000_000_000)),
        "the file is broken or was not sent whole",
    ),
    "nothing.xlsx": (b"", "is an empty file (0 bytes): send it again"),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    root = tmp_path_factory.mktemp("one folder") / "workspace"
    sent = [
        Sent(name, data, sender="pct", at=ON_TIME + timedelta(minutes=minute))
        for minute, (name, data) in enumerate(GOOD.items())
    ]
    sent += [Sent(name, data, sender="police") for name, (data, _) in BAD.items()]
    workspace = workspace_of(root, *sent)
    folder = workspace.raw / QUARTER
    write_workbook(folder / "~$today.xlsx", b"lock")
    write_workbook(folder / "half.xlsx.part", b"PK")
    if sys.platform != "win32":
        (folder / "link.xlsx").symlink_to("/etc/passwd")
        os.mkfifo(folder / "pipe.xlsx")
    return run(workspace)


def test_the_run_is_done_and_says_that_some_were_refused(ran: Ran) -> None:
    assert ran.said.code == 3, ran.said.err


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_lands(ran: Ran, name: str) -> None:
    found = ran.select(
        "select rows_read, rows_accepted, state from staging.submissions where file_name = ?", name
    )
    assert found in ([(1, 1, "superseded")], [(1, 1, "accepted")])


def test_the_value_of_the_last_one_counts(ran: Ran) -> None:
    assert ran.select("select value from staging.floor_targets where partner = 'pct'") == [(53.8,)]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_its_one_sentence(ran: Ran, name: str) -> None:
    found = ran.select(
        "select because, consequence from staging.findings join staging.files using (file_id) where file_name = ?",
        name,
    )
    [(sentence, consequence)] = found
    assert consequence == "refuse"
    assert sentence.startswith(name)
    assert BAD[name][1] in sentence
    assert ran.one("select state from staging.files where file_name = ?", name) == "refused"


def test_what_is_no_file_at_all_is_told_or_passed_over(ran: Ran) -> None:
    assert (
        "half.xlsx.part in data/raw/2004-05-Q1 has the name of an upload that did not finish" in ran.said.out
    )
    assert "~$today.xlsx" not in ran.said.out
    if sys.platform != "win32":
        assert "link.xlsx in data/raw/2004-05-Q1 is a link to a file elsewhere" in ran.said.out
    names = {name for (name,) in ran.select("select file_name from staging.files")}
    assert names == {*GOOD, *BAD, "framework.xlsx"}


def test_remarks_on_what_was_left_alone(ran: Ran) -> None:
    said = {
        because
        for (because,) in ran.select(
            "select because from staging.findings join staging.files using (file_id) "
            "where file_name = 'macros and links.xlsm' and rule = 'workbook_remark'"
        )
    }
    assert said == {
        "It holds macros; they were not run.",
        "It shows values from other workbooks; they are taken as last saved.",
    }


def test_the_folder_can_be_run_again_and_gives_the_same(ran: Ran) -> None:
    again = lsp("run", "--root", ran.root, "--no-prefect")
    assert (again.code, again.out) == (ran.said.code, ran.said.out)
