"""Plans and verdicts -> the sentences that a manager reads. Pure: values in, words out.

A verdict is told with its size, its interval, what it was compared with and how sure it is; and why the plain before
and after, which everyone would otherwise quote, misleads.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isnan
from typing import Any

from dashboard import words
from data.coaching.happenings import Happening
from data.coaching.what_works import Works
from metrics.effect import FEWEST_CONTROLS, Estimate
from metrics.helped import FEWEST_AFTER, REVIEWS, STILL_POSSIBLE, Helped
from metrics.sign import all_signs

Plan = Mapping[str, Any]
LAST = REVIEWS[-1]
SEEN = {
    "helped": "It helped",
    "made it worse": "It went worse than without",
    "no difference seen": "No difference is seen",
    "cannot tell": "It cannot be told whether it helped",
    "too early": "Too early to say",
}


def sentence(found: Helped, measure: str = "share") -> str:
    """The verdict in a sentence or two."""
    word = SEEN[found.word]
    if found.word == "too early":
        return f"{word}: {_weeks_final(found)}, and it takes {FEWEST_AFTER}."
    if found.headline is None:
        return f"{word}: {found.why}."
    told = f"{word}: over {words.count(found.weeks, 'week')}, {size(found.headline, measure)}"
    own = "the team's" if found.coached == 1 else "the teams'"
    beside = f" than {_others(found.compared)} and {own} own past foretold" if found.headline.effect else ""
    why = _why(found, measure)
    return f"{told}{beside}{'. ' if why else ''}{words.first_up(why)}."


def _why(found: Helped, measure: str) -> str:
    """Why it cannot be told; how large an effect may still be is told in the sign's own unit."""
    line = found.headline
    if measure == "share" or line is None or not (found.why or "").endswith(STILL_POSSIBLE):
        return found.why or ""
    return f"an effect of up to {amount(max(abs(line.low), abs(line.high)), measure)} {STILL_POSSIBLE}"


def _weeks_final(found: Helped) -> str:
    return "no week is final since the start" if not found.weeks else f"{words.count(found.weeks, 'week')} final so far"


def _others(compared: int) -> str:
    return words.count(compared, "compared team")


def size(line: Estimate, measure: str = "share") -> str:
    """ "3.8 points lower (95% interval 0.4 to 7.1 points)"."""
    return f"{amount(line.effect, measure)} {_side(line.effect)}{_between(line, measure)}"


def short(line: Estimate, measure: str = "share") -> str:
    """ "3.8 points lower, between 0.4 and 7.1"; "1 point lower, between 5.6 lower and 3.6 higher"."""
    told = f"{amount(line.effect, measure)} {_side(line.effect)}"
    if isnan(line.low) or isnan(line.high):
        return told
    low, high = (amount(end, measure).split()[0] for end in (line.low, line.high))
    if (line.low < 0) == (line.high < 0):
        near, far = (high, low) if line.low < 0 else (low, high)
        return f"{told}, between {near} and {far}"
    return f"{told}, between {low} lower and {high} higher"


def amount(effect: float, measure: str = "share") -> str:
    """Without its sign: points of a share (0.038 -> "3.8 points"); of a rate or a ratio the number alone."""
    if measure != "share":
        return f"{abs(effect):.2g}"
    value = f"{abs(effect) * 100:.1f}".removesuffix(".0")
    return f"{value} point{'' if value == '1' else 's'}"


def _side(effect: float) -> str:
    return "lower" if effect < 0 else "higher"


def _between(line: Estimate, measure: str) -> str:
    if isnan(line.low) or isnan(line.high):  # the method gives none
        return ""
    low, high = amount(line.low, measure), amount(line.high, measure)
    if (line.low < 0) == (line.high < 0):
        near, far = (high, low) if line.low < 0 else (low, high)
        return f" (95% interval {near.split()[0]} to {far})"
    return f" (95% interval {low} lower to {high} higher)"


def how_sure(found: Helped) -> str:
    """What the headline rests on and how sure it is."""
    line = found.headline
    if line is None:
        return ""
    if isnan(line.p):
        return "It cannot be said: the teams do not vary enough."
    coached = words.count(found.coached, "coached team")
    told = {
        "placebo rank": f"Of {words.count(found.compared + 1, 'team')}, this one included, {_rank(line, found)} as far "
        "to this side of what its past foretold by itself",
        "permutation of the draw": f"Of all the draws that could have been, {_share(line.p)} would show as much",
    }.get(
        line.method,
        f"{coached} against {_others(found.compared)}; if nothing had changed, {_share(line.p)} of such "
        "comparisons would show as much",
    )
    return f"{told}."


def _rank(line: Estimate, found: Helped) -> str:
    place = round(line.p * (found.compared + 1))
    return "only this one lies" if place == 1 else f"{place} lie"


def _share(p: float) -> str:
    return "fewer than 1 in 1,000" if p < 0.001 else f"{words.share(p)}"


