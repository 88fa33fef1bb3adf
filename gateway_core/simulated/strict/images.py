"""Images that no provider would read. Sources: `Base64ImageSourceParam` of Anthropic's SDK, the guide
platform.openai.com/docs/guides/images-vision, and the APIs' own messages."""

from __future__ import annotations

import base64
import binascii

from gateway_core.simulated.strict import Json, objects, refuse

_KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp")


def check_openai(part: Json) -> None:
    """An image of chat or Responses whose URL is its data. Raises ParamRefusal 400."""
    given = part.get("image_url")
    url = given.get("url") if isinstance(given, dict) else given
    if not isinstance(url, str) or not url.startswith("data:"):
        return
    head, comma, data = url.removeprefix("data:").partition(",")
    kind, _, encoding = head.partition(";")
    if kind not in _KINDS:
        raise refuse(
            "You uploaded an unsupported image. Please make sure your image has of one the following "
            "formats: ['png', 'jpeg', 'gif', 'webp'].",
            "",
            "invalid_image_format",
        )
    if not comma or encoding != "base64" or not is_base64(data):
        raise refuse("Invalid base64 image_url.", "", "invalid_base64")


def check_anthropic(block: Json, where: str) -> None:
    """An image block, also within a tool's result. Raises ParamRefusal 400."""
    for at, inner in enumerate(objects(block.get("content"))):
        check_anthropic(inner, f"{where}.{block.get('type')}.content.{at}")
    source = block.get("source")
    if block.get("type") != "image" or not isinstance(source, dict) or source.get("type") != "base64":
        return
    place = f"{where}.image.source.base64"
    if source.get("media_type") not in _KINDS:
        raise refuse(
            f"{place}.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
            where,
        )
    if not is_base64(str(source.get("data"))):
        raise refuse(f"{place}: invalid base64 data", where)


def check_gemini(inline: object, where: str) -> None:
    """The data of an `inlineData`, of any kind. Raises ParamRefusal 400."""
    data = inline.get("data") if isinstance(inline, dict) else None
    if data is not None and not is_base64(str(data).replace("-", "+").replace("_", "/")):
        raise refuse(
            f"Invalid value at '{where}.inline_data.data' (TYPE_BYTES), Base64 decoding failed for "
            f'"{data}"',
            where,
        )


def is_base64(data: str) -> bool:
    """Whether this is base64 of something. Padding may be left out."""
    bare = data.rstrip("=")
    try:
        return bool(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    except (binascii.Error, ValueError):
        return False
