"""From opened files to judged rows: which submission counts, which rows stand, and where each finding points."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from grids import CONTEXT, FIRST_SEEN, Row, contract, judge, opened, receipt, sheet
from openpyxl import Workbook

from pipelines.cells import Book, CellError
from pipelines.contract import Column
from pipelines.judge.intake import judge_framework
from pipelines.judge.judged import Judged
from pipelines.receipt import take_receipts
from pipelines.submission.opening import Opened, open_files
from pipelines.workspace import Workspace

SPEND = contract(
    Column("project", "Project ref", "text", required=True),
    Column("spend", "Spend (£)", "money", required=True),
    Column("day", "Day", "date"),
    Column("trained", "Trained", "count"),
    name="spend",
    title="Spend",
    nil_allowed=True,
)
HEADINGS = ["Project ref", "Spend (£)", "Day", "Trained"]
GOOD: Row = ["NRF01", 100, "1 July 2004", 3]
UNREADABLE: Row = ["NRF01", "a lot", None, None]
NIL: Row = ["Nil return"]


def sent(
    number: int, *rows: Row, partner: str = "PCT", quarter: str = "Q1 2004/05", **of_receipt: Any
) -> Opened:
    """File number so and so, a minute later than the one before; its rows begin in row 3 of the sheet."""
    top: Row = ["Partner:", partner, "Quarter:", quarter]
    return opened(number, sheet([top, HEADINGS, *rows]), **({"folder": "inbox"} | of_receipt))


def numbers(judged: Judged, submission_ids: set[str]) -> list[int]:
    """The numbers of the files that these submissions came in."""
    of_file = {receipt(n).file_id: n for n in range(1, 10)}
    return sorted(of_file[submission_id.split(".")[0]] for submission_id in submission_ids)


def counting(*files: Opened) -> list[int]:
    """The numbers of the files whose return counts."""
    judged = judge(*files, of=[SPEND])
    return numbers(judged, judged.current)


# Which submission counts


def test_the_latest_submission_counts() -> None:
    assert counting(sent(1, GOOD), sent(2, GOOD), sent(3, GOOD)) == [3]


def test_the_latest_counts_in_whatever_order_the_files_are_opened() -> None:
    assert counting(sent(3, GOOD), sent(1, GOOD), sent(2, GOOD)) == [3]


def test_each_partner_and_quarter_has_its_own_latest() -> None:
    assert counting(
        sent(1, GOOD),
        sent(2, ["NRF09", 1, None, None], partner="Police"),
        sent(3, GOOD, quarter="Q2 2004/05"),
        sent(4, GOOD),
    ) == [2, 3, 4]


@pytest.mark.parametrize(
    "refused",
    [
        sent(2, UNREADABLE),
        sent(2, GOOD, GOOD),
        sent(2),
        sent(2, GOOD, received_from="police"),
        opened(
            2, sheet([["Partner:", "PCT", "Quarter:", "Q1 2004/05"], ["Project ref", "Day"], ["NRF01", None]])
        ),
    ],
    ids=["every row refused", "one key twice", "empty", "senders disagree", "column missing"],
)
def test_a_refused_resubmission_does_not_displace_a_good_one(refused: Opened) -> None:
    assert counting(sent(1, GOOD), refused) == [1]


def test_a_resubmission_of_which_some_rows_stand_counts() -> None:
    judged = judge(sent(1, GOOD), sent(2, UNREADABLE, ["NRF02", 50, None, None]), of=[SPEND])
    assert numbers(judged, judged.current) == [2]
    frame = judged.frames["staging.spend"]
    assert frame[["project", "is_current"]].values.tolist() == [["NRF01", False], ["NRF02", True]]


def test_a_nil_return_displaces_rows_and_rows_displace_a_nil_return() -> None:
    assert counting(sent(1, GOOD), sent(2, NIL)) == [2]
    assert counting(sent(1, NIL), sent(2, GOOD)) == [2]
    assert counting(sent(1, GOOD), sent(2, NIL, UNREADABLE)) == [1]


# The same moment


def test_two_files_for_one_return_in_the_same_moment_are_both_refused() -> None:
    judged = judge(
        sent(1, GOOD, first_seen=FIRST_SEEN),
        sent(2, ["NRF02", 1, None, None], first_seen=FIRST_SEEN),
        sent(3, GOOD, first_seen=FIRST_SEEN, partner="Police"),
        of=[SPEND],
    )
    assert numbers(judged, judged.current) == [3]
    assert judged.frames["staging.spend"]["partner"].tolist() == ["police"]
    tied = [f for f in judged.findings if f.rule == "one_file_per_return"]
    assert numbers(judged, {f.submission_id or "" for f in tied}) == [1, 2]
    assert all(
        f.because.startswith("'file 1.xlsx' and 'file 2.xlsx' answer the same return 'Spend'") for f in tied
    )


def test_a_good_return_stands_when_two_later_ones_come_in_the_same_moment() -> None:
    later = FIRST_SEEN.replace(hour=17)
    assert counting(sent(1, GOOD), sent(2, GOOD, first_seen=later), sent(3, NIL, first_seen=later)) == [1]


@pytest.mark.parametrize("other", [sent(2, first_seen=FIRST_SEEN), sent(2, GOOD, received_from="police")])
def test_a_file_that_is_refused_anyway_is_no_rival(other: Opened) -> None:
    one = sent(1, GOOD, first_seen=other.receipt.first_seen)
    assert counting(one, other) == [1]


# Two partners for one thing


def test_a_row_that_two_partners_send_counts_for_neither_and_the_rest_stands() -> None:
    judged = judge(
        sent(1, GOOD, ["NRF02", 5, None, None]),
        sent(2, GOOD, partner="Police"),
        sent(3, GOOD, partner="Police", quarter="Q2 2004/05"),
        of=[SPEND],
    )
    assert judged.frames["staging.spend"][["partner", "project", "quarter"]].values.tolist() == [
        ["pct", "NRF02", "2004-05-Q1"],
        ["police", "NRF01", "2004-05-Q2"],
    ]
    assert [(f.rule, f.consequence, f.cell) for f in judged.findings] == [
        ("one_sender_per_key", "refuse", "A3"),
        ("one_sender_per_key", "refuse", "A3"),
    ]
    assert numbers(judged, judged.current) == [1, 3]  # of the second nothing is left that could count


def test_only_what_counts_has_rivals() -> None:
    judged = judge(
        sent(1, GOOD), sent(2, ["NRF02", 5, None, None]), sent(3, GOOD, partner="Police"), of=[SPEND]
    )
    assert [finding.rule for finding in judged.findings] == ["row_of_earlier_file"]
    assert numbers(judged, judged.current) == [2, 3]


# Rows that stand and findings


def test_refused_rows_are_left_out_and_queried_ones_marked() -> None:
    judged = judge(
        sent(
            1,
            GOOD,
            ["NRF02", "a lot", None, None],
            ["NRF03", 5, "one day", None],
            ["NRF04", None, None, None],
        ),
        of=[SPEND],
    )
    frame = judged.frames["staging.spend"]
    assert frame[["project", "is_queried"]].values.tolist() == [["NRF01", False], ["NRF03", True]]
    assert frame.index.tolist() == [0, 1]
    file_id = receipt(1).file_id
    assert [(f.rule, f.file_id, f.sheet, f.cell, f.as_typed) for f in judged.findings] == [
        ("spend_readable", file_id, "Data", "B4", "a lot"),
        ("day_readable", file_id, "Data", "C5", "one day"),
        ("spend_given", file_id, "Data", "B6", None),
    ]


def test_values_keep_their_types_and_blanks_stay_blank() -> None:
    judged = judge(sent(1, GOOD, [12, 0, date(2004, 7, 2), None], [True, -5.5, None, "n/a"]), of=[SPEND])
    columns = ["project", "spend", "spend_status", "day", "trained_status"]
    assert judged.frames["staging.spend"][columns].astype(object).to_dict("split")["data"] == [
        ["NRF01", 100, None, date(2004, 7, 1), None],
        ["12", 0, None, date(2004, 7, 2), None],
        ["TRUE", -5.5, None, None, "x"],
    ]


def test_a_return_that_nobody_sent_is_a_frame_with_columns_and_no_rows() -> None:
    frame = judge(of=[SPEND]).frames["staging.spend"]
    assert len(frame) == 0
    assert {*SPEND.sql_columns, "row_id", "partner", "quarter", "is_current", "is_queried"} <= set(
        frame.columns
    )


def test_a_file_that_can_not_be_read_is_refused_with_its_sentence() -> None:
    judged = judge(Opened(receipt(1), None, "It is a picture."), sent(2, GOOD), of=[SPEND])
    (finding,) = judged.findings
    assert (finding.rule, finding.consequence, finding.because) == (
        "file_readable",
        "refuse",
        "It is a picture.",
    )
    assert finding.file_id == receipt(1).file_id
    assert len(judged.opened) == 2


def test_a_cell_in_error_is_shown_by_its_code() -> None:
    judged = judge(sent(1, ["NRF01", CellError("#REF!"), None, None]), of=[SPEND])
    assert [(f.rule, f.cell, f.as_typed) for f in judged.findings] == [("spend_readable", "B3", "#REF!")]


# The framework

ZONES = contract(
    Column("zone_id", "Zone ref", "text", required=True),
    Column("zone_name", "Zone name", "text"),
    name="zones",
    schema="framework",
    title="Zones",
)
AREAS = contract(
    Column("area_id", "Area ref", "text", required=True),
    Column("zone_id", "Zone", "text", required=True, refers_to="framework.zones"),
    name="areas",
    schema="framework",
    title="Areas",
)


def framework(*files: Opened, of: list[Any]) -> Judged:
    return judge_framework(list(files), {entity.full_name: entity for entity in of}, CONTEXT)


def test_sheets_are_judged_after_those_that_they_refer_to() -> None:
    book = Book(
        (
            sheet([["Area ref", "Zone"], ["salford", "North"], ["bury", "South"]], "areas"),
            sheet([["Zone ref", "Zone name"], ["North", "The north"]], "zones"),
        )
    )
    judged = framework(Opened(receipt(1, folder="framework"), book), sent(2, GOOD), of=[AREAS, ZONES])
    assert [(f.rule, f.sheet, f.cell) for f in judged.findings] == [("zone_id_known", "areas", "B3")]
    assert list(judged.references["framework.areas"].facts) == ["salford"]
    assert len(judged.opened) == 1


def test_the_framework_that_came_last_is_in_force() -> None:
    first = opened(
        1, sheet([["Zone ref", "Zone name"], ["North", None], ["South", None]]), folder="framework"
    )
    second = opened(2, sheet([["Zone ref", "Zone name"], ["North", "The north"]]), folder="framework")
    judged = framework(first, second, of=[ZONES])
    assert list(judged.references["framework.zones"].facts) == ["North"]


def test_sheets_that_refer_to_each_other_in_a_circle_stop_everything() -> None:
    circle = contract(
        Column("zone_id", "Zone ref", "text", refers_to="framework.areas"), name="zones", schema="framework"
    )
    with pytest.raises(ValueError, match=r"in a circle: framework.areas, framework.zones"):
        framework(of=[AREAS, circle])


# Opening


def workbook(path: Path, *rows: Row) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)


def test_files_are_opened_once_however_often_they_were_sent(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workbook(workspace.raw / "2004-05-Q1" / "spend.xlsx", HEADINGS, ["NRF01", 100])
    for folder in ("2004-05-Q2", "inbox"):
        (workspace.raw / folder).mkdir()
        copy = workspace.raw / folder / "spend again.xlsx"
        copy.write_bytes((workspace.raw / "2004-05-Q1" / "spend.xlsx").read_bytes())
    (workspace.raw / "inbox" / "letter.xlsx").write_bytes(b"%PDF Dear all")
    files, again = open_files(take_receipts(workspace, FIRST_SEEN), workspace)
    assert sorted((f.receipt.original_name, f.receipt.also_in, f.book is None) for f in files) == [
        ("letter.xlsx", (), True),
        ("spend.xlsx", ("2004-05-Q2", "inbox"), False),
    ]
    (finding,) = again  # the inbox is for files of any quarter
    assert (finding.rule, finding.consequence, finding.folder) == ("file_is_new", "query", "2004-05-Q2")
    assert "'spend again.xlsx' in 2004-05-Q2 is byte for byte the file 'spend.xlsx'" in finding.because


def test_a_return_refused_whole_is_told_of_its_values_at_once() -> None:
    spend = contract(
        Column("project", "Project ref", "text", required=True),
        Column("spend", "Spend (£)", "money", required=True, unit="GBP"),
        name="spend",
    )
    nobody = opened(
        1, sheet([["Project ref", "Spend (£)"], ["NRF01", "lots"], ["NRF02", 5]]), folder="2004-05-Q1"
    )
    judged = judge(nobody, of=[spend])
    assert [(f.rule, f.cell) for f in judged.findings] == [("partner_given", None), ("spend_readable", "B2")]
    assert len(judged.frames[spend.full_name]) == 0
    lacking = opened(
        1, sheet([["Partner", "pct"], ["Project ref", "Note"], ["NRF01", "late"]]), folder="2004-05-Q1"
    )
    noted = contract(*spend.columns, Column("note", "Note", "text"), name="spend")
    assert [f.rule for f in judge(lacking, of=[noted]).findings] == ["column_present"]
