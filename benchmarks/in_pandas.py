"""The same counts as pandas makes them, in the frames that its users would write. It must come to our very numbers."""

from pathlib import Path
from typing import Any

import numpy as np

MONDAY = 4320  # minutes from Monday 29 December 1969 to 1970
WEEK = 10080
STRATA = ["category", "channel", "priority"]


def _opened(minute: Any) -> Any:
    """Open minutes, nine to five on weekdays, before each minute."""
    since = minute + MONDAY
    day, clock = since % WEEK // 1440, since % 1440
    today = np.where(day < 5, np.clip(clock - 540, 0, 480), 0)
    return since // WEEK * 2400 + np.minimum(day, 5) * 480 + today


def _due(minute: Any, minutes: Any) -> Any:
    wanted = _opened(minute) + minutes - 1
    return wanted // 2400 * WEEK - MONDAY + wanted % 2400 // 480 * 1440 + 541 + wanted % 480


def _minute(at: Any) -> Any:
    return at.dt.as_unit("s").astype("int64") // 60


def pandas_counts(folder: Path, horizon_minute: int) -> Any:
    """The four signs' counts in pandas: sign, team_id, week, category, channel, priority, x, n."""
    import pandas as pd

    tickets, events = (_read(folder / name) for name in ("tickets", "events"))
    teams, standards = (pd.read_parquet(folder / f"{name}.parquet") for name in ("teams", "standards"))
    tickets["opened"] = _minute(tickets["opened_at"])
    events = events.sort_values(["ticket_id", "at", "seq"])
    stays = _stays(events)
    done = _done(events)
    rows = [
        _let_go(tickets, stays, done, teams),
        _repeats(tickets, done),
        *_simple(tickets, stays, done, _speakers(events), standards, horizon_minute),
    ]
    return pd.concat([_counted(key, frame, tickets) for key, frame in rows])


def _read(folder: Path) -> Any:
    import pandas as pd

    wanted = {
        "tickets": ["ticket_id", "customer_id", "opened_at", "origin", "is_complaint", "csat", *STRATA],
        "events": ["ticket_id", "at", "kind", "seq", "team_id", "actor"],
    }  # fmt: skip
    return pd.concat(
        [pd.read_parquet(path, columns=wanted[folder.name]) for path in sorted(folder.glob("*/*.parquet"))]
    )


def _stays(events: Any) -> Any:
    was = events.groupby("ticket_id")["team_id"].shift()
    new = (was.isna() | (was != events["team_id"])).astype("int64")
    ours = events["actor"].fillna("agent") == "agent"
    marked = events.assign(
        stay=new.groupby(events["ticket_id"]).cumsum(),
        replied=(events["kind"] == "replied") & ours,
        noted=(events["kind"] == "noted") & ours,
    )
    grouped = marked.groupby(["ticket_id", "stay"], sort=False)
    return grouped.agg(
        team_id=("team_id", "first"), since=("at", "first"), replied=("replied", "any"), noted=("noted", "any")
    ).reset_index()


def _done(events: Any) -> Any:
    done = events[events["kind"].isin(["resolved", "reopened"])].copy()
    back = done["at"].where(done["kind"] == "reopened")
    done["back_at"] = back.groupby(done["ticket_id"]).bfill()
    return done


def _speakers(events: Any) -> Any:
    """By ticket, the team at the last public reply by an agent before the first resolve."""
    before = (events["kind"] == "resolved").groupby(events["ticket_id"]).cumsum() == 0
    spoke = (events["kind"] == "replied") & (events["actor"].fillna("agent") == "agent") & before
    return events[spoke].drop_duplicates("ticket_id", keep="last").set_index("ticket_id")["team_id"]


def _let_go(tickets: Any, stays: Any, done: Any, teams: Any) -> tuple[str, Any]:
    import pandas as pd

    following = (
        stays.groupby("ticket_id")[["team_id", "since"]]
        .shift(-1)
        .rename(columns={"team_id": "to", "since": "happened"})
    )
    left = pd.concat([stays, following], axis=1)
    left = left[left["to"].notna()].merge(tickets[["ticket_id", "opened"]], on="ticket_id")
    of = teams.set_index("team_id")
    line, higher = left["team_id"].map(of["line"]), left["to"].map(of["line"])
    worked = left["replied"] | left["noted"]
    quick = _opened(_minute(left["happened"])) - _opened(left["opened"]) <= 30
    routing = (left["team_id"].map(of["function"]) == "dispatch") | ((left["stay"] == 1) & ~left["replied"] & quick)
    left["counted"] = ~(routing | ((higher > line) & worked)) & ~left["replied"] & ~left["noted"]
    resolved = done.loc[done["kind"] == "resolved", ["ticket_id", "team_id", "at"]].rename(columns={"at": "happened"})
    gone = pd.concat([left[["ticket_id", "team_id", "happened", "counted"]], resolved.assign(counted=False)])
    return "buck_passing", gone


