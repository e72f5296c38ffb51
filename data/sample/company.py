"""The sample company: a whole invented company in the contract's own tables, with its troubles written down.

`make(seed)` gives 40 teams over 104 weeks, about 300,000 tickets and 1.6 million events in some seconds.
`make(seed, scale=0.05)` is the same company with a twentieth of its tickets, customers and orders (people, teams, weeks
and planted troubles stay): valid in every way and quick, but too thin to see the troubles in.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from data.sample.categories import CATEGORIES
from data.sample.customers import Clients, Served, assign, customer_id, draw_clients, draw_orders, instant, leave
from data.sample.further import Turn, draw_turns
from data.sample.gaming import draw_games, play
from data.sample.layout import BRANCHES, CHANNELS, DAY, HORIZON_SECOND, PRIORITIES, TEAMS, Ints, calendar_of
from data.sample.log import ACTORS, draw_log
from data.sample.planted import planted_of
from data.sample.rates import Rates, draw_levels, draw_noise
from data.sample.staff import Staff, draw_staff
from data.sample.tickets import Batch, draw_tickets, join
from data.sample.times import Times, come_back, join_times, time_holds
from data.sample.truth import draw_truth
from data.sample.voices import draw_praise, draw_surveys
from data.sample.walks import Holds, join_holds, walk
from metrics.frames import CONTRACT, EVENT_KINDS

GENERATIONS = 4  # a ticket, the one that repeats it, the one that repeats that, ...


@dataclass(frozen=True, eq=False)
class Sample:
    """The contract's tables by name, ids as they are before pseudonymisation; and what is planted (see planted.py)."""

    tables: dict[str, pl.DataFrame]
    planted: dict[str, Any]


def make(seed: int = 1, scale: float = 1.0) -> Sample:
    """The whole sample. The same seed and scale give the same rows in the same order.

    Events end at `layout.HORIZON`; tickets not resolved by then are open. Planted shifts are shares of what a sign
    counts (0.12 = 12 points) and hold for the mean of a team's tickets, not for each.
    """
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(10)]
    levels, noise = draw_levels(streams[0]), draw_noise(streams[0])
    truth = replace(draw_truth(streams[1], levels, noise), turns=draw_turns(streams[8]))
    staff = draw_staff(streams[2], truth)
    clients = draw_clients(streams[3], scale, truth.turns)
    first, load = draw_tickets(streams[4], truth, scale)
    assign(first, clients, streams[4])
    rates = Rates(levels, noise, load, truth, staff)
    rates.calibrate(first)
    batch, holds, times = _live(first, rates, staff, streams[5])
    served = Served(batch.customer, times.resolver, times.last_resolved)
    leave(clients, served, truth.turns, streams[8])
    tables = {
        "teams": _teams(),
        "people": staff.people(),
        "absences": staff.absences,
        "training": staff.training,
        "customers": clients.frame(),
        "orders": draw_orders(streams[6], clients, scale, served=served, turns=truth.turns),
        "surveys": draw_surveys(streams[6], truth),
        **_log_tables(batch, holds, times, staff, clients, turns=truth.turns, rng=streams[7]),
    }
    games = draw_games(streams[9], truth)
    play(tables, games, staff, streams[9])
    planted = planted_of(truth, rates, seed, scale) | {"gaming": [one.told() for one in games]}
    return Sample({name: _as_contract(name, tables[name]) for name in CONTRACT}, planted)


def _live(first: Batch, rates: Rates, staff: Staff, rng: np.random.Generator) -> tuple[Batch, Holds, Times]:
    """Each ticket's way and times; then those of the tickets that come because the answer did not hold; and so on."""
    lived: list[tuple[Batch, Holds, Times]] = []
    batch = first
    for _ in range(GENERATIONS):
        holds = walk(batch, rates, staff, rng)
        times = time_holds(batch, holds, rates, rng)
        lived.append((batch, holds, times))
        batch = come_back(batch, times, rates, rng)
    batches, holdings, timings = zip(*lived, strict=True)
    return join(list(batches)), join_holds(list(holdings), [len(b) for b in batches]), join_times(list(timings))


