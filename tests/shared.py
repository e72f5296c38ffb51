"""Where the reference data of the tests lies: beside the repository, or not at all."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """The file or folder `path` of `../shared`; where it is missing the test that asks is skipped, and says so."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"the reference data ../shared/{path} is not on this machine")
    return found


def listed(pattern: str) -> list[str]:
    """Paths below `../shared` that match `pattern`, for tests made one a file; empty where there is none."""
    return sorted(str(found.relative_to(SHARED)) for found in SHARED.glob(pattern))
