"""How quick the clinic's pages are: every page of the router, one after the other and by twenty people at once.

    python benchmarks/clinic.py --patients 50000 --procedures 1000000 --write

makes an invented clinic (or takes the one in --data), asks every address that can be asked, and tells of each the time
the server took (p50, p95), its questions to the database, and its size as sent. With LEVAMEN_DATABASE_URL it measures
that PostgreSQL database. Times are of this machine at this moment; `--write` keeps them in docs/clinic-speed.md.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import platform
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MANAGE = [sys.executable, str(ROOT / "web" / "manage.py")]
SEED = 7
PAGE_LIMIT, LIST_LIMIT, QUERIES = 300, 500, 12
"""Milliseconds at p95 of a page and of a worklist, and questions to the database."""


def main() -> None:
    options = _options()
    folder = options.data or Path(tempfile.mkdtemp(prefix="levamen-speed-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "LEVAMEN_DATA": str(folder), "LEVAMEN_HTTPS": "no", "LEVAMEN_SAMPLE": "yes",
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
    }  # fmt: skip
    sys.path[:0] = [str(ROOT / "web"), str(ROOT / "tests" / "web")]
    _manage("migrate", "-v0")
    _manage("collectstatic", "--no-input", "-v0")
    import django

    django.setup()
    from records.models import Entry, Patient

    made = 0.0
    if not Patient.objects.exists():
        began = time.perf_counter()
        _manage("generate", "--patients", str(options.patients), "--procedures", str(options.procedures))
        made = time.perf_counter() - began
    _settle()
    _manage("worker", "--once")
    size = f"{Patient.objects.count():,} patients, {Entry.objects.filter(section='procedures').count():,} procedures"
    rows = list(pages(options.times))
    told = table(rows)
    together = twenty(options.seconds, options.people)
    text = report(size, made, told, together, options.people)
    print(text)
    if options.write:
        keep(text)
    slow = [row for row in rows if row["p95"] > row["limit"] or row["queries"] > QUERIES]
    for row in slow:
        print(f"over its budget: {row['name']}", file=sys.stderr)
    raise SystemExit(1 if slow and options.strict else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--procedures", type=int, default=20_000)
    parser.add_argument("--data", type=Path, help="a folder that holds a generated clinic, or is to hold it")
    parser.add_argument("--times", type=int, default=30, help="how often each page is asked")
    parser.add_argument("--seconds", type=float, default=20, help="how long twenty people work")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/clinic-speed.md")
    parser.add_argument("--strict", action="store_true", help="fail where a budget is not kept")
    return parser.parse_args()


def _manage(*command: str) -> None:
    subprocess.run([*MANAGE, *command], check=True)


def _settle() -> None:
    """Lets the database count its rows, as a database that has run for some days has."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages(times: int) -> Iterator[dict[str, Any]]:
    """Every route that answers a GET, and each worklist by its name."""
    from routes import routes

    from people.roles import Role
    from worklists.lists import lists_for

    chance = random.Random(SEED)  # noqa: S311 - people, not secrets - which pages, not secrets
    for route in routes():
        if route.access is None or not route.access.roles:
            continue
        role = next(one for one in (Role.NURSE, Role.LEAD, *Role) if one in route.access.roles)
        staff = _somebody(role)
        client = _client(staff)
        addresses = _addresses(route, staff, chance, times)
        if client.get(addresses[0]).status_code in (200, 302):
            limit = LIST_LIMIT if "worklist" in route.name else PAGE_LIMIT
            yield _measured(route.name, role.label, client, addresses, limit)
    staff = _somebody(Role.NURSE)
    client = _client(staff)
    for name in lists_for(staff):
        yield _measured(f"worklist {name}", "Nurse", client, [f"/worklists/{name}?whose=all"] * times, LIST_LIMIT)


