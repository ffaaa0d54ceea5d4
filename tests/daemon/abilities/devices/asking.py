"""What a model asks of devices, does and takes back."""

from typing import Any

from daemon.abilities.devices.tools import device_tools
from daemon.abilities.devices.working.gate import Gate
from daemon.conversation.tool_call import ToolCall
from daemon.tools.tool import Answer, Toolbox
from daemon.tools.undo import Undo
from tests.daemon.tools.outputs import Bounds, Clock, Pretended

LAMP_PIN, LIGHT_PIN = 17, 12


async def ask(toolbox: Toolbox, name: str, **arguments: Any) -> Answer:
    return await toolbox.call(ToolCall("1", name, arguments))


def tools_for(*outputs: Pretended) -> Toolbox:
    clock = Clock()
    gate = Gate([(output, Bounds()) for output in outputs], now=clock, schedule=clock.schedule)
    return Toolbox(device_tools(outputs, gate))


async def undone(toolbox: Toolbox, name: str, **arguments: Any) -> bool:
    """Do it, and take it back."""
    undo = Undo()
    await toolbox.call(ToolCall("1", name, arguments), undo=undo)
    return bool(undo) and await undo.run()
