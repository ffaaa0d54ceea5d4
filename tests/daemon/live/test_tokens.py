"""A token is a secret."""

from daemon.live.tokens import Token


def test_it_is_not_shown() -> None:
    assert "auth_tokens/x" not in repr(Token("auth_tokens/x", 60))
