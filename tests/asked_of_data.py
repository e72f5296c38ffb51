"""Every function of data that takes a Scope, and how it is asked: tests/data/test_every_read.py tries each role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from data import (
    access,
    adherence,
    bringing,
    causes,
    empathy,
    flows,
    found_causes,
    praise,
    pressure,
    purpose,
    ratings,
    rebases,
    record_reading,
    replies,
    standards_store,
    surroundings,
    who_may,
)
from data.ask import Company
from data.coaching import actions, happenings, programmes, swaps, untouched, verdicts, what_works
from data.database import Database
from data.errors import Trouble
from data.filters import Filters
from data.home import Home
from data.lake import Lake
from data.retro import leading, outcome
from data.reviewing import decisions, periods, reviews
from data.reviewing.pooled import shown
from data.scope import Right, Scope
from data.talks import action_points, agenda, conversations, private_notes
from tests import roles
from tests.roles import TEAMS, TODAY

SECRET = "s" * 32
SIGN = "buck_passing"


@dataclass(frozen=True)
class World:
    """The company, what people wrote about each team, and everybody's scope. `of`: by team the ids of what there is."""

    home: Home
    company: Company
    database: Database
    of: dict[str, dict[str, Any]]
    scopes: dict[str, Scope]


def _broken_off(world: World, scope: Scope, action_id: int) -> object:
    """A check-in that would be kept is not tried by who may: that they may is asked instead."""
    team = next(team for team in TEAMS if world.of[team]["action"].id == action_id)
    if scope.may(Right.COACH, team):
        raise Trouble("would be kept")
    return actions.check_in(scope, world.database, action_id, "x")


def _asked(_: object) -> None:
    """What is told of the installation to who runs it may name teams; that it is asked for is tried elsewhere."""


