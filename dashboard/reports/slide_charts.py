# mypy: allow-untyped-calls
"""The charts of a review as charts of the slides' own program: they can be clicked, restyled, and opened as numbers."""

from datetime import date
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.theme import GREY

INK, PALE = RGBColor(0x1F, 0x29, 0x33), RGBColor(0xB4, 0xBC, 0xC5)
MIDDLE = RGBColor.from_string(GREY.removeprefix("#"))
MARKERS = (
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.TRIANGLE,
    XL_MARKER_STYLE.DIAMOND,
    XL_MARKER_STYLE.PLUS,
)
_LINES = {
    "Measured": (INK, 2.0, None),
    "Expected": (MIDDLE, 1.5, MSO_LINE.DASH),
    "Upper limit": (PALE, 1.0, None),
    "Lower limit": (PALE, 1.0, None),
}
_FUNNEL = {"Middle": (MIDDLE, 1.5, None), "95% low": (PALE, 1.0, None), "95% high": (PALE, 1.0, None)}


def add(slide: Any, native: dict[str, Any], place: tuple[int, int, int, int], told: str) -> Any:
    """Add the chart at (left, top, width, height); `told` is its alternative text."""
    kind, data = _weeks(native) if native["kind"] == "line" else _cross(native)
    frame = slide.shapes.add_chart(kind, *place, data)
    described(frame, told)
    chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(11), "Inter", INK
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    values = chart.value_axis
    values.minimum_scale = 0
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = native["format"], False
    values.major_gridlines.format.line.color.rgb = RGBColor(0xE3, 0xE7, 0xEB)
    values.format.line.fill.background()
    if native["kind"] == "line":
        _style_weeks(chart)
    else:
        _style_cross(chart, native)
    return frame


def described(frame: Any, told: str) -> None:
    """What a shape shows, for those who cannot see it."""
    frame._element.xpath(".//p:cNvPr")[0].set("descr", told)


def _weeks(native: dict[str, Any]) -> tuple[Any, Any]:
    data = CategoryChartData(number_format=native["format"])
    data.categories = [date.fromisoformat(week) for week in native["weeks"]]
    for name, values in native["series"].items():
        data.add_series(name, values)
    return XL_CHART_TYPE.LINE, data


def _style_weeks(chart: Any) -> None:
    axis = chart.category_axis
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "d mmm", False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.has_major_gridlines = False
    axis.format.line.color.rgb = PALE
    _every_third_month(axis)
    for series in chart.plots[0].series:
        _line(series, *_LINES[series.name])
        series.smooth = False
        series.marker.style = XL_MARKER_STYLE.NONE


def _every_third_month(axis: Any) -> None:
    """A label each quarter: the library has no word for it, the file format has (c:majorUnit after c:lblOffset)."""
    after = axis._element.find(qn("c:lblOffset"))
    for tag, value in (("c:majorTimeUnit", "months"), ("c:majorUnit", "3"), ("c:baseTimeUnit", "days")):
        for old in axis._element.findall(qn(tag)):
            axis._element.remove(old)
        unit = axis._element.makeelement(qn(tag), {"val": value})
        after.addnext(unit)


def _cross(native: dict[str, Any]) -> tuple[Any, Any]:
    data = XyChartData(number_format=native["format"])
    for name, pairs in [*native["lines"].items(), *native["points"].items()]:
        series = data.add_series(name)
        for x, y in pairs:
            series.add_data_point(x, y)
    return XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data


def _style_cross(chart: Any, native: dict[str, Any]) -> None:
    across = chart.category_axis
    across.has_major_gridlines = False
    across.minimum_scale = 0
    across.tick_labels.number_format, across.tick_labels.number_format_is_linked = "#,##0", False
    across.format.line.color.rgb = PALE
    groups = list(native["points"])
    for series in chart.plots[0].series:
        if series.name in _FUNNEL and series.name not in groups:
            _line(series, *_FUNNEL[series.name])
            series.marker.style = XL_MARKER_STYLE.NONE
            continue
        series.format.line.fill.background()
        series.marker.style = MARKERS[groups.index(series.name) % len(MARKERS)]
        series.marker.size = 7
        series.marker.format.fill.background()
        series.marker.format.line.color.rgb = INK


def _line(series: Any, colour: RGBColor, width: float, dash: Any) -> None:
    line = series.format.line
    line.color.rgb, line.width = colour, Pt(width)
    if dash is not None:
        line.dash_style = dash
