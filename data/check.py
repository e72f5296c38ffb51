"""What is wrong with a home, and how to mend it. Looks at everything, mends nothing."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import polars as pl

from data.clock import instant, now
from data.coaching.playbook import playbook
from data.database import open_database
from data.errors import Trouble
from data.home import Home, refuse_half_restored
from data.lake import Lake
from data.settings import FILE, read_settings, settings_of
from data.sign_in import sign_in_of
from metrics.clock import parse_calendar

# Older than this and a weekly reading is about the past.
STALE_DAYS = 14
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `ok`, a `note` to know of, or `broken`; and how to mend it."""

    level: Literal["ok", "note", "broken"]
    what: str
    mend: str = ""


def findings(home: Home) -> list[Finding]:
    """All findings on this home, in the order in which one would mend them. Never raises for what it finds."""
    try:
        refuse_half_restored(home)
    except Trouble as trouble:
        return [Finding("broken", str(trouble))]
    looks: list[Callable[[Home], Iterator[Finding]]] = [
        *(_home, _settings, _sign_in, _key, _lake, _database, _record, _purpose, _tables, _freshness, _set_aside),
        *(_plays, _digests),
    ]
    found: list[Finding] = []
    said = _why_no_settings(home)  # told by the look at the settings; what needs them can say no more than that
    for look in looks:
        try:
            found.extend(look(home))
        except Trouble as trouble:
            if str(trouble) not in said:
                said.add(str(trouble))
                found.append(Finding("broken", str(trouble)))
    return found


def _why_no_settings(home: Home) -> set[str]:
    try:
        settings_of(home)
    except Trouble as trouble:
        return {str(trouble)}
    return set()


def _home(home: Home) -> Iterator[Finding]:
    if not home.path.exists():
        yield Finding("note", f"The home {home.path} does not exist yet.", "Import a file, or make the sample company.")
    elif not os.access(home.path, os.W_OK):
        yield Finding("broken", f"The home {home.path} cannot be written.", "Mend its permissions.")
    else:
        yield Finding("ok", f"The home is {home.path}.")


def _sign_in(home: Home) -> Iterator[Finding]:
    """Whether people sign in, and what is wrong with it: nobody can where anything is."""
    try:
        found = sign_in_of(home)
    except Trouble as trouble:
        yield Finding("broken", str(trouble), "See docs/access.md.")
        return
    if found is None:
        yield Finding("ok", "Local mode: one user, on this machine alone.")
        return
    insecure = found.redirect_uri.startswith("http://") and urlsplit(found.redirect_uri).hostname not in HERE
    if insecure:
        said = "Sign-in answers to an address without https, so that its cookie can be read on the way."
        yield Finding("note", said, f"Make redirect_uri in {found.path} an https address.")
    ways = ", ".join(one.name for one in found.providers)
    yield Finding("ok", f"People sign in by {ways}.")


def _settings(home: Home) -> Iterator[Finding]:
    """Each wrong setting, and a file of settings with a password in it that others can read."""
    read = read_settings(home)
    for sentence in read.wrong:
        yield Finding("broken", sentence, "See docs/settings.md.")
    path = home.path / FILE
    secret = any(one.setting.secret and one.source == str(path) for one in read.held)
    if secret and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("broken", f"Others on this machine can read the passwords in {path}.", f"Run: chmod 600 {path}")
    if not read.wrong:
        changed = sum(bool(one.source) for one in read.held)
        yield Finding("ok", f"The settings can be read; {changed} are changed; see `heartline settings`.")


def _key(home: Home) -> Iterator[Finding]:
    if not home.key.exists():
        if Lake(home).current().number:
            yield Finding(
                "broken",
                f"The key {home.key} is missing: new imports would not join with what is there.",
                "Bring it back from a backup.",
            )
    elif os.name == "posix" and stat.S_IMODE(home.key.stat().st_mode) & 0o077:
        yield Finding("broken", f"Others on this machine can read the key {home.key}.", f"Run: chmod 600 {home.key}")


def _lake(home: Home) -> Iterator[Finding]:
    lake = Lake(home)
    version = lake.current()
    wrong = lake.check()
    for sentence in wrong:
        yield Finding("broken", sentence)
    if not version.number:
        yield Finding("note", "There is no data yet.", "Import a file with `heartline import FILE`.")
    elif not wrong:
        yield Finding("ok", f"Data version {version.number} can be read to its end ({_rows(version.rows)}).")


def _rows(rows: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in rows.items() if count and name != "rejects")


def _database(home: Home) -> Iterator[Finding]:
    if not home.path.exists() and not settings_of(home).database_url:
        return
    open_database(home).close()
    yield Finding("ok", "The database opens and is up to date.")


def _record(home: Home) -> Iterator[Finding]:
    """Does the record of who did what still hold together, from its first row to the last that was ever written?"""
    from data.record_reading import verify

    if not home.key.exists():  # nothing was ever recorded, or its loss is told already
        return
    with open_database(home) as database:
        found = verify(database)
    if found.wrong is not None:
        yield Finding("broken", found.wrong, "See `heartline record`; find out who could write to the database.")
    elif found.rows:
        yield Finding("ok", f"The record of who did what holds together ({found.rows:,} rows).")


