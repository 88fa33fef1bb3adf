"""Keys of the pages of provider keys and client tokens, of a new token, and of the settings."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key(
        "settings.change",
        "enter",
        "change",
        "change",
        "change it, or say where it is changed",
        "settings",
        85,
    ),
    Key("keys.set", "enter", "set", "set", "add or replace it; the old one stays until then", "keys", 87),
    Key("keys.test", "T", "test", "test", "ask the provider for its models; costs nothing", "keys", 82),
    Key("keys.delete", "D", "delete", "delete", "delete this key", "keys", 72),
    Key("keys.tokens", "tab", "to_tokens", "tokens", "to the clients' tokens", "keys", 81),
    Key("tokens.new", "n", "new_token", "new token", "a token for a client", "tokens", 87),
    Key("tokens.limit", "enter", "limit", "limit", "this token's own limit", "tokens", 85),
    Key("tokens.revoke", "D", "revoke", "revoke", "let this token in no longer", "tokens", 82),
    Key("tokens.keys", "tab", "to_keys", "keys", "to the providers' keys", "tokens", 81),
    Key("token.copy", "c", "copy_token", "copy token", "copy the token; no file keeps it", "token", 90),
    Key("token.lines", "l", "copy_lines", "copy lines", "copy the lines for this client", "token", 88),
    Key("token.client", "right,space", "client(1)", "client", "the lines of the next client", "token", 86),
    Key("token.client_back", "left", "client(-1)", "client back", "of the client before", "token"),
    Key("token.show", "v", "show", "show", "show the token on the screen, or hide it", "token", 82),
    Key("token.close", "escape,enter", "close", "close", "close; it is never shown again", "token", 84),
)
