"""examples/freertos: it says what it needs. Where FREERTOS= and LWIP= are in the environment, it is built
with these sources, and sends on an emulated board; neither is in this tree, nor fetched for it."""

import os
import subprocess

import pytest
from board import BY_DHCP, IMPLICIT, STARTTLS, Board, Settings
from conftest import TESTS, TOP
from test_firmware import accepted, check_mail

GIVEN = [f"{name}={os.environ[name]}" for name in ("FREERTOS", "LWIP") if name in os.environ]


def make(*variables):
    return subprocess.run(["make", "-s", "-j2", "-f", "examples/freertos/freertos.mk", *variables], cwd=TOP,
                          text=True, capture_output=True)


@pytest.mark.parametrize("variables, says", [
    (["FREERTOS=", "LWIP="], "FREERTOS=DIR says where the FreeRTOS kernel is"),
    (["FREERTOS=/nowhere", "LWIP="], "FREERTOS=/nowhere: no tasks.c there"),
    (["FREERTOS={here}", "LWIP="], "LWIP=DIR says where lwIP is"),
    (["FREERTOS={here}", "LWIP={here}", "BEARSSL=/nowhere"], "BEARSSL=/nowhere: no src/inner.h there"),
])
def test_says_what_is_missing(tmp_path, variables, says):
    """And builds nothing."""
    for path in ("tasks.c", "src/include/lwip/opt.h"):
        (tmp_path / "here" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "here" / path).touch()
    run = make(f"EXAMPLE_OUT={tmp_path}/out", *(each.format(here=tmp_path / "here") for each in variables))
    assert run.returncode != 0 and says in run.stderr
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def images(certificates):
    subprocess.run([TESTS / "sources.sh", "bearssl"], check=True)
    run = make(*GIVEN)
    assert run.returncode == 0, run.stderr


def sends(sink, directory, image, readings, **settings):
    """Two alerts, one after the other, and no stack is too small for them."""
    device = Board(f"freertos/{image}", Settings(sink.port, readings=readings, **settings), directory)
    try:
        for number in (1, 2):
            assert accepted(device.alert())
            check_mail(sink, readings, number)
        assert device.end() == 0
        measures = device.measures()
        assert measures and all(used < size for _, used, size in measures)
    finally:
        device.stop()


if GIVEN:
    @pytest.mark.parametrize("image", ["one-task", "threads"])
    @pytest.mark.parametrize("chain", ["p256", "rsa"])
    def test_sends(images, sink, tmp_path, image, chain):
        sends(sink(chain=chain), tmp_path, image, 3)

    @pytest.mark.parametrize("image", ["one-task", "threads"])
    def test_sends_long_message_from_dhcp_address(images, sink, tmp_path, image):
        sends(sink("--implicit", chain="rsa"), tmp_path, image, 3000, address=BY_DHCP, security=IMPLICIT)
