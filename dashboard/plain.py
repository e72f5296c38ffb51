"""Text that others wrote, made safe to stand in Markdown: shown as it is, never read as formatting or a link."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&@^=])")
# Where an address is made a link of although it is escaped: a joiner that takes no room keeps it text.
_ADDRESS = re.compile(r"(?<=[\w.+-])(?=@\w)|(?<=http)(?=s?://)|(?<=www)(?=\.)", re.IGNORECASE)
JOINER = "\u2060"


def plain(text: object) -> str:
    """Every character that Markdown could read as its own is escaped; line ends become spaces."""
    return _MARKS.sub(r"\\\1", _ADDRESS.sub(JOINER, " ".join(str(text).split())))
