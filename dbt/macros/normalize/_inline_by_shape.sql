{#- The expression that the macro `of` writes of a feature and x, for whichever key a row has; other: of a key that the set does not have. -#}
{% macro _inline_by_shape(slot, of, x, other='cast(null as double precision)') %}
  {% if not slot.keyed %}
    {% do return(of(slot.shapes[0], x)) %}
  {% endif %}
  {% set cases = ['when q.k is null then ' ~ (of(slot.other, x) if slot.other else other)] %}
  {% for shape in slot.shapes[:-1] %}
    {% do cases.append('when q.p[' ~ slot.place ~ '] = ' ~ loop.index ~ ' then ' ~ of(shape, x)) %}
  {% endfor %}
  {% do return('case ' ~ (cases | join(' ')) ~ ' else ' ~ of(slot.shapes[-1], x) ~ ' end') %}
{% endmacro %}
