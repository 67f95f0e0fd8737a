{{ config(materialized='table') }}

{{ normfreeze.normalize(ref('live_customers'), ref('frozen_scalers'), mode='inline', name='dev.churn_scaler', version=1) }}
