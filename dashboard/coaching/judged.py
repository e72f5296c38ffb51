"""Whether an action helped: the sentence first, then the picture, then what it rests on and what else happened."""

from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard import parts, words
from dashboard.cached import Reads
from dashboard.coaching import coaching_reads, verdict_words
from dashboard.plain import plain
from dashboard.selection import Choices
from data import clock
from data.coaching import planning
from data.coaching.action import Action, Json
from data.coaching.verdicts import Verdict
from data.coaching.what_works import Works
from data.errors import Trouble
from metrics.sign import all_signs


def show(reads: Reads, choices: Choices, action: Action) -> None:
    """All that can be said of one action."""
    st.header("Did it help?", anchor=False)
    found = _verdict(reads, action)
    if found is None:
        st.markdown("The data no longer has this team or this sign, so it cannot be said.")
        return
    measure = all_signs()[action.sign].measure
    said = verdict_words.sentence(found.judged.verdict, measure)
    if found.programme is not None:
        st.caption("Judged for all teams of its programme together.")
    st.markdown(f"**{plain(said)}**")
    if found.judged.course.height and found.judged.verdict.weeks:
        parts.chart(coaching_reads.verdict_chart(reads, action), said, key="course")
        one = found.judged.verdict.coached == 1
        own, they, size = ("its", "it", "a team of its size strays") if one else ("their", "they", "such teams stray")
        st.caption(
            f"By week, final weeks only. Dashed: where the compared teams and {own} own past say {they} would have "
            f"been; grey band: how far {size} from that without coaching (95%)."
        )
    _rests_on(found, measure)
    _changed(found, measure)
    _happened(choices, found)
    with st.expander("What was fixed beforehand"):
        fixed(choices, found.judged.plan, known_then=found.fixed_then)


def brief(reads: Reads, action: Action) -> str:
    """The verdict so far, in a few words, for a card."""
    found = _verdict(reads, action)
    if found is None:
        return "cannot be said"
    told = found.judged.verdict
    if told.word == "too early" or told.headline is None:
        return verdict_words.SEEN[told.word].lower()
    measure = all_signs()[action.sign].measure
    return f"{verdict_words.SEEN[told.word].lower()}; {verdict_words.short(told.headline, measure)}"


def _verdict(reads: Reads, action: Action) -> Verdict | None:
    try:
        return coaching_reads.verdict(reads, action)
    except Trouble:
        return None


def _rests_on(found: Verdict, measure: str) -> None:
    """How sure it is, what the two simpler comparisons say, what the plain one says, and whether it lasts."""
    told, drawn = found.judged.verdict, found.judged.plan["drawn"]
    naive = verdict_words.naive(told, measure, drawn=drawn)
    if told.headline is None:
        st.caption(plain(naive))
        return
    st.markdown(f"**How sure.** {plain(verdict_words.how_sure(told))}")
    st.markdown(f"**Beside it.** {plain(naive)}")
    lines = [f"- {weeks}: {plain(what)}" for weeks, what in verdict_words.fading(found.judged.reviews, measure)]
    st.markdown("**Does it last?** Each review by its own weeks:\n\n" + "\n".join(lines))
    if told.bracket is not None:
        with st.expander("Two simpler comparisons, and what each leans to"):
            st.markdown(plain(verdict_words.bracket(told, measure)))


def _changed(found: Verdict, measure: str) -> None:
    """The plan was changed after it was fixed: both verdicts are told."""
    if found.changed is None:
        return
    start = words.long_day(planning.day(found.changed.plan["start"]), clock.now().date())
    said = verdict_words.sentence(found.changed.verdict, measure)
    st.markdown(f"**By the changed plan** (start {start}; the one above is the plan as it was fixed). {plain(said)}")


def _happened(choices: Choices, found: Verdict) -> None:
    if not found.happened:
        return
    today = clock.now().date()
    names = {team: name for team, (name, _) in choices.teams.items()}
    lines = [f"- {plain(verdict_words.happened(one, names, today))}" for one in found.happened]
    st.markdown("**What else happened in these weeks.**\n\n" + "\n".join(lines))


def fixed(choices: Choices, plan: Json, *, known_then: bool = True) -> None:
    """The plan as it was fixed: window, comparison, what it could show; and what was changed later."""
    today = clock.now().date()
    if not known_then:
        st.caption("No plan was kept when this was recorded: this is what the rule makes of the data before its start.")
    elif planning.day(plan["on"]) > planning.day(plan["start"]) + timedelta(weeks=1):
        when = words.day(planning.day(plan["on"]), today)
        st.caption(f"Fixed on {when}, when it had begun already: whoever chose may have seen how it went at first.")
    st.markdown(plain(verdict_words.window(plan, today)))
    st.markdown(plain(verdict_words.outlook(plan)))
    for change in plan.get("changes", ()):
        when = words.day(planning.day(change["at"][:10]), today)
        st.markdown(plain(f"Changed on {when} by {change['by']}: start {change['starts_on']}, {change['sign']}."))
    _compared(choices, plan)


def _compared(choices: Choices, plan: Json) -> None:
    """The comparison teams by name, as far as the asker may see them, and why others were left out."""
    rows = planning.in_words(plan)
    named = rows.filter(pl.col("team_id").is_in(list(choices.teams)))
    st.markdown(f"Compared with {words.count(len(plan['compared']), 'team')}:")
    shown = named.select(
        pl.col("team_id")
        .replace_strict({team: name for team, (name, _) in choices.teams.items()}, default=None)
        .alias("Team"),
        pl.when("taken").then(pl.lit("compared")).otherwise(pl.lit("left out")).alias("Taken"),
        (pl.col("likeness") * 100).alias("Mix in common"),
        pl.col("why").fill_null("").alias("Why"),
    )
    parts.table(shown, "The teams compared with and those left out", config={"Mix in common": parts.PERCENT})


def what_works(reads: Reads, play: str) -> None:
    """What a play did here: a sentence, and a forest where there is more than one action."""
    found = next((one for one in coaching_reads.works(reads) if one.play == play), None)
    if found is None:
        st.caption("Nobody here has ended an action of this play yet, so what it does here is not known.")
        return
    st.caption(plain(f"What it did here so far. {verdict_words.works(found)}"))


def all_plays(reads: Reads) -> None:
    """Every play that was tried, by name, with its forest. By time, never by team: it is about the play."""
    found = coaching_reads.works(reads)
    if not found:
        st.markdown("No action has ended yet. What works here will be known from those that have.")
        return
    several = [one for one in found if len(one.ended) > 1]
    for one in several:
        st.markdown(f"**{plain(words.play(one.play))}.** {plain(verdict_words.works(one))}{_lasting(one)}")
        parts.chart(coaching_reads.forest(reads, one.play), verdict_words.works(one), key=f"forest-{one.play}")
    if once := [words.play(one.play) for one in found if len(one.ended) < 2]:
        st.markdown(f"**Ended once so far,** so too few to say what they usually do here: {plain(', '.join(once))}.")


def _lasting(found: Works) -> str:
    """How the pooled effect goes by review."""
    known = {week: line for week, line in found.course.items() if line is not None}
    if len(known) < 2:
        return ""
    told = [f"{verdict_words.signed(line.effect)} to week {week}" for week, line in known.items()]
    return f" By review: {'; '.join(told)}."
