"""Mutations of everything that the extension reads, and uses of whatever it accepts.

A target is a function that takes an Attacker and a random.Random and sends one mutation; its state, made once, is in a Workshop.
Each round has a seed of its own, target and number, so that what is found is found again.
"""

import base64
import hashlib
import random
import re
import struct

import corpus
import mutations
import seeds
import uses
from attacker import of_bytes, quoted


def armor(kind, data):
    """Bytes as the text form of profiles and states has them (pg/base/digest.c)."""
    return f"{kind}:{hashlib.sha256(data).hexdigest()[:16]}:{base64.b64encode(data).decode()}"


def checked(data):
    """Bytes as the binary form has them (pg/base/varlena_type.c)."""
    return hashlib.sha256(data).digest()[:8] + data


class Workshop:
    """What is valid, read from the server once."""

    def __init__(self, server, attacker):
        def rows(sql):
            return [line.split("|") for line in server.query(sql).splitlines()]

        def of_column(table, column, kind):
            return {row[0]: bytes.fromhex(row[1])[8:] for row in rows(f"SELECT what, encode(normfreeze.{kind}_send({column}), 'hex') FROM {table} ORDER BY what")}

        self.attacker = attacker
        self.scalers = of_column("scalers", "s", "scaler")
        self.profiles = of_column("profiles", "p", "profile")
        self.states = of_column("states", "f", "fit_state")
        self.texts = {row[0]: row[1] for row in rows("SELECT what, s::text FROM scalers ORDER BY what")}
        self.trees = {what: mutations.parse(text) for what, text in self.texts.items()}
        self.onnx = [bytes.fromhex(row[0]) for row in rows("SELECT encode(normfreeze.to_onnx(s), 'hex') FROM scalers WHERE what ~ '^(standard|minmax|maxabs|robust|identity|spark|affine|max)' ORDER BY what")] + [seeds.ONNX_GRAPH] * 3
        self.pmml = server.query("SELECT replace(normfreeze.to_pmml(s)::text, E'\\n', ' ') FROM scalers WHERE what ~ '^(standard|minmax|robust|identity|spark|affine)' ORDER BY what").splitlines()
        self.exports = [mutations.parse(row) for row in server.query(
            "SELECT jsonb_agg(e) FROM (VALUES ('m'), ('other'), ('keyed')) AS n (name), normfreeze.export_name(name) AS e GROUP BY name ORDER BY name").splitlines()]
        self.audits = [mutations.parse(row) for row in server.query(
            "SELECT normfreeze.audit(n, normfreeze.normalize(n, 'm@v1'), 'm@v1') FROM numbers AS n; SELECT normfreeze.audit(ARRAY[a, b, c], 'arrays') FROM holes").splitlines()]
        self.importers = {name: [mutations.parse(text) for text in texts] for name, texts in seeds.IMPORTERS.items()}
        self.options = [mutations.parse(text) for text, _ in seeds.FIT_OPTIONS]
        self.parameter_options = [tuple(map(mutations.parse, texts)) for texts in seeds.PARAMETER_OPTIONS]
        self.drift_options = [mutations.parse(text) for text in seeds.DRIFT_OPTIONS]
        self.oids = {kind: int(server.query(f"SELECT 'normfreeze.{kind}'::regtype::oid")) for kind in ("scaler", "profile", "fit_state")}
        self.methods = server.query("SELECT unnest(enum_range(NULL::normfreeze.method))").splitlines()
        self.accepted = 0

    # ---- what is accepted ----

    def use(self, value_sql, parameters=(), types=(), formats=()):
        """Uses of a value, if it is one; the outcome of making it."""
        sql = f"SELECT u.* FROM (SELECT {value_sql} AS v OFFSET 0) AS q, LATERAL uses_of(v) AS u WHERE v IS NOT NULL UNION ALL SELECT NULL, 'made', NULL"
        outcome = self.attacker.send(sql, parameters, types, formats)
        if outcome.state == "ok":
            self.accepted += 1
        for use, state, message in outcome.rows:
            if use is not None and uses.dishonest(state):
                self.attacker.find(f"accepted, but {use}: {state} {message}", sql, parameters)
        return outcome

    def use_text(self, kind, text):
        return self.use(f"{quoted(text)}::normfreeze.{kind}")

    def use_binary(self, kind, data):
        return self.use("$1", (checked(data),), (self.oids[kind],), (1,))


def pick(chooser, values):
    return chooser.choice(list(values.values()) if isinstance(values, dict) else values)


# ---- values of our types ----

