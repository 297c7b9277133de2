"""Bars as a chart of Word's own (DrawingML): drawn by the reader's program, in its fonts, sharp at every size.

The values stand in the chart itself, so it needs no workbook beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from openpyxl.chart import BarChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumFmt, NumVal, StrData, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.xml.functions import tostring

from common.wording import charted, percent, tenth

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
FILLS = ("1F4E79", "9DC3E6")  # told apart in grey print, too
GREY = "BFBFBF"
POINTS = 750  # hundredths of a point: the text of the chart
WIDE, BAR, BETWEEN, AROUND = 150, 3.0, 1.8, 14  # millimetres: the chart, a bar, the gap of a place, axis and legend


@dataclass(frozen=True)
class Chart:
    """Bars in percent, one for each label and series, none where there is no value; `goal` is what all are to reach."""

    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    goal: int | None = None

    @property
    def said(self) -> str:
        """The numbers in words, for whoever does not see the picture."""
        return charted(self.labels, self.series, percent)


def add(document: Any, paragraph: Any, chart: Chart) -> None:
    """Put the chart into the paragraph of the document."""
    number = sum(one.reltype == KIND for one in document.part.rels.values()) + 1
    blob: Any = tostring(_bars(chart)._write())
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE, blob, document.part.package)
    tall = AROUND + len(chart.labels) * (len(chart.series) * BAR + BETWEEN)
    drawing = parse_xml(
        f"<w:drawing {nsdecls('w', 'wp', 'a', 'r')}>"
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{Mm(WIDE)}" cy="{Mm(tall)}"/>'
        f'<wp:docPr id="{100 + number}" name="chart{number}"/><a:graphic><a:graphicData uri="{CHART}">'
        f'<c:chart xmlns:c="{CHART}" r:id="{document.part.relate_to(part, KIND)}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    drawing.find(".//{*}docPr").set("descr", chart.said)
    paragraph.add_run()._r.append(drawing)


CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def _bars(chart: Chart) -> Any:
    """From the first label at the top downwards; the axis goes from 0 to 100."""
    made: Any = BarChart()
    made.type, made.gapWidth = "bar", round(BETWEEN / BAR * 100)
    made.roundedCorners = False
    for order, (name, values) in enumerate(chart.series):
        made.series.append(_series(order, name, chart.labels, values))
    made.legend.position = "t"
    if len(chart.series) == 1:
        made.legend = None
    places, percents = made.x_axis, made.y_axis
    places.scaling.orientation, places.delete = "maxMin", False
    percents.scaling.min, percents.scaling.max, percents.majorUnit, percents.delete = 0, 100, 20, False
    percents.numFmt = NumFmt(formatCode='0"%"', sourceLinked=False)
    percents.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=GREY, w=3175))
    for axis in (places, percents):
        axis.txPr = _text()
        axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=GREY, w=6350))
    return made


def _series(order: int, name: str, labels: Sequence[str], values: Sequence[float | None]) -> Series:
    made = Series(idx=order, order=order)
    made.tx = SeriesLabel(v=name)
    texts = [StrVal(idx=at, v=one) for at, one in enumerate(labels)]
    numbers = [NumVal(idx=at, v=tenth(one)) for at, one in enumerate(values) if one is not None]
    made.cat = AxDataSource(strLit=StrData(ptCount=len(texts), pt=texts))
    made.val = NumDataSource(numLit=NumData(formatCode="0.0", ptCount=len(values), pt=numbers))
    made.spPr = GraphicalProperties(solidFill=FILLS[order], ln=LineProperties(solidFill=FILLS[0], w=6350))
    made.invertIfNegative = False
    made.dLbls = DataLabelList(showVal=True, numFmt='0.0"%"', txPr=_text())
    for shown in ("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize"):
        setattr(made.dLbls, shown, False)
    return made


def _text() -> RichText:
    style = CharacterProperties(sz=POINTS)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=style), endParaRPr=style)])
