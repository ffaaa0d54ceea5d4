"""The clocks of a conversation: a command sets one, and an event says that it ran out."""

from daemon.conversation.choice import Choice


class Timer(Choice):
    """The clocks that a conversation has set: one for each state and condition that must not last, two for a rest."""

    LISTENING = "listening"
    HEARING = "hearing"
    THINKING = "thinking"
    UNANSWERED = "unanswered"  # … and the brain at home is asked, for the service lets the request wait
    SPEAKING = "speaking"
    LINGER = "linger"  # the session stays open for the next request
    FAILURE = "failure"  # the light shows that something went wrong
    RINGING = "ringing"  # something rings, and nobody stops it
    RING_WAIT = "ring_wait"  # … it is held back by an exchange
    TELLING = "telling"  # a message is told
