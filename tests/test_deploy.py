"""What `deploy/` ships fits the bot: it parses, and every setting, address and figure it names is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.settings import Settings
from tests.fakes import entrance
from tests.fakes.entrance import refusal, running

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml*"))
SETTINGS = {name.upper() for name in Settings.model_fields}
OTHERS = {"PYTHONUNBUFFERED", "PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK"}
"""Variables in the image that are Python's own."""

Json = dict[str, Any]


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def manifests() -> dict[str, Json]:
    """The manifests for Kubernetes, by kind: there is one of each."""
    found = [one for file in KUBERNETES for one in yaml.safe_load_all(file.read_text(encoding="utf-8"))]
    by_kind = {one["kind"]: one for one in found}
    assert len(by_kind) == len(found)
    return by_kind


# -- the image


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with what follows them, lines joined."""
    lines = re.sub(r"\\\n\s*", "", read("Dockerfile")).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line and not line.startswith("#")]


def copied() -> list[str]:
    """What of the checkout is in the image."""
    return [source for name, rest in instructions() if name == "COPY" for source in rest.split()[:-1]]


def test_the_image_is_made_of_what_is_there_and_let_through() -> None:
    let_through = set(re.findall(r"^!(.+)$", read("Dockerfile.dockerignore"), flags=re.MULTILINE))
    assert set(copied()) == let_through
    assert [source for source in copied() if not (ROOT / source).exists()] == []


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    said = dict(instructions())
    assert said["USER"] == "10001"
    assert said["STOPSIGNAL"] == "SIGTERM"
    assert "/healthz" in said["HEALTHCHECK"]
    named = {one.partition("=")[0] for name, rest in instructions() if name == "ENV" for one in rest.split()}
    assert named - OTHERS <= SETTINGS


def test_the_command_of_the_health_check_is_one() -> None:
    [check] = [rest for name, rest in instructions() if name == "HEALTHCHECK"]
    command = json.loads(check.partition("CMD ")[2])
    compile(command[2], "healthcheck", "exec")
    assert command[:2] == ["python", "-c"]


def test_a_bot_runs_on_what_is_in_the_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = tmp_path / "app"
    image.mkdir()
    for source in copied():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, image / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, image / source)
    monkeypatch.setattr(entrance, "ROOT", image)
    with running(image) as bot:
        assert httpx.get(f"{bot.address}/healthz", trust_env=False).status_code == 200
        assert httpx.get(f"{bot.address}/", trust_env=False).status_code == 200


# -- compose


def test_compose_names_settings_only_and_waits_for_the_database() -> None:
    services = yaml.safe_load(read("compose.yaml"))["services"]
    bot, database = services["bot"], services["database"]
    assert set(bot["environment"]) <= SETTINGS
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()
    assert bot["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "@database/" in bot["environment"]["DATABASE_URL"]
    assert database["healthcheck"]["test"][1] == "pg_isready"


def test_compose_keeps_every_volume_that_is_named() -> None:
    whole = yaml.safe_load(read("compose.yaml"))
    mounted = {volume.partition(":")[0] for service in whole["services"].values() for volume in service["volumes"]}
    assert mounted == set(whole["volumes"])


def test_compose_holds_no_secret_and_opens_nothing_to_the_network() -> None:
    bot = yaml.safe_load(read("compose.yaml"))["services"]["bot"]
    secrets = {"SECRET_KEY", "TELEGRAM_TOKEN", "DISCORD_TOKEN", "METRICS_TOKEN"}
    assert all(bot["environment"][name].startswith("${") for name in secrets)
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])


# -- systemd


def test_the_unit_names_settings_only() -> None:
    named = re.findall(r"^Environment=(\w+)=", read("cliffhanger.service"), flags=re.MULTILINE)
    assert named
    assert set(named) <= SETTINGS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "cliffhanger.service"
    # It looks for the program, which on this machine is elsewhere.
    unit.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", read(unit.name), flags=re.MULTILINE))
    said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (said.returncode, [line for line in said.stderr.splitlines() if unit.name in line]) == (0, [])


# -- Kubernetes


def test_the_manifests_hold_together() -> None:
    found = manifests()
    assert set(found) == {"Deployment", "Service", "Ingress", "Secret"}
    pod = found["Deployment"]["spec"]["template"]
    [container] = pod["spec"]["containers"]
    labels = pod["metadata"]["labels"]
    assert found["Deployment"]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert found["Service"]["spec"]["selector"].items() <= labels.items()
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert {port["targetPort"] for port in found["Service"]["spec"]["ports"]} <= set(ports)
    [rule] = found["Ingress"]["spec"]["rules"]
    [path] = rule["http"]["paths"]
    assert path["backend"]["service"]["name"] == found["Service"]["metadata"]["name"]
    assert path["backend"]["service"]["port"]["name"] in {port["name"] for port in found["Service"]["spec"]["ports"]}
    assert container["envFrom"] == [{"secretRef": {"name": found["Secret"]["metadata"]["name"]}}]
    assert {mount["name"] for mount in container["volumeMounts"]} == {one["name"] for one in pod["spec"]["volumes"]}
    assert f"https://{rule['host']}" == next(one["value"] for one in container["env"] if one["name"] == "PUBLIC_URL")


def test_the_manifests_name_settings_only() -> None:
    found = manifests()
    [container] = found["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert {one["name"] for one in container["env"]} | set(found["Secret"]["stringData"]) <= SETTINGS


def test_the_secret_is_a_sample_that_is_not_applied_with_the_rest_and_starts_no_bot(tmp_path: Path) -> None:
    [sample] = [file for file in KUBERNETES if "kind: Secret" in file.read_text(encoding="utf-8")]
    assert sample.suffix not in (".yaml", ".yml", ".json")
    held = manifests()["Secret"]["stringData"]
    assert all(value == "" or "CHANGE-ME" in value for value in held.values())
    assert refusal(tmp_path, **held).startswith("SECRET_KEY")


def test_a_pod_is_asked_at_addresses_that_answer(answers: dict[str, httpx.Response]) -> None:
    pod = manifests()["Deployment"]["spec"]["template"]
    [container] = pod["spec"]["containers"]
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
    assert {probe["port"] for probe in probes} == {"http"}
    assert {answers[probe["path"]].status_code for probe in probes} == {200}
    notes = pod["metadata"]["annotations"]
    assert answers[notes["prometheus.io/path"]].status_code == 200
    assert notes["prometheus.io/port"] == str(container["ports"][0]["containerPort"])


# -- the dashboard


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, httpx.Response]:
    """What a bot that has just begun tells those who watch over it, by address."""
    with running(tmp_path_factory.mktemp("bot"), STORIES_DIR=ROOT / "stories") as bot:
        paths = ("/healthz", "/readyz", "/metrics")
        return {path: httpx.get(f"{bot.address}{path}", trust_env=False) for path in paths}


@pytest.fixture(scope="module")
def metrics(answers: dict[str, httpx.Response]) -> str:
    return answers["/metrics"].text


def series(text: str) -> set[str]:
    """Every name that a query may ask for."""
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    return {
        family.name + end for family in text_string_to_metric_families(text) for end in ends.get(family.type, ("",))
    }


def asked_for() -> set[str]:
    """The names that the dashboard's queries ask for."""
    dashboard = json.loads(read("grafana.json"))
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    queries += [one["query"]["query"] for one in dashboard["templating"]["list"] if one["type"] == "query"]
    return {name for query in queries for name in re.findall(r"\b(?:cliffhanger|process)_\w+", query)}


def test_every_figure_of_the_dashboard_is_there(metrics: str) -> None:
    assert asked_for() - series(metrics) == set()


def test_the_dashboard_shows_every_figure_of_ours(metrics: str) -> None:
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked_for()}
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in series(metrics) if name.startswith("cliffhanger_")}
    assert ours - shown == set()


def test_panels_lie_side_by_side() -> None:
    panels = json.loads(read("grafana.json"))["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


def test_every_figure_is_explained(metrics: str) -> None:
    told = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(cliffhanger_\w+)`", told))
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in series(metrics) if name.startswith("cliffhanger_")}
    assert named == ours
