"""A frozen review as PDF: by typst, tagged and with alternative texts (PDF/UA-1), searchable, in its own typeface.

The same review gives the same bytes: the instant is the review's own, the fonts are those that are shipped.
"""

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dashboard.reports.pack import Pack
from dashboard.reports.pieces import SHAPES
from data.errors import Trouble

HERE = Path(__file__).parent
FONTS = HERE.parent / "static" / "fonts"
MADE_WITH = f"typst {version('typst')}"
_LONG = re.compile(r"\S{30}(?=\S)")  # a word that no line could hold is allowed to break


def render(pack: Pack) -> bytes:
    """The bytes of the PDF. Raises Trouble where it cannot be made."""
    import typst

    data = json.dumps(_data(pack), ensure_ascii=False)
    asked: dict[str, Any] = {
        "format": "pdf",
        "font_paths": [FONTS],
        "ignore_system_fonts": True,
        "sys_inputs": {"review": data},
        "timestamp": pack.at,
    }
    try:
        return bytes(typst.compile(HERE / "review.typ", pdf_standards=["ua-1"], **asked))
    except typst.TypstError as error:
        if "could not be displayed with font" not in error.message:
            raise Trouble(f"The PDF could not be made: {error.message}.") from error
    # A letter that no shipped typeface has: it stays in the text, but PDF/UA forbids to show a blank for it.
    return bytes(typst.compile(HERE / "review.typ", **asked))


def _data(pack: Pack) -> dict[str, Any]:
    content = pack.content
    figures = {
        key: {
            "title": one["title"],
            "said": one["said"],
            "svg": one["svg"],
            "see": one["see"],
            "legend": [[name, shape, SHAPES[shape]] for name, shape in one["legend"]],
        }
        for key, one in content["figures"].items()
    }
    told = {name: content[name] for name in ("title", "lang", "rests_on", "asked", "sections", "passports")}
    whole: dict[str, Any] = breakable(told | {"by": pack.by, "foot": pack.foot})
    return whole | {"figures": figures}


def breakable(value: Any) -> Any:
    """Texts in which a word of more than thirty letters may break. Keys and links stay as they are."""
    if isinstance(value, dict):
        return {key: item if key in ("link", "key", "keys", "see") else breakable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [breakable(item) for item in value]
    return _LONG.sub("\\g<0>\u200b", value) if isinstance(value, str) else value
