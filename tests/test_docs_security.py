"""docs/security.md names tests: each is there, under that name, and runs."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def named(document: str) -> list[tuple[str, str]]:
    return NAMED.findall((ROOT / "docs" / document).read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", ["security.md", "privacy.md", "access.md"])
def test_every_test_that_is_named_exists(document: str) -> None:
    missing = []
    for file, name in named(document):
        path = ROOT / file
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
        if not any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body):
            missing.append(f"{file}::{name}")
    assert missing == []


def test_every_row_of_the_threats_has_a_test_beside_it() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    tables = text.partition("## Who gets in")[2].partition("## Telling")[0]
    rows = [
        line for line in tables.splitlines() if line.startswith("| ") and not line.startswith(("| attack", "| ---"))
    ]
    assert len(rows) >= 25
    assert [row for row in rows if not NAMED.search(row)] == []
