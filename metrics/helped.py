"""The verdict on a coaching action, in one word, with what it rests on.

Question asked: helped, made it worse, no difference seen, cannot tell, or too early?

The rule. Under 4 weeks of final data after the start: too early. Otherwise the headline (ANCOVA; the exact permutation
where the lot decided who went first; placebo rank where one team alone was coached) and its bracket, the two
differences in differences (not where the lot decided). *Helped* or *made it worse*: p < .05, the interval leaves zero
out, and the bracket lies on the same side. The bracket astride zero: cannot tell. No effect seen, and the interval
leaves out any effect worth having (`worth`): no difference seen; if it does not: cannot tell, and how large an effect
is still possible. What cannot be computed is "cannot tell" and why, never an effect of 0 or a p of 1.

Measured (benchmarks/honesty.py; 40 teams, the 8 worst coached, 60 tickets a week, 12 weeks after): with no effect
"helped" in 3 of 100, and in none where 8 teams had truly and lastingly worsened; 4 points better are called in 92 of
100. A plain before and after says "helped" in 62 of 100 where nothing was done.

Shapes: x, n (and `mix`, share expected by mix) teams x weeks; `start` the place of the first coached week. Units:
shares.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from metrics.alone import alone
from metrics.arrays import Flags, Floats, possible, ratio
from metrics.effect import TRAILING, Estimate, ancova, before_after, difference, permutation

Word = Literal["helped", "made it worse", "no difference seen", "cannot tell", "too early"]
Bracket = tuple[Estimate, Estimate]
REVIEWS = (4, 9, 13)
FEWEST_AFTER, FEWEST_BASE = 4, 8
WORTH = 0.05
STILL_POSSIBLE = "either way is still possible"
ASTRIDE = "beside the last weeks before the start it went one way, beside older weeks the other"


@dataclass(frozen=True)
class Helped:
    """The verdict, why (null where the numbers speak), the headline, its bracket, the naive estimate."""

    word: Word
    why: str | None
    headline: Estimate | None
    bracket: Bracket | None
    naive: Estimate | None
    coached: int
    compared: int
    weeks: int


@dataclass(frozen=True)
class Shares:
    """Each team's three shares, adjusted for mix where it is known; NaN where a team had no tickets then.

    `chance` is the variance that chance alone gives `post`.
    """

    base: Floats
    trailing: Floats
    post: Floats
    chance: Floats

    def only(self, there: Flags) -> "Shares":
        """Of these teams."""
        return Shares(self.base[there], self.trailing[there], self.post[there], self.chance[there])


def shares(x: Floats, n: Floats, start: int, weeks: int, mix: Floats | None = None) -> Shares:
    """Older baseline, the eight weeks before `start`, and the `weeks` from it on."""
    fair = np.zeros(x.shape) if mix is None else np.nan_to_num(mix) * n
    spans = slice(0, max(start - TRAILING, 0)), slice(max(start - TRAILING, 0), start), slice(start, start + weeks)
    base, trailing, post = (ratio((x - fair)[:, span].sum(axis=1), n[:, span].sum(axis=1)) for span in spans)
    of = n[:, spans[2]].sum(axis=1)
    level = (x.sum(axis=1) + 0.5) / (n.sum(axis=1) + 1)
    return Shares(base, trailing, post, ratio(np.where(level < 1, level * (1 - level), level), of))


def judge(
    x: Floats,
    n: Floats,
    coached: Flags,
    start: int,
    *,
    weeks: int | None = None,
    mix: Floats | None = None,
    better: Literal["lower", "higher"] = "lower",
    drawn: bool = False,
    worth: float = WORTH,
    seed: int = 0,
) -> Helped:
    """The verdict after `weeks` weeks (all there are). x, n hold final weeks only, coached and comparison teams.

    `drawn`: the lot decided who went first; then only teams that were in the draw may be given.
    """
    x, n = (np.nan_to_num(values) for values in possible(x, n, shares=False))
    after = x.shape[1] - start if weeks is None else min(weeks, x.shape[1] - start)
    if after < FEWEST_AFTER:
        why = f"{_weeks(after)} final since the start; it takes {FEWEST_AFTER}"
        return Helped("too early", why, None, None, None, int(coached.sum()), int((~coached).sum()), max(after, 0))
    if start < FEWEST_BASE + TRAILING:
        why = f"only {max(start, 0)} week{'s' * (start != 1)} before the start; it takes {FEWEST_BASE + TRAILING}"
        return Helped("cannot tell", why, None, None, None, int(coached.sum()), int((~coached).sum()), after)
    seen = shares(x, n, start, after, mix)
    there = ~(np.isnan(seen.base) | np.isnan(seen.trailing) | np.isnan(seen.post))
    mine, kept = coached[there], seen.only(there)
    naive = _naive(x[coached], n[coached], start, after)
    counted = int(mine.sum()), int((~mine).sum()), after
    try:
        headline, bracket = _estimates(kept, mine, drawn, seed)
    except ValueError as reason:
        return Helped("cannot tell", str(reason), None, None, naive, *counted)
    # Where the lot decided, nobody was chosen for looking bad: the differences only illustrate.
    word, why_not = _word(headline, None if drawn else bracket, better, worth)
    return Helped(word, why_not, headline, bracket, naive, *counted)


def fading(
    x: Floats,
    n: Floats,
    coached: Flags,
    start: int,
    *,
    mix: Floats | None = None,
    better: Literal["lower", "higher"] = "lower",
    drawn: bool = False,
    worth: float = WORTH,
) -> list[Helped]:
    """The verdict at each review, from that review's own weeks: 1 to 4, 5 to 9, 10 to 13. Effects fade."""
    out, begun = [], 0
    for end in REVIEWS:
        there = x.shape[1] >= start + end
        span = [*range(min(start, x.shape[1])), *(range(start + begun, start + end) if there else ())]
        fair = None if mix is None else mix[:, span]
        out.append(judge(x[:, span], n[:, span], coached, start, mix=fair, better=better, drawn=drawn, worth=worth))
        begun = end
    return out


