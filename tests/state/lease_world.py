"""Applies that want one lease, in a world of virtual time whose adversary stops, kills and delays.

The real code runs, each process on threads of its own of which one runs at a time; whoever waits
hands on to whoever is due next. So a seed tells all that happens.
"""

import heapq
import random
import threading

from reconciler.errors import Contended, ReconcilerError
from reconciler.state.lease import DomainLease
from reconciler.state.lease_rule import LONGEST_CALL, RENEWED_EVERY
from reconciler.state.store import Stored

UNTIL = 1_500.0  # seconds of a round


class Dead(BaseException):
    """The process was killed, or the round is over."""


class World:
    """Virtual time, and who is due when."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now = 0.0
        self.due = []
        self.object = None
        self.writes = []  # (process, sent, arrives)
        self.ends = {}
        self._number = 0
        self._idle = threading.Semaphore(0)

    def at(self, moment, act):
        """Something that happens at a moment, in the order of moments."""
        self._number += 1
        heapq.heappush(self.due, (moment, self._number, act))

    def play(self):
        """Let everything happen."""
        while self.due:
            moment, _, act = heapq.heappop(self.due)
            self.now = max(self.now, moment)
            act()

    def spawn(self, process, work):
        """A thread of a process; it runs when the world hands it the baton."""
        mine = threading.Semaphore(0)

        def body():
            mine.acquire()
            process.batons[threading.get_ident()] = mine
            try:
                work()
            except Dead:
                pass
            except BaseException as error:  # noqa: BLE001 - the test tells
                self.ends[process.name] = error
            finally:
                self._idle.release()

        threading.Thread(target=body, daemon=True).start()
        self.at(process.begins, lambda: self.hand(mine))

    def hand(self, baton):
        """Let a thread run until it waits or ends."""
        baton.release()
        self._idle.acquire()

    def park(self, process, moment):
        """The running thread waits for a moment, longer where its process is stopped then."""
        baton = process.batons[threading.get_ident()]
        self.at(process.awake(moment), lambda: self.hand(baton))
        self._idle.release()
        baton.acquire()
        if self.now >= min(process.killed, UNTIL):
            raise Dead


class Process:
    """One apply: takes the lease, then writes for as long as it may."""

    def __init__(self, world, name):
        draw = world.random
        self.world, self.name, self.batons = world, name, {}
        self.begins = draw.choice([0.0, draw.uniform(0, 30), draw.uniform(0, 300)])
        self.offset = draw.uniform(-1e5, 1e5)  # its monotonic clock is nobody else's
        self.killed = draw.choice([UNTIL, UNTIL, UNTIL, draw.uniform(0, 900)])
        self.stops = [
            (start, start + draw.choice([5.0, 100.0, 130.0, 150.0, 185.0, 400.0]))
            for start in (draw.uniform(0, 700) for _ in range(draw.choice([0, 1, 2, 4])))
        ]
        self.lease = DomainLease(Store(self), "d", who=name, run=name, clock=self)
        self.done = self.rested = False

    def awake(self, moment):
        """When something that is due at a moment happens: not while the process is stopped."""
        for start, end in sorted(self.stops):
            if start <= moment < end:
                moment = end
        return moment

    def begin(self):
        """Be there."""
        self.world.spawn(self, self.apply)

    def apply(self):
        """What an apply does; its writes take up to the longest call."""
        self.lease.take(threading.Event(), lambda _: None)
        self.world.ends[self.name] = "held"
        self.begins = self.world.now
        self.world.spawn(self, self.renewing)
        for _ in range(self.world.random.randrange(5, 300)):
            self.sleep(self.world.random.uniform(0.1, 4.0))
            if self.lease.reason():
                self.world.ends[self.name] = "lost"
                break
            sent = self.world.now
            took = self.world.random.choice([0.1, 1.0, LONGEST_CALL])
            self.world.writes.append((self.name, sent, sent + took))
            self.sleep(took)
        self.done = True
        while not self.rested:
            self.sleep(1.0)
        self.lease.give_back()

    def renewing(self):
        """What the thread on the side does."""
        while not self.done:
            self.sleep(RENEWED_EVERY)
            if not self.done:
                self.lease.renew()
        self.rested = True

    def monotonic(self):
        """Its own clock."""
        return self.world.now + self.offset

    def sleep(self, seconds, stop=None):
        """Wait in virtual time."""
        self.world.park(self, self.world.now + seconds)


class Store:
    """One object, whose requests are late, lost, refused or answered to nobody."""

    def __init__(self, process):
        self.process, self.world = process, process.world
        self.name = "world"

    def get(self, key):
        """Read it, as it is at one moment of the call."""
        self.process.sleep(self.world.random.choice([0.01, 0.5, 5.0]))
        if self.world.random.random() < 0.003:
            self.process.sleep(60.0)
            raise ReconcilerError("no reply")
        found = self.world.object
        self.process.sleep(self.world.random.choice([0.01, 0.5, 5.0]))
        return found

    def put_new(self, key, content):
        """Write it where there is none."""
        return self._put(content, None)

    def put_over(self, key, content, etag):
        """Write over the one of this ETag."""
        return self._put(content, etag)

    def _put(self, content, etag):
        world, result = self.world, []
        chance = world.random.random()
        if chance < 0.05:
            self.process.sleep(0.2)
            raise Contended("409")
        late = world.random.choice([0.01, 0.01, 0.5, 10.0]) if chance < 0.8 else 0.0
        late = late or world.random.uniform(0, 200)  # long after whoever sent it gave up

        def arrives():
            if (world.object.etag if world.object else None) == etag:
                world.object = Stored(content, f"{hash(content):x}")
                result.append(world.object.etag)
            else:
                result.append(None)

        if chance < 0.93:  # else it never arrives
            world.at(world.now + late, arrives)
        answered = late < 55.0 and world.random.random() < 0.85 and chance < 0.93
        self.process.sleep(late + 0.02 if answered else 60.0)
        if not answered:
            raise ReconcilerError("no reply")
        if result[0] is None:
            raise Contended("412")
        return result[0]


def played(seed):
    """A round of two or three applies."""
    world = World(seed)
    for number in range(world.random.choice([2, 3, 4])):
        Process(world, f"p{number}").begin()
    world.play()
    return world
