"""The code's version and the run's id: the same for the same content, another for any other."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from grids import FIRST_SEEN, receipt

from pipelines import identity
from pipelines.identity import code_version, run_id

AS_AT = date(2004, 7, 9)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of three files."""
    for name, folder, file in (
        ("CODE", "pipelines", "flow.py"),
        ("SQL", "sql", "marts/returns.sql"),
        ("CONTRACTS", "expectations", "ratings.yml"),
    ):
        path = tmp_path / folder / file
        path.parent.mkdir(parents=True)
        path.write_bytes(b"one line\nanother line\n")
        monkeypatch.setattr(identity, name, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize("file", ["pipelines/flow.py", "sql/marts/returns.sql", "expectations/ratings.yml"])
def test_a_change_to_code_sql_or_contracts_is_another_version(project: Path, file: str) -> None:
    before = code_version()
    (project / file).write_bytes(b"one line\nanother word\n")
    assert code_version() != before


def test_a_file_more_or_under_another_name_is_another_version(project: Path) -> None:
    before = code_version()
    (project / "pipelines" / "flow.py").rename(project / "pipelines" / "flows.py")
    renamed = code_version()
    (project / "pipelines" / "new.py").write_bytes(b"")
    assert len({before, renamed, code_version()}) == 3


def test_line_ends_and_files_of_other_kinds_are_no_other_version(project: Path) -> None:
    before = code_version()
    (project / "pipelines" / "flow.py").write_bytes(b"one line\r\nanother line\r\n")
    (project / "pipelines" / "flow.pyc").write_bytes(b"compiled")
    assert code_version() == before
    assert len(before) == 16


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "f" * 64},
        {"first_seen": FIRST_SEEN + timedelta(seconds=1)},
        {"received_from": "pct"},
        {"original_name": "Book1.xlsx"},
        {"folder": "2004-05-Q2"},
    ],
)
def test_another_receipt_is_another_run(change: dict[str, object]) -> None:
    one, two = receipt(1, first_seen=FIRST_SEEN), receipt(2)
    before = run_id([one, two], AS_AT, "v1")
    assert run_id([replace(one, **change), two], AS_AT, "v1") != before


def test_a_run_is_named_by_its_receipts_day_and_code() -> None:
    receipts = [receipt(1), receipt(2)]
    name = run_id(receipts, AS_AT, "v1")
    assert name == run_id(list(receipts), AS_AT, "v1")
    assert len(name) == 12
    others = [
        run_id(receipts[:1], AS_AT, "v1"),
        run_id(receipts, AS_AT + timedelta(days=1), "v1"),
        run_id(receipts, AS_AT, "v2"),
    ]
    assert len({name, *others}) == 4
