"""Word papers laid out by GB/T 9704-2012 (党政机关公文格式): 版心 156×225 mm, 22 lines of 28 characters (H3)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor

from common import charts

SONG, HEI, KAI, FANG, TITLE = "宋体", "黑体", "楷体_GB2312", "仿宋_GB2312", "方正小标宋简体"
# What a computer without the font takes in its place, in this order.
FALLBACKS = {
    FANG: ("仿宋", "FangSong", "STFangsong", "方正仿宋简体", "FZFangSong-Z02S"),
    KAI: ("楷体", "KaiTi", "STKaiti", "方正楷体简体", "FZKai-Z03S"),
    HEI: ("SimHei", "STHeiti", "方正黑体简体", "FZHei-B01S"),
    SONG: ("SimSun", "STSong", "方正书宋简体", "FZShuSong-Z01S"),
    TITLE: ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "小标宋体", "华文中宋", "STZhongsong", "宋体"),
}
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
NUMBER_TO_EDGE = Mm(23)  # the page number's line lies 7 mm under the text
SIZE, TITLE_SIZE, NUMBER_SIZE, TABLE_SIZE = Pt(16), Pt(22), Pt(14), Pt(12)
LINE, TITLE_LINE, TABLE_LINE = Pt(28.95), Pt(32), Pt(18)
SHORT = 8  # characters: a column with nothing longer stands in the middle
# 22 × 28.95 pt = 225 mm; 28 × (16 − 0.25) pt fit into 156 mm. Set on the text itself: a page grid of characters is
# laid out by each program in its own way.
TIGHTER = "-5"  # in twentieths of a point
TITLE_CHARACTERS = 20
RED = RGBColor(0xD0, 0x10, 0x10)
GREY = RGBColor(0x70, 0x70, 0x70)
LEVELS = ((re.compile(r"[一二三四五六七八九十]+、"), HEI), (re.compile(r"（[一二三四五六七八九十]+）"), KAI))
BREAK_AFTER = ("关于", "街道", "社区", "镇", "村", "年度", "季度", "月")
UNBROKEN = ("农村", "乡村", "“村")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Annex:
    """附件: a table on pages of its own, widths in millimetres, 156 together; under it its chart, if it has one."""

    title: str
    head: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]
    chart: "charts.Chart | None" = None


@dataclass(frozen=True)
class Paper:
    """What stands in a paper. `text` is one string a paragraph; “一、” and “（一）” at its head make it a heading."""

    title: str
    text: Sequence[str]
    issuer: str
    day: date | None
    number: str = ""
    to: str = ""
    annexes: Sequence[Annex] = ()
    is_draft: bool = False


def docx(paper: Paper) -> bytes:
    """The paper as a Word file; with a number it bears the issuer's red head, as a draft a mark on each page."""
    document = Document()
    _lay_out(document)
    _name(document, paper)
    _foot(document.sections[0])
    if paper.is_draft:
        _mark_draft(document.sections[0])
    if paper.number:
        _head(document, paper)
    _title(document, paper.title)
    if paper.to:
        _line(document, _stopped(paper.to), indent=False)
    for one in paper.text:
        _body(document, one)
    _annex_note(document, paper.annexes)
    _sign(document, paper)
    for order, annex in enumerate(paper.annexes, start=1):
        _annex(document, annex, order if len(paper.annexes) > 1 else 0)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def long_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _lay_out(document: Any) -> None:
    """Page, grid, the style of the text, and the names of fonts to take instead."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.header_distance, section.footer_distance = Mm(15), NUMBER_TO_EDGE
    if (grid := section._sectPr.find(qn("w:docGrid"))) is not None:
        section._sectPr.remove(grid)
    document.settings.odd_and_even_pages_header_footer = True
    normal = document.styles["Normal"]
    normal.font.size = SIZE
    _font(normal.element.get_or_add_rPr(), FANG)
    for element in (document.styles.element, document.settings.element):  # whose forms a font in place of these takes
        for one in element.iter(qn("w:lang"), qn("w:themeFontLang")):
            one.set(qn("w:eastAsia"), "zh-CN")
    form = normal.paragraph_format
    form.line_spacing, form.space_before, form.space_after, form.widow_control = LINE, Pt(0), Pt(0), False
    fonts = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts._blob = _font_table().encode()


def _font_table() -> str:
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(instead)}"/><w:charset w:val="86"/></w:font>'
        for name, instead in FALLBACKS.items()
    )
    declared = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{declared}<w:fonts {nsdecls('w')}>{rows}</w:fonts>"


def _name(document: Any, paper: Paper) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = _clean(paper.title), _clean(paper.issuer), ""
    properties.comments, properties.language = "", "zh-CN"
    properties.created = properties.modified = timezone.now()


def _font(run_properties: Any, name: str) -> None:
    """One font for every script: python-docx alone sets the Western one only."""
    fonts = run_properties.get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    for key in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{key}"), name)
    fonts.set(qn("w:hint"), "eastAsia")


def _run(paragraph: Any, text: str, font: str = FANG, size: Any = None, colour: Any = None) -> Any:
    run = paragraph.add_run(_clean(text))
    _font(run._r.get_or_add_rPr(), font)
    if size:
        run.font.size = size
    else:
        _tighten(run._r.get_or_add_rPr())
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _tighten(run_properties: Any) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), TIGHTER)
    run_properties.append(spacing)


def _clean(text: str) -> str:
    """Without the control characters that no XML can hold."""
    return CONTROL.sub("", text)


def _indent(paragraph: Any, **characters: float) -> None:
    """Indents in characters of the text, and in points for programs that know no characters."""
    indents = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, count in characters.items():
        indents.set(qn(f"w:{name}Chars"), str(round(count * 100)))
        indents.set(qn(f"w:{name}"), str(round(count * SIZE.pt * 20)))


def _line(document: Any, text: str = "", *, indent: bool = True) -> Any:
    paragraph = document.add_paragraph()
    if text:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        _run(paragraph, text)
    if indent and text:
        _indent(paragraph, firstLine=2)
    return paragraph


def _body(document: Any, text: str) -> None:
    """One paragraph; a heading's own words (to the first full stop) in the font of its level."""
    font = next((font for pattern, font in LEVELS if pattern.match(text)), None)
    if font is None:
        _line(document, text)
        return
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _indent(paragraph, firstLine=2)
    heading, stop, rest = text.partition("。")
    _run(paragraph, heading + (stop if rest else ""), font)
    if rest:
        _run(paragraph, rest)
    else:
        paragraph.paragraph_format.keep_with_next = True


