"""Where the subjects of the admin plane answer."""

from __future__ import annotations

from fastapi import APIRouter

from gateway_core.http.admin_plane import PREFIX


def subject(tag: str, below: str = "") -> APIRouter:
    """The routes of one subject, their paths whole. below: a further beginning that they share.

    FastAPI works a route out where it is made. Included somewhere else it would do so again, while the first
    answer is waited for.
    """
    return APIRouter(prefix=f"{PREFIX}{below}", tags=[tag])
