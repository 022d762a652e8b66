"""Wire languages: translation and nothing else."""
