"""How the trail's verbs and objects are named for a reader: moves by their own labels, the others from this table."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "add_member": _("增加组员"),
    "add_to_plan": _("列入计划"),
    "ask_extension": _("申请延期"),
    "assign": _("明确责任人"),
    "assign_team": _("派组"),
    "change_member": _("调整组员"),
    "change_on_plan": _("调整计划中的村"),
    "change_password": _("修改密码"),
    "complete_measure": _("完成整改措施"),
    "create": _("建立"),
    "create_plan": _("拟定计划"),
    "create_team": _("组建巡察组"),
    "create_term": _("设立届期"),
    "create_user": _("建立账号"),
    "denied": _("越权访问被拒"),
    "disable_user": _("停用账号"),
    "discard_roster": _("放弃名册导入"),
    "download": _("下载文件"),
    "draft": _("起草"),
    "edit": _("修改"),
    "edit_deadlines": _("修改时限设置"),
    "edit_settings": _("修改县级设置"),
    "edit_user": _("修改账号"),
    "enable_user": _("启用账号"),
    "end_membership": _("结束组员授权"),
    "export": _("导出"),
    "follow": _("随建制调整转移"),
    "hand_over": _("交办"),
    "import_roster": _("导入名册"),
    "open_organ": _("设立单位"),
    "open_round": _("启动轮次"),
    "preview_roster": _("预检名册"),
    "propose": _("提出分类"),
    "record": _("登记"),
    "remove_from_plan": _("移出计划"),
    "report": _("报整改进展"),
    "reset_password": _("重置密码"),
    "set_measures": _("填写整改措施"),
    "sign": _("签署监督核查"),
    "sign_in": _("登录"),
    "sign_in_locked": _("登录（已锁定）"),
    "sign_out": _("退出"),
    "suggest_plan": _("按建议选村"),
    "urge": _("催办"),
}


def action_word(action: str, object_type: str) -> str:
    """The Chinese word of an event's verb; an unknown one is shown as it is, never hidden."""
    moves = getattr(_model(object_type), "moves", {})
    return str(moves[action].label if action in moves else WORDS.get(action, action))


def journey(changes: Mapping[str, Any]) -> str:
    """Where a "follow" event took a row: 龙门村 → 方水村，青义镇 → 丰谷镇."""
    return "，".join(" → ".join(changes[key]) for key in ("village", "township") if key in changes)


def object_word(object_type: str) -> str:
    model = _model(object_type)
    return str(model._meta.verbose_name) if model else object_type


def actions() -> list[tuple[str, str]]:
    """Every verb that can stand in the trail, with its word, for a filter."""
    found: dict[str, dict[str, None]] = {name: {str(word): None} for name, word in WORDS.items()}
    for model in apps.get_models():
        for move in getattr(model, "moves", {}).values():
            found.setdefault(move.name, {})[str(move.label)] = None
    return sorted(((name, "、".join(words)) for name, words in found.items()), key=lambda one: one[1])


def object_types() -> list[tuple[str, str]]:
    """Every kind of object that the trail can speak of."""
    ours = [one for one in apps.get_models() if not one.__module__.startswith("django.")]
    return sorted(((one._meta.label, str(one._meta.verbose_name)) for one in ours), key=lambda one: one[1])


def _model(object_type: str) -> Any:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None
