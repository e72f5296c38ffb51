"""A small sample company in a home of its own, made once a test run for all workers. Only to be read."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from data.derived import derive
from data.home import Home
from data.sample.install import install

SCALE = 0.1
DATABASE = "heartline.db"


def copy_of(home: Home, to: Path) -> Home:
    """A copy to write into. The database is copied as SQLite does it, whoever has it open just now."""
    shutil.copytree(home.path, to, ignore=shutil.ignore_patterns(f"{DATABASE}*"))
    if (home.path / DATABASE).exists():
        with closing(sqlite3.connect(home.path / DATABASE)) as ours, closing(sqlite3.connect(to / DATABASE)) as theirs:
            ours.backup(theirs)
        shutil.copymode(home.path / DATABASE, to / DATABASE)
    return Home(to)


def sample_home(root: Path, seed: int = 1, scale: float = SCALE) -> Home:
    """The sample company at `scale`, imported and counted, below `root`."""
    home = Home(root / f"sample-{seed}-{scale}")
    with FileLock(root / "sample.lock"):
        if not (home.path / "planted.json").exists():
            install(home, seed, scale=scale)
        derive(home)
    return home
