"""docs/roles.md, docs/workflows.md and docs/reference.md, drawn from the tables that the program itself uses.

`manage.py draw_docs` writes them; a test compares them with what the code gives, so they cannot go stale.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class

from accounts.enums import ROLE_OF, OrganKind, Post, Role, Tier, posts_of
from common import policy
from common.workflow import Move, Moves

DRAWN = "<!-- 由 manage.py draw_docs 从代码中的表生成，请不要手工修改。 -->"
ACTIONS = {
    "accept": "签收",
    "add": "新建",
    "adjust": "决定村级建制调整",
    "answer": "受理报备：同意备案、退回；答复线索的办理结果；填报自查",
    "approve": "审定、批准",
    "arrange": "安排督导活动",
    "ask_extension": "申请延期",
    "drop": "取消督导活动",
    "hold": "记录督导活动、提出后续事项",
    "respond": "报送后续事项的落实情况",
    "sign_off": "确认或退回落实情况",
    "enforce": "核定考核方案执行",
    "preview": "试算考核得分",
    "give": "加减分",
    "publish": "公布考核结果",
    "rank": "查看考核排名",
    "view_own": "查看本人的评价",
    "hand_over": "立巡立改交办；移交、办结线索",
    "open": "打开线索的密封内容",
    "receive": "签收反馈、党建类问题、线索",
    "refer": "转问题线索",
    "restore": "线索退回按问题办理",
    "assign": "填写措施、明确责任人",
    "classify": "提出分类",
    "close": "办结",
    "commit": "确认导入",
    "confirm": "审定底稿；确认、退回自查",
    "cosign": "第二名巡察人员签名",
    "countersign": "复核（第二人）",
    "count": "看发动、谈访的数字",
    "decide": "审批延期",
    "do": "办结责任事项、改为待办",
    "edit": "修改",
    "enable": "启用",
    "excuse": "说明没有谈、没有访的原因",
    "export": "导出",
    "extend": "延长时限",
    "feed_back": "反馈",
    "file": "轮次报备",
    "import": "导入名册",
    "issue": "签发",
    "lift": "解除回避",
    "manage": "建立、修改、停用、重置密码",
    "mark": "设为试点、示范",
    "mark_long_term": "列为长期坚持",
    "name": "命名",
    "poll": "登记群众满意度",
    "read": "签阅",
    "record": "登记回头看结果",
    "lead": "受领专项整治、报送结果",
    "oversee": "看统计看板和大屏",
    "tally": "计入本单位的统计数字",
    "plan": "派组、调整方案、取消",
    "propose": "提出",
    "recompute": "重算时限",
    "reject": "不予通过",
    "reopen": "重新整改",
    "reveal": "查看姓名、联系方式和要点",
    "reply": "答复党建类问题",
    "review": "初审底稿",
    "report": "报进展",
    "run": "进驻、结束驻村",
    "settle": "合并、否定、退回底稿",
    "sign": "签署监督核查、监督退回",
    "submit": "提交、报备",
    "urge": "催办",
    "verify": "验收销号、退回补充",
    "view": "查看",
    "view_class": "查看分类",
    "void": "作废",
    "waive": "注明不适用",
    "work": "登记各村整治结果",
}
# What the rules over single objects want, by the name of their function; one without words fails a test.
RULES = {
    "all_tasks_done": "各村都已登记整治结果",
    "submitter_did_not_watch": "没有签署、验收或退回过此事项",
    "both_have_replied": "党建类问题：乡镇党委和县委组织部都已答复",
    "is_to_be_put_right_at_once": "标为立巡立改",
    "all_three_passed": "三个监督环节都已签署“符合要求”",
    "approver_is_not_proposer": "不是提出分类的人",
    "city_returned_it": "市委巡察办退回了报备",
    "case_is_of_what_may_be_linked": "线索由接收人在签收之后、办结之前登记；问题须已经反馈",
    "reports_are_a_countys": "专题报告只由县级起草",
    "issuer_did_not_draft": "不是本人拟稿",
    "closer_took_no_part": "任何一次整改中都没有签收、报进展、提交或签署过此事项",
    "cosigner_is_the_second": "是第二名巡察人员",
    "countersigner_did_not_ask": "不是提出的人",
    "deadline_is_later": "新时限晚于现在的时限",
    "decider_is_not_author": "不是登记这条底稿的人",
    "decider_is_not_reviewer": "不是初审人",
    "reviewer_is_not_the_second": "不是签名的第二名巡察人员",
    "heads_decide_on_talks": "约谈的，是主要负责人",
    "each_holds_its_own": "是本级主持的一类",
    "nobody_settles_his_own": "落实情况不是本人报送的",
    "what_follows_comes_after": "活动已经进行",
    "a_second_person_enforces": "不是拟定人本人",
    "points_are_given_while_in_force": "方案在执行中",
    "nobody_marks_himself": "不是本人",
    "commended_by_an_appraisal": "激励考核已经进行",
    "weights_are_whole": "各项权重合计 100",
    "record_is_whole": "写明参加人员和情况，日期不晚于今天",
    "answer_is_there": "写明怎样落实的",
    "decider_did_not_open": "不是提出共性问题的人",
    "drafter_is_not_issuer": "不是签发人（主要负责人）",
    "duty_has_come": "已到该事项的阶段，巡察没有结束",
    "its_paper_is_issued": "所说的文书已签发",
    "round_has_come": "本轮已经开始",
    "duty_stage_is_now": "还在该事项的阶段",
    "feedback_is_complete": "反馈意见已填写，有已确认的问题，没有未办的底稿",
    "feedback_is_issued": "反馈意见已签发",
    "findings_are_open": "已进驻，反馈意见还没有签发",
    "has_evidence": "本次整改报过进展并附佐证",
    "has_four_responsible": "“四抓”责任人齐全",
    "has_measures": "至少有一条整改措施",
    "all_items_answered": "每个条目都已答复",
    "confirmer_did_not_answer": "不是填报的人",
    "has_plan": "写明整治措施",
    "heads_leave_their_superiors_alone": "不是领导小组或巡察办主要负责人的账号（系统管理员除外）",
    "is_running": "专项整治在整治中",
    "inspectors_are_two": "有两名巡察人员",
    "issuer_is_not_drafter": "不是拟稿人",
    "leader_decides": "组长；底稿由组长登记的，由副组长",
    "mode_is_explained": "方式与分类不一致的写明理由，专项的写明主题、选定清单范围",
    "no_open_drafts": "没有未办的底稿",
    "nobody_is_recused": "组内无人须回避",
    "nobody_manages_themselves": "不是本人的账号",
    "not_recused": "该乡镇不是本人的籍贯地、任职地或申报回避的地方",
    "paper_has_its_number": "方案和报告有文号",
    "paper_is_complete": "正文已填写，没有留下的空",
    "paper_is_due": "方式和阶段该有这种文书（更正不限）",
    "paper_issuer_is_not_drafter": "不是拟稿人",
    "plan_has_villages": "计划里有村",
    "record_is_not_cited": "没有问题引用它作印证",
    "record_is_open": "已到可以登记的阶段，反馈意见还没有签发",
    "required_duties_are_done": "本阶段责任清单的必办事项都已办理或注明不适用",
    "approver_did_not_propose": "不是提出线索的人",
    "is_written_nowhere": "反馈意见和文书草稿里没有写这个问题",
    "receiver_is_named": "已选定县纪委监委的接收人",
    "signer_is_no_rectifier": "不是提交验收的人，本次还没有签署过",
    "target_takes_it": "并入同一次巡察中有效的底稿，本条没有别的底稿并入",
    "talks_and_visits_are_told": "六必谈、四必访齐全，或逐项说明了缺项原因",
    "team_fits_mode": "交叉巡察由外县、提级巡察由市级派组",
    "team_is_ready": "已派组并有组长",
    "verifier_is_nobody_before": "没有签收、提交或签署过此事项",
    "village_is_left": "巡察组已结束驻村",
}


def roles_page() -> str:
    return _page(_roles())


def _roles() -> Iterator[str]:
    yield "# 角色与权限"
    yield DRAWN
    yield (
        "一个人能看什么、办什么，由单位的类别和层级、岗位决定；参加巡察组的权限由巡察组名单决定，到授权结束日为止。"
        "没有超级用户。对象不在范围内时答“没有找到”（404），看得到而不能办时答“不能进行”（403）并说明理由。"
        "同一张表也可用 `manage.py policy_table` 列出。"
    )
    yield "## 角色"
    yield _table(("角色", "代码", "单位类别", "层级", "岗位"), _role_rows())
    yield "## 范围"
    scopes = sorted({one.scope for one in policy.rows()})
    yield _table(("范围", "代码"), ((policy.scope_label(one), f"`{one}`") for one in scopes))
    yield "## 权限"
    for label, grants in _by_model():
        yield f"### {_name(label)} `{label}`"
        yield _table(("动作", "代码", "角色", "岗位", "范围", "只限"), _grant_rows(grants))
    yield "## 另有的条件"
    yield "在上表之外，对每一个对象还要满足："
    yield _table(("对象", "动作", "条件"), _condition_rows())


def _role_rows() -> Iterator[tuple[str, ...]]:
    for (kind, tier), role in ROLE_OF.items():
        posts = "、".join(f"{post.label} `{post}`" for post in posts_of(kind))
        yield str(role.label), f"`{role}`", f"{OrganKind(kind).label} `{kind}`", str(Tier(tier).label), posts
    posts = "、".join(f"{post.label} `{post}`" for post in posts_of(OrganKind.INSPECTION_TEAM))
    body = f"{OrganKind.INSPECTION_TEAM.label} `{OrganKind.INSPECTION_TEAM}` 及参加巡察组的其他人"
    yield str(Role.TEAM_MEMBER.label), f"`{Role.TEAM_MEMBER}`", body, "随巡察组", posts


def _by_model() -> Iterator[tuple[str, list[policy.Grant]]]:
    found: dict[str, list[policy.Grant]] = {}
    for one in policy.rows():
        found.setdefault(one.model, []).append(one)
    yield from found.items()


def _grant_rows(grants: Iterable[policy.Grant]) -> Iterator[tuple[str, ...]]:
    for one in grants:
        posts = "、".join(str(Post(post).label) for post in sorted(one.posts)) or "任何岗位"
        where = "、".join(f"`{key}={value}`" for key, value in one.where) or "—"
        word = ACTIONS.get(one.action, one.action)
        yield word, f"`{one.action}`", str(Role(one.role).label), posts, policy.scope_label(one.scope), where


def _condition_rows() -> Iterator[tuple[str, ...]]:
    for label, action, rules in policy.conditions():
        for rule in rules:
            yield _name(label), f"{ACTIONS.get(action, action)} `{action}`", _doc(rule)


def workflows_page() -> str:
    return _page(_workflows())


def _workflows() -> Iterator[str]:
    yield "# 流程"
    yield DRAWN
    yield (
        "每种对象的状态只能按下面的步骤变化，别无他法：网页、命令和数据库都照同一张表办，每一步留下一条不可更改的记录。"
        "“谁”是权限表中能办这一步的角色（见 [角色与权限](roles.md)）；“须先”是办理前必须具备的条件。"
    )
    for model in _with_moves():
        moves: Moves = model.moves
        yield f"## {model._meta.verbose_name} `{model._meta.label}`"
        yield "\n".join(_diagram(model, moves))
        yield _table(("状态", "代码"), ((label, f"`{value}`") for value, label in _statuses(model)))
        yield _table(("步骤", "代码", "从", "到", "谁", "须先"), (_move_row(model, one) for one in moves.values()))
    yield "## 没有流程的状态"
    yield "这些状态由导入、发送等事务写入，不由人一步步办理。"
    rows = (
        (_name(model._meta.label), label, f"`{value}`")
        for model in _without_moves()
        for value, label in _statuses(model)
    )
    yield _table(("对象", "状态", "代码"), rows)


def _with_moves() -> list[Any]:
    return [model for model in apps.get_models() if isinstance(getattr(model, "moves", None), Moves)]


def _without_moves() -> list[Any]:
    ours = (model for model in apps.get_models() if model._meta.app_label in OUR_APPS)
    with_status = (model for model in ours if any(one.name == "status" for one in model._meta.fields))
    return [model for model in with_status if not isinstance(getattr(model, "moves", None), Moves)]


def _statuses(model: Any) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in model._meta.get_field("status").choices]


def _diagram(model: Any, moves: Moves) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for value, label in _statuses(model):
        yield f"    {value}: {label}"
    yield f"    [*] --> {moves.initial}"
    for one in moves.values():
        for source in sorted(one.sources) if one.target else ():
            yield f"    {source} --> {one.target}: {one.label}"
    yield "```"


def _move_row(model: Any, one: Move) -> tuple[str, ...]:
    labels = dict(_statuses(model))
    sources = "、".join(labels[value] for value in labels if value in one.sources)
    target = labels[one.target] if one.target else "不变"
    needs = [_doc(check) for check in one.requires] + (["写明理由"] if one.note_required else [])
    return str(one.label), f"`{one.name}`", sources, target, _who(model, one.action), "；".join(needs) or "—"


def _who(model: Any, action: str) -> str:
    grants = [one for one in policy.rows() if (one.model, one.action) == (model._meta.label, action)]
    return "、".join(dict.fromkeys(_holder(one) for one in grants)) or "（随其他步骤自动办理）"


def _holder(one: policy.Grant) -> str:
    posts = "、".join(str(Post(post).label) for post in sorted(one.posts))
    led = "（组长、副组长）" if one.scope == "TEAM_LED" else ""
    return f"{Role(one.role).label}{f'（{posts}）' if posts else ''}{led}"


def reference_page() -> str:
    return _page(_reference())


def _reference() -> Iterator[str]:
    yield "# 命令与设置"
    yield DRAWN
    yield "## 命令"
    yield "用法：`.venv/bin/python manage.py 命令 --help`。"
    yield _table(("命令", "用途"), ((f"`{name}`", text) for name, text in _commands()))
    yield "## 设置"
    yield "环境变量，写在 `.env` 或系统环境里；以 `.env.example` 为样本。"
    for heading, rows in _settings():
        yield f"### {heading}"
        yield _table(("变量", "样例或默认", "说明"), rows)


def _commands() -> list[tuple[str, str]]:
    ours = {name: app for name, app in get_commands().items() if app in OUR_APPS}
    return [(name, load_command_class(app, name).help) for name, app in sorted(ours.items())]


OUR_APPS = ("mianyang_xuncha", "oversight", "rectification", "inspections", "villages", "accounts", "common")


def _settings() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Headings, variables and the remarks above them, as .env.example has them."""
    heading = ""
    remarks: list[str] = []
    rows: list[tuple[str, ...]] = []
    for line in (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"# --- (.+?) -+$", line):
            if rows:
                yield heading, rows
            heading, rows, remarks = found[1], [], []
        elif found := re.match(r"#?([A-Z_]+)=(.*)$", line):
            rows.append((f"`{found[1]}`", f"`{found[2]}`" if found[2] else "（必填）", " ".join(remarks)))
            remarks = []
        elif line.startswith("# "):
            remarks.append(line[2:])
        elif not line:
            remarks = []
    yield heading, rows


def _name(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)


def _doc(function: Any) -> str:
    return RULES.get(function.__name__, function.__name__)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *([_cell(one) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: Any) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


PAGES = {"roles.md": roles_page, "workflows.md": workflows_page, "reference.md": reference_page}
