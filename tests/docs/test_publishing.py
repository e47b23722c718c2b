"""The workflow that publishes a vault: its commands are run as it does, on the demo's vault."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "docs" / "publish" / "pages.yml"
BASE_URL = "https://octocat.github.io/wiki"
"""As actions/configure-pages gives it: with no slash at its end."""


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    loaded = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def steps(workflow: dict[Any, Any], job: str) -> list[dict[str, Any]]:
    found = workflow["jobs"][job]["steps"]
    assert isinstance(found, list)
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A vault as a push brings it: the notes and their sidecars, and no library."""
    repository = tmp_path / "repository"
    shutil.copytree(
        ROOT / "output-openai", repository, ignore=shutil.ignore_patterns("*.db*", "*.lock")
    )
    (repository / ".github" / "workflows").mkdir(parents=True)
    shutil.copy(WORKFLOW, repository / ".github" / "workflows")
    (repository / "README.md").write_text("# A wiki\n", encoding="utf-8")
    return repository


def run(
    workflow: dict[Any, Any], repository: Path, temp: Path
) -> list[subprocess.CompletedProcess[str]]:
    """Runs the build's own commands one after the other, as the runner does, up to a failure."""
    command = temp / "bin" / "generate"
    command.parent.mkdir(parents=True)
    command.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'from generator.cli import main; main()' \"$@\"\n"
    )
    command.chmod(0o755)
    done = []
    for step in steps(workflow, "build"):
        if not step.get("run", "").startswith("generate "):
            continue
        given = {
            name: value.replace("${{ steps.pages.outputs.base_url }}", BASE_URL)
            for name, value in step.get("env", {}).items()
        }
        environment = {
            **os.environ,
            **workflow["env"],
            **given,
            "RUNNER_TEMP": str(temp),
            "PATH": f"{command.parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        done.append(
            subprocess.run(
                ["bash", "-e", "-c", step["run"]],
                cwd=repository,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        )
        if done[-1].returncode:
            break
    return done


def test_its_commands_make_the_site_of_a_vault(
    workflow: dict[Any, Any], repository: Path, tmp_path: Path
) -> None:
    before = {path for path in repository.rglob("*") if path.is_file()}
    checked, built = run(workflow, repository, tmp_path / "temp")
    assert (checked.returncode, built.returncode) == (0, 0), checked.stdout + built.stderr
    uploaded = next(step for step in steps(workflow, "build") if "upload" in step.get("uses", ""))
    path = Path(uploaded["with"]["path"].replace("${{ runner.temp }}", str(tmp_path / "temp")))
    start = (path / "index.html").read_text(encoding="utf-8")
    assert f'href="{BASE_URL}/"' in start
    notes = {note.stem for note in repository.glob("kettle_and_chalk/*.md")} - {"kettle_and_chalk"}
    assert notes <= {page.stem for page in path.glob("kettle_and_chalk/*.html")}
    assert f"<loc>{BASE_URL}/" in (path / "sitemap.xml").read_text(encoding="utf-8")
    assert {path for path in repository.rglob("*") if path.is_file()} == before


def test_a_vault_with_errors_is_annotated_and_not_published(
    workflow: dict[Any, Any], repository: Path, tmp_path: Path
) -> None:
    wrong = repository / "kettle_and_chalk" / "spring_and_neap_tides.md"
    wrong.write_text(wrong.read_text(encoding="utf-8") + "\n<script>1</script>\n", encoding="utf-8")
    (checked,) = run(workflow, repository, tmp_path / "temp")
    assert checked.returncode == 1
    assert "::error file=kettle_and_chalk/spring_and_neap_tides.md,line=" in checked.stdout


def test_it_checks_before_it_builds_and_deploys_what_was_built(workflow: dict[Any, Any]) -> None:
    order = [step.get("run", step.get("uses", "")) for step in steps(workflow, "build")]
    wanted = [
        "actions/checkout",
        "actions/setup-python",
        'pip install "$PROGRAM"',
        "generate check",
        "actions/configure-pages",
        "generate site",
        "actions/upload-pages-artifact",
    ]
    assert [next(w for w in wanted if step.startswith(w)) for step in order] == wanted
    assert workflow["jobs"]["deploy"]["needs"] == "build"
    (deployment,) = steps(workflow, "deploy")
    assert deployment["uses"].startswith("actions/deploy-pages@")


def test_only_what_deploys_may_write_and_every_action_has_its_major_version(
    workflow: dict[Any, Any],
) -> None:
    jobs = workflow["jobs"]
    assert workflow["permissions"] == {}
    assert set(jobs["build"]["permissions"].values()) == {"read"}
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    used = [step["uses"] for job in jobs for step in steps(workflow, job) if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", action) for action in used)
    # A script never has an expression in it that could bring a command with it.
    commands = [step["run"] for job in jobs for step in steps(workflow, job) if "run" in step]
    assert not any("${{" in command for command in commands)


def test_what_git_leaves_out_is_the_library_and_the_site(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "publish.md").read_text(encoding="utf-8")
    ignoring = next(line for line in text.splitlines() if "> .gitignore" in line).removeprefix("$ ")
    kept = ("channel/note.md", ".generator/notes/channel/note.json", "generate.toml")
    dropped = (
        ".generator/library.db",
        ".generator/library.db-wal",
        ".generator/library.db.lock",
        ".obsidian/workspace.json",
        "site/index.html",
    )
    for name in (*kept, *dropped):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    git = ["git", "-c", "core.excludesFile=/dev/null"]
    subprocess.run(["bash", "-c", ignoring], cwd=tmp_path, check=True)
    subprocess.run([*git, "init", "--quiet"], cwd=tmp_path, check=True)
    others = [*git, "ls-files", "--others", "--exclude-standard"]
    shown = subprocess.run(others, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert set(shown.stdout.split()) == {*kept, ".gitignore"}
