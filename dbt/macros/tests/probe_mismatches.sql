{#- A SELECT of the probes that inline SQL disagrees with: none, if all is well.  Of a set of scalers by key: those of every key, and of its
    fallback, whose key is NULL here. -#}
{% macro probe_mismatches(artifact) %}
  {% set artifact = normfreeze._scaler_artifact(artifact) %}
  {% set is_set = 'unseen' in artifact %}
  {% set members = [{'key': none, 'scaler': artifact}] %}
  {% if is_set %}
    {% do normfreeze._assert_by_key(artifact, true) %}
    {% set members = artifact.members + ([{'key': none, 'scaler': artifact.fallback}] if artifact.unseen == 'fallback' else []) %}
  {% endif %}
  {% set names = normfreeze._artifact_inputs(artifact) | map(attribute='name') | list %}
  {% set columns = [] %}
  {% set outputs = [] %}
  {% set pairs = [] %}
  {% for name in names %}
    {% do columns.append('p.inputs[' ~ loop.index ~ '] as ' ~ normfreeze._identifier(name)) %}
    {% do outputs.append({'feature': name, 'name': 'y' ~ loop.index}) %}
    {% do pairs.append('(' ~ loop.index ~ ', ' ~ normfreeze._literal(name) ~ ', n.y' ~ loop.index ~ ')') %}
  {% endfor %}
  {% set inputs = [] %}
  {% set expected = [] %}
  {% for member in members %}
    {% set probes = member.scaler.probes %}
    {% if not probes %}
      {% do normfreeze._fail('the artifact has no probes; export it again with a newer normfreeze') %}
    {% endif %}
    {% set key = 'cast(null as text)' if member.key is none else normfreeze._literal(member.key) %}
    {% for row in probes.inputs %}
      {% set number = inputs | length + 1 %}
      {% do inputs.append('(' ~ number ~ ', ' ~ key ~ ', ' ~ normfreeze._probe_numbers(row) ~ ')') %}
      {% do expected.append('(' ~ number ~ ', ' ~ key ~ ', ' ~ loop.index ~ ', ' ~ normfreeze._probe_numbers(probes.outputs[loop.index0]) ~ ')') %}
    {% endfor %}
  {% endfor %}
  {% set relation = '(select p.normfreeze_probe, p.normfreeze_key, ' ~ (columns | join(', '))
       ~ ' from (select v.normfreeze_probe, v.normfreeze_key, cast(v.inputs as double precision[]) as inputs from (values '
       ~ (inputs | join(',\n    ')) ~ ') as v(normfreeze_probe, normfreeze_key, inputs) offset 0) as p)' %}
  {% do return(
    'select ' ~ ('e.key, ' if is_set else '') ~ 'e.place as probe, o.feature, o.observed, e.outputs[o.place] as expected\nfrom ('
    ~ normfreeze._inline_select(relation, artifact, outputs, ['src.normfreeze_probe'], none, 'normfreeze_key' if is_set else none)
    ~ ') as n\ncross join lateral (values ' ~ (pairs | join(', ')) ~ ') as o(place, feature, observed)'
    ~ '\njoin (select v.probe, v.key, v.place, cast(v.outputs as double precision[]) as outputs from (values ' ~ (expected | join(',\n    '))
    ~ ') as v(probe, key, place, outputs)) as e on e.probe = n.normfreeze_probe'
    ~ '\nwhere o.observed is distinct from e.outputs[o.place]') %}
{% endmacro %}
