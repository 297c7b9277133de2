"""How the trail's verbs, objects and values are named for a reader: by the models' own labels, else from here."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "add_member": _("增加组员"),
    "add_rule": _("增加规则"),
    "add_to_plan": _("列入计划"),
    "adopt_duties": _("采用责任清单"),
    "ask_extension": _("申请延期"),
    "assign": _("明确责任人"),
    "assign_team": _("派组"),
    "begin_rules": _("开始修改规则"),
    "change_member": _("调整组员"),
    "change_on_plan": _("调整计划中的村"),
    "change_password": _("修改密码"),
    "change_round": _("更正轮次"),
    "change_term": _("调整届期目标"),
    "cite": _("引用印证"),
    "complete_measure": _("完成整改措施"),
    "correct": _("另起一版更正"),
    "countersign_user": _("复核账号"),
    "create": _("建立"),
    "create_plan": _("拟定计划"),
    "create_team": _("组建巡察组"),
    "create_term": _("设立届期"),
    "create_user": _("建立账号"),
    "declare_recusal": _("登记回避申报"),
    "denied": _("越权访问被拒"),
    "discard_checklist": _("放弃清单草稿"),
    "disable_user": _("停用账号"),
    "discard_progress": _("放弃进展工作簿"),
    "discard_roster": _("放弃名册导入"),
    "discard_rules": _("放弃规则草稿"),
    "download": _("下载文件"),
    "draw_up_assessment": _("拟定考核方案"),
    "edit_indicators": _("修改考核指标"),
    "give_points": _("加减分"),
    "commend": _("登记表扬"),
    "mark_papers": _("评价底稿质量"),
    "draft": _("起草"),
    "draw_lookback": _("抽取回头看事项"),
    "edit": _("修改"),
    "edit_checklist": _("修改问题清单"),
    "edit_calendar": _("修改工作日历"),
    "edit_deadlines": _("修改时限设置"),
    "edit_rule": _("修改规则"),
    "edit_duties": _("修改责任清单"),
    "edit_reminder_rules": _("修改提醒规则"),
    "edit_settings": _("修改县级设置"),
    "edit_user": _("修改账号"),
    "enable_checklist": _("启用问题清单"),
    "enable_rules": _("启用规则"),
    "enable_user": _("启用账号"),
    "end_membership": _("结束组员授权"),
    "explain_gap": _("说明缺项"),
    "export": _("导出"),
    "undo_roster": _("撤回名册导入"),
    "fail_roster": _("名册后台办理失败"),
    "file": _("报备"),
    "follow": _("随建制调整转移"),
    "hand_over": _("交办"),
    "import_roster": _("导入名册"),
    "issue": _("发出"),
    "keep_village": _("保留村（社区）"),
    "load_reference": _("装入基础数据"),
    "look_back": _("回头看"),
    "look_at_clue": _("查看线索封面"),
    "mark_place": _("设为试点、示范"),
    "merge_township": _("乡镇并入"),
    "merge_village": _("村（社区）并入"),
    "move_organ": _("单位随区划转移"),
    "move_rule": _("调整规则先后"),
    "name_kind": _("命名细类"),
    "object": _("监督意见不一致，报县裁定"),
    "open_organ": _("设立单位"),
    "open_round": _("启动轮次"),
    "poll": _("登记群众满意度"),
    "preview_progress": _("预检进展工作簿"),
    "preview_roster": _("预检名册"),
    "open_clue": _("打开线索密封内容"),
    "propose": _("提出分类"),
    "propose_clue": _("提出线索"),
    "queue_roster": _("名册交后台办理"),
    "recode_village": _("村（社区）改用新代码"),
    "receive": _("签收反馈"),
    "receive_item": _("组织部签收"),
    "read_lesson": _("签阅通报"),
    "record": _("登记"),
    "record_case": _("登记案件处理结果"),
    "remove_from_plan": _("移出计划"),
    "remove_rule": _("停用规则"),
    "renew_hash": _("密码改用更强的散列"),
    "rename_township": _("乡镇更名"),
    "reply": _("答复党建类问题"),
    "report": _("报整改进展"),
    "report_sheet": _("整份上报进展"),
    "recheck": _("裁定重新核查"),
    "reset_password": _("重置密码"),
    "restore_rules": _("恢复全市规则"),
    "restore_village": _("恢复村（社区）建制"),
    "set_aside_missing": _("不作待决定处理"),
    "reveal": _("查看谈访对象"),
    "set_measures": _("填写整改措施"),
    "sign": _("签署监督核查"),
    "sign_in": _("登录"),
    "sign_in_locked": _("登录（已锁定）"),
    "sign_out": _("退出"),
    "suggest_plan": _("按建议选村"),
    "switch_reminders": _("开关整改提醒"),
    "tell_count": _("销号对账"),
    "drop": _("作废"),
    "urge": _("催办"),
    "withdraw_village": _("村（社区）撤销"),
    "add_follow_up": _("提出后续事项"),
    "arrange_occasion": _("安排督导活动"),
    "edit_talk_rule": _("修改约谈规则"),
}

# What an event tells of that is no field of its object.
FIELDS: dict[str, Any] = {
    "attachment": _("附件"),
    "attachments": _("佐证"),
    "changed": _("变更"),
    "county": _("县（市、区）"),
    "citations": _("印证"),
    "committed": _("已写入"),
    "created": _("新增"),
    "inspections": _("巡察"),
    "mark": _("标记"),
    "measures": _("整改措施"),
    "merged": _("并入"),
    "missing": _("文件中没有"),
    "number": _("编号"),
    "on": _("提醒"),
    "order": _("先后"),
    "partial": _("只有一部分村"),
    "person": _("操作人"),
    "points": _("加减分"),
    "proxy_for": _("代哪个村填报"),
    "proxy_reason": _("代填原因"),
    "quiet_days": _("休息日不发提醒"),
    "refused": _("未通过"),
    "renamed": _("更名"),
    "reports": _("上报进展"),
    "round": _("轮次"),
    "rows": _("数据行"),
    "rule": _("规则"),
    "rules": _("规则"),
    "tab": _("标签"),
    "targets": _("覆盖目标"),
    "OVERALL": _("统一抓"),
    "LEADER": _("联系抓"),
    "SECTION": _("对口抓"),
    "SUPERVISION": _("抓监督"),
    "COVERAGE": _("巡察覆盖率"),
    "ON_TIME": _("按时整改率"),
    "CLOSED": _("整改销号率"),
    "CONTENT": _("群众满意率"),
    "CLUES": _("线索按时办理率"),
    "TRUTHFUL": _("自查属实率"),
    "unchanged": _("不变"),
    "villages": _("村（社区）"),
    "withdrawn": _("撤销"),
}
# What an event tells of another record than its object: that record's field has the words.
BORROWED = {
    "done_on": "rectification.Measure",
    "effective_from": "rectification.DeadlineSetting",
    "link": "rectification.SupervisionCheck",
    "result": "rectification.SupervisionCheck",
} | dict.fromkeys(
    ("text", "basis", "lead_department", "evidence", "theme", "party_building"), "inspections.ChecklistItem"
)
NOTHING = "—"


def action_word(action: str, object_type: str) -> str:
    """The Chinese word of an event's verb; an unknown one is shown as it is, never hidden."""
    moves = getattr(_model(object_type), "moves", {})
    return str(moves[action].label if action in moves else WORDS.get(action, action))


