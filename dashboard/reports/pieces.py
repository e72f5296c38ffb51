"""What a review is made of: sections of plain blocks, which page, PDF and slides show alike. All is plain JSON."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]
Section = dict[str, Any]
# The marks of a chart as letters, for the words below it.
SHAPES = {
    "circle": "○",
    "square": "□",
    "triangle-up": "△",
    "diamond": "◇",
    "cross": "✚",
    "filled circle": "●",
    "filled square": "■",
}


def section(key: str, title: str, blocks: Sequence[Block]) -> Section:
    return {"key": key, "title": title, "blocks": [block for block in blocks if block]}


def text(words: str) -> Block:
    return {"kind": "text", "text": words} if words else {}


def note(words: str) -> Block:
    """Said smaller: how to read what stands above."""
    return {"kind": "note", "text": words} if words else {}


def point(lead: str, words: str, see: str | None = None) -> Block:
    """A line with its heading; `see` is the passport of its figures."""
    whole = lead if lead[-1:] in ".?!:;…" else f"{lead}."
    return {"kind": "point", "lead": whole, "text": words, "see": see}


def heading(words: str) -> Block:
    return {"kind": "heading", "text": words}


def quote(words: str, whose: str) -> Block:
    return {"kind": "quote", "text": words, "from": whose}


def table(said: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> Block:
    """A small table of texts. `said` tells what it shows; `right`: the columns that stand on the right."""
    if not rows:
        return {}
    return {
        "kind": "table",
        "said": said,
        "head": list(head),
        "rows": [list(row) for row in rows],
        "right": list(right),
    }


def figures(keys: Sequence[str]) -> Block:
    return {"kind": "figures", "keys": list(keys)} if keys else {}
