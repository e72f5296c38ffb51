"""Small pieces that several pages show alike: a chart with its words, a tone, the empty home, trouble."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

import polars as pl
import streamlit as st
from polars import selectors

from dashboard import cached, door, measures, words
from dashboard.cached import Reads
from dashboard.plain import JOINER, plain
from dashboard.selection import Choices, Selection
from dashboard.specs import Spec
from dashboard.words import Row
from data import clock
from data.coaching.playbook import playbook
from data.errors import Trouble
from data.scope import Right
from metrics.sign import Sign, all_signs, counted_signs

# How numbers stand in tables: with a mark for thousands; as whole percents.
WHOLE = st.column_config.NumberColumn(format="localized")
PERCENT = st.column_config.NumberColumn(format="%.1f%%")
PLAIN = st.column_config.NumberColumn(format="%.2f")
TONES = {"worse": ":orange[▲ Concern]", "better": ":blue[◆ Better]"}


def page(show: Callable[[Reads], None]) -> None:
    """Run a page that needs data: trouble is said in its one sentence, an empty home says what to do first."""
    with trouble_said():
        found = cached.reads(door.home(), door.scope())
        if found is None:
            welcome()
        else:
            counted(found)
            found.widen()
            show(found)
            newer(found)


def counted(reads: Reads) -> None:
    """After an import, or a change of standards, all is counted anew: whoever comes first is told why it takes long."""
    if not reads.company.is_counted:
        with st.spinner("Getting the counts ready: after an import or a change of standards this takes a while."):
            reads.freshness()


def newer(reads: Reads) -> None:
    """Says that there is newer data than what is shown."""
    if (version := reads.in_the_making()) is not None:
        st.caption(
            f"Newer data (version {version}) has come in. It is being got ready; until then this is version "
            f"{reads.version}."
        )


def no_tickets(reads: Reads) -> bool:
    """Is there no ticket to read signs from? Then says so, what there is, and what to import."""
    rows = reads.freshness().rows
    if rows.get("tickets"):
        return False
    there = ", ".join(words.count(n, "row") + f" of {name}" for name, n in rows.items() if n and name != "rejects")
    st.markdown(
        f"There are no tickets yet, and the signs are read from tickets. In are {plain(there or 'no rows')}. "
        "Import the export of your helpdesk."
    )
    st.page_link("views/data.py", label="Import a file")
    return True


@contextmanager
def trouble_said() -> Iterator[None]:
    """Trouble is shown as its sentence, never as a traceback."""
    try:
        yield
    except Trouble as trouble:
        st.warning(plain(trouble))


def done(work: Callable[[], object], said: str) -> None:
    """Do it, say so and show the page anew; trouble is said in its sentence and leaves the form as it is."""
    with trouble_said():
        work()
        st.toast(said)
        st.rerun()


def welcome() -> None:
    """The empty home: what to do first."""
    st.title("Welcome to Heartline.")
    st.markdown(
        "There is no data yet. Heartline reads the export of your helpdesk, shows which teams differ from what "
        "chance and their mix of tickets explain, and keeps what you agree to do about it."
    )
    with st.container(border=True, width=720):
        st.header("Start with your own tickets")
        st.markdown("A CSV, Excel or Parquet export is enough: one row a ticket, or one row an event.")
        st.page_link("views/data.py", label="Import a file")
    with st.container(border=True, width=720):
        st.header("Or look at a made-up company first")
        st.markdown("Stop this program and type:")
        st.code("heartline demo", language=None)


def chart(spec: Spec, said: str, key: str) -> None:
    """A kept chart, with the sentence that it shows for those who cannot see it."""
    st.vega_lite_chart(spec=cast("Any", spec), width="stretch", alt=said, key=key)


def rows_of(readings: pl.DataFrame) -> list[Row]:
    """The readings whose sign is still declared, as rows."""
    return [row for row in readings.iter_rows(named=True) if row["sign"] in all_signs()]


def newest_first(rows: Iterable[Row]) -> list[Row]:
    """Newest change first, then by team: an order of time, not of merit."""
    return sorted(rows, key=lambda row: (-(row["since"] or date.min).toordinal(), row["team_id"], row["sign"]))


def name_of(choices: Choices, team_id: str) -> str:
    return choices.teams[team_id][0] if team_id in choices.teams else team_id


def subject_of(choices: Choices, row: Row) -> str:
    """Of whom a reading speaks: its team, or the team's branch."""
    branch = choices.teams[row["team_id"]][1] if row["team_id"] in choices.teams else None
    of_branch = counted_signs()[row["sign"]].unit == "branch"
    return f"branch {branch}" if of_branch and branch else name_of(choices, row["team_id"])


