from hardware.sound.relapse import WELL_S, Relapse


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_fault_is_news_and_the_next_only_after_a_good_while():
    clock = Clock()
    relapse = Relapse(clock)
    assert relapse.failed()
    relapse.works()
    clock.now += WELL_S - 0.1
    assert not relapse.failed()
    assert relapse.times == 2
    relapse.works()
    clock.now += WELL_S
    assert relapse.failed()
    assert relapse.times == 1


def test_what_fails_without_having_worked_is_no_news_however_late():
    clock = Clock()
    relapse = Relapse(clock)
    relapse.failed()
    clock.now += 10 * WELL_S
    assert not relapse.well
    assert not relapse.failed()


def test_being_well_counts_from_the_first_sign_of_it():
    clock = Clock()
    relapse = Relapse(clock)
    relapse.failed()
    for _ in range(10):
        relapse.works()
        clock.now += WELL_S / 10
    assert relapse.well
