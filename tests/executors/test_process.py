"""Commands of this machine: what a task is given, what is taken, and how its end is told."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.executors.bench import MAKE, OUT, Bench, file, pod, processes, shell, value
from transpiler.engine.protocol import InputFile, OutputValue
from transpiler.executors.process.executor import ProcessExecutor
from transpiler.executors.supplies import Supplies


def test_a_command_runs_with_its_words_and_its_log_is_kept(bench: Bench) -> None:
    end = bench.run(pod(["printf", "%s|"], args=["a b", "$HOME", "é"], result=True))
    assert (end.phase, end.exit_code, end.result, end.message) == ("Succeeded", 0, "a b|$HOME|é|", "")
    assert bench.printed() == "a b|$HOME|é|"
    assert len(bench.began) == 1
    assert bench.began[0] <= end.at


def test_variables_are_expanded_as_the_kubelet_does_it(bench: Bench) -> None:
    env = [
        {"name": "A", "value": "1"},
        {"name": "B", "value": "$(A)$(C)$$(A)$"},
        {"name": "C", "value": "3"},
        {"name": "PATH_", "value": "$PATH"},
    ]
    words = ["$(A)", "$(B)", "$$(A)", "$(NOPE)", "$A", "$$$(A)", "$("]
    end = bench.run(pod(["printf", "%s|"], args=words, env=env, result=True))
    assert end.result == "1|1$(C)$(A)$|$(A)|$(NOPE)|$A|$1|$(|"
    end = bench.run(shell('echo "$B $PATH_"', env=env, result=True))
    assert end.result == "1$(C)$(A)$ $PATH"


def test_nothing_of_the_users_environment_is_passed_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    bench.run(shell("env"))
    names = {line.split("=")[0] for line in bench.printed().splitlines()}
    assert names - {"PWD", "SHLVL", "_", "OLDPWD"} == {"PATH", "HOME", "LANG", "TMPDIR"}


def test_a_script_is_a_file(bench: Bench) -> None:
    end = bench.run(pod([sys.executable], source="import sys\nprint(sys.argv[1:], '$$')\n", args=["-u"], result=True))
    assert end.result == "[] $"  # it travels in a variable, which the kubelet expands


def test_values_lose_one_line_break(bench: Bench) -> None:
    values = [OutputValue(name, f"/tmp/outputs/{name}") for name in "abc"]
    end = bench.run(shell(r"mkdir /tmp/outputs; cd /tmp/outputs; printf '1\n\n' >a; printf 2 >b; : >c", values=values))
    assert (end.phase, end.values) == ("Succeeded", {"a": "1\n", "b": "2", "c": ""})


@pytest.mark.parametrize("path", [OUT, "/data/out", "/out.txt", "/etc/made-here", "/usr/local/share/x/y", "result"])
def test_outputs_land_in_the_folder_of_the_task_whatever_their_path(bench: Bench, path: str) -> None:
    folder = os.path.dirname(path)  # noqa: PTH120
    end = bench.run(shell(f"mkdir -p '{folder or '.'}'; echo here > {path}", values=[value(path)], files=[file(path)]))
    assert (end.phase, end.values, end.files) == ("Succeeded", {"x": "here"}, {"x": "p/x"}), end.message
    assert bench.stored().read_text() == "here\n"
    assert not path.startswith("/") or not Path(path).exists()
    assert not (bench.folder / "work" / "p-1").exists()


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/work-of-image/x", "true"),
        ("/mnt/out-of-task/x", "mkdir /mnt/out-of-task"),
        ("/usr/local/share/of-task/deep/x", "mkdir /usr/local/share/of-task /usr/local/share/of-task/deep"),
    ],
)
def test_the_top_folder_of_an_output_is_there_and_a_program_can_make_the_others(
    bench: Bench, path: str, make: str
) -> None:
    end = bench.run(shell(f"set -e; {make}; echo here > {path}", values=[value(path)]))
    assert (end.phase, end.values) == ("Succeeded", {"x": "here"}), end.message


def test_what_the_machine_has_at_the_path_of_an_output_is_not_touched(bench: Bench) -> None:
    end = bench.run(shell("ls /etc/hostname /etc/passwd; true", values=[value("/etc/hostname", default="none\n")]))
    assert (end.phase, end.values) == ("Succeeded", {"x": "none"})
    assert Path("/etc/passwd").stat().st_size > 0


def test_a_missing_output_is_an_error_unless_it_is_optional_or_has_a_default(bench: Bench) -> None:
    end = bench.run(shell("true", values=[value()], files=[file("/tmp/outputs/y")]))
    assert (end.phase, end.exit_code) == ("Error", 0)
    assert f"the program has written no file `{OUT}`" in end.message
    assert "no file `/tmp/outputs/y`" in end.message
    end = bench.run(shell("true", values=[value(default="d")], files=[file(is_optional=True)]))
    assert (end.phase, end.values, end.files) == ("Succeeded", {"x": "d"}, {})


def test_a_failure_is_told_with_what_was_left(bench: Bench) -> None:
    end = bench.run(shell(f"{MAKE} echo 1 > {OUT}; echo out; exit 7", values=[value()], files=[file()], result=True))
    assert (end.phase, end.exit_code, end.message) == ("Failed", 7, "main: Error (exit code 7)")
    assert (end.values, end.files, end.result) == ({"x": "1"}, {"x": "p/x"}, "out")


def test_a_program_that_a_signal_ends_has_its_number(bench: Bench) -> None:
    assert bench.run(shell("kill -9 $$")).exit_code == 137


def test_a_program_that_is_not_there_is_told_with_its_image(bench: Bench) -> None:
    end = bench.run(pod(["no-such-program"]))
    assert end.phase == "Error"
    assert "there is no program `no-such-program` on this machine; the image `alpine:3.20` may have it" in end.message
    end = bench.run(pod([]))
    assert end.phase == "Error"
    assert "the image `alpine:3.20` says what runs" in end.message


@pytest.mark.parametrize("words", [["sh", "a\0b"], ["/etc/passwd"], ["/etc/passwd/x"]])
def test_a_command_that_cannot_start_is_an_error(bench: Bench, words: list[str]) -> None:
    end = bench.run(pod(words))
    assert end.phase == "Error"
    assert end.message


def test_input_files_are_copies(bench: Bench) -> None:
    bench.run(shell(f"{MAKE} echo one > {OUT}", files=[file()]))
    given = InputFile("in", "/tmp/inputs/in/data", {"key": "p/x"}, mode=0o600)
    raw = InputFile("raw", "/work-of-x/raw", {"raw": {"data": "$$ text"}})
    end = bench.run(
        shell(
            "cat /tmp/inputs/in/data /work-of-x/raw; stat -c %a /tmp/inputs/in/data; echo two > /tmp/inputs/in/data",
            inputs=[given, raw],
            result=True,
        )
    )
    assert end.result == "one\n$ text600"
    assert bench.stored().read_text() == "one\n"


def test_folders_pass_from_task_to_task(bench: Bench) -> None:
    made = "/tmp/outputs/x/data/sub; cd /tmp/outputs/x/data; echo 1 > a; echo 2 > sub/b; ln -s a link"
    end = bench.run(shell(f"mkdir -p {made}", files=[file()]))
    assert end.phase == "Succeeded", end.message
    end = bench.run(shell("cd /in; cat a sub/b link", inputs=[InputFile("in", "/in", {"key": "p/x"})], result=True))
    assert end.result == "1\n2\n1"


def test_a_folder_of_keys_is_a_folder(bench: Bench) -> None:
    for number in range(2):
        bench.run(shell(f"{MAKE} echo {number} > {OUT}", files=[file(key=f"p/all/{number}")]))
    end = bench.run(shell("cat /in/*", inputs=[InputFile("in", "/in", {"key": "p/all"})], result=True))
    assert end.result == "0\n1"


def test_missing_inputs_are_errors_unless_they_are_optional(bench: Bench) -> None:
    for source in (None, {"key": "p/none"}, {"s3": {"bucket": "b", "key": "k"}}):
        end = bench.run(shell("true", inputs=[InputFile("in", "/in", source)]))
        assert (end.phase, end.message.startswith("the input `in`: ")) == ("Error", True)
    given = [InputFile("a", "/in/a", None, is_optional=True), InputFile("b", "/b", {"key": "p/n"}, is_optional=True)]
    assert bench.run(shell("! test -e /in/a && ! test -e /b", inputs=given)).phase == "Succeeded"


def test_a_result_is_the_last_quarter_of_a_mebibyte(bench: Bench) -> None:
    text = f"import sys; sys.stdout.write('a' * 300_000 + 'b' * {256 * 1024} + chr(10)); sys.stderr.write('c')"
    end = bench.run(pod([sys.executable, "-c", text], result=True))
    assert end.result == "b" * 256 * 1024


def test_the_working_folder_is_that_of_the_container_or_the_root_as_in_most_images(bench: Bench) -> None:
    own = bench.run(shell("pwd; echo here > left", values=[value("/left")], result=True))
    assert (own.phase, own.values) == ("Succeeded", {"x": "here"}), bench.printed()
    assert not Path("/left").exists()
    end = bench.run(shell("pwd; echo 1 > made", workingDir="/somewhere/else", values=[value("made")], result=True))
    assert (end.values, (end.result or "").endswith("/somewhere/else")) == ({"x": "1"}, True)


def test_volumes(tmp_path: Path, bench: Bench) -> None:
    supplies = Supplies(
        bench.folder / "claims",
        secrets={"token": {"key": b"hush", "other": b"no"}},
        config_maps={"settings": {"a.ini": b"[a]"}},
        volumes={"work": {"name": "work", "persistentVolumeClaim": {"claimName": "work-1"}}},
    )
    volumes = [
        {"name": "token", "secret": {"secretName": "token", "items": [{"key": "key", "path": "sub/key"}]}},
        {"name": "settings", "configMap": {"name": "settings"}},
        {"name": "empty", "emptyDir": {}},
    ]
    places = {"token": "/secrets", "settings": "/etc/settings-of-x", "empty": "/scratch", "work": "/work-of-x"}
    mounts = [{"name": name, "mountPath": path} for name, path in places.items()]
    env = [
        {"name": "T", "valueFrom": {"secretKeyRef": {"name": "token", "key": "key"}}},
        {"name": "N", "valueFrom": {"secretKeyRef": {"name": "token", "key": "none", "optional": True}}},
    ]
    read = "cat /secrets/sub/key /etc/settings-of-x/a.ini; echo $T ${N-unset}; echo 1 > /scratch/a; cat /scratch/a"
    shared = isinstance(bench.executor, ProcessExecutor) and not bench.executor.is_private
    with processes(tmp_path / "other", shared=shared, supplies=supplies) as other:
        first = shell(
            f"{read}; echo kept > /work-of-x/file",
            volumeMounts=mounts, env=env, spec={"volumes": volumes}, result=True, values=[value("/work-of-x/file")],
        )  # fmt: skip
        end = other.run(first)
        assert (end.phase, end.result, end.values) == ("Succeeded", "hush[a]hush unset\n1", {"x": "kept"}), end.message
        end = other.run(shell("cat /v/file", volumeMounts=[{"name": "work", "mountPath": "/v"}], result=True))
        assert end.result == "kept"
        assert not list((tmp_path / "other" / "work").iterdir())
        end = other.run(shell("true", volumeMounts=[{"name": "nobody", "mountPath": "/v"}]))
        assert (end.phase, end.message) == ("Error", "there is no volume `nobody`")


def test_a_task_sees_no_other_folder_of_the_run_and_no_tmp_of_others(bench: Bench) -> None:
    if not (isinstance(bench.executor, ProcessExecutor) and bench.executor.is_private):
        pytest.skip("without private views a task may look around")
    with tempfile.NamedTemporaryFile(dir="/tmp") as other:
        seen = f"ls -A {bench.folder}; test -e {other.name} || echo none; ls /proc | grep -c '^[0-9]'"
        end = bench.run(shell(seen, result=True))
    lines = (end.result or "").splitlines()
    assert lines[-2] == "none"
    assert int(lines[-1]) < 8
    assert len(lines) == 2


def test_a_run_outside_of_tmp_is_hidden_too(request: pytest.FixtureRequest) -> None:
    home = Path(__file__).parent
    with tempfile.TemporaryDirectory(dir=home) as folder, processes(Path(folder) / "run", shared=False) as made:
        if not (isinstance(made.executor, ProcessExecutor) and made.executor.is_private):
            pytest.skip("this system has no private views")
        seen = f"ls -A {folder}/run; echo 1 > {folder}/run/x; mkdir -p {folder}/out; echo 2 > {folder}/out/a"
        end = made.run(shell(f"{seen}; ls {request.path}", values=[value(f"{folder}/out/a")], result=True))
        assert (end.values, end.result) == ({"x": "2"}, str(request.path))
        assert not (Path(folder) / "out").exists()
