"""Word papers have the page, the fonts and the order of GB/T 9704-2012."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from defusedxml.ElementTree import fromstring
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm

from common.charts import Chart
from common.documents import Annex, Paper, docx, title_lines
from common.numerals import numeral

ANNEX = Annex("问题清单", [("序号", 20), ("问题", 136)], [("1", "账目不清")])


def made(**changes):
    values = {
        "title": "关于对龙门村开展常规巡察情况的报告",
        "text": ["开头。", "一、基本情况", "（一）压实责任。逐条整改。", "1．一件事。"],
        "issuer": "涪城区委巡察办",
        "day": date(2026, 11, 4),
    } | changes
    content = docx(Paper(**values))
    return Document(BytesIO(content)), content


def lines(document):
    return [one.text for one in document.paragraphs]


def fonts(paragraph):
    return [run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs]


def test_page_is_a4_with_a_text_of_156_by_225_millimetres():
    section = made()[0].sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_28_characters_and_22_lines_fit():
    normal = made()[0].styles["Normal"]
    assert normal.font.size.pt == 16
    assert (
        22 * normal.paragraph_format.line_spacing.pt <= 225 * 72 / 25.4 < 23 * normal.paragraph_format.line_spacing.pt
    )
    spacing = made()[0].paragraphs[2].runs[0]._r.rPr.find(qn("w:spacing"))
    width = 16 + int(spacing.get(qn("w:val"))) / 20
    assert 28 * width <= 156 * 72 / 25.4 < 29 * width


def test_each_level_has_its_font():
    document, _content = made()
    by_text = {one.text: fonts(one) for one in document.paragraphs if one.text}
    assert by_text["关于对龙门村开展常规巡察情况的报告"] == ["方正小标宋简体"]
    assert by_text["一、基本情况"] == ["黑体"]
    assert by_text["（一）压实责任。逐条整改。"] == ["楷体_GB2312", "仿宋_GB2312"]
    assert by_text["1．一件事。"] == ["仿宋_GB2312"]


def test_paragraphs_begin_two_characters_in():
    first = next(one for one in made()[0].paragraphs if one.text == "开头。")
    assert first._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_a_computer_without_the_fonts_is_told_what_to_take():
    table = ZipFile(BytesIO(made()[1])).read("word/fontTable.xml").decode()
    named = re.findall(r'w:name="([^"]+)"><w:altName w:val="([^"]+)"', table)
    assert dict(named)["仿宋_GB2312"].startswith("仿宋,FangSong")
    assert len(named) == 5


def test_characters_have_their_chinese_forms_in_any_font():
    """Else a font that takes another's place may draw them as in Japan or Taiwan."""
    archive = ZipFile(BytesIO(made()[1]))
    texts = [archive.read(f"word/{name}.xml").decode() for name in ("styles", "settings")]
    for text, name in zip(texts, ("lang", "themeFontLang"), strict=True):
        [told] = re.findall(rf"<w:{name} [^>]*>", text)
        assert 'w:eastAsia="zh-CN"' in told


def test_page_number_stands_outside_in_song_of_size_four():
    section = made()[0].sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    assert (odd.runs[0].text, odd.runs[2].text) == ("— ", " —")
    assert {run.font.size.pt for run in odd.runs} == {14}
    assert set(fonts(odd)) == {"宋体"}
    assert " PAGE " in odd._p.xml


def test_number_stands_under_the_red_head_and_before_the_title():
    document, _content = made(number="涪巡报告〔2026〕3号")
    assert [one for one in lines(document) if one][:3] == [
        "涪城区委巡察办",
        "涪巡报告〔2026〕3号",
        "关于对龙门村开展常规巡察情况的报告",
    ]


def test_without_number_there_is_no_head():
    assert lines(made()[0])[0] == "关于对龙门村开展常规巡察情况的报告"


def test_name_and_day_stand_last_at_the_right():
    document, _content = made()
    name, day = document.paragraphs[-2:]
    assert (name.text, day.text) == ("涪城区委巡察办", "2026年11月4日")
    assert {name.alignment, day.alignment} == {WD_ALIGN_PARAGRAPH.RIGHT}


def test_annex_begins_a_page_and_repeats_its_header_row():
    document, _content = made(annexes=[ANNEX])
    assert "附件：问题清单" in lines(document)
    head = next(one for one in document.paragraphs if one.text == "附件")
    assert head.paragraph_format.page_break_before
    table = document.tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in table.rows[1].cells] == ["1", "账目不清"]


def test_an_annex_draws_its_chart_under_its_table():
    places = [f"{n}镇" for n in "甲乙丙丁戊己庚辛壬癸"] * 2
    high = [float(n) for n in range(20)]
    chart = Chart(places, [("销号率", high), ("按期率", high[::-1])], goal=40)
    both = [replace(ANNEX, chart=chart), replace(ANNEX, chart=Chart(["甲镇", "乙镇"], [("覆盖率", [12.34, None])]))]
    document, content = made(annexes=both)
    assert "销号率、按期率（目标 40%）" in lines(document)
    with ZipFile(BytesIO(content)) as zipped:
        drawn = [fromstring(zipped.read(f"word/charts/chart{n}.xml")) for n in (1, 2)]
    numbers = [[float(one.text) for one in found.iterfind(".//{*}val//{*}v")] for found in drawn]
    assert numbers == [[*high, *high[::-1]], [12.3]]
    assert [one.text for one in drawn[1].iterfind(".//{*}cat//{*}v")] == ["甲镇", "乙镇"]
    shapes = document.inline_shapes
    assert "甲镇 0.0%，乙镇 1.0%" in shapes[0]._inline.docPr.get("descr")
    assert shapes[0].width <= Mm(156)
    assert shapes[0].height <= Mm(200)  # on one page with its name


def test_a_draft_says_so_on_every_page():
    section = made(is_draft=True, day=None)[0].sections[0]
    assert [one.paragraphs[0].text for one in (section.header, section.even_page_header)] == ["草稿，未签发"] * 2


@pytest.mark.parametrize("text", ["a & b <c>", "{{ secret }}", "'=1+1", "换\x0b行\x00"])
def test_odd_text_is_kept_as_text(text):
    document, _content = made(text=[text])
    assert re.sub(r"[\x00\x0b]", "", text) in lines(document)


def test_a_column_of_short_cells_and_numbers_stands_in_the_middle_as_a_whole():
    rows = [("北川羌族自治县", "6756200", "比八个字长的一种问题"), ("涪城区", "12", "账目不清")]
    document, _content = made(annexes=[Annex("分布表", [("县", 20), ("金额", 36), ("问题", 100)], rows)])
    for row in document.tables[-1].rows[1:]:
        middle = [one.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER for one in row.cells]
        assert middle == [True, True, False]


def test_a_long_title_is_broken_where_the_sense_allows():
    title = "关于对吴家镇凤凰山村开展机动式巡察情况的报告"
    assert title_lines(title) == ["关于对吴家镇凤凰山村", "开展机动式巡察情况的报告"]
    assert all(len(one) <= 20 for one in title_lines("甲" * 70))


def test_numerals():
    assert [numeral(one) for one in (1, 9, 10, 11, 20, 35)] == ["一", "九", "十", "十一", "二十", "三十五"]
