from typing import Any

from django.core.management.base import BaseCommand

from common import outbox


class Command(BaseCommand):
    help = "立即发送待发的邮件（平时由定时任务每分钟发送）；--retry-parked 把多次失败而搁置的也重新发送。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--retry-parked", action="store_true", help="重新发送已搁置的邮件")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retry_parked"]:
            self.stdout.write(f"重新发送已搁置的 {outbox.release_parked()} 封。")
        counts = outbox.dispatch()
        told = "已发送 {sent} 封，作废 {void} 封，失败待重试 {failed} 封，搁置 {parked} 封。"
        self.stdout.write(told.format(**counts))
        if counts["unreachable"]:
            self.stderr.write("邮件服务器连接不上，待发的邮件都还在，恢复后会继续发送。")
