"""The first page of a review: what was decided last time and whether it helped; three things that changed, and one
that cannot be said."""

from collections import Counter
from collections.abc import Iterable

from dashboard import words
from dashboard.coaching import verdict_words
from dashboard.reports import said
from dashboard.reports.gathered import Gathered, Row, ended_on
from dashboard.reports.pieces import Block, Section, heading, point, section, text
from data.coaching.action import Action
from data.coaching.verdicts import Verdict
from data.reviewing.decisions import Decision
from metrics.sign import all_signs

THINGS = 3
LINES = 6  # of actions on the first page; all of them are in the portfolio
WORDS = ("helped", "made it worse", "no difference seen", "cannot tell", "too early")


def subject(found: Gathered) -> str:
    return found.branch or "the company"


def last_time(found: Gathered) -> Section:
    """What the last review asked for and what came of it; which actions came to an end, and their verdicts."""
    asked = list(_asked(found))
    came = came_due(found)
    blocks = [*asked, *_actions(found, came)]
    return section("last", "What was decided last time, and whether it helped", blocks)


def _asked(found: Gathered) -> Iterable[Block]:
    last = found.previous
    if last is None:
        whose = f" of {found.branch}" if found.branch else ""
        yield text(f"This is the first review{whose}, so there are no earlier decisions to come back to.")
        return
    when, name = words.long_day(last.at.date(), found.period.until), last.content["period"]["name"]
    asks = last.content["asks"]
    was = f" (it was called {last.branch} then)" if last.branch != found.branch and last.branch else ""
    yield text(
        f"The review of {name}{was}, made on {when}, asked for {words.count(len(asks), 'decision')}."
        if asks
        else f"The review of {name}{was}, made on {when}, asked for no decision."
    )
    by_ask = {one.ask: one for one in found.decided if one.ask is not None}
    for ask in asks:
        yield point(ask["text"], _outcome(by_ask.get(ask["number"]), found))
    for one in found.decided:
        if one.ask is None:
            yield point(one.words or "", _outcome(one, found))


def _outcome(one: Decision | None, found: Gathered) -> str:
    if one is None:
        return "Nothing was recorded of what became of it."
    by = f" by {one.decided_by}" if one.decided_by else ""
    on = f" on {words.long_day(one.decided_on, found.period.until)}" if one.decided_on else ""
    told = f": {words.ended(one.words)}" if one.words and one.ask is not None else "."
    return f"{words.first_up(one.outcome)}{by}{on}{told}"


def came_due(found: Gathered) -> list[Action]:
    """The actions that began before the period and came to their review or end in it, by play."""
    within = [
        one for one in found.acts
        if one.starts_on < found.period.since and found.period.since <= ended_on(one) <= found.period.until
    ]  # fmt: skip
    return sorted(within, key=lambda one: (one.play, one.starts_on, one.id))


def _actions(found: Gathered, came: list[Action]) -> Iterable[Block]:
    kind = found.period.kind
    if not came:
        yield text(f"No coaching that began earlier came to its end or its review in this {kind}.")
        return
    verdicts = [found.found[one.id] for one in once(came) if one.id in found.found]
    many: Counter[str] = Counter(one.judged.verdict.word for one in verdicts)
    told = [f"{_NUMBERED[word][many[word] != 1].format(many[word])}" for word in WORDS if many[word]]
    tally = f": {said.listed(told)}" if told else ""
    acts, their = words.count(len(once(came)), "action"), "its" if len(came) == 1 else "their"
    yield text(f"{acts} that began earlier came to {their} end or review in this {kind}{tally}.")
    for one in verdicts[:LINES]:
        yield point(f"{words.play(one.action.play)}, {where(found, one)}", outcome(one), "coaching")
    if len(verdicts) > LINES:
        yield text(f"The other {len(verdicts) - LINES} are under “Coaching”.")


_NUMBERED = {
    "helped": ("{} helped", "{} helped"),
    "made it worse": ("{} went worse than without", "{} went worse than without"),
    "no difference seen": ("{} shows no difference", "{} show no difference"),
    "cannot tell": ("of {} it cannot be told", "of {} it cannot be told"),
    "too early": ("for {} it is too early", "for {} it is too early"),
}


def once(acts: Iterable[Action]) -> list[Action]:
    """One action of each programme: its teams share one verdict."""
    firsts: dict[object, Action] = {}
    for one in acts:
        firsts.setdefault(("programme", one.programme_id) if one.programme_id else one.id, one)
    return list(firsts.values())


def where(found: Gathered, one: Verdict) -> str:
    """Whose action it was, without its name: "a team in Harbour", "8 teams"."""
    teams = [team for team in one.judged.plan["teams"] if team in found.shown.teams] or [one.action.team_id]
    if len(teams) == 1:
        branch = found.branch_of(teams[0])
        return f"a team in {branch}" if branch and not found.branch else "one team"
    return said.several(Counter((found.branch_of(team) or "") if not found.branch else "" for team in teams))