def changes_of(event: Any) -> list[tuple[str, str, str]]:
    """(field, before, after) of an event, each in words; what has no "before" has a dash there."""
    told = []
    for name, value in event.changes.items():
        old, new = value if isinstance(value, list) and len(value) == 2 else (None, value)
        field = _field(event.object_type, name) or _field(BORROWED.get(name, ""), name)
        label = FIELDS.get(name) or getattr(field, "verbose_name", name)
        told.append((str(label), value_word(old, field), value_word(new, field)))
    return told


def status_word(object_type: str, status: str) -> str:
    return value_word(status, _field(object_type, "status")) if status else ""


def value_word(value: Any, field: Any = None) -> str:
    """A stored value as a reader says it: choices by their labels, moments in the time of the place."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, dict):
        return "；".join(f"{key}：{value_word(one)}" for key, one in value.items())
    if isinstance(value, list):
        return "、".join(value_word(one) for one in value)
    if label := dict(getattr(field, "flatchoices", ())).get(value):
        return str(label)
    return _moment(value) if isinstance(field, models.DateTimeField) else str(value)


def _moment(text: str) -> str:
    moment = parse_datetime(text)
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment and timezone.is_aware(moment) else text


def _field(object_type: str, name: str) -> Any:
    try:
        return _model(object_type)._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return None


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
