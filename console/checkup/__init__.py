"""Whether a client finds its way here: what is set for it on this machine, and a request as it sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from console.checkup.files import CODEX_KEY, CODEX_URL, Settled, settled
from console.checkup.ways import WAYS, Way, addresses
from console.shapes import Check

MODEL = "auto"
"""The cheapest model that can be called."""
SECONDS = 60.0
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


@dataclass(frozen=True, slots=True)
class Here:
    """This gateway, and the surroundings in which a client would start."""

    url: str
    token: str
    variables: Mapping[str, str]
    home: Path
    folder: Path


def check_client(name: str, here: Here, model: str = MODEL) -> list[Check]:
    """Everything that is looked at, in the order in which it matters."""
    way = WAYS[name]
    seen = settled(name, here.variables, here.home, here.folder)
    found = [*_variables(name, way, here, seen), *_files(name, way, here), *_proxy(here)]
    if name == "cursor":
        return [*found, _wrong("way", way.note, "use another client, or a tunnel of your own")]
    return [*found, _request(name, way, here, seen, model)]


def _well(name: str, detail: str) -> Check:
    return Check(name=name, ok=True, detail=detail)


def _wrong(name: str, detail: str, mend: str | None = None) -> Check:
    return Check(name=name, ok=False, detail=detail, mend=mend)


def _variables(name: str, way: Way, here: Here, seen: Settled) -> Iterator[Check]:
    """What this shell, or a file that beats it, sets for it."""
    lines = f'eval "$(llmconsole env {name})", or start it by: llmconsole run -- {name}'
    variable = next((each for each in way.urls if seen.variables.get(each)), None)
    if variable is None and way.urls:
        yield from _not_set(name, way, here, lines)
    if variable is not None:
        yield _address(name, variable, way, here, seen)
    key = next((each for each in way.keys if seen.variables.get(each)), None)
    if key is not None and variable is not None and seen.variables[key] != here.token:
        yield _well("key", f"{seen.told(key)} is set, and is not the first token of this gateway")
    if key is None and variable == CODEX_URL and CODEX_KEY in seen.variables:
        place = seen.places[CODEX_URL]
        yield _wrong("key", f"the variable that env_key names in {place} is not set here", lines)
    for other, why in (way.against or {}).items():
        if seen.variables.get(other) and variable is not None and other != key:
            yield _wrong(other, f"{seen.told(other)} is set as well", why)


def _not_set(name: str, way: Way, here: Here, lines: str) -> Iterator[Check]:
    if name != "codex":
        yield _well("address", f"{way.urls[0]} is not set in this shell; to point it here: {lines}")
    elif here.variables.get("OPENAI_BASE_URL"):
        yield _wrong("address", "OPENAI_BASE_URL is set, and Codex does not read it", lines)
    else:
        yield _well("address", f"config.toml names no address; to point it here: {lines}")


def _address(name: str, variable: str, way: Way, here: Here, seen: Settled) -> Check:
    given = seen.variables[variable].rstrip("/")
    parts, own = urlsplit(given), urlsplit(here.url)
    place, variable = seen.places.get(variable), seen.told(variable)
    mend = f'eval "$(llmconsole env {name})"'
    if place is not None:
        mend = f"write {here.url}{way.format.versioned} there, or take it out and: {mend}"
    if parts.hostname not in (*_LOOPBACK, own.hostname):
        return _wrong("address", f"{variable} points elsewhere, to {parts.hostname}", mend)
    if parts.port != own.port:
        return _wrong("address", f"{variable} names port {parts.port}; the gateway has {own.port}", mend)
    path = _path(given)
    if path != way.format.versioned:
        wanted = f"{here.url}{way.format.versioned}"
        return _wrong("address", f"{variable} ends in {path!r}, and {way.title} wants {wanted}", mend)
    return _well("address", f"{variable}={parts._replace(netloc=parts.netloc.rpartition('@')[2]).geturl()}")


def _path(address: str) -> str:
    """What stands behind host and tags."""
    path = urlsplit(address).path
    if path.startswith("/@"):
        path = "/" + path[2:].partition("/")[2]
    return path.rstrip("/")


def _files(name: str, way: Way, here: Here) -> Iterator[Check]:
    """What its own settings say."""
    own = urlsplit(here.url)
    for relative in way.files:
        for path in {here.home / relative, here.folder / relative}:
            try:
                found = addresses(path)
            except ValueError as error:
                yield _wrong(str(path), f"cannot be read: {error}", f"mend it; {way.title} reads it too")
                continue
            if not found:
                continue
            ours = [each for each in found if urlsplit(each).port == own.port]
            others = [each for each in found if each not in ours]
            bent = next(
                (each for each in ours if _path(each) not in (way.format.versioned, *way.versions)), None
            )
            if bent is not None:
                wanted = f"{here.url}{way.format.versioned}"
                yield _wrong(
                    str(path), f"{bent} has the wrong ending for {way.title}", f"write {wanted} there"
                )
            elif ours or not others:
                yield _well(str(path), f"points here: {ours[0]}")
            else:
                yield _well(
                    str(path),
                    f"points elsewhere: {others[0]}; what `llmconsole env {name}` sets may not count",
                )


def _proxy(here: Here) -> Iterator[Check]:
    names = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    proxy = next((each for each in names if here.variables.get(each)), None)
    spared = f"{here.variables.get('NO_PROXY', '')},{here.variables.get('no_proxy', '')}"
    if proxy is not None and not any(host in spared for host in (*_LOOPBACK, "*")):
        yield _wrong(
            "proxy",
            f"{proxy} is set, so some clients send even calls to this machine through it",
            "export NO_PROXY=127.0.0.1,localhost",
        )


def _request(name: str, way: Way, here: Here, seen: Settled, model: str) -> Check:
    """One request as the client would send it, for one token; its row is tagged app=doctor."""
    url, token, told = _where(way, here, seen)
    headers = {
        "user-agent": f"{name}/0 (doctor)",
        **(way.headers or {}),
        **way.format.auth(token),
        "x-llmconsole-tags": "app=doctor",
    }
    host = urlsplit(url).hostname
    if host not in (*_LOOPBACK, urlsplit(here.url).hostname):
        detail = f"not sent: it would go to {host}, with the key that is set for it"
        return _wrong("request", detail, "mend the address first")
    address = f"{url}{way.format.path(model)}"
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False) as client:
            answer = client.post(address, headers=headers, json=way.format.body(model))
    except httpx.HTTPError as error:
        return _wrong("request", f"nothing answers at {address}: {error}", "llmconsole serve")
    if answer.is_success:
        served = answer.headers.get("x-llmconsole-model", model)
        cost = answer.headers.get("x-llmconsole-cost-usd")
        return _well("request", f"{told}: {served} answered" + (f" for ${cost}" if cost else ""))
    return _wrong(
        "request", f"{told}: {answer.status_code} {_reason(answer)}", _mend(answer.status_code, name, model)
    )


def _where(way: Way, here: Here, seen: Settled) -> tuple[str, str, str]:
    """Base URL and credential as the client has them here, else those that `env` would give it."""
    variable = next((each for each in way.urls if seen.variables.get(each)), None)
    key = next((each for each in way.keys if seen.variables.get(each)), None)
    if variable is None:
        return (
            f"{here.url}{way.format.versioned}",
            here.token,
            "a request as `llmconsole env` would set it up",
        )
    token = seen.variables[key] if key else ""
    place = seen.places.get(variable, "this shell")
    return seen.variables[variable].rstrip("/"), token, f"a request as {place} sets it up"


def _reason(answer: httpx.Response) -> str:
    """The sentence of an error body, in any format."""
    try:
        error = answer.json()["error"]
        return str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError):
        return answer.text[:200] or answer.reason_phrase


def _mend(status: int, name: str, model: str) -> str | None:
    """What the sentence itself does not say."""
    if status == 404 and model == MODEL:
        return f"or ask for a model by its name: llmconsole doctor {name} --model PROVIDER/MODEL"
    if status == 401:
        return "a token of this gateway is needed: llmconsole tokens create NAME, or llmconsole env CLIENT"
    return (
        "look at it in the console, or with: llmconsole report --where app=doctor" if status >= 500 else None
    )
