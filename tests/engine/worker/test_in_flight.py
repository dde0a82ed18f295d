from __future__ import annotations

import pytest
from greenlet import GreenletExit

from loadtui.engine.worker.in_flight import InFlight


@pytest.fixture
def counts() -> InFlight:
    return InFlight()


@pytest.fixture
def session(counts: InFlight) -> object:
    class Session:
        def request(self, method: str, path: str, *, fail: BaseException | None = None) -> str:
            """Sends."""
            assert counts.now == 1
            if fail is not None:
                raise fail
            return f"{method} {path}"

        def get(self, path: str, **kwargs: object) -> str:
            return self.request("GET", path, **kwargs)  # type: ignore[arg-type]

    counts.watch(Session)
    return Session()


def test_a_request_is_in_flight_while_it_lasts(counts: InFlight, session: object) -> None:
    assert session.get("/a") == "GET /a"
    assert (counts.now, counts.killed) == (0, 0)
    assert session.request.__doc__ == "Sends."


@pytest.mark.parametrize(
    ("error", "killed"), [(ValueError("x"), 0), (GreenletExit(), 1), (KeyboardInterrupt(), 0)]
)
def test_one_that_raises_is_over(
    counts: InFlight, session: object, error: BaseException, killed: int
) -> None:
    with pytest.raises(type(error)) as raised:
        session.get("/a", fail=error)
    assert raised.value is error
    assert (counts.now, counts.killed) == (0, killed)
