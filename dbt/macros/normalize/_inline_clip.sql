{% macro _inline_clip(step, y) %}
  {% if not step.options.get('clip') and 'clip' not in step %}
    {% do return(y) %}
  {% endif %}
  {% set range = step.clip if 'clip' in step else step.options.get('feature_range', [-1, 1]) %}
  {% set low = normfreeze.inline_number(range[0]) %}
  {% set high = normfreeze.inline_number(range[1]) %}
  {#- NaN, which SQL takes for the greatest number, stays -#}
  {% do return('case when ' ~ y ~ " = 'NaN' then " ~ y ~ ' when ' ~ y ~ ' < ' ~ low ~ ' then ' ~ low
               ~ ' when ' ~ y ~ ' > ' ~ high ~ ' then ' ~ high ~ ' else ' ~ y ~ ' end') %}
{% endmacro %}
