"""What the framework says of files: encodings that exist, and limits that are numbers."""

from collections.abc import Iterator

from pipelines.findings import Finding
from pipelines.framework_checks.framework import Framework
from pipelines.submission.opening import TEXT_ENCODING
from pipelines.workbook.formats.text_decoding import is_encoding
from pipelines.workbook.limits import SETTING, Limits

KNOWN = "Give the name of an encoding, such as utf-8 or windows-1252."


def encodings(framework: Framework) -> Iterator[Finding]:
    """Each encoding, of a partner or by default, that there is none of: its files could never be read."""
    for row in framework.rows("partners"):
        encoding = row.get("encoding")
        if encoding and not is_encoding(encoding):
            sentence = f"'{encoding}' is no encoding of text files that we know. {KNOWN}"
            yield framework.at(row, "encoding", "encoding_known", sentence)
    for row in framework.rows("settings"):
        if row["setting_id"] == TEXT_ENCODING and not is_encoding(row["value"]):
            sentence = f"'{TEXT_ENCODING}' is '{row['value']}', which is no encoding that we know. {KNOWN}"
            yield framework.at(row, "value", "encoding_known", sentence)


def limits(framework: Framework) -> Iterator[Finding]:
    """Each limit on files that is no whole number, or that there is none of by this name."""
    for row in framework.rows("settings"):
        name = row["setting_id"]
        if not name.startswith(SETTING):
            continue
        if name.removeprefix(SETTING) not in Limits.__dataclass_fields__:
            known = ", ".join(SETTING + field for field in Limits.__dataclass_fields__)
            sentence = f"There is no limit '{name}'. The limits on files are: {known}."
            yield framework.at(row, "setting_id", "limit_known", sentence)
            continue
        try:
            Limits().changed_by({name: str(row["value"])})
        except ValueError as error:
            yield framework.at(row, "value", "setting_is_number", str(error))
