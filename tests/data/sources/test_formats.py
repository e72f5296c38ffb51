"""Whatever a table is written in, the same cells come out; what is no table is said in one sentence."""

import gzip
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from data.errors import Trouble
from data.sources.formats import tables_in
from data.sources.raw import FAULT, ROW, Raw, no_progress

ROWS = [["ticket_id", "opened_at", "category"], ["T1", "2024-01-01 10:00", "Größe"], ["T2", "", "zwei, drei"]]
CELLS = [("T1", "2024-01-01 10:00", "Größe"), ("T2", None, "zwei, drei")]


def text(mark: str = ",", end: str = "\n") -> str:
    quoted = [[f'"{cell}"' if mark in cell else cell for cell in row] for row in ROWS]
    return end.join(mark.join(row) for row in quoted) + end


def only(path: Path) -> Raw:
    (raw,) = tables_in(path)
    return raw


def cells(raw: Raw) -> list[tuple[str | None, ...]]:
    return raw.read(raw.columns, no_progress).drop(ROW, FAULT).rows()


def written(path: Path, content: bytes | str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|", "^", "~", "\x1f"])
def test_any_delimiter(tmp_path: Path, mark: str) -> None:
    assert cells(only(written(tmp_path / "a.csv", text(mark)))) == CELLS


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    raw = only(written(tmp_path / "a.csv", text(";"), encoding))
    assert raw.columns == ROWS[0]
    assert cells(raw) == CELLS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end(tmp_path: Path, end: str) -> None:
    assert cells(only(written(tmp_path / "a.csv", text(end=end)))) == CELLS


def test_eight_bit_text_is_said(tmp_path: Path) -> None:
    assert only(written(tmp_path / "a.csv", text(), "cp1252")).notes == (
        "a.csv was read as Windows-1252, for it is not UTF-8",
    )


def test_excels_own_first_line_names_the_delimiter(tmp_path: Path) -> None:
    raw = only(written(tmp_path / "a.csv", "sep=;\n" + text(";")))
    assert cells(raw) == CELLS
    assert raw.read(["ticket_id"], no_progress)[ROW].to_list() == [3, 4]


def test_line_numbers_are_those_a_person_finds_also_after_quoted_line_breaks_and_blank_lines(tmp_path: Path) -> None:
    raw = only(written(tmp_path / "a.csv", 'a,b\n1,"x\ny"\n\n,\n2,z\n'))
    assert raw.read(["a"], no_progress).select("a", ROW).rows() == [("1", 2), ("2", 6)]


def test_a_header_that_appears_twice_keeps_both_columns(tmp_path: Path) -> None:
    raw = only(written(tmp_path / "a.csv", "category,category,,x\n1,2,3,4\n"))
    assert raw.columns == ["category", "category#2", "column 3", "x"]
    assert cells(raw) == [("1", "2", "3", "4")]


def test_a_line_of_another_width_is_faulty_and_no_other(tmp_path: Path) -> None:
    raw = only(written(tmp_path / "a.csv", "a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n"))
    assert raw.read(["a"], no_progress)[FAULT].to_list() == [
        "the line has 2 cells where the header has 3",
        None,
        "the line has 4 cells where the header has 3",
        None,
    ]


def test_a_quote_that_is_never_closed_is_said_where_it_opens(tmp_path: Path) -> None:
    raw = only(written(tmp_path / "a.csv", 'a,b\n1,2\n"3,4\n5,6\n7,8\n'))
    assert raw.read(["a"], no_progress).select(ROW, FAULT).rows()[1] == (
        3,
        "a quote mark on this line or soon after is never closed, up to line 5",
    )


def test_blanks_around_a_cell_are_no_part_of_it(tmp_path: Path) -> None:
    assert cells(only(written(tmp_path / "a.csv", "a,b\n x ,   \n"))) == [("x", None)]


def test_more_rows_than_one_chunk_keep_their_order(tmp_path: Path) -> None:
    body = "".join(f"{n},x\n" for n in range(120_001))
    frame = only(written(tmp_path / "a.csv", "a,b\n" + body)).read(["a"], no_progress)
    assert frame["a"].to_list() == [str(n) for n in range(120_001)]
    assert frame[ROW].to_list() == list(range(2, 120_003))


def parquet(target: Path | io.BytesIO) -> None:
    pl.DataFrame(
        {"ticket_id": ["T1", "T2"], "opened_at": ["2024-01-01 10:00", None], "category": ["Größe", "zwei, drei"]}
    ).write_parquet(target)


def test_parquet_with_times_in_their_own_type(tmp_path: Path) -> None:
    when = pl.Series([datetime(2024, 3, 31, 12, tzinfo=UTC).replace(tzinfo=None)])
    frame = pl.DataFrame(
        {"a": when.dt.replace_time_zone("Europe/Rome"), "b": when, "c": [[1]], "d": [1.5], "e": [True]}
    )
    frame.write_parquet(tmp_path / "a.parquet")
    raw = only(tmp_path / "a.parquet")
    assert raw.columns == ["a", "b", "d", "e"]
    assert cells(raw) == [("2024-03-31T10:00:00.000000Z", "2024-03-31T12:00:00.000000", "1.5", "true")]


def excel(path: Path, sheets: dict[str, list[list[object]]], first_row: int = 0) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            sheet.write_row(first_row + place, 0, row)
    book.close()
    return path


def test_excel_with_dates_numbers_and_the_rows_that_a_person_sees(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["id", "at", "n"],
        [12, datetime(2024, 1, 1, 10, tzinfo=UTC).replace(tzinfo=None), 1.5],
        [],
        ["x", "2024", True],
    ]
    raw = only(excel(tmp_path / "a.xlsx", {"one": rows, "empty": []}, first_row=2))
    frame = raw.read(raw.columns, no_progress)
    assert frame.drop(FAULT).rows() == [("12", "2024-01-01 10:00:00", "1.5", 4), ("x", "2024", "true", 6)]


def test_each_sheet_of_a_workbook_is_a_table(tmp_path: Path) -> None:
    path = excel(tmp_path / "a.xlsx", {"tickets": [["a", "b"], [1, 2]], "teams": [["c", "d"], [3, 4]]})
    assert [(raw.name, raw.columns) for raw in tables_in(path)] == [
        ("a.xlsx: tickets", ["a", "b"]),
        ("a.xlsx: teams", ["c", "d"]),
    ]


def test_gzip_of_text_and_of_parquet(tmp_path: Path) -> None:
    held = io.BytesIO()
    parquet(held)
    for name, content in (("a.csv.gz", text().encode()), ("a.parquet.gz", held.getvalue())):
        (tmp_path / name).write_bytes(gzip.compress(content, mtime=0))
        assert cells(only(tmp_path / name)) == CELLS


def test_zip_with_a_folder_and_what_file_managers_leave_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/er/", "")
        archive.writestr("deep/er/a.csv", text())
        archive.writestr("__MACOSX/deep/._a.csv", b"\x00\x01")
        archive.writestr(".DS_Store", b"\x00\x01")
    assert cells(only(tmp_path / "a.zip")) == CELLS


def test_a_zip_whose_only_file_leads_out_of_it_is_told_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../a.csv", text())
    with pytest.raises(Trouble, match=r"'../a.csv' leads out of the zip"):
        tables_in(tmp_path / "a.zip")


def test_zip_of_several_tables_and_kinds(tmp_path: Path) -> None:
    held = io.BytesIO()
    parquet(held)
    excel(tmp_path / "c.xlsx", {"s": [["a", "b"], [1, 2]]})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("tickets.csv", text())
        archive.writestr("b.parquet", held.getvalue())
        archive.writestr("d.csv.gz", gzip.compress(text(";").encode()))
        archive.write(tmp_path / "c.xlsx", "c.xlsx")
    found = tables_in(tmp_path / "a.zip")
    assert [raw.name for raw in found] == ["a.zip: tickets.csv", "a.zip: b.parquet", "a.zip: d.csv", "a.zip: c.xlsx"]
    assert [cells(raw) for raw in found] == [CELLS, CELLS, CELLS, [("1", "2")]]


def zipped(content: bytes, name: str = "a.csv") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def locked() -> bytes:
    content = bytearray(zipped(b"a,b\n1,2\n" * 50))
    for start in (content.find(b"PK\x03\x04") + 6, content.find(b"PK\x01\x02") + 8):
        content[start] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n \n", "no table"),
        (b"hello world", "no table"),
        (b"one column\n1\n2\n", "no table"),
        (bytes(range(256)) * 40, "no table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)) * 9, "no table"),
        (b"PAR1 and then nothing", "damaged Parquet"),
        (b"PK\x03\x04 and then nothing", "damaged zip"),
        (b"\xd0\xcf\x11\xe0 and then nothing", "cannot be read as Excel"),
        (b"\x1f\x8b and then nothing", "damaged or was cut short"),
        (gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:-20], "damaged or was cut short"),
        (zipped(b"")[:0] or zipped(b"", "folder/"), "without a file"),
        (gzip.compress(gzip.compress(zipped(b"a,b\n1,2\n"), mtime=0)), "archive in an archive"),
        (locked(), "locked with a password"),
        (gzip.compress(b"", mtime=0), "is empty"),
    ],
)
def test_what_is_no_table_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(Trouble, match=said):
        tables_in(written(tmp_path / "file", content))[0].read([], no_progress)


def test_a_bomb_is_refused_in_zip_and_gzip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.sources.containers.ALWAYS_FINE", 2**16)
    bomb = b"a,b\n" + b"1,2\n" * 500_000
    for name, content in (("b.zip", zipped(bomb)), ("b.csv.gz", gzip.compress(bomb, mtime=0))):
        with pytest.raises(Trouble, match="unpacks to more than"):
            tables_in(written(tmp_path / name, content))[0].read(["a"], no_progress)


def test_no_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="There is no file"):
        tables_in(tmp_path / "nope.csv")
    with pytest.raises(Trouble, match="is a folder"):
        tables_in(tmp_path)
