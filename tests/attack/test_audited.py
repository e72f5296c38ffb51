"""What is known of packages is told; where nobody can be asked that is told."""

from pathlib import Path

import pytest

from tests import audited

TOLD = {
    "dependencies": [
        {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"]}]},
        {"name": "b", "version": "1", "vulns": []},
        {"name": "c", "skip_reason": "not on the index"},
    ]
}


def test_a_weakness_is_named_with_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert audited.weaknesses(TOLD) == ["a 1: PYSEC-1, mended in 2"]
    monkeypatch.setitem(audited.ACCEPTED, "CVE-1", "we never call it")
    assert audited.weaknesses(TOLD) == []


@pytest.mark.parametrize(("told", "status", "said"), [(TOLD, 1, "1 known among 3"), (None, 0, "could not be asked")])
def test_it_fails_where_some_are_known_and_goes_on_where_nobody_could_be_asked(
    told: dict[str, object] | None,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(audited, "asked", lambda _: told)
    assert audited.main() == status
    assert said in capsys.readouterr().out


def test_a_lock_that_cannot_be_read_is_no_all_clear(tmp_path: Path) -> None:
    assert audited.asked(tmp_path / "missing.lock") is None
