"""LangChain's seam: the library's search as a retriever that any chain can take."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.library.library import Library


class ArticleRetriever(BaseRetriever):
    """Finds passages as Documents; `start` and `end` count characters of the article's text."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    passages: int = 6
    candidates: int = 30

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        search = self.library.search(query, self.passages, self.candidates)
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.text,
                metadata={
                    "article_id": hit.article.id,
                    "title": hit.article.title,
                    "source": hit.article.source,
                    "start": hit.passage.span.start,
                    "end": hit.passage.span.end,
                },
            )
            for hit in search.hits
        ]
