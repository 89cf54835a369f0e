//! A pod's row.

use super::{age, name, or_none};
use crate::api::Object;
use crate::time::{Time, human_duration};
use crate::value::Value;

/// The cells of a pod.
pub fn pod(object: &Object, now: Time) -> Vec<String> {
    let tree = &object.tree;
    let summary = Summary::of(object);
    let restarts = match summary.last_restart {
        Some(moment) if summary.restarts > 0 => {
            format!("{} ({} ago)", summary.restarts, human_duration(now.since(moment)))
        }
        _ => summary.restarts.to_string(),
    };
    let ip = tree.at(&["status", "podIPs"]).items().first().map_or(tree.at(&["status", "podIP"]), |ip| ip.at(&["ip"]));
    vec![
        name(object),
        format!("{}/{}", summary.ready, summary.total),
        summary.status,
        restarts,
        age(object, now),
        or_none(ip),
        or_none(tree.at(&["spec", "nodeName"])),
        or_none(tree.at(&["status", "nominatedNodeName"])),
        readiness_gates(tree),
    ]
}

fn readiness_gates(tree: &Value) -> String {
    let gates = tree.at(&["spec", "readinessGates"]).items();
    if gates.is_empty() {
        return "<none>".to_owned();
    }
    let passed =
        gates.iter().filter(|gate| condition(tree, gate.at(&["conditionType"]).str_or_empty()) == Some("True")).count();
    format!("{passed}/{}", gates.len())
}

/// The status of a condition of a pod.
fn condition<'a>(tree: &'a Value, of: &str) -> Option<&'a str> {
    let conditions = tree.at(&["status", "conditions"]).items();
    let found = conditions.iter().find(|c| c.at(&["type"]).str_or_empty() == of)?;
    found.at(&["status"]).as_str()
}

/// What a pod's row says about its containers.
struct Summary {
    ready: usize,
    total: usize,
    status: String,
    restarts: i64,
    last_restart: Option<Time>,
}

/// Restarts of some containers, and when the last of their earlier lives ended.
#[derive(Clone, Copy, Default)]
struct Restarts {
    count: i64,
    last: Option<Time>,
}

impl Restarts {
    fn add(&mut self, container: &Value) {
        self.count = self.count.saturating_add(container.at(&["restartCount"]).as_i64().unwrap_or(0));
        let ended = container.at(&["lastState", "terminated", "finishedAt"]).as_str().and_then(Time::parse);
        self.last = self.last.max(ended);
    }
}

impl Summary {
    fn of(object: &Object) -> Self {
        let tree = &object.tree;
        let status = tree.at(&["status"]);
        let phase = status.at(&["phase"]).str_or_empty();
        let mut reason = match status.at(&["reason"]).str_or_empty() {
            "" => phase.to_owned(),
            reason => reason.to_owned(),
        };
        let gated = status.at(&["conditions"]).items().iter().any(|c| {
            c.at(&["type"]).str_or_empty() == "PodScheduled" && c.at(&["reason"]).str_or_empty() == "SchedulingGated"
        });
        if gated {
            "SchedulingGated".clone_into(&mut reason);
        }
        let (mut ready, mut restarts, mut sidecars) = (0, Restarts::default(), Restarts::default());
        let initializing = initialization(tree, &mut ready, &mut restarts, &mut sidecars);
        let is_initializing = initializing.is_some();
        reason = initializing.unwrap_or(reason);
        if !is_initializing || condition(tree, "Initialized") == Some("True") {
            restarts = sidecars;
            containers(tree, &mut reason, &mut ready, &mut restarts);
        }
        if object.is_terminating() {
            if status.at(&["reason"]).str_or_empty() == "NodeLost" {
                "Unknown".clone_into(&mut reason);
            } else if !matches!(phase, "Succeeded" | "Failed") {
                "Terminating".clone_into(&mut reason);
            }
        }
        let sidecar_count = tree.at(&["spec", "initContainers"]).items().iter().filter(|c| is_sidecar(c)).count();
        Self {
            ready,
            total: tree.at(&["spec", "containers"]).items().len() + sidecar_count,
            status: reason,
            restarts: restarts.count,
            last_restart: restarts.last,
        }
    }
}

fn is_sidecar(init_container: &Value) -> bool {
    init_container.at(&["restartPolicy"]).str_or_empty() == "Always"
}

/// Walks the init containers up to the first that has not done its part; answers what the pod waits for there.
fn initialization(tree: &Value, ready: &mut usize, restarts: &mut Restarts, sidecars: &mut Restarts) -> Option<String> {
    let specs = tree.at(&["spec", "initContainers"]).items();
    for (at, container) in tree.at(&["status", "initContainerStatuses"]).items().iter().enumerate() {
        let is_sidecar = specs.iter().any(|spec| spec.at(&["name"]) == container.at(&["name"]) && is_sidecar(spec));
        restarts.add(container);
        if is_sidecar {
            sidecars.add(container);
        }
        let state = container.at(&["state"]);
        let ended = state.get("terminated");
        if let Some(ended) = ended
            && ended.at(&["exitCode"]).as_i64().unwrap_or(0) == 0
        {
            continue;
        }
        if is_sidecar && container.at(&["started"]).as_bool() == Some(true) {
            *ready += usize::from(container.at(&["ready"]).as_bool() == Some(true));
            continue;
        }
        if let Some(ended) = ended {
            return Some(format!("Init:{}", ending(ended)));
        }
        return Some(match state.at(&["waiting", "reason"]).str_or_empty() {
            "" | "PodInitializing" => format!("Init:{at}/{}", specs.len()),
            reason => format!("Init:{reason}"),
        });
    }
    None
}

/// Why a container ended: its reason, its signal or its exit code.
fn ending(terminated: &Value) -> String {
    let number = |key: &str| terminated.at(&[key]).as_i64().unwrap_or(0);
    match (terminated.at(&["reason"]).str_or_empty(), number("signal")) {
        ("", 0) => format!("ExitCode:{}", number("exitCode")),
        ("", signal) => format!("Signal:{signal}"),
        (reason, _) => reason.to_owned(),
    }
}

/// Walks the containers from last to first, so that the first one with something to say is heard.
fn containers(tree: &Value, reason: &mut String, ready: &mut usize, restarts: &mut Restarts) {
    let (mut has_running, mut failure) = (false, None);
    for container in tree.at(&["status", "containerStatuses"]).items().iter().rev() {
        restarts.add(container);
        let state = container.at(&["state"]);
        let waiting = state.at(&["waiting", "reason"]).str_or_empty();
        if !waiting.is_empty() {
            waiting.clone_into(reason);
        } else if let Some(ended) = state.get("terminated") {
            *reason = ending(ended);
            if ended.at(&["exitCode"]).as_i64().unwrap_or(0) != 0 {
                failure = Some(reason.clone());
            }
        } else if container.at(&["ready"]).as_bool() == Some(true) && state.get("running").is_some() {
            has_running = true;
            *ready += 1;
        }
    }
    if reason == "Completed" {
        if has_running && condition(tree, "Ready") == Some("True") {
            "Running".clone_into(reason);
        } else if let Some(failure) = failure {
            *reason = failure;
        } else if has_running {
            "NotReady".clone_into(reason);
        }
    }
}
