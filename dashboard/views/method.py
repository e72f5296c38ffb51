"""How is it counted? Each sign's and each trait's passport, from its declaration; standards; the rule of reading."""

import streamlit as st

from dashboard import cached, delays, door, filters, parts, trait_passport, words
from dashboard.cached import Reads
from dashboard.plain import plain
from data.filters import Filters
from metrics import verdict
from metrics.monitor import WINDOW
from metrics.sign import all_signs
from metrics.verdict import WATCH_EVERY

READING = """
Two questions are asked of every team and every sign, and never mixed.

1. **Has this team changed?** It is read against its own past: the share expected from its own baseline weeks and from
its mix of tickets, with limits that allow for how much its weeks vary anyway (Laney's p-prime chart). Many questions
of many teams are asked at once, so a change is called a *signal* only where it stands out among all of them (false
discovery rate of 10%, Benjamini and Hochberg). A count against an exposure, a measure of unevenness and a ratio of
amounts are read by the same rule, each by its own law of chance; each sign's passport says which it is.
2. **Does it differ from what its mix of tickets explains?** It is read against all teams with the same tickets
(category, channel, priority). Teams always differ a little; those within that spread *cannot be told apart*, and
are never ranked.

A reading is one of five:

- **signal**: a change for the worse (▲, orange) or for the better (◆, blue) beyond chance;
- **no change**: nothing beyond chance;
- **too few to say**: too few tickets or people, with the day when there will be enough;
- **not final yet**: the week can still change, because a ticket may yet come back or run late;
- **not measured**: the data lacks what the sign needs, and the page says which.

Nothing about a single person is shown, and a team of fewer than five people has no readings.

A team can answer a reading or its tickets. Where a manager accepts the answer, its tickets are left out of that sign of
that team; how many, and the reading with every ticket, stand beside it. Whether coaching helped is judged by every
ticket.
"""


EARLY = (
    "*Worth watching* is said earlier and more often in vain: a sum of the weeks' lean to the worse (CUSUM) that a "
    f"steady team passes once in {WATCH_EVERY / 52:.0f} years. It stands on the team's page alone, and is no signal."
)


RULE = f"""
1. **Baseline.** The first 52 final weeks with tickets; 26 while there are fewer than 65 such weeks; all but the last
{WINDOW} while there are fewer than 30. Under {verdict.TRIAL_WEEKS} weeks the limits are on trial. It is *too few to
say* under {verdict.FEWEST_WEEKS} weeks, under {verdict.FEWEST_BASELINE_TICKETS} tickets in them, or under
{verdict.FEWEST_TICKETS} tickets in the last {WINDOW} weeks.
2. **Each week's score.** How unusual the week's count is, given its mix of tickets and the baseline's level, over how
much the team's weeks vary anyway.
3. **The chart.** An average of the scores that forgets (EWMA, lambda {verdict.LAMBDA}). Its limit is found so that a
steady team is called worse once in {verdict.WORSE_EVERY:.0f} weeks and better once in {verdict.BETTER_EVERY:.0f}:
worse is what one would act on.
4. **All readings at once.** Among all teams and signs, one in {1 / verdict.FALSE_SHARE:.0f} calls may be false
(Benjamini and Hochberg).
5. **Now.** The last {WINDOW} weeks lie on the same side. *Signal* needs 3, 4 and 5; it stays while the change lasts.

*Since* is the week from which the scores, summed up to now, lie furthest to the signal's side. Where a lasting change
was acknowledged, the baseline begins anew in its week, and weeks before it are read as they were.
"""


def show() -> None:
    st.title("Method: how is it counted?", anchor=False)
    with parts.trouble_said():
        reads = cached.reads(door.home(), door.scope())
        left, right = st.columns([1, 1], gap="large")
        with left:
            st.header("How a reading is made", anchor=False)
            st.markdown(READING)
            with st.expander("The rule, step by step"):
                st.markdown(RULE)
            how_sure(reads)
        with right:
            st.header("The signs", anchor=False)
            for sign in all_signs().values():
                with st.expander(words.heading(sign)):
                    parts.passport(sign, reads)
            trait_passport.show(reads)
        if reads is not None:
            standards(reads)


def how_sure(reads: Reads | None) -> None:
    """How often the rule is wrong and how soon it is right, in general and for the team that was last looked at."""
    st.header("How often it is wrong, and how soon it is right", anchor=False)
    st.markdown(f"{delays.how_wrong()} {EARLY}")
    st.markdown(f"How soon a true change shows hangs on how many tickets there are. {delays.example()}")
    usual = words.share(delays.USUAL)
    parts.table(delays.by_volume(), f"Weeks until a lasting change from {usual} shows, by tickets a week")
    st.caption(f"From a usual share of {usual}, with a year of baseline: half of all such changes show by then.")
    team = filters.last_team() if reads is not None else None
    if reads is None or team is None or team not in (choices := reads.choices()).teams:
        return
    own = delays.of_team(parts.rows_of(reads.readings(Filters(team=team), None)))
    if own.is_empty():
        return
    st.markdown(f"**At the volumes of {plain(parts.name_of(choices, team))}**, the team that you last looked at:")
    parts.table(own, "Weeks until a lasting change for the worse shows, by question, at this team's own volumes")


def standards(reads: Reads) -> None:
    """Which categories count as simple and how long each may take: on a page of its own."""
    st.header("Simple categories and standards", anchor=False)
    st.markdown(
        "Which categories are simple, how long a ticket of each may take, who set it and why, and how often it is "
        f"kept, stand on a page of their own. Version {reads.read_from.standards} is in force."
    )
    st.page_link("views/standards.py", label="Standards: how long may it take?")


show()
