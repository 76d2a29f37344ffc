"""An embedder on a server."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from model_server import ModelServer, model_server

from assistant.engines.remote_embedder import RemoteEmbeddings
from assistant.engines.server import Server
from assistant.errors import EngineError


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture
def embedder(server: ModelServer) -> RemoteEmbeddings:
    return RemoteEmbeddings(Server("embedder", server.url, "secret", "nearby"))


def test_texts_become_vectors_of_length_one_in_their_order(
    embedder: RemoteEmbeddings, server: ModelServer
) -> None:
    server.key = "secret"
    server.embed = lambda texts: [[float(text), 3.0, 0.0, 0.0, 4.0] for text in texts]
    texts = [str(number) for number in range(100)]
    vectors = np.array(embedder.embed_documents(texts))
    assert vectors.shape == (100, 5)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert vectors[:, 0] / vectors[:, 1] * 3 == pytest.approx(range(100))
    assert embedder.embed_query("7") == pytest.approx(vectors[7])
    assert max(len(body["input"]) for _, _, body in server.seen) <= 32
    assert server.last == {"model": "nearby", "input": ["7"], "encoding_format": "float"}
    assert embedder.embed_documents([]) == []


@pytest.mark.parametrize(
    "vectors",
    [
        [],
        [[1.0, 2.0]],
        [[1.0], [1.0, 2.0]],
        [[1.0, 2.0], [0.0, 0.0]],
        [[1.0, 2.0], [float("nan"), 1.0]],
        [[], []],
    ],
)
def test_vectors_that_cannot_be_used_are_refused(
    embedder: RemoteEmbeddings, server: ModelServer, vectors: list[list[float]]
) -> None:
    server.embed = lambda texts: vectors
    with pytest.raises(EngineError, match="embedder_url"):
        embedder.embed_documents(["a", "b"])


@pytest.mark.parametrize(
    ("fault", "told"),
    [(401, "embedder_key"), (404, "“nearby”.*embedder_name"), ("page", "as OpenAI's API does")],
)
def test_what_goes_wrong_is_told(
    embedder: RemoteEmbeddings, server: ModelServer, fault: str | int, told: str
) -> None:
    server.fault = fault
    with pytest.raises(EngineError, match=told):
        embedder.embed_query("a")
