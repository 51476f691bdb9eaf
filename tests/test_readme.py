"""The README: its commands run and print what it says, its files exist, its tree is true."""

import re
import shlex
from pathlib import Path

import pytest
from workspaces import Ran, lsp

from pipelines.cli import parser

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
CONSOLE = "\n".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL))
SHOWN = [part.split("\n", 1) for part in re.split(r"^\$ ", CONSOLE, flags=re.MULTILINE) if part.strip()]


@pytest.mark.parametrize(("command", "wanted"), SHOWN, ids=[command[:40] for command, _ in SHOWN])
def test_a_command_prints_what_the_readme_shows(command: str, wanted: str, sample: Ran) -> None:
    name, *words = shlex.split(command)
    assert name == "lsp"
    said = lsp(*words, "--root", sample.root)
    printed = said.out
    assert said.code == 0
    until, _, after = wanted.partition("…\n")
    assert printed.startswith(until) if "…\n" in wanted else printed == wanted
    assert not after.strip()


def test_there_are_commands_to_run() -> None:
    assert len(SHOWN) >= 3


def test_every_command_is_in_the_readme_and_every_one_there_exists() -> None:
    (commands,) = (a for a in parser()._actions if a.metavar == "COMMAND")
    named = set(re.findall(r"`lsp ([a-z]+)", README))
    assert named == set(commands.choices or ())


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_a_linked_file_exists(link: str) -> None:
    assert (CHECKOUT / link).exists()


def test_every_module_it_names_exists() -> None:
    named = re.findall(r"`([a-z_/]+(?:\.py|/))`", README)
    roots = [CHECKOUT / "pipelines", CHECKOUT]
    missing = [name for name in named if not any((root / name).exists() for root in roots)]
    assert named
    assert missing == []


def test_every_folder_of_the_code_is_at_its_station() -> None:
    folders = {f"{path.parent.name}/" for path in (CHECKOUT / "pipelines").glob("*/__init__.py")}
    assert folders <= set(re.findall(r"`([a-z_]+/)`", README))


def test_every_schema_of_the_database_is_explained(sample: Ran) -> None:
    schemas = {name for (name,) in sample.select("select distinct schema_name from duckdb_tables()")}
    assert schemas - {"main"} <= set(re.findall(r"`([a-z]+)`", README))


def test_its_pictures_are_there_small_and_said_in_words() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", README)
    assert len(shown) == 2
    for words, path in shown:
        assert len(words) > 50
        content = (CHECKOUT / path).read_bytes()
        assert content.startswith(b"\x89PNG") and len(content) < 150_000, path
