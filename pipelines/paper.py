"""A workbook of ours as a PDF, printed by LibreOffice where that is installed.

LibreOffice is a program of its own: it gets a profile of its own, so that one that is open on the desk neither stops it
nor is disturbed, a copy of the workbook, and a limit of time.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from pathlib import Path

from pipelines.storage import durable

PROGRAMS = ("soffice", "libreoffice")
LIMIT_SECONDS = 300
BOOK = "xl/workbook.xml"
# where the print area of a sheet for other programs is said; and a cell of it in which nothing stands
FOR_PROGRAMS = re.compile(rb"(<definedName name=\"_xlnm.Print_Area\"[^>]*>'(?:Data_\w+|Provenance)'!)[^<]+")
NOTHING = rb"\1$XFD$1"


class PaperError(Exception):
    """There is no PDF; the sentence says what to do instead."""


def print_pdf(workbook: Path, path: Path) -> Path:
    """Write the workbook's printed pages to `path`, which appears whole or not at all; the workbook stays as it is.

    Raises PaperError where LibreOffice is not here, takes too long, or makes none.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise PaperError(
            "The PDF needs LibreOffice, which is not found here: install it, or open "
            f"{workbook} and print it from there."
        )
    with tempfile.TemporaryDirectory(prefix="lsp-pdf-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        _copy(workbook, place / "pack.xlsx")
        said = _convert(program, place)
        made = place / "pack.pdf"
        content = made.read_bytes() if made.exists() else b""
    if not content.startswith(b"%PDF-"):
        raise PaperError(
            f"LibreOffice made no PDF ({said or 'it does not say why'}). The workbook is whole: open "
            f"{workbook} and print it from there."
        )
    durable.put(content, path)
    return path


def _copy(workbook: Path, copy: Path) -> None:
    """The workbook, with nothing to be printed of its sheets for other programs, which would be a heading each."""
    try:
        with zipfile.ZipFile(workbook) as parts, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as kept:
            for part in parts.infolist():
                content = parts.read(part)
                kept.writestr(
                    part.filename, FOR_PROGRAMS.sub(NOTHING, content) if part.filename == BOOK else content
                )
    except zipfile.BadZipFile:
        shutil.copyfile(workbook, copy)  # let LibreOffice say what it makes of it


def _convert(program: str, place: Path) -> str:
    """Have pack.xlsx printed to pack.pdf, in `place`; what LibreOffice said last, in one line."""
    command = [
        program,
        f"-env:UserInstallation={(place / 'profile').as_uri()}",
        *(
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
            str(place),
            str(place / "pack.xlsx"),
        ),
    ]
    log = place / "said.txt"
    with log.open("wb") as said:
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            running.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            return f"it was ended after {LIMIT_SECONDS} seconds"
        finally:
            _end(running)
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _end(running: "subprocess.Popen[bytes]") -> None:
    """End it with all that it started: soffice is a script, and does its work in another process."""
    if running.poll() is None:
        if os.name == "posix":
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
        running.wait()
