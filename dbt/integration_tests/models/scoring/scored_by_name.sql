{{ config(materialized='table') }}

-- depends_on: {{ ref('churn_scaler') }}
{{ normfreeze.normalize(ref('live_customers'), target.schema ~ '.churn_scaler@latest') }}
