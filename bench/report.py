"""docs/benchmarks.md from the figures of a run."""

import os
import platform
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection

from common.calendar import today

HEAD = """# 性能

`make bench` 的结果；每节写明哪一天、哪条命令测的。机器：{cores} 核，内存 {memory} GiB，{system}，Python {python}，\
Django {django}，PostgreSQL {postgres}，数据库与测量同机。

- 每项工作与它的对照在同一次运行里轮流测；“比值”是相邻两次之比的中位数，机器忙闲对两者相同。
- 墙钟时间为中位数和最小—最大；CPU 为本进程的中位数（不含数据库）；SQL 条数是确切的。
- P1 每轮之后整理一次数据库（VACUUM ANALYZE），清掉已回滚的行；不整理时，空名册的统计因大量回滚而失真，
  再次导入实测由 2 秒增至 12 秒以上（机器忙时 30 秒）。
- 毫秒数随机器而变，不是承诺；可以比较的是比值和 SQL 条数。
- 对照：`read_and_copy` 只读文件并 COPY；`import_export` 为 django-import-export 默认设置；`bare_table` 为同样 50 行的
  六列素表；`check` 为只装入 Django 的进程；`insert_measures` 为一条语句写入措施；
  `scan_and_copy` 为一次索引扫描加 COPY。
"""
GOALS = "| 目标 | 实测 | 要求 | |\n|---|--:|--:|---|\n"
TABLE = "| 工作 | 墙钟 ms | 最小—最大 | CPU ms | SQL |\n|---|--:|--:|--:|--:|\n"


def machine() -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
    return {
        "date": today().isoformat(),
        "cores": os.cpu_count(),
        "memory": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgres": postgres.split()[0],
    }


def write(answer: dict[str, Any]) -> None:
    """What was measured takes the place of its earlier figures; what was not keeps them."""
    file = Path(settings.BASE_DIR, "docs", "benchmarks.md")
    _head, *known = file.read_text(encoding="utf-8").split("\n## ")
    sections = {_id(one): one.rstrip() + "\n" for one in known}
    how = f"{answer['machine']['date']}，{answer['rounds']} 轮，`python -m bench --only {{}}`。"
    sections |= {one["id"]: _section(one, how.format(one["part"])) for one in answer["results"]}
    ordered = [sections[name] for name in sorted(sections, key=_number)]
    file.write_text("\n## ".join([HEAD.format(**answer["machine"]), *ordered]), encoding="utf-8")


def _id(section: str) -> str:
    return section.split("　", 1)[0]


def _number(name: str) -> tuple[int, str]:
    """P2 before P11, P3 before P3-nation; what has no number (the drill) comes last."""
    digits = "".join(one for one in name if one.isdigit())
    return (int(digits) if digits else 999), name


def _section(result: dict[str, Any], how: str) -> str:
    measured = {name: one for name, one in _flat(result).items() if isinstance(one, dict) and "wall_s" in one}
    text = f"{result['id']}　{result['work']}\n\n{how}\n\n"
    if goals := result.get("goals"):
        text += GOALS + "".join(map(_goal, goals.items())) + "\n"
    text += TABLE + "".join(map(_row, measured.items())) + "\n"
    told = {name: value for name, value in _flat(result).items() if name not in result.get("goals", {})}
    others = [f"- {name}：{value}" for name, value in told.items() if isinstance(value, int | float)]
    if note := result.get("note"):
        others.append(f"- {note}")
    return text + "\n".join(others) + "\n"


def _flat(result: dict[str, Any]) -> dict[str, Any]:
    """The figures by name, whichever group they stand in."""
    own = {name: value for name, value in result.items() if name not in ("part", "measured", "ratios", "goals")}
    return result.get("measured", {}) | own | result.get("ratios", {})


def _goal(goal: tuple[str, dict[str, Any]]) -> str:
    name, one = goal
    wanted = f"≤ {one['at_most']}" if "at_most" in one else f"≥ {one['at_least']}"
    return f"| {name} | {one['value']} | {wanted} | {'达到' if one['met'] else '未达到'} |\n"


def _row(row: tuple[str, dict[str, Any]]) -> str:
    name, one = row
    low, high = (_ms(value) for value in one["wall_min_max_s"])
    return f"| {name} | {_ms(one['wall_s'])} | {low}—{high} | {_ms(one['cpu_s'])} | {one['sql']} |\n"


def _ms(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"
