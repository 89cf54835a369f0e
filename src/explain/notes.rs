//! What holds nothing up, and is often misunderstood about a state.

use super::eyes::{Eyes, names};
use super::help::{Help, tail};
use super::set::Seats;
use super::{Reason, refusal};
use crate::api::view::{PodView, UpdateStrategy};
use crate::api::{Key, Kind, Object, Shared};
use crate::kubectl::{Process, Stream};
use crate::value::Text;

/// At most so many commands are looked through for the last one that was refused.
const COMMANDS: usize = 12;

/// About a set.
pub(super) fn of_set(eyes: &Eyes<'_>, set: &Shared, seats: &Seats<'_>) -> Vec<Reason> {
    let key = set.key();
    let view = seats.view;
    let mut notes = Vec::new();
    let mut note = |field: &'static str, rule: u8, text: String| notes.push(Reason::note(&key, field, rule, text));
    if view.current_revision != view.update_revision {
        let which = match &view.strategy {
            UpdateStrategy::OnDelete => "with OnDelete it never moves",
            UpdateStrategy::RollingUpdate { partition: Some(1..), .. } => {
                "while a partition keeps old pods that is as it should be"
            }
            UpdateStrategy::RollingUpdate { .. } => "it follows when every pod is updated and Ready",
        };
        let text = format!(
            "status.currentRevision ({}) is where the set comes from, status.updateRevision ({}) where it goes: {which}",
            view.current_revision, view.update_revision
        );
        note("status.currentRevision", 0, text);
    }
    let leaving = eyes
        .pods_of(set)
        .iter()
        .any(|(_, pod)| pod.is_terminating() && pod.as_pod().is_some_and(PodView::is_running_and_ready));
    if leaving {
        let text = "status.readyReplicas still counts a pod that is Terminating: it is Ready until its program stops";
        note("status.readyReplicas", 0, text.into());
    }
    if !seats.condemned.is_empty() && view.start > 0 {
        let gone = names(seats.condemned.iter().map(|pod| &pod.meta.name));
        let text = format!(
            "ordinals start at {}: the first pod is {}-{}; {gone} go only when the new ones are Ready",
            view.start, key.name, view.start
        );
        note("spec.ordinals.start", 24, text);
    } else if view.start > 0 {
        let text = format!("ordinals start at {}: the first pod is {}-{}", view.start, key.name, view.start);
        note("spec.ordinals.start", 24, text);
    }
    if view.parallel && !seats.outdated.is_empty() {
        let text = "Parallel concerns scaling only: updates go one pod at a time, highest ordinal first";
        note("spec.podManagementPolicy", 13, text.into());
    }
    let applied = set.annotation("kubectl.kubernetes.io/last-applied-configuration").unwrap_or_default();
    let has_window = matches!(&view.strategy, UpdateStrategy::RollingUpdate { max_unavailable: Some(_), .. });
    if applied.contains("\"maxUnavailable\"") && !has_window {
        let text = "maxUnavailable was dropped when it was written: it needs the gate MaxUnavailableStatefulSet, which is \
                    off by default, so pods are updated one at a time. With the gate it is a window, not a batch";
        note("spec.updateStrategy.rollingUpdate.maxUnavailable", 20, text.into());
    }
    notes.extend(service(eyes, set, &view.service_name));
    notes.extend(refused(eyes, &key));
    notes
}

/// serviceName creates nothing and is not checked.
fn service(eyes: &Eyes<'_>, set: &Shared, name: &Text) -> Option<Reason> {
    if name.is_empty() {
        return None;
    }
    let key = Key::new(Kind::Service, set.meta.namespace.clone(), name.clone());
    let line = format!("kubectl create service clusterip {name} --clusterip=None{}", tail(&key));
    let Some(service) = eyes.get(Kind::Service, &key.namespace, name) else {
        let text = format!(
            "there is no Service {name}: serviceName creates nothing and is not checked, so the pods have no DNS names"
        );
        let note = Reason::note(&set.key(), "spec.serviceName", 0, text);
        return Some(note.helps(Help::run(format!("Create the headless Service {name}"), line)));
    };
    if service.tree.at(&["spec", "clusterIP"]).as_str() != Some("None") {
        let text = format!(
            "Service {name} is not headless (clusterIP is not None), so the pods have no DNS names of their own"
        );
        return Some(Reason::note(&key, "spec.clusterIP", 0, text));
    }
    None
}

/// The last command about a set, if the API server refused it.
fn refused(eyes: &Eyes<'_>, set: &Key) -> Option<Reason> {
    let mut commands: Vec<&Process> = eyes.world.processes().map(|(_, process)| process).collect();
    commands.reverse();
    let changes = ["apply", "patch", "replace", "create", "scale", "set", "edit"];
    let is_change = |process: &&Process| process.invocation.argv.iter().any(|word| changes.contains(&word.as_str()));
    for process in commands.into_iter().take(COMMANDS).filter(is_change) {
        match process.exit {
            Some(0) => return None,
            None => {}
            Some(_) => {
                let said = complaint(process);
                if !said.contains(set.name.as_str()) {
                    continue;
                }
                let (text, rule) = refusal(&said)?;
                let text = format!("the last change of it was refused. {text}");
                return Some(Reason::note(set, "spec", rule, text));
            }
        }
    }
    None
}

