//! The conditions of a pod's status, in the order in which a node agent writes them.

use super::agent::Agent;
use super::container::{Container, Role};
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// Those that a node agent answers for.
const OWN: [&str; 5] = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

/// A condition's status, reason and message; empty texts are left out.
struct Finding {
    holds: bool,
    reason: &'static str,
    message: String,
}

impl Finding {
    fn plain(holds: bool) -> Self {
        Self { holds, reason: "", message: String::new() }
    }

    fn not(reason: &'static str, message: String) -> Self {
        Self { holds: false, reason, message }
    }
}

/// All conditions: foreign ones first, then our own. A condition whose status did not change keeps its time.
pub(super) fn build(agent: &Agent, old: &Value, phase: &str, generation: i64, now: Time) -> Vec<Value> {
    let before = old.at(&["conditions"]).items();
    let is_own = |c: &Value| OWN.contains(&c.at(&["type"]).str_or_empty());
    let mut all: Vec<Value> = before.iter().filter(|c| !is_own(c)).cloned().collect();
    let containers_ready = containers_ready(agent, phase);
    let ready = ready(agent, old, phase);
    for (name, finding) in OWN.into_iter().zip([
        Finding::plain(agent.sandbox),
        initialized(agent, phase),
        ready,
        containers_ready,
        Finding::plain(true),
    ]) {
        let held = before.iter().find(|c| c.at(&["type"]).as_str() == Some(name));
        all.push(condition(name, finding, held, generation, now));
    }
    all
}

fn condition(name: &'static str, finding: Finding, held: Option<&Value>, generation: i64, now: Time) -> Value {
    let status = if finding.holds { "True" } else { "False" };
    let changed = held
        .filter(|c| c.at(&["status"]).as_str() == Some(status))
        .and_then(|c| c.at(&["lastTransitionTime"]).as_str());
    let mut condition = map! {
        "type" => name,
        "status" => status,
        "lastProbeTime" => Value::Null,
        "lastTransitionTime" => changed.map_or_else(|| Text::from(now.rfc3339()), Text::copy),
        "observedGeneration" => generation,
    };
    if !finding.reason.is_empty() {
        condition.set(&["reason"], finding.reason);
    }
    if !finding.message.is_empty() {
        condition.set(&["message"], finding.message);
    }
    condition
}

fn names<'a>(containers: impl Iterator<Item = &'a Container>) -> String {
    containers.map(|c| c.name.as_str()).collect::<Vec<_>>().join(" ")
}

fn initialized(agent: &Agent, phase: &str) -> Finding {
    if phase == "Succeeded" {
        return Finding { holds: true, reason: "PodCompleted", message: String::new() };
    }
    // Once the main containers have run, the sidecars no longer count.
    let begun = agent.containers.iter().any(|c| c.role == Role::Main && c.run.is_some());
    let open = names(agent.containers.iter().filter(|c| !begun && !c.is_initialized()));
    if open.is_empty() {
        Finding::plain(true)
    } else {
        Finding::not("ContainersNotInitialized", format!("containers with incomplete status: [{open}]"))
    }
}

fn containers_ready(agent: &Agent, phase: &str) -> Finding {
    let ran = agent.ever_ran;
    match phase {
        "Succeeded" => Finding::not("PodCompleted", String::new()),
        "Failed" if ran => Finding::not("PodFailed", String::new()),
        _ => {
            let counted = || agent.containers.iter().filter(|c| c.role != Role::Init);
            let unready = names(counted().filter(|c| !c.is_ready()));
            if unready.is_empty() {
                Finding::plain(true)
            } else {
                let message = format!("containers with unready status: [{unready}]");
                Finding::not("ContainersNotReady", message)
            }
        }
    }
}

fn ready(agent: &Agent, old: &Value, phase: &str) -> Finding {
    let containers = containers_ready(agent, phase);
    if !containers.holds {
        return containers;
    }
    let gates = agent.pod.tree.at(&["spec", "readinessGates"]).items();
    let mut complaints = Vec::new();
    for gate in gates {
        let name = gate.at(&["conditionType"]).str_or_empty();
        let held = old.at(&["conditions"]).items().iter().find(|c| c.at(&["type"]).as_str() == Some(name));
        match held.map(|c| c.at(&["status"]).str_or_empty()) {
            None => {
                complaints.push(format!("corresponding condition of pod readiness gate \"{name}\" does not exist."))
            }
            Some("True") => {}
            Some(_) => complaints.push(format!(
                "the status of pod readiness gate \"{name}\" is not \"True\", but {}",
                held.map(|c| c.at(&["status"]).str_or_empty()).unwrap_or_default()
            )),
        }
    }
    if complaints.is_empty() {
        Finding::plain(true)
    } else {
        Finding::not("ReadinessGatesNotReady", complaints.join(", "))
    }
}
