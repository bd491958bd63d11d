"""An HTTP server that misbehaves on purpose: it writes exactly the bytes that a test gives it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class OddServer:
    """Answers by path; unknown paths get 404. `seen` holds every request's head, as text."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        """Answer `path` with a redirect to `target`, as it is given."""
        self.answers[path] = sending(
            f"HTTP/1.1 {status} Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
        )

    def heads(self, path: str) -> list[str]:
        return [head for head in self.seen if head.split(" ")[1] == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.seen.append(head)
            missing = sending("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            await self.answers.get(head.split(" ")[1], missing)(writer)
        writer.close()


def sending(head: str, body: bytes = b"") -> Answer:
    """Send these bytes, and close."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head.encode("latin-1") + body)
        await writer.drain()

    return answer


def picture(body: bytes, *headers: str) -> Answer:
    """A well-formed answer with this body."""
    lines = "".join(f"{header}\r\n" for header in headers)
    return sending(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{lines}\r\n", body)


def dripping(head: str, piece: bytes, pause: float) -> Answer:
    """Send `piece` again and again, until the other side has enough."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head.encode("latin-1"))
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


async def silence(writer: asyncio.StreamWriter) -> None:
    """Accept the request and never answer."""
    await asyncio.sleep(3600)


@contextlib.asynccontextmanager
async def odd_server() -> AsyncIterator[OddServer]:
    """A fresh one on a free port of 127.0.0.1."""
    odd = OddServer()
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(odd.serve(reader, writer))
        tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await task
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    odd.port = server.sockets[0].getsockname()[1]
    try:
        yield odd
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
