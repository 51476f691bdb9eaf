"""How make behaves, with a Python that only writes down what it was asked: no network, nothing installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed here")

# Each call of Python that does work, by the words that tell it.
WORK = {
    "-m venv": "environment",
    "-r requirements.lock": "lock",
    "--no-build-isolation -e .": "package",
    "-m pipelines.cli run": "run",
    "-m pytest": "test",
    "-m ruff check --fix": "mend",
    "-m ruff format": "format",
}

# Writes each call down, makes an "environment" with itself in it, and ends a call as answer.txt says.
STAND_IN = """#!/bin/sh
echo "$*" >> calls.txt
if [ "$1 $2" = "-m venv" ]; then
    rm -rf "$4"
    mkdir -p "$4/bin"
    touch "$4/pyvenv.cfg"
    cp "$0" "$4/bin/python"
fi
[ -f answer.txt ] || exit 0
read -r code words < answer.txt
case "$*" in *"$words"*) exit "$code" ;; esac
"""


class Checkout:
    """What make reads of a checkout, in a folder with a space in its name, and the stand-in for Python."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, folder)
        self.python = folder / "python3"
        self.python.write_text(STAND_IN, encoding="utf-8")
        self.python.chmod(0o755)

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run make as from a fresh terminal: what an outer make was told must not reach it."""
        outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "PYTHON", "VENV", "ARGS", "QUARTER"}
        return subprocess.run(
            ["make", f"PYTHON={self.python}", *arguments],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name not in outer},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def answers(self, code: int, words: str) -> None:
        """Let calls of Python that have these words end with this exit code from now on."""
        (self.folder / "answer.txt").write_text(f"{code} {words}\n", encoding="utf-8")

    def asked(self) -> list[str]:
        """The work that Python was asked to do since this was last called."""
        path = self.folder / "calls.txt"
        calls = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [name for call in calls for words, name in WORK.items() if words in call]

    def touch(self, name: str) -> None:
        """Make a file newer than everything made so far."""
        ahead = max(path.stat().st_mtime for path in self.folder.rglob("*")) + 1
        os.utime(self.folder / name, (ahead, ahead))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "a checkout")


def test_an_environment_that_is_another_checkouts_is_not_emptied(checkout, tmp_path):
    theirs = tmp_path / "theirs"
    (theirs / "bin").mkdir(parents=True)
    (theirs / "pyvenv.cfg").touch()
    (checkout.folder / ".venv").symlink_to(theirs)
    said = checkout.make("run")
    assert said.returncode != 0 and ".venv is a link to another place" in said.stdout
    assert checkout.asked() == [] and (theirs / "bin").is_dir()


def test_what_was_compiled_is_kept_whatever_the_surroundings_say(checkout, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    says = STAND_IN.replace('"$*"', '"$* kept:$PYTHONDONTWRITEBYTECODE:"', 1)
    checkout.python.write_text(says, encoding="utf-8")
    checkout.make("run")
    assert "kept::" in (checkout.folder / "calls.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("job", ["run", "test"])
def test_a_job_makes_the_environment_once_and_then_only_does_the_job(checkout, job):
    assert checkout.make(job).returncode == 0
    assert checkout.asked() == ["environment", "lock", "package", job]
    assert checkout.make(job).returncode == 0
    assert checkout.asked() == [job]


def test_a_new_lock_makes_the_environment_again_and_a_new_pyproject_only_the_package(checkout):
    checkout.make("test")
    checkout.asked()
    checkout.touch("pyproject.toml")
    checkout.make("test")
    assert checkout.asked() == ["package", "test"]
    checkout.touch("requirements.lock")
    checkout.make("test")
    assert checkout.asked() == ["environment", "lock", "package", "test"]


@pytest.mark.parametrize(
    ("fails", "tried", "tried_again"),
    [
        ("-r requirements.lock", ["environment", "lock"], ["environment", "lock", "package", "test"]),
        ("-e .", ["environment", "lock", "package"], ["package", "test"]),
    ],
)
def test_an_install_that_was_cut_short_is_not_taken_for_done(checkout, fails, tried, tried_again):
    checkout.answers(1, fails)
    assert checkout.make("test").returncode != 0
    assert checkout.asked() == tried
    checkout.answers(0, fails)
    assert checkout.make("test").returncode == 0
    assert checkout.asked() == tried_again


def test_a_run_with_refusals_counts_as_success_and_says_why(checkout):
    checkout.answers(3, "pipelines.cli run")
    done = checkout.make("run")
    assert done.returncode == 0
    assert "at least one file or row was refused" in done.stdout


@pytest.mark.parametrize("code", [1, 2, 70])
def test_a_run_that_could_not_be_done_fails(checkout, code):
    checkout.answers(code, "pipelines.cli run")
    done = checkout.make("run")
    assert done.returncode != 0
    assert "refused" not in done.stdout


def test_a_quarter_and_more_reach_the_command(checkout):
    checkout.make("run", "QUARTER=2003-04-Q4", "ARGS=--no-prefect")
    calls = (checkout.folder / "calls.txt").read_text(encoding="utf-8")
    assert "-m pipelines.cli run 2003-04-Q4 --no-prefect" in calls


def test_an_old_python_is_turned_away_in_a_sentence(checkout):
    checkout.answers(1, "version_info")
    done = checkout.make("run")
    assert done.returncode != 0
    assert "is older than Python 3.11" in done.stdout
    assert checkout.asked() == []


def test_no_python_is_said_in_a_sentence(checkout):
    done = checkout.make("run", "PYTHON=no-such-python")
    assert done.returncode != 0
    assert "There is no Python called no-such-python here." in done.stdout


def test_a_folder_that_is_no_environment_is_left_alone(checkout):
    precious = checkout.folder / "papers" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("keep me", encoding="utf-8")
    done = checkout.make("run", "VENV=papers")
    assert done.returncode != 0
    assert "no virtual environment" in done.stdout
    assert precious.read_text(encoding="utf-8") == "keep me"


def test_check_changes_nothing_and_fix_does(checkout):
    assert checkout.make("check").returncode == 0
    calls = (checkout.folder / "calls.txt").read_text(encoding="utf-8")
    assert "--fix" not in calls
    assert "ruff format --check" in calls
    checkout.asked()
    assert checkout.make("fix").returncode == 0
    assert checkout.asked() == ["mend", "format"]


def test_a_dry_run_shows_the_job_and_does_nothing(checkout):
    shown = checkout.make("-n", "run")
    assert shown.returncode == 0
    assert "pipelines.cli run" in shown.stdout
    assert checkout.asked() == []


def test_make_alone_lists_every_target(checkout):
    listed = re.findall(r"^  make ([a-z]+)", checkout.make().stdout, re.MULTILINE)
    made = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert made
    assert sorted(listed) == sorted(made[1].split())
    assert {"run", "test", "check", "fix", "bench", "sample", "lock", "wheels"} <= set(listed)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_every_target_that_is_named_is_there(checkout, name):
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"(?:^|`)make (?:-C \S+ )?([a-z]+)(?=`| |$)", text, re.MULTILINE)
    listed = re.findall(r"^  make ([a-z]+)", checkout.make("help").stdout, re.MULTILINE)
    assert set(named) <= set(listed)
