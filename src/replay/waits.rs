//! What a scenario waits for after a step, looked at from outside as its driver did.

use crate::api::{Kind, Object, Selector, Shared};
use crate::sim::World;
use crate::value::{Text, Value};

/// One condition and how long it may take, ms.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What has to hold.
    pub test: Test,
    /// After this time the scenario goes on all the same, ms.
    pub timeout: i64,
    /// The namespace it speaks of, where it names one.
    pub namespace: Option<Text>,
}

/// What has to hold.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Test {
    /// Nothing but time: ms.
    Sleep(i64),
    SetReady {
        name: Text,
        replicas: Option<i64>,
    },
    SetRolledOut {
        name: Text,
    },
    SetStatus {
        name: Text,
        status: Value,
    },
    PodReady {
        name: Text,
    },
    PodNewReady {
        name: Text,
    },
    PodExists {
        name: Text,
    },
    PodPhase {
        name: Text,
        phase: Text,
    },
    PodRunning {
        name: Text,
    },
    PodWaiting {
        name: Text,
        reason: Text,
    },
    PodRestarts {
        name: Text,
        count: i64,
    },
    PodsReady {
        selector: Selector,
        count: i64,
    },
    Count {
        kind: Kind,
        selector: Selector,
        count: i64,
    },
    ClaimBound {
        name: Text,
    },
    ClaimCapacity {
        name: Text,
        capacity: Text,
    },
    VolumePhase {
        name: Text,
        phase: Text,
    },
    Gone {
        kind: Kind,
        name: Text,
    },
    Exists {
        kind: Kind,
        name: Text,
    },
    Deleting {
        kind: Kind,
        name: Text,
    },
    Event {
        reason: Text,
        contains: Text,
    },
    NodeReady {
        status: Text,
    },
}

impl Condition {
    pub(super) fn read(tree: &Value) -> Result<Self, String> {
        let name = || tree.at(&["name"]).text();
        let number = |key: &str| tree.at(&[key]).as_i64().unwrap_or(0);
        let kind = || {
            let word = tree.at(&["res"]).str_or_empty();
            kind_of(word).ok_or_else(|| format!("unknown resource {word}"))
        };
        let selector = || match tree.at(&["selector"]).as_str() {
            Some(text) => Selector::parse(text),
            None => Ok(Selector::default()),
        };
        let test = match tree.at(&["cond"]).str_or_empty() {
            "sleep" => Test::Sleep(milliseconds(tree.at(&["seconds"]))),
            "sts-ready" => Test::SetReady { name: name(), replicas: tree.at(&["replicas"]).as_i64() },
            "sts-rolled-out" => Test::SetRolledOut { name: name() },
            "sts-status" => Test::SetStatus { name: name(), status: tree.at(&["status"]).clone() },
            "pod-ready" => Test::PodReady { name: name() },
            "pod-new-ready" => Test::PodNewReady { name: name() },
            "pod-exists" => Test::PodExists { name: name() },
            "pod-phase" => Test::PodPhase { name: name(), phase: tree.at(&["phase"]).text() },
            "pod-running" => Test::PodRunning { name: name() },
            "pod-waiting" => Test::PodWaiting { name: name(), reason: tree.at(&["reason"]).text() },
            "pod-restarts" => Test::PodRestarts { name: name(), count: number("n") },
            "pods-ready" => Test::PodsReady { selector: selector()?, count: number("n") },
            "pods-count" => Test::Count { kind: Kind::Pod, selector: selector()?, count: number("n") },
            "count" => Test::Count { kind: kind()?, selector: selector()?, count: number("n") },
            "pvc-bound" => Test::ClaimBound { name: name() },
            "pvc-capacity" => Test::ClaimCapacity { name: name(), capacity: tree.at(&["v"]).text() },
            "pv-phase" => Test::VolumePhase { name: name(), phase: tree.at(&["phase"]).text() },
            "gone" => Test::Gone { kind: kind()?, name: name() },
            "exists" => Test::Exists { kind: kind()?, name: name() },
            "deleting" => Test::Deleting { kind: kind()?, name: name() },
            "event" => Test::Event { reason: tree.at(&["reason"]).text(), contains: tree.at(&["contains"]).text() },
            "node-ready" => Test::NodeReady { status: tree.at(&["status"]).text() },
            other => return Err(format!("unknown condition {other}")),
        };
        Ok(Self {
            test,
            timeout: milliseconds(tree.at(&["timeout_s"])),
            namespace: tree.at(&["ns"]).as_str().map(Text::copy),
        })
    }
}

/// Seconds, whole or not, as milliseconds; a minute where nothing is said.
fn milliseconds(seconds: &Value) -> i64 {
    match seconds {
        Value::Int(whole) => whole * 1000,
        Value::Float(seconds) => (seconds * 1000.0) as i64,
        _ => 60_000,
    }
}

/// The kind of a resource by its plural or short name.
fn kind_of(word: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|kind| {
        let info = kind.info();
        info.plural == word || info.singular == word || info.short_names.contains(&word)
    })
}

/// What was true when the step began, for conditions that ask for a change.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// uids of the pods by name, in the scenario's namespace.
    pub pods: Vec<(Text, Text)>,
    /// The node of the last fault.
    pub node: Text,
}

