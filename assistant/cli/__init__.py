"""The command line: parse, call, print, exit code.

Nothing heavy is imported here or in the modules beside this one, so that `--help` comes at once:
what a command needs, it imports itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from assistant import __version__
from assistant.cli import (
    answers,
    articles,
    conversations,
    door,
    evaluation,
    following,
    models,
    upkeep,
    work,
)

_EPILOG = """\b
Exit codes:
  0    done, or the question was answered
  1    an error, told on one line
  2    a request that cannot be carried out: wrong usage, an empty or too long question
  3    the articles do not hold the answer
  4    some sources could not be read; the others were added
  130  stopped with Ctrl-C

\b
Settings are in settings.toml in the library's folder. ASSISTANT_STORE names another
folder; ASSISTANT_MODEL, ASSISTANT_PORT and so on go before the file.
"""


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    __version__, message="assistant %(version)s", help="Show the version and exit."
)
def cli() -> None:
    """Ask your own articles, on your own machine."""


for _command in (
    *articles.COMMANDS,
    *following.COMMANDS,
    *answers.COMMANDS,
    *conversations.COMMANDS,
    *work.COMMANDS,
    *upkeep.COMMANDS,
    *evaluation.COMMANDS,
    models.models,
):
    cli.add_command(_command)


def main(args: Sequence[str] | None = None) -> int:
    """Run one command (`sys.argv` where `args` is None) and return its exit code."""
    return door.run(cli, args)
