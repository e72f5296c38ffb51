"""Who works where: stays, absences, courses; and who of a team is there on a day."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from data.sample.layout import DAYS, FIRST_DAY, TEAMS, Bools, Floats, Ints
from data.sample.truth import Truth

LEAVES_A_YEAR = 0.17
MOVES_SHARE = 0.2
SICK_A_YEAR = 2.6
LEAVE_A_YEAR = 3.4  # spells
SELLING = 24  # tickets a week that a sales team would do in the time it sells
CLASSROOM = ("Product basics", "Complaints and the law", "Writing plainly", "Billing in depth")
EXPERIENTIAL_PLAYS = ("experiential_training", "role_swap")
EXPERIENTIAL = ("A day as a customer", "A shift at the depot", "Listening in pairs")


@dataclass
class Stay:
    """One person's time in one team, in days of the sample; `last` is the last day of it (None: still there)."""

    person: int
    team: int
    first: int
    last: int | None
    hired: int
    left: int | None
    by_choice: bool | None
    fte: float
    role: str


@dataclass(frozen=True, eq=False)
class Staff:
    """Stays, absences and courses as frames, and look-ups for the ticket log. An agent is a row of `stays`."""

    stays: list[Stay]
    person: Ints
    team: Ints
    hired: Ints
    there: Bools  # stays x days
    absences: pl.DataFrame
    training: pl.DataFrame
    first_of: Ints
    count_of: Ints
    listed: Ints

    def pick(self, team: Ints, day: Ints, rng: np.random.Generator) -> Ints:
        """A stay drawn from those of `team` who are there on `day`."""
        cell = team * DAYS + day
        picked: Ints = self.listed[self.first_of[cell] + (rng.random(len(cell)) * self.count_of[cell]).astype(np.int64)]
        return picked

    def is_there(self, stay: Ints, day: Ints) -> Bools:
        return self.there[stay, day]

    def people(self) -> pl.DataFrame:
        """The contract's people."""
        rows = [
            {
                "person_id": f"P{s.person:04}",
                "team_id": TEAMS[s.team].team_id,
                "valid_from": FIRST_DAY + timedelta(days=s.first),
                "role": s.role,
                "fte": s.fte,
                "valid_to": None if s.last is None else FIRST_DAY + timedelta(days=s.last),
                "hired_on": FIRST_DAY + timedelta(days=s.hired),
                "left_on": None if s.left is None else FIRST_DAY + timedelta(days=s.left),
                "left_by_choice": s.by_choice,
            }
            for s in self.stays
        ]
        return pl.DataFrame(rows, infer_schema_length=None)


def draw_staff(rng: np.random.Generator, truth: Truth) -> Staff:
    """People of all teams over the 24 months: hired, moved, left, absent, trained."""
    stays = _stays(rng, truth)
    spells = _spells(rng, stays, truth)
    team = np.array([s.team for s in stays])
    there = _there(stays)
    for stay, first, last, _ in spells:
        there[stay, first : last + 1] = False
    spells = _never_alone(stays, team, there, spells)
    cell_stay, cell_day = np.nonzero(there)
    cell = team[cell_stay] * DAYS + cell_day
    count = np.bincount(cell, minlength=len(TEAMS) * DAYS)
    return Staff(
        stays=stays,
        person=np.array([s.person for s in stays]),
        team=team,
        hired=np.array([s.hired for s in stays]),
        there=there,
        absences=_absence_frame(stays, spells),
        training=_training(rng, stays, truth),
        first_of=np.cumsum(count) - count,
        count_of=count,
        listed=cell_stay[np.argsort(cell, kind="stable")],
    )


def size_of(team: int) -> int:
    """How many seats a team has: by its volume, 3 to 30; who sells has more to do than tickets."""
    volume = TEAMS[team].volume + (SELLING if TEAMS[team].function == "sales" and TEAMS[team].volume >= 12 else 0)
    return 3 if volume < 12 else int(np.clip(round(3.2 + volume / 7.4), 5, 30))


