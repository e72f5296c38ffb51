"""The facts and the counts once more, ticket by ticket in plain Python, from the definitions. Slow and simple."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# Two calendars that need no library: nine to five on weekdays in UTC, and every day from eight to noon in Tokyo.
HOURS = {None: (9, 17, 5, "UTC"), "Mo-Su 08:00-12:00 @ Asia/Tokyo": (8, 12, 7, "Asia/Tokyo")}
Row = dict[str, Any]


def floor(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def windows(calendar: str | None, since: datetime):
    opens, closes, last_day, zone = HOURS[calendar]
    day = since.astimezone(ZoneInfo(zone)).date() - DAY
    while True:
        if day.isoweekday() <= last_day:
            midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
            yield midnight + timedelta(hours=opens), midnight + timedelta(hours=closes)
        day += DAY


def business(calendar: str | None, start: datetime, end: datetime) -> int:
    start, end, total = floor(start), floor(end), timedelta()
    for opens, closes in windows(calendar, start):
        if opens >= end:
            return total // MINUTE
        total += max(min(closes, end) - max(opens, start), timedelta())
    raise AssertionError


def due(calendar: str | None, start: datetime, minutes: int) -> datetime:
    start, left = floor(start), timedelta(minutes=minutes)
    if not minutes:
        return start
    for opens, closes in windows(calendar, start):
        room = max(closes - max(opens, start), timedelta())
        if left <= room:
            return max(opens, start) + left
        left -= room
    raise AssertionError


def local_day(calendar: str | None, at: datetime) -> date:
    return at.astimezone(ZoneInfo(HOURS[calendar][3])).date()


def monday(calendar: str | None, at: datetime) -> date:
    day = local_day(calendar, at)
    return day - timedelta(days=day.weekday())


class Company:
    """All of it at once, as lists of dicts of the contract."""

    def __init__(self, tickets, events, teams, absences, standards, horizon):
        self.tickets = {row["ticket_id"]: row for row in sorted(tickets, key=lambda r: r["ticket_id"])}
        self.events = {ticket_id: [] for ticket_id in self.tickets}
        for event in sorted(events, key=lambda r: (r["ticket_id"], r["at"], r["seq"])):
            self.events[event["ticket_id"]].append(event)
        self.teams = {row["team_id"]: row for row in teams}
        self.absences, self.horizon = absences, horizon
        self.standards = {row["category"]: row for row in standards}
        kinds = {event["kind"] for event in events}
        self.replies_told, self.notes_told, self.reopens_told = (k in kinds for k in ("replied", "noted", "reopened"))

    def calendar(self, team: str | None) -> str | None:
        return self.teams.get(team, {}).get("calendar")

    def stays(self, ticket_id: str) -> list[Row]:
        """Runs of one team, nobody's included: team, since, events."""
        stays: list[Row] = []
        team = None
        for event in self.events[ticket_id]:
            told = event["team_id"] or team
            if not stays or told != team:
                stays.append({"team": told, "since": event["at"], "events": []})
            team = told
            stays[-1]["events"].append(event)
        return stays

    def stations(self, ticket_id: str) -> list[Row]:
        return [stay for stay in self.stays(ticket_id) if stay["team"] is not None]


def ours(event: Row) -> bool:
    return event["actor"] in (None, "agent")


def did(stay: Row, kind: str) -> bool:
    return any(event["kind"] == kind and ours(event) for event in stay["events"])


def handoff_kind(company: Company, ticket_id: str, number: int) -> str | None:
    stations = company.stations(ticket_id)
    here, there = stations[number], stations[number + 1]
    team = company.teams.get(here["team"], {})
    stays = company.stays(ticket_id)
    earlier = [stay for stay in stays if stay["since"] <= here["since"] and stays.index(stay) <= stays.index(here)]
    opened = company.tickets[ticket_id]["opened_at"]
    early = number == 0 and not any(did(stay, "replied") for stay in earlier)
    spent = business(company.calendar(here["team"]), opened, there["since"]) if there["since"] > opened else 0
    if team.get("function") == "dispatch" or (early and spent <= 30):
        return "routing"
    agents = [event["agent_id"] for event in here["events"] if event["agent_id"] and ours(event)]
    if agents:
        day = local_day(company.calendar(here["team"]), there["since"])
        for absence in company.absences:
            if absence["person_id"] == agents[-1] and absence["from_on"] - DAY <= day <= absence["to_on"]:
                return "cover"
    replied, noted = did(here, "replied"), did(here, "noted")
    line, higher = team.get("line"), company.teams.get(there["team"], {}).get("line")
    if line and higher and higher > line and (replied or noted):
        return "escalation"
    if replied:
        return "after_reply"
    if not noted and (company.replies_told or company.notes_told):
        return "without_work"
    return None


