"""A frozen review as PDF, slides and workbook: whole, readable by everyone, and the same to the byte a year later."""

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pypdf import PdfReader

from dashboard.reports import pdf, rendering
from dashboard.reports.fixed_zip import fixed
from dashboard.reports.pack import Pack, pack_of
from data.lake import Lake
from tests.dashboard.reports.conftest import NOW, TYPED, Made

pytestmark = pytest.mark.xdist_group("reviews")
ORDER = (
    "What was decided last time", "that we cannot say", "Across branches", "The signs of the company",
    "What customers say", "How the staff is doing", "Coaching: what was tried", "What cannot be said",
    "Decisions asked for", "Where each number comes from",
)  # fmt: skip


@pytest.mark.slow
def test_a_year_later_with_other_data_each_file_is_the_same_to_the_byte(renamed: Made, tmp_path: Path) -> None:
    """Rendered by another process, at another hour, in another zone, after an import that renamed every branch."""
    made = renamed
    files = [tmp_path / f"again.{kind}" for kind in made.files]
    options = [word for path in files for word in ("-o", str(path))]
    command = [sys.executable, "-m", "dashboard.cli", "review", "--period", "2026-Q3", "--home", str(made.home.path)]
    elsewhere = {**os.environ, "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "HEARTLINE_ADDRESS": "http://else:1"}
    said = subprocess.run([*command, *options], env=elsewhere, capture_output=True, text=True, check=True)
    assert f"This is review {made.review.number} of the third quarter of 2026, frozen on 20 October 2026" in said.stdout
    assert {path.suffix[1:]: path.read_bytes() for path in files} == made.files
    assert "differs" not in said.stderr


def test_a_file_that_differs_from_the_first_is_told(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "render", lambda _: b"%PDF of tomorrow")
    told = rendering.render(made.database, made.review, "pdf").differs
    assert told is not None
    assert "differs from the first PDF" in told
    monkeypatch.setattr(pdf, "MADE_WITH", "typst 99")
    assert "today's with typst 99" in rendering.made_otherwise(made.database, made.review)[0]


def test_the_pdf_is_tagged_named_and_searchable(made: Made) -> None:
    reader = PdfReader(io.BytesIO(made.files["pdf"]))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].startswith("en")
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()  # type: ignore[union-attr]
    assert reader.metadata is not None
    assert reader.metadata.title == "Service culture in the third quarter of 2026"
    assert reader.metadata.creation_date == NOW.replace(microsecond=0)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    place = 0
    for title in ORDER:
        place = text.index(title, place)
    for typed in TYPED[:2]:
        assert typed.replace(" ", "") in text.replace(" ", "")
    links = [
        note.get_object()["/A"].get("/URI")
        for page in reader.pages for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]  # fmt: skip
    assert {link.partition("?")[0] for link in links if link} >= {
        f"https://heartline.example.com/{page}" for page in ("", "empathy", "coaching")
    }


def test_every_picture_of_the_pdf_says_its_sentence(made: Made) -> None:
    reader = PdfReader(io.BytesIO(made.files["pdf"]))
    told = {str(one["/Alt"]) for one in _elements(reader.trailer["/Root"]["/StructTreeRoot"]) if "/Alt" in one}  # type: ignore[index]
    drawn = made.review.content["figures"].values()
    assert told >= {f"{one['title']} {one['said']}" for one in drawn}
    assert len(drawn) >= 12


