"""Files that grow, point out of themselves or lie about what they are: one sentence, and nothing happened."""

import gzip
import io
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.lake import Lake
from data.sources import excel
from data.sources.formats import tables_in
from tests.attack.files import PROLOG, archive, cell, workbook

ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {after} '{f'&{before};' * 10}'>" for before, after in zip("abcdefg", "bcdefgh", strict=True)
)
TICKETS = "ticket_id,opened_at\nT1,2024-01-01\n"


def refused(home: Home, path: Path) -> str:
    """What the import of this says, having changed nothing."""
    with pytest.raises(Trouble) as raised:
        import_file(home, path)
    assert Lake(home).current().number == 0
    said = str(raised.value)
    assert "\n" not in said
    return said


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_gzip_bomb(home: Home, tmp_path: Path) -> None:
    bomb = tmp_path / "a.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as out:
        out.write(b"ticket_id,opened_at\n")
        for _ in range(80):
            out.write(b"0" * 2**20)
    assert "unpacks to more than" in refused(home, bomb)


def test_zip_bomb_and_a_zip_within_a_zip_within_a_zip(home: Home, tmp_path: Path) -> None:
    assert "unpacks to more than" in refused(
        home, archive(tmp_path / "a.zip", {"a.csv": b"ticket_id\n" + b"0" * (80 * 2**20)})
    )
    inner = archive(tmp_path / "1.zip", {"a.csv": TICKETS}).read_bytes()
    for depth in (2, 3):
        inner = archive(tmp_path / f"{depth}.zip", {"x.zip": inner}).read_bytes()
    assert "archive in an archive" in refused(home, tmp_path / "3.zip")


def test_parquet_that_claims_rows_without_end(home: Home, tmp_path: Path) -> None:
    rows = pl.select(ticket_id=pl.repeat("T1", 4_000_000), opened_at=pl.repeat("2024-01-01", 4_000_000))
    rows.write_parquet(tmp_path / "a.parquet", row_group_size=4_000_000)
    assert "claims 4,000,000 rows" in refused(home, tmp_path / "a.parquet")


@pytest.mark.skipif(sys.platform != "linux", reason="a process's memory is held to a limit on Linux")
def test_a_sheet_with_a_cell_in_its_last_corner_ends_a_process_that_is_not_ours(home: Home, tmp_path: Path) -> None:
    book = workbook(tmp_path / "far.xlsx", cell("A1", "ticket_id") + cell("XFD1048576", "x"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "claim more cells than can be held" in refused(home, book)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


@pytest.mark.skipif(sys.platform != "linux", reason="a process's memory is held to a limit on Linux")
def test_one_long_text_in_very_many_cells(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_HEARTLINE_EXCEL_MEMORY", str(2**29))
    row = "<row>" + '<c t="s"><v>0</v></c>' * 1000 + "</row>"
    book = workbook(tmp_path / "a.xlsx", row * 100, f"<si><t>{'A' * 32_000}</t></si>")
    assert "claim more cells than can be held" in refused(home, book)


@pytest.mark.parametrize("prolog", [PROLOG + ENTITY, PROLOG + LAUGHS + "]>"])
def test_entities_in_a_workbook_are_not_followed(home: Home, tmp_path: Path, prolog: str) -> None:
    last = "&h;" if "ha" in prolog else "&a;"
    refused(home, workbook(tmp_path / "a.xlsx", cell("A1", last), prolog=prolog))


@pytest.mark.parametrize("prolog", [ENTITY, LAUGHS + "]>", '<!DOCTYPE log SYSTEM "http://203.0.113.1/x.dtd">'])
def test_entities_and_document_types_in_an_event_log_are_refused(home: Home, tmp_path: Path, prolog: str) -> None:
    log = f'{PROLOG}{prolog}<log><trace><event><string key="concept:name" value="&a;"/></event></trace></log>'
    (tmp_path / "a.xes").write_text(log)
    assert "declares a document type or entities" in refused(home, tmp_path / "a.xes")


@pytest.mark.parametrize(
    "name", ["../../out.csv", "/tmp/out.csv", "..\\out.csv", "C:\\out.csv", "a/../../out.csv", "\x1b[2Jx.csv"]
)
def test_a_name_within_an_archive_leads_nowhere(home: Home, tmp_path: Path, name: str) -> None:
    before = set(tmp_path.rglob("*"))
    path = archive(tmp_path / "a.zip", {name: TICKETS})
    with suppress(Trouble):  # a hidden name is passed over
        assert import_file(home, path).accepted == 1
    made = {found for found in tmp_path.rglob("*") if home.path not in (found, *found.parents)} - before
    assert made == {path}
    assert not (tmp_path.parent / "out.csv").exists()


def test_a_link_within_an_archive_is_only_text(tmp_path: Path) -> None:
    import zipfile

    info = zipfile.ZipInfo("a.csv")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(info, "/etc/passwd")
    with pytest.raises(Trouble, match="no table"):
        tables_in(tmp_path / "a.zip")


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_home_behind_a_link_is_the_one_that_it_leads_to(tmp_path: Path) -> None:
    from data.home import find_home

    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert find_home(tmp_path / "link").path == tmp_path / "real"


def test_a_workbook_is_read_with_a_limit_on_its_process(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet().write_row(0, 0, ["a", "b"])
    assert excel.MOST_MEMORY <= 4 * 2**30
    assert [raw.columns for raw in tables_in(tmp_path / "a.xlsx")] == [["a", "b"]]


def test_a_parquet_whose_cells_are_all_one_long_text(home: Home, tmp_path: Path) -> None:
    held = io.BytesIO()
    rows = 20_000
    pl.select(ticket_id=pl.int_range(rows).cast(pl.String), opened_at=pl.repeat("2024-01-01", rows)).with_columns(
        category=pl.lit("x" * 5_000)
    ).write_parquet(held, use_pyarrow=False)
    (tmp_path / "a.parquet").write_bytes(held.getvalue())
    assert len(held.getvalue()) < 200_000
    assert "holds more than" in refused(home, tmp_path / "a.parquet")


def test_a_parquet_whose_cells_share_their_beginning(home: Home, tmp_path: Path) -> None:
    import pyarrow as arrow
    from pyarrow import parquet

    rows = 2000
    table = arrow.table({"ticket_id": [f"T{row}" for row in range(rows)], "category": ["x" * 50_000] * rows})
    parquet.write_table(
        table, tmp_path / "a.parquet", use_dictionary=False, column_encoding={"category": "DELTA_BYTE_ARRAY"}
    )
    assert (tmp_path / "a.parquet").stat().st_size < 200_000
    assert "holds more than" in refused(home, tmp_path / "a.parquet")