def once(choices: Choices, rows: Iterable[Row]) -> list[Row]:
    """What is read of a branch once, at the first of its teams that may show it; all else as it is."""
    every = list(rows)
    shown: dict[tuple[str, str], Row] = {}
    for row in every:
        if counted_signs()[row["sign"]].unit == "branch":
            key = (row["sign"], subject_of(choices, row))
            if key not in shown or (shown[key]["share"] is None and row["share"] is not None):
                shown[key] = row
    chosen = {id(row) for row in shown.values()}
    return [row for row in every if counted_signs()[row["sign"]].unit == "team" or id(row) in chosen]


def question(choices: Choices, row: Row) -> str:
    """ "Deliveries North: is the customer passed on?" """
    sign = all_signs()[row["sign"]]
    return f"{plain(words.first_up(subject_of(choices, row)))}: {plain(sign.asks)}"


def said_of(choices: Choices, row: Row) -> str:
    sign: Sign = all_signs()[row["sign"]]
    return words.first_up(words.sentence(row, sign, subject_of(choices, row)))


def team_link(selection: Selection, row: Row, label: str = "See the team and its tickets") -> None:
    """The way from a reading to its team page, with the filters as they are."""
    where = selection.address(team=row["team_id"], sign=row["sign"], ticket=None, action=None)
    st.page_link("views/team.py", label=label, query_params=where)


def plan_link(selection: Selection, team_id: str, sign: str | None, label: str = "Plan an action") -> None:
    """The way from a reading to a new coaching action about it, for who may coach."""
    if not door.shown_scope().may(Right.COACH):
        return
    where = selection.address(team=team_id, sign=sign, ticket=None, action=None, plan=True)
    st.page_link("views/coaching.py", label=label, query_params=where)


def play_field(sign: str, now: str | None, key: str) -> str | None:
    """A play of the playbook, those that may help with the sign first, or one in the manager's own words."""
    book = playbook(door.home())
    rest = [play.key for plays in book.by_aim().values() for play in plays]
    plays = list(dict.fromkeys((*(play.key for play in book.of_sign(sign)), *rest, *([now] if now else []))))
    asked = now or st.query_params.get("play")
    return st.selectbox(
        "Play",
        plays,
        index=plays.index(asked) if asked in plays else None,
        key=key,
        format_func=words.play,
        accept_new_options=True,
        placeholder="Choose a play or write your own",
    )


def hour() -> int:
    """The hour on the reader's own clock, by the browser; UTC where it does not say."""
    offset = st.context.timezone_offset
    return (clock.now().hour - round((offset or 0) / 60)) % 24


def table(frame: pl.DataFrame, said: str, *, config: dict[str, Any] | None = None, key: str | None = None) -> None:
    """A plain table, as wide as the page, described for those who cannot see it."""
    st.dataframe(no_formulas(frame), hide_index=True, column_config=config, alt=said, key=key)


def no_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` as it may be shown: a table can be downloaded and copied into a spreadsheet, so before a text that would
    be a formula there stands a sign that takes no room."""
    texts = selectors.string(include_categorical=True).cast(pl.String)
    return frame.with_columns(texts.str.replace(r"^([=+\-@\t\r])", f"{JOINER}${{1}}"))


def passport(sign: Sign, reads: Reads | None) -> None:
    """What a sign is: formula, clock, when final, what is left out, its name elsewhere, the data version."""
    told = {
        "Formula": f"{sign.counts}, of {sign.of}",
        "Dated by": f"{sign.dated_by}; weeks start on Monday, by the team's own clock",
        "Clock": f"{sign.clock} time",
        "Final": words.matures(sign.matures),
        "Read as": measures.READ_AS[sign.measure],
        "Read of": "the branch, and shown at each of its teams" if sign.unit == "branch" else "the team",
        "Better": sign.better,
        "Needs": ", ".join(need.replace("|", " or ") for need in sign.needs),
        "Mind": sign.caveat,
        "Elsewhere": sign.elsewhere or "no common name",
        "Plays that may help": ", ".join(words.play(play) for play in sign.plays) or "none listed",
    }
    if reads is not None:
        told["Read from"] = f"data version {reads.version}, version {reads.read_from.standards} of the standards"
    st.markdown("\n".join(f"- **{name}:** {plain(text)}" for name, text in told.items()))
