"""A sandbox inside another program."""

import io
import threading

import pytest

from reconciler.sandbox.api import Embedded, SandboxError


def test_it_can_be_closed_twice_and_leaves_no_thread(start):
    before = threading.active_count()
    sandbox = start()
    assert threading.active_count() == before + 1
    sandbox.close()
    sandbox.close()
    assert threading.active_count() == before


def test_a_block_closes_it(tmp_path):
    with Embedded(tmp_path / "x.db") as sandbox:
        assert sandbox.url.startswith("http://127.0.0.1:")
    with Embedded(tmp_path / "x.db") as again:
        assert again.url


def test_a_taken_port_is_said_so(start, tmp_path):
    port = int(start().url.rpartition(":")[2])
    with pytest.raises(SandboxError, match=f"cannot listen on 127.0.0.1 port {port}"):
        Embedded(tmp_path / "x.db", port=port)


def test_a_call_that_is_slow_does_not_hold_up_closing(start, connect, seeded):
    sandbox = start(faults=[{"kind": "delay", "seconds": 60}])
    client = connect(sandbox.url, timeout=0.05)
    with pytest.raises(Exception, match="timeout"):
        client.get_domain(domainId=seeded.domain)
    sandbox.close()


def test_calls_are_counted_by_operation_and_recorded(sandbox, care):
    care.client.get_domain(domainId=care.domain)
    care.client.get_domain(domainId=care.domain)
    assert sandbox.calls.counts == {"GetDomain": 2}
    assert [record.operation for record in sandbox.calls.records] == ["GetDomain"] * 2
    assert len({record.request_id for record in sandbox.calls.records}) == 2
    sandbox.calls.clear()
    assert sandbox.calls.counts == {}


def test_an_access_log_has_a_line_per_call_and_no_values(start, connect, care_of, clock):
    log = io.StringIO()
    sandbox = start(access_log=log, clock=clock)
    care = care_of(connect(sandbox.url))
    case = care.create({"Note": "secret"})
    care.update(case, {"Note": "secret"})
    with pytest.raises(Exception, match="was not found"):
        care.read("a/b", "title")
    lines = log.getvalue().splitlines()
    assert len(lines) == 3
    time, operation, logged, status, took, unit, request = lines[1].split()
    assert (time, operation, logged) == ("2026-11-23T09:00:00.000Z", "UpdateCase", case)
    assert (status, took, unit, len(request)) == ("200", "0.0", "ms", 36)
    assert "GetCase a/b 404 ResourceNotFoundException" in lines[2]
    assert "secret" not in log.getvalue()


def test_latency_is_added_to_every_call(start, connect, seeded):
    sandbox = start(latency_ms=30)
    connect(sandbox.url).get_domain(domainId=seeded.domain)
    assert sandbox.calls.records[-1].milliseconds >= 30


@pytest.mark.parametrize("wrong", [{"quota_scale": 0}, {"latency_ms": -1}, {"port": 70000}])
def test_wrong_options_are_refused(tmp_path, wrong):
    with pytest.raises(SandboxError):
        Embedded(tmp_path / "x.db", **wrong)
