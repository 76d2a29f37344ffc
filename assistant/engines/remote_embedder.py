"""An embedder on a server that speaks OpenAI's API, as LangChain `Embeddings`."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from assistant.engines.server import Server

_TOGETHER = 32  # texts; some servers take no more


class RemoteEmbeddings(Embeddings):
    """Texts → vectors of length 1. Safe to use from several threads.

    Raises EngineError where the server is away, refuses or answers nonsense.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._loading = threading.Lock()
        self._loaded: Any = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        with self._server.translated():
            vectors = np.asarray(self._model().embed_documents(texts), np.float32)
            if vectors.ndim != 2 or len(vectors) != len(texts):
                raise ValueError
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            if not (np.isfinite(lengths).all() and lengths.all()):
                raise ValueError
            return (vectors / lengths).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                from langchain_openai import OpenAIEmbeddings

                self._loaded = OpenAIEmbeddings(
                    **self._server.options(),
                    # Else the texts would be cut by a table of tokens that is fetched for it.
                    check_embedding_ctx_length=False,
                    chunk_size=_TOGETHER,
                    model_kwargs={"encoding_format": "float"},
                )
            return self._loaded
