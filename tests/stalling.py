"""A way to a server that can be stopped: connections stay open, and nothing comes through."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Event, Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CHUNK = 65_536


class Stalling:
    """Forwards a loopback port to a server until `needle` is sent through it, then nothing.

    What holds the needle is not forwarded. New connections are taken, and stall too.
    """

    def __init__(self, uri: str, needle: bytes = b"") -> None:
        parts = urlsplit(uri)
        self._target = parts.hostname or "127.0.0.1", parts.port or 7687
        self._needle = needle
        self.stalled = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self._sockets: list[socket.socket] = [self._listening]

    def __enter__(self) -> Self:
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._target)
                self._sockets += [client, server]
                Thread(target=self._forward, args=(client, server, True), daemon=True).start()
                Thread(target=self._forward, args=(server, client, False), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, asked: bool) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if asked and self._needle and self._needle in data:
                    self.stalled.set()
                if not self.stalled.is_set():
                    target.sendall(data)
            # Whoever hangs up is hung up on, or the server would keep what was broken off.
            target.shutdown(socket.SHUT_RDWR)
