"""Credentials as OpenAPI describes them: read from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from loadtui.new_project.schema_example import SchemaExamples
from loadtui.new_project.secret_names import TOKEN, USER_AND_PASSWORD, variable_name
from loadtui.new_project.service_request import FromEnvironment, ServiceRequest


def with_credentials(
    request: ServiceRequest,
    operation: Mapping[str, Any],
    document: Mapping[str, Any],
    examples: SchemaExamples,
) -> ServiceRequest:
    """The request with the credentials of the first of the alternatives that it accepts."""
    security = operation.get("security", document.get("security"))
    if not isinstance(security, list) or not security or {} in security:
        return request
    schemes = _schemes(document)
    for name in security[0] if isinstance(security[0], dict) else []:
        request = _with_scheme(request, examples.resolved(schemes.get(name)))
    return request


def _schemes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    components = document.get("components")
    found = document.get("securityDefinitions")
    if isinstance(components, dict):
        found = components.get("securitySchemes", found)
    return found if isinstance(found, dict) else {}


def _with_scheme(request: ServiceRequest, scheme: Mapping[str, Any]) -> ServiceRequest:
    kind, headers = scheme.get("type"), dict(request.headers)
    if kind == "basic" or (kind == "http" and str(scheme.get("scheme")).lower() == "basic"):
        return replace(request, user_and_password=USER_AND_PASSWORD)
    if kind == "apiKey" and isinstance(scheme.get("name"), str):
        name: str = scheme["name"]
        if scheme.get("in") == "query":
            value = FromEnvironment(variable_name(name))
            return replace(request, secret_query={**request.secret_query, name: value})
        if scheme.get("in") == "cookie":
            headers["Cookie"] = FromEnvironment(variable_name(name), f"{name}=")
        elif name.lower() == "authorization":
            headers[name] = FromEnvironment("AUTHORIZATION")
        else:
            headers[name] = FromEnvironment(variable_name(name))
    elif kind in ("http", "oauth2", "openIdConnect"):
        headers["Authorization"] = FromEnvironment(TOKEN, "Bearer ")
    return replace(request, headers=headers)
