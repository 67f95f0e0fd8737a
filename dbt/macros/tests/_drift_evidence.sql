{#- The evidence of a seed that normfreeze.export, with evidence: true, or python -m normfreeze seed wrote; none if the seed is not there yet. -#}
{% macro _drift_evidence(scaler, name, version) %}
  {% set writers = ': make the seed by normfreeze.export with evidence: true, or by python -m normfreeze seed' %}
  {% if not normfreeze._is_relation(scaler) %}
    {% do normfreeze._fail('with mode=\'inline\', no_drift takes a seed of artifacts with evidence, as in ref(\'frozen_scalers\')' ~ writers) %}
  {% endif %}
  {% set there = normfreeze._readable(scaler) %}
  {% if there is none and normfreeze._is_building() %}
    {% do normfreeze._fail(scaler ~ ' does not exist: dbt seed') %}
  {% elif there is none %}
    {% do return(none) %}
  {% elif 'evidence' not in normfreeze._columns_of(scaler) %}
    {% do normfreeze._fail(scaler ~ ' has no column evidence' ~ writers) %}
  {% endif %}
  {% set text = normfreeze._column_of_artifact(scaler, 'evidence', name, version) %}
  {% if not text %}
    {% set chosen = ' of name ' ~ name if name is not none else '' %}
    {% do normfreeze._fail(scaler ~ ' has no scaler with evidence' ~ chosen ~ (' and' if chosen and version is not none else '')
         ~ (' of version ' ~ version if version is not none else '') ~ '; a set of scalers by key has none: seed the member of one key') %}
  {% endif %}
  {% set evidence = normfreeze._exact_json(text) %}
  {% if evidence.get('evidence_format') != 1 %}
    {% do normfreeze._fail(scaler ~ ' has no evidence that this version of the package reads' ~ writers) %}
  {% endif %}
  {% do return(evidence) %}
{% endmacro %}
