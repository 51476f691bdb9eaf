"""What is counted in a workbook's own XML, and what makes it refuse one."""

import pytest
from workbooks import (
    HEAD,
    MAIN,
    OFFICE,
    STYLES_LINK,
    one_sheet,
    parts,
    relations,
    sheet,
    strings,
    styles,
    write,
)

from pipelines.workbook.census import take_census
from pipelines.workbook.preflight import open_package


def census_of(tmp_path, made):
    return take_census(open_package(write(tmp_path / "return.xlsx", made), "return.xlsx"))


def counted(tmp_path, made):
    return census_of(tmp_path, made).sheets[0]


SHARED = [
    "<t>police</t>",
    "<t></t>",
    '<t xml:space="preserve">  \n</t>',
    "<t>_x000D_</t>",
    "<rPh><t>x</t></rPh>",
]


@pytest.mark.parametrize(
    ("cell", "filled", "error"),
    [
        ("<c><v>0</v></c>", True, None),
        ('<c t="s"><v>0</v></c>', True, None),
        ('<c t="str"><f>A2</f><v>text</v></c>', True, None),
        ('<c t="inlineStr"><is><t>text</t></is></c>', True, None),
        ('<c t="b"><v>0</v></c>', True, None),
        ('<c t="d"><v>2004-04-01</v></c>', True, None),
        ('<c t="e"><v>#REF!</v></c>', True, "#REF!"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', True, "#DIV/0!"),
        ("<c><f>SUM(A2:A9)</f></c>", True, "uncalculated"),
        ("<c><f>SUM(A2:A9)</f><v></v></c>", True, "uncalculated"),
        ('<c t="str"><f>A2</f></c>', True, "uncalculated"),
        ('<c t="str"><f>IF(A2="","",A2)</f><v></v></c>', False, None),  # a formula that shows nothing
        ('<c s="1"/>', False, None),
        ("<c><v></v></c>", False, None),
        ('<c t="s"><v>1</v></c>', False, None),
        ('<c t="s"><v>2</v></c>', False, None),
        ('<c t="s"><v>3</v></c>', False, None),
        ('<c t="s"><v>4</v></c>', False, None),  # nothing but a guide to pronunciation
        ('<c t="inlineStr"><is><t>\u00a0</t></is></c>', False, None),
        ('<c t="inlineStr"><is><rPh><t>guide</t></rPh></is></c>', False, None),
    ],
)
def test_which_cells_are_filled_and_which_are_in_error(tmp_path, cell, filled, error):
    found = counted(tmp_path, one_sheet(f'<row r="1">{cell}</row>', shared=SHARED))
    assert set(found.filled) == ({(0, 0)} if filled else set())
    assert found.errors == ({(0, 0): error} if error else {})


def test_places_by_reference_and_where_it_is_left_out_by_order(tmp_path):
    rows = (
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        '<row r="5"><c/><c><v>3</v></c><c r="D5"><v>4</v></c><c><v>5</v></c></row>'
        "<row><c><v>6</v></c></row>"
    )
    found = counted(tmp_path, one_sheet(rows))
    assert set(found.filled) == {(0, 0), (0, 1), (4, 1), (4, 3), (4, 4), (5, 0)}
    assert (found.rows, found.columns) == (6, 5)


def test_the_used_range_is_that_of_the_cells_whatever_the_file_says_of_itself(tmp_path):
    rows = '<row r="2"><c r="B2"><v>1</v></c><c r="ZZ2" s="1"/></row><row r="900" s="1"><c r="A900"/></row>'
    found = counted(tmp_path, one_sheet(rows, before='<dimension ref="A1:XFD1048576"/>'))
    assert (found.rows, found.columns) == (2, 2)


def test_numbers_come_with_their_format_and_general_is_none(tmp_path):
    cells = "".join(f'<c s="{style}"><v>{style}.5</v></c>' for style in range(7))
    formats = [9, 10, 14, 3, "0.0%", "General"]
    found = counted(
        tmp_path, one_sheet(f'<row r="1">{cells}<c t="b" s="1"><v>1</v></c></row>', formats=formats)
    )
    assert found.numbers == {
        (0, 0): (0.5, None),
        (0, 1): (1.5, "0%"),
        (0, 2): (2.5, "0.00%"),
        (0, 3): (3.5, "dd/mm/yyyy"),
        (0, 4): (4.5, "#,##0"),
        (0, 5): (5.5, "0.0%"),
        (0, 6): (6.5, None),
    }


def test_formats_of_conditional_styles_are_not_mistaken_for_those_of_cells(tmp_path):
    made = one_sheet('<row r="1"><c s="1"><v>1</v></c></row>', formats=["0.0%"])
    made["xl/styles.xml"] = str(made["xl/styles.xml"]).replace(
        "</styleSheet>",
        '<dxfs><dxf><numFmt numFmtId="164" formatCode="wrong"/></dxf></dxfs></styleSheet>',
    )
    assert counted(tmp_path, made).numbers == {(0, 0): (1.0, "0.0%")}


def test_what_is_hidden_within_the_used_range(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="D2"><v>2</v></c></row>'
        '<row r="3" hidden="true"/><row r="4"><c r="A4"><v>3</v></c></row><row r="9" hidden="1"/>'
    )
    columns = (
        '<cols><col min="2" max="3" hidden="1"/><col min="4" max="4"/>'
        '<col min="6" max="16384" hidden="1"/></cols>'
    )
    found = counted(tmp_path, one_sheet(rows, before=columns))
    assert found.hidden_rows == {1, 2}
    assert found.hidden_columns == {1, 2}


def test_merges(tmp_path):
    merges = "".join(f'<mergeCell ref="{place}"/>' for place in ("A1:C2", "E5", "A3:XFD1048576"))
    found = counted(tmp_path, one_sheet("", after=f"<mergeCells>{merges}</mergeCells>"))
    assert found.merges == [(0, 0, 1, 2), (4, 4, 4, 4), (2, 0, 1_048_575, 16_383)]


def test_sheets_of_every_kind_and_visibility_in_the_order_of_the_workbook(tmp_path):
    made = parts(
        {"Return": sheet(""), "Lists": sheet(""), "Old": sheet(""), "Chart": "", "Code": "", "Gone": ""},
        states={"Lists": "hidden", "Old": "veryHidden"},
    )
    links = str(made["xl/_rels/workbook.xml.rels"])
    for number, kind in ((4, "chartsheet"), (5, "xlMacrosheet")):
        links = links.replace(
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"',
            f'Type="{OFFICE}/{kind}" Target="{kind}s/sheet{number}.xml"',
        )
    made["xl/_rels/workbook.xml.rels"] = links
    made["xl/workbook.xml"] = str(made["xl/workbook.xml"]).replace('r:id="rId6"', 'r:id=""')
    assert [(found.name, found.kind, found.visibility) for found in census_of(tmp_path, made).sheets] == [
        ("Return", "worksheet", "visible"),
        ("Lists", "worksheet", "hidden"),
        ("Old", "worksheet", "very hidden"),
        ("Chart", "chart sheet", "visible"),
        ("Code", "macro sheet", "visible"),
        ("Gone", "sheet without a part of its own", "visible"),
    ]


def test_what_a_workbook_brings_along(tmp_path):
    made = parts(
        {"Data": sheet("<row><c><f>B1</f><v>1</v></c></row>")},
        workbook='<workbookPr date1904="1"/><calcPr fullCalcOnLoad="1"/>',
        more=[
            ("rId8", "externalLink", "externalLinks/externalLink1.xml"),
            ("rId9", "vbaProject", "vbaProject.bin"),
        ],
    )
    made["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "comments", "../comments1.xml"))
    found = census_of(tmp_path, made)
    facts = (found.is_1904, found.is_recalculated_on_opening, found.has_external_links, found.has_macros)
    assert facts == (True, True, True, True)
    assert found.sheets[0].has_comments
    assert found.sheets[0].formulas == {(0, 0)}


@pytest.mark.parametrize(("authors", "has"), [(["lsp"], False), (["lsp", "Jo"], True), (["Jo"], True)])
def test_the_comments_that_we_wrote_are_no_comments_of_the_sender(tmp_path, authors, has):
    made = one_sheet("<row><c><v>1</v></c></row>")
    made["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "comments", "../comments1.xml"))
    names = "".join(f"<author>{name}</author>" for name in authors)
    made["xl/comments1.xml"] = f'<comments xmlns="{MAIN}"><authors>{names}</authors><commentList/></comments>'
    assert census_of(tmp_path, made).sheets[0].has_comments == has


def test_a_plain_workbook_brings_nothing_along(tmp_path):
    found = census_of(tmp_path, one_sheet("<row><c><v>1</v></c></row>"))
    facts = (found.is_1904, found.is_recalculated_on_opening, found.has_external_links, found.has_macros)
    assert facts == (False, False, False, False)
    assert not found.sheets[0].has_comments
    assert not found.sheets[0].formulas


STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (MAIN, STRICT),
        (OFFICE, STRICT_OFFICE),
        (f'xmlns="{MAIN}"', ""),
    ],
)
def test_other_namespaces_are_the_same_workbook(tmp_path, old, new):
    made = one_sheet(
        '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" t="s"><v>0</v></c></row>',
        formats=[9],
        shared=SHARED,
    )
    found = counted(tmp_path, {name: str(part).replace(old, new) for name, part in made.items()})
    assert set(found.filled) == {(0, 0), (0, 1)}
    assert found.numbers == {(0, 0): (1.0, "0%")}


def test_prefixed_tags_count_and_tags_of_other_makers_do_not(tmp_path):
    xml = (
        f'{HEAD}<s:worksheet xmlns:s="{MAIN}" xmlns:x="urn:x"><s:sheetData><s:row r="1">'
        '<s:c r="A1"><s:v>1</s:v></s:c><x:c r="B1"><x:v>2</x:v></x:c></s:row></s:sheetData></s:worksheet>'
    )
    assert set(counted(tmp_path, parts({"Data": xml})).filled) == {(0, 0)}


def test_parts_are_found_where_the_workbook_says_they_are(tmp_path):
    made = {
        "[Content_Types].xml": HEAD,
        "_rels/.rels": relations(("rId1", "officeDocument", "/book/main.xml")),
        "book/main.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="Data" r:id="a"/></sheets></workbook>',
        "book/_rels/main.xml.rels": relations(
            ("a", "worksheet", "../grids/one.xml"), ("b", "sharedStrings", "words.xml"), STYLES_LINK
        ),
        "grids/one.xml": sheet('<row r="1"><c t="s" s="1"><v>0</v></c></row>'),
        "book/words.xml": strings("<t>found</t>"),
        "book/styles.xml": styles(9),
    }
    assert set(counted(tmp_path, made).filled) == {(0, 0)}
