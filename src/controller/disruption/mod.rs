//! Disruption budgets: how many pods may be taken away at once (`reference/pods-and-nodes.md` §9).

mod count;
#[cfg(test)]
mod tests;

use count::Expected;

use crate::api::{Kind, Object, Selector, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::recorder::{Note, Recorder};
use crate::controller::{Cache, Context, Decision, Part};
use crate::map;
use crate::time::Time;
use crate::value::{Map, Text, Value};

/// By this name it decides and records events.
const NAME: &str = "controllermanager";
/// How long an eviction counts although its pod is still there, ms.
const DELETION_TIMEOUT: i64 = 120_000;

/// What the disruption controller can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisruptionAlarm {
    /// The budget (namespace, name) is looked at again.
    Again(Text, Text),
}

/// Keeps the status of every PodDisruptionBudget.
#[derive(Clone, Debug)]
pub struct DisruptionController {
    cache: Cache,
    recorder: Recorder,
}

impl Default for DisruptionController {
    fn default() -> Self {
        Self { cache: Cache::default(), recorder: Recorder::new(NAME, "") }
    }
}

type Hand<'a, 'b> = &'a mut Context<'b, DisruptionAlarm>;

impl DisruptionController {
    /// A controller that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The budget that a pod counts for; of several the first, which is told on the pod.
    fn budget_of(&mut self, pod: &Object, context: Hand<'_, '_>) -> Option<Shared> {
        let budgets = self.cache.list(Kind::PodDisruptionBudget, &pod.meta.namespace);
        let mut matching = budgets.filter(|budget| matches(budget, pod));
        let first = matching.next()?.clone();
        let several = matching.next().is_some();
        drop(matching);
        if several {
            let text = format!(
                "Pod \"{}\"/\"{}\" matches multiple PodDisruptionBudgets.  Chose \"{}\" arbitrarily.",
                pod.meta.namespace, pod.meta.name, first.meta.name
            );
            self.event(pod, true, "MultiplePodDisruptionBudgets", &text, context);
        }
        Some(first)
    }

    fn sync(&mut self, budget: &Shared, context: Hand<'_, '_>) {
        let namespace = &budget.meta.namespace;
        let pods = self.cache.list(Kind::Pod, namespace);
        let pods: Vec<Shared> = pods.filter(|pod| matches(budget, pod)).cloned().collect();
        if pods.is_empty() {
            self.event(budget, false, "NoPods", "No matching pods found", context);
        }
        let expected = match Expected::of(budget, &pods, &self.cache) {
            Ok(expected) => expected,
            Err(problem) => {
                let text = format!("Failed to calculate the number of expected pods: {problem}");
                self.event(budget, true, "CalculateExpectedPodCountFailed", &text, context);
                Self::write(budget, failed(budget, &problem, context.now), context);
                return;
            }
        };
        if expected.unmanaged {
            let text = format!(
                "Pods selected by this PodDisruptionBudget (selector: {}) were found to be unmanaged. As a result, the \
                 status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account \
                 for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.",
                count::selector_text(budget.tree.at(&["spec", "selector"]))
            );
            self.event(budget, true, "UnmanagedPods", &text, context);
        }
        let evicted = self.still_evicted(budget, &pods, context);
        let healthy = pods
            .iter()
            .filter(|pod| !pod.is_terminating() && !evicted.contains_key(&pod.meta.name))
            .filter(|pod| pod.as_pod().is_some_and(|view| view.ready))
            .count();
        let healthy = i64::try_from(healthy).unwrap_or(i64::MAX);
        let allowed = if expected.pods > 0 { (healthy - expected.healthy).max(0) } else { 0 };
        let tree = counted(budget, &expected, healthy, allowed, evicted, context.now);
        if tree != budget.tree {
            let why =
                format!("{healthy} of {} expected pods are healthy and {} are needed", expected.pods, expected.healthy);
            let did = format!("allowed {allowed} disruptions");
            if Self::write(budget, tree, context) {
                context.decide(Decision::did("disruption-controller", budget.key(), did, why));
            }
        }
    }

    /// The evictions that still count: of pods whose deletion has not been seen yet, for two minutes.
    fn still_evicted(&mut self, budget: &Object, pods: &[Shared], context: Hand<'_, '_>) -> Map {
        let noted = budget.tree.at(&["status", "disruptedPods"]);
        let mut evicted = Map::new();
        for pod in pods.iter().filter(|pod| !pod.is_terminating()) {
            let Some(since) = noted.at(&[&pod.meta.name]).as_str() else {
                continue;
            };
            let until = Time::parse(since).unwrap_or_default().plus(DELETION_TIMEOUT);
            if until < context.now {
                let namespace = &budget.meta.namespace;
                // The namespace stands where the budget's name would be expected: so Kubernetes words it.
                let text = format!("Pod was expected by PDB {namespace}/{namespace} to be deleted but it wasn't");
                self.event(pod, true, "NotDeleted", &text, context);
            } else {
                evicted.insert(pod.meta.name.clone(), Text::copy(since));
                let (namespace, name) = (budget.meta.namespace.clone(), budget.meta.name.clone());
                context.after(until.since(context.now) + 1, DisruptionAlarm::Again(namespace, name));
            }
        }
        evicted
    }

