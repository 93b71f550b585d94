# Two images from one file: `app` is the page, `trainer` what trains (a Dask scheduler or worker).
FROM python:3.12-slim AS base
WORKDIR /encore
COPY requirements.txt .
RUN pip install --no-cache-dir --prefer-binary -r requirements.txt
RUN useradd --uid 1000 --create-home encore && mkdir /models && chown encore /models
COPY core core
COPY assets assets
USER 1000

FROM base AS trainer
EXPOSE 8786
CMD ["python", "-m", "distributed.cli.dask_worker", "tcp://scheduler:8786", "--nthreads", "1", "--no-dashboard"]

FROM base AS app
USER 0
# Debian keeps no older versions to pin.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fluidsynth fluid-soundfont-gm \
    && rm -rf /var/lib/apt/lists/*
USER 1000
COPY .streamlit .streamlit
COPY pages pages
COPY streamlit_app.py .
ENV ENCORE_HOME=/models
EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=3)"]
CMD ["python", "-m", "streamlit", "run", "streamlit_app.py", "--server.address", "0.0.0.0", "--server.headless", "true"]
