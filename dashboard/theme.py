"""The one place for how charts look: the same in browser, PDF and slides. No Streamlit here.

Grey is common cause, blue better than expected, orange a concern (the convention of statistical process control in
the NHS, safe for the colour-blind). Each tone keeps 3:1 against the light and the dark page, and never stands alone:
a word or a shape goes with it.
"""

from typing import Any, Literal, cast

import altair as alt

GREY = "#7b8794"
BLUE = "#2b7bba"
ORANGE = "#c8641b"
FONT = "Inter, sans-serif"
TEXT = 13

Tone = Literal["better", "worse", "calm"]
COLOURS: dict[Tone, str] = {"better": BLUE, "worse": ORANGE, "calm": GREY}
SHAPES: dict[Tone, str] = {"better": "diamond", "worse": "triangle-up", "calm": "circle"}


def _config() -> dict[str, Any]:
    text = {"labelFontSize": TEXT, "titleFontSize": TEXT, "titleFontWeight": "normal"}
    return {
        "font": FONT,
        "aria": False,  # a chart is described by its sentence, not mark by mark
        "mark": {"aria": False},
        "view": {"stroke": None},
        "axis": {**text, "grid": False, "tickCount": 4, "domain": False, "labelPadding": 6},
        "axisX": {"ticks": True, "tickSize": 4},
        "axisY": {"grid": True, "gridOpacity": 0.35, "ticks": False},
        # The page's own colour of text, light or dark; black where there is no page.
        "text": {"fontSize": TEXT, "color": "currentColor"},
        "title": {"fontSize": TEXT, "anchor": "start", "fontWeight": 600},
        "header": {**text, "labelAnchor": "start"},
        "legend": {"disable": True},
        "line": {"strokeCap": "round"},
    }


@alt.theme.register("heartline", enable=True)
def heartline() -> alt.theme.ThemeConfig:
    """The chart theme. Colours of text and grid are left to the page, which knows light from dark."""
    return cast("alt.theme.ThemeConfig", {"config": _config()})
