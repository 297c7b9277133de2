"""Templates: strict CSP, escaped text, words that can be translated, full-width punctuation, links that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
HAN = "\u4e00-\u9fff"
STYLE = re.compile(r"\sstyle\s*=", re.I)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.I)
HALF_WIDTH = re.compile(f"[{HAN}][,;:!?(]|[,;:!?)][{HAN}]")
TRANSLATED = re.compile(
    r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}", re.S
)
LONGEST = 250


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def bare(text: str) -> str:
    """What is left of a template when tags, variables and translated blocks are gone."""
    return TRANSLATED.sub("", text)


def without_tags(text: str) -> str:
    """Attributes may hold a `>` inside template tags, which would end an HTML tag too early."""
    return re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text, flags=re.S)


def matches(pattern: re.Pattern[str], shape=lambda text: text) -> list[str]:
    return [
        f"{name(path)}: {found[0][:60]}"
        for path in TEMPLATES
        if (found := pattern.search(shape(path.read_text(encoding="utf-8"))))
    ]


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 60


def test_no_style_attribute():
    assert matches(STYLE, without_tags) == []


def test_no_inline_script_and_no_handler():
    assert matches(SCRIPT) == []
    assert matches(HANDLER, without_tags) == []


def test_nothing_is_marked_safe():
    assert matches(re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off")) == []


def test_every_chinese_word_can_be_translated():
    assert matches(re.compile(f"[{HAN}]+"), bare) == []


def test_full_width_punctuation():
    assert matches(HALF_WIDTH, lambda text: text.replace("村(社区)名称", "")) == []  # a column title of the workbook


def test_nothing_is_loaded_from_elsewhere():
    elsewhere = re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//", re.I)
    assert matches(elsewhere) == []


def test_no_link_leads_nowhere():
    assert matches(re.compile(r"href\s*=\s*[\"'](#|javascript:[^\"']*)?[\"']", re.I)) == []


def test_every_form_that_posts_carries_the_token():
    missing = [
        f"{name(path)}: {form[:80]}"
        for path in TEMPLATES
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.S)
        if "csrf_token" not in form and "_parts/form.html" not in form
    ]
    assert missing == []


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "css").glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_closes_what_it_opens(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("{") == text.count("}")


def test_templates_stay_short():
    assert [name(path) for path in TEMPLATES if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (STYLE, '<b style="color:red">'),
        (SCRIPT, "<script>alert(1)</script>"),
        (HANDLER, '<a href="/" onclick="x()">'),
        (HALF_WIDTH, "请填写,再提交"),
    ],
)
def test_what_is_looked_for_is_found(pattern, text):
    assert pattern.search(text)


def test_a_bare_chinese_word_is_found():
    assert bare('<p>{% translate "工作台" %} 工作台</p>') == "<p> 工作台</p>"
