"""What the documents show is true: the example sends, the flights are those of a session."""

import pathlib
import re
import shutil
import subprocess

import readme
from conftest import CERTS, PASSWORD, RELEASE, TESTS, TOP, USER

def test_readme_example_is_short():
    assert len(readme.example().splitlines()) <= 40


def test_readme_example_sends(sink, tmp_path):
    """Compiled by both compilers, linked with a port and with anchors, and used."""
    anchors = tmp_path / "anchors.c"
    with anchors.open("w") as file:
        subprocess.run([RELEASE, "anchors", "--name", "port_anchors", CERTS / "root-p256.pem"],
                       stdout=file, check=True)
    for compiler in ("gcc", "clang"):
        program = readme.build(tmp_path / compiler, readme.example(), anchors, compiler)
        server = sink("--implicit", chain="p256")
        run = subprocess.run([program, str(server.port), USER, PASSWORD])
        assert run.returncode == 0
        session = server.session()
        assert session["faults"] == [] and session["messages"][0]["accepted"]
        assert session["tls"]["cipher"] == "ECDHE-ECDSA-AES128-GCM-SHA256"  # the small profile's


def blocks(path):
    text = path.read_text()
    return (re.search(r"<!-- flights:.*?-->\n(.*?)<!-- end of flights", text, re.S)[1],
            re.search(r"<!-- ClientHello:.*?-->\n(.*?)<!-- end of ClientHello", text, re.S)[1])


def shape(table):
    """Rows without what differs from run to run: Postfix's queue id, and octet counts by it."""
    rows = []
    for line in table.strip().splitlines()[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        cells[3] = re.sub(r"queued as \w+", "queued as ID", cells[3])
        rows.append((cells[:4], int(cells[4])))
    return rows


def test_flights_are_those_of_a_session(tmp_path):
    """docs/starttls.md is what `make flights` writes."""
    committed = TOP / "docs" / "starttls.md"
    fresh = tmp_path / "starttls.md"
    shutil.copy(committed, fresh)
    subprocess.run([TESTS / "flights.sh", RELEASE, fresh], check=True)
    (old_flights, old_hello), (new_flights, new_hello) = blocks(committed), blocks(fresh)
    # The suites' order depends on whether the machine has AES in hardware.
    assert sorted(old_hello.splitlines()) == sorted(new_hello.splitlines())
    old, new = shape(old_flights), shape(new_flights)
    assert [cells for cells, _ in old] == [cells for cells, _ in new]
    for (cells, before), (_, after) in zip(old, new):
        assert abs(before - after) <= 8, cells


def test_shown_is_what_a_mail_reader_shows(tmp_path):
    """docs/shown.md is what `make shown` writes, but for the time."""
    fresh = tmp_path / "shown.md"
    committed = TOP / "docs" / "shown.md"
    shutil.copy(committed, fresh)
    subprocess.run([TESTS / "shown.sh", RELEASE, fresh], check=True)
    old, new = (re.sub(r"(?m)^Date: .*", "Date:", path.read_text()) for path in (committed, fresh))
    assert old == new and "valve 7" in re.search(r"<!-- message.*<!-- end of message", new, re.S)[0]


def test_manual_page_renders():
    run = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", TOP / "docs/stint.1"],
                         capture_output=True, text=True)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    assert "--server" in run.stdout


def test_manual_page_names_every_option():
    manual = (TOP / "docs" / "stint.1").read_text().replace("\\-", "-")
    usage = subprocess.run([RELEASE, "--help"], capture_output=True, text=True).stdout
    for option in set(re.findall(r"--[a-z-]+", usage)):
        assert option.lstrip("-") in manual, option


def test_demo():
    run = subprocess.run([TESTS / "demo.sh", RELEASE], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    shown = run.stdout + run.stderr
    for word in ("STARTTLS", "AUTH PLAIN ****", "bytes queued as", "* used:",
                 "Received:"):
        assert word in shown, shown


def test_links_lead_somewhere():
    for document in [TOP / "README.md", *(TOP / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_no_path_of_a_machine():
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"],
                           cwd=TOP, text=True, capture_output=True).stdout.split()
    for name in files:
        text = (TOP / name).read_text(errors="replace")
        assert not re.search(r"/(work|root)/|https?://(deb|registry|packages)[.]", text), name
