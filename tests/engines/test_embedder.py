from pathlib import Path

import numpy as np
import pytest

from assistant import assets
from assistant.engines.embedder import MiniLM
from assistant.errors import ModelFileError


@pytest.fixture(scope="module")
def embedder(models: Path) -> MiniLM:
    return MiniLM(assets.path("minilm", models), assets.path("minilm-tokenizer", models), 2)


def test_vectors_have_length_one_and_mean_something(embedder: MiniLM) -> None:
    cat, rug, shares = embedder.embed(
        ["A cat sat on the mat.", "A feline lay on a rug.", "Oil shares fell sharply on Monday."]
    )
    assert np.linalg.norm(cat) == pytest.approx(1, abs=1e-5)
    assert cat @ rug > cat @ shares + 0.2


def test_known_values_hold(embedder: MiniLM) -> None:
    """The published model gives 0.53 for this pair; a wrong pooling or tokenizer does not."""
    a, b = embedder.embed(["a cat sat on a mat", "feline on a rug"])
    assert a @ b == pytest.approx(0.525, abs=0.03)


def test_the_order_of_the_texts_is_kept(embedder: MiniLM) -> None:
    texts = [f"word {'again ' * (i % 7)}number {i}" for i in range(70)]
    together = embedder.embed(texts)
    for i in (0, 33, 69):
        assert embedder.embed([texts[i]])[0] @ together[i] > 0.97


def test_langchain_form_and_no_texts(embedder: MiniLM) -> None:
    assert len(embedder.embed_query("a")) == 384
    assert embedder.embed_documents([]) == []


def test_a_damaged_file_is_a_clear_error(tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"junk")
    with pytest.raises(ModelFileError, match="assistant models pull minilm"):
        MiniLM(junk, junk, 1).embed(["a"])