def _measured(name: str, role: str, client: Any, addresses: list[str], limit: int) -> dict[str, Any]:
    """Time, questions and size of one page, in the server itself: the greatest number of questions and bytes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took: list[float] = []
    busy: list[float] = []
    queries = sent = 0
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            began, worked = time.perf_counter(), time.process_time()
            response = client.get(address)
            took.append((time.perf_counter() - began) * 1000)
            busy.append((time.process_time() - worked) * 1000)
        if response.status_code >= 500:
            raise SystemExit(f"{name} failed")
        queries = max(queries, sum(not _is_frame(row["sql"]) for row in asked.captured_queries))
        body = response.content if not response.streaming else b"".join(response.streaming_content)
        sent = max(sent, len(body if response.headers.get("Content-Encoding") else gzip.compress(body, 6)))
    return {
        "name": name, "role": role, "queries": queries, "p50": statistics.median(took), "p95": percentile(took),
        "busy": percentile(busy), "sent": sent, "limit": limit,
    }  # fmt: skip


def _is_frame(sql: str) -> bool:
    """Whether a statement only frames a transaction."""
    return sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))


def _somebody(role: str) -> Any:
    from people.models import Staff

    found = Staff.objects.filter(role=role).order_by("pk").first()
    return found or Staff.objects.create_user(f"a-{role}", role=role, name=f"A {role}")


def _client(staff: Any) -> Any:
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    client = Client()
    client.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/alive")
    return client


def _addresses(route: Any, staff: Any, chance: random.Random, times: int) -> list[str]:
    """As many addresses of a route as times it is asked; each about another patient where it is about one."""
    from records.models import Patient
    from team.models import Task
    from worklists.models import NightRow

    fill: dict[str, Callable[[Any], str]] = {
        "<int:task>": lambda patient: str(Task.objects.filter(patient=patient).values_list("pk", flat=True)[0]),
        "<str:which>": lambda patient: "next",
        "<str:name>": lambda patient: "tasks",
    }
    if not route.access.patient:
        pattern = route.pattern
        for part, found in fill.items():
            pattern = pattern.replace(part, found(None)) if part in pattern and part != "<int:task>" else pattern
        return ["/" + pattern if "<" not in pattern else route.address()] * times
    mine = Patient.objects.filter(team__staff=staff) if staff.role in _CARE else Patient.objects.all()
    booked = set(NightRow.objects.values_list("booking__patient_id", flat=True))
    handles = list(mine.order_by("pk").values_list("pk", "handle")[:5000])
    chosen = [chance.choice(handles) for _ in range(times - 1)] + [row for row in handles if row[0] in booked][:1]
    found = []
    for pk, handle in chosen:
        address = "/" + route.pattern.replace("<str:patient>", handle)
        if "<int:task>" in address:
            address = address.replace("<int:task>", fill["<int:task>"](pk))
        found.append(address if "<" not in address else route.address(handle))
    return found


_CARE = ("physician", "nurse", "coordinator", "clinic-lead")


def percentile(took: list[float], of: float = 0.95) -> float:
    """The p95 of some times: the one that 95 of 100 do not exceed."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, int(len(ordered) * of))]


def table(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| page | role | p50 ms | p95 ms | working, p95 ms | budget ms | questions to the database | kB as sent |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in sorted(rows, key=lambda row: -row["p95"]):
        over = " (over)" if row["p95"] > row["limit"] else ""
        many = " (over)" if row["queries"] > QUERIES else ""
        lines.append(
            f"| {row['name']} | {row['role']} | {row['p50']:.0f} | {row['p95']:.0f}{over} | {row['busy']:.0f} "
            f"| {row['limit']} | {row['queries']}{many} | {row['sent'] / 1000:.1f} |"
        )
    return "\n".join(lines)


def twenty(seconds: float, people: int) -> dict[str, Any]:
    """People at work at once on the application server on loopback: each asks for a page, reads, asks again."""
    from people.models import Staff
    from records.models import Patient

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "clinic.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads",
         "4", "--worker-class", "gthread", "--preload", "--log-level", "error"],
        cwd=ROOT / "web", env=os.environ | {"PYTHONPATH": str(ROOT / "web")},
    )  # fmt: skip
    try:
        for _ in range(300):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        staff = list(Staff.objects.filter(role__in=_CARE).order_by("pk")[:people])
        jobs = []
        for number in range(people):
            member = staff[number % len(staff)]
            handles = list(Patient.objects.filter(team__staff=member).values_list("handle", flat=True)[:200])
            jobs.append((_cookie(member), handles))
        took: list[tuple[str, float]] = []
        wrong: list[str] = []
        # Each worker of the server reads the knowledge and makes its pages' templates once.
        for _ in range(4):
            threads = [
                threading.Thread(target=_ask, args=(port, cookie, address))
                for cookie, handles in jobs[:8]
                for address in ("/today", f"/patient/{handles[0]}/record", "/patients", "/worklists/tasks")
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=_work, args=(port, cookie, handles, number, until, took, wrong))
            for number, (cookie, handles) in enumerate(jobs)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    times = [one for _, one in took]
    kinds = sorted({kind for kind, _ in took})
    return {
        "requests": len(times), "wrong": wrong, "a_second": len(times) / seconds,
        "p50": statistics.median(times), "p95": percentile(times),
        "kinds": [
            (kind, statistics.median(held), percentile(held), len(held))
            for kind in kinds
            for held in [[one for name, one in took if name == kind]]
        ],
    }  # fmt: skip


