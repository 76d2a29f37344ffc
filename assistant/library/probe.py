"""Run as a program on an index folder: exit code 0 if it can be counted and searched."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from assistant.library.chroma import open_collection

SAMPLES = 8


def main(folder: Path) -> int:
    _, collection = open_collection(folder)
    count = collection.count()
    for offset in sorted({count * i // SAMPLES for i in range(SAMPLES)} if count else ()):
        sample: Any = collection.get(limit=1, offset=offset, include=["embeddings"])
        near: Any = collection.query(
            query_embeddings=sample["embeddings"], n_results=1, include=["distances"]
        )
        # Passages with the same vector stand in for one another.
        if not near["ids"][0] or near["distances"][0][0] > 0.01:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
