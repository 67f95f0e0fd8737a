{{ config(materialized='view') }}

{{ normfreeze.normalize(ref('live_customers'), ref('churn_scaler'), columns=['tenure', 'age'], passthrough=['id', 'age', 'plan'],
                        suffix='_scaled', where='src.id < 1000') }}
