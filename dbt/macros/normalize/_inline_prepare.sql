{% macro _inline_prepare(feature, x) %}
  {% set missing = x ~ ' is null or ' ~ x ~ " = 'NaN'" %}
  {% set cases = [] %}
  {% if 'imputed' in feature %}
    {% do cases.append('when ' ~ missing ~ ' then ' ~ normfreeze.inline_number(feature.imputed)) %}
  {% elif feature.missing == 'nan' %}
    {% do cases.append('when ' ~ missing ~ " then cast('NaN' as double precision)") %}
  {% elif feature.missing == 'error' %}
    {% do cases.append('when ' ~ missing ~ ' then ' ~ normfreeze.inline_error('feature "' ~ feature.name ~ '" is missing: ', x)) %}
  {% elif feature.missing == 'keep' %}
    {% do cases.append('when ' ~ missing ~ ' then ' ~ x) %}
  {% else %}
    {% do normfreeze._fail('the artifact has an unknown policy for missing values: ' ~ feature.missing) %}
  {% endif %}
  {% if feature.outside != 'keep' %}
    {% set low = normfreeze.inline_number(feature.range[0]) %}
    {% set high = normfreeze.inline_number(feature.range[1]) %}
    {% if feature.outside == 'clip' %}
      {% do cases.append('when ' ~ x ~ ' < ' ~ low ~ ' then ' ~ low) %}
      {% do cases.append('when ' ~ x ~ ' > ' ~ high ~ ' then ' ~ high) %}
    {% elif feature.outside in ['null', 'error'] %}
      {% set then = 'null' if feature.outside == 'null' else normfreeze.inline_error('feature "' ~ feature.name
           ~ '" is outside the ' ~ ('range: ' if 'range_rule' in feature else 'training range: '), x) %}
      {% do cases.append('when ' ~ x ~ ' < ' ~ low ~ ' or ' ~ x ~ ' > ' ~ high ~ ' then ' ~ then) %}
    {% else %}
      {% do normfreeze._fail('the artifact has an unknown policy for values outside the range: ' ~ feature.outside) %}
    {% endif %}
  {% endif %}
  {% if feature.missing == 'keep' and feature.outside == 'keep' %}
    {% do return(x) %}
  {% endif %}
  {% do return('case ' ~ (cases | join(' ')) ~ ' else ' ~ x ~ ' end') %}
{% endmacro %}
