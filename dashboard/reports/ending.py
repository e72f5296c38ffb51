"""The end of a review: the coaching and what works here, what cannot be said and why, and the decisions asked for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from dashboard import words
from dashboard.coaching import verdict_words
from dashboard.reports import said
from dashboard.reports.gathered import Gathered
from dashboard.reports.opening import WORDS, outcome
from dashboard.reports.pieces import Block, Section, heading, note, point, section, table, text
from data.coaching.verdicts import Verdict
from metrics.disclosure import FEWEST_PEOPLE
from metrics.sign import all_signs

Ask = dict[str, Any]
NONE = "0"
_HEADS = {
    "helped": "Helped",
    "made it worse": "Went worse",
    "no difference seen": "No difference",
    "cannot tell": "Cannot tell",
    "too early": "Too early",
}


def coaching(found: Gathered) -> Section:
    """The portfolio: of each play how many teams, and the verdicts so far; and what works here over all that ended."""
    plays: dict[str, list[Verdict]] = defaultdict(list)
    for one in found.found.values():
        plays[one.action.play].append(one)
    kind = found.period.kind
    teams = len({one.action.team_id for one in found.found.values()})
    blocks: list[Block] = [
        text(f"No coaching ran in this {kind}.")
        if not plays
        else text(
            f"In this {kind} {words.count(len(found.found), 'action')} of {words.count(len(plays), 'play')} ran or "
            f"came to its review, in {words.count(teams, 'team')}."
        )
    ]
    rows = [[words.play(play), *_counts(plays[play])] for play in sorted(plays)]
    seen = [word for word in WORDS if any(one.judged.verdict.word == word for one in found.found.values())]
    head = ["Play", "Teams", "Under way", *(_HEADS[word] for word in seen)]
    keep = [0, 1, 2, *(3 + WORDS.index(word) for word in seen)]
    blocks.append(
        table("Each play: how many teams, how many under way, and the verdicts so far", head,
              [[row[place] for place in keep] for row in rows], right=range(1, len(head)))
    )  # fmt: skip
    blocks += _works(found)
    return section("coaching", "Coaching: what was tried, and what works here", blocks)


def _counts(of_play: Sequence[Verdict]) -> list[str]:
    words_of: Counter[str] = Counter(one.judged.verdict.word for one in of_play)
    teams = len({one.action.team_id for one in of_play})
    running = sum(one.action.is_open for one in of_play)
    return [f"{teams}", f"{running or NONE}", *(f"{words_of[word] or NONE}" for word in WORDS)]


def _works(found: Gathered) -> Iterable[Block]:
    yield heading("What works here, over all actions that ever ended")
    told = [one for one in found.works if len(one.ended) > 1 and one.pooled is not None]
    if not told:
        yield text("No play has ended in two places yet: what works here will be known from those that have.")
        return
    for one in told:
        yield point(words.play(one.play), verdict_words.works(one), "coaching")
    few = [words.play(one.play) for one in found.works if one not in told]
    if few:
        yield note(f"Ended once so far, so too few to say what they usually do here: {said.listed(few)}.")


def unsaid(found: Gathered) -> Section:
    """What cannot be said, and why: not measured, not final, too few, withheld; and what is known of the data."""
    blocks = [
        point(words.heading(all_signs()[key]), said.unsaid(row, found.period), f"sign:{key}")
        for key, row in found.over.items()
        if row["share"] is None
    ]
    blocks += [text(sentence) for sentence in _left_out(found)]
    if not blocks:
        blocks = [text("Everything that was asked could be answered.")]
    return section("unsaid", "What cannot be said, and why", blocks)


def _left_out(found: Gathered) -> Iterable[str]:
    weeks, whole = len(found.weeks), len(found.period.weeks)
    if weeks < whole:
        yield f"The data holds {weeks} of the {words.count(whole, 'week')} of this {found.period.kind}."
    partly = [key for key, row in found.over.items() if 0 < (row["weeks"] or 0) < weeks and _weekly(key)]
    if partly:
        told = [f"{_quoted(key)} ({found.over[key]['weeks']})" for key in partly]
        kind = found.period.kind
        yield f"Of these signs not all weeks of the {kind} are final yet (how many are): {said.listed(told)}."
    trial = [key for key, row in found.over.items() if row["trial"]]
    if trial:
        names = said.listed([_quoted(key) for key in trial])
        yield f"The history is short: the limits of {names} are trial and may still move."
    if found.shown.withheld:
        many = words.count(found.shown.withheld, "team")
        yield (
            f"{many} of fewer than {FEWEST_PEOPLE} people, or of whom it is not known how many they are, "
            f"{'is' if found.shown.withheld == 1 else 'are'} in no number here: what is said of so few is said of "
            "persons."
        )
    few = sum(row["status"] == "too few to say" for row in found.readings)
    if few:
        every = words.count(len(found.readings), "reading")
        yield f"Of {every} of single teams, {few} rest on too few tickets to say anything."
    blind = sum(one.judged.verdict.word == "cannot tell" for one in found.found.values())
    if blind:
        yield f"Of {words.count(blind, 'action')} it cannot be told whether it helped: one team alone seldom can."
    yield from (words.ended(one) for one in found.fresh.notes)


def _weekly(key: str) -> bool:
    return all_signs()[key].rhythm == "week" and all_signs()[key].whole is None


def _quoted(key: str) -> str:
    return f"“{words.heading(all_signs()[key])}”"


def decisions(asks: Sequence[Ask]) -> Section:
    """The decisions asked for, numbered: those typed, then those that the data suggests."""
    if not asks:
        return section("asks", "Decisions asked for", [text("None: this review asks for no decision.")])
    blocks = [point(f"{one['number']}.", f"{one['text']}{_why(one)}") for one in asks]
    return section("asks", "Decisions asked for", blocks)


def _why(one: Ask) -> str:
    return f" {one['why']}" if one.get("why") else ""


def suggested(found: Gathered) -> list[Ask]:
    """What only the system can mend, and what is missing to know more: questions for those who decide about money."""
    kinds: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for (sign, team), one in found.explained.items():
        for kind in {evidence.kind for evidence in one.system}:
            kinds[kind][sign, found.branch_of(team) or ""] += 1
    asks = [_of_kind(kind, kinds[kind], found) for kind in _ASKED if kind in kinds]
    missing = [row for row in found.over.values() if row["status"] == "not measured"]
    if missing:
        names = said.listed([_quoted(row["sign"]) for row in missing])
        told = "What is missing, stands under “What cannot be said”."
        asks.append({"text": f"Have what is missing gathered, so that {names} can be answered.", "why": told})
    return asks


_ASKED = {
    "load": "Relieve the load: more hands, or fewer tickets.",
    "absence": "Cover for absence before it falls on those who are there.",
    "flood": "Stop the flood where it comes from.",
    "together": "Look for the common cause: several teams changed together.",
}


def _of_kind(kind: str, counts: Counter[tuple[str, str]], found: Gathered) -> Ask:
    teams: Counter[str] = Counter()
    for (_, branch), n in counts.items():
        teams[branch if not found.branch else ""] += n
    signs = said.listed([_quoted(key) for key in sorted({sign for sign, _ in counts})])
    where = said.several(teams, "team reading")
    return {"text": _ASKED[kind], "why": f"It lies behind changes for the worse in {signs}: {where}."}


def appendix(found: Gathered) -> Section | None:
    """In the review of a branch: its actions by team, for those who know them. No reading of a team beside them."""
    if found.branch is None or not found.found:
        return None
    order = sorted(found.found.values(), key=lambda one: (found.names[one.action.team_id], one.action.starts_on))
    blocks = [
        point(f"{found.names[one.action.team_id]}: {words.play(one.action.play)}",
              f"From {words.long_day(one.action.starts_on, found.period.until)}, {one.action.status}. {outcome(one)}",
              "coaching")
        for one in order
    ]  # fmt: skip
    return section("actions", f"The actions of {found.branch}, by team", blocks)