def _ask(port: int, cookie: str, address: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", address, headers={"Cookie": cookie})
    connection.getresponse().read()
    connection.close()


def _cookie(member: Any) -> str:
    """The session of somebody who signed in."""
    from django.conf import settings

    return f"{settings.SESSION_COOKIE_NAME}={_client(member).cookies[settings.SESSION_COOKIE_NAME].value}"


def _work(
    port: int, cookie: str, handles: list[str], number: int, until: float, took: list[tuple[str, float]],
    wrong: list[str],
) -> None:  # fmt: skip
    chance = random.Random(SEED + number)  # noqa: S311 - people, not secrets
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        handle = chance.choice(handles) if handles else ""
        kind, address = chance.choice(
            (
                ("today", "/today"),
                ("record", f"/patient/{handle}/record"),
                ("record", f"/patient/{handle}/record"),
                ("patients", "/patients"),
                ("worklist", "/worklists/tasks"),
            )
        )
        began = time.perf_counter()
        try:
            connection.request("GET", address, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException) as error:
            wrong.append(type(error).__name__)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            continue
        took.append((kind, (time.perf_counter() - began) * 1000))
        if response.status != 200:
            wrong.append(f"{kind} {response.status}")
        time.sleep(chance.uniform(0.3, 1.2))


def report(size: str, made: float, told: str, together: dict[str, Any], people: int) -> str:
    from django.db import connection

    database = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    how = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {database}"
    wrong = f"{len(together['wrong'])} failed" if together["wrong"] else "none failed"
    kinds = "\n".join(f"| {kind} | {p50:.0f} | {p95:.0f} | {count} |" for kind, p50, p95, count in together["kinds"])
    generated = f" Making it took {made:.0f} s." if made else ""
    return f"""### {database}: {size}

Measured on {how}, load {os.getloadavg()[0]:.1f}.{generated}
Time is what the server takes for a page, asked one after the other; of it, *working* is without waiting for the
processor, the disk and the database server, which on a busy machine is most of it.

{told}

{people} people at once on loopback, each reading a little between two pages: {together["requests"]} pages,
{together["a_second"]:.0f} a second, {wrong}; p50 {together["p50"]:.0f} ms, p95 {together["p95"]:.0f} ms.

| page | p50 ms | p95 ms | asked |
|---|---:|---:|---:|
{kinds}
"""


def keep(text: str) -> None:
    """Puts the figures of this database into the page, in place of those of before."""
    path = ROOT / "docs" / "clinic-speed.md"
    head = (
        "# How quick the clinic is\n\n"
        "Made by `benchmarks/clinic.py --write` with invented people. Budgets: a page 300 ms at p95 and 12 questions\n"
        "to the database, a worklist 500 ms. What is over is marked.\n\n"
    )
    old = path.read_text(encoding="utf-8") if path.exists() else head
    parts = [part for part in old.partition("### ")[2].split("### ") if part]
    kind = text.split(":")[0].removeprefix("### ")
    parts = [part for part in parts if not part.startswith(kind)] + [text.removeprefix("### ")]
    path.write_text(
        head + "".join(f"### {part.rstrip()}\n\n" for part in sorted(parts)).rstrip() + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
