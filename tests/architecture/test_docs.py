"""Documentation that the code draws is fresh, and nothing that a reader meets is missing from it."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import translation

from accounts.enums import OrganKind, Post, Role
from common import policy
from mianyang_xuncha.drawing import ACTIONS, OUR_APPS, PAGES, RULES, _commands, _with_moves

ROOT = Path(__file__).resolve().parents[2]
DOCS = "\n".join(
    path.read_text(encoding="utf-8") for path in [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
)


@pytest.mark.parametrize("page", PAGES)
def test_a_drawn_page_says_what_the_code_says(page):
    with translation.override("zh-hans"):
        drawn = PAGES[page]()
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == drawn, "run manage.py draw_docs"


def test_a_stale_page_is_noticed(monkeypatch, capsys):
    monkeypatch.setitem(ACTIONS, "view", "看")
    with pytest.raises(SystemExit):
        call_command("draw_docs", "--check")


def test_every_status_is_in_the_docs():
    fields = [one for model in ours() for one in model._meta.fields if one.name == "status"]
    statuses = {value for field in fields for value, _label in field.choices}
    assert len(statuses) > 20
    assert {one for one in statuses if f"`{one}`" not in DOCS} == set()


def ours():
    return [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]


@pytest.mark.parametrize("enum", [Role, OrganKind, Post])
def test_every_role_kind_and_post_is_in_the_docs(enum):
    assert [one for one in enum.values if f"`{one}`" not in DOCS] == []


def test_every_command_is_in_the_docs():
    names = [name for name, _help in _commands()]
    assert {"import_roster", "send_reminders", "seed_demo", "check_integrity", "policy_table"} <= set(names)
    assert [name for name in names if f"`{name}`" not in DOCS] == []


def test_every_setting_is_in_the_docs():
    text = (ROOT / "mianyang_xuncha" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", text))
    assert len(names) > 20
    assert {one for one in names if f"`{one}`" not in DOCS} == set()


def test_every_action_and_rule_has_words():
    actions = {one.action for one in policy.rows()}
    rules = {rule.__name__ for *_key, found in policy.conditions() for rule in found}
    checks = {check.__name__ for model in _with_moves() for one in model.moves.values() for check in one.requires}
    assert actions - set(ACTIONS) == set()
    assert (rules | checks) - set(RULES) == set()


def test_links_between_the_pages_lead_somewhere():
    dead = [
        f"{path.name}: {target}"
        for path in [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert dead == []
