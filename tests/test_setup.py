"""What requirements.lock promises and pyproject.toml allows. Nothing here needs a network."""

import ast
import importlib.metadata
import re
import runpy
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEVELOPMENT = [Requirement(line) for line in PROJECT["project"]["optional-dependencies"]["dev"]]
BUILD = [Requirement(line) for line in PROJECT["build-system"]["requires"]]
LOCK_LINES = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()

WHEELS = runpy.run_path(str(ROOT / "tools" / "wheels.py"))
TARGETS = [(system, python) for system in WHEELS["SYSTEMS"] for python in WHEELS["PYTHONS"]]


def locked(system, python) -> dict[str, str]:
    """Name → version of the lock's lines that apply to a system and Python; fails if one is pinned twice."""
    pins = WHEELS["applicable"](WHEELS["lines_of"]("\n".join(LOCK_LINES)), system, python)
    names = [pin.partition("==")[0] for pin in pins]
    assert len(names) == len(set(names)), "one package with two versions on the same target"
    return {canonicalize_name(name): version for name, _, version in (pin.partition("==") for pin in pins)}


# What the lock says


@pytest.mark.parametrize("line", LOCK_LINES)
def test_a_line_of_the_lock_is_a_name_a_version_and_perhaps_a_marker(line):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*( ; \(?[a-z_]+ [^:/]+)?", line), line
    assert Requirement(line).url is None


@pytest.mark.parametrize(("system", "python"), TARGETS, ids=lambda value: getattr(value, "title", value))
def test_the_lock_holds_every_dependency_within_its_bounds(system, python):
    pins = locked(system, python)
    environment = WHEELS["environment"](system, python)
    outside = [
        str(requirement)
        for requirement in DEPENDENCIES + DEVELOPMENT + BUILD
        if (requirement.marker is None or requirement.marker.evaluate(environment))
        and pins.get(canonicalize_name(requirement.name), "none") not in requirement.specifier
    ]
    assert outside == []


def test_a_marker_decides_which_line_applies():
    lines = WHEELS["lines_of"](
        "# a comment\n"
        "always==1.0\n"
        "pywin32==312 ; sys_platform == 'win32'\n"
        "numpy==2.4.6 ; python_full_version < '3.12'\n"
        "numpy==2.5.5 ; python_full_version >= '3.12'\n"
    )
    linux, windows, _ = WHEELS["SYSTEMS"]
    assert WHEELS["applicable"](lines, linux, "3.11") == ["always==1.0", "numpy==2.4.6"]
    assert WHEELS["applicable"](lines, linux, "3.12") == ["always==1.0", "numpy==2.5.5"]
    assert WHEELS["applicable"](lines, windows, "3.13") == ["always==1.0", "numpy==2.5.5", "pywin32==312"]


@pytest.mark.parametrize(
    ("name", "allowed", "shut_out", "because"),
    [
        ("fastapi", "0.150.0", "0.151.0", "prefect 3.8's server can't start under newer ones"),
        ("sqlalchemy", "2.0.58", "2.1.0", "prefect 3.8's scheduler fires nothing under it"),
        ("duckdb", "1.5.5", "3.0.0", "not tried"),
    ],
)
def test_versions_known_to_break_the_run_are_shut_out(name, allowed, shut_out, because):
    (bounds,) = [requirement.specifier for requirement in DEPENDENCIES if requirement.name == name]
    assert allowed in bounds
    assert shut_out not in bounds, because


def test_the_lock_takes_the_duckdb_that_the_excel_extension_is_made_for():
    assert PROJECT["tool"]["uv"]["constraint-dependencies"] == ["duckdb==1.5.5"], (
        "make lock would take another"
    )
    assert {locked(system, python)["duckdb"] for system, python in TARGETS} == {"1.5.5"}


# What pyproject.toml says


def imported_packages(folder: str) -> set[str]:
    """The distributions whose modules the Python files of a folder import, our own and Python's left out."""
    own = {
        path.stem
        for pattern in ("*/", "tools/*.py", "samples/*/*.py", f"{folder}/**/*.py")
        for path in ROOT.glob(pattern)
    }
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    providers = importlib.metadata.packages_distributions()
    foreign = names - own - set(sys.stdlib_module_names)
    return {canonicalize_name(providers.get(name, [name])[0]) for name in foreign}


@pytest.mark.parametrize("folder", ["pipelines", "tests", "tools", "samples", "bench"])
def test_what_is_imported_is_declared(folder):
    declared = DEPENDENCIES if folder == "pipelines" else DEPENDENCIES + DEVELOPMENT
    assert imported_packages(folder) <= {canonicalize_name(requirement.name) for requirement in declared}


def test_python_3_11_is_enough_and_3_10_is_not():
    bounds = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert "3.11.0" in bounds
    assert "3.10.20" not in bounds
