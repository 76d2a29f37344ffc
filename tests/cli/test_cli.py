"""The door: start, help, errors and exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import cli_fakes
import click
import pytest

from assistant import __version__, errors
from assistant.cli import cli

HEAVY = {
    "chromadb", "gradio", "langchain_core", "llama_cpp", "numpy", "onnxruntime", "pydantic",
    "rich", "tokenizers", "trafilatura", "uvicorn", "httpx",
}  # fmt: skip


def commands(
    command: click.Command, path: str = "assistant"
) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, sub in command.commands.items():
            yield from commands(sub, f"{path} {name}")


@pytest.mark.parametrize(("path", "command"), commands(cli))
def test_every_command_and_option_has_help(path: str, command: click.Command) -> None:
    assert command.help, path
    assert len(command.help.split("\n")[0]) < 60, path
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), path


def test_the_commands() -> None:
    assert {path.removeprefix("assistant ") for path, _ in commands(cli)} == {
        "assistant", "add", "list", "show", "remove", "ask", "chat", "serve", "mcp", "evaluate",
        "calibrate", "follow", "unfollow", "update", "watch", "doctor", "export", "import",
        "models", "models list", "models pull", "models path", "models use",
        "conversations", "conversations show", "feedback",
        "users", "users add", "users list", "users remove", "users token",
    }  # fmt: skip


def test_nothing_heavy_is_imported_for_help() -> None:
    program = "import sys, assistant.cli; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())


def test_help_tells_the_exit_codes(run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for code in ("0 ", "1 ", "2 ", "3 ", "4 ", "130 "):
        assert f"\n    {code}" in ran.out


def test_version(run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"assistant {__version__}\n")


@pytest.mark.parametrize(
    "args",
    [("nope",), ("ask",), ("ask", "a", "b"), ("serve", "--port", "0"), ("list", "--x"), ("add",)],
)
def test_wrong_usage_is_one_line(run, args: tuple[str, ...]) -> None:
    ran = run(*args)
    assert ran.code == 2 and ran.out == ""
    assert ran.err.startswith("assistant: ") and ran.err.count("\n") == 1
    assert "--help" in ran.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.QuestionError("the question is empty; write one"), 2),
        (errors.ModelFileError("no model; run `assistant models pull x`"), 1),
        (errors.StoreError("first\nsecond\x1b[31m"), 1),
        (ValueError("odd"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_errors_are_one_line_and_a_code(run, app, error: BaseException, code: int) -> None:
    app.script = [[error]]
    ran = run("ask", "How long?")
    assert ran.code == code and ran.out == "" and app.closed
    if not isinstance(error, KeyboardInterrupt):
        assert ran.err.startswith("assistant: ") and ran.err.count("\n") == 1
    assert "\x1b" not in ran.err and "Traceback" not in ran.err


def test_an_unexpected_error_can_be_looked_into(run, app, monkeypatch) -> None:
    app.script = [[ValueError("odd")], [ValueError("odd")]]
    assert "ValueError: odd; ASSISTANT_DEBUG=1 shows" in run("ask", "How long?").err
    monkeypatch.setenv("ASSISTANT_DEBUG", "1")
    with pytest.raises(ValueError, match="odd"):
        run("ask", "How long?")


def test_the_traceback_of_an_unexpected_error_is_kept_beside_the_library(run, app) -> None:
    app.settings.store.mkdir()
    app.script = [[ValueError("odd")]]
    file = app.settings.store / "logs" / "commands.log"
    assert f"ValueError: odd; the traceback is in {file}\n" in run("ask", "How long?").err
    assert "ValueError: odd" in json.loads(file.read_text())["traceback"]


def test_a_reader_that_stops_reading_is_no_error(tmp_path) -> None:
    program = (
        "import sys, cli_fakes\n"
        "from assistant.cli import door, main\n"
        "app = cli_fakes.FakeApp(None)\n"
        "app.library.articles = lambda scope: [cli_fakes.MOSS] * 100_000\n"
        "door.open_app = lambda: app\n"
        "sys.exit(main(['list']))"
    )
    folder = os.path.dirname(cli_fakes.__file__)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{folder}:{os.getcwd()}"},
    )
    assert process.stdout and process.stderr
    assert b"Moss" in process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(10)


def test_a_terminal_of_few_letters_can_show_everything(tmp_path) -> None:
    program = "import sys\nfrom assistant.cli import main\nsys.exit(main(['show', '“ф”', '-x']))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "ASSISTANT_STORE": str(tmp_path)},
    )
    assert done.returncode == 2 and b"Traceback" not in done.stderr


def test_the_handler_of_ctrl_c_is_put_back(run, app) -> None:
    before = signal.getsignal(signal.SIGINT)
    app.script = [cli_fakes.events(cli_fakes.ANSWER)]
    run("ask", "How long?")
    assert signal.getsignal(signal.SIGINT) is before
