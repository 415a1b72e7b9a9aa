"""A browser that knows only links, forms and cookies: enough for a login page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Final, override
from urllib.parse import urlencode, urljoin

from .loopback import Answer, ask

if TYPE_CHECKING:
    from collections.abc import Mapping

REDIRECTS: Final = (301, 302, 303, 307, 308)
MOST_REDIRECTS: Final = 10


@dataclass(kw_only=True, slots=True)
class Form:
    """A form as the page delivers it: every box that is ticked, every hidden field."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(
                Form(
                    action=given.get("action") or "", method=(given.get("method") or "get").upper()
                )
            )
        elif tag in {"input", "button"} and self.forms and given.get("name"):
            self._handle_field(tag, given)

    def _handle_field(self, tag: str, given: Mapping[str, str | None]) -> None:
        name, value = given["name"] or "", given.get("value")
        kind = given.get("type") or ("submit" if tag == "button" else "text")
        form = self.forms[-1]
        if kind == "submit":
            form.buttons.append((name, value or ""))
        elif kind not in {"checkbox", "radio"}:
            form.fields.append((name, value or ""))
        elif "checked" in given:
            form.fields.append((name, value or "on"))


@dataclass(kw_only=True, slots=True)
class Visitor:
    """Somebody who follows redirects, keeps cookies and remembers where they are."""

    url: str = ""
    answer: Answer | None = None
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def open(self, url: str) -> None:
        """Go there."""
        self._go("GET", url, None)

    def forms(self) -> list[Form]:
        """The forms of this page."""
        reader = _Reader()
        reader.feed(self.answer.text if self.answer else "")
        return reader.forms

    def submit(self, form: Form, button: tuple[str, str] | None = None) -> None:
        """Send the form as it is."""
        fields = [*form.fields, *([button] if button else [])]
        target = urljoin(self.url, form.action)
        if form.method == "GET":
            self._go("GET", f"{target.partition('?')[0]}?{urlencode(fields)}", None)
        else:
            self._go("POST", target, fields)

    def _go(self, method: str, url: str, fields: list[tuple[str, str]] | None) -> None:
        for _ in range(MOST_REDIRECTS):
            cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
            self.answer = ask(
                url, method=method, form=fields, headers={"Cookie": cookie} if cookie else None
            )
            self.url = url
            self.cookies.load(self.answer.headers.get("set-cookie", ""))
            if self.answer.status not in REDIRECTS:
                return
            method, url, fields = "GET", urljoin(url, self.answer.headers["location"]), None
