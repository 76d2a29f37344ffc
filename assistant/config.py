"""Settings: defaults, then `settings.toml` in the store, then `ASSISTANT_…` variables.

Every number that shapes the behaviour stands here with its unit. Unknown keys are refused, so that
a misspelt one cannot pass unnoticed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import platformdirs
import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from tomlkit.exceptions import TOMLKitError

from assistant.errors import SettingsError, StoreError

_PREFIX = "ASSISTANT_"
_NOT_SETTINGS = {"ASSISTANT_DEBUG"}  # of the command line
_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def in_checkout() -> bool:
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "prompts").is_dir()


def resource(name: str) -> Path:
    """The folder `prompts` or `seeds`: of the checkout, or as the wheel carries it."""
    return (_CHECKOUT if in_checkout() else _PACKAGE / "_data") / name


def _user_data() -> Path:
    return Path(platformdirs.user_data_dir("article-assistant", appauthor=False))


def _default_store() -> Path:
    return _CHECKOUT / "store" if in_checkout() else _user_data() / "library"


class Settings(BaseModel):
    """All that can be set. Fields marked (start) take effect at the next start."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    store: Path = Field(default_factory=_default_store, description="folder of the library")
    models: Path = Field(
        default_factory=lambda: _user_data() / "models",
        description="folder of the model files, shared by all libraries",
    )
    model: str = Field("qwen2.5-coder-1.5b", description="LLM: a name or a .gguf path")
    threads: int = Field(0, ge=0, le=256, description="threads of the models; 0: the fastest")
    context_tokens: int = Field(4096, ge=1024, le=131072, description="window of the LLM, tokens")

    llm_url: str = Field("", description="server of the LLM (OpenAI's API); empty: this machine")
    llm_key: str = Field("", description="key that this server asks for")
    llm_name: str = Field("", description="name of the LLM on this server")
    embedder_url: str = Field(
        "", description="server of the embedder (OpenAI's API); empty: this machine (start)"
    )
    embedder_key: str = Field("", description="key that this server asks for (start)")
    embedder_name: str = Field("", description="name of the embedder on this server (start)")
    catalog_url: str = Field(
        "",
        repr=False,
        description="PostgreSQL database of the catalog, as postgresql://user:password@host/name;"
        " empty: a file in the library's folder (start)",
    )
    chroma_url: str = Field(
        "", description="Chroma server of the vector index; empty: the library's folder (start)"
    )
    chroma_token: str = Field("", description="token that this server asks for (start)")
    chroma_tenant: str = Field("default_tenant", min_length=1, description="tenant there (start)")
    chroma_database: str = Field(
        "default_database", min_length=1, description="database there (start)"
    )

    candidates: int = Field(30, ge=1, le=500, description="passages each search ranks")
    passages: int = Field(6, ge=1, le=50, description="passages that evidence is taken from")
    evidence_tokens: int = Field(
        320, ge=50, le=8000, description="evidence in a prompt, tokens at most"
    )
    evidence_seconds: float = Field(
        6, gt=0, le=600, description="less evidence where reading it would take longer, seconds"
    )
    answer_tokens: int = Field(220, ge=16, le=4000, description="longest answer, tokens")
    refuse_below: float = Field(
        0.8, ge=0, le=2, description="refuse at once where the best passage scores less"
    )
    support_below: float = Field(
        1.5, ge=0, le=5, description="a sentence that is supported less is unsupported"
    )
    second_look: bool = Field(
        True, description="let the model look again at sentences that the cheap checks doubt"
    )
    refusal_bias: float = Field(
        -3.0, ge=-20, le=20, description="higher: the model refuses more readily (logits)"
    )

    max_file_mb: float = Field(20, gt=0, le=1000, description="largest file that is read, MB")
    min_free_disk_mb: int = Field(
        200, ge=0, le=1_000_000, description="nothing is added where less of the disk is free, MB"
    )
    max_question_chars: int = Field(2000, ge=10, le=20000, description="longest question")
    max_turns: int = Field(500, ge=1, le=10_000, description="questions in a conversation at most")
    max_waiting: int = Field(
        8,
        ge=1,
        le=24,
        description="questions of the page that may wait; half as many of one reader",
    )
    max_wait_seconds: float = Field(
        600, gt=0, le=86400, description="longest that a question of the page waits, seconds"
    )
    log_questions: bool = Field(
        False, description="write questions and answers into the log of the page, too"
    )
    allow_private_addresses: bool = Field(
        False, description="fetch articles from addresses inside a local network, too"
    )
    language: Literal["auto", "en", "de"] = Field(
        "auto", description="of the page; auto: as the browser asks for it"
    )
    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="address that the page is served at; 0.0.0.0: all of this machine's (start)",
    )
    hosts: tuple[str, ...] = Field(
        (), description="names besides its addresses that the page answers to (start)"
    )
    port: int = Field(7860, ge=1, le=65535, description="port of the page (start)")

    @property
    def llm(self) -> str:
        """The language model that answers, by name."""
        return (self.llm_name or self.llm_url) if self.llm_url else self.model

    @field_validator("llm_url", "embedder_url", "chroma_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not _is_address(value):
            raise ValueError("write an address like http://localhost:8000, or nothing")
        return value

    @field_validator("catalog_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not _is_database(value):
            raise ValueError("write an address like postgresql://user:password@host/name")
        return value

    @field_validator("hosts", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """A variable of the environment gives them with commas between."""
        return value.replace(",", " ").split() if isinstance(value, str) else value


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_database(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = parts.hostname and parts.username and parts.path.strip("/")
        return parts.scheme in ("postgresql", "postgres") and bool(named) and parts.port != 0
    except ValueError:
        return False


def without_password(url: str) -> str:
    """An address as it can be shown."""
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{place}")) if user else url


def settings_file(store: Path) -> Path:
    return store / "settings.toml"


def load(env: dict[str, str] | None = None) -> Settings:
    """Read the settings that hold now.

    Raises SettingsError for a key or value that cannot be used, naming it.
    """
    given = _from_environment(dict(os.environ) if env is None else env)
    store = Path(given.get("store", _default_store())).expanduser()
    values: dict[str, Any] = {**_from_file(settings_file(store)), **given}
    return _validated({**values, "store": store.absolute()})


def save(settings: Settings, **changes: Any) -> Settings:
    """Write `changes` into the store's settings.toml, keeping its comments; return the new ones.

    Raises SettingsError for a value that cannot be used, StoreError where nothing can be written.
    """
    changed = _validated({**settings.model_dump(), **changes})
    with _rewritten(settings_file(settings.store)) as document:
        for key in changes:
            value = getattr(changed, key)
            document[key] = str(value) if isinstance(value, Path) else value
    return changed


def reset(settings: Settings, *keys: str) -> Settings:
    """Take `keys` out of the store's settings.toml, so that their defaults hold; return the new.

    Raises StoreError where nothing can be written.
    """
    left = {key: value for key, value in settings.model_dump().items() if key not in keys}
    with _rewritten(settings_file(settings.store)) as document:
        for key in keys:
            document.pop(key, None)
    return _validated(left)


@contextmanager
def _rewritten(path: Path) -> Iterator[tomlkit.TOMLDocument]:
    try:
        document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
        yield document
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_text(tomlkit.dumps(document), "utf-8")
        partial.replace(path)
    except OSError as error:
        raise StoreError(
            f"cannot write {path} ({error.strerror}); check that the folder is writable"
        ) from error
    except TOMLKitError as error:
        raise SettingsError(f"{path} is not valid TOML ({error}); mend or delete it") from error


def _from_environment(env: dict[str, str]) -> dict[str, Any]:
    return {
        key.removeprefix(_PREFIX).lower(): value
        for key, value in env.items()
        if key.startswith(_PREFIX) and key not in _NOT_SETTINGS and value
    }


def _from_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except NotADirectoryError as error:
        raise StoreError(f"{path.parent} is a file; set ASSISTANT_STORE to a folder") from error
    except OSError as error:
        raise StoreError(f"cannot read {path} ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML ({error}); mend or delete it") from error


def _validated(values: dict[str, Any]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ", ".join(sorted(Settings.model_fields))
            raise SettingsError(f"unknown setting “{key}”; known are: {known}") from error
        raise SettingsError(f"setting “{key}”: {first['msg']}") from error