def _repeats(tickets: Any, done: Any) -> tuple[str, Any]:
    resolved = done[done["kind"] == "resolved"].rename(columns={"at": "happened"})
    own = resolved.merge(tickets[["ticket_id", "customer_id", "category"]], on="ticket_id").reset_index()
    asked = tickets.loc[tickets["origin"] != "proactive", ["customer_id", "category", "opened"]]
    again = own.merge(asked, on=["customer_id", "category"], how="inner")
    gap = again["opened"] - _minute(again["happened"])
    repeated = again.loc[gap.between(15, 20160), "index"].unique()
    soon = (_minute(own["back_at"].fillna(own["happened"])) - _minute(own["happened"]) <= 20160) & own[
        "back_at"
    ].notna()
    own["counted"] = own["index"].isin(repeated) | soon
    return "repeat_complaints", own[["ticket_id", "team_id", "happened", "counted"]]


def _simple(
    tickets: Any, stays: Any, done: Any, speakers: Any, standards: Any, horizon_minute: int
) -> list[tuple[str, Any]]:
    simple = tickets.merge(standards.loc[standards["simple"], ["category", "standard_minutes"]], on="category")
    resolved = done[done["kind"] == "resolved"].drop_duplicates("ticket_id").set_index("ticket_id")
    back = done[done["kind"] == "reopened"].drop_duplicates("ticket_id").set_index("ticket_id")
    by_due = simple["ticket_id"].map(resolved["team_id"])
    by = {"due": by_due, "week": simple["ticket_id"].map(speakers).fillna(by_due)}
    far = 2**40
    minute = {"done": _minute(resolved["at"]), "back": _minute(back["at"])}
    for name, values in minute.items():
        simple[name] = simple["ticket_id"].map(values).fillna(far).astype("int64")
    simple["due"] = _due(simple["opened"], simple["standard_minutes"])
    simple["week"] = simple["opened"] + WEEK
    held = stays.assign(since=_minute(stays["since"])).merge(simple[["ticket_id", "due", "week"]], on="ticket_id")
    for limit in ("due", "week"):
        last = (
            held[held["since"] <= held[limit]]
            .drop_duplicates("ticket_id", keep="last")
            .set_index("ticket_id")["team_id"]
        )
        simple[f"team_{limit}"] = by[limit].where(simple["done"] <= simple[limit], simple["ticket_id"].map(last))
    missed = _missed(simple, horizon_minute)
    unhappy = simple["is_complaint"].fillna(False).astype(bool) | (simple["csat"] <= 2)
    made = []
    for key, limit, counted in (("slow_simple", "due", missed), ("small_complaints", "week", unhappy)):
        rows = simple[["ticket_id"]].assign(
            team_id=simple[f"team_{limit}"], happened=simple["opened_at"], counted=counted
        )
        made.append((key, rows))
    return made


def _missed(simple: Any, horizon_minute: int) -> Any:
    """Not resolved in time; or reopened within two days."""
    in_time, sure = simple["done"] <= simple["due"], simple["done"] + 2880
    undone = (simple["back"] < simple["due"]) | (in_time & (simple["back"] <= sure))
    known = simple["due"].where(~in_time | undone, np.maximum(sure, simple["due"]))
    return ~(in_time & ~undone) & (known < horizon_minute)


def _counted(key: str, rows: Any, tickets: Any) -> Any:
    day = rows["happened"].dt.tz_localize(None).dt.floor("D")
    rows = rows.assign(week=_monday(day))
    once = rows.groupby(["ticket_id", "team_id", "week"], sort=False)["counted"].any().reset_index()
    once = once.merge(tickets[["ticket_id", *STRATA]], on="ticket_id")
    counts = once.groupby(["team_id", "week", *STRATA], sort=False)["counted"].agg(["sum", "size"]).reset_index()
    return counts.rename(columns={"sum": "x", "size": "n"}).assign(sign=key)


def _monday(day: Any) -> Any:
    import pandas as pd

    return day - pd.to_timedelta(day.dt.day_of_week, unit="D")
