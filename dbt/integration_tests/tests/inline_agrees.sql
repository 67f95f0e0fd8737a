-- the bits of plain SQL are those of the extension, for every policy that inline knows, and hostile names
{{ disagreements(ref('edge_cases'), ref('clipped_scaler')) }}
union all
{{ disagreements(ref('edge_cases'), ref('churn_scaler')) }}
union all
{{ disagreements(ref('hostile_rows'), ref('hostile_scaler')) }}
