"""all-MiniLM-L6-v2 on ONNX Runtime, as LangChain `Embeddings`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.errors import ModelFileError

DIMENSIONS = 384
_MAX_TOKENS = 256  # what the model was trained to read
_BATCH = 16  # texts; larger ones are mostly padding, and no quicker


class MiniLM(Embeddings):
    """Texts → vectors of 384 numbers and length 1; texts are cut after 256 tokens.

    The files are loaded at the first text. Safe to use from several threads. Raises ModelFileError
    for files that cannot be loaded.
    """

    def __init__(self, onnx: Path, tokenizer: Path, threads: int) -> None:
        self._files = (onnx, tokenizer)
        self._threads = threads
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.embed(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.embed([text])[0].tolist()  # type: ignore[no-any-return]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), 384), float32."""
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        tokenizer, session = self._models()
        encodings = tokenizer.encode_batch(list(texts))
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = _mean_vectors(session, [encodings[i].ids for i in rows])
        return vectors

    def _models(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                self._loaded = _load(*self._files, self._threads)
            return self._loaded


def _load(onnx: Path, tokenizer_file: Path, threads: int) -> tuple[Any, Any]:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Spinning threads slow down everything else, and themselves where anything else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        tokenizer = Tokenizer.from_file(str(tokenizer_file))
        session = onnxruntime.InferenceSession(
            str(onnx), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # both libraries raise bare Exception subclasses of their own
        raise ModelFileError(
            f"the embedder cannot be loaded ({error}); run `assistant models pull minilm`"
        ) from error
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer, session


def _mean_vectors(session: Any, ids: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """The mean of the last hidden state over each text's tokens, normalised."""
    width = max(len(row) for row in ids)
    tokens = np.zeros((len(ids), width), dtype=np.int64)
    mask = np.zeros((len(ids), width), dtype=np.int64)
    for i, row in enumerate(ids):
        tokens[i, : len(row)] = row
        mask[i, : len(row)] = 1
    feed = {
        "input_ids": tokens,
        "attention_mask": mask,
        "token_type_ids": np.zeros_like(tokens),
    }
    hidden = session.run(None, feed)[0]
    weights = mask[:, :, None].astype(np.float32)
    mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
    length = np.linalg.norm(mean, axis=1, keepdims=True)
    return np.asarray(mean / np.maximum(length, 1e-9), dtype=np.float32)