def _estimates(
    seen: Shares, coached: Flags, drawn: bool, seed: int
) -> tuple[Estimate, tuple[Estimate, Estimate] | None]:
    if not coached.any():
        raise ValueError("the coached team had nothing to count before, or nothing after")
    if coached.sum() == 1:
        headline = alone(seen.post, seen.base, seen.trailing, coached, seen.chance)
    else:
        how = permutation if drawn else ancova
        headline = how(seen.post, seen.base, seen.trailing, coached)
    return headline, (difference(seen.post, seen.trailing, coached), difference(seen.post, seen.base, coached))


def _weeks(final: int) -> str:
    return "no week is" if final < 1 else "1 week is" if final == 1 else f"{final} weeks are"


def _word(headline: Estimate, bracket: Bracket | None, better: str, worth: float) -> tuple[Word, str | None]:
    if np.isnan(headline.p):
        return "cannot tell", "the teams do not vary enough to say how sure it is"
    clear = headline.p < 0.05 and not headline.low <= 0 <= headline.high
    astride = bracket is not None and bracket[0].effect * bracket[1].effect <= 0
    if clear and not astride:
        return ("helped" if (headline.effect < 0) == (better == "lower") else "made it worse"), None
    if astride and bracket is not None and max(abs(each.effect) for each in bracket) > worth / 2:
        return "cannot tell", ASTRIDE
    furthest = np.nanmax(np.abs([headline.low, headline.high])) if not np.isnan(headline.low) else float("nan")
    if furthest <= worth:
        return "no difference seen", None
    if np.isnan(furthest):
        return "cannot tell", "too few teams to compare with for an interval"
    return "cannot tell", f"an effect of up to {furthest * 100:.0f} points {STILL_POSSIBLE}"


def _naive(x: Floats, n: Floats, start: int, weeks: int) -> Estimate | None:
    before, after = slice(max(start - TRAILING, 0), start), slice(start, start + weeks)
    sums = x[:, before].sum(), n[:, before].sum(), x[:, after].sum(), n[:, after].sum()
    return before_after(*map(float, sums)) if sums[1] and sums[3] else None
