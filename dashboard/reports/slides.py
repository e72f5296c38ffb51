# mypy: allow-untyped-calls
"""A frozen review as slides: few words a slide, charts that can be edited, passports in the speaker's notes."""

import io
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboard.reports import slide_charts
from dashboard.reports.fixed_zip import fixed
from dashboard.reports.pack import Pack

MADE_WITH = f"python-pptx {version('python-pptx')}, xlsxwriter {version('xlsxwriter')}"
WIDTH, HEIGHT, EDGE = Inches(13.333), Inches(7.5), Inches(0.7)
TITLE_ONLY = 5  # of the layouts that python-pptx ships
ROOM, LINE = 14, 105  # lines of text a slide holds at 16 points, characters a line
TABLE_ROWS = 9
GREY = RGBColor(0x56, 0x61, 0x6D)
Block = dict[str, Any]


def render(pack: Pack) -> bytes:
    """The bytes of the slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    _typeface(deck)
    content = pack.content
    named = deck.core_properties
    named.title, named.author, named.last_modified_by = content["title"], pack.by, pack.by
    named.subject, named.language, named.revision = content["rests_on"][:255], content["lang"], 1
    named.created = named.modified = pack.at.replace(tzinfo=None)
    cover = _slide(deck, content["title"], pack, 36)
    _texts(cover, [_plain(content["rests_on"]), _plain(content["asked"]), _plain(pack.foot)], top=2.2)
    for part in content["sections"]:
        for number, blocks in enumerate(_pages(part["blocks"]), start=1):
            title = part["title"] if number == 1 else f"{part['title']} ({number})"
            _page(_slide(deck, title, pack), blocks, pack)
    _sources(deck, pack)
    out = io.BytesIO()
    deck.save(out)
    return fixed(out.getvalue(), pack.at)


def _pages(blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks as they fit on slides: texts together, a table or two charts alone."""
    held: list[Block] = []
    size = 0.0
    for block in blocks:
        if block["kind"] in ("table", "figures"):
            if held and size > _SHORT[block["kind"]]:
                yield held
                held = []
            yield from _large(held, block)
            held, size = [], 0.0
            continue
        length = _lines(block)
        if held and size + length > ROOM:
            yield held
            held, size = [], 0.0
        held.append(block)
        size += length
    if held:
        yield held


_SHORT = {"table": 4, "figures": 6}  # lines that may stand on one slide with a table, or below charts


def _lines(block: Block) -> float:
    """How many lines a text takes, as far as can be guessed, the room after it among them."""
    return 1.3 + (len(block.get("lead", "")) + len(block["text"]) + len(block.get("from", ""))) // LINE


def _large(before: list[Block], block: Block) -> Iterator[list[Block]]:
    """A table by `TABLE_ROWS` rows a slide, charts two by two."""
    if block["kind"] == "figures":
        for first in range(0, len(block["keys"]), 2):
            yield [*(before if not first else []), block | {"keys": block["keys"][first : first + 2]}]
        return
    for first in range(0, len(block["rows"]), TABLE_ROWS):
        yield [*(before if not first else []), block | {"rows": block["rows"][first : first + TABLE_ROWS]}]


def _page(slide: Any, blocks: list[Block], pack: Pack) -> None:
    seen: list[str | None] = []
    texts = [block for block in blocks if block["kind"] not in ("table", "figures")]
    drawn = any(block["kind"] == "figures" for block in blocks)
    if drawn:
        _below(slide, [block["text"] for block in texts])
    bottom = _texts(slide, texts) if texts and not drawn else 1.5
    for block in blocks:
        if block["kind"] == "table":
            _table(slide, block, bottom + 0.1)
        elif block["kind"] == "figures":
            seen += _figures(slide, block["keys"], pack)
        else:
            seen.append(block.get("see"))
    _notes(slide, seen, pack)


def _slide(deck: Any, title: str, pack: Pack, size: int = 26) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = EDGE, Inches(0.45), WIDTH - 2 * EDGE, Inches(0.9)
    box.text_frame.text = title
    box.text_frame.word_wrap = True
    for run in box.text_frame.paragraphs[0].runs:
        _font(run, size, bold=True)
    box.text_frame.paragraphs[0].alignment = 1  # left
    foot = slide.shapes.add_textbox(EDGE, HEIGHT - Inches(0.5), WIDTH - 2 * EDGE, Inches(0.3))
    foot.text_frame.word_wrap = True
    run = foot.text_frame.paragraphs[0].add_run()
    run.text = f"{pack.foot} · {len(deck.slides)}"
    _font(run, 10, colour=GREY)
    return slide


def _plain(text: str) -> Block:
    return {"kind": "text", "text": text}


