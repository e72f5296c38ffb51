"""Office files with the same bytes whenever they are written: fixed times, nothing that a library's build changes."""

import io
import re
import zipfile
from datetime import UTC, datetime

_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms)")


def fixed(content: bytes, at: datetime) -> bytes:
    """The zip `content` again, every entry dated `at`; workbooks within it (the numbers behind charts) likewise.

    Entries are stored, not compressed: zlib's output differs between its builds.
    """
    day = at.astimezone(UTC)
    stamp = (max(day.year, 1980), day.month, day.day, day.hour, day.minute, day.second // 2 * 2)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for entry in given.infolist():
            body = given.read(entry)
            if entry.filename.endswith(".xlsx"):
                body = fixed(body, at)
            if entry.filename == "docProps/core.xml":
                body = _TIMES.sub(rb"\g<1>" + f"{day:%Y-%m-%dT%H:%M:%SZ}".encode() + rb"\g<2>", body)
            info = zipfile.ZipInfo(entry.filename, stamp)
            info.external_attr = 0o600 << 16
            info.create_system = 3
            made.writestr(info, body)
    return out.getvalue()
