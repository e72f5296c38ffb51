"""A sign of simple tickets needs a category that counts as simple, and says so after what the tables lack."""

from metrics import needs
from metrics.signs.slow_simple import SIGN

TABLES = frozenset({"tickets.category", "tickets.team_id", "tickets.resolved_at"})


def test_where_no_category_is_simple_that_is_what_is_lacking() -> None:
    need = needs.lacking(SIGN, TABLES)
    assert need == needs.SIMPLE
    assert needs.in_words(need) == "the data has no category that counts as simple (see the page Method)"
    assert needs.lacking(SIGN, TABLES | {needs.SIMPLE}) is None


def test_what_a_table_lacks_is_said_first() -> None:
    assert needs.lacking(SIGN, frozenset()) == "tickets.category"
