{#- A scaler, as users name it, is one of: the Relation of a scaler model; a ref ('churn@production', 'sha256:...'), an
    id; or, inline, an artifact (JSON text, the dict of it, or the Relation of a seed that holds it). -#}
{% macro _kind_of(scaler) %}
  {% if normfreeze._is_relation(scaler) %}
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
  {% do normfreeze._fail('a scaler is expected: ref(\'a scaler model\'), a name such as "churn@production", an id, or sha256:...; not ' ~ scaler) %}
{% endmacro %}
