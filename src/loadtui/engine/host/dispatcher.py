"""Which users run on which worker, with counts per user class where a stage gives them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any

import gevent
from locust.dispatch import UsersDispatcher

UsersOnWorkers = dict[str, dict[str, int]]


class ClassTargets:
    """The user count each class is to have; None: Locust shares the total out by weight."""

    def __init__(self) -> None:
        self.counts: dict[str, int] | None = None


class StageDispatcher(UsersDispatcher):
    """Locust's dispatcher, which also moves classes up and down independently.

    Locust can only aim at a total: a stage with users = {A = 8, B = 2} after one with
    {A = 2, B = 8} would change nothing, and a raised fixed_count adds nobody.
    """

    _users_on_workers: UsersOnWorkers
    _try_dispatch_fixed: bool

    def __init__(self, targets: ClassTargets, worker_nodes: list[Any], user_classes: list[Any]):
        self._targets = targets
        super().__init__(worker_nodes, user_classes)

    def shares(self, total: int) -> dict[str, int]:
        """How Locust would share so many users out among the classes, starting from nobody."""
        present = self._users_on_workers, self._try_dispatch_fixed
        self._users_on_workers, self._try_dispatch_fixed = {}, True
        users_on_workers, *_ = super()._distribute_users(total)
        self._users_on_workers, self._try_dispatch_fixed = present
        shares = Counter({c.__name__: 0 for c in self._original_user_classes})
        for users in users_on_workers.values():
            shares.update(users)
        return dict(shares)

    def _dispatcher(self) -> Generator[UsersOnWorkers, None, None]:
        if self._targets.counts is None:
            return super()._dispatcher()  # type: ignore[no-any-return]
        return self._by_class(self._targets.counts)

    def _by_class(self, wanted: dict[str, int]) -> Generator[UsersOnWorkers, None, None]:
        self._dispatch_in_progress = True
        self._rebalance = False
        while True:
            left = self._approach(wanted, self._user_count_per_dispatch_iteration)
            yield self._users_on_workers
            if not left:
                break
            gevent.sleep(self._wait_between_dispatch)
        self._dispatch_in_progress = False

    def _approach(self, wanted: dict[str, int], steps: int) -> bool:
        """Start or stop up to `steps` users; True while some remain to be started or stopped."""
        have = Counter(user for _, user in self._active_users)
        for _ in range(steps):
            gaps = {name: wanted.get(name, 0) - have[name] for name in {*wanted, *have}}
            gaps = {name: gap for name, gap in gaps.items() if gap}
            if not gaps:
                return False
            name = max(gaps, key=lambda name: (abs(gaps[name]) / max(wanted.get(name, 0), 1), name))
            if gaps[name] > 0:
                self._add(name)
                have[name] += 1
            else:
                self._remove(name)
                have[name] -= 1
        return any(wanted.get(name, 0) != have[name] for name in {*wanted, *have})

    def _add(self, name: str) -> None:
        worker = next(self._worker_node_generator)
        self._users_on_workers[worker.id][name] += 1
        self._active_users.append((worker, name))
        self._current_user_count += 1

    def _remove(self, name: str) -> None:
        for index in range(len(self._active_users) - 1, -1, -1):
            worker, user = self._active_users[index]
            if user == name:
                del self._active_users[index]
                self._users_on_workers[worker.id][name] -= 1
                self._current_user_count -= 1
                return

    def _distribute_users(
        self, target_user_count: int
    ) -> tuple[UsersOnWorkers, Iterator[str | None], Any, list[Any]]:
        """Share the present users out anew, after a worker came or went."""
        if self._targets.counts is None:
            return super()._distribute_users(target_user_count)  # type: ignore[no-any-return]
        workers = itertools.cycle(self._worker_nodes)
        active = [(next(workers), user) for _, user in self._active_users]
        users: UsersOnWorkers = {
            worker.id: {c.__name__: 0 for c in self._original_user_classes}
            for worker in self._worker_nodes
        }
        for worker, user in active:
            users[worker.id][user] += 1
        return users, self._user_gen(), workers, active
