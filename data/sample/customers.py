"""Who the customers are, which of them writes, and what they buy."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.sample.further import Turn, dried_up, of_sign
from data.sample.layout import BRANCHES, DAY, DAYS, FIRST_DAY, HORIZON_SECOND, TEAM_BRANCH, TEAMS, Bools, Floats, Ints
from data.sample.tickets import Batch

HOW_MANY = 80_000
BRANCH_SHARE = (0.36, 0.3, 0.34)
ALREADY_THERE = 0.66  # opened their account before the first day
CLOSES_A_YEAR = 0.07
UNKNOWN = 0.02
SEGMENTS, SEGMENT_SHARE = ("household", "small business", "business"), (0.81, 0.15, 0.04)
ROADS = ("referral", "shop", "web", "campaign", "partner", None)
REFERRED, OTHERWISE = 0, 2
ROAD_SHARE = (0.17, 0.24, 0.31, 0.12, 0.06, 0.1)
ORDERS = 195_000
BEFORE = 364  # days: the orders reach back a year further than the tickets
GROWS = 0.15  # a year: accounts come in proportion to those that there are
SETTLED = 0.995
SPAN = 10**6  # more days than any customer has
FIRST_SECOND = int(np.datetime64(FIRST_DAY, "s").astype(np.int64))


@dataclass(frozen=True, eq=False)
class Clients:
    """Customers as columns, sorted by branch and the day on which they came (negative: before the first day)."""

    branch: Ints
    opened: Ints
    closed: Ints  # a day long after the last where they stay
    segment: Ints
    road: Ints
    weight: Floats

    def draw(self, branch: Ints, day: Ints, rng: np.random.Generator) -> Ints:
        """A customer of the branch for each row, there on that day; the lively ones more often. -1 where unknown."""
        upto = np.concatenate([[0.0], np.cumsum(self.weight)])
        first = np.searchsorted(self.branch, branch)
        # Branch and day as one number, ascending as the customers are.
        place = self.branch * 10**6 + self.opened + 10**5
        here = np.searchsorted(place, branch * 10**6 + day + 10**5, side="left")
        drawn = np.full(len(branch), -1)
        for _ in range(4):
            rows = np.flatnonzero(drawn < 0)
            at = upto[first[rows]] + rng.random(len(rows)) * (upto[here[rows]] - upto[first[rows]])
            found = np.minimum(np.searchsorted(upto, at, side="right") - 1, len(self.branch) - 1)
            drawn[rows] = np.where(self.closed[found] > day[rows], found, -1)
        return np.where(rng.random(len(branch)) < UNKNOWN, -1, drawn)

    def frame(self) -> pl.DataFrame:
        """The contract's customers."""
        n = len(self.branch)
        first = pl.lit(FIRST_DAY)
        codes = pl.DataFrame({"opened": self.opened, "closed": self.closed})
        return codes.select(
            customer_id=pl.Series([customer_id(c) for c in range(n)]),
            segment=pl.Series([SEGMENTS[s] for s in self.segment]),
            opened_on=first + pl.duration(days=pl.col("opened")),
            closed_on=pl.when(pl.col("closed") < DAYS).then(first + pl.duration(days=pl.col("closed"))),
            acquired_by=pl.Series([ROADS[r] for r in self.road]),
            branch=pl.Series([BRANCHES[b].name for b in self.branch]),
        )


def customer_id(row: int) -> str:
    return f"C{row + 1:06}"


@dataclass(frozen=True, eq=False)
class Served:
    """Whose tickets which team resolved when (epoch seconds), one entry a ticket. Customer -1 where unknown."""

    customer: Ints
    team: Ints
    at: Ints

    def since(self, turn: Turn) -> tuple[Ints, Ints]:
        """Customer and day of those whom the team of `turn` served from its onset on."""
        day = (self.at - FIRST_SECOND) // DAY
        rows = (self.team == turn.place) & (self.customer >= 0) & (day >= 7 * turn.onset) & (day < DAYS)
        return self.customer[rows], day[rows]


def draw_clients(rng: np.random.Generator, scale: float, turns: tuple[Turn, ...] = ()) -> Clients:
    """Customers old and new; more come in spring and before Christmas, and where there are many already."""
    n = max(int(HOW_MANY * scale), 300)
    branch = np.sort(rng.choice(len(BRANCHES), n, p=BRANCH_SHARE))
    old = rng.random(n) < ALREADY_THERE
    day = np.arange(DAYS)
    wave = 1 + 0.2 * np.sin(2 * np.pi * (day - 130) / 364) + 0.15 * (day % 7 < 5)
    wave = wave * np.exp(GROWS * day / 365)
    opened = np.where(old, -rng.integers(1, 3000, n), rng.choice(DAYS, n, p=wave / wave.sum()))
    for turn in of_sign(turns, "new_accounts"):
        gone = (branch == turn.place) & (opened >= 7 * turn.onset) & (rng.random(n) < turn.size)
        opened = np.where(gone, -rng.integers(1, 3000, n), opened)
    opened = opened[np.lexsort((opened, branch))]
    stays = (rng.exponential(365 / CLOSES_A_YEAR, n)).astype(np.int64) + 14
    closed = np.maximum(opened, 0) + stays
    road = rng.choice(len(ROADS), n, p=ROAD_SHARE)
    for turn in of_sign(turns, "repeat_business.referral"):
        lost = (branch == turn.place) & (opened >= 7 * turn.onset) & (road == REFERRED) & (rng.random(n) < turn.size)
        road = np.where(lost, OTHERWISE, road)
    return Clients(
        branch=branch,
        opened=opened,
        closed=np.where(closed < DAYS, closed, 10**6),
        segment=rng.choice(3, n, p=SEGMENT_SHARE),
        road=road,
        weight=rng.lognormal(0, 0.6, n),
    )


