"""In another process: change a library for ever, and say before and after each change what it is.

Run as a program on a folder, a name of one letter and a seed. Its articles have numbers; those with
another letter are another worker's.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

from library_fakes import opened

from assistant.library.library import Library
from assistant.records import Article

MOST = 8  # articles of one worker


def written(name: str, number: int, version: int) -> Article:
    """An article that can be told from all others and from its other versions, by one word."""
    paragraphs = [
        f"Mark{name}{number}v{version} stands in part {part}. " + f"Some {name} goes on. " * 20
        for part in range(3)
    ]
    return Article(
        id=f"{name}{number:011d}",
        title=f"Number {name}{number}",
        source=f"/{name}/{number}.txt",
        text="\n\n".join(paragraphs).strip(),
    )


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def _change(library: Library, name: str, chance: random.Random, versions: dict[int, int]) -> None:
    """Add, update or remove one or several; `versions` is 0 for what is removed."""
    numbers = chance.sample(range(MOST), chance.randint(1, 3))
    if chance.random() < 0.25:
        wanted = dict.fromkeys(numbers[:1], 0)
    else:
        wanted = {number: chance.randint(1, 10**9) for number in numbers}
    _say(begin=wanted)
    if 0 in wanted.values():
        library.remove(written(name, numbers[0], 1).id)
    else:
        library.add_batch([written(name, n, version) for n, version in wanted.items()])
    versions.update(wanted)
    _say(done=wanted)


def main(folder: Path, name: str, seed: int) -> None:
    chance = random.Random(seed)
    versions: dict[int, int] = {}
    with opened(folder) as library:
        while True:
            _change(library, name, chance, versions)
            if chance.random() < 0.3:
                library.search(f"mark{name}1", 3, 10)  # brings the vector index up to date
            if chance.random() < 0.05:
                library._index.start_anew()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
