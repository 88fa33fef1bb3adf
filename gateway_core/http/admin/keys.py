"""Providers' keys: where each comes from, kept, removed and tried. None ever leaves the gateway."""

from __future__ import annotations

from pydantic import SecretStr

from gateway_core.http.admin.answers.access import KeyAnswer, KeysAnswer, KeyTestAnswer
from gateway_core.http.admin.answers.base import DoneAnswer
from gateway_core.http.admin.answers.overview import KeyringAnswer
from gateway_core.http.admin.bodies import KeyBody, KeyTestBody
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.subject import subject
from gateway_core.model.errors import Fault, Refusal
from gateway_core.providers.provider import BUILTIN, Provider
from gateway_core.vault import VaultState

HIDDEN = "••••"
_NO_KEY = frozenset({"none", "client"})
router = subject("keys")


@router.get("/keys")
async def keys(gateway: Gateway) -> KeysAnswer:
    """Every provider and where its key comes from; of a key the last four characters at most."""
    answered = await read(gateway.queries.providers_answered)
    answers = []
    for each in gateway.settings.providers.values():
        at, took = answered.get(each.id, (None, None))
        state = await key_answer(gateway, each)
        answers.append(state.model_copy(update={"last_ok_at": at, "last_ok_ms": took}))
    return KeysAnswer(keyring=keyring_answer(await gateway.vault.state()), keys=answers)


@router.put("/keys/{provider}")
async def put_key(provider: str, body: KeyBody, gateway: Gateway) -> KeyAnswer:
    """Keeps a key in the system's keyring, or with session_only in memory until the gateway ends."""
    known = _known(gateway, provider)
    await gateway.vault.set(known.id, body.key.get_secret_value(), session_only=body.session_only)
    gateway.changed("keys")
    return await key_answer(gateway, known)


@router.delete("/keys/{provider}")
async def delete_key(provider: str, gateway: Gateway) -> DoneAnswer:
    """Forgets a key, in memory and in the keyring."""
    known = _known(gateway, provider)
    if not await gateway.vault.remove(known.id):
        raise Refusal(404, "no_such_key", f"no key of {known.id} is kept here")
    gateway.changed("keys")
    return DoneAnswer()


@router.post("/keys/{provider}/test")
async def test_key(provider: str, body: KeyTestBody, gateway: Gateway) -> KeyTestAnswer:
    """Asks the provider for its models, which costs nothing."""
    return await tried(gateway, _known(gateway, provider), body.key)


async def tried(engine: Engine, provider: Provider, given: SecretStr | None) -> KeyTestAnswer:
    """What comes of asking the provider for its models, with the given key or the one that is kept."""
    began = engine.clock.monotonic()
    try:
        models = await engine.upstream.list_models(provider, await _key_text(engine, provider, given))
    except Fault as fault:
        problem = engine.vault.redact(fault.message)
        return KeyTestAnswer(ok=False, models=0, latency_ms=None, problem=problem)
    latency = round((engine.clock.monotonic() - began) * 1000, 1)
    return KeyTestAnswer(ok=True, models=len(models), latency_ms=latency, problem=None)


async def key_answer(engine: Engine, provider: Provider) -> KeyAnswer:
    """Where the provider's key comes from."""
    source, hint = provider.api_key, None
    if provider.api_key not in _NO_KEY:
        source, hint = await _found(engine, provider)
    return KeyAnswer(
        provider=provider.id,
        title=provider.title,
        source=source,
        hint=hint,
        base_url=provider.base_url,
        needs_key=provider.api_key not in _NO_KEY and provider.auth != "none",
        key_env=list(provider.key_env),
        key_url=provider.key_url,
        own=provider.id not in BUILTIN,
    )


def keyring_answer(state: VaultState) -> KeyringAnswer:
    return KeyringAnswer(backend=state.backend, usable=state.usable, problem=state.problem, mend=state.mend)


async def any_key(engine: Engine) -> bool:
    """Whether some provider can be called: a key was found, or the user set up one that needs none."""
    for provider in engine.settings.providers.values():
        if not provider.local and await _can_be_called(engine, provider):
            return True
    return False


async def callable_providers(engine: Engine) -> frozenset[str]:
    """The ids of the providers that have a key or need none."""
    known = engine.settings.providers.values()
    return frozenset([each.id for each in known if await _can_be_called(engine, each)])


async def _can_be_called(engine: Engine, provider: Provider) -> bool:
    return provider.api_key in _NO_KEY or (await _found(engine, provider))[1] is not None


async def _found(engine: Engine, provider: Provider) -> tuple[str, str | None]:
    """Source and hint. A key that is there but cannot be used is as good as missing."""
    try:
        key = await engine.vault.key(provider)
    except Refusal:
        return "missing", None
    return ("missing", None) if key is None else (key.source, f"{HIDDEN}{key.hint}")


async def _key_text(engine: Engine, provider: Provider, given: SecretStr | None) -> str | None:
    if given is not None:
        made = await engine.vault.given(provider, given.get_secret_value())
        return made.text if made else None
    key = await engine.vault.key(provider)
    if key is None and provider.api_key not in _NO_KEY and provider.auth != "none":
        raise Refusal(404, "no_provider_key", engine.vault.missing(provider))
    return None if key is None else key.text


def _known(engine: Engine, name: str) -> Provider:
    try:
        return engine.settings.providers[name]
    except KeyError:
        known = ", ".join(engine.settings.providers)
        raise Refusal(
            404, "no_such_provider", f"no provider is named {name[:80]!r}; there are {known}"
        ) from None
