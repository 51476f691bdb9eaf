"""The worked questions of sql/queries: each runs on the marts and has an answer."""

from pathlib import Path

import pytest
from sample_files import ROOT
from workspaces import Ran

QUERIES = sorted((ROOT / "sql" / "queries").glob("*.sql"))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_question_opens_with_itself_and_has_an_answer(path: Path, sample: Ran) -> None:
    query = path.read_text(encoding="utf-8")
    question = query.splitlines()[0]
    assert question.startswith("-- ")
    assert question.endswith("?")
    assert sample.select(query)


def test_there_are_a_dozen_questions() -> None:
    assert len(QUERIES) >= 12
