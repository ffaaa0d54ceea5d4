"""Timers, alarms, reminders, and what devices shall do later."""
