"""Train, diagnose and fix: what a trained Res-TCN has learnt, where it is weak, and a refined network for just that."""
