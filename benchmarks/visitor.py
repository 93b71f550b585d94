"""Owns a visitor without a browser: it opens pages, presses buttons and fetches sounds as the browser does.

Knows nothing about what is measured. It speaks Streamlit's protocol over its websocket, so many of them cost little.
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

_PATIENCE = 180.0  # seconds
_LOOK = 0.3  # seconds between two runs of a page that waits for something


class PageError(RuntimeError):
    """The page shows an exception, or what was waited for did not come."""


class Visitor:
    """One window of a browser, at an address of the app."""

    def __init__(self, address: str) -> None:
        self._address, self._page = address, ""
        self.query = ""
        """What stands after the question mark of the address."""
        self._pages: Mapping[str, str] = {}
        self._elements: dict[tuple[int, ...], Any] = {}
        self.seconds: list[float] = []
        """How long each run of a page took."""

    def __enter__(self) -> Visitor:
        self._socket: ClientConnection = connect(
            f"{self._address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
        ).__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.__exit__(kind, error, trace)

    def open(self, page: str = "", query: str = "") -> None:
        """Go to a page by its name in the address, '' for the welcome page."""
        self.query = query
        if page and not self._pages:
            self._run()
        self._page = self._pages.get(page, "")
        self._run()

    def press(self, key: str) -> None:
        """Press a button by its key."""
        self._run(self._named(key, "button").id)

    def wait_for(self, there: Callable[[], object]) -> None:
        """Let the page run until something is there. Raises PageError if that takes too long."""
        until = time.monotonic() + _PATIENCE
        while not there():
            if time.monotonic() > until:
                raise PageError(f"it did not come; the page shows: {self.texts()[:500]}")
            time.sleep(_LOOK)
            self._run()

    def has(self, key: str) -> bool:
        """Tell whether there is a button of some key, or one that begins like it."""
        return bool(self.count(key))

    def count(self, key: str) -> int:
        """Count the buttons whose keys begin so."""
        return sum(f"-{key}" in element.id for element in self._of_kind("button"))

    def texts(self) -> str:
        """Return what the page says."""
        kinds = ("markdown", "alert", "heading", "text", "progress")
        return " | ".join(str(getattr(each, "body", "") or each) for kind in kinds for each in self._of_kind(kind))

    def sounds(self) -> list[bytes]:
        """Fetch all sounds of the page."""
        found = []
        for element in self._of_kind("audio"):
            with urllib.request.urlopen(self._address + element.url, timeout=60) as answer:
                found.append(answer.read())
        return found

    def _of_kind(self, kind: str) -> list[Any]:
        return [getattr(each, kind) for each in self._elements.values() if each.WhichOneof("type") == kind]

    def _named(self, key: str, kind: str) -> Any:
        for element in self._of_kind(kind):
            if element.id.endswith(f"-{key}"):
                return element
        raise PageError(f"there is no {kind} {key!r}; the page shows: {self.texts()[:500]}")

    def _run(self, pressed: str = "") -> None:
        """Let the page run from its beginning to its end, with a button pressed or none."""
        begun, message = time.monotonic(), BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_script_hash = self.query, self._page
        if pressed:
            message.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        self._socket.send(message.SerializeToString())
        while not self._take(self._receive()):
            pass
        self.seconds.append(time.monotonic() - begun)
        if shown := self._of_kind("exception"):
            raise PageError(f"{shown[0].type}: {shown[0].message}")

    def _receive(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self._socket.recv(timeout=_PATIENCE))
        return message

    def _take(self, message: ForwardMsg) -> bool:
        """Take in a message; return whether the page has come to its end."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._elements.clear()
            self._page = message.new_session.page_script_hash
        elif kind == "navigation":
            self._pages = {each.url_pathname: each.page_script_hash for each in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._elements[tuple(message.metadata.delta_path)] = message.delta.new_element
        return kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
