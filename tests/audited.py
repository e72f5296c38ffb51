"""Are weaknesses known of what Heartline is built on? `python -m tests.audited`, a part of `make check`.

Asks pip-audit about every package of requirements.lock, at the very version and hash that is installed. Where the list
of weaknesses cannot be reached it says so and goes on: who works offline is not held up, nor told that all is well.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parents[1] / "requirements.lock"
PATIENCE = 180  # seconds
# Known, and no danger here: an id with the reason. None so far.
ACCEPTED: dict[str, str] = {}


def asked(lock: Path) -> dict[str, Any] | None:
    """What pip-audit says of the lock; None where it could not be asked."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.json"
        options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--timeout", "10", "-f", "json"]
        command = [sys.executable, "-m", "pip_audit", "-r", str(lock), *options, "-o", str(out)]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE)
            told: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        except (subprocess.TimeoutExpired, OSError, ValueError):
            return None
    return told


def weaknesses(told: dict[str, Any]) -> list[str]:
    """A line for each that is not accepted: package, version, its id, the version that mends it."""
    found = []
    for package in told["dependencies"]:
        for one in package.get("vulns", []):
            if one["id"] not in ACCEPTED and not ACCEPTED.keys() & set(one.get("aliases", [])):
                mended = ", ".join(one.get("fix_versions", [])) or "no version yet"
                found.append(f"{package['name']} {package['version']}: {one['id']}, mended in {mended}")
    return found


def main() -> int:
    """0: none is known, or nobody could be asked; 1: some are."""
    told = asked(LOCK)
    if told is None:
        print("Weaknesses of packages: the list could not be asked (offline?). Nothing is known either way.")
        return 0
    found = weaknesses(told)
    for line in found:
        print(line)
    print(f"Weaknesses of packages: {len(found)} known among {len(told['dependencies'])} packages.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