def alternates(stations: list[Row], number: int) -> bool:
    """Is the handoff out of this station one of three in a row between two teams?"""
    teams = [stay["team"] for stay in stations]
    runs = [teams[first : first + 4] for first in range(number - 2, number + 1) if first >= 0]
    return any(len(run) == 4 and run[0] == run[2] and run[1] == run[3] for run in runs)


def lost_minutes(company: Company, ticket_id: str, number: int) -> int | None:
    if not (company.replies_told or company.notes_told):
        return None
    stations = company.stations(ticket_id)

    def began(place: int) -> tuple[datetime | None, bool]:
        acts = [e for e in stations[place]["events"] if e["kind"] in ("on_hold", "escalated", "resolved")]
        acts += [e for e in stations[place]["events"] if e["kind"] in ("replied", "noted") and ours(e)]
        if acts:
            return min(e["at"] for e in acts), True
        return (stations[place + 1]["since"] if place + 1 < len(stations) else None), False

    def idle(place: int) -> int | None:
        until, _ = began(place)
        if until is None:
            return None
        since, until = floor(stations[place]["since"]), floor(until)
        events = company.events[ticket_id]
        holds = [(floor(a), floor(b)) for a, b in spells(events, [e["at"] for e in events if e["kind"] == "resolved"])]
        on_hold = sum((max(min(b, until) - max(a, since), timedelta()) for a, b in holds), timedelta())
        return max((until - since - on_hold) // MINUTE, 0)

    after = idle(number + 1)
    before = idle(number) if number == 0 and not began(0)[1] else 0
    return None if after is None or before is None else after + before


def let_gos(company: Company, ticket_id: str) -> list[Row]:
    ticket, rows = company.tickets[ticket_id], []
    stations = company.stations(ticket_id)
    if not company.events[ticket_id]:
        if ticket["resolved_at"] is None:
            return []
        nothing = dict.fromkeys(("kind", "to_team_id", "held_from", "replied_before", "lost_minutes_calendar"))
        told = {"team_id": ticket["team_id"], "at": ticket["resolved_at"], "how": "resolved", "basis": "summary"}
        return [{**told, **nothing, "bounce_back": False, "ping_pong": False}]
    for number, stay in enumerate(stations[:-1]):
        rows.append({"team_id": stay["team"], "at": stations[number + 1]["since"], "how": "handoff",
                     "kind": handoff_kind(company, ticket_id, number), "to_team_id": stations[number + 1]["team"],
                     "bounce_back": stations[number + 1]["team"] in [s["team"] for s in stations[: number + 1]],
                     "ping_pong": alternates(stations, number), "held_from": stay["since"],
                     "lost_minutes_calendar": lost_minutes(company, ticket_id, number),
                     "replied_before": did(stay, "replied")})  # fmt: skip
    for stay in company.stays(ticket_id):
        for place, event in enumerate(stay["events"]):
            if event["kind"] == "resolved":
                before = {"events": stay["events"][:place]}
                rows.append({"team_id": stay["team"], "at": event["at"], "how": "resolved", "kind": None,
                             "to_team_id": None, "bounce_back": False, "ping_pong": False,
                             "lost_minutes_calendar": None,
                             "held_from": stay["since"] if stay["team"] else None,
                             "replied_before": did(before, "replied")})  # fmt: skip
    for row in rows:
        row["basis"] = "events"
        row["replied_before"] = row["replied_before"] if company.replies_told else None
    return rows


def resolves(company: Company, ticket_id: str) -> list[Row]:
    ticket, events = company.tickets[ticket_id], company.events[ticket_id]
    rows = []
    if not events and ticket["resolved_at"] is not None:
        rows = [{"team_id": ticket["team_id"], "at": ticket["resolved_at"], "reopened_at": None,
                 "reopened_soon": (ticket["reopens"] or 0) > 0}]  # fmt: skip
    for stay in company.stays(ticket_id):
        for event in stay["events"]:
            if event["kind"] == "resolved":
                after = events[[e is event for e in events].index(True) + 1 :]
                back = [e["at"] for e in after if e["kind"] == ("reopened" if company.reopens_told else "resolved")]
                at = back[0] if back else None
                soon = at is not None and floor(at) - floor(event["at"]) <= timedelta(days=14)
                rows.append({"team_id": stay["team"], "at": event["at"], "reopened_at": at, "reopened_soon": soon})
    for row in rows:
        row["repeat_at"] = repeat(company, ticket_id, row["at"])
    return rows


def repeat(company: Company, ticket_id: str, at: datetime) -> datetime | None:
    mine = company.tickets[ticket_id]
    if mine["customer_id"] is None or mine["category"] is None:
        return None
    later = [
        other["opened_at"]
        for other in company.tickets.values()
        if other["customer_id"] == mine["customer_id"]
        and other["category"] == mine["category"]
        and other["origin"] != "proactive"
        and timedelta(minutes=15) <= floor(other["opened_at"]) - floor(at) <= timedelta(days=14)
    ]
    return min(later, key=floor, default=None)


def facts(company: Company, ticket_id: str) -> Row:
    ticket, events = company.tickets[ticket_id], company.events[ticket_id]
    told = not events
    stations = company.stations(ticket_id)
    teams = [stay["team"] for stay in stations]
    opened = ticket["opened_at"]
    done = [e["at"] for e in events if e["kind"] == "resolved"] if events else [ticket["resolved_at"]]
    done = [at for at in done if at is not None]
    replied = [e["at"] for e in events if e["kind"] == "replied" and ours(e)]
    reopened = [e["at"] for e in events if e["kind"] == "reopened"] if company.reopens_told else done[1:]
    first_reply = ticket["first_replied_at"] if told else next(iter(replied), None)
    count = ticket["team_stations"] if told else (len(teams) or None)
    unique = (count if (count or 9) <= 2 else None) if told else (len(set(teams)) or None)
    runs = [teams[i : i + 4] for i in range(len(teams) - 3)]
    to_and_fro = any(a == c and b == d for a, b, c, d in runs)
    reopens = ticket["reopens"] if told else len(reopened)
    agents = [e["agent_id"] for e in events if e["agent_id"] and ours(e)]
    first_team = ticket["team_id"] if told else (teams or [None])[0]
    last_team = ticket["team_id"] if told else (teams or [None])[-1]
    calendar = company.calendar(first_team)
    result: Row = {
        "ticket_id": ticket_id,
        "basis": "summary" if told else "events",
        "team_stations": count,
        "handoffs": count and count - 1,
        "unique_teams": unique,
        "bounce_backs": None if unique is None else count - unique,
        "ping_pong": (False if (count or 9) <= 3 else None) if told else (to_and_fro if teams else None),
        "agent_stations": sum(a != b for a, b in zip(agents, [None, *agents], strict=False)) or None,
        "reopens": reopens,
        "replies": len(replied) if events and company.replies_told else None,
        "first_replied_at": first_reply,
        "first_resolved_at": next(iter(done), None),
        "last_resolved_at": done[-1] if done else None,
        "closed_at": next((e["at"] for e in reversed(events) if e["kind"] == "closed"), None),
        "escalated_at": next((e["at"] for e in events if e["kind"] == "escalated"), None),
        "first_team_id": first_team,
        "last_team_id": last_team,
        "resolving_team_id": resolver(company, ticket_id),
        "one_touch": one_touch(company, ticket, events, done, count, reopens, len(replied)),
    }
    holds = spells(events, done)
    for name, at in (("first_reply", first_reply), ("first_resolution", result["first_resolved_at"]),
                     ("full_resolution", result["last_resolved_at"])):  # fmt: skip
        for clock, measure in (("business", lambda a, b: business(calendar, a, b)), ("calendar", elapsed)):
            result[f"{name}_minutes_{clock}"] = (
                None if at is None else max(measure(opened, at), 0) if at >= opened else 0
            )
    for clock, measure in (("business", lambda a, b: business(calendar, a, b)), ("calendar", elapsed)):
        held = sum(measure(a, b) for a, b in holds)
        result[f"on_hold_minutes_{clock}"] = None if told else held
        full = result[f"full_resolution_minutes_{clock}"]
        result[f"agent_wait_minutes_{clock}"] = None if full is None else max(full - held, 0)
    result.update(verdicts(company, ticket_id, calendar, done, reopened))
    handoffs = [row for row in let_gos(company, ticket_id) if row["how"] == "handoff"]
    for kind in ("routing", "cover", "escalation", "after_reply", "without_work"):
        known = bool(events and teams)
        result[f"handoffs_{kind}"] = sum(row["kind"] == kind for row in handoffs) if known else None
    result.update(blow_out(company, ticket_id, calendar, done, result))
    return result


def elapsed(start: datetime, end: datetime) -> int:
    return (floor(end) - floor(start)) // MINUTE


def resolver(company: Company, ticket_id: str) -> str | None:
    rows = resolves(company, ticket_id)
    return rows[0]["team_id"] if rows else None


def one_touch(company, ticket, events, done, count, reopens, replies) -> bool | None:
    if not done or (reopens or 0) > 0:
        return False
    if events and company.replies_told:
        return replies <= 1 and not any(e["kind"] == "on_hold" for e in events)
    if count is not None and count > 1:
        return False
    return None if count is None or reopens is None else True


def spells(events: list[Row], done: list[datetime]) -> list[tuple[datetime, datetime]]:
    marks = [e for e in events if e["kind"] in ("on_hold", "off_hold", "resolved", "reopened", "closed")]
    pairs = [(a["at"], b["at"]) for a, b in pairwise(marks) if a["kind"] == "on_hold"]
    return [pair for pair in pairs if not done or pair[0] < done[-1]]


def speaker(company: Company, ticket_id: str) -> str | None:
    """Who last replied before the first resolve; the resolver where nobody that has a team did."""
    spoke = resolver(company, ticket_id)
    for stay in company.stays(ticket_id):
        for event in stay["events"]:
            if event["kind"] == "resolved":
                return spoke
            if event["kind"] == "replied" and ours(event) and stay["team"] is not None:
                spoke = stay["team"]
    return spoke


def holder(company: Company, ticket_id: str, limit: datetime) -> str | None:
    if not company.events[ticket_id]:
        return company.tickets[ticket_id]["team_id"]
    begun = [stay["team"] for stay in company.stations(ticket_id) if floor(stay["since"]) <= limit]
    return begun[-1] if begun else None


def verdicts(company, ticket_id, calendar, done, reopened) -> Row:
    ticket = company.tickets[ticket_id]
    week = floor(ticket["opened_at"]) + 7 * DAY
    first = floor(done[0]) if done else None
    answers = speaker(company, ticket_id) if first and first <= week else holder(company, ticket_id, week)
    standard = company.standards.get(ticket["category"])
    result = {"answering_team_id": answers, "simple": standard and standard["simple"]}
    nothing = dict.fromkeys(("standard_minutes", "deadline_at", "in_standard", "charged_team_id"))
    if standard is None or standard["standard_minutes"] is None:
        return {**result, **nothing}
    limit = due(calendar, ticket["opened_at"], standard["standard_minutes"])
    in_time = first is not None and first <= limit
    could = in_time and bool(company.events[ticket_id])
    sure = first + 2 * DAY if could and first else limit
    came = floor(reopened[0]) if reopened and company.events[ticket_id] else None
    back = came is not None and (came < limit or (could and came <= sure))
    known = limit if back else max(limit, sure)
    settled = known + timedelta(minutes=1) <= company.horizon + timedelta(microseconds=1)
    return {
        **result,
        "standard_minutes": standard["standard_minutes"],
        "deadline_at": limit,
        "in_standard": (in_time and not back) if settled else None,
        "charged_team_id": resolver(company, ticket_id) if in_time else holder(company, ticket_id, limit),
    }


def blow_out(company, ticket_id, calendar, done, result) -> Row:
    ticket, events = company.tickets[ticket_id], company.events[ticket_id]
    crossed = []
    if result["standard_minutes"] is not None:
        limit = due(calendar, ticket["opened_at"], 3 * result["standard_minutes"])
        spells_open = [(datetime.min.replace(tzinfo=UTC), done[0] if done else None)]
        for place, event in enumerate(events):
            if event["kind"] == "reopened":
                ends = [e["at"] for e in events[place + 1 :] if e["kind"] == "resolved"]
                spells_open.append((event["at"], ends[0] if ends else None))
        at = [max(a, limit) for a, b in spells_open if b is None or max(a, limit) < b]
        if at and min(at) <= company.horizon:
            crossed.append((min(at), "age"))
    stations = company.stations(ticket_id)
    if len(stations) >= 4:
        crossed.append((stations[3]["since"], "fourth_team"))
    raised = [e["at"] for e in events if e["kind"] == "priority_raised"]
    if ticket["priority"] == "urgent" and raised:
        crossed.append((raised[0], "priority"))
    rows = resolves(company, ticket_id)
    back = sorted({row[name] for row in rows for name in ("reopened_at", "repeat_at") if row[name]})
    if len(back) >= 2:
        crossed.append((back[1], "second_repeat"))
    if ticket["csat"] == 1 and done:
        crossed.append((done[0], "csat"))
    at, cause = min(crossed, key=lambda pair: pair[0], default=(None, None))
    begun = [stay["team"] for stay in stations if at and stay["since"] <= at]
    team = (begun or [None])[-1] if events else (ticket["team_id"] if at else None)
    return {"blow_out_at": at, "blow_out_cause": cause, "blow_out_team_id": team}


def counts(company: Company, sign: str) -> dict[tuple[Any, ...], tuple[int, int]]:
    """(team, week, category, channel, priority) -> (x, n)."""
    seen: dict[tuple[Any, ...], bool] = {}
    for ticket_id, ticket in company.tickets.items():
        for team, at, counted in rows_of(company, sign, ticket_id):
            if team is not None:
                key = (
                    ticket_id,
                    team,
                    monday(company.calendar(team), at),
                    *(ticket["category"], ticket["channel"]),
                    None if sign == "slow_simple" else ticket["priority"],  # it can be lowered: see the sign
                )
                seen[key] = seen.get(key, False) or counted
    result: dict[tuple[Any, ...], tuple[int, int]] = {}
    for (_, *key), counted in seen.items():
        x, n = result.get(tuple(key), (0, 0))
        result[tuple(key)] = (x + counted, n + 1)
    return result


def rows_of(company: Company, sign: str, ticket_id: str):
    ticket = company.tickets[ticket_id]
    if sign == "buck_passing":
        rows = [row for row in let_gos(company, ticket_id) if row["basis"] == "events"]
        return [(row["team_id"], row["at"], row["kind"] == "without_work") for row in rows]
    if sign == "repeat_complaints":
        rows = resolves(company, ticket_id)
        return [(r["team_id"], r["at"], r["reopened_soon"] or r["repeat_at"] is not None) for r in rows]
    known = facts(company, ticket_id)
    if sign == "late_escalation":
        at, told = known["blow_out_at"], known["escalated_at"]
        return [(known["blow_out_team_id"], at, told is None or told >= at)] if at else []
    if not known["simple"] or (sign == "slow_simple" and known["standard_minutes"] is None):
        return []
    if sign == "slow_simple":
        return [(known["charged_team_id"], ticket["opened_at"], known["in_standard"] is False)]
    unhappy = ticket["csat"] is not None and ticket["csat"] <= 2
    return [(known["answering_team_id"], ticket["opened_at"], bool(ticket["is_complaint"]) or unhappy)]
