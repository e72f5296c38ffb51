"""A home with what is to be erased, made once a file (its fixture `made`) and copied for each test."""

import shutil
from pathlib import Path

import pytest

from data.home import Home


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    shutil.copytree(made.path, tmp_path / "copy")
    return Home(tmp_path / "copy")