def _head(document: Any, paper: Paper) -> None:
    """发文机关标志, two lines lower the number, under it the red line as wide as the text."""
    mark = document.add_paragraph()
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    size = min(42, int(440 / max(1, len(paper.issuer))))
    mark.paragraph_format.line_spacing = Pt(size + 10)
    _run(mark, paper.issuer, TITLE, Pt(size), RED)
    _line(document)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(number, paper.number)
    number.paragraph_format.space_after = Mm(4)
    _red_line(number)
    _line(document)


def _red_line(paragraph: Any) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "8"), ("color", str(RED))):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _title(document: Any, title: str) -> None:
    for line in title_lines(title):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = TITLE_LINE
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, line, TITLE, TITLE_SIZE)
    _line(document)


def title_lines(title: str) -> list[str]:
    """The title as it is, or broken near its middle where the sense allows."""
    title = " ".join(title.split())
    if len(title) <= TITLE_CHARACTERS:
        return [title]
    middle = len(title) / 2
    heads = [title[:at] for at in range(4, len(title) - 3)]
    places = [len(one) for one in heads if one.endswith(BREAK_AFTER) and not one.endswith(UNBROKEN)]
    place = min(places, key=lambda at: abs(at - middle), default=round(middle))
    return [*title_lines(title[:place]), *title_lines(title[place:])]


