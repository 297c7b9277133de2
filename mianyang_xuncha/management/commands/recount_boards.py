from typing import Any

from django.core.management.base import BaseCommand

from oversight.services import recount


class Command(BaseCommand):
    help = "由整改事项和问题逐条重算看板的计数；check_integrity 报计数不一致，或者绕过程序改过数据之后用。"

    def handle(self, *args: Any, **options: Any) -> None:
        recount()
        self.stdout.write("看板的计数已重算。")
