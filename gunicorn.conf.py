"""The web server; HOST and PORT are set by whoever starts it with --bind."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# Addresses hold no secrets, but queries may hold names: none is written.
access_log_format = '{"time":"%(t)s","ip":"%(h)s","method":"%(m)s","path":"%(U)s","status":"%(s)s","ms":"%(M)s"}'
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
