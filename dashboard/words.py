"""A reading -> the sentence that a manager reads. Pure: rows in, words out.

Two questions, never mixed: has this team changed against its own past, and does it differ from what its mix of
tickets would lead one to expect. Every number comes with its n and its interval. A sign's own verb is its
declaration's `says`; a sign that has none is told by its question, so that a new sign needs no line here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from dashboard import answer_words, measures
from dashboard.coaching import play_names
from data.rebases import Rebase
from metrics.delay import weeks_to_see
from metrics.monitor import WINDOW
from metrics.sign import Sign, counted_signs
from metrics.verdict import WATCH_EVERY

# One row of the frame of readings (metrics.reading), by column.
Row = Mapping[str, Any]

TOO_LATE = 26  # weeks: by then people and work have changed, and so has the question

STATUS = {
    "signal": "signal",
    "no change": "no change",
    "too few to say": "too few to say",
    "not matured": "not final yet",
    "not measured": "not measured",
}


def share(value: float | None) -> str:
    """0.221 -> "22%"; under one percent with a decimal; unknown -> "unknown"."""
    if value is None:
        return "unknown"
    return f"{measures.percent(value)}%"


def interval(low: float | None, high: float | None) -> str:
    """0.18, 0.27 -> "18 to 27%"."""
    if low is None or high is None:
        return "unknown"
    return f"{measures.percent(low)} to {measures.percent(high)}%"


def count(n: int, one: str, many: str | None = None) -> str:
    """1, "team" -> "1 team"; 1200, "team" -> "1,200 teams"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def day(when: date | None, beside: date | None = None) -> str:
    """5 Oct; with the year where it is not the year of `beside`."""
    return _dated(when, "%b", beside)


def long_day(when: date | None, beside: date | None = None) -> str:
    """5 October; with the year where it is not the year of `beside`."""
    return _dated(when, "%B", beside)


def moment(at: datetime | None, beside: date | None = None) -> str:
    """Sunday 18 October, 18:00; with the year where it is not that of `beside`."""
    return "unknown" if at is None else f"{at:%A} {long_day(at.date(), beside)}, {at:%H:%M}"


def called(what: str, name: str) -> str:
    """A bare number is said with what it is the number of: "team", "74" -> "team 74"."""
    return f"{what} {name}" if name.isdigit() else name


def measured(row: Row) -> str:
    """ "31 of 140 (22%, 95% interval 16 to 30%)"; where nothing may be shown or was counted, that."""
    if row["n"] is None or row["share"] is None:
        return "not shown"
    return measures.told(row, things(row))


def evidence(row: Row) -> str:
    """The numbers alone: "31 of 140 (22%, 95% interval 16 to 30%), about 14% expected, since the week of 5 October"."""
    said = measured(row)
    if row["expected"] is not None:
        said += f", about {measures.level(row['expected'], row)} expected"
    if row["since"] is not None:
        said += f", since the week of {long_day(row['since'], row['week'])}"
    return said


def sentence(row: Row, sign: Sign, team: str) -> str:
    """What is said of one team and one sign, whatever the status, in one sentence or two."""
    if row["status"] == "signal":
        said = (
            f"{_subject(sign, team)} {_often(row, sign)} than it used to{_beside_its_mix(row, sign)}: {evidence(row)}."
        )
    elif row["status"] == "no change":
        said = f"{team}: no change beyond chance. {first_up(evidence(row))}.{_steadily(row)}"
    else:
        said = f"{team}: {unsaid(row)}"
    return f"{said} {answered(row)}".strip()


def answered(row: Row) -> str:
    """What accepted answers of the team took out, and the reading without them; nothing where there are none."""
    return answer_words.of_reading(row, things(row))


def unsaid(row: Row) -> str:
    """Why nothing can be said, and when it can be."""
    why = ended(row["why"] or "no reason is known")
    if row["status"] == "too few to say":
        return f"too few to say: {why}" + _when("There will be enough about {}.", row["enough_on"], row)
    if row["status"] == "not matured":
        return f"not final yet: {why}" + _when("It can be read from {}.", row["matures_on"], row)
    return f"not measured: {why}"


def against_its_past(row: Row) -> str:
    """The answer to the first question: has this team changed?"""
    if row["status"] not in ("signal", "no change"):
        return first_up(unsaid(row))
    if row["status"] == "signal":
        since = _when("since the week of {}", row["since"], row).strip()
        said = f"Changed for the {row['direction']}{' ' + since if since else ''}"
    else:
        said = "No change beyond chance"
    said += f": {measured(row)}, about {measures.level(row['expected'], row)} expected from its own past."
    if row["trial"]:
        said += f" The limits are trial: they rest on {count(row['baseline_weeks'] or 0, _point(row))} so far."
    return said


def watching(row: Row) -> str:
    """The early warning: quieter than a signal, and often nothing. Nothing where there is none."""
    if row.get("watch_since") is None:
        return ""
    return (
        f"Worth watching since the week of {long_day(row['watch_since'], row['week'])}: its weeks lean to the worse, "
        f"not enough to be called a change. A steady team has such a spell about once in {WATCH_EVERY / 52:.0f} years, "
        "so look again next week before doing anything."
    )