def _purpose(home: Home) -> Iterator[Finding]:
    """Is it recorded why this is done, and does anything wait that was to be forgotten?"""
    from data import purpose
    from data.erasing import forgotten

    if not Lake(home).current().number:
        return
    with open_database(home) as database:
        if purpose.current(database) is None:
            yield Finding(
                "note",
                "The purpose is not recorded yet, so nothing is dropped for its age.",
                "Record it on the page Purpose or with `heartline purpose set`.",
            )
        if forgotten.unfinished(database):
            yield Finding(
                "broken", "Somebody who is to be forgotten is not wholly forgotten yet.", "Run: heartline retention"
            )


def _tables(home: Home) -> Iterator[Finding]:
    lake = Lake(home)
    version = lake.current()
    if not version.number:
        return
    missing = [name for name in ("teams", "people", "events") if not version.rows.get(name)]
    lost = {
        "teams": "Teams are called by their ids and keep the default hours (Monday to Friday, nine to five, UTC).",
        "people": "Load, absence and newcomers cannot be shown, and handoffs for absence are not known as such.",
        "events": "Tickets are read from their summaries: kinds of handoff cannot be told.",
    }
    for name in missing:
        yield Finding("note", f"There is no table {name}. {lost[name]}", f"Import it with `--as {name}`.")
    yield from _unknown_teams(lake)
    yield from _calendars(lake)


def _unknown_teams(lake: Lake) -> Iterator[Finding]:
    teams = lake.scan("teams").select("team_id")
    if not teams.collect().height:
        return
    unknown = sorted(_seen_teams(lake) - set(teams.collect()["team_id"]))
    if unknown:
        some = ", ".join(unknown[:5]) + (" and others" if len(unknown) > 5 else "")
        yield Finding("note", f"{len(unknown)} teams have tickets but are not in the table teams: {some}.", "Add them.")


def _seen_teams(lake: Lake) -> set[str]:
    """The teams that tickets and events name."""
    named = [lake.scan(name).select("team_id").drop_nulls() for name in ("tickets", "events")]
    return set(pl.concat(named).unique().collect()["team_id"])


def _calendars(lake: Lake) -> Iterator[Finding]:
    for text in lake.scan("teams").select(pl.col("calendar").drop_nulls().unique()).collect()["calendar"]:
        try:
            parse_calendar(text)
        except ValueError as error:
            yield Finding("broken", str(error), "Mend it in the table teams and import that again.")


def _freshness(home: Home) -> Iterator[Finding]:
    horizon = Lake(home).current().horizon
    if horizon is None:
        return
    days = (now() - horizon).days
    if days > STALE_DAYS:
        yield Finding(
            "note", f"The newest data is of {horizon:%d %B %Y}, {days:,} days ago.", "Import what came since."
        )
    elif days < -1:
        yield Finding("broken", f"Some data is dated {horizon:%d %B %Y}, which is yet to come.", "Mend those dates.")


def _plays(home: Home) -> Iterator[Finding]:
    """A company's own plays: those with an error, and those that take the place of a shipped one."""
    kept = playbook(home)
    for sentence in kept.troubles:
        yield Finding("broken", sentence, "The other plays work. See docs/playbook.md.")
    for play in kept.replaced:
        yield Finding("ok", f"Your own play {play.name} takes the place of the shipped {play.key}.")


def _set_aside(home: Home) -> Iterator[Finding]:
    from data import rejects

    waiting = rejects.listing(home)["reject_id"].n_unique()
    if waiting:
        yield Finding(
            "note", f"{waiting:,} rows were set aside.", "See `heartline rejects`, mend them, import them again."
        )


def _digests(home: Home) -> Iterator[Finding]:
    """Who is to get a digest, and what did not go out."""
    from data.digests import outbox, recipients

    path = home.path / recipients.FILE
    if path.exists():
        yield from _recipients(home, path)
    if not home.path.exists() and not settings_of(home).database_url:
        return
    with open_database(home) as database:
        found, at = outbox.unsent(database), instant(None)
    for one in found:
        told = f"The digest of the week of {one.week.day} {one.week:%B %Y} to {one.recipient}"
        if one.is_lost(at):
            yield Finding(
                "note",
                f"{told} was being sent when the program ended: it may have arrived.",
                "Ask; `heartline digest --again` sends it again.",
            )
        elif one.is_due(at):
            times = "once" if one.tries == 1 else f"{one.tries} times"
            tried = f" (tried {times}; {one.why})" if one.tries else ""
            yield Finding("note", f"{told} is kept and was not sent yet{tried}.", "Run `heartline digest` again.")
        elif one.state != outbox.SENDING:
            yield Finding("note", f"{told} could not be sent ({one.why}) and is tried no more.", "It is past now.")


def _recipients(home: Home, path: Path) -> Iterator[Finding]:
    from data.digests import recipients

    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("broken", f"Others on this machine can read the passwords in {path}.", f"Run: chmod 600 {path}")
    lake = Lake(home)
    if not lake.current().number:
        return
    teams: dict[str, str | None] = dict.fromkeys(_seen_teams(lake))
    teams |= dict(lake.scan("teams").select("team_id", "branch").collect().iter_rows())
    declared = recipients.declared(home, teams)
    for trouble in declared.troubles:
        yield Finding("broken", trouble, f"Mend {path}.")
    if not declared.troubles:
        yield Finding("ok", f"{len(declared.recipients)} managers get a digest.")
