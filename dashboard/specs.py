"""A chart as it is kept and sent: plain JSON, with its data as the bytes that Streamlit would make of it at every view.

To make and check a chart takes Altair 24 ms, to turn its rows into Arrow takes Streamlit 5: both are done once. It is
not checked against Vega-Lite's schema here, which took a quarter of a first view: the tests check every chart.
"""

from typing import Any, Protocol

from streamlit.dataframe_util import convert_anything_to_arrow_bytes

Spec = dict[str, Any]


class Chart(Protocol):
    """What Altair's charts have in common here."""

    def to_dict(self, validate: bool = True) -> dict[str, Any]: ...


def spec_of(chart: Chart) -> Spec:
    """The chart's specification, ready for `st.vega_lite_chart`."""
    made = chart.to_dict(validate=False)
    made["datasets"] = {name: convert_anything_to_arrow_bytes(rows) for name, rows in made.get("datasets", {}).items()}
    return made