def how_soon(row: Row, sign: Sign) -> str:
    """How long a change for the worse takes to show at this team's volume: calm is no proof that nothing happened."""
    if row["status"] not in ("signal", "no change") or row["expected"] is None:
        return ""
    if sign.measure != "share" or sign.rhythm != "week":
        return ""
    weekly = max(round(row["n"] / WINDOW), 1)
    way = 1 if sign.better == "lower" else -1
    weeks = {points: _weeks_to_see(weekly, round(row["expected"], 2), way * points / 100) for points in (10, 5)}
    told = [
        f"{'a change' if points == 10 else 'one'} of {points} points for the worse shows "
        + (f"after about {count(needed, 'week')}" if needed and needed <= TOO_LATE else "too late to count on")
        for points, needed in weeks.items()
    ]
    return f"With {count(weekly, f'such {sign.thing}')} a week, {'; '.join(told)}."


@lru_cache(maxsize=2048)
def _weeks_to_see(weekly: int, expected: float, rise: float) -> int | None:
    return weeks_to_see(weekly, expected, rise)


def rebased(made: Rebase, beside: date | None = None) -> str:
    """Who acknowledged what, when and why, and what follows of it."""
    return (
        f"{made.by} acknowledged on {long_day(made.at.date(), beside)} that from the week of "
        f"{long_day(made.week, beside)} on this is here to stay: “{ended(made.reason)}” What is expected rests on the "
        "weeks since then."
    )


def against_its_mix(row: Row, sign: Sign | None = None) -> str:
    """The answer to the second question: does it differ from what its mix of tickets would lead one to expect?

    Of a sign that is not counted of tickets: does it differ from the others?
    """
    if sign is not None and sign.whole is not None:
        return _against_the_others(row, sign)
    if row["compared"] is None or row["share"] is None:
        return "Cannot be said: too few tickets, or no other team has the like."
    beside = f"{share(row['share'])}, about {share(row['mix_expected'])} for all teams with the same tickets"
    if row["compared"] == "cannot be told apart":
        return f"Cannot be told apart from other teams with such tickets: {beside}."
    return f"{row['compared'].capitalize()}: {beside}."


def _against_the_others(row: Row, sign: Sign) -> str:
    others = "branches" if sign.unit == "branch" else "teams"
    if row["compared"] is None or row["share"] is None:
        return f"Cannot be said: too few {others} have the like."
    beside = f"{measures.level(row['share'], row)}, about {measures.level(row['mix_expected'], row)} for all {others}"
    if row["compared"] == "cannot be told apart":
        return f"Cannot be told apart from other {others}: {beside}."
    word = "More" if row["compared"].startswith("more") else "Less"
    return f"{word} than at other {others}: {beside}."


def beside(row: Row, sign: Sign, companions: Iterable[Row]) -> str:
    """What is read beside a sign, and which of the two moved; nothing where it has no companions."""
    read = {one["sign"]: one for one in companions if one["team_id"] == row["team_id"]}
    return " ".join(_of_the_two(row, sign, one, read[one.key]) for one in sign.companions if one.key in read)


def _of_the_two(row: Row, sign: Sign, other: Sign, its: Row) -> str:
    if its["status"] not in ("signal", "no change"):
        return f"Beside it, {other.called}: {unsaid(its)}"
    moved, mine = its["status"] == "signal", row["status"] == "signal"
    if row["status"] not in ("signal", "no change"):
        which = f"{first_up(other.called)} {'moved' if moved else 'did not move beyond chance'}"
    elif moved == mine:
        both = f"{sign.called} and {other.called}" if moved else f"{sign.called} nor {other.called}"
        which = f"Both {both} moved" if moved else f"Neither {both} moved beyond chance"
    else:
        still, went = (sign.called, other.called) if moved else (other.called, sign.called)
        which = f"Of the two {went} moved, {still} did not"
    said = f" for the {its['direction']}" if moved else ""
    return f"{which}. {first_up(other.called)}{said}: {evidence(its)}."


def _point(row: Row) -> str:
    sign = counted_signs().get(row["sign"])
    return sign.rhythm if sign else "week"


def things(row: Row) -> str:
    """What the reading counts, in the plural; tickets where the sign is not known."""
    sign = counted_signs().get(row["sign"])
    return f"{sign.thing}s" if sign else "tickets"


def calm(rows: Iterable[Row]) -> str:
    """All that needs no look, in one line: how many readings show no change, and how many can't be read, and why."""
    numbers = dict.fromkeys(STATUS, 0)
    for row in rows:
        numbers[row["status"]] += 1
    told = [_numbered(numbers["no change"], "shows no change beyond chance", "show no change beyond chance")]
    told += [
        f"{numbers[status]:,} {word}"
        for status, word in (
            ("too few to say", "too few to say"),
            ("not matured", "not final yet"),
            ("not measured", "not measured"),
        )
        if numbers[status]
    ]
    return "; ".join(told) + "."


def status(row: Row) -> str:
    """ "signal: worse", "no change", "not final yet"."""
    said = STATUS[row["status"]]
    return f"{said}: {row['direction']}" if row["status"] == "signal" else said


