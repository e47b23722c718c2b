"""Two runs on one vault: the second is told of the first, and a killed one holds nothing."""

import errno
import hashlib
import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import generator
from generator.errors import OutsideVault, VaultInUse, VaultUnwritable
from generator.vault.locking import HOLDER, command_shown, vault_lock

HOLDS = """
import sys
from pathlib import Path
from generator.vault.locking import vault_lock
sys.argv = ["/usr/bin/generate", "--channel", "@a", "--proxy", "http://u:SECRET@h"]
with vault_lock(Path("vault")):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS],
        env={**os.environ, "PYTHONPATH": str(Path(generator.__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def files(folder=Path()):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_second_run_is_told_who_holds_the_vault_and_touches_nothing(holder):
    before = files()
    with pytest.raises(VaultInUse) as caught, vault_lock(Path("vault")):
        pytest.fail("two runs in one vault")
    told = str(caught.value)
    assert f"process {holder.pid} on {os.uname().nodename}, since 20" in told
    assert "generate --channel @a --proxy" in told
    assert "SECRET" not in told
    assert files() == before
    assert "SECRET" not in repr(before)


def test_a_killed_run_holds_nothing(holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with vault_lock(Path("vault")):
        assert f'"pid": {os.getpid()}' in Path("vault/.generator", HOLDER).read_text()
    assert not Path("vault/.generator", HOLDER).exists()


def test_what_a_killed_run_left_half_written_goes_wherever_it_is(holder):
    places = ["vault", "vault/channel/moved", "vault/.generator", "vault/.generator/notes/channel"]
    host = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
    for number, place in enumerate([*places, "vault/.obsidian"]):
        Path(place).mkdir(parents=True, exist_ok=True)
        Path(place, f".generate-{host}-{holder.pid}-{number}.tmp").write_text("half")
    holder.kill()
    holder.wait()
    with vault_lock(Path("vault")):
        left = [path.parent.name for path in Path("vault").rglob("*.tmp")]
    assert left == [".obsidian"]


def test_one_process_is_no_exception_and_lets_go_in_the_end(tmp_path):
    with vault_lock(tmp_path), pytest.raises(VaultInUse), vault_lock(tmp_path):
        pytest.fail("two runs in one vault")
    with pytest.raises(ZeroDivisionError), vault_lock(tmp_path):
        raise ZeroDivisionError
    with vault_lock(tmp_path):
        assert (tmp_path / ".generator" / HOLDER).exists()


@pytest.mark.parametrize("said", [b"", b"[1]", b'{"pid": "x"}', b"\xff", b"[" * 9000])
def test_who_cannot_be_known_is_another_run(tmp_path, said):
    with vault_lock(tmp_path):
        (tmp_path / ".generator" / HOLDER).write_bytes(said)
        with pytest.raises(VaultInUse, match=r"another run\. Nothing"), vault_lock(tmp_path):
            pytest.fail("two runs in one vault")


def test_a_vault_that_takes_no_file_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultUnwritable), vault_lock(tmp_path / "file"):
        pytest.fail("a file is no vault")


def test_a_vault_whose_own_folder_leads_out_of_it_is_not_locked(tmp_path):
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/.generator").symlink_to(tmp_path)
    with pytest.raises(OutsideVault), vault_lock(tmp_path / "vault"):
        pytest.fail("it leads out")
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_where_there_are_no_locks_the_run_goes_on_and_says_so(tmp_path, monkeypatch, number):
    def no_locks(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", no_locks)
    told = []
    with vault_lock(tmp_path, told.append):
        assert (tmp_path / ".generator" / HOLDER).exists()
    assert len(told) == 1
    assert "without locks" in told[0]


def test_a_command_is_shown_without_what_may_be_secret():
    arguments = ["/bin/generate", "--video=a", "--channel", "@b", "--proxy=p", "--cookies", "c"]
    assert command_shown(arguments) == "generate --video=a --channel @b --proxy --cookies"
    assert command_shown(["x", "forget", "-q", "s"]) == "x"
    assert command_shown([]) == ""