def _stays(rng: np.random.Generator, truth: Truth) -> list[Stay]:
    stays: list[Stay] = []
    for team in range(len(TEAMS)):
        for seat in range(size_of(team)):
            _fill_seat(rng, stays, team, seat, _wave(truth, team, seat))
    return stays


def _wave(truth: Truth, team: int, seat: int) -> int | None:
    """The day by which this seat changes hands, where a planted trouble comes from newcomers."""
    trouble = next((t for t in truth.troubles if t.where == "newcomers" and team in t.teams), None)
    return None if trouble is None or seat % 2 else trouble.onset * 7


def _fill_seat(rng: np.random.Generator, stays: list[Stay], team: int, seat: int, wave: int | None) -> None:
    """One seat over the years: somebody stays for a while, leaves or moves on, somebody new comes."""
    person = stays[-1].person + 1 if stays else 1
    first, hired = 0, -int(rng.exponential(1300)) - 30
    while first < DAYS:
        length = int(rng.exponential(365 / LEAVES_A_YEAR)) + 20
        if wave is not None and first < wave:
            length = wave - first - int(rng.integers(3, 30))
        last = first + length
        role = "lead" if seat == 0 else "senior agent" if seat % 4 == 1 else "agent"
        stay = Stay(person, team, first, None, hired, None, None, float(rng.choice((1, 1, 1, 0.8, 0.6, 0.5))), role)
        stays.append(stay)
        if last >= DAYS - 1:
            return
        stay.last = last
        if wave is None and rng.random() < MOVES_SHARE:
            _move(rng, stays, stay)
        else:
            stay.left, stay.by_choice = last, bool(rng.random() < 0.68)
        # The first seat never stands empty, so that the smallest team always has somebody.
        first = last + (1 if seat == 0 else int(rng.integers(4, 45)))
        if wave is not None and last < wave:
            first = wave
        hired = first
        person = max(s.person for s in stays) + 1


def _move(rng: np.random.Generator, stays: list[Stay], stay: Stay) -> None:
    """The same person goes on in another team of the branch from the next day."""
    branch = TEAMS[stay.team].branch
    others = [t for t in range(len(TEAMS)) if TEAMS[t].branch == branch and t != stay.team and 4 < size_of(t) < 24]
    first = (stay.last or 0) + 1
    last = first + int(rng.exponential(500)) + 60
    left = last if last < DAYS - 1 else None
    stay.left = left
    choice = None if left is None else bool(rng.random() < 0.68)
    stay.by_choice = choice
    team = int(rng.choice(others))
    stays.append(Stay(stay.person, team, first, left, stay.hired, left, choice, stay.fte, "agent"))


def _there(stays: list[Stay]) -> Bools:
    there = np.zeros((len(stays), DAYS), dtype=bool)
    for row, stay in enumerate(stays):
        there[row, stay.first : DAYS if stay.last is None else stay.last + 1] = True
    return there


Spell = tuple[int, int, int, str]  # stay, first day, last day, kind


def _spells(rng: np.random.Generator, stays: list[Stay], truth: Truth) -> list[Spell]:
    """Absences within each stay, none of them overlapping."""
    sick_days, leave_days = _day_weights()
    spells: list[Spell] = []
    for row, stay in enumerate(stays):
        last = DAYS - 1 if stay.last is None else stay.last
        years = (last - stay.first + 1) / 365
        drawn = [(int(d), int(rng.geometric(0.3)), "sick") for d in _days(rng, sick_days, SICK_A_YEAR * years)]
        off = _days(rng, leave_days, LEAVE_A_YEAR * years)
        drawn += [(int(d), int(rng.choice((3, 5, 5, 12))), "leave") for d in off]
        drawn += [(int(d), 1, "training") for d in _days(rng, leave_days * 0 + 1, 1.2 * years)]
        drawn += _epidemic(rng, truth, stay.team, row)
        free = stay.first
        for day, length, kind in sorted(drawn):
            if stay.first <= day <= last and day >= free:
                end = min(day + length - 1, last)
                spells.append((row, day, end, kind))
                free = end + 1
    return spells


