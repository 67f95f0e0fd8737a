{#- The evidence of a seed that normfreeze.export wrote with evidence: true; none if the seed is not there yet. -#}
{% macro _drift_evidence(scaler, name, version) %}
  {% if not normfreeze._is_relation(scaler) %}
    {% do normfreeze._fail('with mode=\'inline\', no_drift takes the seed that normfreeze.export wrote with evidence: true') %}
  {% endif %}
  {% set there = normfreeze._readable(scaler) %}
  {% if there is none and normfreeze._is_building() %}
    {% do normfreeze._fail(scaler ~ ' does not exist: dbt seed') %}
  {% elif there is none %}
    {% do return(none) %}
  {% elif 'evidence' not in normfreeze._columns_of(scaler) %}
    {% do normfreeze._fail(scaler ~ ' has no column evidence: export it with evidence: true') %}
  {% endif %}
  {% set text = normfreeze._column_of_artifact(scaler, 'evidence', name, version) %}
  {% set evidence = normfreeze._exact_json(text) if text else none %}
  {% if evidence is none or evidence.get('evidence_format') != 1 %}
    {% do normfreeze._fail(scaler ~ ' has no evidence that this version of the package reads: export it with evidence: true') %}
  {% endif %}
  {% do return(evidence) %}
{% endmacro %}
