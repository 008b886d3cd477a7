"""Browsers for `bench.load`, in a process of their own: many connections, plain HTTP, one JSON line of what came.

    python -m bench.asking PORT SCENARIO CONNECTIONS TIMES

This is no measurement by itself.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import sys
import time
from collections import Counter
from uuid import uuid4

PASSWORD = "Yanshi-2024-kaoping"  # noqa: S105 - of invented people in the example
BUSINESS = ("touzi1", "touzi2", "jiaotong1", "jiaotong2", "pinggu1", "pinggu2", "jiandu", "heyan1")
ADMINISTRATOR = "xitong"
LIAISONS = ("jiaotong1", "zhujian1", "gongxin1")
_TASK, _CREATED = "/ledger/tasks/1.2", 201
_PLACE = re.compile(rb"(?i)^location: ([^\r]+)", re.MULTILINE)
_COOKIE = re.compile(rb"(?i)^set-cookie: ([^=]+)=([^;\r]*)", re.MULTILINE)
_LENGTH = re.compile(rb"(?i)^content-length: (\d+)", re.MULTILINE)


class Asking:
    """One connection with its cookies."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.place, self.page = "", b""

    async def ask(self, method: str, path: str, body: str | bytes = "", **headers: str) -> int:
        """The status of the answer.

        The server may have hung up meanwhile; the same act asked for twice is the same act.
        """
        try:
            return await self._once(method, path, body, headers)
        except (ConnectionError, asyncio.IncompleteReadError):
            self._writer = None
            return await self._once(method, path, body, headers)

    async def _once(
        self, method: str, path: str, body: str | bytes, headers: dict[str, str]
    ) -> int:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        assert self._reader is not None
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookies}"]
        content = body.encode() if isinstance(body, str) else body
        if method == "POST":
            kind = headers.pop("kind", "application/x-www-form-urlencoded")
            head += [f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
        head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*head, "", ""]).encode() + content)
        await self._writer.drain()
        found = await self._reader.readuntil(b"\r\n\r\n")
        self.place = (_PLACE.search(found) or [b"", b""])[1].decode()
        for name, value in _COOKIE.findall(found):
            self._cookies[name.decode()] = value.decode()
        length = _LENGTH.search(found)
        self.page = await self._reader.readexactly(int(length[1]) if length else 0)
        if b"connection: close" in found.lower():
            self._writer.close()
            self._writer = None
        return int(found.split(b" ", 2)[1])

    async def post(self, path: str, **fields: str) -> int:
        """Send a form."""
        token = self._cookies.get("csrftoken", "")
        pairs = {"csrfmiddlewaretoken": token, **fields}
        return await self.ask("POST", path, "&".join(f"{k}={v}" for k, v in pairs.items()))

    async def file(self, item: str) -> int:
        """A megabyte of evidence, as a browser sends it, filed for a place of the catalogue."""
        content = (
            b"%PDF-1.7\n1 0 obj <<>>\nstream\n" + os.urandom(1_000_000) + b"\nendstream endobj\n"
        )
        name = base64.b64encode("佐证材料.pdf".encode()).decode()
        status = await self.ask(
            "POST", "/uploads", content, kind="application/offset+octet-stream",
            Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
            Upload_Metadata=f"filename {name}", X_CSRFToken=self._cookies.get("csrftoken", ""),
        )  # fmt: skip
        if status != _CREATED:
            return status
        upload = self.place.rpartition("/")[2]
        return await self.post(f"{_TASK}/file", act=str(uuid4()), upload=upload, item=item)

    async def item(self) -> str:
        """The first place of the catalogue of the task."""
        await self.ask("GET", _TASK)
        found = re.search(rb'name="item" value="([^"]+)"', self.page)
        assert found, self.page[:200]
        return found[1].decode()

    def read_messages(self) -> None:
        """What was told is shown on the page that a browser goes to next, and then gone."""
        self._cookies.pop("messages", None)

    async def sign_in(self, login: str) -> int:
        """Through the front door, as somebody new."""
        self._cookies = {}
        await self.ask("GET", "/sign-in")
        return await self.post("/sign-in", login=login, password=PASSWORD)


async def _step(asking: Asking, scenario: str, login: str, item: str) -> int:
    match scenario:
        case "evidence":
            asking.read_messages()
            return await asking.file(item)
        case "desk":
            return await asking.ask("GET", "/")
        case "act":
            asking.read_messages()
            act = str(uuid4())
            return await asking.post("/units/new", act=act, code=act[:13], name=act[:13])
        case _:
            return await asking.sign_in(login)


async def _one(port: int, scenario: str, number: int, times: int, gate: asyncio.Barrier) -> list[tuple[int, float]]:  # fmt: skip
    asking = Asking(port)
    people = {"act": (ADMINISTRATOR,), "evidence": LIAISONS}.get(scenario, BUSINESS)
    login = people[number % len(people)]
    if scenario != "sign-in":
        await asking.sign_in(login)
    item = await asking.item() if scenario == "evidence" else ""
    await gate.wait()
    if number == 0:
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    await gate.wait()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        status = await _step(asking, scenario, login, item)
        found.append((status, time.perf_counter() - start))
    return found


async def _all(port: int, scenario: str, connections: int, times: int) -> None:
    gate = asyncio.Barrier(connections)
    tasks = [_one(port, scenario, number, times, gate) for number in range(connections)]
    found = [each for one in await asyncio.gather(*tasks) for each in one]
    waits = sorted(wait for _, wait in found)
    statuses = Counter(str(status) for status, _ in found)
    print(json.dumps({"statuses": statuses, "median": waits[len(waits) // 2], "p99": waits[len(waits) * 99 // 100]}))  # fmt: skip


if __name__ == "__main__":
    asyncio.run(_all(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
