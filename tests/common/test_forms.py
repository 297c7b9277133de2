"""An empty required field: the error names it and says what to do, on every form."""

from importlib import import_module

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import Division
from common.forms import VersionField
from tests.factories import inspections as build


class Everything(forms.Form):
    facts = forms.CharField(label="事实")
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
    ways = forms.MultipleChoiceField(label="方式", choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple)
    paper = forms.FileField(label="材料")
    agreed = forms.BooleanField(label="已核对")
    on = forms.DateField(label="起始日")
    unlabelled = forms.IntegerField()
    own = forms.CharField(label="理由", error_messages={"required": "请写明理由。"})


EXPECTED = {
    "facts": "请填写“事实”。",
    "kind": "请选择“类别”。",
    "ways": "请选择“方式”。",
    "paper": "请选择“材料”。",
    "agreed": "请选择“已核对”。",
    "on": "请填写“起始日”。",
    "unlabelled": "请填写“Unlabelled”。",
    "own": "请写明理由。",
}


def test_each_empty_field_is_named_with_what_to_do():
    assert {name: errors[0] for name, errors in Everything({}).errors.items()} == EXPECTED


@pytest.mark.parametrize("sent", [{}, {"version": "x"}])
def test_without_the_pages_version_one_is_told_to_reload(sent):
    class Versioned(forms.Form):
        version = VersionField()

    text = render_to_string("_parts/errorsummary.html", {"form": Versioned(sent)})
    assert "<li>页面已经过期，没有保存。请刷新页面，看过现在的内容再填写。</li>" in text


def test_no_form_asks_for_a_version_in_other_words():
    """Every form of every app that carries a version has the field with our words."""
    for path in settings.BASE_DIR.glob("*/forms/*.py"):
        import_module(f"{path.parent.parent.name}.forms.{path.stem}")
    ours = [one for one in subclasses(forms.BaseForm) if one.__module__.split(".")[1:2] == ["forms"]]
    asking = [one for one in ours if isinstance(getattr(one, "base_fields", {}).get("version"), forms.IntegerField)]
    assert len(asking) > 10
    assert [one for one in asking if not isinstance(one.base_fields["version"], VersionField)] == []


def subclasses(kind):
    return {found for one in kind.__subclasses__() for found in (one, *subclasses(one))}


@pytest.mark.parametrize(("required", "said"), [(True, "请选择"), (False, "不选")])
def test_nothing_chosen_is_said_in_words(db, required, said):
    class Choosing(forms.Form):
        place = forms.ModelChoiceField(Division.objects.none(), label="区划", required=required)

    assert f'<option value="" selected>{said}</option>' in str(Choosing()["place"])


def test_one_form_leaves_the_next_one_its_own_words():
    class Other(Everything):
        facts = forms.CharField(label="经过")

    assert Everything({}).errors["facts"] == ["请填写“事实”。"]
    assert Other({}).errors["facts"] == ["请填写“经过”。"]


def test_the_summary_names_each_field_once():
    form = Everything({"on": "五月"})
    summary = render_to_string("_parts/errorsummary.html", {"form": form})
    assert ">请填写“事实”。</a>" in summary
    assert ">起始日：" in summary
    assert ">理由：" not in summary  # its own words name it


@pytest.mark.parametrize("error", ["请填写“问题”。", "请选择“程度”。"])
def test_a_page_says_it(world, signed_in, error):
    inspection = build.running_inspection(world)
    url = f"/inspections/{inspection.pk}/findings/new/"
    item = inspection.checklist.items.first()
    page = signed_in(world.team_member).post(f"{url}?item={item.pk}", {"facts": "有"})
    assert page.status_code == 422
    assert error in page.content.decode()
    assert "必填项" not in page.content.decode()


class Lengths(forms.Form):
    name = forms.CharField(label="姓名", max_length=3)
    age = forms.IntegerField(label="年龄", max_value=9)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
    own = forms.CharField(label="备注", max_length=3, error_messages={"max_length": "自己的话。"})


def test_what_django_says_is_said_in_our_words():
    form = Lengths({"name": "四个字了", "age": "12", "kind": "b", "own": "四个字了"})
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "name": ["最多 3 个字，现在有 4 个字。"],
        "age": ["不能大于 9。"],
        "kind": ["没有这个选项，请重新选择。"],
        "own": ["自己的话。"],
    }
