"""Who may be asked what: public hosts over https, and those that the config allows.

A secret is the value of a named environment variable; it goes to named hosts only, and is shown
nowhere.
"""

from __future__ import annotations

import ipaddress
import json
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, urlsplit

from argmap.evidence.model import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from argmap.evidence.request import Request

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = {"https": 443, "http": 80}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_SHORTEST = 6  # a shorter one would be cut out of every other number and word
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


class SecretError(Exception):
    """A secret that cannot be sent; its text holds the name only."""


@dataclass(frozen=True)
class Keys:
    """The secrets of a project: by name, the hosts each may be sent to; values from `env`."""

    hosts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict, repr=False)

    def may_go(self, name: str, host: str) -> bool:
        """Say whether a secret may be sent to a host."""
        return host.lower() in {each.lower() for each in self.hosts.get(name, ())}

    def values(self, names: Iterable[str]) -> dict[str, str]:
        """Return the values of these secrets. Raises SecretError."""
        return {name: self._value(name) for name in names}

    def _value(self, name: str) -> str:
        value = self.env.get(name, "").strip()
        if not value:
            raise SecretError(f"{name} is not set")
        if len(value) < _SHORTEST or not value.isprintable() or not value.isascii():
            raise SecretError(f"what {name} is set to cannot be a secret")
        return value

    @cached_property
    def _spelt(self) -> list[tuple[str, str]]:
        """Return every spelling of every secret that is set, longest first, with its name."""
        found = []
        for name in sorted(self.hosts):
            value = self.env.get(name, "").strip()
            if len(value) >= _SHORTEST:
                found += [(spelt, "${" + name + "}") for spelt in _spellings(value)]
        return sorted(set(found), key=lambda pair: (-len(pair[0]), pair))

    @cached_property
    def _bytes(self) -> list[tuple[bytes, bytes]]:
        return [
            (spelt.encode(encoding), name.encode(encoding))
            for spelt, name in self._spelt
            for encoding in _ENCODINGS
        ]

    def hide(self, text: str) -> str:
        """Return a text with the names of secrets in place of their values."""
        for spelt, name in self._spelt:
            text = text.replace(spelt, name)
        return text

    def hide_bytes(self, body: bytes) -> bytes:
        """Return a body with the names of secrets in place of their values."""
        for spelt, name in self._bytes:
            body = body.replace(spelt, name)
        return body


def _spellings(value: str) -> set[str]:
    """Return a secret as a source may send it back: as it is, or as text within other text."""
    quoted = {quote(value, safe=""), quote(value), quote_plus(value)}
    coded = {b64encode(value.encode()).decode(), b64encode(value.encode()).decode().rstrip("=")}
    within = {json.dumps(value)[1:-1], escape(value), value.replace("/", r"\/")}
    return {value, value.lower(), *quoted, *{each.lower() for each in quoted}, *coded, *within}


@dataclass(frozen=True)
class Rules:
    """Who may be asked, and with which secrets.

    `allow_hosts` (``host`` or ``host:port``) may lie at private addresses and be asked over http.
    """

    allow_hosts: Collection[str] = ()
    keys: Keys = field(default_factory=Keys)

    def allows(self, host: str, port: int | None) -> bool:
        """Say whether the config exempts a host from what holds for all others."""
        allowed = {each.lower() for each in self.allow_hosts}
        return host.lower() in allowed or f"{host}:{port}".lower() in allowed

    def refuses(self, scheme: str, host: str, port: int | None, user: str = "") -> str:
        """Return why an address may not be asked, as far as its text tells; empty if it may."""
        if scheme not in _PORTS or not host or "$" in host:
            return "an address begins with https:// and a host"
        if user:
            return "an address holds no password; it is a header's, from a [secrets.NAME]"
        if self.allows(host, port or _PORTS[scheme]):
            return ""
        if scheme != "https":
            return f"{host} is asked over https only"
        if host == "localhost" or host.endswith((".localhost", ".local")) or _is_inside(host):
            return f"{host} is not a public address"
        return ""

    def fault(self, request: Request, key: tuple[str, ...] = ("fetch",)) -> Fault | None:
        """Return why this may never be asked: what the author, or the config, should change."""
        try:
            parts = urlsplit(request.url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return Fault("A321", "the address cannot be read", "", (*key, "url"))
        if why := self.refuses(parts.scheme, host, port, parts.username or ""):
            hint = f"if it should be asked, put {host!r} into evidence.allow_hosts of argmap.toml"
            return Fault("A321", why, hint if host else "", (*key, "url"))
        for name in request.secrets:
            if name not in self.keys.hosts:
                hint = f"argmap.toml needs [secrets.{name}] with hosts = [{host!r}]"
                return Fault("A322", f"no secret {name!r}", hint, key)
            if not self.keys.may_go(name, host):
                hint = f"secrets.{name}.hosts in argmap.toml names the hosts it may be sent to"
                return Fault("A322", f"{name} may not be sent to {host}", hint, key)
        return None


def _is_inside(host: str) -> bool:
    """Say whether a host is written as an address that is not public."""
    try:
        return not is_public(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return False


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the internet at large, and so does any it wraps."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            wrapped.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(each) for each in wrapped if each):
            return False
        if address.ipv4_mapped or address in _NAT64:
            return True
        if address.scope_id or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
