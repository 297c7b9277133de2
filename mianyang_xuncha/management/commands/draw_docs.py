from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from mianyang_xuncha.drawing import PAGES


class Command(BaseCommand):
    help = "把代码中的权限表、流程表、命令和设置画成 docs/ 下的页面；--check 只核对，有出入时以 1 退出。"
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不写文件")

    def handle(self, *args: Any, **options: Any) -> None:
        stale = []
        for name, draw in PAGES.items():
            path = settings.BASE_DIR / "docs" / name
            with translation.override("zh-hans"):
                text = draw()
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(name)
            if not options["check"]:
                path.write_text(text, encoding="utf-8")
        self.stdout.write("、".join(stale) + ("需要重画" if options["check"] else "已重画") if stale else "没有变化")
        if stale and options["check"]:
            raise SystemExit(1)
