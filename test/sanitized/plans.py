"""Queries at random, each planned with and without what the planner does for the extension: the results must be the same.

A query that fails must fail either way.  Rows come sorted, as text.
"""

import random

# which calls are rewritten, folded, run by workers, or compiled for one plan for all
PLANS = ("SET normfreeze.rewrite_calls = off; SET normfreeze.fold_ids = off; SET max_parallel_workers_per_gather = 0;",
         "SET normfreeze.rewrite_calls = on; SET normfreeze.fold_ids = off; SET max_parallel_workers_per_gather = 0;",
         "SET normfreeze.rewrite_calls = on; SET normfreeze.fold_ids = on; SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
         "SET min_parallel_table_scan_size = 0;")

NAMED = ("standard of rows", "minmax of rows", "maxabs of rows", "robust of rows", "quantile of rows", "power of rows", "policies", "global", "weighted", "identity of rows", "log1p of rows", "mad of rows",
         "steps of rows", "steps and policies", "steps, all as one", "most frequent")
ARRAYS = ("standard of arrays", "minmax of arrays", "robust of arrays", "power of arrays", "l2 of arrays", "quantile of arrays", "steps of arrays")
SOURCES = ("numbers AS t", "holes AS t", "none AS t", "(SELECT * FROM holes WHERE id > 20) AS t", "(SELECT * FROM holes OFFSET 0) AS t", "(SELECT id, d, c, b, a, e, f FROM holes) AS t",
           "(SELECT id, a * 2 AS a, b, c::bigint AS c, d::float8 AS d, e, f FROM numbers) AS t", "(SELECT n.* FROM numbers AS n JOIN holes AS h USING (id)) AS t",
           "numbers AS o LEFT JOIN holes AS t ON t.id = o.id + 20", "(SELECT * FROM numbers UNION ALL SELECT * FROM holes) AS t", "(SELECT DISTINCT * FROM numbers) AS t",
           "(SELECT NULL::float8 AS a, 1::real AS b, 2 AS c, 3::numeric AS d, true AS e, 4::float8 AS f, 1 AS id) AS t", "(SELECT t.*, 1 AS more FROM holes AS t) AS t",
           "(SELECT max(id) AS id, a, b, c, d, e, f FROM numbers GROUP BY a, b, c, d, e, f) AS t", "LATERAL (SELECT * FROM holes LIMIT 5) AS t", "attacked_view AS t")
PREPARE = """
CREATE VIEW attacked_view AS SELECT h.*, normfreeze.normalize(h, 'm@v1') AS z FROM holes AS h;
"""


