"""A small sample company in a home of its own, made once a test run for all workers. Only to be read."""

import shutil
from pathlib import Path

from filelock import FileLock

from data.derived import derive
from data.home import Home
from data.sample.install import install

SCALE = 0.1


def copy_of(home: Home, to: Path) -> Home:
    """A copy to write into. What SQLite lays beside a database that somebody else has open just now is not copied."""
    shutil.copytree(home.path, to, ignore=shutil.ignore_patterns("*.db-shm", "*.db-wal"))
    return Home(to)


def sample_home(root: Path, seed: int = 1, scale: float = SCALE) -> Home:
    """The sample company at `scale`, imported and counted, below `root`."""
    home = Home(root / f"sample-{seed}-{scale}")
    with FileLock(root / "sample.lock"):
        if not (home.path / "planted.json").exists():
            install(home, seed, scale=scale)
        derive(home)
    return home
