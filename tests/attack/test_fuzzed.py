"""Whatever comes in, as a file, an address, a name: one sentence or a sound answer, and nothing is lost."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from dashboard.plain import plain
from dashboard.selection import Choices, Selection, read
from data.coaching.playbook import playbook
from data.digests import recipients
from data.errors import Trouble
from data.home import Home
from data.intake import Summary, import_file
from data.lake import Lake
from data.sources.profile import profiles
from tests.attack.files import PROLOG

BOUNDED = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FRAME = pl.DataFrame({"ticket_id": ["T1", "T2"], "opened_at": ["2024-01-01", "2024-01-02"], "category": ["a", "b"]})


def _parquet() -> bytes:
    held = io.BytesIO()
    FRAME.write_parquet(held)
    return held.getvalue()


def _workbook() -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([FRAME.columns, *FRAME.rows()]):
            sheet.write_row(place, 0, row)
    return held.getvalue()


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.csv", FRAME.write_csv())
        made.writestr("b/b.parquet", _parquet())
    return held.getvalue()


WHOLE = {
    "csv": FRAME.write_csv().encode(),
    "csv.gz": gzip.compress(FRAME.write_csv().encode(), mtime=0),
    "parquet": _parquet(),
    "zip": _zip(),
    "xes": (
        f'{PROLOG}<log><trace><string key="concept:name" value="T1"/><event><string key="concept:name" value="x"/>'
        '<date key="time:timestamp" value="2024-01-01T10:00:00Z"/></event></trace></log>'
    ).encode(),
}


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The file with some bytes changed, cut out, doubled or put in."""
    found = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(found) - 1)))
        kind = draw(st.sampled_from(["flip", "cut", "double", "put", "end"]))
        if kind == "flip" and found:
            found[at] ^= draw(st.integers(1, 255))
        elif kind == "cut":
            del found[at : at + draw(st.integers(1, 16))]
        elif kind == "double":
            found[at:at] = found[at : at + draw(st.integers(1, 64))]
        elif kind == "put":
            found[at:at] = draw(st.binary(min_size=1, max_size=8))
        else:
            del found[at + 1 :]
    return bytes(found)


def answered(tried: Callable[[], object]) -> object:
    """What comes of it; None where one sentence says why nothing does."""
    said = ""
    try:
        return tried()
    except Trouble as trouble:
        said = str(trouble)
    assert said
    assert "\n" not in said
    return None


def taken_in(home: Home, path: Path) -> None:
    """Either all rows are accounted for, or nothing changed and a sentence says why; what was there before stays."""
    before = Lake(home).current()
    found = answered(lambda: import_file(home, path))
    if found is None:
        assert Lake(home).current() == before
        return
    assert isinstance(found, Summary)
    assert found.accepted + found.replaced + found.unchanged + found.set_aside == found.read
    kept = Lake(home).scan("tickets").select("ticket_id").collect()["ticket_id"]
    assert "KEPT" in kept


@pytest.mark.parametrize("kind", list(WHOLE))
def test_a_damaged_file_of_each_kind(kind: str, tmp_path: Path) -> None:
    home, path = Home(tmp_path / "home"), tmp_path / f"a.{kind}"
    (tmp_path / "kept.csv").write_text("ticket_id,opened_at\nKEPT,2024-01-01\n")
    import_file(home, tmp_path / "kept.csv")

    @seed(6)
    @BOUNDED
    @given(damaged(WHOLE[kind]))
    def tried(content: bytes) -> None:
        path.write_bytes(content)
        taken_in(home, path)

    tried()


def test_a_damaged_workbook(tmp_path: Path) -> None:
    home, path, whole = Home(tmp_path / "home"), tmp_path / "a.xlsx", _workbook()
    (tmp_path / "kept.csv").write_text("ticket_id,opened_at\nKEPT,2024-01-01\n")
    import_file(home, tmp_path / "kept.csv")
    for at in range(7, len(whole), len(whole) // 5):
        for content in (whole[:at], whole[:at] + b"\xff" + whole[at + 1 :]):
            path.write_bytes(content)
            taken_in(home, path)


CHOICES = Choices(
    branches=("North", "<b>"), teams={"dn": ("Deliveries", "North"), "'; DROP": ("x", None)}, channels=("web",),
    categories=("a",), first_week=date(2024, 1, 1), last_week=date(2024, 6, 3), signs=("handoffs",)
)  # fmt: skip
NAMES = ["period", "branch", "team", "channel", "category", "week", "sign", "ticket", "action", "plan", "token", "join"]
VALUES = st.one_of(
    st.sampled_from(
        ["dn", "North", "' OR 1=1 --", "../../etc", "-1", "9" * 400, "٣", "²", "2024-01-01", "0001-01-01", "%00"]
    ),
    st.text(max_size=50),
)


@seed(6)
@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6))
def test_any_address_of_a_page(address: dict[str, str]) -> None:
    selection, said = read(address, CHOICES)
    assert isinstance(selection, Selection)
    assert selection.team in (None, *CHOICES.teams)
    assert selection.branch in (None, *CHOICES.branches)
    assert read(selection.address(), CHOICES)[0] == selection
    for sentence in said:
        assert len(sentence) < 300


TOML = st.one_of(
    st.binary(max_size=120),
    st.lists(
        st.sampled_from(
            [
                *('name = "x"', "name = 1", "title = []", "[columns]", "[[recipient]]", "teams = 'x'", "urls = [1]"),
                *('ticket_id = "a"', "format = 99", "[x.y.z]", "question = {}", "signs = ['?']", "[[card]]", "= 1"),
            ]
        ),
        max_size=8,
    ).map(lambda lines: "\n".join(lines).encode()),
)


@seed(6)
@settings(parent=BOUNDED, max_examples=60)
@given(TOML)
def test_any_profile_play_and_list_of_recipients(tmp_path: Path, content: bytes) -> None:
    home = Home(tmp_path)
    for folder in (home.profiles, home.plays):
        folder.mkdir(exist_ok=True)
        (folder / "own.toml").write_bytes(content)
    (home.path / recipients.FILE).write_bytes(content)
    kept = playbook(home)
    assert kept.plays
    assert all("\n" not in one for one in kept.troubles)
    for tried in (lambda: profiles(home.profiles), lambda: recipients.declared(home, {"x": "North"})):
        answered(tried)


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "..\\evil", "a\x00b", "con", ""])
def test_a_profiles_name_leads_to_no_other_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.csv").write_text("ticket_id,opened_at\nT1,2024-01-01\n")
    (tmp_path / "evil.toml").write_text("title = 'x'")
    with pytest.raises(Trouble):
        import_file(Home(tmp_path / "home"), tmp_path / "a.csv", profile=name or "?")


@seed(6)
@settings(max_examples=300)
@given(st.text(max_size=60))
def test_any_name_in_markdown_is_only_itself(name: str) -> None:
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(f"x {plain(name)} x")
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "text_special"}
