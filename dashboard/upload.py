"""The way in for a new file: chosen in the browser, taken in by the same intake as `heartline import`."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard import cached, door, parts, words
from dashboard.plain import plain
from dashboard.server import measured
from data.bringing import take_in
from data.derived import derive
from data.home import Home
from data.intake import Summary
from data.lake import Lake
from data.sources.profile import profiles
from metrics.frames import CONTRACT

_FITS = ""
_RESULT = "last import"
_TAKEN = "files taken in"  # a new number is a new field: a file that is in leaves it empty
_BLOCK = 1 << 20


def show(home: Home) -> None:
    """The form, and what became of the last file."""
    st.header("Import a file", anchor=False)
    st.markdown(
        "CSV, Excel, Parquet or an XES event log, also packed as gzip or zip. Ids of customers and people become "
        "pseudonyms on the way in, and no text of a conversation is kept. Importing the same file twice changes "
        "nothing."
    )
    taken = st.session_state.get(_TAKEN, 0)
    file = st.file_uploader("File", key=f"upload-file-{taken}")
    known = profiles(home.profiles)
    left, right = st.columns(2)
    profile = left.selectbox(
        "How to read it",
        [_FITS, *known],
        format_func=lambda name: known[name].title if name else "The way that fits its columns",
        key="upload-profile",
    )
    table = right.selectbox(
        "What it holds",
        [_FITS, *CONTRACT],
        format_func=lambda name: name.capitalize() if name else "As its columns say",
        key="upload-table",
    )
    if st.button("Import", type="primary", key="upload-go", disabled=file is None) and file is not None:
        _take_in(home, file, table or None, profile or None)
    if _RESULT in st.session_state:
        _told(st.session_state[_RESULT])


def _take_in(home: Home, file: UploadedFile, table: str | None, profile: str | None) -> None:
    st.session_state.pop(_RESULT, None)
    bar = st.progress(0.0, "Reading")
    with parts.trouble_said(), measured.an_import(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("upload" + "".join(Path(file.name).suffixes[-2:]))
        with path.open("wb") as out:
            while block := file.read(_BLOCK):
                out.write(block)
        st.session_state[_RESULT] = take_in(
            door.scope(), home, path, table, profile, progress=_part(bar.progress, 0.0, 0.6), name=Path(file.name).name
        )
        version = Lake(home).current()
        if version.rows.get("tickets"):
            derive(home, version, progress=_part(bar.progress, 0.6, 0.3))
            bar.progress(0.95, "Reading the signs")
            cached.shown(home.path).now(version.number)
    bar.empty()
    if _RESULT in st.session_state:
        st.session_state[_TAKEN] = st.session_state.get(_TAKEN, 0) + 1
        st.rerun()


def _part(tell: Callable[[float, str], object], begin: float, part: float) -> Callable[[str, float], None]:
    """Progress of one step within the whole bar."""
    return lambda what, share: (tell(min(1.0, begin + part * share), words.first_up(what)), None)[1]


def _told(summary: Summary) -> None:
    """What was read and what became of it."""
    counts = {
        "accepted": summary.accepted,
        "replaced": summary.replaced,
        "unchanged": summary.unchanged,
        "set aside": summary.set_aside,
    }
    told = ", ".join(f"{n:,} {name}" for name, n in counts.items() if n) or "no rows"
    st.success(plain(f"{summary.file}: {words.count(summary.read, 'row')} read; {told}."))
    for table, made in summary.tables.items():
        made_said = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in made.items())
        st.markdown(plain(f"{table.capitalize()}: {made_said}."))
    for note in summary.notes:
        st.markdown(plain(words.ended(note)))
    if summary.mended:
        st.markdown(
            f"{words.count(summary.mended, 'row')} set aside before {'is' if summary.mended == 1 else 'are'} now in."
        )
    if not summary.new_version:
        st.markdown("Nothing in it was new, so nothing changed.")
    elif summary.version:
        st.page_link("views/overview.py", label="See the Overview")
