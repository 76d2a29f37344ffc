"""What was given to be added, and why some of it was not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from assistant.adding import AddResult, is_address
from assistant.ui.parts import clipped
from assistant.ui.words import Words

# What to do where a reason alone does not say it.
_NEXT = {
    "robots.txt": "Save the page in a browser and drop the file here.",
    "private address": "It is in the settings: allow_private_addresses.",
    "holds no text": "Paste its text instead.",
    "is binary, not text": "Only texts and documents can be added.",
    "is empty": "Save or download it anew.",
    "answered 404": "Check the address.",
    "answered 410": "Check the address.",
    "not an article, a feed": "Download it and drop the file here.",
    "does not exist": "Check the spelling.",
}


def addresses(text: str) -> tuple[list[str], list[str]]:
    """What in a text are web addresses, also without their https://, and what are none."""
    good: list[str] = []
    bad: list[str] = []
    for word in text.replace("<", " ").replace(">", " ").split():
        if is_address(word):
            good.append(word)
        elif "." in word.split("/")[0].strip(".") and "://" not in word:
            good.append(f"https://{word}")
        else:
            bad.append(word)
    return list(dict.fromkeys(good)), list(dict.fromkeys(bad))


def named(results: Iterable[AddResult], paths: Sequence[Path]) -> Iterator[AddResult]:
    """Errors without the temporary folder that an upload lies in, which says nothing."""
    with closing(cast(Any, results)):
        for result in results:
            said = result.error
            for path in paths if said else ():
                said = (said or "").replace(f"{path.parent}/", "")
            yield replace(result, error=said)


def reason(source: str, error: str, say: Words) -> str:
    """An error as it goes on from the name of its source, with what to do next."""
    for name in (source, source.removeprefix("upload:"), source_name(source)):
        error = error.removeprefix(name).lstrip(": ")
    said = clipped(say.error(error), 400)
    following = next((say(text) for key, text in _NEXT.items() if key in error), "")
    return f"{said.rstrip('.')}. {following}".strip()


def source_name(source: str) -> str:
    """An address as it is; of a file only its name."""
    if source.startswith(("http://", "https://")):
        return clipped(source, 120)
    return clipped(Path(source.removeprefix("upload:")).name or source, 120)


def refused(texts: Sequence[str], say: Words) -> Iterator[AddResult]:
    """What was given as an address and is none."""
    why = say("is no web address; it begins with https://")
    for text in texts:
        yield AddResult(text, None, None, why, 0, 0)
