"""Import, record and back up on a disk with ever more room left, from none: run by test_disk_full in a small disk."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.intake import import_file
from data.keeping import backup as backups
from data.keeping.archive import check
from data.lake import Lake
from tests.data.kills import jobs
from tests.data.kills.rounds import log, whole

BALLAST = "ballast"


def leave(disk: Path, room: int) -> None:
    """Fill the disk until `room` bytes are left."""
    (disk / BALLAST).unlink(missing_ok=True)
    free = os.statvfs(disk)
    with (disk / BALLAST).open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - room)))


def tried(what: Callable[[], object]) -> str:
    """ "done", or the sentence that was said."""
    try:
        what()
    except Trouble as trouble:
        return str(trouble)
    return "done"


def main(disk: Path, elsewhere: Path) -> None:
    """Each of the three with ever more room left; told is how often each was done and refused, and in which words."""
    Lake.require_space = lambda *_: None  # type: ignore[method-assign]
    backups._require_space = lambda *_: None
    home, told = Home(disk / "home"), Counter[str]()
    import_file(home, log(elsewhere, 1))
    said, shown, scope = set[int](), 1, jobs.EVERYONE
    with open_database(home) as database:
        for turn in range(2, 16):
            file, packed = log(elsewhere, turn), disk / f"{turn}.zip"
            leave(disk, 24_576 * (turn - 2))
            heard = tried(lambda file=file: import_file(home, file))  # type: ignore[misc]
            told[f"import: {heard}".replace(str(disk), "DISK")] += 1
            shown = turn if heard == "done" else shown
            assert whole(home) == shown
            leave(disk, 8_192 * (turn - 2))
            heard = tried(lambda: said.add(jobs.a_swap(jobs.EVERYONE, database, "x" * 9000).id))
            told[f"action: {heard}".replace(str(disk), "DISK")] += 1
            leave(disk, 32_768 * (turn - 2))
            heard = tried(lambda packed=packed: backups.backup(scope, home, packed))  # type: ignore[misc]
            told[f"backup: {heard}".replace(str(disk), "DISK").replace(packed.name, "FILE")] += 1
            assert packed.exists() == (heard == "done")
            (disk / BALLAST).unlink()
            if packed.exists():
                check(packed)
                packed.unlink()
            assert not list(disk.glob(".*.part"))
            with database.reading() as session:
                from sqlalchemy import text

                assert said <= set(session.scalars(text("SELECT id FROM actions")))
                assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    import_file(home, log(elsewhere, 99))
    assert whole(home) == 99
    for words, times in sorted(told.items()):
        sys.stdout.write(f"{times}\t{words}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
