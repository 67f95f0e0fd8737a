SELECT normfreeze.give_to_owner();

-- what prologue.sql has set, for the rest of the caller's transaction
SELECT pg_catalog.set_config(s.name, pg_catalog.current_setting('normfreeze_script.' OPERATOR(pg_catalog.||) s.name), true)
FROM pg_catalog.unnest('{default_table_access_method,default_tablespace,transform_null_equals,quote_all_identifiers}'::pg_catalog.text[]) AS s (name);
