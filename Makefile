# normfreeze: `make`, `make install`, `make installcheck` as any PGXS extension;
# `make demo` and `make test` set up everything they need by themselves.
# `make help` lists the targets.

EXTENSION = normfreeze
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" normfreeze.control)

MODULE_big = normfreeze
# what needs MPFR is a library of its own, which ours loads when it calls it
MODULES = src/mpfr/normfreeze_mpfr
CORE = $(filter-out src/core/base/by_mpfr.c, $(sort $(wildcard src/core/*/*.c)))
GLUE = $(sort $(wildcard src/pg/*/*.c))

# ONNX models are protobuf: WITHOUT_ONNX=1 builds where protobuf-c is not, and
# their functions say so.
ONNX = $(addprefix src/pg/exchange/, from_onnx.o import_onnx.o onnx_columns.o onnx_graph.o \
	onnx_model.o onnx_operators.o onnx_policies.o to_onnx.o) build/onnx.pb-c.o
ifdef WITHOUT_ONNX
ONNX_OBJS = src/without/onnx.o
else
ONNX_OBJS = $(ONNX)
ONNX_LIBS = -lprotobuf-c
endif
OBJS = $(filter-out $(ONNX), $(CORE:.c=.o) $(GLUE:.c=.o)) $(ONNX_OBJS)

DATA_built = sql/$(EXTENSION)--$(EXTVERSION).sql
# update scripts, and the install scripts of what was released: CREATE EXTENSION normfreeze VERSION '0.1.0' gives what it gave
DATA = $(wildcard src/upgrade/*--*--*.sql) \
	$(filter-out %--$(EXTVERSION).sql, $(wildcard src/upgrade/released/*.sql))

# Every operation is rounded by itself: a fused multiply-add would make
# results depend on the CPU.
NUMERIC_FLAGS = -ffp-contract=off -fno-fast-math
PG_CPPFLAGS = -I$(srcdir)/src -Ibuild -DNORMFREEZE_VERSION='"$(EXTVERSION)"'
PG_CFLAGS = -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wno-sign-compare -Wno-declaration-after-statement \
	-Wno-missing-field-initializers $(NUMERIC_FLAGS) -fvisibility=hidden
# All extensions of a session share one space of symbols: only what the server
# looks up by name is visible (PG_FUNCTION_INFO_V1), and calls within the
# library are bound as it is linked, so that no other library can take them.
SHLIB_LINK = -lgmp $(ONNX_LIBS) -lm -Wl,-Bsymbolic

# which call functions of ONNX models
ONNX_TESTS = sql/test_steps_export.sql sql/test_to_onnx.sql
TESTS = $(filter-out $(if $(WITHOUT_ONNX), $(ONNX_TESTS)), $(sort $(wildcard sql/test_*.sql)))
REGRESS = $(TESTS:sql/%.sql=%)
REGRESS_OPTS = --load-extension=$(EXTENSION)

EXTRA_CLEAN = sql/$(EXTENSION)--*.sql build

all:

# No bitcode for the JIT to inline from: functions that it inlines refer by name
# to what they call, and it finds visible names only.
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

# Without a server's headers, only the targets that install them can run.
ifneq ($(PGXS),)
include $(PGXS)

# the elementwise and the per-value loops
$(patsubst %.c,%.o,$(addprefix src/core/, base/elementary.c base/elementary_bases.c base/cube_root.c base/hyperbolic.c base/logistic.c base/known_divisor.c base/sort.c exact/levels.c \
	scaler/formula.c scaler/formula_functions.c values/cell_numbering.c values/profile.c) $(wildcard src/core/values/histogram*.c)): CFLAGS += -O3

src/mpfr/normfreeze_mpfr$(DLSUFFIX): LDFLAGS += -lmpfr -lgmp

# functions that each value of a query comes to call the server directly
$(addprefix src/pg/apply/normalize, .o _value.o _by_key.o): CFLAGS += -fno-plt

# The install script is made of its subjects, in the order in which they need each
# other; what differs by input and scaler alone is written from a table.
SQL = $(addprefix src/sql/, prologue.sql methods.sql types.sql comparison.sql values.sql aggregate_parts.sql \
	aggregates.sql passes.sql imports.sql registry.sql registry_functions.sql environments.sql audit.sql exports.sql) \
	build/apply.sql $(addprefix src/sql/, plan_support.sql sets.sql) build/apply_by_key.sql \
	$(addprefix src/sql/, plan_values.sql plan_columns.sql to_sql.sql drift.sql monitoring.sql lineage.sql archives.sql report.sql \
	privileges.sql epilogue.sql)

build/apply.sql build/apply_by_key.sql: src/sql/apply.sh
	mkdir -p build
	sh $< > build/apply.sql
	sh $< by_key > build/apply_by_key.sql

sql/$(EXTENSION)--$(EXTVERSION).sql: $(SQL) normfreeze.control
	for part in $(SQL); do sed 's/@VERSION@/$(EXTVERSION)/' $$part && echo || exit 1; done > $@.part
	mv $@.part $@

# ONNX's own schema, as C
build/onnx.pb-c.h: third_party/onnx/onnx.proto
	mkdir -p build
	protoc-c --proto_path=third_party/onnx --c_out=build $<

build/onnx.pb-c.c: build/onnx.pb-c.h ;

$(ONNX): build/onnx.pb-c.h

# headers are few and small: any of them rebuilds everything
$(OBJS) $(MODULES:=.o): $(wildcard src/core/*/*.h src/pg/*/*.h) src/core/base/by_mpfr.c Makefile normfreeze.control
endif

# ---- for people: no knowledge of PGXS needed ----

# A line "target: ## what it does" is a line of `make help`.

.PHONY: help demo test nightly parity bench docs pictures format dist wheel deb release next

help: ## prints this list
	@echo "make                builds the extension for the first pg_config in PATH (PG_CONFIG=... for another)"
	@echo "make install        installs it, as root mostly (PG_CONFIG as above)"
	@echo "make installcheck   runs the regression tests on a server that runs already"
	@echo "make clean          removes what was built"
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/\1 \2/p' $(firstword $(MAKEFILE_LIST)) | \
		while read -r target what; do printf 'make %-14s %s\n' "$$target" "$$what"; done

demo: ## fits, freezes, scores, watches and reports on real data and a throwaway server (REPORT=page.html)
	@tools/setup.sh build
	@$(MAKE) --no-print-directory all >/dev/null
	@python3 demo/demo.py $(if $(REPORT),"$(REPORT)")

test: ## runs every test on throwaway servers, in less than 20 minutes (ONLY="unit docs" runs some)
	@tools/setup.sh build
	@# compiling and fetching packages at the same time
	@$(MAKE) --no-print-directory -j"$$(nproc)" all >/dev/null & tools/setup.sh test && wait $$!
	@NORMFREEZE_TEST_ALL="$(NORMFREEZE_TEST_ALL)" build/venv/bin/python test/run.py $(ONLY)

# what is too slow for every change: all cases of the tests that otherwise try some
NIGHTLY = parity engines exporters readers dbt services anywhere dashboard majors power drift_rates site packages pgbouncer growth sanitized valgrind outage keyed interrupted
nightly: ## runs all cases of the tests of which `make test` runs some
	@$(MAKE) --no-print-directory test ONLY="$(NIGHTLY)" NORMFREEZE_TEST_ALL=1

# the table of parity: method, peer, cases, unequal bits
parity: ## runs the comparisons with other software, and ends with their table
	@$(MAKE) --no-print-directory test ONLY=parity

bench: ## measures times, as ratios to SQL and Python written by hand
	@tools/setup.sh test
	@$(MAKE) --no-print-directory all >/dev/null
	@python3 bench/ratios.py
	@python3 bench/columns.py
	@python3 bench/functions.py
	@python3 bench/single_row.py
	@build/venv/bin/python bench/round_trip.py
	@build/venv/bin/python bench/load.py
	@build/venv/bin/python bench/python_frames.py
	@python3 bench/drift.py
	@cc -O2 -ffp-contract=off -Isrc -o build/elementary bench/elementary.c $(addprefix src/core/base/, elementary.c \
		elementary_bases.c cube_root.c hyperbolic.c logistic.c normal_quantile.c normal_probability.c by_mpfr.c) -lmpfr -lgmp -lm && build/elementary

docs: ## builds the documentation as a site in build/docs/site, and checks its links
	@tools/setup.sh docs
	@tools/site_pages.py

pictures: ## draws the pictures of the documents anew, from a real year of flights, with a browser
	@tools/setup.sh test
	@$(MAKE) --no-print-directory all >/dev/null
	@build/venv/bin/python tools/pictures.py

format: ## lays out the C sources as PostgreSQL's are, by its pg_bsd_indent
	@tools/setup.sh format
	@tools/format.py

dist: ## packs what is committed as build/dist/normfreeze-VERSION.zip, for PGXN
	@tools/pack.sh dist

wheel: ## builds the Python package of what is committed in build/python: a wheel and an archive of sources
	@tools/setup.sh test
	@PYTHON=build/venv/bin/python tools/pack.sh python

deb: ## builds Debian packages of what is committed in build/deb, for the servers whose headers are installed
	@tools/pack.sh deb

release: ## makes a release of VERSION=...: version, change log, install script kept, commit and tag
	@tools/release.py "$(VERSION)"

next: ## begins VERSION=... after a release: version, and an update script to fill
	@tools/release.py --next "$(VERSION)"
