"""Tables that every app uses: the trail, the inbox and its outbox, the working-day calendar, heartbeats."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One thing that somebody did or was refused. Only `common.audit` writes it; nothing changes or deletes it."""

    append_only = True

    class Result(models.TextChoices):
        OK = "OK", _("成功")
        DENIED = "DENIED", _("被拒")
        FAILED = "FAILED", _("失败")

    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("操作人"),
    )
    actor_text = models.CharField(_("操作人（当时）"), max_length=120)
    action = models.CharField(_("动作"), max_length=60)
    object_type = models.CharField(_("对象类型"), max_length=60)
    object_id = models.CharField(_("对象编号"), max_length=40, blank=True)
    object_text = models.CharField(_("对象"), max_length=200, blank=True)
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices, default=Result.OK)
    source = models.CharField(_("原状态"), max_length=30, blank=True)
    target = models.CharField(_("新状态"), max_length=30, blank=True)
    note = models.TextField(_("理由或说明"), blank=True)
    changes = models.JSONField(_("变化"), default=dict)
    ip = models.GenericIPAddressField(_("来源地址"), null=True)
    request_id = models.CharField(_("请求号"), max_length=40, blank=True)
    transaction = models.BigIntegerField(
        _("数据库事务"), null=True, editable=False, db_default=Func(function="txid_current")
    )
    seal = models.BinaryField(_("封印"), null=True, unique=True, editable=False)  # common.seals; unique: used once

    class Meta:
        verbose_name = _("审计记录")
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_by_object"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["transaction"], name="audit_by_transaction"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(result__in=["OK", "DENIED", "FAILED"]),
                name="audit_result_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_text} {self.action} {self.object_text}"


class Message(models.Model):
    """One entry of a person's inbox. `key` makes it happen once, however often its cause is replayed."""

    class Kind(models.TextChoices):
        DIGEST = "DIGEST", _("整改提醒")
        NOTICE = "NOTICE", _("通知")
        URGE = "URGE", _("催办")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="inbox",
        verbose_name=_("收件人"),
    )
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    key = models.CharField(_("唯一键"), max_length=120)
    day = models.DateField(_("日期"))
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    path = models.CharField(_("页面"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("产生时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="message_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="message_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """Outbox: a message on its way out by a channel. This row, not the broker, is the truth."""

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", _("电子邮件")
        WEBHOOK = "WEBHOOK", _("政务微信")

    class Status(models.TextChoices):
        PENDING = "PENDING", _("待发送")
        SENT = "SENT", _("已发送")
        VOID = "VOID", _("已作废")
        PARKED = "PARKED", _("多次失败，已搁置")

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name=_("消息"))
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel.choices)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_at = models.DateTimeField(_("下次发送"))
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    error = models.CharField(_("最近错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("外发消息")
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(status="SENT", sent_at__isnull=False) | (~Q(status="SENT") & Q(sent_at=None)),
                name="delivery_sent_iff_sent_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(status="PENDING"),
                name="delivery_pending",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.message}"


class StoredFile(models.Model):
    """A file kept under a random name outside any URL (`common.files`); served only through its owner's policy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(_("类型"), max_length=80)
    size = models.PositiveIntegerField(_("大小（字节）"))
    sha256 = models.CharField(_("指纹"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("上传人"),
    )
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """When a part of the system last showed that it lives (beat, reminders, outbox)."""

    name = models.CharField(_("部件"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("心跳")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%F %T}"

    @staticmethod
    def beat(name: str) -> None:
        """This part lives now."""
        row = Heartbeat(name=name, at=timezone.now())
        Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=["at"])


class WorkdayOverride(models.Model):
    """A day that the State Council's calendar in use has wrong or does not know yet."""

    day = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("是否工作日"))
    note = models.CharField(_("依据"), max_length=120)

    class Meta:
        verbose_name = _("工作日调整")

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.is_workday else '放假'}"
