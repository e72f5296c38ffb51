"""Pages run as Streamlit runs them, on a home of their own or on the sample company."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import altair as alt
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.plain import JOINER
from dashboard.serving import APP
from dashboard.specs import spec_of
from data.home import Home
from tests.sample_home import copy_of

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="module")
def _nothing_kept() -> Iterator[None]:
    """Streamlit's caches outlive a page. They are kept by home and version: tests of one file may share them."""
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(autouse=True, scope="session")
def _charts_are_checked() -> Iterator[None]:
    """Pages do not check their charts against Vega-Lite's schema: here the first of each place that makes any is."""
    checked, made = set(), alt.TopLevelMixin.to_dict

    def to_dict(chart: alt.TopLevelMixin, validate: bool = True, **told: Any) -> dict[str, Any]:
        asked = sys._getframe(1)  # a part of a chart is asked by Altair itself, and is no chart that stands alone
        place = asked.f_back.f_code if asked.f_code is spec_of.__code__ and asked.f_back else None
        first = place is not None and place not in checked
        checked.add(place)
        return made(chart, validate=validate or first, **told)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alt.TopLevelMixin, "to_dict", to_dict)
        yield


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Open:
    """`shown(home, "team", team="dn")`: the page as it stands after its first run, with nothing gone wrong."""

    def show(home: Home, page: str = "overview", **address: str) -> AppTest:
        monkeypatch.setenv("HEARTLINE_HOME", str(home.path))
        monkeypatch.setenv("HEARTLINE_USER", "Ada")
        app = AppTest.from_file(str(APP), default_timeout=120)
        app.switch_page(f"views/{page}.py")
        for name, value in address.items():
            app.query_params[name] = value
        return well(app.run())

    return show


def well(app: AppTest) -> AppTest:
    """The page, if nothing went wrong on it."""
    assert [error.message for error in app.exception] == []
    return app


@pytest.fixture
def own(sample: Home, tmp_path: Path) -> Home:
    """The sample company in a home that a test may write to."""
    home = Home(tmp_path / "own")
    copy_of(sample, home.path)
    return home


def asked(app: AppTest, name: str) -> str:
    """What the address says of `name`."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def text(app: AppTest) -> str:
    """All that the page says, without the escapes of Markdown."""
    headings = [*app.title, *app.header, *app.subheader]
    parts = [*headings, *app.markdown, *app.caption, *app.warning, *app.info, *app.success]
    links = [link.proto.label for link in app.get("page_link")]
    return "\n".join([*(str(part.value) for part in parts), *links]).replace("\\", "").replace(JOINER, "")
