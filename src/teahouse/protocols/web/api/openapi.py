"""The OpenAPI 3.1 document. Rule: made from the table of endpoints, and nothing in it stands anywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from teahouse.protocols.web.api.endpoint import PREFIX, Endpoint
from teahouse.protocols.web.api.schemas import SCHEMAS, reference
from teahouse.protocols.web.api.values import Parameter
from teahouse.protocols.web.exchange import JSON

STREAM = "stream"
ERRORS = (400, 403, 404, 409, 429, 503)
WITH_TOKEN = (401,)
WITH_BODY = (411, 413, 415)
ABOUT = (
    "Bots and bridges talk to the house over this. Errors have a code for programs and a text for people; "
    "RateLimit headers say how much may still be asked."
)


def document(table: Iterable[Endpoint]) -> dict[str, Any]:
    """The whole."""
    paths: dict[str, dict[str, Any]] = {}
    for each in table:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Teahouse", "version": "1", "description": ABOUT},
        "servers": [{"url": PREFIX}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(each: Endpoint) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary,
        "description": each.description,
        "tags": [each.theme],
        "security": [{"token": []}] if each.scope else [],
        "parameters": [_parameter(value, "path") for value in each.places],
        "responses": _responses(each),
    }
    if each.scope:
        found["x-scope"] = each.scope
    if each.takes_body:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": _body(each)}}}
    else:
        found["parameters"] += [_parameter(value, "query") for value in each.values]
    return found


def _parameter(value: Parameter, place: str) -> dict[str, Any]:
    return {
        "name": value.name,
        "in": place,
        "required": value.required,
        "description": value.value.help,
        "schema": value.schema,
    }


def _body(each: Endpoint) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {one.name: {**one.schema, "description": one.value.help} for one in each.values},
        "required": [one.name for one in each.values if one.required],
        "additionalProperties": False,
    }


def _responses(each: Endpoint) -> dict[str, Any]:
    errors = [*ERRORS, *(WITH_TOKEN if each.scope else ()), *(WITH_BODY if each.takes_body else ())]
    failed = {JSON: {"schema": reference("Error")}}
    found = {str(status): {"description": HTTPStatus(status).phrase, "content": failed} for status in errors}
    return {str(each.status): _answer(each), **found}


def _answer(each: Endpoint) -> dict[str, Any]:
    done = {"description": HTTPStatus(each.status).phrase}
    if each.brings == STREAM:
        return {**done, "content": {"text/event-stream": {"schema": {"type": "string"}}}}
    return {**done, "content": {JSON: {"schema": reference(each.brings)}}} if each.brings else done