def outcome(one: Verdict) -> str:
    """The sign's question, then the verdict with its figures."""
    sign = all_signs()[one.action.sign]
    verdict = one.judged.verdict
    told = verdict_words.SEEN[verdict.word]
    if verdict.headline is not None and verdict.word != "too early":
        told += f"; over {words.count(verdict.weeks, 'week')} {verdict_words.short(verdict.headline, sign.measure)}"
    return f"{words.heading(sign)} {told}."


def changes(found: Gathered) -> Section:
    """Three things that changed, and one that we cannot say."""
    chosen = three(found)
    kind = found.period.kind
    many = {1: "One thing", 2: "Two things", 3: "Three things"}.get(len(chosen), "What")
    title = f"{many} that changed, and one that we cannot say" if chosen else "What changed, and what we cannot say"
    blocks: list[Block] = []
    if not chosen:
        known = sum(row["status"] == "no change" for row in found.over.values())
        read = words.count(known, "sign")
        calm_said = f"Of {read} that can be read none changed beyond chance in this {kind}: that is a finding too."
        blocks.append(text(calm_said if known else f"Whether anything changed in this {kind} cannot be said."))
    for row in chosen:
        sign = all_signs()[row["sign"]]
        whose = subject(found) if row["unit"] == found.unit else row["unit"]
        began = said.since(row, found.period.until)
        blocks.append(
            point(
                said.changed(row, sign, whose) + ".",
                f"{began} {words.first_up(said.figures(row, sign))}.{_also(found, row)}",
                f"sign:{sign.key}",
            )
        )
    calm = [row for row in found.over.values() if row["status"] == "no change"][: THINGS - len(chosen)]
    if calm:
        blocks.append(heading("What did not change"))
    for row in calm:
        sign = all_signs()[row["sign"]]
        told = f"No change beyond chance. {words.first_up(said.figures(row, sign))}."
        blocks.append(point(words.heading(sign), told, f"sign:{sign.key}"))
    return section("changes", title, [*blocks, heading("What we cannot say"), _cannot(found)])


def three(found: Gathered) -> list[Row]:
    """At most three changes, one a sign: what began in the period first, the newest first; one for the better is told
    where there is one. An order of time, not of size."""
    every = [row for row in (*found.over.values(), *found.of_branches.values()) if row["status"] == "signal"]
    newest = sorted(every, key=lambda row: (row["unit"] != found.unit, row["sign"], row["unit"]))
    newest = sorted(newest, key=lambda row: (-row["since"].toordinal(), row["unit"] != found.unit))
    firsts: dict[str, Row] = {}
    for row in newest:
        if row["sign"] not in firsts and not (row["unit"] != found.unit and row["sign"] in _OF_THE_WHOLE):
            firsts[row["sign"]] = row
    better = [row for row in newest if row["direction"] == "better"][:1]
    chosen = list(firsts.values())[:THINGS]
    if better and not any(row["direction"] == "better" for row in chosen):
        kept = [row for row in chosen if row["sign"] != better[0]["sign"]][: THINGS - 1]
        chosen = sorted([*kept, better[0]], key=lambda row: -row["since"].toordinal())
    return chosen


_OF_THE_WHOLE = frozenset({"staff_discontent"})


def _also(found: Gathered, row: Row) -> str:
    """In which branches it is seen, where it is told of the company."""
    if row["unit"] != found.unit:
        return ""
    same = [
        unit for (sign, unit), one in sorted(found.of_branches.items())
        if sign == row["sign"] and one["status"] == "signal" and one["direction"] == row["direction"]
    ]  # fmt: skip
    if not same or row["sign"] in _OF_THE_WHOLE:
        return ""
    return f" Seen by itself in {said.listed(same)}."


def _cannot(found: Gathered) -> Block:
    """One thing that cannot be said: what is not final, else not measured, else not told apart."""
    for status in ("not matured", "not measured", "too few to say"):
        for key, row in found.over.items():
            if row["status"] == status:
                sign = all_signs()[key]
                return point(words.heading(sign), said.unsaid(row, found.period), f"sign:{key}")
    short = [row for row in found.over.values() if 0 < (row["weeks"] or 0) < len(found.weeks)]
    weekly = [
        row for row in short if all_signs()[row["sign"]].rhythm == "week" and all_signs()[row["sign"]].whole is None
    ]
    if weekly:
        row = min(weekly, key=lambda one: (one["weeks"], one["sign"]))
        sign = all_signs()[row["sign"]]
        many, kind = words.count(row["weeks"], "week"), found.period.kind
        return point(
            words.heading(sign),
            f"Only {many} of this {kind} {'is' if row['weeks'] == 1 else 'are'} final, because each is final "
            f"{words.matures(sign.matures)}. Of the other {len(found.weeks) - row['weeks']} nothing can be said yet.",
            f"sign:{sign.key}",
        )
    told = [one for one in found.found.values() if one.judged.verdict.word == "cannot tell"]
    if told:
        plays = said.listed(sorted({words.play(one.action.play) for one in told})[:3])
        return point(f"Whether all of the coaching helped ({plays}).", "One team alone can seldom tell.", "coaching")
    return text("Nothing that was asked is left without an answer.")
