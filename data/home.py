"""Where a company's Heartline keeps what it keeps: one folder, the home."""

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from data.errors import Trouble

RESTORING = "restoring.json"  # lies in a home while a backup is put into it: data.keeping.restore


@dataclass(frozen=True)
class Home:
    """The folder with the lake, the database, the key and what is derived from them."""

    path: Path

    @property
    def lake(self) -> Path:
        return self.path / "lake"

    @property
    def versions(self) -> Path:
        return self.path / "versions"

    @property
    def derived(self) -> Path:
        """What can be made again from the lake: facts and counts. Safe to delete."""
        return self.path / "derived"

    @property
    def key(self) -> Path:
        return self.path / "key"

    @property
    def profiles(self) -> Path:
        """The company's own profiles, looked at before those that are shipped."""
        return self.path / "profiles"

    @property
    def plays(self) -> Path:
        """The company's own plays, beside those that are shipped: see data.coaching.playbook."""
        return self.path / "plays"

    @property
    def database_url(self) -> str:
        """Where the database is. Trouble where the settings are wrong."""
        from data.settings import settings_of  # which asks here where its file is

        return settings_of(self).database_url or f"sqlite:///{self.path / 'heartline.db'}"


def find_home(given: Path | str | None = None) -> Home:
    """`given` (--home), else HEARTLINE_HOME, else the platform's data folder. The folder need not exist yet.

    Raises Trouble where it is a file.
    """
    chosen = given or os.environ.get("HEARTLINE_HOME") or user_data_path("heartline", appauthor=False)
    path = Path(chosen).expanduser().resolve()
    if os.path.isfile(path):  # pathlib's own raises where the folder above may not be looked into
        raise Trouble(f"The home {path} is a file: name a folder with --home or HEARTLINE_HOME.")
    return Home(path)


def refuse_half_restored(home: Home) -> None:
    """Trouble where a restore into this home has not ended: half of what people wrote is not what they wrote."""
    if os.path.exists(home.path / RESTORING):  # pathlib's own raises where the home may not be looked into
        raise Trouble(
            f"The home {home.path} is half restored: a restore into it was stopped, or is still under way. "
            f"Run `heartline restore FILE --home {home.path}` (again) before anything else."
        )
