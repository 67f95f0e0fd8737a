{#- What runs SQL of the extension in this database fails, if the extension is not there, by a sentence that helps rather than by PostgreSQL's
    `schema "normfreeze" does not exist`, or `function ... does not exist` where a schema of that name is somebody else's.

    what: what needs it; instead: what does without, if anything.  A command that only looks (compile, docs) goes on.  The catalog is asked once
    a run: `graph` is the one dict that all nodes of a run share. -#}
{% macro _require_extension(what, instead=none) %}
  {% if not execute or flags.WHICH not in ['run', 'build', 'test', 'retry', 'run-operation', 'snapshot'] or graph.get('normfreeze_installed') == invocation_id %}
    {% do return('') %}
  {% endif %}
  {% set there = normfreeze._query("select exists (select from pg_catalog.pg_extension where extname = 'normfreeze')::text as installed,"
       ~ " exists (select from pg_catalog.pg_available_extensions where name = 'normfreeze')::text as available")[0] %}
  {% if there.installed == 'true' %}
    {% do graph.update({'normfreeze_installed': invocation_id}) %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._fail('extension normfreeze is not installed in database "' ~ target.database ~ '", and ' ~ what ~ ' needs it: '
       ~ ('CREATE EXTENSION normfreeze' if there.available == 'true' else 'its files are not on the server either, so install them first, then CREATE EXTENSION normfreeze')
       ~ ('. Without the extension: ' ~ instead if instead else '') ~ '. See "What works where" in the README of this package.') %}
{% endmacro %}
