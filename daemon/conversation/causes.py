"""Why there is no session, and what else the household is told."""

from daemon.conversation.choice import Choice


class Cause(Choice):
    """Why there is no session: each is heard and shown as something different."""

    NO_NETWORK = "no_network"  # name lookup, routing, connection refused
    TIMEOUT = "timeout"  # connected to, but no answer in time
    CLOCK = "clock"  # the certificate is not yet valid: this machine's clock is wrong
    CERTIFICATE = "certificate"  # any other fault of the server's certificate
    KEY_MISSING = "key_missing"
    KEY_REFUSED = "key_refused"
    KEY_BARRED = "key_barred"  # the key is good, but its project may not use this service
    MODEL_UNKNOWN = "model_unknown"
    MODEL_RETIRED = "model_retired"  # it existed, and is offered no longer
    SETUP_REFUSED = "setup_refused"  # the service does not accept our configuration
    REGION = "region"  # the service is not offered where this machine is, or seems to be
    QUOTA = "quota"
    SPENDING_CAP = "spending_cap"  # the project's own limit of money is reached, or what was paid in advance is used up
    OVERLOADED = "overloaded"  # the service has trouble of its own
    LOST = "lost"  # an open session ended without our doing
    NO_REPLY = "no_reply"  # the model was asked and did not answer in time
    BUDGET = "budget"  # what the settings allow to be spent is spent
    BROKER = "broker"  # the token broker cannot be reached, or does not answer as one
    BROKER_REFUSED = "broker_refused"  # the token broker does not take this device's secret, or there is none
    HOME = "home"  # the brain of this machine, which is to answer, cannot
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the service takes a token no more: expired, spent, revoked

    @property
    def passing(self) -> bool:
        """Whether trying again at once may help."""
        return self in {Cause.LOST, Cause.OVERLOADED, Cause.TOKEN_REFUSED}

    @property
    def unreachable(self) -> bool:
        """Whether nothing was heard of the service, or no more: it may be reached again without anybody's doing."""
        return self in {Cause.NO_NETWORK, Cause.TIMEOUT, Cause.LOST, Cause.NO_REPLY, Cause.BROKER}


class Notice(Choice):
    """What the household is told though nothing has failed."""

    DAY_NEARLY_SPENT = "day_nearly_spent"
    MONTH_NEARLY_SPENT = "month_nearly_spent"
    SPEAKER_BACK = "speaker_back"
    AT_HOME = "at_home"  # the brain of this machine has answered, in the place of the service
