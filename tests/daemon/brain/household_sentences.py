"""What a household asks for all day, and the calls that shall come of it, on Sunday 2026-11-22 at 14:05.

The phrases were worked on with `TUNED` in sight; `MEASURED` was written before them, and only counted.
"""

from typing import Any, Final

Calls = list[tuple[str, dict[str, Any]]]

WEEKDAYS: Final = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
LIST: Final = ("list_timers", {})


def timer(seconds: int, name: str = "") -> Calls:
    return [("set_timer", {"seconds": seconds, **({"name": name} if name else {})})]


def alarm(at: str, repeat: str = "") -> Calls:
    return [("set_alarm", {"at": at, **({"repeat": repeat} if repeat else {})})]


def remind(text: str, **when: Any) -> Calls:
    return [("set_reminder", {"text": text, **when})]


def plan(device: str, state: str, **when: Any) -> Calls:
    return [("plan_device", {"device": device, "state": state, **when})]


def change(which: str, what: str, **more: Any) -> Calls:
    return [("change_timer", {"which": which, "change": what, **more})]


def looked(which: str, what: str, **more: Any) -> Calls:
    return [LIST, *change(which, what, **more)]


def volume(percent: int, of: str = "voice") -> Calls:
    return [("set_volume", {"percent": percent, "of": of})]


def turn(direction: str, of: str = "voice", **more: Any) -> Calls:
    return [("change_volume", {"direction": direction, "of": of, **more})]


def ask(of: str = "voice") -> Calls:
    return [("get_volume", {"of": of})]


def quiet(**when: Any) -> Calls:
    return [("do_not_disturb", when)]


END: Final[Calls] = [("end_conversation", {})]
ASKED: Final[Calls] = [LIST]
NOTHING: Final[Calls] = []

TUNED: Final[dict[str, Calls]] = {
    "set a timer for ten minutes": timer(600),
    "Set a pasta timer for eight minutes.": timer(480, "pasta"),
    "ten minute timer": timer(600),
    "start a timer of one and a half hours": timer(5400),
    "start a timer for an hour and a half": timer(5400),
    "start a timer of ninety seconds": timer(90),
    "set a timer for half an hour": timer(1800),
    "set a timer of a quarter of an hour please": timer(900),
    "set a timer for 2h": timer(7200),
    "set a timer for 90 s": timer(90),
    "set a tmier for 5 minutes": timer(300),
    "could you set a timer for 20 minutes?": timer(1200),
    "set a timer for 12 minutes for the potatoes": timer(720, "potatoes"),
    "timer for 1.5 hours": timer(5400),
    "how long is left": ASKED,
    "how long is left on the pasta timer?": ASKED,
    "what timers are there": ASKED,
    "cancel the pasta timer": change("pasta", "cancel"),
    "cancel all timers": [LIST, *change("3", "cancel"), *change("5", "cancel")],
    "cancel everything that is set": change("all", "cancel"),
    "add five minutes to the pasta timer": change("pasta", "extend", seconds=300),
    "pause the pasta timer": change("pasta", "pause"),
    "pause the timer": looked("3", "pause"),
    "resume the timer": looked("5", "resume"),
    "wake me at seven": alarm("2026-11-23T07:00"),
    "wake me at half past six tomorrow": alarm("2026-11-23T06:30"),
    "set an alarm for seven thirty on weekdays": alarm("2026-11-23T07:30", WEEKDAYS),
    "set an alarm for seven thirty p m": alarm("2026-11-22T19:30"),
    "set an alarm for 7:30 a.m. every day": alarm("2026-11-23T07:30", "FREQ=DAILY"),
    "set an alarm for eight every monday": alarm("2026-11-23T08:00", "FREQ=WEEKLY;BYDAY=MO"),
    "set an alarm for nine on saturday": alarm("2026-11-28T09:00"),
    "wake me up at quarter to six": alarm("2026-11-23T05:45"),
    "snooze": change("last", "snooze"),
    "snooze for five minutes": change("last", "snooze", seconds=300),
    "stop the alarm": looked("8", "cancel"),
    "skip the next alarm": looked("8", "skip_next"),
    "cancel the alarm": looked("8", "cancel"),
    "cancel the reminder": looked("11", "cancel"),
    "what alarms are set": ASKED,
    "what reminders do I have": ASKED,
    "remind me in twenty minutes to call mum": remind("call mum", seconds=1200),
    "remind me at six to take the bins out": remind("take the bins out", at="2026-11-22T18:00"),
    "remind me to water the plants tomorrow at noon": remind("water the plants", at="2026-11-23T12:00"),
    "remind me every monday at 9 am to write the report": remind(
        "write the report", at="2026-11-23T09:00", repeat="FREQ=WEEKLY;BYDAY=MO"
    ),
    "turn the fan off in twenty minutes": plan("fan", "off", seconds=1200),
    "turn the lamp on at seven on weekdays": plan("lamp", "on", at="2026-11-23T07:00", repeat=WEEKDAYS),
    "turn off the fan at seven on weekdays": plan("fan", "off", at="2026-11-23T07:00", repeat=WEEKDAYS),
    "at 8 pm turn on the kitchen light": plan("kitchen light", "on", at="2026-11-22T20:00"),
    "louder": turn("louder"),
    "quieter please": turn("quieter"),
    "turn it up": turn("louder"),
    "turn it down": turn("quieter"),
    "turn the volume up by 20 percent": turn("louder", percent=20),
    "volume to forty percent": volume(40),
    "set the volume to 40": volume(40),
    "alarm volume to fifty percent": volume(50, "alarm"),
    "what is the volume": ask(),
    "stop": END,
    "be quiet": END,
    "never mind": END,
    "that's all": END,
    "That's all, thank you.": END,
    "goodbye": END,
    "do not disturb": quiet(),
    "do not disturb until eight": quiet(until="2026-11-22T20:00"),
    "do not disturb for two hours": quiet(seconds=7200),
    "you may talk again": quiet(on=False),
    "You may disturb again.": quiet(on=False),
    "end do not disturb": quiet(on=False),
    "don't set a timer": NOTHING,
    "do not set a timer for ten minutes": NOTHING,
    "I set a timer for ten minutes yesterday": NOTHING,
    "did you set a timer for ten minutes": NOTHING,
    "don't turn the fan off in twenty minutes": NOTHING,
    "set a timer": NOTHING,
    "set a timer for blue minutes": NOTHING,
    "turn on the lamp at sunset": NOTHING,
    "What devices are on": [("list_devices", {})],
    "turn on the fan": [("set_device", {"device": "fan", "state": "on"})],
}

