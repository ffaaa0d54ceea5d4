"""How each kind of input is wired, for `docs/devices.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.abilities.devices.kinds.wired import Wired

if TYPE_CHECKING:
    from collections.abc import Mapping

INPUTS: Final[Mapping[str, Wired]] = {
    "button": Wired(
        "A push button.",
        (("pin", "one side"), ("GND", "the other")),
        'name = "sofa button"\nkind = "button"\npin = 4\nactions = [{ when = "held", do = "mute" }]',
        'It is `pressed`, `released`, and `held` after `held_after_ms`. One to 3V3 has `active = "high"`.',
    ),
    "contact": Wired(
        "A reed contact at a door or a window, or another that opens and closes.",
        (("pin", "one side"), ("GND", "the other")),
        'name = "garden door"\nkind = "contact"\npin = 7\n'
        'actions = [{ when = "opened", say = "The garden door is open." }]',
        "Closed, it connects the pin to ground. Over some metres of wire a resistor of 1 kΩ to 3V3 keeps noise away.",
    ),
    "motion": Wired(
        "A motion sensor (PIR).",
        (("pin", "OUT"), ("5V", "VCC, of most"), ("GND", "GND")),
        'name = "hall"\nkind = "motion"\npin = 8\nactions = [{ when = "motion", say = "Welcome home." }]',
        "Its OUT must not exceed 3.3 V, as those of HC-SR501 and AM312 do not. It stays high as long as it is set to.",
    ),
    "encoder": Wired(
        "A rotary encoder, such as a KY-040.",
        (("pin", "A, also called CLK"), ("b_pin", "B, also called DT"), ("GND", "its common pin, also called GND")),
        'name = "volume knob"\nkind = "encoder"\npin = 14\nb_pin = 15\n'
        'actions = [{ when = "right", do = "louder" }, { when = "left", do = "quieter" }]',
        "Each step counts once, however it bounces: its four edges have to come in order. "
        "A board with a + is given 3V3 there, never 5V. Its push button is a `button` of its own.",
    ),
    "distance": Wired(
        "How far something is, by the echo of a sound: HC-SR04.",
        (
            ("pin", "TRIG"),
            ("echo_pin", "ECHO, by a resistor of 1 kΩ, and one of 2 kΩ from the pin to GND"),
            ("5V", "VCC"),
            ("GND", "GND"),
        ),
        'name = "water butt"\nkind = "distance"\npin = 10\necho_pin = 11',
        "Its ECHO has 5 V, which would destroy the pin: the two resistors make 3.3 V of it. It measures 2 cm to 4 m.",
    ),
    "light": Wired(
        "How bright it is, by a photoresistor (LDR) such as a GL5528.",
        (
            ("pin", "one side of the LDR, and + of a capacitor of 1 µF"),
            ("3V3", "the other side of the LDR"),
            ("GND", "- of the capacitor"),
        ),
        'name = "window light"\nkind = "light"\npin = 9',
        "It is told in percent: 100 is daylight, 0 is 1 s of charging; each tenfold of the light is a third. What "
        "measures in lux, such as a BH1750 or VEML7700, is an `iio`.",
    ),
    "ds18b20": Wired(
        "A thermometer on the 1-Wire bus, DS18B20; many share a pin.",
        (("GPIO 4", "DQ, and a resistor of 4.7 kΩ to 3V3"), ("3V3", "VDD"), ("GND", "GND")),
        'name = "garden thermometer"\nkind = "ds18b20"\naddress = "28-0316a27946ff"\nroom = "garden"',
        "`dtoverlay=w1-gpio` in config.txt, and a restart; then `ls /sys/bus/w1/devices` shows its address, which one "
        "alone does not need.",
    ),
    "iio": Wired(
        "What the kernel's industrial I/O has a driver for: BME280, DHT22, light meters, MCP3008 and other converters.",
        (("SDA, SCL", "those of a sensor on I2C"), ("3V3", "VCC"), ("GND", "GND")),
        'name = "bedroom air"\nkind = "iio"\naddress = "bme280"\nroom = "bedroom"',
        "config.txt has its overlay, such as `dtoverlay=i2c-sensor,bme280`, `dtoverlay=dht11,gpiopin=4` or "
        "`dtoverlay=mcp3008,spi0-0-present`; after a restart `cat /sys/bus/iio/devices/*/name` tells what is there. "
        "Of a converter, `channel` is the voltage to read.",
    ),
    "cpu": Wired(
        "The thermometer of the processor.",
        (),
        'name = "processor"\nkind = "cpu"',
        "It is on every Pi.",
    ),
}