def mostly(categories: Mapping[str, int], channels: Mapping[str, int], counted: int) -> str:
    """Where most of what was counted comes from, if from anywhere: "Mostly damaged (18 of 31), by email (20 of 31)"."""
    told = []
    named = {called("category", name): n for name, n in categories.items()}
    for tally, pattern in ((named, "{} ({} of {})"), (channels, "by {} ({} of {})")):
        name, n = max(tally.items(), key=lambda pair: pair[1], default=("", 0))
        if counted >= 5 and n * 2 >= counted:
            told.append(pattern.format(name, f"{n:,}", f"{counted:,}"))
    return f"Mostly {', '.join(told)}." if told else ""


def ended(text: str) -> str:
    """With a full stop."""
    return text if text.endswith(".") else text + "."


def first_up(text: str) -> str:
    """The first letter as a capital."""
    return text[:1].upper() + text[1:]


def heading(sign: Sign) -> str:
    """The sign's question as a title."""
    return first_up(sign.asks)


def play(key: str) -> str:
    """A play's name in the playbook, or a manager's own words as a title: "know_enough" -> "Know enough to help"."""
    return play_names.named(key)


def since(team: str | None, teams: int, starts_on: date) -> str:
    """An ended action in a few words: "Billing, May 2026"; "8 teams, May 2026"; "another team, May 2026"."""
    who = count(teams, "team") if teams > 1 else team or "another team"
    return f"{who}, {starts_on:%b %Y}"


def matures(after: timedelta | str) -> str:
    """When a week of a sign is final."""
    if isinstance(after, str):
        return "once the longest service standard among the simple categories has passed, and two days more"
    days = after.days
    return f"{count(days, 'day')} after its week has ended" if days else "as soon as its week has ended"


def cautions(thinned: bool, whole_to: datetime | None, provisional: bool, today: date | None = None) -> list[str]:
    """What a reader must know of the data before any number: where the log thins out, that standards may move."""
    said = []
    if thinned and whole_to:
        said.append(f"The log thins out after {long_day(whole_to.date(), today)}: what came later is not read.")
    if provisional:
        said.append("There are less than 52 weeks of data, so what counts as simple and as late may still move.")
    return said


def hours(calendar: str | None, default: str) -> str:
    """A team's opening hours as a person reads them: "open Mo-Fr 08:00-20:00, Sa 09:00-14:00 (Europe/Amsterdam)"."""
    times, _, where = (calendar or default).partition("@")
    told = ", ".join(part.strip() for part in times.split(";") if part.strip() and part.strip() != "PH off")
    zone = where.split()[0] if where.split() else "UTC"
    return f"{'open' if calendar else 'hours not given, so taken to be open'} {told} ({zone})"


def minutes(value: float | None) -> str:
    """Business minutes as a person says them: 45 minutes, 6.5 hours, 3 days of 8 hours."""
    if value is None:
        return "unknown"
    if value < 90:
        return count(round(value), "minute")
    if value < 16 * 60:
        return f"{value / 60:.1f} hours".replace(".0 ", " ")
    return f"{value / 480:.1f} working days".replace(".0 ", " ")


def greeting(hour: int) -> str:
    """Good morning, afternoon or evening."""
    if 5 <= hour < 12:
        return "Good morning."
    return "Good afternoon." if 12 <= hour < 18 else "Good evening."


def _dated(when: date | None, month: str, beside: date | None) -> str:
    if when is None:
        return "unknown"
    year = f" {when.year}" if beside is not None and beside.year != when.year else ""
    return f"{when.day} {when:{month}}{year}"


def _subject(sign: Sign, team: str) -> str:
    return f"{team} {sign.says}" if sign.says else f"{team}, {sign.asks}"


def _often(row: Row, sign: Sign) -> str:
    """ "more often" for a rise and "less often" for a fall, whichever of them is the worse one for this sign."""
    rises = (row["direction"] == "worse") == (sign.better == "lower")
    word = "more often" if rises else "less often"
    return word if sign.says else word.capitalize()


def _beside_its_mix(row: Row, sign: Sign) -> str:
    if row["compared"] not in ("more than its mix explains", "less than its mix explains") or sign.whole:
        return ""
    more = row["compared"].startswith("more")
    rises = _often(row, sign).lower() == "more often"
    link = "and" if more == rises else "though still"
    return f", {link} {'more' if more else 'less'} than its mix of tickets explains"


def _steadily(row: Row) -> str:
    sign = counted_signs().get(row["sign"])
    if row["compared"] not in ("more than its mix explains", "less than its mix explains") or (sign and sign.whole):
        return ""
    word = "above" if row["compared"].startswith("more") else "below"
    return f" It stays {word} what its mix of tickets explains (about {share(row['mix_expected'])})."


def _when(pattern: str, when: date | None, row: Row) -> str:
    return "" if when is None else " " + pattern.format(long_day(when, row["week"]))


def _numbered(n: int, one: str, many: str) -> str:
    return f"{count(n, 'reading')} {one if n == 1 else many}"
