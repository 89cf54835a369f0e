//! Deleting what nobody owns any more (`reference/network.md` §6).

mod graph;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use graph::{Graph, Node};

use crate::api::{Kind, Object, OwnerReference, Shared};
use crate::apiserver::{Change, DeleteOptions, Propagation, WatchEvent};
use crate::controller::{Context, Decision, Part};
use crate::map;
use crate::value::{Text, Value};

/// By this name it decides.
const NAME: &str = "garbage-collector-controller";
/// Many workers take the dependents up, each after a time of its own: the longest, ms.
const LONGEST_PAUSE_MS: i64 = 20;
/// Finalizer of an owner that goes after its dependents.
const FOREGROUND: &str = "foregroundDeletion";
/// Finalizer of an owner whose dependents are to be kept.
const ORPHAN: &str = "orphan";

/// What the garbage collector can be woken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GarbageCollectorAlarm {
    /// A worker takes up the dependent (uid) of an owner that is gone.
    TakeUp(Text),
}

/// Deletes objects whose owners are all gone, and carries out foreground and orphaning deletions.
#[derive(Clone, Debug, Default)]
pub struct GarbageCollector {
    graph: Graph,
}

type Hand<'a, 'b> = &'a mut Context<'b, GarbageCollectorAlarm>;

/// Uids of objects to be judged.
type Work = VecDeque<Text>;

/// How an owner that an object names stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is there and stays.
    Solid,
    /// It goes, and waits for its dependents to go first.
    WaitsForDependents,
    /// It is not there, or another object bears its name.
    Gone,
}

impl GarbageCollector {
    /// A garbage collector that knows of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The object as it is now, if it still is the one with this uid.
    fn live(node: &Node, uid: &Text, context: Hand<'_, '_>) -> Option<Shared> {
        let key = &node.key;
        let found = context.client.get(key.kind, &key.namespace, &key.name).ok()?;
        (found.meta.uid == *uid).then_some(found)
    }

    fn standing(owner: &OwnerReference, of: &Object, context: Hand<'_, '_>) -> Standing {
        let Some(kind) = Kind::ALL.iter().copied().find(|kind| owner.kind == *kind.name()) else {
            // A kind that is not served cannot be looked up, and what cannot be looked up is not called gone.
            return Standing::Solid;
        };
        let namespace = if kind.is_namespaced() { of.meta.namespace.clone() } else { Text::default() };
        match context.client.get(kind, &namespace, &owner.name) {
            Ok(found) if found.meta.uid != owner.uid => Standing::Gone,
            Ok(found) if found.is_terminating() && holds(&found, FOREGROUND) => Standing::WaitsForDependents,
            Ok(_) => Standing::Solid,
            Err(_) => Standing::Gone,
        }
    }

    fn run(&mut self, mut work: Work, context: Hand<'_, '_>) {
        while let Some(uid) = work.pop_front() {
            let Some(node) = self.graph.node(&uid).cloned() else {
                continue;
            };
            let Some(object) = Self::live(&node, &uid, context) else {
                continue;
            };
            if object.is_terminating() && holds(&object, FOREGROUND) {
                self.wait_for_dependents(&object, &mut work, context);
            } else if object.is_terminating() && holds(&object, ORPHAN) {
                self.orphan_dependents(&object, context);
            } else if !object.is_terminating() {
                self.judge(&object, context);
            }
        }
    }

    /// Deletes an object none of whose owners stays; takes off the references to owners that are gone from one that
    /// has another.
    fn judge(&mut self, object: &Shared, context: Hand<'_, '_>) {
        if object.meta.owners.is_empty() {
            return;
        }
        let standings: Vec<Standing> =
            object.meta.owners.iter().map(|owner| Self::standing(owner, object, context)).collect();
        let any = |standing| standings.contains(&standing);
        let names: Vec<&str> = object.meta.owners.iter().map(|owner| owner.name.as_str()).collect();
        if any(Standing::Solid) {
            if any(Standing::Gone) || any(Standing::WaitsForDependents) {
                let keep = |index: usize| standings.get(index) == Some(&Standing::Solid);
                keep_owners(object, keep, context);
                let did = "took off the references to owners that are gone";
                context.decide(Decision::did(NAME, object.key(), did, "another owner of it is still there"));
            }
            return;
        }
        let waited_for = any(Standing::WaitsForDependents);
        let propagation = if waited_for && self.graph.has_dependents(&object.meta.uid) {
            Propagation::Foreground
        } else if holds(object, ORPHAN) {
            Propagation::Orphan
        } else if holds(object, FOREGROUND) {
            Propagation::Foreground
        } else {
            Propagation::Background
        };
        let options = DeleteOptions { grace_seconds: None, propagation, uid: Some(object.meta.uid.clone()) };
        let (namespace, name) = (&object.meta.namespace, &object.meta.name);
        if context.client.delete(object.kind, namespace, name, options).is_ok() {
            let owners = names.join(", ");
            let why = if waited_for {
                format!("its owner {owners} is to be deleted, and waits for it")
            } else {
                format!("its owner {owners} is gone")
            };
            context.decide(Decision::did(NAME, object.key(), "deleted it", why));
        }
    }

