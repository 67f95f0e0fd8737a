{#- What no_drift compares rows with where there is no extension: of each feature the moments, and the bins of drift_bins()
    with the counts of the training set: below, within, above, missing. -#}
{% macro _evidence_sql(id) %}
  {% do return("(select jsonb_build_object('evidence_format', 1, 'scaler_id', " ~ id ~ "::text, 'features', jsonb_agg(jsonb_build_object("
    ~ "'name', b.feature, 'mean', b.mean, 'std', b.std, 'lower', b.lower, 'upper', b.upper, 'counts', b.counts) order by b.ordinal))::text"
    ~ " from (select b.ordinal, b.feature, d.mean, d.std, jsonb_agg(b.lower order by b.bin) filter (where b.kind = 'within') as lower,"
    ~ " max(b.upper) filter (where b.kind = 'within') as upper, jsonb_agg(b.reference_rows order by b.bin) as counts"
    ~ ' from normfreeze.profile_of(' ~ id ~ ') as p cross join lateral normfreeze.drift_bins(p, p) as b'
    ~ ' join lateral normfreeze.describe(p) as d on d.ordinal = b.ordinal'
    ~ ' where p is not null and b.feature = any(normfreeze.feature_names(' ~ id ~ ')) group by b.ordinal, b.feature, d.mean, d.std) as b'
    ~ ' having count(*) > 0)') %}
{% endmacro %}
