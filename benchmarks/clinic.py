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
import logging
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MANAGE = [sys.executable, str(ROOT / "web" / "manage.py")]
SEED = 7
PAGE_LIMIT, LIST_LIMIT, SEARCH_LIMIT, QUERIES = 300, 500, 100, 12
"""Milliseconds at p95 of a page, of a worklist and of a search, and questions to the database of a page."""


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
    logging.getLogger("django.request").setLevel(logging.ERROR)
    from records.models import Entry, Patient

    made = 0.0
    if not Patient.objects.exists():
        _manage("start", "--prepare-only")
    if not Patient.objects.filter(handle__startswith="g0").exists():
        began = time.perf_counter()
        _manage("generate", "--patients", str(options.patients), "--procedures", str(options.procedures))
        made = time.perf_counter() - began
    _settle()
    _manage("worker", "--once")
    size = f"{Patient.objects.count():,} patients, {Entry.objects.filter(section='procedures').count():,} procedures"
    unmeasured: list[str] = []
    rows = list(pages(options.times, unmeasured))
    told = table(rows, unmeasured)
    together = twenty(options.seconds, options.people)
    text = report(size, made, told, together, options.people)
    print(text)
    if options.write:
        keep(text)
    slow = [row for row in rows if row["p95"] > row["limit"] or _asks_too_much(row)]
    for row in slow:
        print(f"over its budget: {row['name']}", file=sys.stderr)
    raise SystemExit(1 if slow and options.strict else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--procedures", type=int, default=20_000)
    parser.add_argument("--data", type=Path, help="a folder that holds a generated clinic, or is to hold it")
    parser.add_argument("--times", type=int, default=12, help="how often each page is asked")
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


def pages(times: int, told: list[str]) -> Iterator[dict[str, Any]]:
    """Every route that answers a GET, each list by its name; `told` is given what could not be measured, and why."""
    from addresses import places, rarities
    from django.db import transaction
    from routes import routes

    from people.models import Staff

    for member in Staff.objects.filter(is_active=True):
        _client(member)  # before anything that is taken back: their sessions stay
    ours = [route for route in routes() if route.access is not None and route.access.roles]
    worked, many = _people()
    without: list[Any] = []
    for route in ours:
        found = list(_of_route(route, list(places(route, [*worked, *many])), worked, times))
        yield from found
        if not found:
            without.append(route)
    # What no patient here happens to have is made for the rest, measured, and taken back.
    with transaction.atomic():
        rarities()
        for route in without:
            held = list(places(route, worked))
            found = list(_of_route(route, held, worked, min(times, 10)))
            yield from ({**row, "name": f"{row['name']} (made for this)"} for row in found)
            if not found:
                answers = sorted(
                    {_client(one).get(held[0].url).status_code for one in _readers(route, held[0])[:1] if held}
                )
                told.append(
                    f"{route.name} (a GET is answered with {answers})" if answers else f"{route.name} (there is none)"
                )
        transaction.set_rollback(True)
    yield from _of_two_hundred_facts(times)
    yield from _writing(times)


def _people() -> tuple[list[int], list[int]]:
    """The worked patients of the sample; and some of the many, those with a slot among them."""
    from records.models import Patient

    chance = random.Random(SEED)  # noqa: S311 - which pages, not secrets
    worked = list(Patient.objects.exclude(handle__startswith="g0").order_by("pk").values_list("pk", flat=True))
    many = Patient.objects.filter(handle__startswith="g0")
    booked = list(many.filter(bookings__isnull=False).order_by("pk").values_list("pk", flat=True)[:20])
    rest = list(many.order_by("pk").values_list("pk", flat=True)[:5000])
    return worked, [*booked, *chance.sample(rest, min(len(rest), 40))]


def _of_route(route: Any, held: list[Any], worked: list[int], times: int) -> Iterator[dict[str, Any]]:
    """One row for each list of a route, else one for the route: of those addresses that show a page or send on."""
    from addresses import some

    limit = LIST_LIMIT if "worklist" in route.name else PAGE_LIMIT
    for label in dict.fromkeys(place.label for place in held):
        of_label = [place for place in held if place.label == label]
        of_worked = [place for place in of_label if place.patient in worked]
        # Some of all, and those of whom more stands in the record where the others have nothing to show.
        tries = [
            (place, member)
            for place in [*some(of_label, times), *some(of_worked, 10 * times)]
            for member in _readers(route, place)
        ]
        name = f"{route.name} {label}" if label else route.name
        yield from _rows(_measured(name, [(_client(member), place.url) for place, member in tries], limit, most=times))


def _rows(found: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [] if found is None else [found]


def _readers(route: Any, place: Any) -> list[Any]:
    """Who looks at a page of nobody in particular is who has most patients of each role; else one of the team."""
    from addresses import readers
    from django.db.models import Count

    from people.models import Staff

    if place.patient is not None or place.who:
        return readers(route, place)[:1]
    if route.name not in _BUSY:
        found = Staff.objects.filter(is_active=True, role__in=[role.value for role in route.access.roles])
        rows = list(found.annotate(n=Count("patients")).order_by("-n", "pk"))
        _BUSY[route.name] = list({one.role: one for one in reversed(rows)}.values())
    return _BUSY[route.name]


_BUSY: dict[str, list[Any]] = {}


def _measured(
    name: str, asked: list[tuple[Any, str]], limit: int, sent: Any = None, most: int = 1000
) -> dict[str, Any] | None:
    """Time, questions and size of one page, in the server itself: the greatest number of questions and bytes. Given
    `sent`, it is a POST of what that gives for a number. At most so many that show a page or send on; None, where none
    does."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took: list[float] = []
    busy: list[float] = []
    queries = size = 0
    for number, (client, address) in enumerate(asked):
        if len(took) == most:
            break
        _keep_alive(client)
        connection.queries_log.clear()  # it is bounded, and a full one counts nothing
        with CaptureQueriesContext(connection) as seen:
            began, worked = time.perf_counter(), time.process_time()
            response = client.get(address) if sent is None else client.post(address, sent(number))
            ended, rested = time.perf_counter(), time.process_time()
        if response.status_code >= 500 or (sent is not None and response.status_code not in (200, 204, 302)):
            raise SystemExit(f"{name} failed: {response.status_code}")
        if "/account/login/" in response.headers.get("Location", ""):
            raise SystemExit(f"{name} was asked by nobody who had signed in")
        if response.status_code == 405:
            break
        if response.status_code not in (200, 204, 302):
            continue
        took.append((ended - began) * 1000)
        busy.append((rested - worked) * 1000)
        queries = max(queries, sum(not _is_frame(row["sql"]) for row in seen.captured_queries))
        body = response.content if not response.streaming else b"".join(response.streaming_content)
        size = max(size, len(body if response.headers.get("Content-Encoding") else gzip.compress(body, 6)))
    if not took:
        return None
    return {
        "name": name, "queries": queries, "p50": statistics.median(took), "p95": percentile(took),
        "busy": percentile(busy), "sent": size, "limit": limit, "writes": sent is not None,
    }  # fmt: skip


def _of_two_hundred_facts(times: int) -> Iterator[dict[str, Any]]:
    """The options of a patient whose record holds two hundred facts: the first page after each write, later ones."""
    from django.db import transaction
    from django.db.models import F

    from records import actions
    from records.facts import reading_of
    from records.models import Entry, Patient

    patient = Patient.objects.filter(entries__section="request", entries__struck=False).order_by("pk").first()
    if patient is None:
        return
    others = Entry.objects.filter(section="procedures", struck=False, patient__handle__startswith="g0")
    with transaction.atomic():
        for row in others.order_by("pk")[:400]:
            if len(reading_of(patient).record.facts) >= 200:
                break
            said = {name: value for name, value in row.fields.items() if name != "pain"}
            actions.add(None, patient, "procedures", said, imported=True)
        client = _client(patient.team.select_related("staff")[0].staff)
        facts = len(reading_of(patient).record.facts)
        for page in ("options", ""):
            url = f"/patient/{patient.handle}/{page}".rstrip("/")
            named = f"{page or 'overview'}, {facts} facts"
            first = []
            for _ in range(min(times, 8)):
                Patient.objects.filter(pk=patient.pk).update(head=F("head") + 1)
                first += _rows(_measured(named, [(client, url)], 400))
            yield first[0] | {
                "name": f"{named}, after a write", "p50": statistics.median(row["p50"] for row in first),
                "p95": max(row["p95"] for row in first), "busy": max(row["busy"] for row in first),
                "queries": max(row["queries"] for row in first),
            }  # fmt: skip
            yield from _rows(_measured(named, [(client, url)] * times, 400))
        transaction.set_rollback(True)


def _writing(times: int) -> Iterator[dict[str, Any]]:
    """Some acts of every day: a search, a fact written down, an answer of a call. What they write is taken back."""
    from django.db import transaction
    from django.db.models import Count

    from follow_up.models import Due
    from people.models import Staff
    from records.models import Patient

    names = list(Patient.objects.order_by("-pk").values_list("family", flat=True)[:times])
    busiest = Staff.objects.annotate(n=Count("patients")).order_by("-n", "pk")
    for role in ("coordinator", "nurse"):
        nurse = busiest.filter(role=role).first()
        if nurse is None:
            return
        asked = [(_client(nurse), "/patients")] * len(names)
        yield from _rows(_measured(f"search by a {role}", asked, SEARCH_LIMIT, lambda n: {"find": names[n]}))
    client = _client(nurse)
    patients = Patient.objects.filter(team__staff=nurse).order_by("pk")[:times]
    with transaction.atomic():
        answer = {"question": "fever", "answer": "no"}
        asked = [(client, f"/patient/{patient.handle}/asked") for patient in patients]
        yield from _rows(_measured("answer a question", asked, PAGE_LIMIT, lambda n: answer))
        due = Due.objects.filter(kind="call", what="day-1", patient__team__staff=nurse, done=None).first()
        if due is not None:
            call = f"/patient/{due.patient.handle}/follow-up/{due.procedure_key}/call/day-1"
            kept = _measured("answer of a call", [(client, call)] * times, PAGE_LIMIT, lambda n: {"action": "keep"})
            yield from _rows(kept)
        transaction.set_rollback(True)


def _is_frame(sql: str) -> bool:
    """Whether a statement only frames a transaction."""
    return sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))


_CLIENTS: dict[int, Any] = {}


_SEEN: dict[int, float] = {}


def _keep_alive(client: Any) -> None:
    """A session is written once a minute, by whichever page comes first: by one that is not measured."""
    if time.monotonic() - _SEEN.get(id(client), 0) > 40:
        client.get("/alive")
        _SEEN[id(client)] = time.monotonic()


def _client(staff: Any) -> Any:
    from django.conf import settings
    from django.test import Client

    if staff.pk not in _CLIENTS:
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        _CLIENTS[staff.pk] = Client()
        _CLIENTS[staff.pk].force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
        _CLIENTS[staff.pk].get("/alive")
    return _CLIENTS[staff.pk]


_CARE = ("physician", "nurse", "coordinator", "clinic-lead")


def percentile(took: list[float], of: float = 0.95) -> float:
    """The p95 of some times: the one that 95 of 100 do not exceed."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, int(len(ordered) * of))]


def _asks_too_much(row: dict[str, Any]) -> bool:
    return bool(row["queries"] > QUERIES and not row["writes"])


def table(rows: list[dict[str, Any]], unmeasured: list[str]) -> str:
    lines = [
        "| page | p50 ms | p95 ms | working, p95 ms | budget ms | questions to the database | kB as sent |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in sorted(rows, key=lambda row: -row["p95"]):
        over = " (over)" if row["p95"] > row["limit"] else ""
        many = " (over)" if _asks_too_much(row) else ""
        lines.append(
            f"| {row['name']} | {row['p50']:.0f} | {row['p95']:.0f}{over} | {row['busy']:.0f} "
            f"| {row['limit']} | {row['queries']}{many} | {row['sent'] / 1000:.1f} |"
        )
    if unmeasured:
        lines += ["", f"Not measured, because they show no page: {'; '.join(unmeasured)}."]
    return "\n".join(lines)


def twenty(seconds: float, people: int) -> dict[str, Any]:
    """People at work at once on the application server on loopback: each asks for a page, reads, asks again."""
    from django.db.models import Count

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
        busiest = Staff.objects.filter(role__in=_CARE).annotate(n=Count("patients")).order_by("-n", "pk")
        staff = list(busiest[:people])
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
    chance = random.Random(SEED + number)  # noqa: S311 - which pages, not secrets
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
    wrong = (
        f"{len(together['wrong'])} failed ({', '.join(sorted(set(together['wrong'])))})"
        if together["wrong"]
        else "none failed"
    )
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
