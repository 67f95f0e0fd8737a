{#- A scaler, as users name it, is one of: the Relation of a scaler model; a ref ('churn@production', 'sha256:...'), an
    id; or, inline, an artifact (JSON text, the dict of it, or the Relation of a seed that holds it). -#}
{% macro kind_of(scaler) %}
  {% if normfreeze.is_relation(scaler) %}
    {% do return('relation') %}
  {% elif scaler is mapping %}
    {% do return('artifact') %}
  {% elif scaler is number %}
    {% do return('id') %}
  {% elif scaler is string and (scaler | trim).startswith('{') %}
    {% do return('artifact') %}
  {% elif scaler is string and scaler | trim %}
    {% set digits = scaler | trim %}
    {% do return('id' if digits and digits | reject('in', '0123456789') | list | length == 0 else 'ref') %}
  {% endif %}
  {% do normfreeze.fail('a scaler is expected: ref(\'a scaler model\'), a name such as "churn@production", an id, or sha256:...; not ' ~ scaler) %}
{% endmacro %}


{#- The features that normalize() asks for, in the order of its results; none if the scaler is not there yet. -#}
{% macro scaler_features(scaler, columns=none) %}
  {% set kind = normfreeze.kind_of(scaler) %}
  {% if kind == 'relation' %}
    {% set there = normfreeze.readable(scaler) %}
    {% if there is none and scaler.is_cte and columns %}
      {#- a unit test's scaler without a real one: what is asked for is what there is; the statement checks it -#}
      {% do return(columns) %}
    {% elif there is none %}
      {% do return(none) %}
    {% endif %}
    {% set sql = 'select feature_names as names from ' ~ there.render() ~ ' limit 1' %}
  {% elif not normfreeze.scaler_is_there(scaler, kind) %}
    {% do return(none) %}
  {% else %}
    {% set sql = 'select to_json(normfreeze.feature_names(' ~ normfreeze.scaler_id_sql(scaler, kind) ~ '))::text as names' %}
  {% endif %}
  {% set rows = normfreeze.query(sql) %}
  {% if not rows %}
    {% do return(none) %}
  {% elif rows[0].names is none %}
    {% do normfreeze.fail('scaler ' ~ scaler
         ~ ' was fitted to arrays and has no names of features, which rows are matched by; fit it to rows, or with '
         ~ 'the option "names"') %}
  {% endif %}
  {% do return(fromjson(rows[0].names)) %}
{% endmacro %}


{% macro scaler_id_sql(scaler, kind) %}
  {% if kind == 'id' %}
    {% do return('cast(' ~ normfreeze.literal(scaler) ~ ' as bigint)') %}
  {% endif %}
  {% do return('normfreeze.scaler_id(' ~ normfreeze.literal(scaler | trim) ~ ')') %}
{% endmacro %}


{#- Can a ref or an id be resolved?  When building, the extension itself says best what is wrong; a compile on a database
    where nothing is yet must go on. -#}
{% macro scaler_is_there(scaler, kind) %}
  {% set there = normfreeze.query("select (to_regprocedure('normfreeze.feature_names(bigint)') is not null)::text as installed")[0].installed == 'true' %}
  {% if not there and normfreeze.is_building() %}
    {% do normfreeze.fail('extension normfreeze is not installed in database "' ~ target.database ~ '": CREATE EXTENSION normfreeze; or use mode=\'inline\' with an artifact') %}
  {% elif not there %}
    {% do return(false) %}
  {% elif normfreeze.is_building() %}
    {% do return(true) %}
  {% endif %}
  {% if kind == 'id' %}
    {% set known = 'exists (select from normfreeze.scalers where scaler_id = ' ~ normfreeze.scaler_id_sql(scaler, kind) ~ ')' %}
    {% set tables = ['scalers'] %}
  {% elif scaler.startswith('sha256:') %}
    {% set known = 'exists (select from normfreeze.scalers where starts_with(fingerprint, ' ~ normfreeze.literal(scaler[7:]) ~ '))' %}
    {% set tables = ['scalers'] %}
  {% else %}
    {% set name = normfreeze.literal(scaler.split('@')[0]) %}
    {% set stage = scaler.split('@')[1] if '@' in scaler else 'production' %}
    {% set known = 'exists (select from normfreeze.stages where name = ' ~ name ~ ' and stage = ' ~ normfreeze.literal(stage) ~ ' and not retired)' %}
    {% if stage == 'latest' or modules.re.match('^v[0-9]+$', stage) %}
      {% set known = 'exists (select from normfreeze.versions where name = ' ~ name ~ (' and version = '
           ~ stage[1:] if stage != 'latest' else '') ~ ')' %}
    {% endif %}
    {% set tables = ['versions', 'stages', 'stage_log'] %}
  {% endif %}
  {% for table in tables %}
    {% if normfreeze.query("select has_table_privilege('normfreeze." ~ table ~ "', 'SELECT')::text as may")[0].may != 'true' %}
      {% do return(true) %}
    {% endif %}
  {% endfor %}
  {% do return(normfreeze.query('select (' ~ known ~ ')::text as known')[0].known == 'true') %}
{% endmacro %}
