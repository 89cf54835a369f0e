//! The status a node agent writes (`reference/pods-and-nodes.md` §1).

use super::agent::Agent;
use super::condition;
use super::container::{Container, Role, Run};
use crate::api::Object;
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// status.phase from the states of the containers.
pub(super) fn phase(agent: &Agent) -> &'static str {
    let waits = |c: &&Container| c.run.is_none();
    let init = agent.containers.iter().filter(|c| c.role == Role::Init);
    let uninitialized = init.clone().any(|c| !c.is_initialized());
    let restarts = restart_policy(&agent.pod) == "Always";
    if uninitialized {
        let failed = init.clone().any(|c| c.exit().is_some_and(|exit| exit.code != 0));
        return if failed && (agent.ending || restart_policy(&agent.pod) == "Never") { "Failed" } else { "Pending" };
    }
    let main = || agent.containers.iter().filter(|c| c.role == Role::Main);
    if main().any(|c| waits(&c)) {
        return "Pending";
    }
    if main().any(|c| c.running().is_some()) {
        return "Running";
    }
    let stopped = agent.ending && agent.containers.iter().all(|c| c.running().is_none());
    let failed = main().any(|c| c.exit().is_some_and(|exit| exit.code != 0));
    match (restarts && !stopped, failed) {
        (true, _) => "Running",
        (false, true) if restart_policy(&agent.pod) == "OnFailure" && !stopped => "Running",
        (false, true) => "Failed",
        (false, false) => "Succeeded",
    }
}

/// spec.restartPolicy.
pub(super) fn restart_policy(pod: &Object) -> &str {
    pod.tree.at(&["spec", "restartPolicy"]).as_str().unwrap_or("Always")
}

/// The whole status, on top of the one that is stored.
pub(super) fn build(agent: &Agent, stored: &Object, now: Time) -> Value {
    let old = stored.tree.at(&["status"]);
    let mut status = old.clone();
    let held = old.at(&["phase"]).str_or_empty();
    let phase = match held {
        "Succeeded" | "Failed" => Text::copy(held),
        _ => Text::from(phase(agent)),
    };
    let generation = agent.pod.meta.generation.max(1);
    status.set(&["phase"], phase.clone());
    status.set(&["observedGeneration"], generation);
    let conditions = condition::build(agent, old, &phase, generation, now);
    status.set(&["conditions"], conditions);
    if old.at(&["startTime"]).is_null() {
        status.set(&["startTime"], now.rfc3339());
    }
    if agent.ip_known && !agent.ip.is_empty() {
        status.set(&["podIP"], &agent.ip);
        status.set(&["podIPs"], vec![map! { "ip" => &agent.ip }]);
    }
    let has_init = agent.containers.iter().any(|c| c.role != Role::Main);
    let of = |wanted: bool| -> Vec<Value> {
        agent
            .containers
            .iter()
            .filter(|c| (c.role == Role::Main) == wanted)
            .map(|c| container_status(agent, c, has_init))
            .collect()
    };
    let mut main = of(true);
    crate::sorted::sort_by_key(&mut main, &|container| container.at(&["name"]).text());
    status.set(&["containerStatuses"], main);
    if has_init {
        status.set(&["initContainerStatuses"], of(false));
    }
    let resources = super::resources::of_pod(&agent.pod);
    if let Some(requests) = resources.get("requests") {
        status.set(&["allocatedResources"], requests.clone());
    }
    status.set(&["resources"], resources);
    status
}

/// Whether a stored status says the same as ours in everything a node agent answers for.
pub(super) fn agrees(ours: &Value, stored: &Value) -> bool {
    let same = |key: &str| ours.at(&[key]) == stored.at(&[key]);
    let holds = |status: &Value, name: &Value| {
        let held = status.at(&["conditions"]).items().iter().find(|c| c.at(&["type"]) == name);
        held.map(|c| c.at(&["status"]).text())
    };
    ["phase", "podIP", "hostIP", "containerStatuses", "initContainerStatuses"].into_iter().all(same)
        && ours
            .at(&["conditions"])
            .items()
            .iter()
            .all(|c| holds(stored, c.at(&["type"])) == Some(c.at(&["status"]).text()))
}