class Query:
    """A query built from choices."""

    def __init__(self, chooser, literals, ids):
        self.chooser = chooser
        self.literals = literals
        self.ids = ids

    def scaler(self, names):
        """A way to say which scaler."""
        what = self.chooser.choice(names)
        kind = self.chooser.randrange(6)
        if kind < 2 and what in self.literals:
            return f"'{self.literals[what]}'::normfreeze.scaler"
        if kind == 2 and names is NAMED:
            return self.chooser.choice(("'m@v1'", "'m'", "'other@v1'", "'m@latest'", "('m@v' || 1)"))
        if kind == 3 and names is NAMED:
            return self.chooser.choice(self.ids)
        return f"(SELECT s FROM scalers WHERE what = '{what}')"

    def key(self):
        return self.chooser.choice(("t.e::text", "'true'", "NULL", "'nobody'"))

    def call(self):
        """An array of results."""
        verb = self.chooser.choice(("normalize", "normalize", "denormalize"))
        kind = self.chooser.randrange(8)
        if kind < 4:
            row = self.chooser.choice(("t", "t.*", "t", "(SELECT x FROM (SELECT t.a, t.b, t.c, t.d, t.e, t.f) AS x)"))
            return f"normfreeze.{verb}({row}, {self.scaler(NAMED)})"
        if kind == 4:
            return f"normfreeze.{verb}(ARRAY[t.a, t.b, t.c], {self.scaler(ARRAYS)})"
        if kind == 5:
            return f"normfreeze.{verb}_by_key(t, {self.chooser.choice(('(SELECT s FROM scalers WHERE what = $$set$$)', '$$keyed$$'))}, {self.key()})"
        if kind == 6:
            return f"normfreeze.{verb}(ARRAY[t.a, t.b, t.c]::real[], {self.scaler(ARRAYS)})"
        return f"normfreeze.{verb}(t, {self.scaler(NAMED)})"

    def value(self):
        """A number of it."""
        kind = self.chooser.randrange(6)
        feature = self.chooser.choice("abcd")
        if kind < 2:
            return f"({self.call()})[{self.chooser.choice((1, 1, 2, 3, 4, 5, 0))}]"
        column = self.chooser.choice((f"t.{feature}", f"t.{feature}::float8", f"t.{feature}"))
        name = self.chooser.choice(("normalize_value", "normalize_value", "normalize", "denormalize"))
        if name != "normalize_value":
            column += "::float8"
        return f"normfreeze.{name}({column}, {self.scaler(NAMED)}, '{feature}')"

    def condition(self):
        return self.chooser.choice(("true", f"{self.value()} > 0", "t.id > 10", f"{self.value()} IS NOT NULL", "t.id % 3 = 0", f"cardinality({self.call()}) > 2", f"t.id = ANY (ARRAY[1, 41, 42]) OR {self.value()} < 1"))

    def aggregate(self):
        options = self.chooser.choice(("", ", '{\"columns\": [\"a\", \"b\", \"c\"], \"infinite\": \"skip\"}'", ", '{\"columns\": \"numeric\", \"exclude\": [\"id\"], \"infinite\": \"skip\"}'"))
        more = self.chooser.choice(("", "", f" FILTER (WHERE {self.condition()})"))
        row = self.chooser.choice(("t", "t.*", "t"))
        return self.chooser.choice((
            f"normfreeze.fit({row}, '{self.chooser.choice(('standard', 'robust', 'minmax'))}'{options}){more}::text", f"normfreeze.profile({row}, '{{a,b,c}}'::text[]){more}::text",
            f"normfreeze.audit({row}, {self.call()}, {self.scaler(NAMED)}){more}::text", f"count({self.value()}){more}", f"sum(({self.value()})::numeric){more}",
            f"normfreeze.merge((SELECT p FROM profiles WHERE what = 'rows')){more}::text"))

    def text(self):
        source = self.chooser.choice(SOURCES)
        kind = self.chooser.randrange(9)
        where = self.condition()
        if kind < 2:
            return f"SELECT t.id, {self.call()}, {self.value()}, {self.value()} FROM {source} WHERE {where}"
        if kind == 2:
            return f"SELECT {self.aggregate()}, {self.aggregate()} FROM {source} WHERE {where}"
        if kind == 3:
            return f"SELECT t.e, {self.aggregate()} FROM {source} GROUP BY t.e HAVING {self.aggregate()} IS NOT NULL"
        if kind == 4:
            return f"SELECT q.z[1], q.z[2], q.y FROM (SELECT {self.call()} AS z, {self.value()} AS y FROM {source} {self.chooser.choice(('', 'OFFSET 0', 'ORDER BY t.id LIMIT 7'))}) AS q"
        if kind == 5:
            return f"WITH w AS {self.chooser.choice(('', 'MATERIALIZED', 'NOT MATERIALIZED'))} (SELECT t.id, {self.call()} AS z FROM {source}) SELECT w.id, z[1], (SELECT max({self.value()}) FROM holes AS t WHERE t.id = w.id) FROM w"
        if kind == 6:
            return f"SELECT t.id, rank() OVER (ORDER BY {self.value()}), l.z FROM {source}, LATERAL (SELECT {self.call()} AS z) AS l WHERE {where}"
        if kind == 7:
            return f"SELECT CASE WHEN {self.condition()} THEN {self.value()} ELSE {self.value()} END, coalesce({self.value()}, -1) FROM {source} WHERE EXISTS (SELECT FROM numbers AS u WHERE u.id = t.id) OR {where}"
        return f"SELECT {self.value()} AS z FROM {source} WHERE {where} UNION SELECT {self.value()} FROM numbers AS t"


def attack(attacker, server, rounds, until=None, first=0):
    """So many queries; how many there was time for, and how many of them succeeded."""
    if not server.query("SELECT 1 FROM pg_views WHERE viewname = 'attacked_view'"):
        server.query(PREPARE)
    literals = dict(line.split("|", 1) for line in server.query("SELECT what, s::text FROM scalers WHERE what IN ('standard of rows', 'minmax of rows', 'policies', 'standard of arrays', 'maxabs of rows')").splitlines())
    ids = [f"{line}" for line in server.query("SELECT DISTINCT v.scaler_id FROM normfreeze.versions AS v WHERE name IN ('m', 'other') ORDER BY 1").splitlines()]
    succeeded = done = 0
    for number in range(first, first + rounds):
        if until is not None and until():
            break
        query = Query(random.Random(f"plans {number}"), literals, ids).text()
        outcomes = []
        for settings in PLANS:
            attacker.set(settings)
            outcome = attacker.send(query)
            outcomes.append(sorted(map(repr, outcome.rows)) if outcome.state == "ok" else "an error" if outcome.state != "lost" else "lost")
        done += 1
        succeeded += outcomes[0] != "an error"
        for settings, outcome in zip(PLANS[1:], outcomes[1:]):
            if outcome != outcomes[0] and "lost" not in (outcome, outcomes[0]):
                attacker.find(f"another result by {settings[:70]}: {str(outcome)[:300]} and not {str(outcomes[0])[:300]}", query)
    attacker.set("RESET normfreeze.rewrite_calls; RESET normfreeze.fold_ids; RESET max_parallel_workers_per_gather")
    return done, succeeded
