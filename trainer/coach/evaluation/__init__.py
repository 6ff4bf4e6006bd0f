"""How good a coach is: what it says about held-out sets, read by the second checker (`trainer.coach.judge`)."""
