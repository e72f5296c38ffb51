"""The form of a programme: several teams take up one play, together or in an order that the lot decides."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import streamlit as st

from dashboard import noted, parts, words
from dashboard.cached import Reads
from dashboard.coaching import coaching_reads, judged, plays, swap_forms, verdict_words
from dashboard.plain import plain
from dashboard.selection import Choices
from data.coaching import programmes, swaps
from data.coaching.programmes import Lot
from data.errors import Trouble
from data.rejects import guarded
from data.scope import Right
from metrics.helped import REVIEWS

TOGETHER, BY_LOT = "All together", "By lot: some first, the others later"


def new(reads: Reads, choices: Choices, teams: Sequence[str], sign: str, starts_on: date) -> None:
    """How they begin, what that can show, and the form that records one action a team."""
    how = st.radio("How do they begin?", [BY_LOT, TOGETHER], key="new-how", horizontal=True)
    lot = _lot(starts_on) if how == BY_LOT else None
    try:
        plan = programmes.schedule(teams, starts_on, lot)
    except Trouble as trouble:
        st.warning(plain(trouble))
        return
    if lot:
        st.caption(
            "Those who wait are a fair comparison for those who begin, because only the lot decided. "
            f"The same seed gives the same order: {lot.seed}."
        )
        _schedule(reads, choices, plan)
    else:
        st.caption(plain(verdict_words.outlook(coaching_reads.plan(reads, teams, sign, starts_on))))
    _form(reads, choices, teams, sign, starts_on, lot)


def _lot(starts_on: date) -> Lot:
    first, second, third = st.columns(3)
    waves = first.number_input("Waves", 2, 6, 2, key="new-waves")
    apart = second.number_input("Weeks from one to the next", 1, 52, REVIEWS[-1], key="new-apart")
    seed = third.number_input("Seed of the draw", 0, 10**9, int(f"{starts_on:%Y%m%d}"), key="new-seed")
    return Lot(int(seed), int(waves), int(apart))


def _schedule(reads: Reads, choices: Choices, plan: pl.DataFrame) -> None:
    names = [parts.name_of(choices, team) for team in plan["team_id"]]
    shown = plan.select(pl.Series("Team", names), pl.col("wave").alias("Wave"), pl.col("starts_on").alias("Starts on"))
    day = st.column_config.DateColumn(format="D MMM YYYY")
    parts.table(shown, "Who begins when", config={"Starts on": day})
    if not all(reads.scope.may(Right.EXPORT, team) for team in plan["team_id"]):
        return
    plain_text = shown.with_columns(pl.Series("Team", [guarded(name) for name in names]))
    noted.download(
        "Export the plan",
        lambda _: plain_text.write_csv(),
        "who-goes-first.csv",
        "text/csv",
        key="new-export",
        what="the plan of who goes first",
    )


def _form(reads: Reads, choices: Choices, teams: Sequence[str], sign: str, starts_on: date, lot: Lot | None) -> None:
    play = parts.play_field(sign, None, "new-play")
    if play:
        judged.what_works(reads, play)
        plays.link(play)
    with st.form("new-programme", border=False):
        why = st.text_area("Why", key="new-why", placeholder="What did you see, and what do you hope for?")
        owner = st.text_input("Owner", reads.scope.asker, key="new-owner")
        agreed = swap_forms.each(choices, teams, "new") if play and swaps.is_swap(play) else None
        if not st.form_submit_button(f"Record {words.count(len(teams), 'action')}", type="primary", key="new-save"):
            return
    try:
        _, made = programmes.record(
            reads.scope,
            reads.company,
            reads.database,
            teams=teams,
            play=play or "",
            sign=sign,
            why=why,
            starts_on=starts_on,
            owner=owner,
            lot=lot,
            known_teams=set(choices.teams),
            agreed=agreed,
        )
    except Trouble as trouble:
        st.warning(plain(trouble))
        return
    st.toast("Recorded.")
    st.query_params.from_dict({"action": str(made[0].id)})
    st.rerun()
