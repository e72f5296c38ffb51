"""What people say: answers to the surveys, and kind words."""

import numpy as np
import polars as pl

from data.sample.further import mood_of_staff
from data.sample.gaps import ASKED_A_STEP, journey_mood, journey_questions, quarters, seen
from data.sample.layout import DAY, DAYS, FIRST_DAY, HORIZON_SECOND, TEAMS, TRAITS, WEEKS, Bools, Floats
from data.sample.staff import size_of
from data.sample.truth import Truth

STAFF_QUESTIONS = (*TRAITS, "glad_to_come", "workload", "recognition", "pipeline")
# Customers see less of a trait than the team that rates itself.
SEEN_BY = {"staff": 3.85, "customer": 3.55, "manager": 3.75}
HURTS = {
    "slow_simple": "timely_response",
    "small_complaints": "helpfulness",
    "buck_passing": "best_guess",
    "repeat_complaints": "deep_knowledge",
}
ANSWER_SHARE = {"sales": 0.95}  # of a team's people who answer the staff's survey; few they are, so most of them
PRAISED = 0.035  # of the tickets with the best answer

_OPEN = (
    "Thank you,", "What a relief:", "I did not expect this:", "Bravo!", "Just to say:", "My first call in years, and",
    "A small thing, but", "You made my Monday:", "Honestly,", "Please pass it on:", "From all of us here:",
)  # fmt: skip
_DEED = (
    "somebody listened before typing", "my parcel was found behind the fern", "the bill was explained without a sigh",
    "you rang me before I rang you", "I was told the truth, and it was fine", "the new address worked at once",
    "nobody sent me round in circles", "the line was back before the tea was cold", "you remembered the last time",
    "the redirect took two minutes", "I got a person, and a kind one", "you said when, and that is when it came",
    "my mother understood every word", "the form was filled in with me", "you put it right without being asked",
)  # fmt: skip
_CLOSE = (
    "", "Keep her.", "I told the neighbours.", "The whole office smiled.", "That is how it should be.",
    "I shall stay.", "Ten out of ten.", "Give the team a cake.", "It made a long day shorter.", "See you next year!",
)  # fmt: skip


Answer = tuple[int, int, str, str, float]  # team, day, asked of whom, question, score


def draw_surveys(rng: np.random.Generator, truth: Truth) -> pl.DataFrame:
    """Monthly answers of customers, quarterly ones of staff and manager; of customers at each step of the journey too.

    On a scale of 1 to 5, and with no person.
    """
    months = range(20, DAYS, 28)
    waves = range(41, DAYS, 91)
    liked = rng.normal(0, 0.22, (len(TEAMS), len(TRAITS)))
    rows: list[Answer] = []
    for team in range(len(TEAMS)):
        for day in months:
            mood = _of_customers(truth, liked, team, day)
            rows += _answers(rng, (team, day, "customer"), TRAITS, mood, max(2, rng.poisson(TEAMS[team].volume / 16)))
        for day in waves:
            own = rng.normal(0, 0.1, 4) + mood_of_staff(truth.turns, team, day)
            extra = np.concatenate([0.5 * liked[team] + seen(truth, team, day, "staff"), own])
            people = round(size_of(team) * ANSWER_SHARE.get(TEAMS[team].function, 0.75))
            rows += _answers(rng, (team, day, "staff"), STAFF_QUESTIONS, SEEN_BY["staff"] + extra, people)
            view = SEEN_BY["manager"] + 0.7 * liked[team] + seen(truth, team, day, "manager")
            rows += _answers(rng, (team, day, "manager"), TRAITS, view, 1)
    for team in range(len(TEAMS)):
        for day in quarters():
            mood = journey_mood(_of_customers(truth, liked, team, day))
            people = max(1, rng.poisson(TEAMS[team].volume / ASKED_A_STEP))
            rows += _answers(rng, (team, day, "customer"), journey_questions(), mood, people)
    frame = pl.DataFrame(rows, schema=["team", "day", "asked_of", "question", "score"], orient="row")
    key = ["team_id", "asked_on", "asked_of", "question"]
    teams = pl.Series([t.team_id for t in TEAMS])
    return frame.select(
        team_id=teams.gather(frame["team"]),
        asked_on=pl.lit(FIRST_DAY) + pl.duration(days=pl.col("day")),
        asked_of="asked_of",
        question="question",
        score="score",
        scale_max=pl.lit(5.0),
    ).with_columns(seq=pl.int_range(pl.len(), dtype=pl.Int32).over(key))


def _of_customers(truth: Truth, liked: Floats, team: int, day: int) -> Floats:
    """What customers think of each trait of a team on a day."""
    view: Floats = SEEN_BY["customer"] + liked[team] + _mood(truth, team, day) + seen(truth, team, day, "customer")
    return view


def _mood(truth: Truth, team: int, day: int) -> Floats:
    """Customers notice a planted trouble in the trait that it touches."""
    mood = np.zeros(len(TRAITS))
    for trouble in truth.troubles:
        if team in trouble.teams:
            mood[TRAITS.index(HURTS[trouble.sign])] -= 3.0 * trouble.weekly()[min(day // 7, WEEKS - 1)]
    return mood


def _answers(
    rng: np.random.Generator, asked: tuple[int, int, str], questions: tuple[str, ...], mood: Floats, people: int
) -> list[Answer]:
    """So many people's answers to each question; `asked` is the team, the day, and whose view it is."""
    scores = np.clip(np.round(mood + rng.normal(0, 0.95, (people, len(questions)))), 1, 5)
    return [(*asked, q, float(s)) for answer in scores for q, s in zip(questions, answer, strict=True)]


def draw_praise(
    rng: np.random.Generator, ticket_id: pl.Series, team: pl.Series, csat: pl.Series, resolved: pl.Series
) -> pl.DataFrame:
    """Some of those who answered with the best mark wrote a line: the contract's praise."""
    happy: Bools = (csat == 5).fill_null(False).to_numpy()
    rows = np.flatnonzero(happy & (rng.random(len(csat)) < PRAISED))
    at = resolved.to_numpy()[rows] + rng.integers(600, 2 * DAY, len(rows))
    rows, at = rows[at <= HORIZON_SECOND], at[at <= HORIZON_SECOND]
    words = [f"{rng.choice(_OPEN)} {rng.choice(_DEED)}. {rng.choice(_CLOSE)}".strip() for _ in rows]
    return pl.DataFrame(
        {
            "team_id": team.gather(rows),
            "at": pl.Series(at * 1_000_000).cast(pl.Datetime("us", "UTC")),
            "seq": pl.Series(np.zeros(len(rows)), dtype=pl.Int32),
            "ticket_id": ticket_id.gather(rows),
            "words": words,
        }
    ).unique(["team_id", "at"], keep="first", maintain_order=True)
