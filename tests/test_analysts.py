"""What analysts are given: the export, the dictionary, the notebook, and the code in docs/analysts.md."""

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from frictionless import validate
from sample_files import ROOT
from workspaces import Ran, bytes_of, lsp

from pipelines.marts.dictionary import as_html
from pipelines.marts.export import export

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def exported(sample: Ran, tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("export") / "export"
    said = lsp("export", "--into", into, "--root", sample.root)
    assert (said.code, said.out, said.err) == (0, f"{into / 'datapackage.json'}\n", "")
    return into


def test_the_data_package_validates(exported: Path) -> None:
    report = validate(str(exported / "datapackage.json"))
    assert report.flatten(["name", "type", "message"]) == []
    assert report.valid


def test_it_has_every_mart_with_all_its_rows_in_both_forms(exported: Path, sample: Ran) -> None:
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    marts = sample.select("select table_name from duckdb_tables() where schema_name = 'marts' order by 1")
    assert [resource["name"] for resource in package["resources"]] == [name for (name,) in marts]
    for resource in package["resources"]:
        rows = sample.one(f"select count(*) from marts.{resource['name']}")
        with (exported / resource["path"]).open(encoding="utf-8", newline="") as lines:
            assert sum(1 for _ in csv.reader(lines)) == rows + 1
        with duckdb.connect() as connection:
            read = connection.execute(
                "select count(*) from read_parquet(?)", [str(exported / resource["parquet"])]
            )
            assert read.fetchall() == [(rows,)]
        assert all(field["description"] for field in resource["schema"]["fields"])


@pytest.mark.parametrize("begins", ["=HYPERLINK(1)", "+44", "-3 since May", "@all", "\t=1", "\n=1", "\r=1"])
def test_no_text_in_the_csv_is_a_formula(sample: Ran, tmp_path: Path, begins: str) -> None:
    database = Path(shutil.copy(sample.workspace.database, tmp_path / "lsp.duckdb"))
    with duckdb.connect(str(database)) as connection:
        connection.execute("update marts.actions set note = ?", [begins])
    into = export(database, tmp_path / "export").parent
    with (into / "csv" / "actions.csv").open(encoding="utf-8", newline="") as lines:
        notes = {row["note"] for row in csv.DictReader(lines)}
    assert notes == {"'" + begins.replace("\r", "\n")}  # Excel shows the apostrophe, and works nothing out
    with duckdb.connect() as connection:
        kept = connection.execute(
            "select distinct note from read_parquet(?)", [str(into / "parquet" / "actions.parquet")]
        )
        assert kept.fetchall() == [(begins,)]


def test_no_text_of_the_sample_is_changed_for_it(exported: Path, sample: Ran) -> None:
    with (exported / "csv" / "actions.csv").open(encoding="utf-8", newline="") as lines:
        notes = sorted(row["note"] for row in csv.DictReader(lines))
    assert notes == sorted(note or "" for (note,) in sample.select("select note from marts.actions"))


def test_exported_again_it_is_the_same(exported: Path, sample: Ran) -> None:
    before = bytes_of(exported)
    export(sample.workspace.database, exported)
    assert bytes_of(exported) == before


def test_a_folder_of_somebody_elses_is_left_alone(sample: Ran, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    said = lsp("export", "--into", tmp_path, "--root", sample.root)
    assert (said.code, said.out) == (2, "")
    assert "is no export of ours, so it was left alone" in said.err
    assert bytes_of(tmp_path).keys() == {"notes.txt"}


def test_the_dictionary_is_up_to_date(sample: Ran) -> None:
    """`make docs` writes it again."""
    assert as_html(sample.workspace.database) == (DOCS / "dictionary.html").read_text(encoding="utf-8")


def test_the_dictionary_has_every_table_and_column_with_its_sentence(sample: Ran) -> None:
    page = as_html(sample.workspace.database)
    columns = sample.one(
        "select count(*) from duckdb_columns() where schema_name in "
        "('marts', 'series', 'measures', 'staging', 'framework')"
    )
    assert page.count("<tr><td>") == columns > 1000
    assert "<td></td>" not in page
    assert "<script" not in page and "http" not in page


def test_the_notebook_goes_from_question_to_chart(sample: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSP_DATABASE", str(sample.workspace.database))
    scope: dict[str, object] = {"__name__": "notebook", "__file__": str(DOCS / "notebook.py")}
    exec(compile((DOCS / "notebook.py").read_text(encoding="utf-8"), DOCS / "notebook.py", "exec"), scope)
    _, defined = scope["app"].run()  # type: ignore[attr-defined]
    chart = defined["chart"].to_dict()
    (data,) = chart["datasets"].values()
    assert {row["what"] for row in data} >= {"value", "trajectory_value"}
    assert len(data) > 5
    assert chart["title"]


def test_the_python_of_the_page_runs_as_it_stands(sample: Ran) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / "analysts.md").read_text(encoding="utf-8"), re.S)
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=sample.root, capture_output=True, text=True, timeout=120
    )
    assert said.stderr == ""
    assert "H4" in said.stdout
