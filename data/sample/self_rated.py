"""Records what the sample company's teams said of themselves, on the days on which they said it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from data import ratings
from data.database import open_database
from data.home import Home
from data.scope import local_scope


def record_ratings(home: Home, planted: Mapping[str, Any]) -> int:
    """Record what the sample's teams said of themselves, unless there are ratings already; how many there are."""
    with open_database(home) as database:
        if there := ratings.list_(local_scope("the sample company"), database):
            return len(there)
        together: dict[tuple[str, ...], dict[str, float]] = {}
        for one in planted["ratings"]:
            entry = tuple(one[name] for name in ("owner", "team_id", "stage", "asked_on", "voice"))
            together.setdefault(entry, {})[one["trait"]] = one["score"]
        for (owner, team_id, stage, asked_on, voice), scores in together.items():
            day, who = date.fromisoformat(asked_on), local_scope(owner)
            at = datetime.combine(day, time(9), tzinfo=UTC)
            ratings.rate(who, database, team_id, stage, scores, asked_on=day, voice=voice, now=at)
    return len(planted["ratings"])