/// What a command said on its error stream.
pub(super) fn complaint(process: &Process) -> String {
    process.output.iter().filter(|line| line.stream == Stream::Err).map(|line| line.text.as_str()).collect()
}

/// About a pod.
pub(super) fn of_pod(eyes: &Eyes<'_>, pod: &Shared, view: &PodView) -> Vec<Reason> {
    let (key, name) = (pod.key(), &pod.meta.name);
    let mut notes = Vec::new();
    let mut note = |field: &'static str, rule: u8, text: String| notes.push(Reason::note(&key, field, rule, text));
    if pod.is_terminating() && view.is_running_and_ready() {
        let text = format!(
            "{name} is Terminating and still Ready: its program runs until it stops, and readyReplicas counts it"
        );
        note("status.conditions[Ready]", 0, text);
    }
    let restarts = pod.tree.at(&["status", "containerStatuses"]).items().iter();
    let restarts: i64 = restarts.filter_map(|c| c.at(&["restartCount"]).as_i64()).sum();
    let probed = pod.tree.at(&["spec", "containers"]).items().iter().any(|c| c.get("readinessProbe").is_some());
    if restarts > 0 && !probed {
        let text = format!(
            "{name} has no readiness probe: it counts as Ready whenever its container runs, so between two crashes the \
             controller may go on"
        );
        note("spec.containers[].readinessProbe", 0, text);
    }
    let twins = eyes.world.running(&key.namespace, name);
    if twins.len() > 1 {
        let nodes = names(twins.iter().map(|(node, _)| node));
        let text = format!(
            "two programs of the name {name} run at once, on {nodes}: the older one was let go by force while it still ran"
        );
        note("metadata.uid", 5, text);
    }
    match eyes.set_of(&key.namespace, name) {
        Some((set, ordinal)) if pod.controller().is_some_and(|owner| owner.uid == set.meta.uid) => {
            notes.extend(of_member(eyes, pod, view, set, ordinal));
        }
        _ => notes.extend(without_set(pod)),
    }
    notes
}

/// A pod whose set is there.
fn of_member(eyes: &Eyes<'_>, pod: &Shared, view: &PodView, set: &Object, ordinal: i64) -> Vec<Reason> {
    let (key, name) = (pod.key(), &pod.meta.name);
    let mut notes = Vec::new();
    let Some(of_set) = set.as_stateful_set() else { return notes };
    if let UpdateStrategy::RollingUpdate { partition: Some(partition), .. } = &of_set.strategy
        && ordinal < of_set.start + partition
        && of_set.current_revision != of_set.update_revision
    {
        let text = format!(
            "ordinal {ordinal} is below partition {partition}: {name} keeps the current revision, and comes again with it"
        );
        notes.push(Reason::note(&key, "spec.updateStrategy.rollingUpdate.partition", 14, text));
    }
    let service = eyes.get(Kind::Service, &key.namespace, &of_set.service_name);
    let early = service.is_some_and(|s| s.tree.at(&["spec", "publishNotReadyAddresses"]).as_bool() == Some(true));
    if !view.is_running_and_ready() && service.is_some() && !early {
        let text = format!("{name}.{} does not answer: DNS names only pods that are Ready", of_set.service_name);
        notes.push(Reason::note(&key, "status.conditions[Ready]", 0, text));
    }
    notes
}

/// A pod that looks like a set's and has none.
fn without_set(pod: &Shared) -> Option<Reason> {
    let (key, name) = (pod.key(), &pod.meta.name);
    let owner = pod.controller().map(|owner| owner.name.clone());
    if let Some(owner) = owner.filter(|_| pod.is_terminating()) {
        let text = format!(
            "its set {owner} is gone: all pods of it were deleted at once, in no order. Scale to 0 first for an ordered \
             stop"
        );
        return Some(Reason::note(&key, "metadata.ownerReferences", 18, text));
    }
    let made = pod.label("statefulset.kubernetes.io/pod-name").is_some_and(|label| label == name.as_str());
    if pod.controller().is_none() && made {
        let text = format!(
            "no set owns {name}: it was left behind by --cascade=orphan, and runs on. A set whose selector matches it \
             adopts it"
        );
        return Some(Reason::note(&key, "metadata.ownerReferences", 18, text));
    }
    None
}

/// About a seat without a pod: the revision that its next one gets.
pub(super) fn of_seat(_: &Eyes<'_>, set: &Shared, ordinal: i64) -> Option<Reason> {
    let view = set.as_stateful_set()?;
    let below = match &view.strategy {
        UpdateStrategy::RollingUpdate { partition: Some(partition), .. } => ordinal < view.start + partition,
        _ => return None,
    };
    let (revision, which) = if below {
        (&view.current_revision, "below the partition: it comes with the current revision")
    } else {
        (&view.update_revision, "not below the partition: it comes with the update revision")
    };
    let text = format!("ordinal {ordinal} is {which}, {revision}");
    let field = "spec.updateStrategy.rollingUpdate.partition";
    (view.current_revision != view.update_revision).then(|| Reason::note(&set.key(), field, 14, text))
}
