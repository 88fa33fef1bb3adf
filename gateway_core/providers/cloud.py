"""A provider inside a cloud: where it is, whose credentials it takes, and how calls are wrapped for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from importlib.util import find_spec
from typing import Any, Literal

from gateway_core.model.errors import ConfigError

Signing = Literal["aws", "google"]
Envelope = Literal["plain", "bedrock", "vertex"]

_PLACE = re.compile(r"[a-z][a-z0-9-]{1,40}\Z")
_PROJECT = re.compile(r"[a-z][a-z0-9.:-]{3,62}[a-z0-9]\Z")
_MODULES: Mapping[Signing, str] = {"aws": "botocore", "google": "google.auth"}


@dataclass(frozen=True, slots=True)
class Cloud:
    """What a provider inside a cloud needs besides the format that it speaks."""

    signing: Signing
    """Whose credentials: AWS's (signatures, or a key sent as bearer), or Google's (access tokens)."""
    extra: str
    """The extra of this package that brings the library."""
    login: str
    """What a person may run on this machine instead of storing a key."""
    address: str
    """The base URL, with {region} in it."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Base URLs of regions that have one of another form."""
    lists_at: str = ""
    """Where it lists its models, if that is another address; with {region} in it."""
    service: str = ""
    """The name of the service in AWS's signatures."""
    envelope: Envelope = "plain"
    """How the format is wrapped: as it is everywhere, or in that cloud's own paths and bodies."""
    region: str = ""
    project: str = ""
    betas: tuple[str, ...] = ()
    """Patterns of Anthropic's betas that it knows; it refuses calls that name others. Empty: all are sent."""

    premiums: Mapping[str, str] = field(default_factory=dict)
    """What models cost outside its global region, in times of the price of the table: the first that fits."""

    @property
    def base_url(self) -> str:
        """The address of its region."""
        return self._placed(self.addresses.get(self.region, self.address))

    def listing(self, base_url: str) -> str:
        """Where its models are listed: beside a base URL of the user's own they are listed there too."""
        return self._placed(self.lists_at) if self.lists_at and base_url == self.base_url else base_url

    def knows_beta(self, name: str) -> bool:
        """Whether one of Anthropic's betas may be named to it."""
        return not self.betas or any(fnmatchcase(name, pattern) for pattern in self.betas)

    def premium(self, model: str) -> Decimal:
        """The factor on what a model's tokens cost in its region."""
        if self.region == "global":
            return Decimal(1)
        fitting = (each for pattern, each in self.premiums.items() if fnmatchcase(model.lower(), pattern))
        return Decimal(next(fitting, "1"))

    def _placed(self, template: str) -> str:
        return template.replace("{region}", self.region)


def read_cloud(table: Mapping[str, Any]) -> Cloud:
    """The [cloud] table of a built-in provider."""
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    return Cloud(**{**table, **lists})


def placed_cloud(name: str, cloud: Cloud, values: Mapping[str, Any]) -> Cloud:
    """A cloud where the section of provider `name` says it is.

    Raises ConfigError where a place is missing, or the library that speaks to that cloud.
    """
    wanted = _WANTED[cloud.signing]
    for key in ("region", "location", "project"):
        if key in values and key not in wanted:
            raise ConfigError(f"{key!r} is not for provider {name!r}; it takes {' and '.join(wanted)}")
    for key, default in wanted.items():
        if default is None and key not in values:
            raise ConfigError(f"provider {name!r} needs {key} = {_EXAMPLES[key]!r}")
    if not _is_there(_MODULES[cloud.signing]):
        raise ConfigError(
            f"provider {name!r} needs a library that is not installed; run in the clone: "
            f"uv tool install '.[{cloud.extra}]'"
        )
    given = {key: values.get(key, default) for key, default in wanted.items()}
    return replace(cloud, region=given.get("region") or given["location"], project=given.get("project", ""))


_WANTED: Mapping[Signing, Mapping[str, str | None]] = {
    "aws": {"region": None},
    "google": {"project": None, "location": "global"},
}
"""The keys of a section and what they are where they are not given; None: they have to be."""
_EXAMPLES = {"region": "eu-central-1", "project": "my-project-1234"}


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _matching(key: str, form: re.Pattern[str], example: str) -> Callable[[str, object], str]:
    def read(name: str, value: object) -> str:
        if not isinstance(value, str) or not form.match(value):
            raise ConfigError(f"{key!r} of provider {name!r} must be a name such as {example!r}")
        return value

    return read


PLACE_READERS: Mapping[str, Callable[[str, object], str]] = {
    "region": _matching("region", _PLACE, "eu-central-1"),
    "location": _matching("location", _PLACE, "europe-west1"),
    "project": _matching("project", _PROJECT, "my-project-1234"),
}
"""Readers of the keys that say where a provider inside a cloud is."""
