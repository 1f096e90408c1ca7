# transpile for CI, and as a sidecar of Argo CD, which demands the user 999. docs/ci.md shows how to use it.
# `lock`, `vendor` and `diff` of revisions need git, which is not in it.
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY transpiler transpiler
RUN python -m venv /opt/transpile \
    && /opt/transpile/bin/python -m pip install --no-cache-dir --disable-pip-version-check . \
    && /opt/transpile/bin/python -m pip uninstall --yes --quiet pip

FROM python:3.13-slim
LABEL org.opencontainers.image.title="transpile" \
      org.opencontainers.image.description="Pipelines written as YAML, compiled into Argo Workflows" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/transpile /opt/transpile
ENV PATH="/opt/transpile/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
USER 999:999
WORKDIR /repository
ENTRYPOINT ["transpile"]
CMD ["--help"]
