{#- What changed since the version before.  diff() needs SELECT on the profiles, which a role may freeze without. -#}
{% macro _log_diff(name, version, scaler_id, most=20) %}
  {% if normfreeze._query("select pg_catalog.has_table_privilege('normfreeze.profiles', 'SELECT')::text as may")[0].may != 'true' %}
    {% do log('  (no diff: it needs SELECT on normfreeze.profiles)', info=true) %}
    {% do return(none) %}
  {% endif %}
  {% set changes = normfreeze._query(
       "select d.feature, d.what, d.old, d.new, round(d.shift::numeric, 3)::text as shift"
       ~ ' from normfreeze.versions as v, lateral normfreeze.diff(v.scaler_id, ' ~ scaler_id ~ ') as d where v.name = '
       ~ normfreeze._literal(name) ~ ' and v.version = ' ~ (version - 1)) %}
  {% for change in changes[:most] %}
    {% do log('  ' ~ (change.feature or '') ~ ' ' ~ change.what ~ ': ' ~ change.old ~ ' -> ' ~ change.new
              ~ (' (' ~ change.shift ~ ' deviations)' if change.shift is not none else ''), info=true) %}
  {% endfor %}
  {% if changes | length > most %}
    {% do log('  ... and ' ~ (changes | length - most) ~ ' more: select * from normfreeze.diff(...)', info=true) %}
  {% endif %}
{% endmacro %}
