from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import integrity


class Command(BaseCommand):
    help = "核对数据是否前后一致（区划、分类、范围、状态、时限、签署、佐证、提醒）；有不一致时逐条列出并以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = 0
        for answer in integrity.ask():
            if not answer.found:
                if options["verbosity"] > 1:
                    self.stdout.write(f"通过：{answer.label}")
                continue
            wrong += len(answer.found)
            self.stdout.write(f"不一致：{answer.label}")
            for line in answer.found:
                self.stdout.write(f"  {line}")
            if answer.more:
                self.stdout.write("  ……（只列出前面的）")
        if wrong:
            raise CommandError(f"共 {wrong} 处不一致。", returncode=1)
        self.stdout.write("全部一致。")
