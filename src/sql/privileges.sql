-- privileges: what writes or shows the registry is for the installing user to hand out

REVOKE EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.rollback(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.demote(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.retire(text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.freeze(text, normfreeze.scaler, text, jsonb, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, integer, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, smallint, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.promote(text, bigint, text, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.rollback(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.demote(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.retire(text, integer, text) TO @extowner@ WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.disallow_stage(text, text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION normfreeze.allow_stage(text, text, text, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.disallow_stage(text, text, text) TO @extowner@ WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION normfreeze.import_name(jsonb, text, boolean, boolean) TO @extowner@ WITH GRANT OPTION;
GRANT SELECT, INSERT ON normfreeze.scalers, normfreeze.profiles, normfreeze.versions, normfreeze.stage_log,
		normfreeze.members, normfreeze.stage_access_log
	TO @extowner@ WITH GRANT OPTION;
-- for foreign keys of tables that say which scaler their rows are of
GRANT REFERENCES ON normfreeze.scalers, normfreeze.versions TO @extowner@ WITH GRANT OPTION;
GRANT SELECT ON normfreeze.guards, normfreeze.stages, normfreeze.stage_history, normfreeze.stage_access TO @extowner@ WITH GRANT OPTION;
