"""A Chromium for the browser tests: found on the machine, or installed.

`python -m tests.chromium` prints where it is, and installs one first where there is none: Debian's package where apt
is there, else playwright's own. `executable()` only looks.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The first is Debian's Chromium without its window: the same engine at half the work for a page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# No sandbox, because tests often run as root; nothing that asks hosts outside this machine.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> Path | None:
    """CHROMIUM, else one on the path, else one in its usual place, else playwright's own; None where there is none."""
    if given := os.environ.get("CHROMIUM"):
        return Path(given) if Path(given).exists() else None
    on_path = (shutil.which(name) for name in NAMES)
    found = next((path for path in (*on_path, *PLACES) if path and Path(path).exists()), None)
    return Path(found) if found else _of_playwright()


def install() -> None:
    """Debian's package where this is Debian and we may install it, else playwright's own."""
    if shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        wanted = ["install", "-y", "-qq", "--no-install-recommends"]
        for step in (["update", "-qq"], [*wanted, "chromium-headless-shell"], [*wanted, "chromium"]):
            if executable():
                return
            subprocess.run(["apt-get", *step], env=environment, check=False, stdout=subprocess.DEVNULL)
        if executable():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _of_playwright() -> Path | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def main() -> int:
    """Print where the Chromium is; 1 where none could be had."""
    found = executable()
    if found is None:
        install()
        found = executable()
    if found is None:
        print("No Chromium: install one, or name it in the variable CHROMIUM.", file=sys.stderr)
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
