"""`pipit chat`, `ask` and `voices`: the Live session without the appliance, for whoever wants to try it."""
