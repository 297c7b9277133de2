"""House rules that a reader of the source can check, checked."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("mianyang_xuncha", "oversight", "rectification", "inspections", "villages", "accounts", "common")
HTTP = ("django.http", "django.shortcuts")
# Where text is declared safe, and why it is.
SAFE_TEXT = {
    "common/templatetags/ui.py": "marks and bars made of constants, and crumbs whose block has been escaped already",
    "common/templatetags/charts.py": "an empty text where there is no line to draw",
}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "misc", "tools", "base_utils", "common_utils"}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?(]|[,;:!?)][\u4e00-\u9fff]")
# The offices' own workbook has these column titles, to the letter.
COLUMN_TITLES = re.compile(r"县\(市、区\)|乡镇\(街道\)|村\(社区\)名称|年收入\(元\)")


def sources(*packages: str) -> Iterator[Path]:
    for name in packages or PACKAGES:
        yield from (one for one in (ROOT / name).rglob("*.py") if "migrations" not in one.parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def status_writes(module: ast.Module) -> Iterator[ast.AST]:
    """`x.status = …` and `….update(status=…)`, but not a response's status."""
    for node in ast.walk(module):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            yield from (one for one in targets if isinstance(one, ast.Attribute) and one.attr == "status")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
            yield from (node for one in node.keywords if one.arg == "status")


# Delivery has no moves: its rows are the outbox's bookkeeping, not a matter that people decide.
OUTBOX = {"common/outbox.py", "rectification/services/reminders.py", "common/inbox.py"}


def test_status_changes_by_workflow_apply_only():
    found = [
        where(path, node)
        for path in sources()
        for node in status_writes(tree(path))
        if str(path.relative_to(ROOT)) not in {"common/workflow.py", *OUTBOX}
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["item.status = 'CLOSED'", "Item.objects.update(status='CLOSED')", "a.status: str = ''"]
)
def test_a_status_set_elsewhere_is_seen(text):
    assert list(status_writes(ast.parse(text)))


# A session of the database counts in UTC: until eight in the morning its own day is yesterday's.
ITS_DAY = re.compile("current_" + r"date\b|localtime" + "stamp", re.IGNORECASE)


def test_the_day_is_never_asked_of_the_database():
    texts = [*(ROOT / "tests").rglob("*.py"), *(one for name in PACKAGES for one in (ROOT / name).rglob("*.sql"))]
    found = [one for one in [*texts, *sources()] if ITS_DAY.search(one.read_text(encoding="utf-8"))]
    assert [str(one.relative_to(ROOT)) for one in found] == []


def below_views() -> Iterator[Path]:
    rooms = ("services", "selectors", "models", "rules", "transitions", "enums")
    return (path for path in sources() if {path.stem, path.parent.name} & set(rooms))


def imports(module: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            yield node, node.module or ""
        if isinstance(node, ast.Import):
            yield from ((node, one.name) for one in node.names)


def test_services_and_selectors_speak_no_http():
    found = [where(path, node) for path in below_views() for node, name in imports(tree(path)) if name.startswith(HTTP)]
    assert found == []


def test_no_module_is_called_after_nothing():
    found = [str(path.relative_to(ROOT)) for path in sources() if path.stem in NAMES_THAT_SAY_NOTHING]
    assert found == []


def test_text_is_declared_safe_only_where_it_is_known_why():
    used = {
        str(path.relative_to(ROOT))
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name | ast.Attribute)
        and getattr(node, "id", getattr(node, "attr", "")) in ("mark_safe", "SafeString", "SafeText")
        and isinstance(node.ctx, ast.Load)
        and not _annotation(node, path)
    }
    assert used - set(SAFE_TEXT) == set()


def _annotation(node: ast.AST, path: Path) -> bool:
    """Is the name only a type here (never called)?"""
    calls = [one.func for one in ast.walk(tree(path)) if isinstance(one, ast.Call)]
    called = {getattr(one, "id", getattr(one, "attr", "")) for one in calls}
    return getattr(node, "id", getattr(node, "attr", "")) not in called


# Where a source becomes plain text, and why: on asking with a record of it, to compare, and nowhere else.
REVEALS = {
    "common/encryption.py",
    "inspections/services/sources.py",
    "rectification/services/clues.py",  # opening what was sealed; giving a finding back what it said
}


def test_a_secret_is_revealed_in_few_places_only():
    used = {str(path.relative_to(ROOT)) for path in sources() if ".reveal(" in path.read_text(encoding="utf-8")}
    assert used == REVEALS
    templates = [str(one) for one in (ROOT / "templates").rglob("*.html") if ".reveal" in one.read_text("utf-8")]
    assert templates == []


def test_no_view_is_free_of_csrf():
    assert [str(path) for path in sources() if "csrf_exempt" in path.read_text(encoding="utf-8")] == []


def test_nothing_is_pickled_or_evaluated():
    banned = re.compile(r"\b(pickle|marshal|shelve)\b|\beval\(|\bexec\(")
    found = [str(path.relative_to(ROOT)) for path in sources() if banned.search(path.read_text(encoding="utf-8"))]
    assert found == []


def chinese_texts(module: ast.Module) -> Iterator[ast.Constant]:
    docs = {id(one.value) for one in ast.walk(module) if isinstance(one, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def test_chinese_text_in_the_source_has_full_width_punctuation():
    found = [
        f"{where(path, node)} {node.value[:40]}"
        for path in sources()
        for node in chinese_texts(tree(path))
        if HALF_WIDTH.search(COLUMN_TITLES.sub("", node.value)) and not _pattern(node.value)
    ]
    assert found == []


def _pattern(text: str) -> bool:
    """A regular expression, or a mark that readers of foreign files look for in both widths."""
    return bool(re.search(r"\\d|\$$|^\^|^.{1,2}:$", text))


@pytest.mark.parametrize("text", ["已保存,请查看", "错误:没有", "县(区)"])
def test_half_width_punctuation_is_seen(text):
    assert HALF_WIDTH.search(text)
