"""The admin plane as one FastAPI application, with every answer described at /admin/v1/openapi.json."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from gateway_core.http.admin import (
    alerts,
    budgets,
    cache,
    calls,
    events,
    guard,
    keys,
    learning,
    lifecycle,
    logs,
    messages,
    mode_rules,
    opinions,
    panic,
    policy,
    prices,
    prompt_cache,
    providers,
    questions,
    reports,
    routes,
    settings,
    spend,
    status,
    tags,
    thresholds,
    throttles,
    tokens,
    trials,
    upkeep,
    weekly,
)
from gateway_core.http.admin.engine import Engine
from gateway_core.http.admin_plane import PREFIX
from gateway_core.model.errors import ConfigError, Fault, Refusal

SUBJECTS = (
    status,
    settings,
    spend,
    cache,
    calls,
    messages,
    trials,
    budgets,
    throttles,
    routes,
    thresholds,
    opinions,
    policy,
    mode_rules,
    panic,
    prices,
    prompt_cache,
    providers,
    questions,
    keys,
    learning,
    tokens,
    alerts,
    guard,
    reports,
    weekly,
    tags,
    upkeep,
    lifecycle,
    logs,
    events,
)
log = logging.getLogger(__name__)


def admin_application(engine: Engine) -> FastAPI:
    """The application over a gateway. Who may call it is decided before, in `AdminPlane`."""
    application = FastAPI(
        routes=[route for subject in SUBJECTS for route in subject.router.routes],
        title="llmconsole admin plane",
        version=engine.version,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    application.state.gateway = engine
    application.add_exception_handler(Refusal, _refused)
    application.add_exception_handler(ConfigError, _wrong_policy)
    application.add_exception_handler(RequestValidationError, _invalid)
    application.add_exception_handler(HTTPException, _http_error)
    application.add_exception_handler(Exception, _failed)
    return application


def error_answer(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return error_answer(error.status, error.code, error.message)


async def _wrong_policy(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Fault)
    return error_answer(400, "invalid_policy", error.message)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return error_answer(422, "invalid_request", "; ".join(map(_sentence, error.errors())))


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "refused")
    return error_answer(error.status_code, code, str(error.detail))


async def _failed(request: Request, _: Exception) -> JSONResponse:
    # Starlette raises the error on, to the log of whoever serves the application.
    return error_answer(500, "internal_error", f"{request.method} {request.url.path} failed; see gateway.log")


def _sentence(problem: dict[str, object]) -> str:
    """What pydantic found, without the value: it may be a key."""
    place = problem["loc"]
    assert isinstance(place, tuple)
    return f"{'.'.join(str(part) for part in place if part != 'body') or 'body'}: {problem['msg']}"
