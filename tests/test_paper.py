"""The pack as a PDF: with LibreOffice where it is here, and what is said where it is not, fails or never ends."""

import os
import re
import shutil
import time
from pathlib import Path

import pytest
from pack_marts import QUARTER, marts_of, sample
from workspaces import Ran, bytes_of, copied, lsp

from pipelines import paper
from pipelines.pack import compose, write_pack
from pipelines.pack.pages import page_ends

on_posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called soffice, to be written, and nothing else of that name."""
    program = tmp_path / "programs" / "soffice"
    program.parent.mkdir()
    monkeypatch.setenv("PATH", str(program.parent))
    return program


def script(program: Path, *lines: str) -> None:
    program.write_text("\n".join(["#!/bin/sh", "PATH=/usr/bin:/bin", *lines]), encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "packs" / "pack.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"a workbook")
    return path


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed here")
def test_libreoffice_prints_the_pack_to_a_file_beside_it(tmp_path: Path) -> None:
    composed = compose(marts_of(sample()), QUARTER)
    pack = write_pack(composed, tmp_path / "packs" / "pack.xlsx").path
    before = pack.read_bytes()
    pdf = paper.print_pdf(pack, pack.with_suffix(".pdf"))
    assert pack.read_bytes() == before
    assert sorted(bytes_of(tmp_path / "packs")) == ["pack.pdf", "pack.xlsx"], "nothing else is left there"
    # what is for other programs is not printed: it would be a page with a heading for each
    pages = sum(len(page_ends(laid)) + 1 for laid in composed.laid if not laid.sheet.is_tidy)
    assert len(re.findall(rb"/Type\s*/Page[\s/>]", pdf.read_bytes())) == pages


def test_without_libreoffice_the_pack_is_made_and_one_sentence_says_what_to_do(
    sample: Ran, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pack = copied(sample, tmp_path / "copy").pack
    before = pack.read_bytes()
    monkeypatch.setenv("PATH", "")
    said = lsp("pack", QUARTER, "--pdf", "--root", tmp_path / "copy")
    assert (said.code, said.out) == (1, f"{pack}\n")
    assert said.err == (
        "lsp: The PDF needs LibreOffice, which is not found here: install it, or open "
        f"{pack} and print it from there.\n"
    )
    assert pack.read_bytes() == before
    assert not pack.with_suffix(".pdf").exists()


@on_posix
def test_it_is_told_the_workbook_and_a_profile_of_its_own(stand_in: Path, workbook: Path) -> None:
    script(
        stand_in,
        'while [ "$1" != --outdir ]; do shift; done',
        'echo "%PDF-1.7 of $(cat "$3")" > "$2/pack.pdf"',
    )
    pdf = paper.print_pdf(workbook, workbook.with_name("printed.pdf"))
    assert pdf.read_text(encoding="utf-8") == "%PDF-1.7 of a workbook\n"
    script(stand_in, 'echo "$@"; exit 1')
    with pytest.raises(paper.PaperError) as told:
        paper.print_pdf(workbook, pdf)
    profile = re.search(r"-env:UserInstallation=file://(\S+)/profile --headless", str(told.value))
    assert profile and not Path(profile[1]).exists(), "and is gone afterwards"
    assert pdf.exists(), "the one that was there stays where none could be made"


@on_posix
@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["echo 'source file could not be loaded' >&2", "exit 77"], "source file could not be loaded"),
        (["exit 0"], "it does not say why"),
        (['while [ "$1" != --outdir ]; do shift; done', ': > "$2/pack.pdf"'], "it does not say why"),
    ],
    ids=["fails", "does nothing", "an empty file"],
)
def test_where_it_fails_one_sentence_says_why_and_what_to_do(
    lines: list[str], why: str, stand_in: Path, workbook: Path
) -> None:
    script(stand_in, *lines)
    with pytest.raises(paper.PaperError) as told:
        paper.print_pdf(workbook, workbook.with_suffix(".pdf"))
    assert str(told.value) == (
        f"LibreOffice made no PDF ({why}). The workbook is whole: open {workbook} and print it from there."
    )
    assert list(bytes_of(workbook.parent)) == ["pack.xlsx"]


@on_posix
def test_one_that_never_ends_is_ended_with_all_it_started(
    stand_in: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    script(stand_in, f"sh -c 'echo $$ > {child}; exec sleep 600' &", "wait")
    monkeypatch.setattr(paper, "LIMIT_SECONDS", 2)
    with pytest.raises(paper.PaperError, match=r"\(it was ended after 2 seconds\)"):
        paper.print_pdf(workbook, workbook.with_suffix(".pdf"))
    number = int(child.read_text(encoding="utf-8"))
    for _ in range(500):  # what is killed goes when its parent, or who took its place, hears of it
        if is_gone(number):
            break
        time.sleep(0.02)
    assert is_gone(number)


def is_gone(number: int) -> bool:
    """Whether a process has ended, heard of or not."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{number}/stat")
    return stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