def _days(rng: np.random.Generator, weights: Floats, expected: float) -> Ints:
    return rng.choice(DAYS, size=rng.poisson(expected), p=weights / weights.sum())


def _day_weights() -> tuple[Floats, Floats]:
    """Sickness peaks in winter, leave in August and at Christmas; both begin on weekdays."""
    day = np.arange(DAYS)
    of_year = np.array([(FIRST_DAY + timedelta(days=int(d))).timetuple().tm_yday for d in day])
    weekday = (day % 7 < 5).astype(float)
    sick = weekday * (1 + 0.5 * np.cos(2 * np.pi * (of_year - 25) / 365))
    summer = np.exp(-0.5 * ((of_year - 217) / 22) ** 2)
    leave = weekday * (0.35 + 1.6 * summer + 1.2 * (of_year > 352))
    return sick, leave


def _epidemic(rng: np.random.Generator, truth: Truth, team: int, row: int) -> list[tuple[int, int, str]]:
    """Every other person of a team whose trouble is sickness falls ill for most of it."""
    trouble = next((t for t in truth.troubles if t.cause == "half the team was ill" and team in t.teams), None)
    if trouble is None or row % 2 or trouble.until is None:
        return []
    return [(trouble.onset * 7 + int(rng.integers(0, 6)), 7 * (trouble.until - trouble.onset) - 5, "sick")]


def _never_alone(stays: list[Stay], team: Ints, there: Bools, spells: list[Spell]) -> list[Spell]:
    """Takes back absences where a team would have nobody, and keeps a leaver on where nobody else is left."""
    for each in range(len(TEAMS)):
        rows = np.flatnonzero(team == each)
        empty = np.flatnonzero(~there[rows].any(axis=0))
        while len(empty):
            day = empty[0]
            back = next(s for s in spells if team[s[0]] == each and s[1] <= day <= s[2])
            spells = [s for s in spells if s is not back]
            there[back[0], back[1] : back[2] + 1] = True
            empty = np.flatnonzero(~there[rows].any(axis=0))
    return spells


def _absence_frame(stays: list[Stay], spells: list[Spell]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "person_id": f"P{stays[row].person:04}",
                "from_on": FIRST_DAY + timedelta(days=first),
                "to_on": FIRST_DAY + timedelta(days=last),
                "kind": kind,
            }
            for row, first, last, kind in spells
        ]
    )


def _training(rng: np.random.Generator, stays: list[Stay], truth: Truth) -> pl.DataFrame:
    """Courses: most newcomers sit in a classroom; experiential ones are rare, but for the teams coached that way."""
    rows: set[tuple[str, str, str, int]] = set()
    for stay in stays:
        last = DAYS - 1 if stay.last is None else stay.last
        who = f"P{stay.person:04}"
        if stay.hired >= 0 and stay.hired + 30 <= last:
            rows.add((who, CLASSROOM[0], "classroom", stay.hired + int(rng.integers(5, 30))))
        for _ in range(rng.poisson(0.7 * (last - stay.first) / 365)):
            rows.add((who, str(rng.choice(CLASSROOM[1:])), "classroom", int(rng.integers(stay.first, last + 1))))
        if rng.random() < 0.18:
            rows.add((who, str(rng.choice(EXPERIENTIAL)), "experiential", int(rng.integers(stay.first, last + 1))))
        for action in truth.actions:
            day = action.start * 7 + int(rng.integers(0, 5))
            goes = action.play in EXPERIENTIAL_PLAYS and action.team == stay.team
            if goes and stay.first <= day <= last:
                rows.add((who, EXPERIENTIAL[1], "experiential", day))
    ordered = sorted(rows)
    return pl.DataFrame(
        [
            {"person_id": p, "course": c, "kind": k, "completed_on": FIRST_DAY + timedelta(days=d)}
            for p, c, k, d in ordered
        ]
    )
