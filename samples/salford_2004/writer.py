"""Save a workbook so that the same content always gives the same bytes.

openpyxl stamps the day and hour of saving into a workbook, and how well a zip packs depends on the machine's
compression library. Here the dates are those of the sample and the parts are stored as they are.
"""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def save(book: Workbook, path: Path, *, made: datetime, creator: str, title: str) -> None:
    """Write `book` to `path` as if `creator` had saved it at `made`."""
    about = book.properties
    about.creator, about.title, about.created = creator, title, made
    about.subject = "Illustrative sample"
    packed = io.BytesIO()
    book.save(packed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = MODIFIED.sub(rf"\g<1>{made.isoformat()}Z\g<2>", data.decode()).encode()
            part = zipfile.ZipInfo(name, ZIP_DATE)
            part.create_system = 0  # else the system it was made on stands in the file
            target.writestr(part, data)
