"""The browser that knows only forms."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import threading
from typing import TYPE_CHECKING, ClassVar, override
from urllib.parse import parse_qs

import pytest

from scripts.workshop.forms import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """<!doctype html><form method=post action="there?step=2">
<input type=hidden name=session value="a&amp;b"><input type=email name=email value="o@example.com">
<input type=checkbox name=scope value=one checked><input type=checkbox name=scope value=two>
<button id=plain>Sign in</button>
<button name=decision value=allow>Allow</button>
<button name=decision value=deny>Deny</button></form>"""


class _Site(BaseHTTPRequestHandler):
    received: ClassVar[list[tuple[str, str | None, dict[str, list[str]]]]] = []

    def do_GET(self) -> None:
        """Serve the form, or the page behind it."""
        body = PAGE.encode() if self.path.startswith("/form") else b"the end"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Take the form and send its sender on."""
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.received.append((self.path, self.headers["Cookie"], parse_qs(text)))
        self.send_response(302)
        self.send_header("Location", "/end")
        self.send_header("Set-Cookie", "seen=yes; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(socket_enabled: None) -> Iterator[str]:  # noqa: ARG001  # opens the loopback interface
    """A site with one form."""
    _Site.received.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_form_is_sent_as_it_stands_on_the_page(site: str) -> None:
    """Hidden fields, filled fields and ticked boxes go; the button pressed goes; others do not."""
    visitor = Visitor()
    visitor.open(f"{site}/form")
    (form,) = visitor.forms()
    assert form.buttons == [("decision", "allow"), ("decision", "deny")]
    visitor.submit(form, form.buttons[0])
    ((path, _, fields),) = _Site.received
    assert path == "/there?step=2"
    assert fields == {
        "session": ["a&b"],
        "email": ["o@example.com"],
        "scope": ["one"],
        "decision": ["allow"],
    }


def test_redirects_are_followed_and_cookies_kept(site: str) -> None:
    """The visitor ends where a browser would, and is recognised there."""
    visitor = Visitor()
    visitor.open(f"{site}/form")
    (form,) = visitor.forms()
    visitor.submit(form)
    assert visitor.url == f"{site}/end"
    assert visitor.answer is not None
    assert visitor.answer.text == "the end"
    visitor.open(f"{site}/form")
    visitor.submit(visitor.forms()[0])
    assert _Site.received[1][1] == "seen=yes"
