"""What is done with a value that was accepted: all that anybody can do.

Functions of plpgsql, whose statements are planned once: each use has a block of its own.  A row for each that failed; `false` if
what must be equal is not.
"""

from matrix import DIALECTS

# expressions of s, a scaler; x are features in its number, k is a key
SAME = {
    "text": "s::text::normfreeze.scaler = s",
    "jsonb": "s::jsonb::normfreeze.scaler = s",
    "bare": "normfreeze.fingerprint(normfreeze.bare(s)) = normfreeze.fingerprint(s) AND normfreeze.id_of(normfreeze.bare(s)) = normfreeze.id_of(s)",
    "jsonb again": "(s::jsonb::normfreeze.scaler)::text = s::text",
    "content": "normfreeze.is_content(normfreeze.id_of(s), normfreeze.fingerprint(s), normfreeze.bare(s))",
}
SAME_SINGLE = {
    "onnx": "normfreeze.from_onnx(normfreeze.to_onnx(s)) = normfreeze.bare(s)",
    "pmml": "normfreeze.from_pmml(normfreeze.to_pmml(s)) = normfreeze.bare(s)",
    "arrays": "normfreeze.normalize(x, s)::text = normfreeze.normalize(x::numeric[], s)::text",
    "columns": "normfreeze.normalize_columns(s, normfreeze.feature_names(s), VARIADIC x)::text = normfreeze.normalize(x, s)::text",
}
RUNS = {
    "describe": "(SELECT count(d::text) FROM normfreeze.describe(s) AS d)", "digest": "normfreeze.digest_of(s)",
    "names": "normfreeze.feature_names(s)", "compare": "normfreeze.scaler_cmp(s, s) + normfreeze.scaler_hash(s)",
    "sql": "length(normfreeze.to_sql(s, 'numbers'))", "send": "length(normfreeze.scaler_send(s))", "by_key": "(SELECT length(normfreeze.by_key('k', s)::text))",
}
RUNS_SINGLE = {
    "probes": "(SELECT count(p::text) FROM normfreeze.probes(s) AS p)", "sklearn": "normfreeze.from_sklearn(normfreeze.to_sklearn(s)) IS NULL",
    "normalize": "normfreeze.normalize(x, s)", "odd": "normfreeze.normalize(odd, s)", "real": "normfreeze.normalize(odd::real[], s)",
    "denormalize": "normfreeze.denormalize(odd, s)", "real back": "normfreeze.denormalize(x::real[], s)", "integer": "normfreeze.normalize(x::int[], s)",
    "row": "(SELECT count(normfreeze.normalize(n, s)) FROM numbers AS n)", "holes": "(SELECT count(normfreeze.denormalize(n, s)) FROM holes AS n)",
    "object": "normfreeze.normalize('{\"a\": 1, \"b\": null, \"c\": 3, \"d\": \"NaN\"}'::jsonb, s)",
    "check": "length(normfreeze.to_sql_check(s))", **{dialect: f"length(normfreeze.to_sql(s, 'numbers', '{dialect}'))" for dialect in DIALECTS},
    "check elsewhere": "length(normfreeze.to_sql_check(s, (ARRAY['" + "','".join(DIALECTS) + "'])[1 + mod(length(s::text), " + str(len(DIALECTS)) + ")]))",
    "verify_output": "(SELECT count(v::text) FROM normfreeze.verify_output(s, x, x) AS v)", "profile": "length(normfreeze.profile_of(s)::text)",
    "audit": "length((SELECT normfreeze.audit(y, normfreeze.normalize(y, s), s) FROM (VALUES (x), (odd)) AS v(y))::text)",
    "audit of rows": "length((SELECT normfreeze.audit(n, normfreeze.normalize(n, s), s) FROM numbers AS n)::text)",
}
SET = {
    "members": "(SELECT count(m::text) FROM normfreeze.members_of(s) AS m)", "member": "normfreeze.member(s, k)::text", "no member": "normfreeze.member(s, 'no such key')::text",
    "by key": "normfreeze.normalize_by_key(ARRAY[1.5, NULL]::float8[], s, k)", "row by key": "(SELECT count(normfreeze.normalize_by_key(n, s, k)) FROM numbers AS n)",
}
# with the scaler frozen as id
FROZEN_SAME = {
    "frozen": "normfreeze.scaler(id) = normfreeze.bare(s)", "verified": "(SELECT bool_and(ok) FROM normfreeze.verify(id) AS v WHERE v.\"check\" <> 'parameters')",
    "moved": "(SELECT count(*) > 0 FROM normfreeze.import_name((SELECT jsonb_agg(e) FROM normfreeze.export_name('attacked') AS e), 'attacked_copy'))",
}
FROZEN = {
    "report": "length(normfreeze.report(id))", "explain": "(SELECT count(e::text) FROM numbers AS n, normfreeze.explain(n, id) AS e WHERE n.id = 7)",
    "select": "length(normfreeze.select_list(id, 't'))", "view": "length(normfreeze.view_query('numbers'::regclass, id))",
    "diff": "(SELECT count(d::text) FROM scalers AS o, normfreeze.diff(o.id, id) AS d WHERE o.what = 'standard of rows')",
    "drift": "(SELECT count(d::text) FROM profiles AS p, normfreeze.record_drift(id, p.p) AS d WHERE p.what = 'rows')",
    "drift of arrays": "(SELECT count(d::text) FROM profiles AS p, normfreeze.drift(id, p.p) AS d WHERE p.what = 'arrays')",
    "by id": "(SELECT count(normfreeze.normalize(n, id)) FROM numbers AS n)",
}
PROFILE_SAME = {
    "text": "p::text::normfreeze.profile = p", "equal": "normfreeze.profile_cmp(p, p) = 0",
    "merged": "(SELECT normfreeze.merge(q) FROM (VALUES (p)) AS v(q)) = p",
    "parallel": "(SELECT normfreeze.merge(q) FROM (VALUES (p), (p)) AS v(q)) = (SELECT normfreeze.merge(q ORDER BY q) FROM (VALUES (p), (p)) AS v(q))",
}
PROFILE = {
    "describe": "(SELECT count(d::text) FROM normfreeze.describe(p) AS d)", "describe_weights": "(SELECT count(d::text) FROM normfreeze.describe_weights(p) AS d)", "digest": "normfreeze.profile_digest(p)", "send": "length(normfreeze.profile_send(p))",
    "drift": "(SELECT count(d::text) FROM normfreeze.drift(p, p) AS d)", "bins": "(SELECT count(d::text) FROM normfreeze.drift_bins(p, p) AS d)",
    "drift from": "(SELECT count(d::text) FROM profiles AS o, normfreeze.drift(o.p, $1) AS d WHERE o.what = 'rows')",
    "recorded": "(SELECT count(d::text) FROM normfreeze.record_drift('arrays', p) AS d)", "report": "length(normfreeze.report('m', p))",
    "merged with another": "(SELECT length(normfreeze.merge(q)::text) FROM (SELECT p UNION ALL SELECT o.p FROM profiles AS o WHERE o.what = 'arrays') AS v(q))",
    **{method: f"length(normfreeze.fit(p, '{method}', '{options}')::text)" for method, options in (
        ("standard", "{}"), ("minmax", "{}"), ("maxabs", "{}"), ("robust", '{"quantiles": "histogram", "unfit": "null"}'), ("quantile", '{"quantiles": "histogram", "n_quantiles": 7, "unfit": "unit"}'),
        ("mad", '{"quantiles": "histogram", "unfit": "null"}'), ("power", '{"quantiles": "histogram"}'), ("l2", "{}"), ("identity", '{"missing": "median", "quantiles": "histogram", "unfit": "null"}'))},
}
STATE_SAME = {"text": "f::text::normfreeze.fit_state::text = f::text"}
STATE = {"send": "length(normfreeze.fit_state_send(f))"}
# as the start of an aggregate, which anybody may define
STATE_AGGREGATES = ("profile_transition(float8[])", "profile_transition(record)", "fit_transition(float8[], normfreeze.method, jsonb)", "fit_transition(record, normfreeze.method, jsonb)",
                    "fit_transition(float8[], normfreeze.method, jsonb, float8)", "fit_transition(record, normfreeze.method, jsonb, float8)", "profile_transition(float8[], float8)", "profile_transition(record, jsonb, float8)", "merge_transition(normfreeze.profile)", "scan_transition(record, normfreeze.method, jsonb)", "scan_transition(record, normfreeze.method, jsonb, float8)")


