//! The scheduler (`reference/pods-and-nodes.md` §7).
//!
//! A pod without a node is tried at once. A pod that fits nowhere waits until something happens that could make it
//! fit, or for five minutes. Its refusal is told three times: as condition, as event, as decision.

mod affinity;
mod attempt;
mod events;
mod filter;
mod picture;
mod refusal;
mod resources;
mod score;
mod spread;
mod volumes;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::api::{Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::{Cache, Context, Part};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

use events::Recorder;
use picture::Crowds;
use refusal::Kinds;

/// A pod that fits nowhere is tried again after this time, ms, whatever happens.
const FLUSH: i64 = 300_000;
/// How long claims of a chosen node may take to be bound, ms.
const BINDING_TIMEOUT: i64 = 600_000;
/// How often the scheduler looks whether they are, ms.
const BINDING_POLL: i64 = 1000;

/// Namespace and name of a pod.
type PodKey = (Text, Text);

/// What the scheduler can be woken for.
#[derive(Clone, Debug)]
pub enum Alarm {
    /// A waiting pod is tried again; void unless the number is still the pod's.
    Retry(Text, Text, u64),
}

/// A pod without a node.
#[derive(Clone, Debug)]
struct Waiting {
    uid: Text,
    /// What its last refusal was about; nothing before the first attempt.
    refused: Kinds,
    /// The node that was chosen while its claims are being bound for it, and since when.
    reserved: Option<(Text, Time)>,
    /// Makes alarms of earlier attempts void.
    number: u64,
}

/// The scheduler.
#[derive(Clone, Debug, Default)]
pub struct Scheduler {
    cache: Cache,
    waiting: Rc<SortedMap<PodKey, Waiting>>,
    /// The waiting pods by namespace and name of the claims they use.
    by_claim: Rc<SortedMap<(Text, Text), Vec<PodKey>>>,
    crowds: Crowds,
    events: Recorder,
    attempts: u64,
}

impl Scheduler {
    /// A scheduler that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn waits(&self, key: &PodKey) -> Option<&Waiting> {
        self.waiting.get(key)
    }

    /// A pod is new, changed or gone.
    fn pod_changed(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        let pod = &event.object;
        let key = (pod.meta.namespace.clone(), pod.meta.name.clone());
        let gone = event.change == Change::Deleted;
        if !gone && is_schedulable(pod) {
            let known = self.waits(&key).filter(|waiting| waiting.uid == pod.meta.uid);
            let respecified = event.before.as_ref().is_some_and(|before| {
                let part = |path: &[&str]| before.tree.at(path) != pod.tree.at(path);
                part(&["spec"]) || part(&["metadata", "labels"])
            });
            if known.is_none() {
                let waiting =
                    Waiting { uid: pod.meta.uid.clone(), refused: Kinds::default(), reserved: None, number: 0 };
                Rc::make_mut(&mut self.waiting).insert(key.clone(), waiting);
                for claim in claims_of(pod) {
                    let by_claim = Rc::make_mut(&mut self.by_claim);
                    by_claim.or_default((key.0.clone(), claim)).push(key.clone());
                }
                self.attempt(&key, context);
            } else if respecified && known.is_some_and(|waiting| waiting.reserved.is_none()) {
                self.attempt(&key, context);
            }
            return;
        }
        if self.waits(&key).is_some_and(|waiting| waiting.uid == pod.meta.uid) {
            self.forget(&key, pod);
        }
        let freed = gone || pod.as_pod().is_some_and(crate::api::view::PodView::is_finished);
        let relabelled = event.before.as_ref().is_some_and(|before| before.labels() != pod.labels());
        if freed || relabelled {
            self.events.forget(&pod.meta.uid, gone);
            self.retry(context, |waiting| waiting.refused.pods);
        }
    }

    /// A pod no longer waits.
    fn forget(&mut self, key: &PodKey, pod: &Object) {
        Rc::make_mut(&mut self.waiting).remove(key);
        let by_claim = Rc::make_mut(&mut self.by_claim);
        for claim in claims_of(pod) {
            let place = (key.0.clone(), claim);
            if let Some(users) = by_claim.get_mut(&place) {
                users.retain(|user| user != key);
                if users.is_empty() {
                    by_claim.remove(&place);
                }
            }
        }
    }

    /// Tries the waiting pods again that use a claim and were refused because of volumes.
    fn retry_users(&mut self, namespace: &Text, claim: &Text, context: &mut Context<'_, Alarm>) {
        let users = self.by_claim.get(&(namespace.clone(), claim.clone())).cloned().unwrap_or_default();
        for key in users {
            let refused = self.waits(&key).is_some_and(|waiting| waiting.refused.volumes && waiting.reserved.is_none());
            if refused {
                self.attempt(&key, context);
            }
        }
    }

