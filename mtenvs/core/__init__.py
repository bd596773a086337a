"""The contracts that every environment keeps; needs gymnasium and numpy, nothing else."""
