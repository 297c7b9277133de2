"""A person at a browser: signs in on the real page, follows links, fills in forms, reads what the page says."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from rectification.models import RectificationItem
from tests.factories.world import PASSWORD, change


def give_passwords(*users: User) -> None:
    """The cast's people have none; one hash serves all of them."""
    change(*users, password=make_password(PASSWORD))


def page_of(item: RectificationItem) -> str:
    return reverse("rectification:item", args=[item.pk])


PATIENCE = 30_000  # ms; a busy machine is slow, and none of this measures speed
expect.set_options(timeout=PATIENCE)


@dataclass
class Visitor:
    page: Page
    address: str

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)

    def sign_in(self, username: str) -> "Visitor":
        self.page.goto(f"{self.address}/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.locator("h1")).not_to_have_text("登录")
        return self

    def enter(self, user: User) -> "Visitor":
        """Come in by a session made beforehand, where signing in is not what is tested."""
        client = Client()
        client.force_login(user)
        key = client.session.session_key
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}])
        return self

    def go(self, path: str) -> Any:
        return self.page.goto(f"{self.address}{path}")

    def follow(self, link: str | re.Pattern[str], inside: str = "#main") -> None:
        self.page.locator(inside).get_by_role("link", name=link).first.click()

    def press(self, button: str | re.Pattern[str], *, confirm: bool = False) -> None:
        """Press a button of the page; with `confirm` answer the question that it asks, as dialog or as page."""
        self.page.locator("#main").get_by_role("button", name=button).first.click()
        if confirm:
            self.page.locator("#dlg-confirm [data-go], form .formfoot .btn-primary").first.click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name.replace('__', '-')}']")
            if field.first.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def choose(self, **fields: str) -> None:
        """Tick the radio button or checkbox with this value."""
        for name, value in fields.items():
            self.page.locator(f"[name='{name}'][value='{value}']").check()

    def attach(self, name: str, content: bytes, kind: str, field: str) -> None:
        file = {"name": name, "mimeType": kind, "buffer": content}
        self.page.locator(f"[name='{field}']").set_input_files(file)  # type: ignore[arg-type]

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    @property
    def main(self) -> Locator:
        return self.page.locator("body")


Visit = Callable[..., Visitor]
