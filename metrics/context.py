"""What surrounds a sign: load, absence, newcomers, training. Team level only, never a person.

Question asked: in which weeks was this team under what pressure? Never a sign of its own.
"""

from datetime import timedelta

import polars as pl

from metrics.disclosure import FEWEST_PEOPLE

# Under six months in the company counts as new (docs/definitions.md: "share with under six months' service").
NEWCOMER = timedelta(days=183)
# Wastage is told over a trailing year, as HR does.
WASTAGE_WEEKS = 52
WORKING_DAYS = 5
# So much quiet between two contacts is a pause; a contact that is no complaint is one too.
PAUSE = timedelta(minutes=30)


def present(people: pl.DataFrame, weeks: pl.Series) -> pl.DataFrame:
    """Who belonged to which team in which week: membership as at the Thursday, never as it stands today.

    `people`: the contract's stays. `weeks`: Mondays. Returns person_id, team_id, week, fte, hired_on.
    """
    days = pl.LazyFrame({"week": weeks.unique().sort()}).with_columns(day=pl.col("week") + timedelta(days=3))
    stays = people.lazy().select("person_id", "team_id", "fte", "hired_on", "valid_from", "valid_to")
    return (
        days.join(stays, how="cross")
        .filter(
            pl.col("valid_from") <= pl.col("day"), pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("day"))
        )
        .unique(["person_id", "team_id", "week"], keep="last", maintain_order=True)
        .select("person_id", "team_id", "week", "fte", "hired_on")
        .collect()
    )


def headcount(people: pl.DataFrame, weeks: pl.Series) -> pl.DataFrame:
    """People, full-time equivalents and the share of newcomers: team_id, week, people, fte, newcomer_share."""
    new = (pl.col("week") - pl.col("hired_on")) < NEWCOMER
    return (
        present(people, weeks)
        .group_by("team_id", "week")
        .agg(people=pl.col("person_id").n_unique(), fte=pl.col("fte").sum(), newcomer_share=new.mean())
        .sort("team_id", "week")
    )


def absence(people: pl.DataFrame, absences: pl.DataFrame, weeks: pl.Series) -> pl.DataFrame:
    """Share of the team's weekdays that were lost to sickness or leave: team_id, week, absence_rate.

    Training is no absence here: a team that learns is not a team that is missing.
    """
    members = present(people, weeks)
    lost = (
        absences.lazy()
        .filter(pl.col("kind") != "training")
        .select("person_id", day=pl.date_ranges("from_on", "to_on"))
        .explode("day", empty_as_null=False)
        .filter(pl.col("day").dt.weekday() <= WORKING_DAYS)
        .unique()
        .group_by("person_id", week=pl.col("day").dt.truncate("1w"))
        .agg(days=pl.len())
        .collect()
    )
    return (
        members.join(lost, on=["person_id", "week"], how="left")
        .group_by("team_id", "week")
        .agg(absence_rate=pl.col("days").fill_null(0).sum() / (pl.len() * WORKING_DAYS))
        .sort("team_id", "week")
    )


def trained(people: pl.DataFrame, training: pl.DataFrame, weeks: pl.Series) -> pl.DataFrame:
    """Share of the team that had done a course by then: team_id, week, experiential_share, classroom_share."""
    members = present(people, weeks)
    shares = []
    for kind in ("experiential", "classroom"):
        first = training.filter(pl.col("kind") == kind).group_by("person_id").agg(first=pl.col("completed_on").min())
        joined = members.join(first, on="person_id", how="left")
        done = (pl.col("first") <= pl.col("week") + timedelta(days=6)).fill_null(False)
        shares.append(joined.group_by("team_id", "week").agg(done.mean().alias(f"{kind}_share")))
    return shares[0].join(shares[1], on=["team_id", "week"], how="left").sort("team_id", "week")


