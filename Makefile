# 常用命令。make demo 与 make test 只需要 Python ≥ 3.11。
.PHONY: help setup demo test check bench drill lock stop clean
.DEFAULT_GOAL := help
BIN := .venv/bin
PORT ?= 8000
WORKERS ?= 2

help: ## 列出命令
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 10

setup: ## 准备环境（.venv、图标）；可重复执行
	@bash scripts/setup.sh

demo: setup ## 建库、装入基础数据与演示数据，启动网站、任务与定时
	@XUNCHA_ENV=$${XUNCHA_ENV:-demo} PORT=$(PORT) $(BIN)/python scripts/demo.py

test: setup ## 全部测试，自带私有 PostgreSQL 与 Redis
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --durations 25

check: setup ## 风格、类型、分层、迁移、部署设置
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash scripts/check.sh

bench: setup ## 性能比值，结果写入 docs/benchmarks.md
	@$(BIN)/python -m bench

drill: setup ## 提醒演练：1 万件、60 个模拟日，数字写入 docs/benchmarks.md
	@DRILL_ITEMS=10000 DRILL_DAYS=60 DRILL_KEEP=docs/benchmarks.md $(BIN)/pytest -q --timeout 0 tests/faults/test_drill.py

lock: setup ## 由 pyproject.toml 重新生成带哈希的锁文件
	@$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --upgrade -q -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --extra embedded --group dev --universal --generate-hashes --no-header --upgrade -q -o requirements-dev.txt -c requirements.txt

stop: ## 停止 var/ 下的内置 PostgreSQL 与 Redis
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m mianyang_xuncha.embedded stop; fi

clean: ## 删除环境、内置服务器的数据与一切可重新生成的文件
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m mianyang_xuncha.embedded remove; fi
	@rm -rf .venv static_built staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
