"""Forms that Argo lacks, or gets wrong, as tasks and DAGs that it runs well."""
