"""The page for staff as PDF: by typst, tagged (PDF/UA-1), in the typeface that is shipped."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.reports.pdf import FONTS, breakable
from dashboard.staff.told import TITLE, Section, lines
from data.errors import Trouble

HERE = Path(__file__).parent


def render(told: Sequence[Section], at: datetime, by: str) -> bytes:
    """The bytes of the PDF. Raises Trouble where it cannot be made."""
    import typst

    foot = f"Heartline, as of {at.day} {at:%B %Y}"
    data = breakable({"title": TITLE, "by": by, "foot": foot, "sections": lines(told)})
    asked: dict[str, Any] = {
        "format": "pdf",
        "font_paths": [FONTS],
        "ignore_system_fonts": True,
        "sys_inputs": {"staff": json.dumps(data, ensure_ascii=False)},
        "timestamp": at.replace(microsecond=0),
    }
    try:
        return bytes(typst.compile(HERE / "staff.typ", pdf_standards=["ua-1"], **asked))
    except typst.TypstError as error:
        if "could not be displayed with font" not in error.message:
            raise Trouble(f"The PDF could not be made: {error.message}.") from error
    return bytes(typst.compile(HERE / "staff.typ", **asked))  # a letter that no shipped typeface has