def scaler_text(shop, chooser):
    """The fingerprint is corrected once, as the error says: otherwise little would get past it."""
    tree = mutations.mutate_json(chooser, pick(chooser, shop.trees), list(shop.trees.values()))
    cast = chooser.choice(("::normfreeze.scaler", "::jsonb::normfreeze.scaler"))
    for _ in range(2):
        outcome = shop.use(quoted(mutations.dump(tree)) + cast)
        found = re.search(r"its content has ([0-9a-f]{64}) \(id (\d+)\)", outcome.detail)
        if not found or not isinstance(tree, dict):
            return
        tree["fingerprint"], tree["scaler_id"] = found.groups()
        tree.pop("probes", None)


def scaler_characters(shop, chooser):
    shop.use_text("scaler", mutations.mutate_text(chooser, pick(chooser, shop.texts)))


def mend_scaler(data):
    """A scaler whose profile was changed has the profile's own digest again."""
    length = struct.unpack("<I", data[2:6])[0] if len(data) > 6 else 0
    profile = 6 + length + 32
    if len(data) > profile and data[0] == 1 and data[1] == 2:
        return data[:profile - 32] + hashlib.sha256(b"normfreeze-profile" + data[profile:]).digest() + data[profile:]
    return data


def scaler_binary(shop, chooser):
    data = mutations.mutate_bytes(chooser, pick(chooser, shop.scalers), list(shop.scalers.values()))
    shop.use_binary("scaler", data)
    shop.use_binary("scaler", mend_scaler(data))


def recipe_binary(shop, chooser):
    """A bare scaler, of which nothing but the recipe says whether it is one."""
    data = pick(chooser, {what: data for what, data in shop.scalers.items() if data[0] == 1})
    length = struct.unpack("<I", data[2:6])[0]
    recipe = mutations.mutate_bytes(chooser, data[6:6 + length], [other[6:] for other in shop.scalers.values()])
    shop.use_binary("scaler", b"\1\0" + struct.pack("<I", len(recipe)) + recipe)


def profile(shop, chooser):
    data = mutations.mutate_bytes(chooser, pick(chooser, shop.profiles), list(shop.profiles.values()))
    if chooser.random() < 0.5:
        shop.use_text("profile", armor("profile", data))
    else:
        shop.use_binary("profile", data)


def fit_state(shop, chooser):
    what = chooser.choice(list(shop.states))
    data = mutations.mutate_bytes(chooser, shop.states[what], list(shop.states.values()))
    if chooser.random() < 0.2:
        # what a state holds stands at its end: values, and their weights
        at = len(data) - 8 * chooser.randrange(1, 90)
        data = data[:max(at, 0)] + struct.pack("<d", chooser.choice(mutations.ODD_DOUBLES)) + data[max(at, 0) + 8:]
    text = armor("fit_state", data)
    if shop.use_binary("fit_state", data).state == "ok":
        own_name, own_arguments, own_call = corpus.STATES[what]
        own = chooser.random() < 0.5
        function = f"{own_name.removeprefix('normfreeze.')}({own_arguments})" if own else chooser.choice(uses.STATE_AGGREGATES)
        name, arguments = function[:-1].split("(", 1)
        final = chooser.choice(("profile_final", "fit_final"))
        call = own_call if own else {"normfreeze.profile": "(SELECT p FROM profiles WHERE what = 'arrays')"}.get(arguments) or ", ".join(
            {"record": "n", "float8[]": "ARRAY[a, b]", "normfreeze.method": "'robust'", "jsonb": "'{\"missing\": \"median\"}'", "float8": "a"}[a] for a in arguments.split(", "))
        shop.attacker.send(f"""CREATE AGGREGATE attacked({arguments}) (SFUNC = normfreeze.{name}, STYPE = normfreeze.fit_state, COMBINEFUNC = normfreeze.fit_state_combine,
            FINALFUNC = normfreeze.{final}, INITCOND = {quoted(text)}, PARALLEL = SAFE);
            SELECT attacked({call})::text FROM numbers AS n WHERE id < {chooser.choice((0, 2, 50))}""")


def text_of_bytes(shop, chooser):
    kind = chooser.choice(("profile", "fit_state"))
    shop.use_text(kind, mutations.mutate_text(chooser, armor(kind, pick(chooser, shop.profiles if kind == "profile" else shop.states))))


# ---- documents of others ----

def importer(shop, chooser):
    name = chooser.choice(list(shop.importers))
    everything = [tree for trees in shop.importers.values() for tree in trees]
    tree = mutations.mutate_json(chooser, chooser.choice(shop.importers[name]), everything)
    shop.use(f"normfreeze.{name}({quoted(mutations.dump(tree))}::jsonb)")


