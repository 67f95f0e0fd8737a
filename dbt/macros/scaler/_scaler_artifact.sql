{#- The JSON of a scaler as a dict; none if it is not there yet.  `name` and `version` choose a row of a seed. -#}
{% macro _scaler_artifact(scaler, name=none, version=none) %}
  {% set kind = normfreeze._kind_of(scaler) %}
  {% if kind == 'relation' %}
    {% set text = normfreeze._artifact_of_relation(scaler, name, version) %}
  {% elif kind == 'artifact' %}
    {% set text = scaler %}
  {% elif not normfreeze._scaler_is_there(scaler, kind) %}
    {% set text = none %}
  {% else %}
    {% set text = normfreeze._query('select ' ~ normfreeze._artifact_sql('i.id') ~ ' as artifact from (select '
         ~ normfreeze._scaler_id_sql(scaler, kind) ~ ' as id) as i')[0].artifact %}
  {% endif %}
  {% if text is none %}
    {% do return(none) %}
  {% endif %}
  {% set artifact = normfreeze._exact_json(text) if text is string else text %}
  {% if artifact is not mapping or 'features' not in artifact %}
    {% do normfreeze._fail('this is not the JSON of one scaler, as SELECT normfreeze.scaler(id)::text writes it: ' ~ (text | string)[:80]) %}
  {% endif %}
  {% set known = 2 if 'unseen' in artifact else 1 %}
  {% if artifact.format != known %}
    {% do normfreeze._fail('the artifact has format ' ~ artifact.format ~ ', and this version of the package reads format ' ~ known) %}
  {% endif %}
  {% do return(artifact) %}
{% endmacro %}
