"""The usual recipe for questions about one's own texts, from LangChain's own parts.

Chunks of 1,000 characters that overlap by 200, the nearest four of them by their vectors, one
prompt that holds them all, and the model's words as they come.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable, RunnableParallel, RunnablePassthrough
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.records import Article

CHUNK_SIZE = 1000  # characters, as are the overlap's
CHUNK_OVERLAP = 200
CHUNKS = 4

PROMPT = ChatPromptTemplate.from_messages(
    [
        (
            "system",
            "You answer questions. Use the following pieces of context to answer the question. "
            "If you don't know the answer, say that you don't know. "
            "Use three sentences at most and keep the answer concise.\n\n{context}",
        ),
        ("human", "{question}"),
    ]
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the recipe wrote, from which chunks, and the seconds since the question was asked.

    `first_token` is None where nothing was written.
    """

    text: str
    chunks: tuple[Document, ...]
    search: float
    first_token: float | None
    total: float


@dataclass(frozen=True)
class Recipe:
    """The chain, and how many chunks it searches."""

    chain: Runnable[str, dict[str, Any]]
    chunks: int

    def ask(self, question: str) -> Reply:
        begun = time.monotonic()
        text, search = "", 0.0
        chunks: tuple[Document, ...] = ()
        first: float | None = None
        for part in self.chain.stream(question):
            now = time.monotonic() - begun
            if "documents" in part:
                chunks, search = tuple(part["documents"]), now
            if piece := part.get("answer"):
                first = now if first is None else first
                text += piece
        return Reply(text.strip(), chunks, search, first, time.monotonic() - begun)


def build(
    articles: Iterable[Article],
    embeddings: Embeddings,
    model: BaseChatModel,
    max_tokens: int,
    folder: Path,
) -> Recipe:
    """Split and index the articles in a new folder, and put the chain together."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP)
    chunks = splitter.split_documents([_document(article) for article in articles])
    store = Chroma.from_documents(chunks, embeddings, persist_directory=str(folder))
    retriever = store.as_retriever(search_kwargs={"k": CHUNKS})
    answer = _filled | PROMPT | model.bind(max_tokens=max_tokens) | StrOutputParser()
    found = RunnableParallel(documents=retriever, question=RunnablePassthrough())
    return Recipe(found | RunnablePassthrough.assign(answer=answer), len(chunks))


def settings() -> dict[str, Any]:
    """What the recipe's figures depend on, beside the model and the embedder."""
    messages = PROMPT.format_messages(context="{context}", question="{question}")
    return {
        "chunk size": CHUNK_SIZE,
        "chunk overlap": CHUNK_OVERLAP,
        "chunks": CHUNKS,
        "prompt": [str(message.content) for message in messages],
    }


def _document(article: Article) -> Document:
    # With the title on top of the text some chunks would be a title and nothing else.
    return Document(article.text, metadata={"title": article.title, "source": article.source})


def _filled(given: dict[str, Any]) -> dict[str, str]:
    context = "\n\n".join(document.page_content for document in given["documents"])
    return {"context": context, "question": given["question"]}


_TEXTS = (
    r"(?:contexts?|texts?|passages?|articles?|documents?|excerpts?|sources?|information|"
    r"pieces? of (?:context|information|text))"
)
_GIVEN = r"(?:(?:that )?(?:(?:is|are|was|were|has been|have been|you) )?(?:provided|given|above) )?"
_HOW = r"(?:(?:explicitly|specifically|directly|clearly|actually|currently) )?"
_NOT = r"(?:(?:does|do|did|could|can) ?(?:not|n't)|cannot)"
_TELLS = (
    r"(?:mention|say|state|specify|provide|contain|include|give|indicate|tell|name|answer|address|"
    r"discuss|describe|explain|list|identify|clarify|offer|have|cover|refer|reveal|make)"
)
_TOLD = (
    r"(?:mentioned|stated|specified|provided|given|discussed|included|addressed|found|described|"
    r"named|listed|available|answered|explained|indicated|clear|present|contained|covered)"
)
_LACK = r"no (?:\w+ )?(?:information|mention|answer|indication|details?|reference)"

# These refuse wherever they stand in an answer.
_OUTRIGHT = [
    r"\b(?:I|we) (?:\w+ )?(?:do not|don't) (?:\w+ )?know\b",
    r"(?:^|[.!?,] )(?:do not|don't) know\b",
    r"\bI(?: am|'m) (?:not (?:sure|certain|aware)|unable|not able|unsure)\b",
    r"\b(?:I|we) (?:cannot|can ?not|can't|could not|couldn't) "
    r"(?:\w+ )?(?:answer|determine|find|provide|say|tell|give|identify|confirm)\b",
    r"\b(?:I|we) (?:do not|don't) (?:\w+ )?have (?:\w+ )?(?:\w+ )?"
    r"(?:information|access|answer|knowledge|details?|data|context)\b",
    r"\b(?:question|answer|this|it) (?:cannot|can ?not|can't|could not) be "
    r"(?:\w+ )?(?:answered|determined|found|inferred|given)\b",
    r"\b(?:not|n't) (?:\w+ )?(?:enough|sufficient) (?:information|context|details?|data)\b",
    r"\binsufficient (?:information|context|details?|data)\b",
    r"\banswer (?:is|was) (?:unknown|unclear|not known)\b",
]
# These refuse in the first sentence; later they speak of what else might have been asked.
_SILENT = [
    rf"\b{_TEXTS} {_GIVEN}{_NOT} {_HOW}{_TELLS}\b",
    rf"\b{_TEXTS} {_GIVEN}(?:only )?(?:mentions?|discuss(?:es)?|says?|states?|talks?|describes?|"
    rf"speaks?|refers?|focus(?:es)?|provides?|gives?)\b[^.]*\b(?:but|and|though|although|"
    rf"however),? (?:it |they )?{_NOT} {_HOW}{_TELLS}\b",
    rf"\b(?:there (?:is|was|are|were)|there's|{_TEXTS} {_GIVEN}(?:has|have|contains?|provides?|"
    rf"gives?|includes?|offers?|makes?)) {_LACK}\b",
    rf"\b(?:not|n't|never) {_HOW}{_TOLD}(?: (?:in|by|from|within|anywhere|here)\b[^.]*\b{_TEXTS}\b|"
    r"\W*$)",
    rf"\b(?:not|n't) (?:in|part of|within) (?:the|this|these|any)(?: \w+){{0,3}} {_TEXTS}\b",
    rf"\b(?:unclear|unknown|not clear|not known) (?:from|in|based on) (?:the|this|these)\b"
    rf"[^.]*\b{_TEXTS}\b",
    r"\b(?:not possible|impossible) to (?:answer|determine|say|tell|know|identify)\b",
    r"^\W*(?:unknown|unclear|unspecified|none|n/?a|no information|no answer)\W*$",
]
_ANYWHERE = re.compile("|".join(_OUTRIGHT), re.IGNORECASE)
_AT_FIRST = re.compile("|".join(_SILENT), re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def refuses(text: str) -> bool:
    """Whether a reply says that it does not know or that the context does not say, or is empty."""
    plain = text.replace("’", "'").strip()
    first = _SENTENCE_END.split(plain, maxsplit=1)[0].rstrip()
    return not plain or bool(_ANYWHERE.search(plain) or _AT_FIRST.search(first))
