"""The living demo: real divisions, invented people and findings, told through the services by those who would act."""
