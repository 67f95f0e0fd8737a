{#- The JSON of a scaler as a dict; none if it is not there yet.  `name` and `version` choose a row of a seed. -#}
{% macro scaler_artifact(scaler, name=none, version=none) %}
  {% set kind = normfreeze.kind_of(scaler) %}
  {% if kind == 'relation' %}
    {% set text = normfreeze.artifact_of_relation(scaler, name, version) %}
  {% elif kind == 'artifact' %}
    {% set text = scaler %}
  {% elif not normfreeze.scaler_is_there(scaler, kind) %}
    {% set text = none %}
  {% else %}
    {% set text = normfreeze.query('select normfreeze.scaler(' ~ normfreeze.scaler_id_sql(scaler, kind) ~ ')::text as artifact')[0].artifact %}
  {% endif %}
  {% if text is none %}
    {% do return(none) %}
  {% endif %}
  {% set artifact = fromjson(text, none) if text is string else text %}
  {% if artifact is not mapping or 'features' not in artifact %}
    {% do normfreeze.fail('this is not the JSON of one scaler, as SELECT normfreeze.scaler(id)::text writes it: ' ~ (text | string)[:80]) %}
  {% endif %}
  {% if artifact.format != 1 %}
    {% do normfreeze.fail('the artifact has format ' ~ artifact.format ~ ', and this version of the package reads format 1') %}
  {% endif %}
  {% do return(artifact) %}
{% endmacro %}


{% macro artifact_of_relation(relation, name, version) %}
  {% do return(normfreeze.column_of_artifact(relation, 'artifact', name, version)) %}
{% endmacro %}


{#- A column of the one row that holds an artifact; none if there is none. -#}
{% macro column_of_artifact(relation, column, name, version) %}
  {% set there = normfreeze.readable(relation) %}
  {% if there is none %}
    {% do return(none) %}
  {% endif %}
  {% set conditions = ['artifact is not null'] %}
  {% if name is not none %}
    {% do conditions.append('name = ' ~ normfreeze.literal(name)) %}
  {% endif %}
  {% if version is not none %}
    {% do conditions.append('version::text = ' ~ normfreeze.literal(version)) %}
  {% endif %}
  {% set rows = normfreeze.query('select ' ~ column ~ '::text as value from ' ~ there.render() ~ ' where ' ~ (conditions | join(' and '))) %}
  {% if rows | length > 1 %}
    {% do normfreeze.fail(there ~ ' has ' ~ (rows | length) ~ ' artifacts that fit; choose one with name and version') %}
  {% endif %}
  {% do return(rows[0].value if rows else none) %}
{% endmacro %}


{#- Names of the features that a scaler normalizes, from its artifact. -#}
{% macro artifact_inputs(artifact) %}
  {% set inputs = [] %}
  {% for feature in artifact.features if not feature.target %}
    {% if feature.name is none %}
      {% do normfreeze.fail('the artifact is of a scaler without names of features, which rows are matched by') %}
    {% endif %}
    {% do inputs.append(feature) %}
  {% endfor %}
  {% do return(inputs) %}
{% endmacro %}
