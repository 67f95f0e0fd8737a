{#- A SELECT of the probes that inline SQL disagrees with: none, if all is well. -#}
{% macro probe_mismatches(artifact) %}
  {% set artifact = normfreeze._scaler_artifact(artifact) %}
  {% if not artifact.probes %}
    {% do normfreeze._fail('the artifact has no probes; export it again with a newer normfreeze') %}
  {% endif %}
  {% set names = normfreeze._artifact_inputs(artifact) | map(attribute='name') | list %}
  {% set columns = [] %}
  {% set outputs = [] %}
  {% set pairs = [] %}
  {% for name in names %}
    {% do columns.append(normfreeze._identifier(name)) %}
    {% do outputs.append({'feature': name, 'name': 'y' ~ loop.index}) %}
    {% do pairs.append('(' ~ loop.index ~ ', ' ~ normfreeze._literal(name) ~ ', n.y' ~ loop.index ~ ')') %}
  {% endfor %}
  {% set inputs = [] %}
  {% set expected = [] %}
  {% for row in artifact.probes.inputs %}
    {% do inputs.append('(' ~ loop.index ~ ', ' ~ (normfreeze._probe_numbers(row) | join(', ')) ~ ')') %}
    {% do expected.append('(' ~ loop.index ~ ', array[' ~ (normfreeze._probe_numbers(artifact.probes.outputs[loop.index0]) | join(', ')) ~ '])') %}
  {% endfor %}
  {% set probes = '(select * from (values ' ~ (inputs | join(',\n    ')) ~ ') as p(normfreeze_probe, ' ~ (columns | join(', ')) ~ '))' %}
  {% do return(
    'select n.normfreeze_probe as probe, o.feature, o.observed, e.outputs[o.place] as expected\nfrom ('
    ~ normfreeze._inline_select(probes, artifact, outputs, ['src.normfreeze_probe'], none)
    ~ ') as n\ncross join lateral (values ' ~ (pairs | join(', ')) ~ ') as o(place, feature, observed)'
    ~ '\njoin (values ' ~ (expected | join(',\n    ')) ~ ') as e(probe, outputs) on e.probe = n.normfreeze_probe'
    ~ '\nwhere o.observed is distinct from e.outputs[o.place]') %}
{% endmacro %}
