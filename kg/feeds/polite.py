"""Asking the web, politely and with care: a name of its own, time-outs, sizes, and no address that
is not for all, unless the user says so; where a connection leads is looked at as it is made."""

from __future__ import annotations

import base64
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from kg import __version__
from kg.base.errors import InputError
from kg.feeds.feed import Feed

REDIRECTS = 5
WHOLE = 20
"""How many time-outs the whole of an answer may take."""
CHUNK = 65_536
AGENT = f"kg/{__version__}"
NAT64 = ipaddress.ip_network("64:ff9b::/96")
CONDITIONS = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
"""What is kept of an answer → the header that makes the next one depend on it."""


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is empty where nothing has changed (304)."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kept(self) -> dict[str, str]:
        """What the next question is to depend on."""
        names = {"etag": "etag", "last_modified": "last-modified"}
        return {key: self.headers[name] for key, name in names.items() if name in self.headers}


def get(
    feed: Feed,
    url: str,
    *,
    accept: str = "*/*",
    unless: Mapping[str, str] | None = None,
    most: int | None = None,
) -> Answer:
    """The answer to a question, 200 or, with `unless` (an earlier answer's `kept`), 304.

    Raises `InputError` for all others, for what is too slow or too large, and for where it may not
    lead.
    """
    headers = {"User-Agent": AGENT, "Accept": accept, "Accept-Encoding": "identity"}
    headers |= {CONDITIONS[k]: value for k, value in (unless or {}).items() if k in CONDITIONS}
    secret, start = _authorization(feed), urlsplit(url)
    until = time.monotonic() + WHOLE * feed.timeout
    for _ in range(REDIRECTS + 1):
        parts = _allowed(feed, url, start)
        own = {"Authorization": secret} if secret and _origin(parts) == _origin(start) else {}
        answer = _asked(feed, parts, headers | own, feed.most if most is None else most, until)
        if answer.status not in (301, 302, 303, 307, 308):
            break
        url = urljoin(url, answer.headers.get("location", ""))
    else:
        raise feed.failed(f"more than {REDIRECTS} redirects", value=_shown(start))
    if answer.status not in (200, 304) or (answer.status == 304 and not unless):
        raise feed.failed(f"the server answers {answer.status}", value=_shown(parts))
    return answer


def _allowed(feed: Feed, url: str, start: SplitResult) -> SplitResult:
    """The parts of an address that may be asked. Raises `InputError`."""
    parts = urlsplit(url)
    shown = _shown(parts)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise feed.failed("leads to what is no address of the web", value=shown)
    if start.scheme == "https" and parts.scheme == "http":
        raise feed.failed("leads from https to http", value=shown)
    if parts.scheme == "http" and feed.secrets and not feed.allow_private:
        raise feed.failed("secrets are not sent over http (https, or allow_private: true)")
    return parts


def _asked(
    feed: Feed, parts: SplitResult, headers: Mapping[str, str], most: int, until: float
) -> Answer:
    connection = _Checked(feed, parts)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        if found.get("content-encoding", "identity") != "identity":
            raise feed.failed("the server sends it packed, which nobody asked for")
        body = _body(feed, response, most, until) if response.status == 200 else b""
    except InputError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as why:
        told = why.strerror if isinstance(why, OSError) and why.strerror else type(why).__name__
        raise feed.failed(f"cannot be reached: {told}", value=_shown(parts)) from None
    finally:
        connection.close()
    return Answer(response.status, found, body)


def _body(feed: Feed, response: http.client.HTTPResponse, most: int, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(CHUNK):
        size += len(chunk)
        if size > most:
            raise feed.failed(f"holds more than {feed.max_mb:g} MB (max_mb raises that)")
        if time.monotonic() > until:
            raise feed.failed(f"takes more than {WHOLE * feed.timeout:g} seconds (timeout)")
        parts.append(chunk)
    if response.length:  # the connection broke off
        raise feed.failed("ended before all of it was there")
    return b"".join(parts)


class _Checked(http.client.HTTPConnection):
    """A connection to an address that was looked at: the very one that is connected to, whatever
    the name is said to mean a moment later."""

    def __init__(self, feed: Feed, parts: SplitResult) -> None:
        self.feed, self.tls = feed, parts.scheme == "https"
        port = parts.port or (443 if self.tls else 80)
        super().__init__(parts.hostname or "", port, timeout=feed.timeout)

    def connect(self) -> None:
        sock = self._connected()
        if self.tls:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)
        self.sock = sock

    def _connected(self) -> socket.socket:
        last: OSError | None = None
        for family, address in addresses(self.feed, self.host, self.port):
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.settimeout(self.feed.timeout)
            try:
                sock.connect(address)
            except OSError as why:
                sock.close()
                last = why
            else:
                return sock
        raise last or OSError("there is no address")


def addresses(feed: Feed, host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    """Where a host is: families and addresses, none of them private. Raises `InputError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    kept = [(int(family), address) for family, _, _, _, address in found]
    if not feed.allow_private:
        for _, address in kept:
            if not is_public(str(address[0])):
                raise feed.failed(
                    "leads to a private address (allow_private: true lets it)", value=host
                )
    return kept  # type: ignore[return-value]


def is_public(address: str) -> bool:
    """Whether an address is one of the open web, also where it stands inside another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _authorization(feed: Feed) -> str | None:
    if token := feed.secret("token"):
        return f"Bearer {token}"
    user, password = feed.secret("user"), feed.secret("password")
    if user is None or password is None:
        return None
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def authorization(feed: Feed) -> str | None:
    """The header that tells who asks; None where nobody has to."""
    return _authorization(feed)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    port = None
    with suppress(ValueError):
        port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, parts.hostname, port


def _shown(parts: SplitResult) -> str:
    """An address without what may be a secret in it."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
