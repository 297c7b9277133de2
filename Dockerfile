# Everything the system needs is in the image: it runs without a network.
FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/xuncha
COPY requirements.txt requirements-dev.txt ./
COPY scripts/locked.sh scripts/
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --require-hashes -r requirements.txt \
 && bash scripts/locked.sh cotton-icons > /tmp/icons.txt \
 && pip install --no-deps --require-hashes --target /opt/icons -r /tmp/icons.txt
COPY . .
# The values serve this step only: nothing is stored and no server is asked.
RUN PYTHONPATH=/opt/icons python scripts/build_icons.py \
 && XUNCHA_ENV=production SECRET_KEY=build FIELD_ENCRYPTION_KEYS=build XUNCHA_VAR=/tmp/var \
    DATABASE_URL=postgres://build@localhost/build REDIS_URL=redis://localhost/0 \
    /opt/venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    XUNCHA_ENV=production XUNCHA_VAR=/var/lib/xuncha BIND=0.0.0.0:8000
RUN useradd --system --uid 10001 --home-dir /var/lib/xuncha --create-home xuncha
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=root:root /srv/xuncha /srv/xuncha
WORKDIR /srv/xuncha
USER xuncha
VOLUME /var/lib/xuncha
EXPOSE 8000
CMD ["gunicorn", "mianyang_xuncha.wsgi"]