def parameters(shop, chooser):
    document, options = chooser.choice(shop.parameter_options)
    if chooser.random() < 0.4:
        document = mutations.mutate_json(chooser, document, shop.importers["from_parameters"])
    if chooser.random() < 0.7:
        options = mutations.mutate_json(chooser, options, [options for _, options in shop.parameter_options])
    shop.use(f"normfreeze.from_parameters({quoted(mutations.dump(document))}::jsonb, {quoted(mutations.dump(options))}::jsonb)")


def batchnorm(shop, chooser):
    kind = chooser.choice(("float8[]", "real[]"))
    numbers = ["0.5", "3", "0", "-0", "NaN", "Infinity", "1e30", "1e-30", "NULL", "1e-37", "-1", "1.5"]

    def array():
        return "NULL" if chooser.random() < 0.1 else "'{" + ",".join(chooser.choice(numbers) for _ in range(chooser.choice((1, 2, 2, 2, 3)))) + "}'::" + kind

    more = ", ".join(array() for _ in range(chooser.choice((0, 1, 2))))
    shop.use(f"normfreeze.from_batchnorm({array()}, {array()}{', ' + more if more else ''}, eps => {quoted(chooser.choice(numbers))}, "
             f"formula => '{chooser.choice(('stable', 'contiguous', 'contiguous_fma'))}')")


def onnx(shop, chooser):
    data = mutations.mutate_bytes(chooser, chooser.choice(shop.onnx), shop.onnx)
    shop.use(f"normfreeze.from_onnx({of_bytes(data)})")


def pmml(shop, chooser):
    words = mutations.ODD_TEXTS + ["<a/>", "</PMML>", "&lt;", "&#0;", "<!-- -->", "<![CDATA[", "]]>", "<?x y?>", ' a="1"', "xmlns", "&amp;"]
    shop.use(f"normfreeze.from_pmml({quoted(mutations.mutate_text(chooser, chooser.choice(shop.pmml), words))}::xml)")


# ---- what a call is told ----

def fit_options(shop, chooser):
    text, methods = chooser.choice(seeds.FIT_OPTIONS)
    method = chooser.choice(methods.split() if chooser.random() < 0.9 else shop.methods)
    tree = mutations.parse(text)
    options = quoted(mutations.dump(mutations.mutate_json(chooser, tree, shop.options) if chooser.random() < 0.8 else tree)) + "::jsonb"
    table = chooser.choice(("numbers", "numbers", "numbers", "holes", "holes", "none", "wide"))
    shop.use(chooser.choice((
        f"(SELECT normfreeze.fit(n, '{method}', {options}) FROM {table} AS n)", f"(SELECT normfreeze.fit(ARRAY[n.id, n.id * 0.5], '{method}', {options} - 'columns' - 'exclude') FROM {table} AS n)",
        f"normfreeze.fit_table('{table}', '{method}', {options})", f"normfreeze.fit_table('{table}', '{method}', {options}, '{chooser.choice(('a', 'b', 'c', 'd', 'id'))}')",
        f"normfreeze.fit((SELECT p FROM profiles WHERE what = 'holes'), '{method}', {options})",
        f"(SELECT normfreeze.fit(n, '{method}', {options}, n.id::float8) FROM {table} AS n)",
        f"(SELECT normfreeze.fit(n, '{method}', {options}) FILTER (WHERE n.id > 3) FROM {table} AS n, generate_series(1, 2))")))


def import_name(shop, chooser):
    exported = mutations.mutate_json(chooser, chooser.choice(shop.exports), shop.exports)
    flags = chooser.choice(("", ", stages => true", ", mirror => true"))
    document = quoted(mutations.dump(exported)) + "::jsonb"
    shop.attacker.send(f"""SELECT count(i::text) FROM normfreeze.import_name({document}, 'imported'{flags}) AS i;
        SELECT v.* FROM normfreeze.verify() AS v WHERE NOT ok; SELECT count(e::text) FROM normfreeze.export_name('imported') AS e;
        SELECT count(l::text) FROM normfreeze.lineage('imported') AS l; SELECT count(s::text) FROM normfreeze.stage_history AS s;
        SELECT length(normfreeze.report('imported@latest'))""")
    outcome = shop.attacker.send(f"WITH i AS MATERIALIZED (SELECT count(i::text) AS n FROM normfreeze.import_name({document}, 'imported'{flags}) AS i) SELECT n FROM i")
    if outcome.state == "ok":
        shop.accepted += 1