def _elements(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    below = [one.get_object() for one in (kids if isinstance(kids, list) else [kids]) if not isinstance(one, int)]
    return [node, *(deep for one in below if hasattr(one, "get") for deep in _elements(one))]


def test_every_page_of_the_pdf_can_be_drawn(made: Made) -> None:
    with pypdfium2.PdfDocument(made.files["pdf"]) as document:
        assert 5 <= len(document) <= 20
        for page in document:
            drawn = page.render(scale=0.2).to_numpy()
            assert drawn.min() < 200 < drawn.max()


def test_letters_that_no_typeface_here_has_do_not_stop_the_pdf(made: Made) -> None:
    told = pack_of(made.review)
    content = json.loads(json.dumps(told.content)) | {"title": "第三季度 ثقافة 🙂"}
    made_of = pdf.render(Pack(content, told.at, told.by, told.foot))
    assert len(PdfReader(io.BytesIO(made_of)).pages) >= 5


def test_the_slides_charts_are_the_programs_own(made: Made) -> None:
    deck = Presentation(io.BytesIO(made.files["pptx"]))
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    figures = made.review.content["figures"]
    assert len(charts) == len(figures)
    kinds = {shape.chart.chart_type for shape in charts}
    assert kinds == {XL_CHART_TYPE.LINE, XL_CHART_TYPE.XY_SCATTER}
    for shape in charts:
        told = shape._element.xpath(".//p:cNvPr")[0].get("descr")
        one = next(one for one in figures.values() if told == f"{one['title']} {one['said']}")
        series = {plot.name: list(plot.values) for plot in shape.chart.plots[0].series}
        if one["native"]["kind"] == "line":
            assert series == one["native"]["series"]
        else:
            points = {name: [y for _, y in pairs] for name, pairs in one["native"]["points"].items()}
            assert {name: series[name] for name in points} == points


def test_every_slide_has_a_title_and_figures_have_their_passport_in_the_notes(made: Made) -> None:
    deck = Presentation(io.BytesIO(made.files["pptx"]))
    assert deck.core_properties.title == made.review.content["title"]
    assert deck.core_properties.created == NOW.replace(microsecond=0, tzinfo=None)
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert all(titles)
    with zipfile.ZipFile(io.BytesIO(made.files["pptx"])) as archive:
        assert b'typeface="Inter"' in archive.read("ppt/theme/theme1.xml")
    assert titles[0] == "Service culture in the third quarter of 2026"
    for slide in deck.slides:
        if any(shape.has_chart for shape in slide.shapes):
            assert "Formula:" in slide.notes_slide.notes_text_frame.text


def test_the_workbook_holds_the_snapshots_numbers(written: dict[str, Path], made: Made) -> None:
    for sheet in made.review.content["sheets"]:
        read = pl.read_excel(written["xlsx"], sheet_name=sheet["name"], infer_schema_length=None)
        assert read.columns == [name for name, _ in sheet["columns"]]
        for place, (name, kind) in enumerate(sheet["columns"]):
            kept = [row[place] for row in sheet["rows"]]
            if kind in ("whole", "number", "share", "level") and any(value is not None for value in kept):
                assert read[name].cast(pl.Float64).to_list() == pytest.approx(kept)
            elif kind == "day":
                assert [value and str(value)[:10] for value in read[name]] == kept
    assert {"formula", "window", "n", "low", "high", "expected", "data version"} <= set(read.columns) | {"expected"}


def test_no_text_of_the_workbook_is_a_formula(made: Made) -> None:
    with zipfile.ZipFile(io.BytesIO(made.files["xlsx"])) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if name.startswith("xl/worksheets"))
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "=HYPERLINK(1)" in strings
    assert ">=HYPERLINK" not in strings


def test_office_files_carry_the_reviews_own_time_alone(made: Made) -> None:
    for kind in ("pptx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(made.files[kind])) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(2026, 10, 20, 9, 30, 14)}
            inner = [name for name in archive.namelist() if name.endswith(".xlsx")]
            for name in inner[:2]:
                with zipfile.ZipFile(io.BytesIO(archive.read(name))) as numbers:
                    assert b"2026-10-20T09:30:15Z" in numbers.read("docProps/core.xml")
    assert fixed(made.files["pptx"], NOW.replace(microsecond=0)) == made.files["pptx"]


def test_no_team_is_named_anywhere_not_even_behind_a_chart(made: Made) -> None:
    names = Lake(made.home).scan("teams", 1).collect()["name"].to_list()
    reader = PdfReader(io.BytesIO(made.files["pdf"]))
    told = [json.dumps(made.review.content), *(page.extract_text() for page in reader.pages)]
    told += [xml for kind in ("pptx", "xlsx") for xml in texts(made.files[kind])]
    said = "\n".join(told)
    assert len(names) == 40
    assert [name for name in names if name in said or name.replace(" ", "-").lower() in said] == []


def texts(content: bytes) -> list[str]:
    """All that stands in an office file, the workbooks behind its charts too."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inner = [text for name, body in parts.items() if name.endswith(".xlsx") for text in texts(body)]
    return [*inner, *(body.decode() for name, body in parts.items() if name.endswith(".xml"))]