Call = Callable[[World, Scope, str], object]
WEEK, FAR_OFF = date(2026, 3, 9), date(2999, 1, 1)
# What is read, asked of each team in turn.
READS: dict[str, Call] = {
    "access.list_": lambda w, s, t: _asked(access.list_(s, w.database)),
    "access.thresholds": lambda w, s, t: access.thresholds(s, w.database),
    "adherence.by_team": lambda w, s, t: adherence.by_team(w.company, s, Filters()),
    "adherence.by_category": lambda w, s, t: adherence.by_category(w.company, s, t),
    "ask.Company.merging": lambda w, s, t: w.company.merging(s),
    "ask.Company.choices": lambda w, s, t: w.company.choices(s),
    "ask.Company.teams": lambda w, s, t: w.company.teams(s),
    "ask.Company.known_teams": lambda w, s, t: w.company.known_teams(s),
    "ask.Company.readings": lambda w, s, t: w.company.readings(s, Filters(team=t)),
    "ask.Company.companions": lambda w, s, t: w.company.companions(s, Filters()),
    "ask.Company.series_of_team": lambda w, s, t: w.company.series_of_team(s, Filters(), t),
    "ask.Company.series": lambda w, s, t: w.company.series(s, Filters(), SIGN, t),
    "ask.Company.tickets_behind": lambda w, s, t: w.company.tickets_behind(s, Filters(), SIGN, t, WEEK, WEEK),
    "ask.Company.tickets": lambda w, s, t: w.company.tickets(s),
    "ask.Company.path": lambda w, s, t: w.company.path(s, roles.ticket_of(t)),
    "ask.Company.context": lambda w, s, t: w.company.context(s, t),
    "ask.Company.praise": lambda w, s, t: w.company.praise(s, t),
    "bringing.history": lambda w, s, t: _asked(bringing.history(s, w.home)),
    "bringing.set_aside": lambda w, s, t: bringing.set_aside(s, w.home),
    "bringing.to_mend": lambda w, s, t: _asked(bringing.to_mend(s, w.home)),
    "causes.causes": lambda w, s, t: causes.causes(s, w.company, Filters()),
    "coaching.actions.get": lambda w, s, t: actions.get(s, w.database, w.of[t]["action"].id),
    "coaching.actions.list_": lambda w, s, t: actions.list_(s, w.database),
    "coaching.actions.to_take_out": lambda w, s, t: actions.to_take_out(s, [w.of[team]["action"] for team in TEAMS]),
    "coaching.actions.history": lambda w, s, t: actions.history(s, w.database, w.of[t]["action"].id),
    "coaching.actions.check_ins": lambda w, s, t: actions.check_ins(s, w.database, w.of[t]["action"].id),
    "coaching.programmes.list_": lambda w, s, t: programmes.list_(s, w.database),
    "coaching.programmes.get": lambda w, s, t: programmes.get(s, w.database, 1),
    "coaching.swaps.agreed": lambda w, s, t: swaps.agreed(s, w.database, w.of[t]["action"].id),
    "coaching.swaps.notes": lambda w, s, t: swaps.notes(s, w.database, w.of[t]["action"].id),
    "coaching.untouched.last_touched": lambda w, s, t: [
        one for team in TEAMS if (one := w.of[team]["action"].id) in untouched.last_touched(s, w.database) and team
    ],
    "coaching.verdicts.verdict": lambda w, s, t: verdicts.verdict(s, w.company, w.database, w.of[t]["action"]).action,
    "coaching.verdicts.verdicts": lambda w, s, t: [one.action for one in verdicts.verdicts(s, w.company, w.database)],
    "coaching.what_works.what_works": lambda w, s, t: what_works.what_works(s, w.company, w.database),
    "coaching.happenings.during": lambda w, s, t: (
        happenings.during(
            s, w.company, w.database, {"start": "2026-03-02", "teams": list(TEAMS), "compared": [], "sign": SIGN}, 0
        )
        if s.teams is None
        else None
    ),
    "empathy.traits": lambda w, s, t: empathy.traits(w.company, s, Filters(team=t)),
    "empathy.apart": lambda w, s, t: empathy.apart(w.company, s, Filters()),
    "empathy.journey": lambda w, s, t: empathy.journey(w.company, s, w.database, Filters()),
    "empathy.who_rated": lambda w, s, t: empathy.who_rated(w.company, s, Filters()),
    "empathy.teams_shown": lambda w, s, t: empathy.teams_shown(w.company, s, Filters()),
    "flows.handoffs": lambda w, s, t: flows.handoffs(w.company, s, Filters()),
    "flows.tickets_between": lambda w, s, t: flows.tickets_between(w.company, s, Filters(), t, "q7na"),
    "found_causes.list_": lambda w, s, t: found_causes.list_(s, w.database),
    "praise.typed": lambda w, s, t: praise.typed(s, w.database),
    "praise.passed_on": lambda w, s, t: praise.passed_on(s, w.database),
    "pressure.noticed": lambda w, s, t: pressure.noticed(s, w.company, t),
    "ratings.list_": lambda w, s, t: ratings.list_(s, w.database),
    "ratings.standing": lambda w, s, t: ratings.standing(s, w.database),
    "ratings.stamp": lambda w, s, t: ratings.stamp(s, w.database),
    "rebases.list_": lambda w, s, t: rebases.list_(s, w.database),
    "record_reading.entries": lambda w, s, t: record_reading.entries(w.database, s),
    "record_reading.lookers": lambda w, s, t: record_reading.lookers(w.database, s, t),
    "replies.list_": lambda w, s, t: replies.list_(s, w.database),
    "retro.leading.list_": lambda w, s, t: leading.list_(s, w.database),
    "retro.leading.get": lambda w, s, t: leading.get(s, w.database, w.of[t]["retro"].id),
    "retro.leading.room": lambda w, s, t: leading.room(s, w.database, w.of[t]["retro"].id),
    "retro.outcome.agreed": lambda w, s, t: outcome.agreed(s, w.database, w.of[t]["retro"].id),
    "retro.outcome.since_last": lambda w, s, t: outcome.since_last(s, w.database, w.of[t]["retro"]),
    "reviewing.decisions.list_": lambda w, s, t: decisions.list_(s, w.database, w.of[t]["review"].number),
    "reviewing.pooled.shown": lambda w, s, t: shown(w.company, s, periods.parse("2026-Q1")),
    "standards_store.current": lambda w, s, t: standards_store.current(s, w.database),
    "standards_store.latest_version": lambda w, s, t: standards_store.latest_version(s, w.database),
    "standards_store.is_provisional": lambda w, s, t: standards_store.is_provisional(s, w.database),
    "standards_store.history": lambda w, s, t: standards_store.history(s, w.database),
    "surroundings.team_names": lambda w, s, t: surroundings.team_names(Lake(w.home), s),
    "who_may.names_of": lambda w, s, t: who_may.names_of(s, w.home),
    "who_may.who_may": lambda w, s, t: who_may.who_may(w.database, s, t, TEAMS[t][0], TODAY),
    "talks.action_points.list_": lambda w, s, t: action_points.list_(s, w.database),
    "talks.action_points.history": lambda w, s, t: action_points.history(s, w.database, w.of[t]["point"]),
    "talks.agenda.points": lambda w, s, t: agenda.points(s, w.database, w.of[t]["talk"]),
    "talks.conversations.get": lambda w, s, t: conversations.get(s, w.database, w.of[t]["talk"]),
    "talks.conversations.list_": lambda w, s, t: conversations.list_(s, w.database),
    "talks.conversations.history": lambda w, s, t: conversations.history(s, w.database, w.of[t]["talk"]),
    "talks.conversations.token": lambda w, s, t: conversations.token(s, w.database, w.of[t]["talk"]),
    "talks.private_notes.list_": lambda w, s, t: private_notes.list_(s, w.database, w.of[t]["talk"]),
}
# Of whole branches: an executive reads those of all of theirs, whatever the size of its teams.
OF_BRANCHES: dict[str, Call] = {
    "reviewing.reviews.get": lambda w, s, t: reviews.get(s, w.database, w.of[t]["review"].number),
    "reviewing.reviews.list_": lambda w, s, t: reviews.list_(s, w.database),
    "reviewing.reviews.find": lambda w, s, t: reviews.find(s, w.database, periods.parse("2026-Q1"), TEAMS[t][0], [t]),
    "reviewing.reviews.last_before": lambda w, s, t: reviews.last_before(
        s, w.database, periods.parse("2026-Q2"), TEAMS[t][0], [t]
    ),
}
# What only who runs the installation reads, and what names teams to them without a reading of any.
FOR_ADMINS: dict[str, Call] = {
    "surroundings.every_team": lambda w, s, t: surroundings.every_team(s, Lake(w.home)),
}
BY_NAME = {("admin", "record_reading.entries")}  # who did what, to which team, and no reading of it
ADMINS = frozenset({"admin"})
MANAGERS, ANSWERERS = frozenset({"manager"}), frozenset({"manager", "member"})
# What is written about a team, and who may. Tried by everybody with every team, and never done: each breaks off first.
WRITES: dict[str, tuple[Call, frozenset[str]]] = {
    "access.give": (lambda w, s, t: access.give(s, w.database, "no address", "analyst"), ADMINS),
    "access.withdraw": (lambda w, s, t: access.withdraw(s, w.database, 0), ADMINS),
    "access.set_threshold": (lambda w, s, t: access.set_threshold(s, w.database, 1), ADMINS),
    "bringing.take_in": (lambda w, s, t: bringing.take_in(s, w.home, Path("/nowhere")), ADMINS),
    "bringing.export": (lambda w, s, t: bringing.export(s, w.home, Path("/nowhere/file")), ADMINS),
    "coaching.actions.create": (
        lambda w, s, t: actions.create(
            s, w.database, team_id=t, play="p", sign=SIGN, why="w", starts_on=TODAY, review_on=TODAY, owner="o",
            status="done",
        ), frozenset(),
    ),
    "coaching.actions.edit": (
        lambda w, s, t: actions.edit(s, w.database, w.of[t]["action"].id, {"why": "x"}, expected_revision=99), MANAGERS,
    ),
    "coaching.actions.close": (
        lambda w, s, t: actions.close(s, w.database, w.of[t]["action"].id, "x", expected_revision=99), MANAGERS,
    ),
    "coaching.actions.reopen": (
        lambda w, s, t: actions.reopen(s, w.database, w.of[t]["action"].id, expected_revision=99), MANAGERS,
    ),
    "coaching.actions.undo": (
        lambda w, s, t: actions.undo(s, w.database, w.of[t]["action"].id, expected_revision=99), MANAGERS,
    ),
    "coaching.actions.check_in": (lambda w, s, t: _broken_off(w, s, w.of[t]["action"].id), MANAGERS),
    "coaching.swaps.change": (
        lambda w, s, t: swaps.change(s, w.database, w.of[t]["action"].id, swaps.Swap(2, "Bo")), MANAGERS,
    ),
    "coaching.swaps.note": (
        lambda w, s, t: swaps.note(s, w.database, w.of[t]["action"].id, swaps.KINDS[0], "x"), MANAGERS,
    ),
    "found_causes.record": (
        lambda w, s, t: found_causes.record(s, w.database, team_id=t, sign="?", week=TODAY, cause="x"), MANAGERS,
    ),
    "praise.add": (
        lambda w, s, t: praise.add(s, w.database, team_id=t, words="x", said_on=FAR_OFF), MANAGERS,
    ),
    "praise.pass_on": (
        lambda w, s, t: praise.pass_on(
            s, w.database, praise="x", team_id=t, how="x", passed_on=FAR_OFF
        ), MANAGERS,
    ),
    "ratings.rate": (
        lambda w, s, t: ratings.rate(s, w.database, t, "?", {}, asked_on=TODAY, voice="?"), ANSWERERS,
    ),
    "rebases.acknowledge": (
        lambda w, s, t: rebases.acknowledge(
            s, w.database, team_id=t, sign=SIGN, week=FAR_OFF, reason="x"
        ), MANAGERS,
    ),
    "replies.answer": (
        lambda w, s, t: replies.answer(s, w.database, team_id=t, sign="?", words="x"), ANSWERERS,
    ),
    "replies.decide": (
        lambda w, s, t: replies.decide(s, w.database, w.of[t]["reply"], accept=True, reason="x", seen=99), MANAGERS,
    ),
    "retro.leading.open_": (
        lambda w, s, t: leading.open_(s, w.database, team_id=t, secret=SECRET, votes_each=99), MANAGERS,
    ),
    "retro.leading.go": (
        lambda w, s, t: leading.go(s, w.database, w.of[t]["retro"].id, "vote", secret="?", seen=1), MANAGERS,
    ),
    "retro.leading.show_now": (
        lambda w, s, t: leading.show_now(s, w.database, w.of[t]["retro"].id, secret="?", seen=1), MANAGERS,
    ),
    "retro.outcome.send_remark": (
        lambda w, s, t: outcome.send_remark(s, w.database, w.of[t]["retro"].id, "?", secret="?"), MANAGERS,
    ),
    "purpose.keep": (lambda w, s, t: purpose.keep(s, w.database, None), ADMINS),  # type: ignore[arg-type]
    "standards_store.overrule": (
        lambda w, s, t: standards_store.overrule(s, w.database, "no such category", reason="x", simple=True), ADMINS,
    ),
    "standards_store.undo": (lambda w, s, t: standards_store.undo(s, w.database, "no such category"), ADMINS),
}  # fmt: skip
# The same door as one that is tried above: found by the same look-up, which refuses first.
SAME_DOOR = frozenset(
    {
        "coaching.action_rows.change",
        "coaching.action_rows.find",
        "coaching.actions.add",
        "coaching.swaps.agree",
        "found_causes.undo",
        "praise.undo",
        "praise.not_passed_on",
        "ratings.undo",
        "rebases.undo",
        "replies.undo",
        "retro.rows.find",
        "retro.rows.led",
        "retro.leading.take_over",
        "retro.leading.write_again",
        "retro.leading.group",
        "retro.leading.ungroup",
        "retro.leading.close",
        "retro.outcome.agree",
        "reviewing.reviews.keep",
        "reviewing.reviews.may_read",
        "reviewing.decisions.record",
        "reviewing.decisions.take_back",
        "talks.conversations.find",
        "talks.conversations.may_read",
        "talks.conversations.create",
        "talks.conversations.edit",
        "talks.conversations.undo",
        "talks.conversations.renew_token",
        "talks.agenda.add",
        "talks.agenda.prepare",
        "talks.agenda.talked",
        "talks.agenda.remove",
        "talks.action_points.add",
        "talks.action_points.edit",
        "talks.action_points.settle",
        "talks.action_points.become_action",
        "talks.private_notes.write",
        "talks.private_notes.remove",
        "coaching.programmes.record",
    }
)
# Takes a scope and tells nothing of a team by itself, or tells it to a function above.
INNER = frozenset(
    {
        "coaching.action_rows.asker",
        "ask.Company.wide",
        "telling.widened",
        "praise.merged",
        "causes.of_signal",
        "answerable.reading",
        "answerable.ticket_ids",
        "coaching.planning.fix",
        "coaching.planning.seen_by",
        "coaching.programmes.fixed",
        "record.note",
        "record.note_in",
        "record.looked",
        "record.looked_at_all",
        "record.took_out",
        "record.role_of",
        "standards_store.save_derived",
    }
)
# For who runs the installation: refused to all others in tests of their own.
RUN_IT = frozenset(
    {
        "keeping.backup.backup",
        "keeping.restore.restore",
        "erasing.forgetting.forget",
        "erasing.forgetting.mask_in_database",
        "erasing.forgetting.mask_in_lake",
        "erasing.handed_on.export",
        "erasing.handed_on.take",
        "erasing.retention.keep_to_it",
        "erasing.retention.would_go",
        "record_reading.shorten",
    }
)
