"""By what a letter leaves the house: e-mail, or the webhook of 政务微信 to hosts on the allow-list (E7, security.md).

A channel is opened once for a batch, sends one letter at a time, and says by ChannelAway that it cannot be reached,
which is no letter's fault.
"""

import hashlib
import hmac
import http.client
import json
import ssl
from email.utils import parseaddr
from smtplib import SMTPException
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from .models import Delivery

TIMEOUT = 10


class ChannelAway(Exception):
    """The other side cannot be reached now."""


class Channel(Protocol):
    def open(self) -> None: ...
    def close(self) -> None: ...
    def send(self, row: Delivery, subject: str, text: str) -> None: ...


def channel(name: str) -> Channel:
    return Webhook() if name == Delivery.Channel.WEBHOOK else Email()


def in_use() -> list[str]:
    """The webhook only where it has an address."""
    used = [Delivery.Channel.EMAIL, *([Delivery.Channel.WEBHOOK] if settings.WEBHOOK_URL else [])]
    return [one.value for one in used]


def message_id(row: Delivery) -> str:
    """The same at every attempt, so that the other side drops a letter that it has got already."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<xuncha.{row.message.created_at:%Y%m%d%H%M%S%f}.{row.pk}@{host}>"


class Email:
    def __init__(self) -> None:
        self.connection = get_connection()

    def open(self) -> None:
        try:
            self.connection.open()
        except (OSError, SMTPException) as error:
            raise ChannelAway(f"mail server: {error}") from error

    def close(self) -> None:
        self.connection.close()

    def send(self, row: Delivery, subject: str, text: str) -> None:
        recipient: Any = row.message.recipient
        EmailMessage(
            subject=" ".join(subject.split()),
            body=text,
            to=[recipient.email],
            connection=self.connection,
            headers={"Message-ID": message_id(row), "Auto-Submitted": "auto-generated"},
        ).send()


class Webhook:
    """One POST a letter to the one configured address; follows no redirect, and only to a host on the allow-list."""

    def __init__(self) -> None:
        self.url = urlsplit(settings.WEBHOOK_URL)
        self.connection: http.client.HTTPSConnection | None = None

    def open(self) -> None:
        if reason := refused(settings.WEBHOOK_URL, settings.WEBHOOK_HOSTS):
            raise ChannelAway(reason)
        self.connection = http.client.HTTPSConnection(
            self.url.hostname or "", self.url.port or 443, timeout=TIMEOUT, context=ssl.create_default_context()
        )
        try:
            self.connection.connect()
        except OSError as error:
            raise ChannelAway(f"webhook: {error}") from error

    def close(self) -> None:
        if self.connection:
            self.connection.close()

    def send(self, row: Delivery, subject: str, text: str) -> None:
        """Raises when the answer is not 2xx; the other side knows a repeated letter by its id."""
        connection = self.connection
        if connection is None:
            raise ChannelAway("webhook: not open")
        recipient: Any = row.message.recipient
        content = {"id": message_id(row), "to": recipient.username, "title": subject, "text": text}
        body = json.dumps(content, ensure_ascii=False).encode()
        path = self.url.path + (f"?{self.url.query}" if self.url.query else "")
        connection.request("POST", path or "/", body, {"Content-Type": "application/json", **signed(body)})
        answer = connection.getresponse()
        answer.read(64 * 1024)
        if not 200 <= answer.status < 300:
            raise OSError(f"webhook answered {answer.status}")


def refused(url: str, hosts: list[str]) -> str:
    """Why this address may not be called, or nothing: HTTPS, no name or password in it, host on the list."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.username or parts.password or not parts.hostname:
        return "WEBHOOK_URL: https://host/path"
    return "" if parts.hostname in hosts else f"WEBHOOK_HOSTS: {parts.hostname}"


def signed(body: bytes) -> dict[str, str]:
    """By which the other side knows that it is from here."""
    secret = settings.WEBHOOK_SECRET
    if not secret:
        return {}
    return {"X-Xuncha-Signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