def _log_tables(
    batch: Batch,
    holds: Holds,
    times: Times,
    staff: Staff,
    clients: Clients,
    *,
    turns: tuple[Turn, ...],
    rng: np.random.Generator,
) -> dict[str, pl.DataFrame]:
    """Tickets, numbered in the order in which they were opened; their events; and kind words about some."""
    order = np.lexsort((np.arange(len(batch)), batch.opened))
    number = np.empty(len(batch), dtype=np.int64)
    number[order] = np.arange(len(batch))
    ids = pl.Series([f"T{i + 1:06}" for i in range(len(batch))])
    events = draw_log(batch, holds, times, staff, number, turns=turns, rng=rng)
    tickets = _tickets(batch, times, ids.gather(number), clients, rng)
    team_ids = _team_ids()
    praise = draw_praise(
        rng, ids.gather(number), team_ids.gather(times.resolver), tickets["csat"], pl.Series(times.last_resolved)
    )
    return {
        "tickets": tickets.filter(batch.opened <= HORIZON_SECOND).sort("opened_at", "ticket_id"),
        "events": _events(events, ids, staff),
        "praise": praise.sort("at", "team_id"),
    }


def _team_ids() -> pl.Series:
    return pl.Series([t.team_id for t in TEAMS])


def _teams() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "team_id": team.team_id,
                "name": team.name,
                "branch": BRANCHES[team.branch].name,
                "function": team.function,
                "line": team.line,
                "manager": team.manager,
                "calendar": calendar_of(team),
            }
            for row, team in enumerate(TEAMS)
        ],
        infer_schema_length=None,
    )


def _tickets(batch: Batch, times: Times, ids: pl.Series, clients: Clients, rng: np.random.Generator) -> pl.DataFrame:
    """The contract's tickets, by row of the batch; without summary columns, as there is an event log."""
    n = len(batch)
    promised = (rng.random(n) < 0.12) & ~batch.proactive
    due = batch.opened + rng.choice((1, 2, 3, 5), n) * DAY
    done = times.last_resolved + rng.integers(-3600, 1800, n)
    kept = promised & (done <= np.minimum(due + DAY, HORIZON_SECOND)) & (done > batch.opened)
    known = pl.Series([customer_id(c) for c in range(len(clients.branch))])
    codes = pl.DataFrame(
        {
            "opened": batch.opened,
            "due": due,
            "done": done,
            "promised": promised,
            "kept": kept,
            "customer": pl.Series(batch.customer),
            "csat": pl.Series(times.csat),
        }
    )
    return codes.select(
        ticket_id=ids,
        customer_id=pl.when(pl.col("customer") >= 0).then(known.gather(np.maximum(batch.customer, 0))),
        opened_at=instant("opened"),
        channel=_words(CHANNELS, batch.channel),
        category=_words([c.name for c in CATEGORIES], batch.category),
        priority=_words(PRIORITIES, batch.priority),
        origin=_words(("customer", "proactive"), batch.proactive.astype(np.int64)),
        is_complaint=pl.Series(times.complained),
        csat=pl.when(pl.col("csat") > 0).then("csat"),
        promised_by=pl.when("promised").then(instant("due")),
        promise_kept_at=pl.when("kept").then(instant("done")),
    )


def _words(words: Any, codes: Ints) -> pl.Series:
    return pl.Series(list(words)).gather(codes)


def _events(events: pl.DataFrame, ids: pl.Series, staff: Staff) -> pl.DataFrame:
    """The contract's events: codes become words."""
    agents = pl.Series([f"P{p:04}" for p in staff.person])
    team, agent = events["team"].to_numpy(), events["agent"].to_numpy()
    return events.select(
        ticket_id=ids.gather(events["ticket"].to_numpy()),
        at=instant("at"),
        kind=_words(EVENT_KINDS, events["kind"].to_numpy()),
        seq="seq",
        team_id=pl.when(pl.col("team") >= 0).then(_team_ids().gather(np.maximum(team, 0))),
        agent_id=pl.when(pl.col("agent") >= 0).then(agents.gather(np.maximum(agent, 0))),
        actor=_words(ACTORS, events["actor"].to_numpy()),
    )


def _as_contract(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """All columns of the contract in its order and types; those that the sample does not fill are null."""
    schema = CONTRACT[table].create_empty().schema
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns]
    return frame.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