/// Whether a container is to be started (again) by the next sync.
pub(super) fn is_to_be_restarted(agent: &Agent, container: &Container) -> bool {
    if agent.ending || container.running().is_some() {
        return false;
    }
    // A container's own policy comes before the pod's.
    let policy = container.spec.at(&["restartPolicy"]).as_str().unwrap_or_else(|| restart_policy(&agent.pod));
    match (container.exit(), container.role) {
        (None, _) | (_, Role::Sidecar) => true,
        (Some(exit), Role::Init) => exit.code != 0 && policy != "Never",
        (Some(exit), Role::Main) => match policy {
            "Always" => true,
            "OnFailure" => exit.code != 0,
            _ => false,
        },
    }
}

fn container_status(agent: &Agent, container: &Container, has_init: bool) -> Value {
    let run = container.run.as_ref();
    let failure = container.failure.as_ref().filter(|_| is_to_be_restarted(agent, container));
    let mut last_state = container.last.as_ref().map_or_else(Value::empty_map, terminated);
    let state = match (run, failure) {
        (Some(run), None) if run.exit.is_some() => terminated(run),
        (Some(run), _) if run.exit.is_none() => {
            map! { "running" => map! { "startedAt" => run.started.rfc3339() } }
        }
        (_, Some((reason, message))) => {
            if let Some(run) = run {
                last_state = terminated(run);
            }
            let mut waiting = map! { "reason" => reason };
            if !message.is_empty() {
                waiting.set(&["message"], message);
            }
            map! { "waiting" => waiting }
        }
        _ => {
            let reason = if has_init { "PodInitializing" } else { "ContainerCreating" };
            map! { "waiting" => map! { "reason" => reason } }
        }
    };
    let mut status = map! {
        "name" => &container.name,
        "state" => state,
        "lastState" => last_state,
        "ready" => container.is_ready(),
        "restartCount" => container.restarts,
        "image" => run.map_or_else(|| container.image(), |run| run.image.clone()),
        "imageID" => run.map(|run| run.image_id.clone()).unwrap_or_default(),
        "started" => container.is_started(),
    };
    let mounts = volume_mounts(&container.spec);
    if !mounts.items().is_empty() {
        status.set(&["volumeMounts"], mounts);
    }
    if let Some(run) = run {
        let resources = container.spec.at(&["resources"]);
        status.set(&["containerID"], &run.id);
        status.set(&["resources"], if resources.is_null() { Value::empty_map() } else { resources.clone() });
        if let Some(requests) = resources.get("requests") {
            status.set(&["allocatedResources"], requests.clone());
        }
        status.set(&["user"], user(agent, container));
    }
    status
}

fn terminated(run: &Run) -> Value {
    let Some(exit) = &run.exit else {
        return Value::empty_map();
    };
    map! { "terminated" => map! {
        "exitCode" => exit.code,
        "reason" => exit.reason,
        "startedAt" => run.started.rfc3339(),
        "finishedAt" => exit.at.rfc3339(),
        "containerID" => &run.id,
    } }
}

/// What the status of a container that never ran says when its pod has ended.
pub(super) fn never_ran() -> Value {
    map! { "terminated" => map! {
        "exitCode" => 137,
        "reason" => "ContainerStatusUnknown",
        "message" => "The container could not be located when the pod was terminated",
        "startedAt" => Value::Null,
        "finishedAt" => Value::Null,
    } }
}

fn user(agent: &Agent, container: &Container) -> Value {
    let pod = agent.pod.tree.at(&["spec", "securityContext"]);
    let own = container.spec.at(&["securityContext"]);
    let id = |key: &str| own.at(&[key]).as_i64().or_else(|| pod.at(&[key]).as_i64()).unwrap_or(0);
    let (uid, gid) = (id("runAsUser"), id("runAsGroup"));
    let mut groups = vec![Value::Int(gid)];
    groups.extend(pod.at(&["fsGroup"]).as_i64().filter(|g| *g != gid).map(Value::Int));
    map! { "linux" => map! { "uid" => uid, "gid" => gid, "supplementalGroups" => groups } }
}

/// The mounts of a container's status: the spec's, those that are read-only with their recursive mode.
fn volume_mounts(spec: &Value) -> Value {
    let mounts = spec.at(&["volumeMounts"]).items().iter().map(|mount| {
        let mut status = map! {
            "name" => mount.at(&["name"]).clone(),
            "mountPath" => mount.at(&["mountPath"]).clone(),
        };
        if mount.at(&["readOnly"]).as_bool() == Some(true) {
            status.set(&["readOnly"], true);
            status.set(&["recursiveReadOnly"], "Disabled");
        }
        status
    });
    Value::list_of(mounts.collect())
}
