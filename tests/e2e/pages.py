"""What can be clicked on a page: links, forms with what they would send, buttons that lead nowhere."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

SENT_AS_THEY_ARE = ("hidden", "text", "search", "date", "number", "email", "tel", "datetime-local")


@dataclass
class Form:
    action: str | None
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    places: set[str | None] = field(default_factory=set)  # where the buttons that are not greyed send it


@dataclass
class Clickable(HTMLParser):
    links: list[str | None] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    outside: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.form: Form | None = None
        self.text_of: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(found["id"])
        if "hx-get" in found:
            self.links.append(found["hx-get"])
        handler = getattr(self, f"_{tag}", None)
        if handler:
            handler(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.text_of = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.form is not None and self.text_of:
            self.form.fields[self.text_of] = [data.lstrip("\n")]

    def _a(self, found: dict[str, str | None]) -> None:
        self.links.append(found.get("href"))

    def _form(self, found: dict[str, str | None]) -> None:
        self.form = Form(found.get("action"), (found.get("method") or "get").lower())
        self.forms.append(self.form)

    def _input(self, found: dict[str, str | None]) -> None:
        name, kind = found.get("name"), found.get("type") or "text"
        if self.form is None or not name:
            return
        if kind in SENT_AS_THEY_ARE or (kind in ("radio", "checkbox") and "checked" in found):
            self.form.fields.setdefault(name, []).append(found.get("value") or "")

    def _textarea(self, found: dict[str, str | None]) -> None:
        self.text_of = found.get("name")
        if self.form is not None and self.text_of:
            self.form.fields.setdefault(self.text_of, [""])

    def _select(self, found: dict[str, str | None]) -> None:
        self.select = found.get("name")

    def _option(self, found: dict[str, str | None]) -> None:
        if self.form is None or not self.select:
            return
        if "selected" in found or self.select not in self.form.fields:
            self.form.fields[self.select] = [found.get("value") or ""]

    def _button(self, found: dict[str, str | None]) -> None:
        if "disabled" in found:
            return
        if (found.get("type") or "submit") == "submit" and self.form is not None:
            self.form.places.add(found.get("formaction", self.form.action))
        elif found.get("form") is None:
            self.outside.append((found.get("type") or "submit", found))

    def dead_buttons(self) -> list[dict[str, str | None]]:
        """Buttons outside of forms that no script knows of either."""
        return [found for _kind, found in self.outside if not any(key.startswith("data-") for key in found)]


def read(html: str) -> Clickable:
    page = Clickable()
    page.feed(html)
    return page