/// Whether a test holds now.
pub(super) fn holds(world: &World, namespace: &Text, test: &Test, before: &Before) -> bool {
    let find = |kind: Kind, name: &Text| {
        let namespace = if kind.is_namespaced() { namespace.as_str() } else { "" };
        world.store().get(kind, namespace, name)
    };
    let pod = |name: &Text| find(Kind::Pod, name);
    match test {
        Test::Sleep(_) => false,
        Test::SetReady { name, replicas } => {
            find(Kind::StatefulSet, name).is_some_and(|set| set_ready(world, set, *replicas))
        }
        Test::SetRolledOut { name } => find(Kind::StatefulSet, name).is_some_and(|set| {
            set.as_stateful_set().is_some_and(|view| {
                view.observed_generation == set.meta.generation
                    && view.status_replicas == view.replicas
                    && view.ready_replicas == view.replicas
                    && view.updated_replicas == view.replicas
                    && view.current_revision == view.update_revision
            })
        }),
        Test::SetStatus { name, status } => find(Kind::StatefulSet, name).is_some_and(|set| {
            let observed = set.tree.at(&["status", "observedGeneration"]).as_i64();
            observed == Some(set.meta.generation)
                && status.pairs().all(|(key, wanted)| {
                    let found = set.tree.at(&["status", key]);
                    found == wanted || (found.is_null() && *wanted == Value::Int(0))
                })
        }),
        Test::PodReady { name } => pod(name).is_some_and(|pod| is_ready(pod)),
        Test::PodNewReady { name } => pod(name).is_some_and(|pod| {
            let same = before.pods.iter().any(|(n, uid)| n == name && *uid == pod.meta.uid);
            !same && is_ready(pod)
        }),
        Test::PodExists { name } => pod(name).is_some(),
        Test::PodPhase { name, phase } => {
            pod(name).is_some_and(|pod| pod.tree.at(&["status", "phase"]).text() == *phase)
        }
        Test::PodRunning { name } => {
            pod(name).is_some_and(|pod| containers(pod).any(|status| status.at(&["state"]).get("running").is_some()))
        }
        Test::PodWaiting { name, reason } => pod(name).is_some_and(|pod| {
            containers(pod).any(|status| status.at(&["state", "waiting", "reason"]).text() == *reason)
        }),
        Test::PodRestarts { name, count } => pod(name).is_some_and(|pod| {
            let restarts: i64 = containers(pod).filter_map(|status| status.at(&["restartCount"]).as_i64()).sum();
            restarts >= *count
        }),
        Test::PodsReady { selector, count } => {
            let ready = world
                .store()
                .list(Kind::Pod, namespace)
                .filter(|pod| selector.matches(pod.labels()) && is_ready(pod))
                .count();
            ready as i64 == *count
        }
        Test::Count { kind, selector, count } => {
            let found = world.store().list(*kind, namespace).filter(|object| selector.matches(object.labels())).count();
            found as i64 == *count
        }
        Test::ClaimBound { name } => find(Kind::PersistentVolumeClaim, name)
            .and_then(|claim| claim.as_claim())
            .is_some_and(|claim| claim.is_bound()),
        Test::ClaimCapacity { name, capacity } => find(Kind::PersistentVolumeClaim, name)
            .and_then(|claim| claim.as_claim())
            .is_some_and(|claim| claim.capacity == *capacity),
        Test::VolumePhase { name, phase } => find(Kind::PersistentVolume, name)
            .and_then(|volume| volume.as_volume())
            .is_some_and(|volume| volume.phase == *phase),
        Test::Gone { kind, name } => find(*kind, name).is_none(),
        Test::Exists { kind, name } => find(*kind, name).is_some(),
        Test::Deleting { kind, name } => find(*kind, name).is_some_and(|object| object.is_terminating()),
        Test::Event { reason, contains } => world.store().list(Kind::Event, namespace).any(|event| {
            event.tree.at(&["reason"]).text() == *reason
                && event.tree.at(&["message"]).str_or_empty().contains(contains.as_str())
        }),
        Test::NodeReady { status } => find(Kind::Node, &before.node).is_some_and(|node| {
            node.tree.at(&["status", "conditions"]).items().iter().any(|condition| {
                condition.at(&["type"]).as_str() == Some("Ready") && condition.at(&["status"]).text() == *status
            })
        }),
    }
}

fn set_ready(world: &World, set: &Shared, replicas: Option<i64>) -> bool {
    let Some(view) = set.as_stateful_set() else {
        return false;
    };
    let owned = world
        .store()
        .list(Kind::Pod, &set.meta.namespace)
        .filter(|pod| pod.controller().is_some_and(|owner| owner.uid == set.meta.uid))
        .count() as i64;
    replicas.is_none_or(|wanted| wanted == view.replicas)
        && view.observed_generation == set.meta.generation
        && view.ready_replicas == view.replicas
        && view.status_replicas == view.replicas
        && owned == view.replicas
}

/// Ready and not being deleted.
fn is_ready(pod: &Object) -> bool {
    pod.as_pod().is_some_and(|view| view.ready) && !pod.is_terminating()
}

fn containers(pod: &Object) -> impl Iterator<Item = &Value> {
    pod.tree.at(&["status", "containerStatuses"]).items().iter()
}
