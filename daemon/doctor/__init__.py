"""`pipit doctor`: what is wrong with this machine, one sentence and one fix each."""
