"""docs/json.md names what the commands print: no field is printed that it does not name."""

import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from dashboard.commands.coaching import VERDICTS, WORKS
from dashboard.commands.one_on_ones import COLUMNS
from dashboard.commands.plays import SCHEMA as PLAYS
from dashboard.commands.replies import SCHEMA
from dashboard.commands.retrospective import COLUMNS as RETROSPECTIVES
from dashboard.commands.review import COLUMNS as REVIEWS
from data.adherence import TEAM
from data.coaching.action import Action
from data.coaching.play import Card, Question, Words
from data.empathy import SCHEMA as EMPATHY
from data.praise import MERGED
from data.rebases import Rebase
from data.reject_frame import REJECTS
from data.replies import Step
from data.retro.retrospective import Retrospective, Room
from data.retro.summary import summary_of
from data.standards_store import StandardChange
from metrics.adherence import KEPT
from metrics.flows import HANDOFFS, Summary, pairs
from metrics.reading import Reading
from metrics.standards import STANDARDS

EMPTY = Room(Retrospective(1, "north", "BCDFGH", "safety", 1, 1, "", "Ada", datetime.now(UTC), None), 0, 0, {}, (), ())
ANSWERED = ("replies", "taken_out", "without_replies")
PRINTED = {
    "signs": {
        *Reading.column_names(),
        "team",
        "branch",
        "asks",
        "sentence",
        "beside",
        "rebased_on",
        "cause",
        "standards_version",
        *ANSWERED,
    },
    "handoffs": {
        *pairs(pl.DataFrame(schema=HANDOFFS)).columns,
        *("from_team_id", "to_team_id", "since", "until", "sentence", "summary", "kinds", "pairs"),
        *(field.name for field in fields(Summary)),
    },
    "empathy": {*EMPATHY, "name", "asks", "verdict", "since", "until", "team_id", "traits"},
    "actions": {field.name for field in fields(Action)},
    "one-on-ones": set(COLUMNS),
    "verdicts": set(VERDICTS) - {"by"},
    "works": set(WORKS),
    "retrospective": {*RETROSPECTIVES, *summary_of(EMPTY, [], {})} - {"format"},
    "review list": set(REVIEWS),
    "plays": {*PLAYS, *(field.name for part in (Card, Question, Words) for field in fields(part))},
    "praise list": set(MERGED),
    "rebase --list": {field.name for field in fields(Rebase)},
    "replies": {*SCHEMA, *(field.name for field in fields(Step))},
    "standards list": {*STANDARDS.names(), *(field.name for field in fields(StandardChange)), *KEPT, *TEAM},
    "record, history, rejects, check": set(REJECTS) - {"cells"},
}


def section(title: str) -> str:
    text = (Path(__file__).parents[1] / "docs" / "json.md").read_text()
    return text.split(f"\n## heartline {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("title", PRINTED)
def test_every_printed_field_is_named(title: str) -> None:
    named = set(re.findall(r"[a-z_]+", section(title)))
    assert PRINTED[title] - named == set()


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        *((title, PRINTED[title]) for title in ("signs", "actions", "verdicts", "works")),
        ("replies", set(SCHEMA)),
        ("plays", set(PLAYS) - {"name"}),
        ("praise list", set(MERGED)),
    ],
)
def test_every_named_field_is_printed(title: str, printed: set[str]) -> None:
    rows = re.findall(r"^\| ([a-z_, ]+) \|", section(title), re.MULTILINE)
    named = {name for row in rows for name in row.split(", ")} - {"name"}
    assert named == printed
