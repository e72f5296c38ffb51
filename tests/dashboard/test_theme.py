"""Colours can be told from both pages."""

import tomllib
from pathlib import Path

import pytest

import dashboard
from dashboard.theme import COLOURS

CONFIG = tomllib.loads((Path(dashboard.__file__).parent / ".streamlit" / "config.toml").read_text("utf-8"))


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("page", ["light", "dark"])
def test_marks_stand_out_from_the_page_by_three_to_one(page: str) -> None:
    background = CONFIG["theme"][page]["backgroundColor"]
    assert {tone: contrast(colour, background) >= 3 for tone, colour in COLOURS.items()} == dict.fromkeys(COLOURS, True)


@pytest.mark.parametrize("page", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("text", ["textColor", "linkColor", "orangeTextColor", "blueTextColor", "grayTextColor"])
def test_text_stands_out_from_the_page_by_four_and_a_half_to_one(page: str, ground: str, text: str) -> None:
    theme = CONFIG["theme"][page]
    assert contrast(theme[text], theme[ground]) >= 4.5


def test_the_fonts_are_shipped_with_the_app() -> None:
    static = Path(dashboard.__file__).parent / "static"
    for face in CONFIG["theme"]["fontFaces"]:
        assert (static / face["url"].removeprefix("app/static/")).exists()
    assert (static / "fonts" / "OFL.txt").read_text("utf-8").startswith("Copyright")