def blocks(uses, same=False):
    for what, expression in uses.items():
        yield f"""
    BEGIN
        result := ({expression}){'' if same else '::text'};
        {"IF result = 'false' THEN use := '" + what + "'; state := 'false'; message := 'not the same'; RETURN NEXT; END IF;" if same else ""}
    EXCEPTION WHEN OTHERS THEN
        use := '{what}'; state := SQLSTATE; message := SQLERRM; RETURN NEXT;
    END;"""


FUNCTION = """
CREATE FUNCTION uses_of(%s) RETURNS TABLE (use text, state text, message text) LANGUAGE plpgsql AS $function$
DECLARE
    result text; x float8[]; odd float8[]; k text; n int; id bigint;
BEGIN %s
END $function$;
"""


def scaler_function():
    def of(*tables):
        return "".join("".join(blocks(table, same)) for table, same in tables)

    return FUNCTION % ("s normfreeze.scaler", f"""
    {of((SAME, True), (RUNS, False))}
    IF s::jsonb ->> 'format' = '2' THEN
        BEGIN
            k := (SELECT key FROM normfreeze.members_of(s) LIMIT 1);
        EXCEPTION WHEN object_not_in_prerequisite_state THEN
        END;
        {of((SET, False))}
    ELSE
        n := jsonb_array_length(s::jsonb -> 'features');
        x := ARRAY(SELECT i * 1.5 + 1 FROM generate_series(1, n) AS i);
        odd := ARRAY(SELECT ('{{NULL,NaN,Infinity,-Infinity,-0,1e308,5e-324,-1,1}}'::float8[])[mod(i, 9) + 1] FROM generate_series(1, n) AS i);
        {of((SAME_SINGLE, True), (RUNS_SINGLE, False))}
    END IF;
    BEGIN
        id := normfreeze.freeze('attacked', s);
        {of((FROZEN_SAME, True), (FROZEN, False))}
        RAISE EXCEPTION 'undo' USING ERRCODE = 'UNDO1';
    EXCEPTION WHEN SQLSTATE 'UNDO1' THEN
    WHEN OTHERS THEN
        use := 'freeze'; state := SQLSTATE; message := SQLERRM; RETURN NEXT;
    END;""")


def profile_function():
    return FUNCTION % ("p normfreeze.profile", "".join(blocks(PROFILE_SAME, True)) + "".join(blocks(PROFILE)))


def state_function():
    return FUNCTION % ("f normfreeze.fit_state", "".join(blocks(STATE_SAME, True)) + "".join(blocks(STATE)))


def make(server):
    server.query(scaler_function() + profile_function() + state_function())


# what may come of a use: it says what is missing, out of range, not supported, not permitted or too much
HONEST = ("0A000", "22", "2F", "42", "54", "55000", "P0002", "23514", "UNDO1", "21000", "0L", "28")


def dishonest(state):
    return not state.startswith(HONEST)
