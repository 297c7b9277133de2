import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from mianyang_xuncha import reference
from mianyang_xuncha.demo import checks, history, people, story
from mianyang_xuncha.demo.listing import listing


class Command(BaseCommand):
    help = "在真实名册上讲一段演示故事（人物和问题均为虚构），并列出各角色账号；已有演示时只列账号。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--stage", choices=story.STAGES, help=f"讲到哪一步，默认 {story.STAGES[-1]}")
        parser.add_argument("--seed", type=int, default=42)
        parser.add_argument(
            "--history",
            type=float,
            default=1.0,
            metavar="SHARE",
            help="九个县三年历史的多少，0 为没有；写了 --stage 的没有",
        )
        parser.add_argument("--json", action="store_true", help="以 JSON 输出账号")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEPLOYMENT == "production":
            raise CommandError("演示账号的密码是公开的，生产环境不能载入演示。试用请设置 XUNCHA_ENV=demo。")
        if not User.objects.exists():
            one = story.Story(seed=options["seed"], stage=options["stage"] or story.STAGES[-1])
            with transaction.atomic():
                reference.load()
                one.tell()
            if options["history"] and not options["stage"]:
                history.tell(seed=options["seed"], scale=options["history"])
                checks.tell(seed=options["seed"])
            with transaction.atomic():
                one.conclude()
            if options["history"] and not options["stage"]:
                checks.tell(seed=options["seed"], running=True)
        elif not User.objects.filter(username="county", email__endswith="@demo.invalid").exists():
            raise CommandError("数据库里已有真实账号，不能载入演示。请换一个空数据库。")
        elif options["stage"]:
            self.stderr.write(f"已有演示数据，--stage {options['stage']} 没有起作用；要换一步，请先清空数据库。")
        self._print(as_json=options["json"])

    def _print(self, *, as_json: bool) -> None:
        users = (
            User.objects.select_related("organ__division__parent")
            .filter(email__endswith="@demo.invalid")
            .order_by("pk")
        )
        rows = people.accounts(users)
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"演示账号（密码都是 {people.PASSWORD}）：")
        for line in listing(rows):
            self.stdout.write(f"  {line}")
