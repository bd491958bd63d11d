"""As much of Stash as a deployment talks to: it answers, wants its API key, and keeps plugins' settings."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class SmallStash(ThreadingHTTPServer):
    """Serves http://127.0.0.1:``port``.

    Attributes:
        api_key: what the header ApiKey has to hold; empty asks for none.
        installed: ids of the plugins that it has.
        plugins: id of a plugin -> its settings, as Stash's ``configuration { plugins }``.
    """

    daemon_threads = True

    def __init__(self, api_key: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api_key = api_key
        self.installed = {"stash-sense"}
        self.plugins: dict[str, dict[str, Any]] = {}

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """What the GraphQL document asks for; the whole settings of a plugin are replaced, as Stash does."""
        if "configurePlugin" in query:
            # The arguments bear their names or those of the variables that stand for them.
            names = dict(re.findall(r"(plugin_id|input)\s*:\s*\$(\w+)", query))
            plugin, settings = variables[names["plugin_id"]], variables[names["input"]]
            self.plugins[plugin] = settings
            return {"configurePlugin": settings}
        if "plugins" in query:
            installed = [{"id": plugin} for plugin in sorted(self.installed)]
            return {"configuration": {"plugins": self.plugins}, "plugins": installed}
        return {"version": {"version": "v0.28.1"}}


class _Handler(BaseHTTPRequestHandler):
    server: SmallStash

    def do_GET(self) -> None:
        self._send(200, "<title>Stash</title>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.api_key and self.headers["ApiKey"] != self.server.api_key:
            self._send(401, "")
            return
        asked = json.loads(body)
        answer = self.server.answer(asked["query"], asked.get("variables") or {})
        self._send(200, json.dumps({"data": answer}))

    def _send(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if text.startswith("{") else "text/html")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def small_stash(api_key: str = "") -> Iterator[SmallStash]:
    """Serve one as long as the block runs."""
    stash = SmallStash(api_key)
    threading.Thread(target=stash.serve_forever, daemon=True).start()
    yield stash
    stash.shutdown()
    stash.server_close()
