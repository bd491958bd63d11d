"""A realistic stash-box: performers over GraphQL, key checking, a rate, and faults to switch on.

with stashbox_running(api_key="...") as box:
    box.performers["0a1b..."] = BoxRecord("Ann", updated="2025-01-01T00:00:00Z")
    box.requests_left = 3
"""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ariadne import QueryType, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import GraphQLError, GraphQLSchema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.support.gate import Faults, Gate, SeenRequest
from tests.support.threaded_server import serving

BOX_SCHEMA_TEXT = Path(__file__).with_name("stashbox_schema.graphql").read_text(encoding="utf-8")

LONG_AGO = "2025-01-01T00:00:00Z"


@dataclass
class BoxRecord:
    """A performer on the box. Enumerations in upper case; tattoos and piercings as pairs."""

    name: str
    disambiguation: str | None = None
    aliases: list[str] = field(default_factory=list)
    gender: str | None = None
    links: list[str] = field(default_factory=list)
    birth_date: str | None = None
    death_date: str | None = None
    ethnicity: str | None = None
    country: str | None = None
    eye_color: str | None = None
    hair_color: str | None = None
    height: int | None = None
    cup_size: str | None = None
    band_size: int | None = None
    waist: int | None = None
    hip: int | None = None
    breast_type: str | None = None
    career_start_year: int | None = None
    career_end_year: int | None = None
    tattoo_pairs: list[tuple[str, str | None]] = field(default_factory=list)
    piercing_pairs: list[tuple[str, str | None]] = field(default_factory=list)
    is_favorite: bool = False
    deleted: bool = False
    # The id of the performer that this one was merged into: asking for this one gives that one.
    merged_into: str | None = None
    updated: str = LONG_AGO


@dataclass
class StashBoxServer:
    """What the box holds, does wrong and has seen. Change it while it runs."""

    api_key: str
    performers: dict[str, BoxRecord] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    requests: list[SeenRequest] = field(default_factory=list)
    # Requests that are answered before the box says 429; None for as many as come.
    requests_left: int | None = None
    # What it says then, and that the next request is answered again.
    retry_after: str | None = None
    # Performers that one request may ask for.
    most_at_once: int = 100
    endpoint: str = ""

    def reset(self) -> None:
        """As if started anew, on the same address."""
        fresh = StashBoxServer(self.api_key, endpoint=self.endpoint)
        for name in vars(fresh):
            setattr(self, name, getattr(fresh, name))

    def asked(self, operation: str) -> list[SeenRequest]:
        """The GraphQL requests of this operation so far."""
        return [request for request in self.requests if request.operation == operation]

    def asked_for(self) -> list[str]:
        """The ids that were asked for so far, in order."""
        return [one for request in self.asked("FindPerformers") for one in request.variables.values()]


@contextlib.contextmanager
def stashbox_running(
    api_key: str = "box-key-7f3a", schema: str = BOX_SCHEMA_TEXT
) -> Iterator[StashBoxServer]:
    """A stash-box on a free port of 127.0.0.1."""
    box = StashBoxServer(api_key)
    inner = Starlette(routes=[Route("/graphql", GraphQL(executable_schema(box, schema)))])
    with serving(Gate(box, lambda request, _: _refusal(box, request), inner)) as address:
        box.endpoint = f"{address}/graphql"
        yield box


def without_news(schema: str) -> str:
    """The schema of an imitation of a stash-box that knows no more than Stash asks for."""
    for line in ("  is_favorite: Boolean!\n", "  updated: Time!\n"):
        schema = schema.replace(line, "")
    return schema


def executable_schema(box: StashBoxServer, schema: str) -> GraphQLSchema:
    """The schema with resolvers that read from ``box``."""
    query = QueryType()

    @query.field("findPerformer")
    def find_performer(_: None, info: Any, **arguments: str) -> Any:
        try:
            performer_id = str(uuid.UUID(arguments["id"]))
        except ValueError as error:
            raise GraphQLError(f"uuid: incorrect UUID format in string {arguments['id']!r}") from error
        record = box.performers.get(performer_id)
        while record is not None and record.merged_into is not None:
            performer_id, record = record.merged_into, box.performers[record.merged_into]
        return None if record is None else _performer(performer_id, record)

    @query.field("queryPerformers")
    def query_performers(_: None, __: Any, **arguments: Any) -> Any:
        asked = arguments["input"]
        there = [(one, record) for one, record in box.performers.items() if not record.deleted]
        if (asked["sort"], asked["direction"]) != ("UPDATED_AT", "DESC"):
            raise GraphQLError("this box is sorted by its changes only")
        there.sort(key=lambda pair: dt.datetime.fromisoformat(pair[1].updated), reverse=True)
        start = (asked["page"] - 1) * asked["per_page"]
        page = there[start : start + asked["per_page"]]
        return {"count": len(there), "performers": [_performer(*pair) for pair in page]}

    return make_executable_schema(schema, query)


def _performer(performer_id: str, record: BoxRecord) -> dict[str, Any]:
    return {
        **vars(record),
        "id": performer_id,
        "urls": [{"url": link} for link in record.links],
        "measurements": vars(record),
        "tattoos": [{"location": place, "description": what} for place, what in record.tattoo_pairs],
        "piercings": [{"location": place, "description": what} for place, what in record.piercing_pairs],
        "created": LONG_AGO,
    }


def _refusal(box: StashBoxServer, request: Request) -> Response | None:
    if request.headers.get("apikey") != box.api_key:
        return PlainTextResponse("not authorized", 401)
    seen = box.requests[-1]
    if seen.operation == "FindPerformers" and len(seen.variables) > box.most_at_once:
        return PlainTextResponse("too complex", 422)
    if box.requests_left is None:
        return None
    box.requests_left -= 1
    if box.requests_left >= 0:
        return None
    if box.retry_after is not None:
        box.requests_left = None
    headers = {} if box.retry_after is None else {"Retry-After": box.retry_after}
    return PlainTextResponse("slow down", 429, headers)