def _annex_note(document: Any, annexes: Sequence[Annex]) -> None:
    """附件说明, a line under the text."""
    if not annexes:
        return
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _line(document).paragraph_format.keep_with_next = True
    for order, annex in enumerate(annexes, start=1):
        lead = _("附件：") if order == 1 else "　　　"
        line = _line(document, f"{lead}{f'{order}. ' if len(annexes) > 1 else ''}{annex.title}")
        line.paragraph_format.keep_with_next = order < len(annexes)


def _sign(document: Any, paper: Paper) -> None:
    """落款: name and date at the right, the shorter of the two centred on the longer, never without text above."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    lines = [paper.issuer, long_day(paper.day) if paper.day else _("　　　　年　月　日")]
    widest = max(_width(one) for one in lines)
    margin = 4 if _width(lines[0]) <= _width(lines[1]) else 2
    for _blank in range(2):
        _line(document).paragraph_format.keep_with_next = True
    for text in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _indent(paragraph, right=margin + (widest - _width(text)) / 2)
        paragraph.paragraph_format.keep_with_next = text is lines[0]
        _run(paragraph, text)


def _width(text: str) -> float:
    """In characters of the text: digits and Latin letters take half of one."""
    return sum(0.5 if one.isascii() else 1 for one in text)


def _annex(document: Any, annex: Annex, order: int) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.page_break_before = True
    _run(paragraph, _("附件") + (str(order) if order else ""), HEI)
    _line(document)
    _title(document, annex.title)
    table = document.add_table(rows=1, cols=len(annex.head), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _repeat(table.rows[0])
    _cells(table.rows[0], [label for label, _millimetres in annex.head], font=HEI)
    middle = [all(len(one) <= SHORT or one.isdecimal() for one in column) for column in zip(*annex.rows, strict=True)]
    for row in annex.rows:
        _cells(table.add_row(), row, middle)
    for (_label, millimetres), column in zip(annex.head, table.columns, strict=True):
        column.width = Mm(millimetres)
        for cell in column.cells:
            cell.width = Mm(millimetres)
    if annex.chart and annex.chart.labels:
        _chart(document, annex.chart)


def _chart(document: Any, chart: charts.Chart) -> None:
    """Its name above it, with the goal, and both on one page."""
    named = _("、").join(name for name, _values in chart.series)
    goal = _("（目标 %s%%）") % chart.goal if chart.goal is not None else ""
    name = document.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.paragraph_format.keep_with_next = True
    name.paragraph_format.line_spacing, name.paragraph_format.space_before = TABLE_LINE, Mm(4)
    _run(name, f"{named}{goal}", HEI, TABLE_SIZE)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    charts.add(document, paragraph, chart)


def _cells(row: Any, values: Sequence[str], middle: Iterable[bool] = (), font: str = FANG) -> None:
    """`middle` says which cells stand in the middle of their column, as heads all do."""
    no_split = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(no_split)
    for cell, value, short in zip(row.cells, values, middle or [True] * len(values), strict=True):
        cell.vertical_alignment = 1
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.line_spacing = TABLE_LINE
        if short:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, value, font, TABLE_SIZE)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _foot(section: Any) -> None:
    """“— 1 —” outside: at the right on odd pages, at the left on even ones, one character from the edge."""
    sides = (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "right"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "left"),
    )
    for footer, alignment, side in sides:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = alignment
        _indent(paragraph, **{side: 1})
        _run(paragraph, "— ", SONG, NUMBER_SIZE)
        _field(_run(paragraph, "", SONG, NUMBER_SIZE), "PAGE")
        _run(paragraph, " —", SONG, NUMBER_SIZE)


def _field(run: Any, code: str) -> None:
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.set(qn("xml:space"), "preserve")
            part.text = f" {code} "
        run._r.append(part)


def _mark_draft(section: Any) -> None:
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, _("草稿，未签发"), HEI, Pt(12), GREY)


def _stopped(text: str) -> str:
    return text if text.endswith(("：", ":")) else f"{text}："