def bracket(found: Helped, measure: str = "share") -> str:
    """The two differences in differences, and what each leans to."""
    if found.bracket is None:
        return ""
    trailing, older = found.bracket
    return (
        f"Against the eight weeks before the start it is {size(trailing, measure)}: that flatters coaching, because "
        f"a team is often chosen in its worst weeks. Against the older weeks it is {size(older, measure)}: that blames "
        "coaching for what had already changed for good. What is true lies between, as a rule."
    )


def naive(found: Helped, measure: str = "share", *, drawn: bool = False) -> str:
    """What a plain before and after says, and why not to trust it."""
    if found.naive is None:
        return ""
    told = f"A plain before and after says {size(found.naive, measure)}."
    if drawn:
        return f"{told} It leaves out what happened meanwhile to those who waited."
    return (
        f"{told} It misleads: a team is coached when it looks its worst, and looks better afterwards whatever is done; "
        "where coaching did nothing, it still says it helped in more than half of all cases."
    )


def fading(reviews: Sequence[Helped], measure: str = "share") -> list[tuple[str, str]]:
    """What each review's own weeks show: ("weeks 1 to 4", "6.7 points lower, between 2.9 and 10.5")."""
    told, begun = [], 0
    for end, found in zip(REVIEWS, reviews, strict=True):
        what = short(found.headline, measure) if found.headline else words.first_up(found.why or SEEN[found.word])
        told.append((f"weeks {begun + 1} to {end}", what))
        begun = end
    return told


def outlook(plan: Plan) -> str:
    """What the action will be able to show, and how many teams it would take if this is not enough."""
    seen = {week: plan["outlook"].get(str(week)) for week in REVIEWS}
    teams, measure = len(plan["teams"]), _measure(plan)
    who = "This team alone" if teams == 1 else f"These {teams} teams"
    if seen[LAST] is None:
        told = f"{who} cannot tell whether it helped: {_why_blind(plan)}"
    else:
        first = next(week for week in REVIEWS if seen[week] is not None)
        early = f"{amount(seen[first], measure)} by week {first}, " if first != LAST else ""
        late = f"{amount(seen[LAST], measure)} by week {LAST}"
        told = f"{who} can show a change of {early}{late}; a smaller one would not show"
    more = plan.get("more")
    if more:
        told += f". With {words.count(more - teams, 'more team', 'more teams')}, {amount(plan['worth'], measure)} would"
    return f"{told}."


def _measure(plan: Plan) -> str:
    sign = all_signs().get(plan.get("sign", ""))
    return sign.measure if sign else "share"


def _why_blind(plan: Plan) -> str:
    compared, one = len(plan["compared"]), len(plan["teams"]) == 1
    fewest = 20 if one else FEWEST_CONTROLS
    if not compared:
        return "the data has no team to compare with in the year before its start"
    if compared < fewest:
        there = "there is 1" if compared == 1 else f"there are {compared}"
        return f"it takes {fewest} teams to compare {'one' if one else 'them'} with, and {there}"
    return "there is too little history, or there are too few tickets"


def window(plan: Plan, today: date | None = None) -> str:
    """When it starts, what it is compared over, and when it is reviewed."""
    day = date.fromisoformat
    reviews = ", ".join(f"{words.day(day(one['on']), today)} (week {one['week']})" for one in plan["reviews"])
    until = f" Until {words.day(day(plan['until']), today)} those who wait are the comparison." if plan["until"] else ""
    return (
        f"From the week of {words.day(day(plan['start']), today)}; compared with its own weeks from "
        f"{words.day(day(plan['baseline'][0]), today)} on, the last eight before the start apart. "
        f"Reviewed on {reviews}.{until}"
    )


def happened(one: Happening, names: Mapping[str, str], today: date | None = None) -> str:
    """ "25 May: a flood of Tracking question tickets ..."."""
    teams = ", ".join(names.get(team, "another team") for team in one.teams)
    what = f"{words.play(one.play)}, {one.what}" if one.play else one.what
    return f"{words.day(one.on, today)}: {what}{f' ({teams})' if teams else ''}"


def works(found: Works) -> str:
    """What a play did here, in a sentence."""
    ended = words.count(len(found.ended), "ended action")
    if found.pooled is None:
        return f"{ended} can be told so far: too few to say what it usually does here."
    line = found.pooled
    clear = line.low > 0 or line.high < 0
    way = "better" if line.effect > 0 else "worse"
    usual = f"on average {amount(line.effect)} {way}" if clear else "no clear effect on average"
    told = f"{ended}: {usual} (95% interval {signed(line.low)} to {signed(line.high)}); "
    if isnan(line.next_low):
        return f"{told}too few to say where the next one would lie."
    return f"{told}the next one would lie between {signed(line.next_low)} and {signed(line.next_high)}."


def signed(effect: float) -> str:
    """An effect turned so that a plus is better: "3.8 points better"."""
    return f"{amount(effect)} {'better' if effect > 0 else 'worse'}"
