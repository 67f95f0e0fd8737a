{#- The row of a scaler model, for the given of a unit test: (x - center) / scale for each feature.
      given:
        - input: ref('churn_scaler')
          format: sql
          rows: "{{ normfreeze.scaler_fixture({'age': [40, 10], 'income': [50000, 20000]}) }}"
    dbt cannot make it of a dict of columns, since it does not know how to write the type of the column scaler. -#}
{% macro scaler_fixture(features) %}
  {% set options = {} %}
  {% set lows = [] %}
  {% for name, numbers in features.items() %}
    {% do options.update({name: {'center': numbers[0], 'scale': numbers[1]}}) %}
    {% do lows.append('g.i::double precision as ' ~ normfreeze._identifier(name)) %}
  {% endfor %}
  {% set fit %}
select normfreeze.fit(r.*, 'affine', {{ normfreeze._literal(tojson({'features': options})) }}) as scaler
    from (select {{ lows | join(', ') }} from generate_series(0, 1) as g(i)) as r
  {%- endset %}
  {% do return(
    "select 'fixture'::text as name, 1 as version, normfreeze.id_of(f.scaler) as scaler_id, normfreeze.fingerprint(f.scaler) as fingerprint,"
    ~ ' to_json(normfreeze.feature_names(f.scaler))::text as feature_names, normfreeze.bare(f.scaler) as scaler,'
    ~ ' normfreeze.bare(f.scaler)::text as artifact, null::text as training_hash, null::text as invocation_id, now() as built_at'
    ~ ' from (' ~ fit ~ ') as f') %}
{% endmacro %}
