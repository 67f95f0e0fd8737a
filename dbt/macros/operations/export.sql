{#- Print frozen scalers, for a file in git:
      dbt --quiet run-operation normfreeze.export --args '{model: churn_scaler}' > seeds/frozen_scalers.csv
    model, or name (with version: that one; without: all). format: csv (a seed of name, version, artifact), macro (a macro
    that returns the artifact), json (the artifact alone).  profile: with the training profile, which verify and no_drift
    need.  evidence: a further column of the seed, for no_drift with mode='inline'. -#}
{% macro export(model=none, name=none, version=none, format='csv', profile=false, evidence=false) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze._require_extension('export') %}
  {% do normfreeze._one_of('format', format, ['csv', 'macro', 'json']) %}
  {% if (model is none) == (name is none) %}
    {% do normfreeze._fail('export takes model (a scaler model) or name') %}
  {% endif %}
  {% if model is not none %}
    {% set row = normfreeze._scaler_of_model(model) %}
    {% set condition = 'name = ' ~ normfreeze._literal(row.name) ~ ' and scaler_id = ' ~ row.scaler_id %}
  {% else %}
    {% set condition = 'name = ' ~ normfreeze._literal(name) ~ (' and version::text = '
         ~ normfreeze._literal(version) if version is not none else '') %}
  {% endif %}
  {#- the text of a profile ends in the base64 that the JSON of a scaler has -#}
  {% set artifact -%}
    {%- if profile -%}
      (s.scaler::jsonb || coalesce(jsonb_build_object('profile', split_part(normfreeze.profile_of(v.scaler_id)::text, ':', 3)), '{}'))::normfreeze.scaler::text
    {%- else -%}
      {{ normfreeze._artifact_sql('v.scaler_id') }}
    {%- endif -%}
  {%- endset %}
  {% if evidence and format != 'csv' %}
    {% do normfreeze._fail('evidence is a column of a seed: it takes format csv') %}
  {% endif %}
  {% set rows = normfreeze._query('select v.name, v.version::text as version, ' ~ artifact ~ ' as artifact'
       ~ (', ' ~ normfreeze._evidence_sql('v.scaler_id') ~ ' as evidence' if evidence else '') ~ ' from normfreeze.versions as v'
       ~ ', lateral (select normfreeze.scaler(v.scaler_id) as scaler where true offset 0) as s where ' ~ condition ~ ' order by v.name, v.version') %}
  {% if not rows %}
    {% do normfreeze._fail('there is no frozen scaler ' ~ (name or row.name) ~ (' of version ' ~ version if version is not none else '')) %}
  {% elif format != 'csv' and rows | length > 1 %}
    {% do normfreeze._fail(name ~ ' has ' ~ (rows | length) ~ ' versions, and format ' ~ format ~ ' is for one: give a version') %}
  {% endif %}
  {% if format == 'csv' %}
    {% do print('name,version,artifact' ~ (',evidence' if evidence else '')) %}
    {% for row in rows %}
      {% if evidence and row.evidence is none %}
        {% do normfreeze._fail(row.name ~ ' v' ~ row.version ~ ' has no training profile here, and so no evidence') %}
      {% endif %}
      {% do print(normfreeze._csv_field(row.name) ~ ',' ~ row.version ~ ',' ~ normfreeze._csv_field(row.artifact)
                  ~ (',' ~ normfreeze._csv_field(row.evidence) if evidence else '')) %}
    {% endfor %}
  {% elif format == 'json' %}
    {% do print(rows[0].artifact) %}
  {% else %}
    {#- in the text of a name, as JSON, a percent sign may be escaped; so no name can end the raw block -#}
    {% set open = '{' ~ '%' %}
    {% set close = '%' ~ '}' %}
    {% set macro_name = modules.re.sub('[^A-Za-z0-9_]', '_', rows[0].name) ~ '_artifact' %}
    {% do print(open ~ ' macro ' ~ macro_name ~ '() ' ~ close) %}
    {% do print(open ~ ' set artifact ' ~ close ~ open ~ ' raw ' ~ close) %}
    {% do print(rows[0].artifact | replace(open, '{' ~ '\\u0025')) %}
    {% do print(open ~ ' endraw ' ~ close ~ open ~ ' endset ' ~ close) %}
    {% do print(open ~ ' do return(artifact | trim) ' ~ close) %}
    {% do print(open ~ ' endmacro ' ~ close) %}
  {% endif %}
{% endmacro %}
