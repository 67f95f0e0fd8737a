-- What the dashboard and the exporters of this folder read, and a role that may read it.  docs/monitoring.md says how to use them.
--
--     psql -d DATABASE -v ON_ERROR_STOP=1 -f setup.sql
--     psql -d DATABASE -c 'GRANT normfreeze_monitor TO grafana' -c 'CALL normfreeze_monitoring.record_verify()'
--
-- Run it as the role that ran CREATE EXTENSION normfreeze, or as a superuser.  It may be run again.
BEGIN;

-- a role is one for all databases of a server, and may be there
SELECT 'CREATE ROLE normfreeze_monitor' WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'normfreeze_monitor') \gexec

-- what views have nothing of the values that scalers were fitted on, but in the words of drift: verdicts, shares, bins
GRANT SELECT ON normfreeze.stages, normfreeze.stage_history, normfreeze.named_scalers, normfreeze.uses,
                normfreeze.drift_state, normfreeze.drift_history, normfreeze.drift_log TO normfreeze_monitor;
-- which versions are retired
GRANT SELECT (name, version, action) ON normfreeze.stage_log TO normfreeze_monitor;

-- verify() reads profiles, and all of them: a job runs it at night as a role that may, and the monitor sees what it said
CREATE SCHEMA IF NOT EXISTS normfreeze_monitoring;
CREATE TABLE IF NOT EXISTS normfreeze_monitoring.verify_log (
  at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp() PRIMARY KEY,
  checks bigint NOT NULL,                   -- lines of verify()
  failed bigint NOT NULL,                   -- of these, lines that are not ok
  failures jsonb NOT NULL                   -- [{"check": ..., "detail": ...}, ...], the first hundred
);

-- a text, not BEGIN ATOMIC: updates and DROP EXTENSION do not wait for it
CREATE OR REPLACE PROCEDURE normfreeze_monitoring.record_verify() LANGUAGE sql AS $$
  INSERT INTO normfreeze_monitoring.verify_log (checks, failed, failures)
  SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE NOT ok),
         COALESCE(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('check', "check", 'detail', detail) ORDER BY n)
                  FILTER (WHERE NOT ok AND n OPERATOR(pg_catalog.<=) 100), '[]')
  FROM (SELECT v."check", v.ok, v.detail, pg_catalog.row_number() OVER (PARTITION BY v.ok) AS n FROM normfreeze.verify() AS v) AS lines
$$;
REVOKE ALL ON PROCEDURE normfreeze_monitoring.record_verify() FROM PUBLIC;

GRANT USAGE ON SCHEMA normfreeze_monitoring TO normfreeze_monitor;
GRANT SELECT ON normfreeze_monitoring.verify_log TO normfreeze_monitor;
COMMIT;
