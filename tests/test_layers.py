"""Data moves one way, and so a module or a select knows only what comes before it. The order stands here."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb
import pytest
from sample_files import ROOT, SAMPLE, rows

CODE, SQL = ROOT / "pipelines", ROOT / "sql"

# The flow, first to last: each may import those above it. A new module is put where its data is. What stands together
# as room.module lies in one folder.
FLOW = """
    workspace            where things are
    storage.lock         one run of a workspace at a time
    storage.durable      written down for good
    storage.lines        files of JSON lines that only grow
    storage.in_place     the database put in place, or beside what is open
    storage.memory       what the next run need not work out again
    cells                what a workbook holds, as plain values
    headings             how two headings or names are compared
    findings             a finding is a row
    contract             what a return is
    contracts            YAML → contracts
    house_style.sheet_names  how sheets and tables of the pack are called
    house_style.ours     is a workbook as we wrote it?
    house_style.look     what every workbook of ours looks like
    house_style.departures   where workbooks depart from guidance, and why
    house_style.ooxml    a workbook of ours as bytes that never change
    receipt              first sight of a file: hash, archive, ledger
    issued               which packs were issued, which quarters closed
    identity             the version of the code, the name of a run

    workbook.limits      how large and how odd a file may be
    workbook.package     an untrusted archive as its parts
    workbook.ole         an old Office container as its streams
    workbook.preflight   what is it, and may it be opened at all?
    workbook.tally       what a sheet holds, counted under limits
    workbook.styles      how each cell is shown
    workbook.sheet_census    the cells of a sheet, counted from its XML
    workbook.census      what a workbook ought to hold, counted without its reader
    workbook.formats     each kind of file → grids of cells
    workbook             a file of any kind → grids of cells
    workbook.reader      the same in a process of its own

    parse                text → numbers, periods, dates, ratings
    framework.rule_limits    settings of the rules, and their defaults
    framework.measure_settings   settings of the measures, and their defaults
    framework.references     the framework as a dictionary
    framework.addresses  e-mail addresses in a cell
    framework.calendar   the days of a quarter's cycle
    framework.clock      the moment by the partnership's own clock
    framework.taught     layouts that were taught, as the framework has them
    framework.naming     what the framework calls its returns
    personal_data        personal data in what partners write
    template             the workbook that a partner fills in, and how it is known again

    recognise            which contract is this table?
    layouts              lines of a table → rows
    tidy.fills           which fills may be ratings
    tidy.values          a cell → its typed value
    tidy.column_reader   the values of a whole column
    tidy.tidied          typed rows by columns, and the cell of each value
    tidy.struck          values that were struck through
    tidy                 lines of a table → typed rows
    tidy.totals          totals that a partner typed
    submission.opening   receipts → opened files, several at a time
    submission.envelope  from whom, for when?
    submission.answers   a reply that came back → what was answered in it
    submission           a file as read: its returns, its findings, a place for every cell
    submission.remarks   what its sender is told of its shape
    submission.blanks    returns in which nothing stands
    submission.file      a file → its returns
    submission.reading   the same, or as they were read before
    submission.unchanged     a reply's figures that were received before

    validate.sentences   a rule's sentence with the row's figures
    validate.rules       every rule of a contract
    validate             → findings
    judge.same           whether two cells hold the same value
    judge.waivers        rules that need not hold for a while
    judge.withdrawals    returns that their sender withdrew
    judge.corrections    values known to be wrong, put right
    judge.judged         what was judged so far
    judge.context        what a rule must know beyond its row
    judge.history        unclear figures, settled by earlier ones
    judge.frames         rows of a return as one frame, findings at their cells
    judge.displaced      rows that a later file leaves out
    judge.masking        rows and findings without personal data
    judge.framework_versions     findings of the framework's earlier versions
    judge.one_return     the rules over all rows of a return
    judge.intake         receipts → judged rows
    judge.objections     an answer that says that the figure is wrong
    judge.settle         how findings end
    judge.checked        files that only came to be checked
    framework_checks     the framework judged as a whole

    measures             statistics: arrays in, arrays out
    marts.dispositions   what became of every cell and row
    marts.staging_rows   the lines of the shared staging tables
    marts.load           → staging
    marts.lineage        which column comes from which
    marts.provenance     for each figure, its inputs
    marts                sql/ → series, measures, marts
    marts.publish        built aside, then put in place
    marts.dictionary     every table and column, as a page
    marts.export         the marts as files

    pack                 marts → workbook
    web                  marts → the same as a page
    disclosure           the marts of what may be published
    paper                a workbook as a PDF
    trace                a figure → the partner's cell
    reply                what goes back to a partner
    summary              what a run came to
    issue.manifest       what a pack was made from
    issue.version_before a pack beside the version issued before
    issue.public         the public edition of a pack
    issue.signing        a pack made final, a quarter closed
    learn                a layout proposed for a partner's own workbook
    learn.book           the same as a workbook to be corrected
    new                  a new workspace

    run.run_log          what a run did, kept
    run.stages           the stages of a run
    run.silent_quarter   a quarter for which nobody sent anything
    run.unplaced         replies where no file belongs to a quarter
    run.quarterly_run    the stages in order
    run.standing         what has become of every return by a day
    run.template_files   every partner's template of a quarter
    run.progress         what is going on
    mail                 letters, the outbox, the mailbox
    erase                a file erased, and what was made of it
    cycle                what is due today, done once
    precheck             what a run would say of a file
    prefect_server       Prefect where there is none
    flow                 the stages as Prefect tasks
    schedule             the cycle on Prefect
    doctor               will the next run work?
    commands             what each command does
    cli                  the command