MEASURED: Final[dict[str, Calls]] = {
    "please start a 3 minute egg timer": timer(180, "egg"),
    "make a timer for forty five seconds": timer(45),
    "set timer 10 minutes": timer(600),
    "set the timer for 25 min": timer(1500),
    "I need a timer for a quarter of an hour": timer(900),
    "start a tea timer for 4 minutes": timer(240, "tea"),
    "new timer, two hours and ten minutes": timer(7800),
    "count down from thirty seconds": timer(30),
    "set another timer for an hour and twenty minutes": timer(4800),
    "timer 15 minutes": timer(900),
    "put the pizza timer on for 12 minutes": timer(720, "pizza"),
    "how much time is left on the tea timer": ASKED,
    "how many minutes are left": ASKED,
    "which timers are running": ASKED,
    "list my timers": ASKED,
    "do I have any alarms": ASKED,
    "when is my next alarm": ASKED,
    "delete the tea timer": change("tea", "cancel"),
    "stop the pasta timer": change("pasta", "cancel"),
    "give the pasta timer two more minutes": change("pasta", "extend", seconds=120),
    "extend the pasta timer by ten minutes": change("pasta", "extend", seconds=600),
    "continue the tea timer": change("tea", "resume"),
    "cancel my alarms": looked("8", "cancel"),
    "wake me tomorrow at 6:45": alarm("2026-11-23T06:45"),
    "wake us up at 8 o'clock": alarm("2026-11-23T08:00"),
    "alarm at six thirty every weekday": alarm("2026-11-23T06:30", WEEKDAYS),
    "set my alarm for 05:50": alarm("2026-11-23T05:50"),
    "set an alarm for tomorrow at nine": alarm("2026-11-23T09:00"),
    "wake me up on Thursday at ten past seven": alarm("2026-11-26T07:10"),
    "every saturday wake me at ten": alarm("2026-11-28T10:00", "FREQ=WEEKLY;BYDAY=SA"),
    "ten more minutes of sleep": change("last", "snooze", seconds=600),
    "turn off the alarm": looked("8", "cancel"),
    "remind me to check the oven in ten minutes": remind("check the oven", seconds=600),
    "remind me tomorrow at ten to phone the dentist": remind("phone the dentist", at="2026-11-23T10:00"),
    "in half an hour remind me to leave": remind("leave", seconds=1800),
    "set a reminder for 5 pm to feed the cat": remind("feed the cat", at="2026-11-22T17:00"),
    "remind me about the laundry in 40 minutes": remind("the laundry", seconds=2400),
    "switch on the coffee machine at 6:30 every weekday": plan(
        "coffee machine", "on", at="2026-11-23T18:30", repeat=WEEKDAYS
    ),
    "in five minutes switch off the kitchen light": plan("kitchen light", "off", seconds=300),
    "switch the lamp off tonight at eleven": plan("lamp", "off", at="2026-11-22T23:00"),
    "fan off in an hour": plan("fan", "off", seconds=3600),
    "turn the fan on in an hour and a half please": plan("fan", "on", seconds=5400),
    "a bit louder please": turn("louder"),
    "make it quieter": turn("quieter"),
    "speak up": turn("louder"),
    "you are too loud": turn("quieter"),
    "turn down the volume": turn("quieter"),
    "set the alarm volume to 80%": volume(80, "alarm"),
    "volume 30": volume(30),
    "set volume to sixty percent": volume(60),
    "how loud are the alarms": ask("alarm"),
    "what's the volume right now": ask(),
    "stop talking": END,
    "shut up": END,
    "no thanks, that's all": END,
    "bye": END,
    "that will be all": END,
    "do not disturb me until half past nine tomorrow": quiet(until="2026-11-23T09:30"),
    "don't disturb me for an hour": quiet(seconds=3600),
    "turn off do not disturb": quiet(on=False),
    "please never set a timer for ten minutes": NOTHING,
    "she set an alarm for seven": NOTHING,
    "why did you wake me at seven": NOTHING,
    "if it rains remind me to close the window": NOTHING,
    "should I set a timer for ten minutes": NOTHING,
    "the volume of the box is forty litres": NOTHING,
}
