"""A whole clinic in one file, and back again: the database as it stood at one moment, its secret key, a manifest.

The file is a tar archive. The manifest says what is in it, with a hash of each part, and the number and hash of the
last event of the audit, so that a clinic restored elsewhere can be shown to be the same.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from msgspec import Struct

from audit.models import Head
from clinic.clock import now

FORMAT = "levamen.backup/1"
_DATABASE = {"sqlite": "clinic.sqlite3", "postgresql": "clinic.dump"}
_KEPT = ("secret.key", "sample-clock", "sign-in")
"""Small files of the data folder that belong to the clinic."""
_KNOWLEDGE = "knowledge"
"""The folder of the versions of the knowledge that were taken."""


class Unusable(Exception):
    """A backup that cannot be restored; one sentence."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    format: str
    made: str
    database: str
    audit_number: int
    audit_hash: str
    parts: dict[str, str]


def back_up(path: Path) -> Manifest:
    """Writes the clinic into a file that did not exist. The clinic may go on working: the copy is of one moment.

    Raises FileExistsError; and OSError where it cannot be written, and then leaves no half file behind.
    """
    if path.exists():
        raise FileExistsError(path)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / _DATABASE[connection.vendor]
        # Taken before the copy: what is appended meanwhile may be in the copy too, and follows this event.
        head = Head.objects.get(pk=1)
        _dump(dump)
        parts = {dump.name: dump}
        parts |= {name: settings.DATA / name for name in _KEPT if (settings.DATA / name).exists()}
        versions = settings.DATA / _KNOWLEDGE
        if versions.exists():
            packed = shutil.make_archive(str(Path(folder) / _KNOWLEDGE), "zip", versions)
            parts[f"{_KNOWLEDGE}.zip"] = Path(packed)
        manifest = Manifest(
            format=FORMAT,
            made=now().isoformat(),
            database=connection.vendor,
            audit_number=head.number,
            audit_hash=head.hash,
            parts={name: _digest(part) for name, part in parts.items()},
        )
        half = path.with_name(f"{path.name}.part")
        try:
            with tarfile.open(half, "w:gz") as archive:
                _put(archive, "manifest.json", json.dumps(_plain(manifest), indent=1).encode())
                for name, part in parts.items():
                    archive.add(part, arcname=name)
            half.chmod(0o600)
            os.replace(half, path)
        except OSError:
            half.unlink(missing_ok=True)
            raise
    return manifest


def restore(path: Path) -> Manifest:
    """Puts a backup onto an empty machine: the data folder holds no clinic yet, the database no table.

    Everything is checked before anything is written. Raises Unusable, one sentence.
    """
    with tempfile.TemporaryDirectory() as folder:
        manifest = _unpacked(path, Path(folder))
        if manifest.database != connection.vendor:
            raise Unusable(
                f"{path.name} is of a {manifest.database} clinic; this one is set up for {connection.vendor}."
            )
        if connection.introspection.table_names():
            raise Unusable("There is a clinic here already; restore onto an empty database and an empty data folder.")
        connection.close()
        for name in manifest.parts:
            if name in _KEPT:
                target = settings.DATA / name
                target.write_bytes((Path(folder) / name).read_bytes())
                target.chmod(0o600)
        if f"{_KNOWLEDGE}.zip" in manifest.parts:
            shutil.unpack_archive(Path(folder) / f"{_KNOWLEDGE}.zip", settings.DATA / _KNOWLEDGE)
        _load(Path(folder) / _DATABASE[connection.vendor])
    return manifest


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        source = sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True)
        copy = sqlite3.connect(target)
        with source, copy:
            source.backup(copy)
        source.close()
        copy.close()
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--file", str(target), _postgres_url())


def _load(source: Path) -> None:
    if connection.vendor == "sqlite":
        target = Path(str(settings.DATABASES["default"]["NAME"]))
        for beside in ("-wal", "-shm"):
            Path(f"{target}{beside}").unlink(missing_ok=True)
        copy, held = sqlite3.connect(source), sqlite3.connect(target)
        with copy, held:
            copy.backup(held)
        copy.close()
        held.close()
        return
    _run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", _postgres_url(), str(source))


def _run(*command: str) -> None:
    """Runs a program of PostgreSQL. Its password comes from the environment, never from the command line."""
    environment = os.environ | {"PGPASSWORD": str(settings.DATABASES["default"].get("PASSWORD") or "")}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    except FileNotFoundError:
        raise Unusable(f"{command[0]} is not installed here; it comes with PostgreSQL's client programs.") from None
    if done.returncode:
        raise Unusable(f"{command[0]}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")


def _postgres_url() -> str:
    held = settings.DATABASES["default"]
    name = connection.settings_dict["NAME"]
    return f"postgresql://{held.get('USER', '')}@{held.get('HOST') or 'localhost'}:{held.get('PORT') or 5432}/{name}"


def _unpacked(path: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(path, "r:gz") as archive:
            names = {member.name for member in archive.getmembers()}
            if not names <= {"manifest.json", f"{_KNOWLEDGE}.zip", *_DATABASE.values(), *_KEPT}:
                raise Unusable(f"{path.name} holds files that no backup of a clinic holds.")
            archive.extractall(folder, filter="data")
        said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest = Manifest(**said)
    except (OSError, tarfile.TarError, EOFError, ValueError, TypeError, KeyError):
        raise Unusable(f"{path.name} is no backup of a clinic, or it is cut off.") from None
    if manifest.format != FORMAT:
        raise Unusable(f"{path.name} is of the form {manifest.format}; this version reads {FORMAT}.")
    for name, digest in manifest.parts.items():
        if not (folder / name).exists() or _digest(folder / name) != digest:
            raise Unusable(f"{path.name}: {name} is not what was backed up.")
    return manifest


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    row = tarfile.TarInfo(name)
    row.size = len(data)
    archive.addfile(row, io.BytesIO(data))


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        _each(file, digest)
    return digest.hexdigest()


def _each(file: IO[bytes], digest: hashlib._Hash) -> None:
    while block := file.read(1 << 20):
        digest.update(block)


def _plain(manifest: Manifest) -> dict[str, object]:
    return {name: getattr(manifest, name) for name in manifest.__struct_fields__}
