{% macro _inline_finish(feature, y) %}
  {% if feature.constant and feature.if_constant == 'null' %}
    {% do return('cast(null as double precision)') %}
  {% endif %}
  {% if not feature.options.get('clip') %}
    {% do return(y) %}
  {% endif %}
  {% set range = feature.options.get('feature_range', [-1, 1]) %}
  {% set low = normfreeze.inline_number(range[0]) %}
  {% set high = normfreeze.inline_number(range[1]) %}
  {#- NaN, which SQL takes for the greatest number, stays -#}
  {% do return('case when ' ~ y ~ " = 'NaN' then " ~ y ~ ' when ' ~ y ~ ' < ' ~ low ~ ' then ' ~ low
               ~ ' when ' ~ y ~ ' > ' ~ high ~ ' then ' ~ high ~ ' else ' ~ y ~ ' end') %}
{% endmacro %}
