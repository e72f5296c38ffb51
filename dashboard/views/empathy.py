"""What do customers say? Each trait of empathy from three sides, and the customer's journey trait by trait."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import empathy_reads as asked_of
from dashboard import empathy_words as told
from dashboard import filters, parts, rating_forms, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from data import empathy
from metrics.trait import Trait, all_traits

HOW = (
    "Good means an answer in the top 40% of its scale (4 or 5 of 5). Each interval is 95%. Customers are told by "
    "whole quarters; fewer than five answers are withheld, and so are teams of fewer than five people. The staff "
    "are the same people in each wave, so their interval rests on one wave's answers; the widest gap's allows for "
    "how many traits were looked at."
)


def show(reads: Reads) -> None:
    choices = reads.choices()
    selection = filters.current(choices)
    asked = selection.filters(choices)
    rows = list(asked_of.traits(reads, asked).iter_rows(named=True))
    several = selection.team is None
    st.title("Empathy: what do customers say?", anchor=False)
    widest = empathy.widest(asked_of.traits(reads, asked))
    st.markdown(told.opening(rows, widest, all_traits(), several))
    filters.bar(choices, selection, week=False)
    if verdicts := told.overall(rows, all_traits()):
        st.markdown(verdicts)
    if several:
        apart(reads, choices, selection)
    for row in rows:
        one_trait(reads, selection, row, all_traits()[row["trait"]], several)
    st.caption(HOW + _not_split(selection))
    journey(reads, choices, selection)
    with st.expander("Numbers by trait"):
        numbers(rows)


def apart(reads: Reads, choices: Choices, selection: Selection) -> None:
    """Where a team and its customers part beyond chance, by the team's name: no order of merit."""
    found = asked_of.apart(reads, selection.filters(choices))
    if found.height:
        st.markdown("Most teams think better of themselves than their customers do. Further apart than is usual:")
    for row in found.iter_rows(named=True):
        name, trait = parts.name_of(choices, row["team_id"]), all_traits()[row["trait"]]
        said = (
            f"{plain(name)}: customers rate *{trait.name}* {words.share(row['customers_share'])} good, "
            f"the team {words.share(row['team_share'])}"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(said, width="content")
            where = selection.address(team=row["team_id"])
            st.page_link("views/empathy.py", label=f"See {name}", query_params=where)


def one_trait(reads: Reads, selection: Selection, row: dict[str, Any], trait: Trait, several: bool) -> None:
    """One trait: the customers' verdict in words first, then the team, then the tickets; beside it the three marks."""
    with st.container(key=f"trait-{trait.key}"):
        left, right = st.columns([6, 5], gap="medium", vertical_alignment="center")
        with left:
            said = [told.team(row, several), told.tickets(row, trait), told.manager(row)]
            lines = [
                f"**{plain(words.first_up(trait.name))}** · {plain(trait.asks)}",
                f"**{plain(told.customers(row))}**",
                *(plain(one) for one in said if one),
            ]
            st.markdown("  \n".join(lines))
        with right:
            spec = asked_of.three_views(row, several)
            if spec is not None:
                parts.chart(spec, told.described(row, trait, several), key=f"three-{trait.key}")


def journey(reads: Reads, choices: Choices, selection: Selection) -> None:
    """The steps of the journey and the traits: customers above, the team's own rating below, and who rated when."""
    st.header("Along the customer's journey", anchor=False)
    asked = selection.filters(choices)
    cells = asked_of.journey(reads, asked)
    if cells["share"].count() or cells["own_score"].count():
        weakest = told.weakest_step(empathy.by_step(cells).iter_rows(named=True))
        if weakest:
            st.markdown(weakest)
        said = weakest or "The own rating of each trait at each step of the journey."
        with st.container(key="journey"):
            parts.chart(asked_of.journey_grid(reads, asked), said, key="journey-grid")
        st.caption(
            "In each cell above: what share of customers say it is good; below: the own rating of the "
            f"{'teams' if selection.team is None else 'team'}, of 5. The fuller the shade, the higher the share. "
            "Empty: nobody was asked, or too few answered."
        )
    else:
        st.markdown(
            "Nobody has rated the journey yet. Ask customers with questions such as “use: timely response”, or choose "
            "a team and enter its own rating."
        )
    who(reads, selection, choices, cells)
    if selection.team is None:
        st.caption("Choose a team to enter its own rating.")
    elif asked_of.may_rate(reads, asked):
        rating_forms.show(reads, selection.team, parts.name_of(choices, selection.team))
    else:
        st.caption("A team of fewer than five people is not rated: what is said of it is said of its people.")
    with st.expander("Numbers of the journey"):
        parts.table(_journey_table(cells), "Each step and trait: customers, and the own rating")


def who(reads: Reads, selection: Selection, choices: Choices, cells: pl.DataFrame) -> None:
    """Who rated when: the waves of the surveys, and the days of the own ratings. Never a person's name."""
    last = choices.last_week
    waves = asked_of.who_rated(reads, selection.filters(choices))
    lines = []
    for of, about in (("traits", "the traits"), ("journey", "the journey")):
        said = [told.rated(row, last) for row in waves.filter(of=of).iter_rows(named=True)]
        if said:
            lines.append(f"- **Of {about}:** {plain('; '.join(said))}")
    own = cells.drop_nulls("own_last")
    if own.height:
        first, latest = min(own["own_first"]), max(own["own_last"])
        days = words.day(latest, last) if first == latest else f"{words.day(first, last)} to {words.day(latest, last)}"
        teams = max(own["own_teams"])
        spoke = "; ".join(own["own_by"].drop_nulls().unique().sort())
        by = f", by {spoke}" if spoke else f", {words.count(teams, 'team')}"
        lines.append(f"- **Own rating of the journey:** {plain(days + by)}")
    if lines:
        st.markdown("Who rated when:\n\n" + "\n".join(lines))


def numbers(rows: list[dict[str, Any]]) -> None:
    shown = [
        {
            "Trait": words.first_up(all_traits()[row["trait"]].name),
            **{
                f"{told.NAMES[side]}{what}": value
                for side in ("customers", "team", "tickets")
                for what, value in (
                    (", good" if side != "tickets" else ", share", _percent(row[f"{side}_share"])),
                    (", from", _percent(row[f"{side}_low"])),
                    (", to", _percent(row[f"{side}_high"])),
                    (", number", row[f"{side}_n"]),
                )
            },
        }
        for row in rows
    ]
    frame = pl.DataFrame(shown, infer_schema_length=None)
    percents = [name for name in frame.columns if name.endswith((", good", ", share", ", from", ", to"))]
    config: dict[str, Any] = dict.fromkeys(percents, parts.PERCENT)
    parts.table(frame, "Each trait: customers, the team's own view and the tickets", config=config)


def _journey_table(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.select(
        pl.col("stage").alias("Step"),
        pl.col("trait").replace_strict({key: one.name for key, one in all_traits().items()}).alias("Trait"),
        pl.col("share").mul(100).round(0).alias("Customers, % good"),
        pl.col("low").mul(100).round(0).alias("from"),
        pl.col("high").mul(100).round(0).alias("to"),
        pl.col("n").alias("Answers"),
        pl.col("own_score").round(1).alias("Own rating"),
        pl.col("own_last").alias("Rated on"),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _not_split(selection: Selection) -> str:
    if selection.channel is None and selection.category is None:
        return ""
    return " Answers carry no channel and no category: these two filters narrow the tickets alone."


parts.page(show)
