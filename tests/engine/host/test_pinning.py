from loadtui.engine.host.pinning import cpu_shares


def test_each_worker_gets_a_core_and_the_host_the_first() -> None:
    assert cpu_shares([0, 1, 2, 3], 2) == ([1, 2], [0, 3])


def test_more_workers_than_cores_share_all_but_the_first() -> None:
    assert cpu_shares([4, 6, 7], 3) == ([6, 7, 6], [4])


def test_a_single_core_is_shared() -> None:
    assert cpu_shares([5], 2) == ([5, 5], [5])
