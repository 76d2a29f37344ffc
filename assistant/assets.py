"""The model files: which there are, how they come here, and that each is what it should be.

`assets.toml` lists them. A file is used only after its SHA-256 was compared; a small record beside
it (`FILE.ok`) then spares the comparison until the file changes.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import filelock

from assistant.errors import ModelFileError
from assistant.fetch import Hub, Progress, Wheels

_CATALOGUE = Path(__file__).with_name("assets.toml")
_GGUF = b"GGUF"

Kind = Literal["llm", "embedder", "tokenizer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A model file. `size` is in bytes, `file` its name on disk, `sources` in the order tried."""

    name: str
    file: str
    size: int
    sha256: str
    kind: Kind
    licence: str
    description: str
    sources: tuple[Hub | Wheels, ...]
    default: bool = False


def assets() -> dict[str, Asset]:
    """All model files by name, in the order of assets.toml."""
    with _CATALOGUE.open("rb") as file:
        return {name: _asset(name, entry) for name, entry in tomllib.load(file).items()}


def _asset(name: str, entry: dict[str, Any]) -> Asset:
    sources: list[Hub | Wheels] = []
    if hub := entry.pop("hub", None):
        sources.append(Hub(**hub))
    if wheels := entry.pop("wheels", None):
        sources.append(Wheels(**wheels))
    return Asset(name=name, sources=tuple(sources), **entry)


def defaults() -> list[str]:
    """Names of the files that a fresh install needs."""
    return [asset.name for asset in assets().values() if asset.default]


def installed(asset: Asset, folder: Path) -> bool:
    """Whether the file is there and unchanged since it was verified. Does not read it."""
    return _recorded_sha256(folder / asset.file) == asset.sha256


def path(name: str, folder: Path) -> Path:
    """The verified file of the asset `name`.

    Hashes it (about a second per GB) if it changed since the last time. Raises ModelFileError if
    the name is not known, or the file is missing or damaged.
    """
    asset = _known(name)
    target = folder / asset.file
    if installed(asset, folder):
        return target
    with _disk_errors(asset, folder):
        if not target.is_file():
            raise ModelFileError(
                f"the model file {name} is not here; run `assistant models pull {name}`"
            )
        if target.stat().st_size != asset.size or _sha256(target) != asset.sha256:
            raise ModelFileError(f"{target} is damaged; run `assistant models pull {name}`")
    _record(target, asset.sha256)
    return target


def resolve_llm(model: str, folder: Path) -> Path:
    """The file of an LLM, given as an asset's name or as the path of a GGUF file (made absolute).

    Raises ModelFileError, which lists the known names.
    """
    names = [asset.name for asset in assets().values() if asset.kind == "llm"]
    if model in names:
        return path(model, folder)
    try:
        file = Path(model).expanduser().absolute()
        with file.open("rb") as opened:
            if opened.read(len(_GGUF)) == _GGUF:
                return file
        problem = f"{model} is not a GGUF file"
    except (OSError, ValueError, RuntimeError):
        problem = f"no LLM is named {model} and no such file can be read"
    raise ModelFileError(f"{problem}; give the path of a .gguf file or one of: {', '.join(names)}")


def llm_setting(model: str, folder: Path) -> str:
    """What to keep in the settings for a model: its name, or the absolute path of its file.

    Raises ModelFileError like `resolve_llm`.
    """
    file = resolve_llm(model, folder)
    return model if model in assets() else str(file)


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file in hex: as recorded if it is unchanged since, else computed."""
    return _recorded_sha256(file) or _sha256(file)


def pull(name: str, folder: Path, progress: Progress) -> Path:
    """Fetch the asset `name` into `folder`, unless it is there already; return its verified file.

    `progress(done, total)` is called with bytes; what it raises (Stopped, say) stops the fetch. The
    next call goes on where one broke off. A damaged file is replaced. Raises ModelFileError with
    one line on what went wrong at each source.
    """
    asset = _known(name)
    if not _whole(asset, folder):
        with _disk_errors(asset, folder), _alone(asset, folder) as staging:
            if not installed(asset, folder):
                fetched = _from_first_source(asset, folder, staging, progress)
                _put_in_place(fetched, asset, folder)
            shutil.rmtree(staging, ignore_errors=True)
    progress(asset.size, asset.size)
    return folder / asset.file


def _known(name: str) -> Asset:
    known = assets()
    if name not in known:
        raise ModelFileError(f"no model file is named {name}; known are: {', '.join(known)}")
    return known[name]


def _whole(asset: Asset, folder: Path) -> bool:
    if not (folder / asset.file).exists():
        return False
    try:
        path(asset.name, folder)
    except ModelFileError:
        return False
    return True


@contextmanager
def _alone(asset: Asset, folder: Path) -> Iterator[Path]:
    """The asset's staging folder, which one process at a time may use."""
    staging = folder / ".partial" / asset.name
    staging.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(f"{staging}.lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise ModelFileError(
            f"{asset.name} is being fetched by another process; wait until that has ended"
        ) from error
    try:
        yield staging
    finally:
        lock.release()


