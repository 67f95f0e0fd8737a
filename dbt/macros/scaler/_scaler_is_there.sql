{#- Can a ref or an id be resolved?  When building, the extension itself says best what is wrong; a compile on a database
    where nothing is yet must go on. -#}
{% macro _scaler_is_there(scaler, kind) %}
  {% if normfreeze._is_building() %}
    {% do normfreeze._require_extension('a scaler by its name or id', "a seed or macro with its artifact, and mode='inline'") %}
    {% do return(true) %}
  {% elif normfreeze._query("select (to_regprocedure('normfreeze.feature_names(bigint)') is not null)::text as installed")[0].installed != 'true' %}
    {% do return(false) %}
  {% endif %}
  {% if kind == 'id' %}
    {% set known = 'exists (select from normfreeze.scalers where scaler_id = ' ~ normfreeze._scaler_id_sql(scaler, kind) ~ ')' %}
    {% set tables = ['scalers'] %}
  {% elif scaler.startswith('sha256:') %}
    {% set known = 'exists (select from normfreeze.scalers where starts_with(fingerprint, ' ~ normfreeze._literal(scaler[7:]) ~ '))' %}
    {% set tables = ['scalers'] %}
  {% else %}
    {% set name = normfreeze._literal(scaler.split('@')[0]) %}
    {% set stage = scaler.split('@')[1] if '@' in scaler else 'production' %}
    {% set known = 'exists (select from normfreeze.stages where name = ' ~ name ~ ' and stage = ' ~ normfreeze._literal(stage) ~ ' and not retired)' %}
    {% if stage == 'latest' or modules.re.match('^v[0-9]+$', stage) %}
      {% set known = 'exists (select from normfreeze.versions where name = ' ~ name ~ (' and version = '
           ~ stage[1:] if stage != 'latest' else '') ~ ')' %}
    {% endif %}
    {% set tables = ['versions', 'stages', 'stage_log'] %}
  {% endif %}
  {% for table in tables %}
    {% if normfreeze._query("select has_table_privilege('normfreeze." ~ table ~ "', 'SELECT')::text as may")[0].may != 'true' %}
      {% do return(true) %}
    {% endif %}
  {% endfor %}
  {% do return(normfreeze._query('select (' ~ known ~ ')::text as known')[0].known == 'true') %}
{% endmacro %}
