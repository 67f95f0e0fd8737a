{#- On a seed of artifacts: mode="inline" makes of the probe inputs that an artifact carries the outputs it carries,
    on this very server.  An artifact whose numbers were edited fails; so it is the proof where the extension,
    which would check the fingerprint, is not. -#}
{% test probes_agree(model, scaler_name=none, scaler_version=none) %}
  {%- if not execute -%}
    {%- do return('') -%}
  {%- endif -%}
  {%- set artifact = normfreeze._scaler_artifact(model, scaler_name, scaler_version) -%}
  {%- if artifact is none and normfreeze._is_building() -%}
    {%- do normfreeze._fail(model ~ ' has no artifact: dbt seed') -%}
  {%- elif artifact is none -%}
    {%- do return('select null as probe where false') -%}
  {%- endif -%}
  {{ normfreeze.probe_mismatches(artifact) }}
{% endtest %}