    fn write(budget: &Shared, tree: Value, context: Hand<'_, '_>) -> bool {
        match context.client.update_status(budget, tree) {
            Ok(_) => true,
            Err(refused) => {
                if !refused.is_not_found() {
                    let (namespace, name) = (budget.meta.namespace.clone(), budget.meta.name.clone());
                    context.after(context.profile.watch.disruption.max(5), DisruptionAlarm::Again(namespace, name));
                }
                false
            }
        }
    }

    fn event(&mut self, object: &Object, warning: bool, reason: &'static str, message: &str, context: Hand<'_, '_>) {
        let note = Note { object, field_path: "", warning, reason, message };
        self.recorder.record(&mut context.client, context.seed, &note);
    }
}

/// Whether a budget selects a pod. An empty selector selects every pod of the namespace.
fn matches(budget: &Object, pod: &Object) -> bool {
    let selector = budget.tree.at(&["spec", "selector"]);
    !selector.is_null() && Selector::from_label_selector(selector).is_ok_and(|selector| selector.matches(pod.labels()))
}

/// The budget with its status as counted.
fn counted(budget: &Object, expected: &Expected, healthy: i64, allowed: i64, evicted: Map, now: Time) -> Value {
    let mut tree = budget.tree.clone();
    let numbers = [
        ("currentHealthy", healthy),
        ("desiredHealthy", expected.healthy),
        ("disruptionsAllowed", allowed),
        ("expectedPods", expected.pods),
        ("observedGeneration", budget.meta.generation),
    ];
    for (key, number) in numbers {
        tree.set(&["status", key], number);
    }
    if evicted.is_empty() {
        tree.take(&["status", "disruptedPods"]);
    } else {
        tree.set(&["status", "disruptedPods"], evicted);
    }
    let reason = if allowed > 0 { "SufficientPods" } else { "InsufficientPods" };
    set_condition(&mut tree, allowed > 0, reason, "", budget.meta.generation, now);
    tree
}

/// The budget with no disruption allowed, because it cannot be counted.
fn failed(budget: &Object, problem: &str, now: Time) -> Value {
    let mut tree = budget.tree.clone();
    tree.set(&["status", "disruptionsAllowed"], 0);
    let seen = budget.tree.at(&["status", "observedGeneration"]).as_i64().unwrap_or(0);
    set_condition(&mut tree, false, "SyncFailed", problem, seen, now);
    tree
}

/// Writes condition `DisruptionAllowed`; its time changes with its status only.
fn set_condition(tree: &mut Value, allowed: bool, reason: &'static str, message: &str, generation: i64, now: Time) {
    let status = if allowed { "True" } else { "False" };
    let conditions = tree.at_mut(&["status", "conditions"]).items_mut();
    let held = conditions.iter_mut().find(|held| held.at(&["type"]).as_str() == Some("DisruptionAllowed"));
    let since = match &held {
        Some(held) if held.at(&["status"]).as_str() == Some(status) => held.at(&["lastTransitionTime"]).text(),
        _ => Text::from(now.rfc3339()),
    };
    let mut condition = map! {
        "type" => "DisruptionAllowed",
        "status" => status,
        "lastTransitionTime" => since,
        "reason" => reason,
        "message" => Text::copy(message),
    };
    if generation != 0 {
        condition.set(&["observedGeneration"], generation);
    }
    match held {
        Some(held) => *held = condition,
        None => conditions.push(condition),
    }
}

/// Whether a change of a pod can change what a budget counts.
fn counts(event: &WatchEvent) -> bool {
    let pod = &event.object;
    match (&event.before, event.change) {
        (Some(before), Change::Modified) => {
            let ready = |pod: &Object| pod.as_pod().is_some_and(|view| view.ready);
            before.labels() != pod.labels()
                || before.is_terminating() != pod.is_terminating()
                || before.meta.owners != pod.meta.owners
                || ready(before) != ready(pod)
        }
        _ => true,
    }
}

impl Part for DisruptionController {
    type Alarm = DisruptionAlarm;

    const WATCHES: &'static [Kind] = &[Kind::PodDisruptionBudget, Kind::Pod, Kind::StatefulSet];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        self.cache.apply(event);
        let object = &event.object;
        match object.kind {
            Kind::PodDisruptionBudget if event.change != Change::Deleted => self.sync(object, context),
            Kind::Pod if counts(event) => {
                if let Some(budget) = self.budget_of(object, context) {
                    self.sync(&budget, context);
                }
            }
            _ => {}
        }
    }

    fn wake(&mut self, alarm: DisruptionAlarm, context: Hand<'_, '_>) {
        let DisruptionAlarm::Again(namespace, name) = alarm;
        if let Some(budget) = self.cache.get(Kind::PodDisruptionBudget, &namespace, &name).cloned() {
            self.sync(&budget, context);
        }
    }
}
