{#- On a seed of artifacts: mode="inline" makes of the probe inputs that an artifact carries the outputs it carries,
    on this very server.  An artifact whose numbers were edited fails; so it is the proof where the extension,
    which would check the fingerprint, is not. -#}
{% test probes_agree(model, scaler_name=none, scaler_version=none) %}
  {%- if not execute -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- set artifact = normfreeze.scaler_artifact(model, scaler_name, scaler_version) -%}
  {%- if artifact is none and normfreeze.is_building() -%}
    {%- do normfreeze.fail(model ~ ' has no artifact: dbt seed') -%}
  {%- elif artifact is none -%}
    {%- do return('select null as probe where false') -%}
  {%- endif -%}
  {{ normfreeze.probe_mismatches(artifact) }}
{% endtest %}


{#- A SELECT of the probes that inline SQL disagrees with: none, if all is well. -#}
{% macro probe_mismatches(artifact) %}
  {% set artifact = normfreeze.scaler_artifact(artifact) %}
  {% if not artifact.probes %}
    {% do normfreeze.fail('the artifact has no probes; export it again with a newer normfreeze') %}
  {% endif %}
  {% set names = normfreeze.artifact_inputs(artifact) | map(attribute='name') | list %}
  {% set columns = [] %}
  {% set outputs = [] %}
  {% set pairs = [] %}
  {% for name in names %}
    {% do columns.append(normfreeze.identifier(name)) %}
    {% do outputs.append({'feature': name, 'name': 'y' ~ loop.index}) %}
    {% do pairs.append('(' ~ loop.index ~ ', ' ~ normfreeze.literal(name) ~ ', n.y' ~ loop.index ~ ')') %}
  {% endfor %}
  {% set inputs = [] %}
  {% set expected = [] %}
  {% for row in artifact.probes.inputs %}
    {% do inputs.append('(' ~ loop.index ~ ', ' ~ (normfreeze.probe_numbers(row) | join(', ')) ~ ')') %}
    {% do expected.append('(' ~ loop.index ~ ', array[' ~ (normfreeze.probe_numbers(artifact.probes.outputs[loop.index0]) | join(', ')) ~ '])') %}
  {% endfor %}
  {% set probes = '(select * from (values ' ~ (inputs | join(',\n    ')) ~ ') as p(normfreeze_probe, ' ~ (columns | join(', ')) ~ '))' %}
  {% do return(
    'select n.normfreeze_probe as probe, o.feature, o.observed, e.outputs[o.place] as expected\nfrom ('
    ~ normfreeze.inline_select(probes, artifact, outputs, ['src.normfreeze_probe'], none)
    ~ ') as n\ncross join lateral (values ' ~ (pairs | join(', ')) ~ ') as o(place, feature, observed)'
    ~ '\njoin (values ' ~ (expected | join(',\n    ')) ~ ') as e(probe, outputs) on e.probe = n.normfreeze_probe'
    ~ '\nwhere o.observed is distinct from e.outputs[o.place]') %}
{% endmacro %}


{#- NULL for null; numbers and "NaN", "Infinity", "-Infinity". -#}
{% macro probe_numbers(row) %}
  {% set numbers = [] %}
  {% for value in row %}
    {% do numbers.append('cast(' ~ (normfreeze.literal(value) if value is not none else 'null') ~ ' as double precision)') %}
  {% endfor %}
  {% do return(numbers) %}
{% endmacro %}