"""
ORDER = [line.split()[0] for line in FLOW.splitlines() if line.strip()]

# Libraries that one job needs, and the modules that do it. Others must go through them.
ONLY_IN = {
    "prefect": {"flow", "schedule"},
    "uvicorn": {"prefect_server"},
    "great_expectations": {"validate"},
    "openpyxl": {
        "house_style.look",
        "learn.book",
        "house_style.ooxml",
        "workbook.formats",
        "template",
        "pack",
        "reply",
        "new",
    },
    "python_calamine": {"workbook.formats", "trace"},
    "xlrd": {"workbook.formats"},
    "pyxlsb": {"workbook.formats"},
    "orjson": {"workbook.reader"},
    "duckdb": {
        "framework.clock",
        "contracts",
        "judge.context",
        "marts.load",
        "marts.lineage",
        "marts.provenance",
        "marts",
        "marts.publish",
        "marts.dictionary",
        "disclosure",
        "marts.export",
        "erase",
        "pack",
        "trace",
        "reply",
        "summary",
        "run.run_log",
        "run.stages",
        "run.standing",
        "cycle",
        "run.template_files",
        "commands",
    },
    "holidays": {"framework.calendar"},
    "imap_tools": {"mail"},
    "yaml": {"contracts"},
    "rich": {"run.progress"},
    "jinja2": {"web"},
}

# Folder of sql/ → the schemas that its selects may read.
READS = {
    "framework": {"framework"},
    "context": {"", "framework", "staging"},
    "staging": {"staging", "framework"},
    "series": {"staging", "framework"},
    # a mart may put other marts side by side; marts/ makes them in the order in which they read each other
    "marts": {"staging", "framework", "series", "measures", "marts"},
}


ROOMS = {name.split(".")[0] for name in ORDER if "." in name}


def layer(module: str) -> str:
    """The line of the flow that a module belongs to: pipelines.pack.layout → pack, pipelines.tidy.fills → tidy.fills.

    A folder that only says what is in it belongs to none.
    """
    _, room, *inside = *module.split("."), "", ""
    listed = f"{room}.{inside[0]}"
    return listed if listed in ORDER else room if room in ORDER or inside[0] else ""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of pipelines/ by its dotted name."""
    found = {}
    for path in sorted(CODE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@cache
def imports(module: str) -> tuple[str, ...]:
    """The dotted names that a module imports, anywhere in it, `import_module("…")` included."""
    return tuple(_imports(module))


def _imports(module: str) -> Iterator[str]:
    known = modules()
    for node in ast.walk(known[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{module}: write imports in full"
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else node.module for name in below)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            yield from (
                a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )


# Imports


def test_every_module_has_its_place_in_the_flow() -> None:
    assert {layer(module) for module in modules()} - {""} == set(ORDER)
    assert len(ORDER) == len(set(ORDER))


def test_what_lies_in_one_folder_stands_together_so_that_no_two_folders_need_each_other() -> None:
    folders = [name.split(".")[0] for name in ORDER]
    runs = [folder for folder, before in zip(folders, [None, *folders], strict=False) if folder != before]
    assert sorted(runs) == sorted(set(runs))


def test_a_folder_that_only_says_what_is_in_it_imports_nothing() -> None:
    silent = [module for module in modules() if module != "pipelines" and layer(module) == ""]
    assert {module.split(".")[1] for module in silent} == ROOMS - set(ORDER)
    assert not any(imports(module) for module in silent)


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_what_comes_before_it(name: str) -> None:
    before = set(ORDER[: ORDER.index(name)]) | {name}
    for module in modules():
        if layer(module) == name:
            used = {layer(found) for found in imports(module) if found.startswith("pipelines.")}
            assert used <= before, f"{module} imports {sorted(used - before)}, which come after it"


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {module: {name for name in imports(module) if name in modules()} for module in modules()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


@pytest.mark.parametrize("name", ["measures", "pack"])
def test_measures_and_sheets_know_nothing_but_what_they_are_given(name: str) -> None:
    used = {
        layer(found) for module in modules() if layer(module) == name for found in imports(module)
        if found.startswith("pipelines.")
    }  # fmt: skip
    # how bytes are written and sheets called, what departs from guidance, what may be set: no knowledge of the data
    plain = {"storage.durable", "house_style.look", "house_style.ooxml", "house_style.departures"}
    assert used - plain - {"house_style.sheet_names", "framework.measure_settings"} == {name}


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_where_its_job_is_done_and_nowhere_else(library: str) -> None:
    users = {
        layer(module)
        for module in modules()
        if any(found.split(".")[0] == library for found in imports(module))
    }
    # the command may begin an import that takes seconds while it waits for something else
    early = {"commands"} if library in ("great_expectations", "prefect") else set()
    assert users - early == ONLY_IN[library]


# Reads


def selects() -> list[tuple[str, Path]]:
    """Folder and file of every select of the flow; sql/queries reads marts from without, as analysts do."""
    paths = [path for path in sorted(SQL.glob("*/*.sql")) if path.name != "create.sql"]
    return [(path.parent.name, path) for path in paths if path.parent.name != "queries"]


def tables(path: Path) -> set[str]:
    """The tables that a select reads, with their schemas."""
    with duckdb.connect() as connection:
        # the macros look settings up
        connection.execute(
            "create schema framework; create table framework.settings (setting_id text, row_id text)"
        )
        connection.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
        names = connection.get_table_names(path.read_text(encoding="utf-8"), qualified=True)
    # a table that is joined with itself comes back with its alias
    return {name.replace('"', "").split(" AS ")[0] for name in names}


def test_every_select_lies_in_a_folder_of_the_flow() -> None:
    assert {folder for folder, _ in selects()} == set(READS)
    assert {path.name for path in SQL.glob("*.sql")} == {"macros.sql"}


@pytest.mark.parametrize(("folder", "path"), selects(), ids=lambda part: getattr(part, "stem", part))
def test_a_select_reads_only_what_comes_before_it(folder: str, path: Path) -> None:
    read = tables(path)
    assert read
    assert {name.rpartition(".")[0] for name in read} <= READS[folder]


def test_a_context_reads_the_rows_it_widens() -> None:
    for folder, path in selects():
        if folder == "context":
            assert {name for name in tables(path) if "." not in name} == {"rows"}


# Places and years are data


def code_strings(tree: ast.Module) -> Iterator[str]:
    """The strings that code works with or says: all but docstrings."""
    with_docstring = (ast.Module, ast.ClassDef, ast.FunctionDef)
    documented = [node.body[0] for node in ast.walk(tree) if isinstance(node, with_docstring) and node.body]
    docstrings = {id(first.value) for first in documented if isinstance(first, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def names_of_the_framework() -> set[str]:
    """Names and references of the sample's framework, of two words or that no other word is."""
    folder = SAMPLE / "framework"
    found = {row[column] for file, columns in {
        "areas": ("Area ref", "Area name"),
        "partners": ("Partner ref", "Partner name"),
        "targets": ("Target ref",),
        "indicators": ("Indicator ref", "Indicator"),
        "projects": ("Project ref", "Project name"),
        "themes": ("Theme ref", "Theme"),
    }.items() for row in rows(folder / f"{file}.csv") for column in columns}  # fmt: skip
    return found - {"lsp"}  # the command has the name of the partnership's office


YEAR_OR_PERIOD = re.compile(r"(19|20)\d\d([-/–]\d\d)?(-Q[1-4])?|Q[1-4] (19|20)\d\d/\d\d")


@pytest.mark.parametrize("module", modules())
def test_no_place_and_no_year_is_in_code(module: str) -> None:
    tree, names = modules()[module], names_of_the_framework()
    for text in code_strings(tree):
        assert text not in names, f"{module}: {text!r} is the framework's"
        assert "salford" not in text.casefold(), f"{module}: {text!r}"
        assert not YEAR_OR_PERIOD.fullmatch(text), (
            f"{module}: {text!r} is data; only an example in a sentence may be one"
        )
    years = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is int
    }
    assert {year for year in years if 1990 <= year <= 2030} <= {2000}, module  # 2000: the century of '04


@pytest.mark.parametrize(
    "path", sorted(SQL.rglob("*.sql")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_no_place_and_no_year_is_in_sql(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    query = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
    assert set(re.findall(r"'([^']*)'", query)).isdisjoint(names_of_the_framework())
    assert not re.search(r"salford|\b(19|20)\d\d\b", query, re.IGNORECASE)