    /// Tries every waiting pod again to which what happened could matter.
    fn retry(&mut self, context: &mut Context<'_, Alarm>, matters: impl Fn(&Waiting) -> bool) {
        let keys: Vec<PodKey> = self
            .waiting
            .iter()
            .filter(|(_, waiting)| waiting.reserved.is_none() && matters(waiting))
            .map(|(key, _)| key.clone())
            .collect();
        for key in keys {
            self.attempt(&key, context);
        }
    }

    fn volume_changed(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        let object = &event.object;
        match object.kind {
            Kind::PersistentVolumeClaim => {
                let was_bound = event.before.as_ref().is_some_and(|before| volumes::is_bound(before));
                let news = event.change != Change::Modified || was_bound != volumes::is_bound(object);
                if news {
                    self.retry_users(&object.meta.namespace, &object.meta.name, context);
                }
            }
            Kind::PersistentVolume => {
                let phase = |object: &Shared| object.as_volume().map(|view| view.phase.clone());
                if event.change == Change::Modified && event.before.as_ref().and_then(phase) == phase(object) {
                    return;
                }
                let Some(view) = object.as_volume() else { return };
                if view.claim_name.is_empty() {
                    self.retry(context, |waiting| waiting.refused.volumes);
                } else {
                    self.retry_users(&view.claim_namespace, &view.claim_name, context);
                }
            }
            _ if event.change == Change::Added => {
                self.retry(context, |waiting| waiting.refused.volumes);
            }
            _ => {}
        }
    }

    fn node_changed(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        let relevant = event.before.as_ref().is_none_or(|before| {
            let part = |path: &[&str]| before.tree.at(path) != event.object.tree.at(path);
            part(&["spec"]) || part(&["metadata", "labels"]) || part(&["status", "allocatable"])
        });
        if event.change != Change::Deleted && relevant {
            self.retry(context, |waiting| waiting.refused.nodes);
        }
    }

    /// Takes a pod as it was just written, ahead of the watch.
    fn assume(&mut self, pod: &Shared, at: Time) {
        self.crowds.update(pod, false);
        self.cache.apply(&WatchEvent { at, change: Change::Modified, object: pod.clone(), before: None });
    }
}

/// Whether this scheduler has to find a node for the pod.
fn is_schedulable(pod: &Object) -> bool {
    let spec = pod.tree.at(&["spec"]);
    let ours = matches!(spec.at(&["schedulerName"]).as_str(), None | Some("default-scheduler"));
    ours && !pod.is_terminating()
        && pod.as_pod().is_some_and(|view| view.node.is_empty() && !view.is_finished())
        && spec.at(&["schedulingGates"]).items().is_empty()
}

fn claims_of(pod: &Object) -> Vec<Text> {
    pod.as_pod().map(|view| view.claims.clone()).unwrap_or_default()
}

impl Part for Scheduler {
    const MANAGER: &'static str = "kube-scheduler";
    type Alarm = Alarm;

    const WATCHES: &'static [Kind] = &[
        Kind::Node,
        Kind::PersistentVolumeClaim,
        Kind::PersistentVolume,
        Kind::Pod,
        Kind::Service,
        Kind::StatefulSet,
        Kind::StorageClass,
    ];

    fn observe(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        let object = &event.object;
        let newer = self
            .cache
            .get(object.kind, &object.meta.namespace, &object.meta.name)
            .is_some_and(|held| held.meta.resource_version > object.meta.resource_version);
        if !newer {
            self.cache.apply(event);
            match object.kind {
                Kind::Pod => self.crowds.update(object, event.change == Change::Deleted),
                Kind::Node => self.crowds.node(object),
                _ => {}
            }
        }
        match object.kind {
            Kind::Pod if newer => {}
            Kind::Pod => self.pod_changed(event, context),
            Kind::Node => self.node_changed(event, context),
            Kind::PersistentVolume | Kind::PersistentVolumeClaim | Kind::StorageClass => {
                self.volume_changed(event, context);
            }
            _ => {}
        }
    }

    fn wake(&mut self, alarm: Alarm, context: &mut Context<'_, Alarm>) {
        let Alarm::Retry(namespace, name, number) = alarm;
        let key = (namespace, name);
        if self.waits(&key).is_some_and(|waiting| waiting.number == number) {
            self.attempt(&key, context);
        }
    }
}
