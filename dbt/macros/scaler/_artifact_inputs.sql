{#- Names of the features that a scaler normalizes, from its artifact. -#}
{% macro _artifact_inputs(artifact) %}
  {% set inputs = [] %}
  {% for feature in artifact.features if not feature.target %}
    {% if feature.name is none %}
      {% do normfreeze._fail('the artifact is of a scaler without names of features, which rows are matched by') %}
    {% endif %}
    {% do inputs.append(feature) %}
  {% endfor %}
  {% do return(inputs) %}
{% endmacro %}
