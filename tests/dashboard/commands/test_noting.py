"""Whatever the command line tells of teams is noted in the record."""

from dashboard.commands import asking, noting
from data.scope import Right

# They change something, which has a row of its own; tell a play, a group's help, or what everybody may read; or list
# what was agreed by number and day alone.
TELLS_NO_READING = {
    "plays", "praise", "praise add", "praise pass-on", "praise undo", "replies answer", "replies accept",
    "replies decline", "replies undo", "retrospective", "retrospective list", "review list", "standards",
    "standards list", "standards set", "standards undo", "standards history", "history",
}  # fmt: skip


def test_each_command_that_tells_of_teams_is_noted() -> None:
    of_teams = {Right.READ, Right.FOLLOW, Right.EXPORT, Right.REVIEW}
    telling = {name for name, needs in asking.NEEDS.items() if needs & of_teams and needs != asking.ANYONE}
    assert telling - noting.TELLING == TELLS_NO_READING
    assert noting.TELLING - telling == {"rejects"}  # rows of the import, which may be about people
