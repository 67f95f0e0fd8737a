{#- The id of a scaler as SQL; none if it is not there yet and this is no build. -#}
{% macro _scaler_id_now(scaler, name=none, version=none) %}
  {% set artifact = normfreeze._scaler_artifact(scaler, name, version) %}
  {% if artifact is none and normfreeze._is_building() %}
    {% do normfreeze._fail('scaler ' ~ scaler ~ ' does not exist: build its model first') %}
  {% elif artifact is none %}
    {% do return(none) %}
  {% endif %}
  {% do return('cast(' ~ normfreeze._literal(artifact.scaler_id) ~ ' as bigint)') %}
{% endmacro %}
