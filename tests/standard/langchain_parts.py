"""LangChain's own tests of its parts, over ours; `test_langchain_standard.py` runs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_tests.integration_tests import (
    ChatModelIntegrationTests,
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
)

from assistant import assets, config
from assistant.app import EMBEDDER, TOKENIZER, App, open_app
from assistant.chains import Retriever
from assistant.engines.embedder import MiniLM
from assistant.engines.llama import LocalChat

MODELS = config.load().models


class TestRetriever(RetrieversIntegrationTests):
    app: App

    @pytest.fixture(autouse=True)
    def library(self, tmp_path: Path) -> Iterator[None]:
        with open_app(config.load().model_copy(update={"store": tmp_path / "library"})) as self.app:
            for name in ("North", "South", "East", "West", "Far"):
                self.app.add_text(
                    f"The ferry to the {name} Island sails at noon.", f"{name} Island"
                )
            yield

    @property
    def retriever_constructor(self) -> type[Retriever]:
        return Retriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"app": self.app}

    @property
    def retriever_query_example(self) -> str:
        return "When does the ferry to an island sail?"


class TestEmbedder(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[MiniLM]:
        return MiniLM

    @property
    def embedding_model_params(self) -> dict[str, Any]:
        onnx, tokenizer = (assets.path(name, MODELS) for name in (EMBEDDER, TOKENIZER))
        return {"onnx": onnx, "tokenizer": tokenizer, "threads": 1}


class TestModel(ChatModelIntegrationTests):
    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return LocalChat

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"path": assets.resolve_llm("smollm2-135m", MODELS), "threads": 1}

    @property
    def returns_usage_metadata(self) -> bool:
        return False  # nobody pays by the token here
