"""Prove that every line of requirements.lock has a wheel for each Python and system we name.

A wheel installs without a compiler, which an office machine seldom has. Which lines apply to a target is
worked out here from their environment markers; whether a wheel fits is asked of uv, which reads the package
index and downloads no wheel. The two must agree line by line. Run it with `make wheels`; it needs the index.
"""

import argparse
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).parent.parent / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


@dataclass(frozen=True)
class System:
    """An operating system on one processor: uv's name for it, and what Python's markers say there."""

    title: str
    uv_platform: str
    sys_platform: str
    platform_system: str
    os_name: str
    platform_machine: str


SYSTEMS = (
    System("Linux x86-64", "x86_64-manylinux_2_28", "linux", "Linux", "posix", "x86_64"),
    System("Windows x86-64", "x86_64-pc-windows-msvc", "win32", "Windows", "nt", "AMD64"),
    System("macOS arm64", "aarch64-apple-darwin", "darwin", "Darwin", "posix", "arm64"),
)


def lines_of(lock_text: str) -> list[Requirement]:
    """The lines of a lock as requirements, comments and blanks left out."""
    lines = (line.strip() for line in lock_text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def environment(system: System, python: str) -> dict[str, str]:
    """What markers are evaluated against: the .0 release of a Python, which needs the most backports."""
    return {
        "sys_platform": system.sys_platform,
        "platform_system": system.platform_system,
        "os_name": system.os_name,
        "platform_machine": system.platform_machine,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def applicable(lines: list[Requirement], system: System, python: str) -> list[str]:
    """The `name==version` pins of the lines whose marker holds on that system and Python, sorted."""
    target = environment(system, python)
    return sorted(
        f"{line.name}{line.specifier}" for line in lines if not line.marker or line.marker.evaluate(target)
    )


def ask_uv(uv: str, pins: list[str], system: System, python: str) -> tuple[list[str], str]:
    """The pins for which the index has a fitting wheel, and uv's reason if it has not for all (then none)."""
    command = [uv, "pip", "compile", "-", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-header", "--no-annotate", "--no-config", "--no-python-downloads"]
    command += ["--python-version", python, "--python-platform", system.uv_platform]
    answer = subprocess.run(command, input="\n".join(pins), capture_output=True, text=True, check=False)
    return sorted(answer.stdout.split()), answer.stderr.strip()


def missing_wheels(uv: str, pins: list[str], system: System, python: str) -> dict[str, str]:
    """Pin → why no wheel fits; empty if one fits each. Only if all at once fail is each asked by itself."""
    found, reason = ask_uv(uv, pins, system, python)
    if found == pins:
        return {}
    missing = {}
    for pin in pins:
        found, reason = ask_uv(uv, [pin], system, python)
        if found != [pin]:
            missing[pin] = reason
    if not missing:
        raise RuntimeError(f"{system.title}, Python {python}: the lines resolve one by one but not together")
    return missing


def main() -> int:
    """Print one line per target; 0 if every line of the lock has a wheel on each, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--uv", default="uv", help="the uv command (default: the one on the path)")
    parser.add_argument("--python", action="append", help=f"a Python version (default: {', '.join(PYTHONS)})")
    arguments = parser.parse_args()

    lines = lines_of(LOCK.read_text(encoding="utf-8"))
    print(f"{LOCK.name}: {len(lines)} lines. A line applies to a target where its marker holds there.\n")
    print(f"{'target':<30}{'apply':>7}{'wheels':>8}{'missing':>9}")
    everything_missing = []
    for system in SYSTEMS:
        for python in arguments.python or PYTHONS:
            pins = applicable(lines, system, python)
            missing = missing_wheels(arguments.uv, pins, system, python)
            target = f"CPython {python}, {system.title}"
            print(f"{target:<30}{len(pins):>7}{len(pins) - len(missing):>8}{len(missing):>9}", flush=True)
            everything_missing += [f"{target}: {pin}\n{reason}" for pin, reason in missing.items()]
    for line in everything_missing:
        print(f"\n{line}")
    return 1 if everything_missing else 0


if __name__ == "__main__":
    sys.exit(main())
