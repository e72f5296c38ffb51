"""The door of the browser: which home is shown, and who is asking. The only place of the pages that makes a Scope.

Who asks is found out anew at every run: a grant that was withdrawn, a sign-in that is over or was signed out of act at
the next click, in every tab.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

import streamlit as st

from dashboard import cached
from data import access, clock, sign_in
from data.errors import Trouble
from data.home import Home, find_home
from data.retro.retrospective import Seat
from data.scope import Scope, at_this_machine
from data.settings import settings_of
from data.sign_in import Person

_SHOWN = "scope of the page that is shown"
_SHOWN_TO = "who the page that is shown was drawn for"
_NOT_DONE = "something was asked for from a page that no longer holds"
P = ParamSpec("P")


@dataclass(frozen=True)
class Visitor:
    """Who stands at the door. `scope` sees nothing while nobody is signed in; `why`: what keeps them out, in words."""

    scope: Scope
    person: Person | None = None
    why: str = ""

    @property
    def local(self) -> bool:
        return not self.scope.signed_in

    @property
    def is_let_in(self) -> bool:
        """May they see any page at all?"""
        return self.local or bool(self.scope.rights)


def home() -> Home:
    """The home that `heartline serve` was started on."""
    return find_home()


def is_guarded() -> bool:
    """Must people sign in?"""
    return sign_in.is_guarded(home())


def visitor() -> Visitor:
    """Who is asking now: in local mode the one user of this machine, else who signed in, as granted."""
    if not is_guarded():
        return Visitor(at_this_machine())
    nobody = Scope("nobody", signed_in=True)
    try:
        person = _person()
        if person is None:
            return Visitor(nobody)
        return Visitor(_granted(person), person)
    except Trouble as trouble:
        return Visitor(nobody, why=str(trouble))


def scope() -> Scope:
    """What who is asking now may see and do."""
    return visitor().scope


def seated(seat: Seat) -> Scope:
    """Who takes part in a retrospective: sees that one team, and is nobody in particular."""
    return seat.scope


def shown_to(visitor: Visitor) -> None:
    """Remember for whom the whole page was drawn last."""
    st.session_state[_SHOWN], st.session_state[_SHOWN_TO] = visitor.scope, visitor


def shown_scope() -> Scope:
    """For whom the page is drawn just now: what to offer on it. What is done is checked anew where it is done."""
    found = st.session_state.get(_SHOWN)
    return found if isinstance(found, Scope) else scope()


def fragment(**options: Any) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """As st.fragment, for a part that is drawn alone: first it looks whether who asks may still see what they saw."""

    def made(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def looked(*args: P.args, **kwargs: P.kwargs) -> None:
            if _SHOWN in st.session_state and st.session_state[_SHOWN] != scope():
                st.rerun()
            draw(*args, **kwargs)

        kept: Callable[P, None] = st.fragment(looked, **options)
        return kept

    return made


def still(work: Callable[P, None]) -> Callable[P, None]:
    """For what a widget calls when it is used (`on_click`, `on_change`), which Streamlit runs before the page.

    Done only if who asks may see and do just what they could when the page was drawn: a grant that was withdrawn or
    has ended, or a sign-out, thus holds for the very next click in every tab. tests/dashboard/test_door.py finds what
    forgets it.
    """

    @wraps(work)
    def looked(*args: P.args, **kwargs: P.kwargs) -> None:
        if _SHOWN in st.session_state and st.session_state[_SHOWN] != scope():
            st.session_state[_NOT_DONE] = True
        else:
            work(*args, **kwargs)

    return looked


def handing_out(make: Callable[[Scope], bytes | str]) -> Callable[[], bytes | str]:
    """For a file that is made when it is asked for (`st.download_button`): made for who the page was drawn for, if they
    may still see and do just what they could then. Trouble otherwise, and no file.

    Streamlit makes it outside of any session, where `visitor` finds nobody: who it is for is kept with it.
    """
    kept = st.session_state.get(_SHOWN_TO)
    drawn = kept if isinstance(kept, Visitor) else visitor()

    def made() -> bytes | str:
        if _now(drawn) != drawn.scope:
            raise Trouble("What you may see and do has changed since this page was drawn: open it anew.")
        return make(drawn.scope)

    return made


def _now(drawn: Visitor) -> Scope:
    """What somebody for whom a page was drawn may see and do now. Trouble where their sign-in is over."""
    if drawn.person is None:
        return scope()
    if drawn.person.until <= clock.now():
        raise Trouble("Your sign-in is over: sign in again.")
    return _granted(drawn.person)


def _granted(person: Person) -> Scope:
    access.arrived(cached.database(home().path), person)
    return cached.scope_of(home(), person.subject, clock.now().date())


def said() -> None:
    """On top of the page: that what was asked for last was not done."""
    if st.session_state.pop(_NOT_DONE, False):
        st.warning("What you may see and do has changed since this page was drawn, so your last step was not kept.")


def _person() -> Person | None:
    """Who is signed in, if somebody is. Trouble where their sign-in names nobody, or is too long ago."""
    claims = st.user.to_dict()
    if claims.get("is_logged_in") is not True:
        return None
    return sign_in.person_of(claims, settings_of(home()), clock.now())
