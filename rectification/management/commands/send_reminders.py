import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.calendar import today
from rectification.selectors import reminders as reads
from rectification.services import nudge, send_reminders

SHOWN = 200


class Command(BaseCommand):
    help = "写出某天的整改提醒（默认今天），补上之前漏掉的日子；重复运行不会重复提醒。--dry-run 只列出会提醒谁。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="哪一天，默认今天")
        parser.add_argument("--dry-run", action="store_true", help="什么也不写，只列出会提醒谁")
        parser.add_argument("--json", action="store_true", help="只输出一行 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day(options["on"]) if options["on"] else today()
        if options["dry_run"] and not options["json"]:
            self._foretell(on)
        figures = send_reminders(on=on, dry_run=options["dry_run"])
        if not options["dry_run"]:
            nudge(on=on)
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        told = "{on}：到点事项 {items} 件，新提醒 {reminders} 条，汇总消息 {digests} 封，已提醒过 {already} 条。"
        self.stdout.write(told.format(**figures))

    def _foretell(self, on: date) -> None:
        seen = reads.preview(on=on)
        self.stdout.write(f"试算（不写入任何内容），将提醒 {len(seen.people)} 人：")
        for one in seen.reached(SHOWN):
            up = "（因下级岗位空缺）" if one.escalated else ""
            self.stdout.write(f"  {one.person.organ.name} {one.person.full_name}：{one.items} 件{up}")
        if len(seen.people) > SHOWN:
            self.stdout.write(f"  ……另有 {len(seen.people) - SHOWN} 人")
        if seen.unreached:
            self.stdout.write(f"有 {seen.unreached} 条提醒各级都没有人可收，请先补齐人员。")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"日期“{text}”写法不对，请写成 2026-01-05 这样。没有写入任何内容。", returncode=2) from None
