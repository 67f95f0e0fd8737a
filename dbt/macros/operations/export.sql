{#- Print frozen scalers, for a file in git:
      dbt --quiet run-operation normfreeze.export --args '{model: churn_scaler}' > seeds/frozen_scalers.csv
    model, or name (with version: that one; without: all). format: csv (a seed of name, version, artifact), macro (a macro
    that returns the artifact), json (the artifact alone).  profile: with the training profile, which verify and no_drift
    need.  evidence: a further column of the seed, for no_drift with mode='inline'. -#}
{% macro export(model=none, name=none, version=none, format='csv', profile=false, evidence=false) %}
  {% if not execute %}
    {% do return('') %}
  {% endif %}
  {% do normfreeze.one_of('format', format, ['csv', 'macro', 'json']) %}
  {% if (model is none) == (name is none) %}
    {% do normfreeze.fail('export takes model (a scaler model) or name') %}
  {% endif %}
  {% if model is not none %}
    {% set row = normfreeze.scaler_of_model(model) %}
    {% set condition = 'name = ' ~ normfreeze.literal(row.name) ~ ' and scaler_id = ' ~ row.scaler_id %}
  {% else %}
    {% set condition = 'name = ' ~ normfreeze.literal(name) ~ (' and version::text = '
         ~ normfreeze.literal(version) if version is not none else '') %}
  {% endif %}
  {#- the text of a profile ends in the base64 that the JSON of a scaler has -#}
  {% set artifact -%}
    {%- if profile -%}
      (s.scaler::jsonb || coalesce(jsonb_build_object('profile', split_part(normfreeze.profile_of(v.scaler_id)::text, ':', 3)), '{}'))::normfreeze.scaler::text
    {%- else -%}
      s.scaler::text
    {%- endif -%}
  {%- endset %}
  {% if evidence and format != 'csv' %}
    {% do normfreeze.fail('evidence is a column of a seed: it takes format csv') %}
  {% endif %}
  {% set rows = normfreeze.query('select v.name, v.version::text as version, ' ~ artifact ~ ' as artifact'
       ~ (', ' ~ normfreeze.evidence_sql('v.scaler_id') ~ ' as evidence' if evidence else '') ~ ' from normfreeze.versions as v'
       ~ ', lateral (select normfreeze.scaler(v.scaler_id) as scaler offset 0) as s where ' ~ condition ~ ' order by v.name, v.version') %}
  {% if not rows %}
    {% do normfreeze.fail('there is no frozen scaler ' ~ (name or row.name) ~ (' of version ' ~ version if version is not none else '')) %}
  {% elif format != 'csv' and rows | length > 1 %}
    {% do normfreeze.fail(name ~ ' has ' ~ (rows | length) ~ ' versions, and format ' ~ format ~ ' is for one: give a version') %}
  {% endif %}
  {% if format == 'csv' %}
    {% do print('name,version,artifact' ~ (',evidence' if evidence else '')) %}
    {% for row in rows %}
      {% if evidence and row.evidence is none %}
        {% do normfreeze.fail(row.name ~ ' v' ~ row.version ~ ' has no training profile here, and so no evidence') %}
      {% endif %}
      {% do print(normfreeze.csv_field(row.name) ~ ',' ~ row.version ~ ',' ~ normfreeze.csv_field(row.artifact)
                  ~ (',' ~ normfreeze.csv_field(row.evidence) if evidence else '')) %}
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


{#- What no_drift compares rows with where there is no extension: of each feature the moments, and the bins of drift_bins()
    with the counts of the training set: below, within, above, missing. -#}
{% macro evidence_sql(id) %}
  {% do return("(select jsonb_build_object('evidence_format', 1, 'scaler_id', " ~ id ~ "::text, 'features', jsonb_agg(jsonb_build_object("
    ~ "'name', b.feature, 'mean', b.mean, 'std', b.std, 'lower', b.lower, 'upper', b.upper, 'counts', b.counts) order by b.ordinal))::text"
    ~ " from (select b.ordinal, b.feature, d.mean, d.std, jsonb_agg(b.lower order by b.bin) filter (where b.kind = 'within') as lower,"
    ~ " max(b.upper) filter (where b.kind = 'within') as upper, jsonb_agg(b.reference_rows order by b.bin) as counts"
    ~ ' from normfreeze.profile_of(' ~ id ~ ') as p cross join lateral normfreeze.drift_bins(p, p) as b'
    ~ ' join lateral normfreeze.describe(p) as d on d.ordinal = b.ordinal'
    ~ ' where p is not null and b.feature = any(normfreeze.feature_names(' ~ id ~ ')) group by b.ordinal, b.feature, d.mean, d.std) as b'
    ~ ' having count(*) > 0)') %}
{% endmacro %}


{% macro csv_field(text) %}
  {% do return('"' ~ (text | replace('"', '""')) ~ '"') %}
{% endmacro %}