def _from_first_source(asset: Asset, folder: Path, staging: Path, progress: Progress) -> Path:
    reasons = []
    for source in asset.sources:
        own = staging / source.label.replace(" ", "-")
        own.mkdir(exist_ok=True)
        try:
            _check_space(asset.size + source.spare(asset.size), folder, own)
            return _compared(source.fetch(asset.size, own, progress), asset)
        except _WrongChecksum as error:
            shutil.rmtree(own)
            reasons.append(f"{source.label}: {error}")
        except ModelFileError as error:
            reasons.append(f"{source.label}: {error}")
    raise ModelFileError(f"cannot fetch {asset.name}: {'; '.join(reasons)}. {_way_out(asset)}")


class _WrongChecksum(ModelFileError):
    pass


def _compared(fetched: Path, asset: Asset) -> Path:
    actual = _sha256(fetched)
    if actual != asset.sha256:
        raise _WrongChecksum(
            f"wrong checksum {actual[:12]}… instead of {asset.sha256[:12]}…, thrown away"
        )
    return fetched


def _way_out(asset: Asset) -> str:
    again = (
        "Check the network (HF_ENDPOINT and pip's settings are heeded) and run"
        f" `assistant models pull {asset.name}` again"
    )
    if asset.kind == "llm":
        return f"{again}, or use any model file you have: `assistant models use FILE.gguf`"
    return again


def _check_space(needed: int, folder: Path, staged_in: Path) -> None:
    staged = sum(file.stat().st_size for file in staged_in.rglob("*") if file.is_file())
    if needed - staged > shutil.disk_usage(folder).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _put_in_place(fetched: Path, asset: Asset, folder: Path) -> None:
    with fetched.open("rb") as file:
        os.fsync(file.fileno())
    target = fetched.replace(folder / asset.file)
    _record(target, asset.sha256)


@contextmanager
def _disk_errors(asset: Asset, folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        elsewhere = "set ASSISTANT_MODELS to another folder"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            needed = asset.size + max(source.spare(asset.size) for source in asset.sources)
            raise ModelFileError(
                f"the disk is full: {asset.name} needs {needed / 1e6:,.0f} MB in {folder};"
                f" free some space or {elsewhere}"
            ) from error
        raise ModelFileError(
            f"cannot use the folder {folder} ({error.strerror or error});"
            f" make it readable and writable or {elsewhere}"
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sidecar(path: Path) -> Path:
    return path.with_name(path.name + ".ok")


def _state(path: Path) -> dict[str, int]:
    stat = path.stat()
    # The change time catches what puts the modification time back (Windows knows no such time).
    return {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "ctime_ns": stat.st_ctime_ns}


def _record(path: Path, sha256: str) -> None:
    # In a folder that only allows reading, the file is hashed at each start instead.
    with suppress(OSError):
        _sidecar(path).write_text(json.dumps({**_state(path), "sha256": sha256}) + "\n", "utf-8")


def _recorded_sha256(path: Path) -> str | None:
    try:
        record = json.loads(_sidecar(path).read_text("utf-8"))
        unchanged = {**_state(path), "sha256": record["sha256"]} == record
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return str(record["sha256"]) if unchanged else None
