"""The [providers.X] sections of the configuration, laid over the built-in providers."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from gateway_core.model.call import DialectName
from gateway_core.model.errors import ConfigError
from gateway_core.providers.cloud import PLACE_READERS, placed_cloud
from gateway_core.providers.provider import Auth, Provider, builtin_providers

_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")
_VARIABLE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*\Z")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AUTH: Mapping[DialectName, Auth] = {
    DialectName.OPENAI_CHAT: "bearer",
    DialectName.OPENAI_RESPONSES: "bearer",
    DialectName.ANTHROPIC: "x-api-key",
    DialectName.GEMINI: "x-goog-api-key",
}
_NOT_OURS = {"authorization", "proxy-authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie"}
_OF_THE_DOOR = {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"}


def configured_providers(sections: Mapping[str, Mapping[str, object]]) -> dict[str, Provider]:
    """The built-in providers and the user's own, as the sections say, by id.

    Raises ConfigError that quotes the wrong key; a value that may be a key is never repeated.
    """
    builtin = builtin_providers()
    providers = dict(builtin)
    for name, section in sections.items():
        if not _ID.match(name) or name in ("auto", "models"):
            raise ConfigError(
                f"{name!r} cannot name a provider; use small letters, digits, '-', '_' and '.', not 'auto'"
            )
        base = _kin(builtin, name, section.get("kind")) or providers.get(name)
        providers[name] = _overlaid(base, name, section)
    return providers


def _kin(builtin: Mapping[str, Provider], name: str, kind: object) -> Provider | None:
    """A further provider of a cloud that is built in: another region or account."""
    if kind is None:
        return None
    if name in builtin:
        raise ConfigError(f"'kind' of provider {name!r} cannot be set: it is one already")
    base = builtin.get(kind) if isinstance(kind, str) else None
    if base is None or base.cloud is None:
        kinds = " or ".join(repr(each.id) for each in builtin.values() if each.cloud)
        raise ConfigError(f"'kind' of provider {name!r} must be {kinds}")
    # What is plainly Bedrock's stays Bedrock's: names lead to one provider.
    return replace(base, id=name, title=name, name_forms=())


def _overlaid(base: Provider | None, name: str, section: Mapping[str, object]) -> Provider:
    for key in section:
        if key not in _READERS:
            raise ConfigError(_unknown(name, key))
    values: dict[str, Any] = {
        key: read(name, section[key]) for key, read in _READERS.items() if key in section
    }
    values.pop("kind", None)
    dialect = values.pop("format", None)
    if base is not None and base.cloud is not None:
        if dialect is not None:
            raise ConfigError(f"'format' of provider {name!r} cannot be set: its cloud has its own")
        return _in_cloud(base, values)
    if places := sorted(PLACE_READERS.keys() & values):
        raise ConfigError(f"{places[0]!r} of provider {name!r} is for providers inside a cloud only")
    return _own(name, dialect, values) if base is None else _changed(base, dialect, values)


def _in_cloud(base: Provider, values: dict[str, Any]) -> Provider:
    assert base.cloud is not None
    places = {key: values.pop(key) for key in PLACE_READERS if key in values}
    cloud = placed_cloud(base.id, base.cloud, places)
    return _changed(base, None, {"base_url": cloud.base_url, **values, "cloud": cloud})


def _own(name: str, dialect: DialectName | None, values: dict[str, Any]) -> Provider:
    if dialect is None:
        raise ConfigError(f"provider {name!r} needs format = 'openai', 'responses', 'anthropic' or 'gemini'")
    if "base_url" not in values:
        raise ConfigError(
            f"provider {name!r} needs base_url = 'http://…', as that provider's own SDK takes it"
        )
    variable = re.sub(r"\W", "_", name).upper() + "_API_KEY"
    headers = {"anthropic-version": "2023-06-01"} if dialect is DialectName.ANTHROPIC else {}
    base = Provider(
        name,
        name,
        (dialect,),
        "",
        auth=_AUTH[dialect],
        key_env=(variable,),
        headers=headers,
        stream_usage="ask",
    )
    return _changed(base, None, values)


def _changed(base: Provider, dialect: DialectName | None, values: dict[str, Any]) -> Provider:
    if dialect is not None:
        values["dialects"] = (dialect, *(each for each in base.dialects if each is not dialect))
    if "headers" in values:
        values["headers"] = {**base.headers, **values["headers"]}
    return replace(base, **values)


def _unknown(name: str, key: str) -> str:
    near = difflib.get_close_matches(key, _READERS, n=1, cutoff=0.5)
    mend = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(_READERS)}"
    return f"unknown key {key!r} of provider {name!r}; {mend}"


def _base_url(name: str, value: object) -> str:
    text = _text("base_url")(name, value)
    wrong = ConfigError(f"'base_url' of provider {name!r} must be an http:// or https:// address")
    try:
        url = urlsplit(text)
        usable = url.scheme in ("http", "https") and url.hostname and url.port != 0
    except ValueError:
        raise wrong from None
    if not usable or _CONTROL.search(text) or " " in text:
        raise wrong
    if "@" in url.netloc:
        raise ConfigError(
            f"'base_url' of provider {name!r} must not hold a name or password; "
            f"keys belong into the keyring: llmconsole keys set {name}"
        )
    if url.query or url.fragment:
        raise ConfigError(f"'base_url' of provider {name!r} must end before any '?' or '#'")
    return text.rstrip("/")


def _api_key(name: str, value: object) -> str:
    text = _text("api_key")(name, value)
    if text in ("keyring", "client", "none") or _VARIABLE.match(text) or (text[:5] == "file:" and text[5:]):
        return text
    raise ConfigError(
        f"'api_key' of provider {name!r} must be 'keyring', 'env:NAME', 'file:PATH', 'client' or 'none'; "
        f"a key itself does not belong into a file: llmconsole keys set {name}"
    )


def _format(name: str, value: object) -> DialectName:
    try:
        return DialectName(_text("format")(name, value))
    except ValueError:
        raise ConfigError(
            f"'format' of provider {name!r} must be 'openai', 'responses', 'anthropic' or 'gemini'"
        ) from None


def _stream_usage(name: str, value: object) -> str:
    if value not in ("ask", "always", "never"):
        raise ConfigError(f"'stream_usage' of provider {name!r} must be 'ask', 'always' or 'never'")
    return str(value)


def _headers(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"'headers' of provider {name!r} must be a table of names and texts")
    for header, text in value.items():
        lower = str(header).lower()
        if lower in _NOT_OURS:
            raise ConfigError(
                f"'headers' of provider {name!r} must not hold {header!r}: a key belongs into the keyring: "
                f"llmconsole keys set {name}"
            )
        if lower in _OF_THE_DOOR or not _HEADER.match(str(header)):
            raise ConfigError(f"'headers' of provider {name!r} cannot set {header!r}")
        if not isinstance(text, str) or _CONTROL.search(text):
            raise ConfigError(f"'headers' of provider {name!r}: the value of {header!r} must be plain text")
    return {str(header).lower(): str(text) for header, text in value.items()}


def _flag(key: str) -> Callable[[str, object], bool]:
    def read(name: str, value: object) -> bool:
        if not isinstance(value, bool):
            raise ConfigError(f"{key!r} of provider {name!r} must be true or false")
        return value

    return read


def _text(key: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"{key!r} of provider {name!r} must be a text")
        return str(value).strip()

    return read


def _texts(key: str) -> Callable[[str, object], tuple[str, ...]]:
    def read(name: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise ConfigError(f"{key!r} of provider {name!r} must be a list of texts")
        return tuple(str(each).strip() for each in value)

    return read


def _forms(name: str, value: object) -> tuple[str, ...]:
    return tuple(form.lower() for form in _texts("name_forms")(name, value))


_READERS: Mapping[str, Callable[[str, object], object]] = {
    "base_url": _base_url,
    "api_key": _api_key,
    "format": _format,
    "models": _texts("models"),
    "title": _text("title"),
    "name_forms": _forms,
    "key_env": _texts("key_env"),
    "all_visible": _texts("all_visible"),
    "searches": _texts("searches"),
    "stream_usage": _stream_usage,
    "headers": _headers,
    "price_source": _text("price_source"),
    "local": _flag("local"),
    "older_cap": _flag("older_cap"),
    "kind": _text("kind"),
    **PLACE_READERS,
}