def wastage(people: pl.DataFrame, weeks: pl.Series) -> pl.DataFrame:
    """Leavers in the year up to the week over average headcount: team_id, week, wastage, wastage_by_choice (shares)."""
    heads = headcount(people, weeks).select("team_id", "week", "people")
    left = people.filter(pl.col("left_on").is_not_null(), pl.col("valid_to") == pl.col("left_on")).select(
        "team_id", "left_on", chosen=pl.col("left_by_choice").fill_null(False)
    )
    year = heads.with_columns(
        average=pl.col("people").rolling_mean(WASTAGE_WEEKS, min_samples=1).over("team_id", order_by="week")
    )
    pairs = year.join(left, on="team_id", how="left").with_columns(
        within=pl.col("left_on").is_between(
            pl.col("week") - timedelta(weeks=WASTAGE_WEEKS - 1), pl.col("week") + timedelta(days=6)
        )
    )
    return (
        pairs.group_by("team_id", "week")
        .agg(
            wastage=pl.col("within").sum() / pl.col("average").first(),
            wastage_by_choice=(pl.col("within") & pl.col("chosen")).sum() / pl.col("average").first(),
        )
        .sort("team_id", "week")
    )


def load(let_gos: pl.DataFrame, heads: pl.DataFrame) -> pl.DataFrame:
    """Tickets handled and, where HR is known, tickets per FTE per working day.

    `let_gos`: ticket_id, team_id, week. `heads`: as from `headcount`. Returns team_id, week, tickets and
    tickets_per_fte_day (null without HR). The 50 to 60 a day of the definitions is a warning line, drawn by the page.
    """
    handled = let_gos.group_by("team_id", "week").agg(tickets=pl.col("ticket_id").n_unique())
    per_day = pl.col("tickets") / (pl.when(pl.col("fte") > 0).then(pl.col("fte")) * WORKING_DAYS)
    return (
        handled.join(heads.select("team_id", "week", "fte"), on=["team_id", "week"], how="left")
        .with_columns(tickets_per_fte_day=per_day)
        .drop("fte")
        .sort("team_id", "week")
    )


def longest_runs(contacts: pl.DataFrame) -> pl.DataFrame:
    """How many complaints in a row, without a pause, did people of a team take at the longest?

    `contacts`: team_id, agent_id, ticket_id, at, is_complaint: one row each time an agent answered a customer. Contacts
    of one agent that follow each other on one ticket are one. A run is broken by a contact that is no complaint, by
    half an hour without any, and by the week's end. Returns team_id, week, agents and complaint_run: the median over
    the agents of each one's longest run of that week; null where fewer than five were at work. The longest at which
    any one sat is a fact about a person, and is not told.
    """
    same = (pl.col("agent_id") == pl.col("agent_id").shift(1)) & (pl.col("team_id") == pl.col("team_id").shift(1))
    goes_on = same & (pl.col("ticket_id") == pl.col("ticket_id").shift(1))
    answered = (
        contacts.sort("agent_id", "team_id", "at", "ticket_id")
        .with_columns(contact=(~goes_on.fill_null(False)).cum_sum())
        .group_by("contact", maintain_order=True)
        .agg(
            pl.col("team_id", "agent_id", "is_complaint").first(),
            start=pl.col("at").first(),
            end=pl.col("at").last(),
            week=pl.col("at").first().dt.date().dt.truncate("1w"),
        )
    )
    both = pl.col("is_complaint") & pl.col("is_complaint").shift(1)
    close = pl.col("start") - pl.col("end").shift(1) <= PAUSE
    follows = same & both & close & (pl.col("week") == pl.col("week").shift(1))
    return (
        answered.with_columns(run=(~follows.fill_null(False)).cum_sum())
        .group_by("team_id", "agent_id", "week", "run")
        .agg(length=pl.col("is_complaint").sum())
        .group_by("team_id", "week", "agent_id")
        .agg(pl.col("length").max())
        .group_by("team_id", "week")
        .agg(agents=pl.len().cast(pl.Int64), complaint_run=pl.col("length").median())
        .with_columns(complaint_run=pl.when(pl.col("agents") >= FEWEST_PEOPLE).then("complaint_run"))
        .sort("team_id", "week")
    )
