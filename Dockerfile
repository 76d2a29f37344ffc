# One library with its page, on the processor. README.md says how it is started ("In a container").

FROM python:3.11-slim AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/assistant
ENV PATH=/opt/assistant/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# What takes long comes first, so that it is done again only when the locked packages change.
# Not for the machine that builds alone: the image may run on another.
ARG CMAKE_ARGS=-DGGML_NATIVE=OFF
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY assistant assistant
COPY prompts prompts
COPY seeds seeds
RUN pip install --no-deps .

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 assistant \
    && install -d -o assistant -g assistant /library /models
COPY --from=build /opt/assistant /opt/assistant
# Variables go before settings.toml: what is published and looked at stays the same.
ENV PATH=/opt/assistant/bin:$PATH \
    ASSISTANT_STORE=/library \
    ASSISTANT_MODELS=/models \
    ASSISTANT_HOST=0.0.0.0 \
    ASSISTANT_PORT=7860
USER assistant
WORKDIR /home/assistant
VOLUME ["/library", "/models"]
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
ENTRYPOINT ["assistant"]
CMD ["serve", "--no-browser"]
