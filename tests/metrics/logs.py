"""Random companies for hypothesis: few tickets, few teams, times close together, so that everything collides."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from metrics.frames import EVENT_KINDS
from tests.builders import START

TOKYO = "Mo-Su 08:00-12:00 @ Asia/Tokyo"
TEAMS = [
    {"team_id": "A", "name": "A", "function": "front_office", "line": 1, "calendar": None},
    {"team_id": "B", "name": "B", "function": "back_office", "line": 2, "calendar": TOKYO},
    {"team_id": "C", "name": "C", "function": "dispatch", "line": None, "calendar": None},
]
STANDARDS = [
    {"category": "x", "simple": True, "standard_minutes": 60},
    {"category": "y", "simple": True, "standard_minutes": 900},
    {"category": "z", "simple": False, "standard_minutes": 30},
]
DAYS = 30
SUMMARY = (
    "team_id",
    "agent_id",
    "first_replied_at",
    "resolved_at",
    "team_stations",
    "reopens",
    "promised_by",
    "promise_kept_at",
)

gaps = st.sampled_from([0, 0, 1, 10, 15, 29, 200, 1440, 4321])  # minutes between events
whose = st.sampled_from(["A", "A", "B", "C", "U", None, None])  # U is in no list of teams
agents = st.sampled_from(["ann", "bob", None])
actors = st.sampled_from(["agent", None, "system", "customer"])
instants = st.one_of(
    st.integers(0, DAYS * 96).map(lambda quarter: START + timedelta(minutes=15 * quarter)),
    st.integers(0, DAYS * 86400).map(lambda second: START + timedelta(seconds=second)),
)
# Reopenings and replies that the log may lack altogether.
ALL = list(EVENT_KINDS)
vocabularies = st.sampled_from(
    [ALL, ALL, [k for k in ALL if k != "reopened"], ["opened", "assigned", "resolved", "closed"]]
)


@st.composite
def lives(draw: st.DrawFn, ticket_id: str, kinds: list[str]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A ticket and its events: after its opening, in steps that are often nought."""
    opened = draw(instants)
    ticket = {
        "ticket_id": ticket_id,
        "customer_id": draw(st.sampled_from(["c", "d", None])),
        "opened_at": opened,
        "channel": draw(st.sampled_from(["phone", None])),
        "category": draw(st.sampled_from(["x", "y", "z", "w", None])),
        "priority": draw(st.sampled_from(["urgent", "low", None])),
        "origin": draw(st.sampled_from(["customer", "proactive", None])),
        "is_complaint": draw(st.sampled_from([True, False, None])),
        "csat": draw(st.sampled_from([None, 1, 2, 5])),
        **dict.fromkeys(SUMMARY),
    }
    steps = draw(
        st.lists(st.tuples(st.sampled_from(kinds), gaps, st.integers(0, 59), whose, agents, actors), max_size=9)
    )
    at, events = opened, []
    for seq, (kind, minutes, seconds, team, agent, actor) in enumerate(steps):
        at += timedelta(minutes=minutes, seconds=seconds if minutes else 0)
        told = {"ticket_id": ticket_id, "at": at, "kind": kind, "seq": seq}
        events.append({**told, "team_id": team, "agent_id": agent, "actor": actor})
    if not events and draw(st.booleans()):
        after = timedelta(minutes=draw(st.integers(0, 6000)))
        ticket.update(
            team_id=draw(st.sampled_from(["A", "B", None])),
            team_stations=draw(st.sampled_from([1, 2, 3, 5, None])),
            reopens=draw(st.sampled_from([0, 1, None])),
            resolved_at=draw(st.sampled_from([opened + after, None])),
            first_replied_at=draw(st.sampled_from([opened + after / 2, None])),
        )
    return ticket, events


@st.composite
def companies(draw: st.DrawFn) -> dict[str, Any]:
    kinds = draw(vocabularies)
    both = [draw(lives(f"t{number}", kinds)) for number in range(draw(st.integers(1, 5)))]
    tickets, events = [t for t, _ in both], [e for _, some in both for e in some]
    spells = st.tuples(st.sampled_from(["ann", "bob"]), st.integers(0, DAYS), st.integers(0, 3))
    away = draw(st.lists(spells, max_size=2, unique_by=lambda row: row[:2]))
    first = START.date()
    absences = [
        {
            "person_id": who,
            "from_on": first + timedelta(days=day),
            "to_on": first + timedelta(days=day + span),
            "kind": "sick",
        }
        for who, day, span in away
    ]
    latest = max([t["opened_at"] for t in tickets] + [e["at"] for e in events])
    return {"tickets": tickets, "events": events, "teams": TEAMS, "absences": absences, "standards": STANDARDS,
            "horizon": latest + timedelta(hours=draw(st.integers(0, 900)))}  # fmt: skip
