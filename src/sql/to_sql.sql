-- scalers as SQL of other systems

CREATE FUNCTION normfreeze.to_sql(scaler normfreeze.scaler, relation text, dialect text DEFAULT 'postgres') RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql(normfreeze.scaler, text, text) IS 'a SELECT list for another system''s SQL that computes what a scaler does';

CREATE FUNCTION normfreeze.to_sql(scaler_id bigint, relation text, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(scaler_id), relation, dialect);
COMMENT ON FUNCTION normfreeze.to_sql(bigint, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen scaler of an id does';

CREATE FUNCTION normfreeze.to_sql(ref text, relation text, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(normfreeze.scaler_id(ref)), relation, dialect);
COMMENT ON FUNCTION normfreeze.to_sql(text, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen scaler that a ref means does';

CREATE FUNCTION normfreeze.to_sql(scaler normfreeze.scaler, relation text, dialect text, key text) RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_set' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql(normfreeze.scaler, text, text, text) IS 'a SELECT list for another system''s SQL that computes what a set of scalers does, by the key in a column';

CREATE FUNCTION normfreeze.to_sql(scaler_id bigint, relation text, dialect text, key text) RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_set_id' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql(bigint, text, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen set of an id does, by the key in a column';

CREATE FUNCTION normfreeze.to_sql(ref text, relation text, dialect text, key text) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler_id(ref), relation, dialect, key);
COMMENT ON FUNCTION normfreeze.to_sql(text, text, text, text) IS 'a SELECT list for another system''s SQL that computes what the frozen set that a ref means does, by the key in a column';

CREATE FUNCTION normfreeze.to_sql(scaler normfreeze.scaler, relation regclass, alias text DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_table' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql(normfreeze.scaler, regclass, text) IS 'a SELECT list for PostgreSQL without the extension that computes what a scaler does to the rows of a table, with casts for the types of its columns';

CREATE FUNCTION normfreeze.to_sql(scaler_id bigint, relation regclass, alias text DEFAULT NULL) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(scaler_id), relation, alias);
COMMENT ON FUNCTION normfreeze.to_sql(bigint, regclass, text) IS 'a SELECT list for PostgreSQL without the extension that computes what the frozen scaler of an id does to the rows of a table, with casts for the types of its columns';

CREATE FUNCTION normfreeze.to_sql(ref text, relation regclass, alias text DEFAULT NULL) RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql(normfreeze.scaler(normfreeze.scaler_id(ref)), relation, alias);
COMMENT ON FUNCTION normfreeze.to_sql(text, regclass, text) IS 'a SELECT list for PostgreSQL without the extension that computes what the frozen scaler that a ref means does to the rows of a table, with casts for the types of its columns';

CREATE FUNCTION normfreeze.to_sql_check(scaler normfreeze.scaler, dialect text DEFAULT 'postgres') RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_check' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql_check(normfreeze.scaler, text) IS 'a statement for another system that shows whether it computes what a scaler does';

CREATE FUNCTION normfreeze.to_sql_check(scaler_id bigint, dialect text DEFAULT 'postgres') RETURNS text
	AS 'MODULE_PATHNAME', 'to_sql_check_id' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normfreeze.to_sql_check(bigint, text) IS 'a statement for another system that shows whether it computes what the frozen scaler of an id does';

CREATE FUNCTION normfreeze.to_sql_check(ref text, dialect text DEFAULT 'postgres') RETURNS text
	LANGUAGE SQL STABLE PARALLEL SAFE
	RETURN normfreeze.to_sql_check(normfreeze.scaler_id(ref), dialect);
COMMENT ON FUNCTION normfreeze.to_sql_check(text, text) IS 'a statement for another system that shows whether it computes what the frozen scaler that a ref means does';