def metadata(shop, chooser):
    document = quoted(mutations.dump(mutations.mutate_json(chooser, pick(chooser, shop.trees), shop.options))) + "::jsonb"
    shop.attacker.send(f"SELECT normfreeze.freeze('attacked', (SELECT s FROM scalers WHERE what = 'policies'), metadata => {document}); SELECT length(normfreeze.report('attacked@v1'))")


def watching_options(shop, chooser):
    options = quoted(mutations.dump(mutations.mutate_json(chooser, chooser.choice(shop.drift_options), shop.drift_options))) + "::jsonb"
    live = f"(SELECT p FROM profiles WHERE what = '{chooser.choice(('rows', 'holes', 'weighted'))}')"
    shop.attacker.send(chooser.choice((f"SELECT count(d::text) FROM normfreeze.drift('m', {live}, {options}) AS d", f"SELECT count(d::text) FROM normfreeze.record_drift('m', {live}, 'x', {options}) AS d",
                                       f"SELECT count(d::text) FROM normfreeze.drift_bins('m', {live}, {options}) AS d", f"SELECT length(normfreeze.report('m', {live}, {options}))")))


def audit_report(shop, chooser):
    audit = quoted(mutations.dump(mutations.mutate_json(chooser, chooser.choice(shop.audits), shop.audits))) + "::jsonb"
    shop.attacker.send(f"SELECT count(r::text) FROM normfreeze.audit_report({audit}) AS r; SELECT normfreeze.worst_drift({audit})")


def ref(shop, chooser):
    name = mutations.mutate_text(chooser, chooser.choice(seeds.REFS), mutations.ODD_TEXTS + ["@", "@v", "@v1", "v1", "sha256:", "m", "keyed", "999999999999"])
    call = chooser.choice(("normfreeze.scaler_id({})", "normfreeze.normalize(ARRAY[1, 2, 3, 4], {})", "normfreeze.describe({})", "normfreeze.member({}, 'true')", "normfreeze.report({})",
                           "normfreeze.to_sql({}, 'numbers')", "normfreeze.promote({}, 1)", "normfreeze.freeze({}, (SELECT s FROM scalers WHERE what = 'bare'))", "normfreeze.lineage({})",
                           "normfreeze.rollback({})", "normfreeze.demote('m', {})", "normfreeze.export_name({})", "normfreeze.scaler_id('m', {}, now())", "normfreeze.normalize(1.5, 'm@v1', {})"))
    shop.attacker.send("SELECT " + call.format(quoted(name)))


def gather(shop, chooser):
    """Plans of fit_table's passes, which gather() takes as bytes (core/scaler/pass_answers.c), with weights and without."""
    task = b"\1\0" + bytes([chooser.randrange(0, 9)]) + struct.pack("<d", chooser.choice((0.5, 0.0, 1.5, -1.0)))
    ranks = chooser.choice((b"", b"\0\x10\1" + struct.pack("<QQ", 0, 2 ** 64 - 1), b"\1\0\1" + struct.pack("<QQ", 2 ** 63, 2 ** 64 - 1), struct.pack("<dd", 1.0, 40.0)))
    data = mutations.mutate_bytes(chooser, b"\1\1a\1" + task + ranks) if chooser.random() < 0.8 else b"\2\1a\1b\2" + task + ranks + task + ranks
    weight = chooser.choice(("", "", ", n.id", ", n.b", ", n.d"))
    shop.attacker.send(f"SELECT length(normfreeze.gather(n, {of_bytes(data)}{weight})) FROM {chooser.choice(('numbers', 'holes'))} AS n")


TARGETS = {
    # how often, of all
    scaler_text: 4, scaler_characters: 1, scaler_binary: 4, recipe_binary: 4, profile: 4, fit_state: 4, text_of_bytes: 1, importer: 6, parameters: 3, batchnorm: 1, onnx: 3, pmml: 3,
    fit_options: 6, import_name: 4, metadata: 1, watching_options: 3, audit_report: 2, ref: 3, gather: 3,
}


def attack(attacker, shop, rounds, until=None, first=0):
    """So many rounds, from a number on; how many of them there was time for."""
    schedule = [target for target, share in TARGETS.items() for _ in range(share)]
    random.Random("schedule").shuffle(schedule)
    for number in range(first, first + rounds):
        if until is not None and until():
            return number - first
        target = schedule[number % len(schedule)]
        target(shop, random.Random(f"{target.__name__} {number}"))
    return rounds
