"""XES (IEEE 1849), the event logs of process mining -> a table of one row an event.

A column is an attribute's key; those of the trace, which all of its events share, begin with `case:`. Nested
attributes, lists and the log's own are left out. Read as a stream with defusedxml: a file that declares a document type
or entities is refused, nothing outside of it is opened, and no more is held than the cells that were asked for.
Source: https://www.xes-standard.org, IEEE 1849-2016.
"""

import re
import xml.sax
from collections.abc import Callable, Sequence
from contextlib import suppress
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
import polars as pl
from defusedxml.common import DefusedXmlException

from data.errors import Trouble
from data.sources.containers import Blob
from data.sources.delimited import CHUNK, LONGEST_CELL
from data.sources.raw import FAULT, ROW, Progress, Raw, tidy

CASE = "case:"
# An attribute's value stands in its tag; only lists and containers have none.
_KINDS = frozenset({"string", "date", "int", "float", "boolean", "id"})
_DEEPEST, _MOST_KEYS = 64, 2000
_XML = re.compile(rb"\s*<(\?xml|!--|!DOCTYPE|log[\s>])", re.IGNORECASE)
_Cells = dict[str, str]


def is_xml(head: bytes) -> bool:
    """Do these first bytes begin an XML file, in UTF-8, UTF-16 or Latin-1?"""
    return bool(_XML.match(head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")))


def raw_of(blob: Blob) -> Raw:
    """The events of the log as a table. Trouble when it is no XES, damaged, or declares entities."""
    log = _Header()
    _parse(blob, log)
    if not log.events:
        raise Trouble(f"{blob.name} is an event log without an event: nothing was imported.")
    notes = (f"{blob.name} has {log.empty:,} traces without an event: they make no row",) if log.empty else ()

    def read(wanted: Sequence[str], progress: Progress) -> pl.DataFrame:
        rows = _Rows(wanted, lambda done: progress(done / log.events))
        _parse(blob, rows)
        return rows.frame()

    return Raw(blob.name, list(log.keys), read, notes)


class _Enough(Exception):
    """What keeps the file from being read, in words."""


def _parse(blob: Blob, handler: "_Log") -> None:
    with blob.open() as stream:
        try:
            defusedxml.sax.parse(stream, handler, forbid_dtd=True)
        except xml.sax.SAXParseException as error:
            raise Trouble(
                f"{blob.name} is a damaged XML file (line {error.getLineNumber()}: {error.getMessage()}): "
                "export it again."
            ) from None
        except DefusedXmlException:
            raise Trouble(
                f"{blob.name} declares a document type or entities, which may reach outside of the file or grow "
                "without end: export it without them."
            ) from None
        except _Enough as error:
            raise Trouble(f"{blob.name} {error}.") from None
        except (LookupError, UnicodeError, ValueError) as error:
            raise Trouble(f"{blob.name} is a damaged XML file ({error}): export it again.") from None


class _Log(ContentHandler):
    """Walks through the log: keeps the attributes of the trace and the event at hand, and tells each event."""

    def __init__(self) -> None:
        super().__init__()
        self.empty = self.events = 0
        self._open: list[str] = []
        self._trace: _Cells = {}
        self._event: _Cells = {}
        self._had_event = False

    def event(self, cells: _Cells) -> None:
        """An event with its own cells and those of its trace."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # xml.sax calls it so
        kind = name.rpartition(":")[2]
        if not self._open and kind != "log":
            raise _Enough(
                f"is XML but no XES event log (it begins with <{kind[:40]}>): give a CSV, Excel or Parquet file"
            )
        within = self._open[-1] if self._open else ""
        self._open.append(kind)
        if len(self._open) > _DEEPEST:
            raise _Enough(f"nests more than {_DEEPEST} levels deep, which no event log does: export it again")
        if kind == "trace":
            self._trace, self._had_event = {}, False
        elif kind == "event":
            self._event = {}
        elif kind in _KINDS and within in ("trace", "event"):
            self._keep(within, attrs)

    def _keep(self, within: str, attrs: AttributesImpl) -> None:
        with suppress(KeyError):
            key, value = attrs.getValue("key"), attrs.getValue("value")
            if len(value) > LONGEST_CELL:
                raise _Enough("has a value of more than 16 MB, which no event log has: export it again")
            if within == "trace":
                self._trace[CASE + key] = value
            else:
                self._event[key] = value

    def endElement(self, name: str) -> None:  # noqa: N802  # xml.sax calls it so
        kind = self._open.pop()
        if kind == "event":
            self.events += 1
            self._had_event = True
            self.event({**self._trace, **self._event})
        elif kind == "trace":
            self.empty += not self._had_event
            self._trace = {}


class _Header(_Log):
    """The first way through the file: which columns there are."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, None] = {}

    def event(self, cells: _Cells) -> None:
        self.keys.update(dict.fromkeys(cells))
        if len(self.keys) > _MOST_KEYS:
            raise _Enough(f"has more than {_MOST_KEYS:,} kinds of attributes, which no event log has: export it again")


class _Rows(_Log):
    """The second way: the wanted cells of each event, laid down in frames."""

    def __init__(self, wanted: Sequence[str], done: Callable[[int], None]) -> None:
        super().__init__()
        self._wanted, self._done = list(wanted), done
        self._cells: list[list[str | None]] = [[] for _ in wanted]
        self._frames: list[pl.DataFrame] = []

    def event(self, cells: _Cells) -> None:
        for column, key in zip(self._cells, self._wanted, strict=True):
            column.append(cells.get(key))
        if self.events % CHUNK == 0:
            self._lay_down()
            self._done(self.events)

    def _lay_down(self) -> None:
        cells = zip(self._wanted, self._cells, strict=True)
        self._frames.append(tidy(pl.DataFrame([pl.Series(name, held, dtype=pl.String) for name, held in cells])))
        self._cells = [[] for _ in self._wanted]

    def frame(self) -> pl.DataFrame:
        """All of it, with the event's number in the log."""
        self._lay_down()
        whole = pl.concat(self._frames)
        number = pl.int_range(1, self.events + 1, dtype=pl.Int64, eager=True).alias(ROW)
        return whole.with_columns(number, pl.lit(None, pl.String).alias(FAULT))