def assign(batch: Batch, clients: Clients, rng: np.random.Generator) -> None:
    """Writes to each ticket of `batch` the customer that it comes from."""
    batch.customer = clients.draw(TEAM_BRANCH[batch.team], batch.day, rng)


def leave(clients: Clients, served: Served, turns: tuple[Turn, ...], rng: np.random.Generator) -> None:
    """Has some of the customers whom a team served close their account within 90 days, as it is planted."""
    for turn in of_sign(turns, "lost_customers"):
        customer, day = served.since(turn)
        goes = rng.random(len(customer)) < turn.size
        on = day[goes] + rng.integers(3, 85, int(goes.sum()))
        np.minimum.at(clients.closed, customer[goes], np.where(on < DAYS, on, 10**6))


def draw_orders(
    rng: np.random.Generator,
    clients: Clients,
    scale: float,
    *,
    served: Served | None = None,
    turns: tuple[Turn, ...] = (),
) -> pl.DataFrame:
    """Sales and opportunities of the sales teams: the contract's orders. `served` by what is planted buy less."""
    n = int(ORDERS * scale)
    sales = np.array([i for i, t in enumerate(TEAMS) if t.function == "sales"])
    volume = np.array([TEAMS[i].volume for i in sales])
    team = rng.choice(sales, n, p=volume / volume.sum())
    day = np.arange(-BEFORE, DAYS)
    busy = np.where(day % 7 < 5, 1.0, 0.15) * (1 + 0.12 * np.cos(2 * np.pi * (day - 20) / 364))
    busy = busy * np.exp(GROWS * day / 365)
    opened_day = np.sort(rng.choice(day, n, p=busy / busy.sum()))
    opened = FIRST_SECOND + opened_day * DAY + rng.integers(8 * 3600, 17 * 3600, n)
    closed = opened + (rng.gamma(1.3, 14, n) * DAY).astype(np.int64)
    settled = (closed <= HORIZON_SECOND) & (rng.random(n) < SETTLED)
    customer = clients.draw(TEAM_BRANCH[team], opened_day, rng)
    won = (rng.random(n) < 0.61) & ~_put_off(rng, customer, (closed - FIRST_SECOND) // DAY, served, turns)
    stage = np.where(~settled, "open", np.where(won, "won", "lost"))
    # What no longer comes to a team goes to another branch: customers buy as before.
    elsewhere = rng.random(n) > dried_up(turns, team, opened_day)
    team = np.where(elsewhere, sales[(np.searchsorted(sales, team) + 1) % len(sales)], team)
    amount = np.round(rng.lognormal(4.4, 0.9, n), 2)
    rows = np.flatnonzero(opened <= HORIZON_SECOND)
    seconds = pl.DataFrame({"opened": opened[rows], "closed": closed[rows], "settled": settled[rows]})
    return seconds.select(
        order_id=pl.Series([f"O{i + 1:06}" for i in range(len(rows))]),
        customer_id=pl.Series([None if c < 0 else customer_id(c) for c in customer[rows]], dtype=pl.String),
        team_id=pl.Series([t.team_id for t in TEAMS]).gather(team[rows]),
        opened_at=instant("opened"),
        stage=pl.Series(stage[rows]),
        closed_at=pl.when("settled").then(instant("closed")),
        amount=pl.Series(amount[rows]),
    )


def _put_off(
    rng: np.random.Generator, customer: Ints, day: Ints, served: Served | None, turns: tuple[Turn, ...]
) -> Bools:
    """Purchases that do not happen, because a team served the customer within the 90 days before."""
    put_off = np.zeros(len(customer), dtype=bool)
    for turn in of_sign(turns, "repeat_business") if served else []:
        whom, on = served.since(turn) if served else (customer[:0], day[:0])
        visits = np.sort(whom * SPAN + on)
        last = np.searchsorted(visits, customer * SPAN + day, side="right") - 1
        near = (last >= 0) & (customer >= 0)
        near &= customer * SPAN + day - visits[np.maximum(last, 0)] <= 90
        put_off |= near & (rng.random(len(customer)) < turn.size)
    return put_off


def instant(column: str) -> pl.Expr:
    """Epoch seconds as the contract's instants."""
    return (pl.col(column) * 1_000_000).cast(pl.Datetime("us", "UTC"))