    /// A foreground deletion: the dependents that block it go first, then the finalizer.
    fn wait_for_dependents(&mut self, owner: &Shared, work: &mut Work, context: Hand<'_, '_>) {
        let blocking = self.graph.blocking(&owner.meta.uid);
        let Some(first) = blocking.first() else {
            drop_finalizer(owner, FOREGROUND, context);
            let did = "let it go";
            context.decide(Decision::did(NAME, owner.key(), did, "none of its dependents is left to wait for"));
            return;
        };
        let why = format!("its deletion is a foreground one, and {} is still there", first.key.name);
        context.decide(Decision::waits(NAME, owner.key(), first.key.clone(), why));
        work.extend(blocking.into_iter().filter(|dependent| !dependent.going).map(|dependent| dependent.uid));
    }

    /// An orphaning deletion: every dependent loses its reference, then the owner its finalizer.
    fn orphan_dependents(&mut self, owner: &Shared, context: Hand<'_, '_>) {
        for uid in self.graph.dependents(&owner.meta.uid) {
            let Some(node) = self.graph.node(&uid).cloned() else {
                continue;
            };
            if let Some(dependent) = Self::live(&node, &uid, context) {
                let owners = dependent.meta.owners.clone();
                let keep = |index: usize| owners.get(index).is_some_and(|held| held.uid != owner.meta.uid);
                keep_owners(&dependent, keep, context);
            }
        }
        drop_finalizer(owner, ORPHAN, context);
        let did = "took its reference off its dependents, and let it go";
        context.decide(Decision::did(NAME, owner.key(), did, "its deletion is to leave them behind"));
    }
}

/// Whether an object carries a finalizer.
fn holds(object: &Object, finalizer: &str) -> bool {
    object.meta.finalizers.iter().any(|held| *held == *finalizer)
}

/// Writes the owner references whose index is to be kept.
fn keep_owners(object: &Shared, keep: impl Fn(usize) -> bool, context: Hand<'_, '_>) {
    let held = object.tree.at(&["metadata", "ownerReferences"]).items();
    let kept: Vec<Value> =
        held.iter().enumerate().filter(|(index, _)| keep(*index)).map(|(_, owner)| owner.clone()).collect();
    let owners = if kept.is_empty() { Value::Null } else { Value::list_of(kept) };
    let patch = map! { "metadata" => map! { "uid" => &object.meta.uid, "ownerReferences" => owners } };
    let _ = context.client.merge_patch(object, patch);
}

fn drop_finalizer(object: &Shared, finalizer: &str, context: Hand<'_, '_>) {
    let left = object.meta.finalizers.iter().filter(|held| **held != *finalizer).cloned();
    let left = Value::texts(left);
    let left = if left.items().is_empty() { Value::Null } else { left };
    let _ = context.client.merge_patch(object, map! { "metadata" => map! { "finalizers" => left } });
}

impl Part for GarbageCollector {
    type Alarm = GarbageCollectorAlarm;

    const WATCHES: &'static [Kind] = &[
        Kind::ConfigMap,
        Kind::Node,
        Kind::PersistentVolumeClaim,
        Kind::PersistentVolume,
        Kind::Pod,
        Kind::Secret,
        Kind::ServiceAccount,
        Kind::Service,
        Kind::ControllerRevision,
        Kind::StatefulSet,
        Kind::EndpointSlice,
        Kind::PodDisruptionBudget,
    ];

    fn observe(&mut self, event: &WatchEvent, context: Hand<'_, '_>) {
        let object = &event.object;
        let uid = &object.meta.uid;
        let mut work = Work::new();
        if event.change == Change::Deleted {
            let owners = self.graph.remove(uid);
            for dependent in self.graph.collected(uid, context.seed) {
                let pause = context.seed.between(&dependent, "taken up", 0, LONGEST_PAUSE_MS);
                context.after(pause, GarbageCollectorAlarm::TakeUp(dependent));
            }
            // An owner may have waited for this one.
            work.extend(owners.into_iter().filter(|owner| self.graph.waits(owner)));
        } else {
            let waits = object.is_terminating() && (holds(object, FOREGROUND) || holds(object, ORPHAN));
            let began = waits && !self.graph.waits(uid);
            let change = self.graph.put(object, waits);
            if change.owners {
                // Every owner that is not known has to be looked up; one that lost a dependent may be free to go.
                if object
                    .meta
                    .owners
                    .iter()
                    .any(|owner| self.graph.node(&owner.uid).is_none() || self.graph.waits(&owner.uid))
                {
                    work.push_back(uid.clone());
                }
                work.extend(change.former.into_iter().filter(|owner| self.graph.waits(owner)));
            }
            if began {
                work.push_back(uid.clone());
            }
        }
        self.run(work, context);
    }

    fn wake(&mut self, alarm: GarbageCollectorAlarm, context: Hand<'_, '_>) {
        let GarbageCollectorAlarm::TakeUp(uid) = alarm;
        self.run(Work::from([uid]), context);
    }
}
