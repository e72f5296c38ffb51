"""Who types a command here, and whether they may.

Without sign-in: the one user of this machine, who may do everything. With it: who was granted something under
local:NAME (NAME: the login, which no setting changes). What needs no grant is `heartline access`, `serve`, `demo`,
`check`, `settings` and `restore`: who can read and write the home's files can do that anyway.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import typer

from dashboard.commands import noting
from data import access, clock, purpose, sign_in, versions
from data.ask import Company
from data.database import open_database
from data.errors import Trouble
from data.home import Home, find_home
from data.scope import Right, Scope, at_this_machine, local_scope
from data.sign_in import LOCAL

OWNER = frozenset[Right]()  # for who owns the home, whatever they were granted
READERS = frozenset({Right.READ})
FOLLOWERS = frozenset({Right.FOLLOW})
STANDARDS = frozenset({Right.READ, Right.SETTLE})
REVIEWERS = frozenset({Right.REVIEW})
RUNNERS = frozenset({Right.RUN})
ANYONE = frozenset(Right)
IMPORTERS = frozenset({Right.IMPORT})
# By the whole name of a command: one of these rights is needed. A command that is not here is refused with sign-in.
NEEDS: dict[str, frozenset[Right]] = {
    "access": OWNER,
    "access grant": OWNER,
    "access list": OWNER,
    "access threshold": OWNER,
    "access who": OWNER,
    "access withdraw": OWNER,
    "serve": OWNER,
    "demo": OWNER,
    "check": OWNER,
    "settings": OWNER,
    "restore": OWNER,
    "backup": RUNNERS,
    "record": ANYONE,
    "forget": RUNNERS,
    "retention": RUNNERS,
    "purpose": ANYONE,
    "purpose set": RUNNERS,
    "staff-page": ANYONE,
    "import": IMPORTERS,
    "rejects": IMPORTERS,
    "history": IMPORTERS | READERS,
    "signs": READERS,
    "handoffs": READERS,
    "empathy": READERS,
    "facts": frozenset({Right.EXPORT}),
    "teams": READERS,
    "rebase": READERS,
    "replies": FOLLOWERS,
    "replies answer": FOLLOWERS,
    "replies accept": FOLLOWERS,
    "replies decline": FOLLOWERS,
    "replies undo": FOLLOWERS,
    "retrospective": FOLLOWERS,
    "retrospective list": FOLLOWERS,
    "retrospective show": FOLLOWERS,
    "actions": FOLLOWERS,
    "verdicts": FOLLOWERS,
    "plan": READERS,
    "works": FOLLOWERS,
    "plays": READERS,
    "praise": READERS,
    "praise list": READERS,
    "praise add": READERS,
    "praise pass-on": READERS,
    "praise undo": READERS,
    "one-on-ones": FOLLOWERS,
    "digest": RUNNERS,
    "review": REVIEWERS,
    "review list": REVIEWERS,
    "standards": STANDARDS,
    "standards list": STANDARDS,
    "standards set": STANDARDS,
    "standards undo": STANDARDS,
    "standards history": STANDARDS,
    "standards kept": READERS,
}


# With sign-in all others wait until it is recorded what this is for, as the pages do: they tell of teams.
BEFORE_THE_PURPOSE = frozenset(
    {name for name, needs in NEEDS.items() if needs == OWNER}
    | {"purpose", "purpose set", "staff-page", "import", "history", "backup", "record", "forget", "retention"}
)


def asking(by: str | None = None) -> Scope:
    """Who types this. `by`: in whose name, which only local mode lets one say."""
    home, here = find_home(), at_this_machine()
    if not is_guarded(home):
        return here if by is None else local_scope(by)
    if by is not None:
        raise Trouble("With sign-in everybody acts in their own name: leave --by out.")
    numbers = versions.numbers(home)
    company = Company(home) if numbers else None
    with open_database(home) as database:
        return access.scope_for(
            database,
            LOCAL + here.asker,
            clock.now().date(),
            branches=access.branches_of(home) if numbers else {},
            people=lambda: access.people_of(company) if company else {},
        )


def is_guarded(home: Home) -> bool:
    """Is sign-in set up, so that grants decide?"""
    return sign_in.is_guarded(home)


def gated(app: typer.Typer, before: str = "") -> None:
    """Let every command of `app` look first whether who types it may use it."""
    for command in app.registered_commands:
        if command.callback is not None:
            name = command.name or command.callback.__name__.rstrip("_").replace("_", "-")
            command.callback = _gate(f"{before} {name}".strip(), command.callback)
    for group in app.registered_groups:
        inner = group.typer_instance
        if inner is None:
            continue
        name = f"{before} {group.name or inner.info.name}".strip()
        alone = inner.registered_callback  # the group named with no command of it
        if alone is not None and alone.callback is not None:
            alone.callback = _gate(name, alone.callback)
        gated(inner, name)


def _gate(name: str, callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def looked(*args: Any, **kwargs: Any) -> Any:
        refuse_unless_granted(name)
        if name in noting.TELLING:
            noting.command(find_home(), asking(), name, kwargs)
        return callback(*args, **kwargs)

    return looked


def may_use(name: str, scope: Scope) -> bool:
    """May they, with sign-in, use this command? Not where nobody said what it needs."""
    needs = NEEDS.get(name)
    return needs is not None and (needs == OWNER or bool(needs & scope.rights))


def refuse_unless_granted(name: str) -> None:
    """Trouble unless who types it was granted what this command needs, where sign-in is set up."""
    if NEEDS.get(name) == OWNER or not is_guarded(find_home()):
        return
    scope = asking()
    if not scope.rights:
        raise Trouble(
            f"Sign-in is set up, and {scope.asker} was given no access: who owns the home gives it with "
            f"`heartline access grant {scope.asker} ROLE`."
        )
    if not may_use(name, scope):
        raise Trouble(f"{scope.asker} may not use `heartline {name}`: your role has no right to it.")
    if name not in BEFORE_THE_PURPOSE and not _purpose_is_recorded():
        raise Trouble(
            "It is not recorded yet what this is for, and until then nobody is told of a team: whoever runs Heartline "
            "records it with `heartline purpose set`."
        )


def _purpose_is_recorded() -> bool:
    with open_database(find_home()) as database:
        return purpose.current(database) is not None
