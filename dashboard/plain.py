"""Text that others wrote, made safe to stand in Markdown: shown as it is, never read as formatting or a link."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&@^=])")


def plain(text: object) -> str:
    """Every character that Markdown could read as its own is escaped; line ends become spaces."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))
