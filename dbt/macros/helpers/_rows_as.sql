{#- FROM: the rows of a relation, a CTE's name or a subquery, under an alias.  With --empty or --sample a Relation
    renders as a subquery that brings an alias of its own. -#}
{% macro _rows_as(relation, alias) %}
  {% if normfreeze._is_relation(relation) and (relation.limit is not none or relation.event_time_filter) %}
    {% do return('(select * from ' ~ relation ~ ') as ' ~ alias) %}
  {% endif %}
  {% do return(relation ~ ' as ' ~ alias) %}
{% endmacro %}
