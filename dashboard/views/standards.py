"""How long may it take? Each category's standard and whether it is simple, who set it and why; how often it is kept."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import filters, overrule, parts, standards_reads, words
from dashboard.cached import Reads
from dashboard.plain import plain
from dashboard.selection import Choices, Selection
from data import standards_store
from data.adherence import CATEGORY_WEEKS
from data.scope import Right
from data.standards_store import StandardChange

SIMPLE = (
    "A category is *simple* where, over the reference window and all teams together, at least 60% of its tickets were "
    "resolved in one touch and the median took at most one working day, on at least 200 tickets. Its *standard* is the "
    "one that the company sets; where none is set, the time within which 80% were resolved. Both are in business time."
)
ORDER = (
    "In alphabetical order: this is no ranking. The bar is where the true share may lie (95%): few tickets, long bar."
)


def show(reads: Reads) -> None:
    st.title("Standards: how long may it take?", anchor=False)
    overrule.count_anew(reads)
    choices = reads.choices()
    selection = filters.current(choices)
    frame, steps = reads.standards(), standards_store.history(reads.scope, reads.database)
    if frame.is_empty() or not steps:
        st.markdown("There are no standards yet: they are derived from the tickets' categories at the next import.")
        return
    in_force(frame, steps, provisional=reads.freshness().provisional)
    if reads.scope.may(Right.SETTLE) and reads.scope.reach(Right.SETTLE) is None:
        with st.expander("Set a standard, or what is simple"):
            overrule.show(reads, frame, steps[-1].version)
    with st.expander(f"Every version ({len(steps)})"):
        parts.table(history(steps), "Every version of the standards, newest first: who, when, what, why")
    kept(reads, choices, selection)


def in_force(frame: pl.DataFrame, steps: list[StandardChange], *, provisional: bool) -> None:
    """What holds now, and the table of it."""
    simple, last = frame.filter("simple").height, steps[-1]
    st.markdown(
        plain(
            f"{simple} of {words.count(frame.height, 'category', 'categories')} "
            f"{'is' if simple == 1 else 'are'} simple. Version {last.version} is in force, {_step(last)}. All readings "
            "of simple tickets rest on it."
        )
    )
    if provisional:
        st.caption("Provisional: derived anew at each import until there are 52 weeks of data.")
    shown = told(standards_store.as_told(frame))
    parts.table(shown, "Each category: simple or not, its standard, and what that rests on", config=_CONFIG)
    st.caption(SIMPLE)


def kept(reads: Reads, choices: Choices, selection: Selection) -> None:
    """How often the standards are kept, by team; of one team by category."""
    st.header("How often is it kept?", anchor=False)
    filters.bar(choices, selection, period=False)
    frame = standards_reads.by_team(reads, choices, selection.filters(choices), selection.week)
    if frame.is_empty():
        st.markdown("Nothing can be shown: no team has simple tickets of final weeks, or each has under five people.")
        return
    by_category(reads, choices, selection) if selection.team else by_team(frame)


def by_team(frame: pl.DataFrame) -> None:
    shares = frame["share"]
    low, high = (words.share(value) for value in (shares.min(), shares.max()))  # type: ignore[arg-type]  # floats
    among = f"between {low} and {high} of a team's simple tickets" if frame.height > 1 else f"{low} of simple tickets"
    week = words.day(frame["week"].max())  # type: ignore[arg-type]  # a column of days
    said = f"In the four weeks to the week of {week}, {among} were resolved within their standard."
    st.markdown(f"{plain(said)} Choose a team above to see it by category.")
    out = frame["taken_out"].sum()
    if out:
        st.caption(f"{words.count(int(out), 'ticket')} taken out by accepted answers of the teams.")
    st.caption(f"{ORDER} Teams of fewer than five people are left out.")
    parts.chart(standards_reads.picture(frame), said, key="kept")
    with st.expander("The numbers"):
        parts.table(numbers(frame, "Team"), "How often each team keeps the standards", config=_SHARES)


def by_category(reads: Reads, choices: Choices, selection: Selection) -> None:
    team = selection.team or ""
    frame = standards_reads.by_category(reads, team, selection.week)
    name = plain(parts.name_of(choices, team))
    if frame.is_empty():
        st.markdown(f"{name}: no simple ticket of final weeks, or it has fewer than five people.")
        return
    kept_, n = int(frame["kept"].sum()), int(frame["n"].sum())
    said = f"{kept_:,} of {n:,} simple tickets ({words.share(kept_ / n)}) were resolved within their standard"
    st.markdown(f"**{name}**: {plain(said)}, in the {CATEGORY_WEEKS} weeks to its last final one.")
    st.caption(ORDER)
    parts.chart(standards_reads.picture(frame), said, key="kept-categories")
    with st.expander("The numbers"):
        parts.table(numbers(frame, "Category"), "How often this team keeps each category's standard", config=_SHARES)


_CONFIG: dict[str, Any] = {"One touch": parts.PERCENT}
_SHARES: dict[str, Any] = dict.fromkeys(("Share", "From", "To"), parts.PERCENT)


def numbers(frame: pl.DataFrame, head: str) -> pl.DataFrame:
    shares = [
        (pl.col(name) * 100).alias(label) for name, label in (("share", "Share"), ("low", "From"), ("high", "To"))
    ]
    return frame.select(pl.col("name").alias(head), pl.col("kept").alias("In time"), pl.col("n").alias("Of"), *shares)


def told(frame: pl.DataFrame) -> pl.DataFrame:
    """The standards in words: the simple categories first, then by name."""
    rows = [
        {
            "Category": row["category"] or "none given",
            "Simple": "yes" if row["simple"] else "no",
            "Standard": words.minutes(row["standard_minutes"]),
            "Tickets": row["n"] or "",
            "One touch": row["one_touch_share"] and row["one_touch_share"] * 100,
            "Median": words.minutes(row["median_minutes"]),
            "Set by": f"{row['author']}: {row['reason']}" if row["source"] == "set" else "derived from the data",
        }
        for row in frame.iter_rows(named=True)
    ]
    made = pl.DataFrame(rows, infer_schema_length=None)
    return made.sort("Simple", "Category", descending=[True, False])


def history(steps: list[StandardChange]) -> pl.DataFrame:
    """Every version in words, newest first."""
    rows = [
        {
            "Version": step.version,
            "When": f"{step.at:%Y-%m-%d %H:%M}",
            "Who": step.by,
            "What": _what(step),
            "Why": step.reason or "",
        }
        for step in reversed(steps)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _what(step: StandardChange) -> str:
    if step.category is None:
        return f"derived from data version {step.data_version}"
    simple = None if step.simple is None else "simple" if step.simple else "not simple"
    standard = None if step.standard_minutes is None else f"standard {words.minutes(step.standard_minutes)}"
    return f"{step.what} for {step.category}: {', '.join(part for part in (simple, standard) if part)}"


def _step(step: StandardChange) -> str:
    if step.category is None:
        return _what(step)
    return f"{_what(step)} ({step.by}, {words.long_day(step.at.date())}: “{step.reason}”)"


parts.page(show)
