"""What people type and what files name stays what it is: in mails, in the database, in a helpdesk's address."""

from pathlib import Path

import pytest

from dashboard import digest, tickets
from data import praise
from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.scope import local_scope

TEMPLATES = Path(digest.__file__).parent / "templates"
NASTY = ["'; DROP TABLE actions; --", "x' OR '1'='1", '"; DELETE FROM praise; --', "%' --", "\\'; --"]


def test_mails_escape_whatever_stands_in_them() -> None:
    made = digest._templates()
    assert callable(made.autoescape)
    assert made.autoescape("digest.html.j2")
    for path in TEMPLATES.glob("*.html.j2"):
        assert "safe" not in path.read_text(encoding="utf-8").replace(" ", "").split("|")
        assert "autoescape" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", NASTY)
def test_what_looks_like_sql_is_kept_as_words_and_does_nothing(words: str, tmp_path: Path) -> None:
    home, scope = Home(tmp_path), local_scope(words)
    with open_database(home) as database:
        kept = set(_tables(database))
        made = praise.add(scope, database, team_id=words, words=words, source=words)
        assert made.words == words
        assert set(_tables(database)) == kept


def _tables(database: object) -> list[str]:
    from sqlalchemy import inspect

    return inspect(database.engine).get_table_names()  # type: ignore[attr-defined]


@pytest.mark.parametrize("ticket", ["../../admin", "x?y=1#z", "javascript:alert(1)", '"><script>', "a b/c"])
def test_a_tickets_id_stays_one_part_of_the_helpdesks_address(ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_TICKET_URL", "https://desk.example/t/{ticket_id}")
    link = tickets.helpdesk_link(ticket)
    assert link is not None
    assert link.startswith("https://desk.example/t/")
    assert not set(link.removeprefix("https://desk.example/t/")) & set('/?#"<> :')


@pytest.mark.parametrize(
    "pattern", ["javascript:alert(1)//{ticket_id}", "data:text/html,{ticket_id}", "//evil/{ticket_id}"]
)
def test_a_helpdesks_address_is_one_of_the_web(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_TICKET_URL", pattern)
    with pytest.raises(Trouble, match="HEARTLINE_TICKET_URL"):
        tickets.helpdesk_link("T1")