def _texts(slide: Any, blocks: list[Block], top: float = 1.5) -> float:
    """Write texts below one another; returns where they end, in inches, as far as can be guessed."""
    there = [block for block in blocks if block["text"]]
    box = slide.shapes.add_textbox(EDGE, Inches(top), WIDTH - 2 * EDGE, Inches(0.6 * max(len(there), 1)))
    box.text_frame.word_wrap = True
    lines = 0.0
    for number, block in enumerate(there):
        line = box.text_frame.paragraphs[0] if number == 0 else box.text_frame.add_paragraph()
        line.space_after = Pt(8)
        kind = block["kind"]
        if kind == "point":
            _run(line, f"{block['lead']} ", 16, bold=True)
        said = f"“{block['text']}” – {block['from']}" if kind == "quote" else block["text"]  # noqa: RUF001 - a dash
        _run(line, said, 13 if kind == "note" else 16, bold=kind == "heading", colour=GREY if kind == "note" else None)
        lines += 0.35 * _lines(block)
    return top + lines


def _below(slide: Any, texts: list[str]) -> None:
    """What is said with charts, small, below them."""
    box = slide.shapes.add_textbox(EDGE, Inches(6.3), WIDTH - 2 * EDGE, Inches(0.5))
    box.text_frame.word_wrap = True
    _run(box.text_frame.paragraphs[0], " ".join(texts), 11, colour=GREY)


def _run(line: Any, text: str, size: int, *, bold: bool = False, colour: RGBColor | None = None) -> None:
    run = line.add_run()
    run.text = text
    _font(run, size, bold=bold, colour=colour)


def _font(run: Any, size: int, *, bold: bool = False, colour: RGBColor | None = None) -> None:
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, "Inter"
    run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
    run.font.color.rgb = colour or slide_charts.INK


def _table(slide: Any, block: Block, top: float) -> None:
    rows, columns = len(block["rows"]) + 1, len(block["head"])
    width = WIDTH - 2 * EDGE
    frame = slide.shapes.add_table(rows, columns, EDGE, Inches(top), width, Inches(0.42 * rows))
    slide_charts.described(frame, block["said"])
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = _LINES_ONLY
    table.first_row, table.horz_banding = True, False
    first = int(width * 0.32)
    for place in range(columns):
        table.columns[place].width = Emu(first if place == 0 else (width - first) // (columns - 1))
    for number, cells in enumerate([block["head"], *block["rows"]]):
        for place, text in enumerate(cells):
            line = table.cell(number, place).text_frame.paragraphs[0]
            line.alignment = 3 if place in block["right"] else 1  # right, left
            _run(line, text, 13, bold=number == 0)


_LINES_ONLY = "{9D7B26C5-4107-4FEC-AEDC-1716B250A1EF}"  # "Light Style 1": lines, no fills


def _figures(slide: Any, keys: list[str], pack: Pack) -> list[str | None]:
    half = (WIDTH - 3 * EDGE) // 2
    for place, key in enumerate(keys):
        one = pack.content["figures"][key]
        left = EDGE + place * (half + EDGE)
        box = slide.shapes.add_textbox(left, Inches(1.35), half, Inches(1.5))
        box.text_frame.word_wrap = True
        _run(box.text_frame.paragraphs[0], one["title"], 16, bold=True)
        _run(box.text_frame.add_paragraph(), one["said"], 13)
        at = (left, Inches(2.75), half, Inches(3.5))
        slide_charts.add(slide, one["native"], at, f"{one['title']} {one['said']}")
    return [pack.content["figures"][key]["see"] for key in keys]


def _notes(slide: Any, seen: list[str | None], pack: Pack) -> None:
    """The passports of what stands on the slide."""
    told = []
    for one in pack.content["passports"]:
        if one["key"] in seen:
            rows = "\n".join(f"{name}: {words}" for name, words in one["rows"])
            told.append(f"{one['number']}. {one['name']}\n{rows}\n{one['link']}")
    if told:
        slide.notes_slide.notes_text_frame.text = "\n\n".join(told)


def _sources(deck: Any, pack: Pack) -> None:
    """At last: where each number comes from, with the way to its page; the whole passport is in the notes."""
    slide = _slide(deck, "Where each number comes from", pack)
    box = slide.shapes.add_textbox(EDGE, Inches(1.4), WIDTH - 2 * EDGE, Inches(5))
    box.text_frame.word_wrap = True
    for number, one in enumerate(pack.content["passports"]):
        line = box.text_frame.paragraphs[0] if number == 0 else box.text_frame.add_paragraph()
        line.space_after = Pt(4)
        _run(line, f"{one['number']}. ", 13)
        _run(line, one["name"], 13)
        line.runs[-1].hyperlink.address = one["link"]
    _notes(slide, [one["key"] for one in pack.content["passports"]], pack)


def _typeface(deck: Any) -> None:
    """The deck's own theme in the pack's typeface, so that what is added later looks alike."""
    for rel in deck.slide_master.part.rels.values():
        if rel.reltype.endswith("/theme"):
            part = rel.target_part
            part._blob = part.blob.replace(b'typeface="Calibri"', b'typeface="Inter"')
