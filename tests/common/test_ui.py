"""How values, states, forms and error pages are shown."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from common import calendar
from common.templatetags import charts, ui
from common.wording import tenth

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))


@pytest.fixture(autouse=True)
def april_22(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "today", lambda: date(2020, 4, 22))


def render(source: str, **context: Any) -> str:
    return Template("{% load ui charts %}" + source).render(Context(context))


# Dates


def test_a_date_of_this_year_is_shown_without_the_year() -> None:
    assert ui.cndate(date(2020, 4, 2)) == "4月2日"


def test_a_date_of_another_year_keeps_the_year() -> None:
    assert ui.cndate(date(2019, 4, 22)) == "2019年4月22日"


def test_a_time_stamp_is_dated_by_the_shared_calendar() -> None:
    assert ui.cndate(datetime(2020, 4, 21, 17, 0, tzinfo=UTC)) == "4月22日"


@pytest.mark.parametrize(
    ("stamp", "text"),
    [
        (datetime(2020, 4, 22, 1, 12, tzinfo=UTC), "今天 09:12"),
        (datetime(2020, 4, 21, 10, 5, tzinfo=UTC), "昨天 18:05"),
        (datetime(2020, 4, 20, 2, 5, tzinfo=UTC), "4月20日 10:05"),
    ],
)
def test_only_today_and_yesterday_are_relative(stamp: datetime, text: str) -> None:
    assert ui.cnwhen(stamp) == text


def test_tomorrow_is_never_called_today() -> None:
    assert ui.cnwhen(date(2020, 4, 23)) == "4月23日"


@pytest.mark.parametrize("shown", [ui.cndate, ui.cndate_long, ui.cnweekday, ui.isodate, ui.cntime, ui.cnwhen])
def test_a_missing_date_is_a_dash(shown: Any) -> None:
    assert shown(None) == "—"


def test_the_weekday_is_named() -> None:
    assert ui.cnweekday(date(2020, 4, 22)) == "星期三"


@pytest.mark.parametrize(("days", "text"), [(5, "剩 5 天"), (0, "今天到期"), (-12, "超期 12 天"), (None, "未设时限")])
def test_a_deadline_says_how_far_it_is(days: int | None, text: str) -> None:
    assert ui.deadline_text(days) == text


# Numbers


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        (800, "800 元"),
        (Decimal("9999.50"), "9,999.50 元"),
        (10000, "1.00 万元"),
        ("24000", "2.40 万元"),
        (-24000, "-2.40 万元"),
        (0, "0 元"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_money_turns_to_wan_from_ten_thousand(yuan: Any, text: str) -> None:
    assert ui.money(yuan) == text


def test_a_percentage_has_one_decimal() -> None:
    assert (ui.percent1(62), ui.percent1(None)) == ("62.0%", "—")


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(1, 16, "6.3%"), (1, 80, "1.3%"), (3, 16, "18.8%"), (2, 3, "66.7%"), (9, 9, "100.0%")]
)
def test_a_half_is_rounded_up_as_in_a_spreadsheet(part: int, whole: int, told: str) -> None:
    assert ui.percent1(ui.pct_of(part, whole)) == told == f"{tenth(part / whole * 100)}%"


def test_a_share_of_nothing_is_no_share() -> None:
    assert ui.pct_of(3, 0) is None


def test_a_share_is_counted_in_hundredths() -> None:
    assert ui.pct_of(1, 4) == 25


# Marks


@pytest.mark.parametrize(
    ("light", "word"), [("red", "红灯"), ("yellow", "黄灯"), ("green", "绿灯"), ("grey", "已销号")]
)
def test_a_lamp_has_shape_and_word(light: str, word: str) -> None:
    html = render("{% lamp light %}", light=light)
    assert "<use href=" in html
    assert word in html


def test_a_lamp_escapes_its_words() -> None:
    assert "<b>" not in render("{% lamp 'red' words %}", words="<b>超期</b>")


def test_a_light_that_nobody_knows_is_a_dash() -> None:
    assert render("{% lamp light %}", light=None) == '<span class="lamp grey">—</span>'


@pytest.mark.parametrize(("value", "width"), [(62.44, "62.4%"), (130, "100.0%"), (-3, "0.0%"), (None, "0.0%")])
def test_a_bar_stays_within_its_track(value: Any, width: str) -> None:
    assert f'<rect width="{width}"' in ui.bar(value)


def test_a_bar_with_words_is_an_image_and_without_is_decoration() -> None:
    assert 'role="img" aria-label="已覆盖 85.2%"' in ui.bar(85.2, label="已覆盖 85.2%")
    assert 'aria-hidden="true"' in ui.bar(85.2)


def test_a_line_chart_says_its_numbers() -> None:
    assert 'aria-label="一季度 62，二季度 88"' in charts.spark(["一季度", "二季度"], [62, 88])


@pytest.mark.parametrize("real", [[0, 0], [5], [100000, 0.5], [186, 186]])
def test_a_line_chart_stays_within_its_frame(real: list[float]) -> None:
    points = re.findall(r'(?:cy|class="real" d="M)[="]*([\d. ]+)', charts.spark(["甲", "乙"], real))
    assert points
    assert all(0 <= float(number) <= 344 for point in points for number in point.split())


def test_a_line_chart_without_data_is_nothing() -> None:
    assert charts.spark([], []) == ""


# Lists


def sorted_by(query: str) -> str:
    request = RequestFactory().get(f"/?{query}")
    return ui.sortlink(Context({"request": request}), "时限", "due")


def test_a_sort_link_starts_downwards_and_goes_back_to_the_first_page() -> None:
    assert 'href="?q=%E6%9D%91&amp;sort=-due"' in sorted_by("q=村&after=abc&page=3")


def test_a_sort_link_turns_round() -> None:
    html = sorted_by("sort=-due")
    assert 'href="?sort=due"' in html
    assert "现为降序" in html


def test_a_row_is_chosen_by_its_title() -> None:
    html = ui.selectrow(7, '三元村 "承包费"')
    assert 'name="ids" value="7"' in html
    assert "选择：三元村 &quot;承包费&quot;" in html


class Query(forms.Form):
    q = forms.CharField(label="关键词", required=False)
    township = forms.CharField(label="乡镇", required=False)
    status = forms.CharField(label="状态", required=False)
    light = forms.CharField(label="灯号", required=False)


@pytest.mark.parametrize(("data", "opened"), [("q=a", False), ("light=red", True)])
def test_folded_conditions_open_only_while_in_use(data: str, opened: bool) -> None:
    html = render("{% queryform form %}", form=Query(QueryDict(data)), request=RequestFactory().get("/list/"))
    assert ("<details open>" in html) is opened


# Forms


class Progress(forms.Form):
    facts = forms.CharField(label="整改情况", help_text="写清<结果>。", widget=forms.Textarea)
    due = forms.DateField(label="完成日期")
    met = forms.DateTimeField(label="会议时间", required=False)
    place = forms.ChoiceField(label="地点", choices=[("1", "院坝边"), ("2", "田坝边")], widget=forms.RadioSelect)
    proxy = forms.BooleanField(label="代村填报", required=False)


def test_a_field_ties_label_hint_and_error_together() -> None:
    html = Progress({"facts": ""})["facts"].as_field_group()
    assert '<label for="id_facts">整改情况' in html
    assert 'id="id_facts_helptext"' in html
    assert 'id="id_facts_error"' in html
    assert 'aria-describedby="id_facts_helptext id_facts_error"' in html


def test_a_hint_is_escaped() -> None:
    assert "写清&lt;结果&gt;。" in Progress()["facts"].as_field_group()


def test_only_required_fields_carry_the_mark() -> None:
    form = Progress()
    assert 'class="req"' in form["due"].as_field_group()
    assert 'class="req"' not in form["met"].as_field_group()


def test_a_date_reaches_the_native_input_in_iso() -> None:
    html = str(Progress(initial={"due": date(2020, 4, 2)})["due"])
    assert 'type="date"' in html
    assert 'value="2020-04-02"' in html


def test_a_moment_reaches_the_native_input_in_iso() -> None:
    html = str(Progress(initial={"met": datetime(2020, 4, 2, 1, 5, tzinfo=UTC)})["met"])
    assert 'type="datetime-local"' in html
    assert 'value="2020-04-02T09:05"' in html


def test_what_the_native_inputs_send_is_understood() -> None:
    form = Progress({"facts": "已改", "due": "2020-04-02", "met": "2020-04-02T09:05", "place": "1"})
    assert form.is_valid(), form.errors


def test_a_group_of_choices_has_a_legend_and_labels() -> None:
    html = Progress()["place"].as_field_group()
    assert "<fieldset" in html
    assert "<legend>地点" in html
    assert '<label for="id_place_0">' in html


def test_the_error_summary_names_and_links_each_field() -> None:
    html = render_to_string("_parts/errorsummary.html", {"form": Progress({"due": "2020-04-02"})})
    assert re.search(r'<a href="#id_facts">请填写“整改情况”。</a>', html)
    assert 'href="#id_place"' in html
    assert "id_due" not in html


def test_an_unsent_form_has_no_error_summary() -> None:
    assert render_to_string("_parts/errorsummary.html", {"form": Progress()}).strip() == ""


# Pages


def base(**context: Any) -> str:
    return render_to_string("base.html", context, RequestFactory().get("/"))


def test_the_title_says_that_something_is_wrong() -> None:
    assert "<title>错误：" in base(form=Progress({}))
    assert "<title>错误：" not in base(form=Progress())


def test_the_confirmation_page_restates_count_and_effect_and_posts_what_was_chosen() -> None:
    context = {"title": "催办", "effect": "将催办 2 件。", "verb": "催办 2 件", "hidden": [("ids", "3"), ("ids", "4")]}
    html = render_to_string("_parts/confirm_page.html", context | {"cancel_url": "/rectification/"})
    assert "将催办 2 件。" in html
    assert html.count('name="ids"') == 2
    assert 'name="confirmed" value="1"' in html
    assert '<a class="btn" href="/rectification/">' in html


@pytest.mark.parametrize("code", [400, 403, 404, 409, 500])
def test_an_error_page_needs_nothing_from_the_request(code: int) -> None:
    html = render_to_string(f"errors/{code}.html")
    assert f'<p class="code">{code}</p>' in html
    assert "请" in html


def test_the_403_page_gives_the_reason() -> None:
    assert "只有本乡镇纪委可以签署。" in render_to_string("errors/403.html", {"reason": "只有本乡镇纪委可以签署。"})


def test_the_500_page_gives_a_number_to_quote() -> None:
    assert "7F3A-01" in render_to_string("errors/500.html", {"number": "7F3A-01"})


# Every template


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_a_template_obeys_the_content_security_policy(page: Path) -> None:
    text = re.sub(r"{%.*?%}", "", page.read_text(encoding="utf-8"))
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_chinese_text_has_full_width_punctuation(page: Path) -> None:
    text = re.sub(r"{#.*?#}|{% ?comment.*?endcomment ?%}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.findall(r"[一-鿿][,;:?!(][^\n]{0,12}|[,;:?!)][一-鿿][^\n]{0,12}", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_every_named_icon_is_in_the_sprite(page: Path) -> None:
    lines = (Path(settings.BASE_DIR) / "static/icons.txt").read_text(encoding="utf-8").splitlines()
    assert set(re.findall(r"{% icon [\"']([a-z0-9-]+)", page.read_text(encoding="utf-8"))) <= set(lines)


def test_the_list_of_icons_is_in_order_and_has_none_twice() -> None:
    lines = (Path(settings.BASE_DIR) / "static/icons.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    assert names == sorted(set(names))
