"""An XES event log becomes a table of one row an event; one that is damaged or means harm is refused in a sentence."""

import gzip
from pathlib import Path

import pytest

from data.errors import Trouble
from data.sources.formats import tables_in
from data.sources.raw import FAULT, ROW, no_progress

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
LOG = f"""{HEAD}
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="unheard" value="of"/></global>
  <string key="origin" value="csv"/>
  <trace>
    <string key="concept:name" value="Case 1"/>
    <event><string key="concept:name" value="Größe &amp; mehr"><int key="nested" value="1"/></string></event>
    <event><string key="concept:name" value=" "/><date key="time:timestamp" value="2012-10-09T14:50:17+00:00"/></event>
  </trace>
  <trace><string key="concept:name" value="Case 2"/></trace>
  <trace><event><int key="cost" value="3"/></event></trace>
</log>
"""
EVENTS = [
    ("Case 1", "Größe & mehr", None, None),
    ("Case 1", None, "2012-10-09T14:50:17+00:00", None),
    (None, None, None, "3"),
]
COLUMNS = ["case:concept:name", "concept:name", "time:timestamp", "cost"]


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "log.xes"
    path.write_bytes(text.encode(encoding))
    return path


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(Trouble) as trouble:
        tables_in(written(tmp_path, text))
    return str(trouble.value)


def test_a_row_is_an_event_with_its_traces_attributes(tmp_path: Path) -> None:
    (raw,) = tables_in(written(tmp_path, LOG))
    assert raw.columns == COLUMNS
    frame = raw.read(raw.columns, no_progress)
    assert frame.drop(ROW, FAULT).rows() == EVENTS
    assert (frame[ROW].to_list(), frame[FAULT].null_count()) == ([1, 2, 3], 3)


def test_traces_without_an_event_are_said(tmp_path: Path) -> None:
    (raw,) = tables_in(written(tmp_path, LOG))
    assert raw.notes == ("log.xes has 1 traces without an event: they make no row",)


def test_only_the_columns_that_are_asked_for_are_kept(tmp_path: Path) -> None:
    (raw,) = tables_in(written(tmp_path, LOG))
    assert raw.read(["cost"], no_progress).columns == ["cost", ROW, FAULT]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_any_encoding_that_the_file_declares(tmp_path: Path, encoding: str) -> None:
    (raw,) = tables_in(written(tmp_path, LOG.replace("UTF-8", encoding), encoding))
    assert raw.read(raw.columns, no_progress).drop(ROW, FAULT).rows() == EVENTS


def test_rows_keep_their_order_and_number_over_several_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.sources.xes.CHUNK", 2)
    events = "".join(f'<event><int key="n" value="{place}"/></event>' for place in range(1, 6))
    (raw,) = tables_in(written(tmp_path, f"<log><trace>{events}</trace></log>"))
    shares: list[float] = []
    frame = raw.read(["n"], shares.append)
    assert frame.select("n", ROW).rows() == [(str(place), place) for place in range(1, 6)]
    assert shares == [0.4, 0.8]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE log SYSTEM "http://127.0.0.1:1/log.dtd">',
    ],
    ids=["a bomb", "a file", "an address"],
)
def test_entities_and_document_types_are_refused(tmp_path: Path, declared: str) -> None:
    text = LOG.replace(HEAD, HEAD + declared).replace("Case 1", "&a;")
    assert "declares a document type or entities" in refused(tmp_path, text)


def test_what_is_cut_short_is_damaged_and_says_the_line(tmp_path: Path) -> None:
    assert "damaged XML file (line 7" in refused(tmp_path, LOG[: LOG.index("mehr")])


def test_other_xml_is_no_event_log(tmp_path: Path) -> None:
    assert "is XML but no XES event log (it begins with <tickets>)" in refused(tmp_path, f"{HEAD}<tickets/>")


def test_a_log_without_events_is_said(tmp_path: Path) -> None:
    assert "without an event" in refused(tmp_path, "<log></log>")


def test_depth_and_kinds_of_attributes_without_end_are_refused(tmp_path: Path) -> None:
    assert "levels deep" in refused(tmp_path, "<log>" + "<list>" * 100)
    keys = "".join(f'<int key="{place}" value="1"/>' for place in range(3000))
    assert "kinds of attributes" in refused(tmp_path, f"<log><trace><event>{keys}</event></trace></log>")


def test_a_file_that_unpacks_beyond_all_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.sources.containers.ALWAYS_FINE", 2**16)
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(b"<log><trace>" + b"<event/>" * 10**6))
    with pytest.raises(Trouble, match="unpacks to more than"):
        tables_in(path)
