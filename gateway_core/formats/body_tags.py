"""Who and what a call belongs to, from fields that clients fill for the provider."""

from __future__ import annotations

import re

import msgspec

from gateway_core.model.tags import MAX_TAGS, checked

MAX_USER = 64
"""Characters of a plain text that is taken for a user's name; longer ones are hashes or blobs."""

_SESSION = re.compile(r"_session_([0-9A-Za-z-]{8,64})\Z")


def metadata_tags(metadata: object, user: str | None) -> dict[str, str]:
    """Tags of OpenAI's `metadata` and `user`; pairs that can be no tags are left out."""
    tags: dict[str, str] = {}
    pairs = metadata if isinstance(metadata, dict) else {}
    for key, value in ({"user": user} | pairs).items():
        if isinstance(value, str) and _is_tag(key, value) and len(tags) < MAX_TAGS:
            tags[key] = value
    return tags


def user_id_tags(user_id: object) -> tuple[dict[str, str], str | None]:
    """Tags and session of Anthropic's `metadata.user_id`: a JSON text with a session_id, an older
    client's `user_…_session_…`, or the short name of a user."""
    if not isinstance(user_id, str):
        return {}, None
    if user_id.startswith("{"):
        return {}, _session_of(user_id)
    if older := _SESSION.search(user_id):
        return {}, older[1]
    plain = len(user_id) <= MAX_USER and user_id.isprintable() and _is_tag("user", user_id)
    return ({"user": user_id} if plain else {}), None


def _session_of(text: str) -> str | None:
    try:
        fields = msgspec.json.decode(text, type=dict[str, object])
    except (ValueError, RecursionError):
        return None
    session = fields.get("session_id")
    return session if isinstance(session, str) and _is_tag("session", session) else None


def _is_tag(key: str, value: str) -> bool:
    try:
        return bool(checked({key: value}))
    except ValueError:
        return False
