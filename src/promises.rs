//! What StatefulSets promise, checked after every step: unique ordinals, ordered start, ordered stop, kept claims.
//!
//! The promises are the controller's, made on what its cache shows. A step is held against what was true within the
//! last moments, so that a change still on its way to the controller does not count against it.

use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::statefulset::{COMPONENT, identity};
use crate::sim::{Step, World};
use crate::sorted::SortedMap;
use crate::time::Time;

/// How long a change may be on its way to the controller, ms.
const LAG_MS: i64 = 100;

/// One promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Never two pods of one ordinal.
    UniqueIdentity,
    /// OrderedReady creates a pod only while all before it are Ready.
    OrderedStart,
    /// Scaling down goes from the highest ordinal, one at a time; a pod that a person deletes goes when that person says.
    OrderedStop,
    /// A claim goes only by the retention policy or by a person.
    ClaimsKept,
}

/// A promise that does not hold, and where it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// When.
    pub at: Time,
    /// Where.
    pub object: Key,
    /// How, in one sentence.
    pub how: String,
}

/// Watches a world's steps.
#[derive(Clone, Debug, Default)]
pub struct Promises {
    /// When each pod was last seen Ready and not terminating.
    last_ready: SortedMap<Key, Time>,
}

impl Promises {
    /// Looks at the world after a step; answers what is broken.
    pub fn observe(&mut self, world: &World, step: &Step) -> Vec<Broken> {
        let mut broken = Vec::new();
        for change in &step.changes {
            match change.object.kind {
                Kind::Pod => self.pod(world, step, change, &mut broken),
                Kind::PersistentVolumeClaim => claim(world, step, change, &mut broken),
                _ => {}
            }
        }
        broken
    }

    fn pod(&mut self, world: &World, step: &Step, change: &WatchEvent, broken: &mut Vec<Broken>) {
        let pod = &change.object;
        if let Some(set) = set_of(world, pod) {
            let view = Look { world, step, set };
            if change.change == Change::Added {
                unique(&view, pod, broken);
                if step.actor == COMPONENT {
                    self.ordered_start(&view, pod, broken);
                }
            }
            let deleted_now =
                pod.is_terminating() && change.before.as_ref().is_some_and(|before| !before.is_terminating());
            if deleted_now && step.actor == COMPONENT {
                Self::ordered_stop(&view, pod, broken);
            }
        }
        self.remember(change, step.at);
    }

    /// A version that is being replaced was true until now.
    fn remember(&mut self, change: &WatchEvent, at: Time) {
        let key = change.object.key();
        let ready =
            |object: &Object| !object.is_terminating() && object.as_pod().is_some_and(|pod| pod.is_running_and_ready());
        if ready(&change.object) || change.before.as_ref().is_some_and(|before| ready(before)) {
            self.last_ready.insert(key, at);
        }
    }

    fn ordered_start(&self, view: &Look<'_>, pod: &Object, broken: &mut Vec<Broken>) {
        let Some(spec) = view.set.as_stateful_set() else {
            return;
        };
        let Some((_, ordinal)) = identity::parent_and_ordinal(&pod.meta.name) else {
            return;
        };
        if spec.parallel {
            return;
        }
        for lower in spec.start..ordinal {
            let name = identity::pod_name(view.set, lower);
            let key = Key::new(Kind::Pod, pod.meta.namespace.clone(), name.clone());
            let ready_now = view.world.store().get(Kind::Pod, &key.namespace, &name).is_some_and(|lower| {
                !lower.is_terminating() && lower.as_pod().is_some_and(|state| state.is_running_and_ready())
            });
            let ready_lately = self.last_ready.get(&key).is_some_and(|at| view.step.at.since(*at) <= LAG_MS);
            if !ready_now && !ready_lately {
                broken.push(view.broken(Promise::OrderedStart, pod, format!("created although {name} was not Ready")));
            }
        }
    }

    fn ordered_stop(view: &Look<'_>, pod: &Object, broken: &mut Vec<Broken>) {
        let Some(spec) = view.set.as_stateful_set() else {
            return;
        };
        let Some((_, ordinal)) = identity::parent_and_ordinal(&pod.meta.name) else {
            return;
        };
        let finished = pod.as_pod().is_some_and(|state| state.is_finished());
        let in_range = (spec.start..spec.start + spec.replicas).contains(&ordinal);
        if spec.parallel || in_range || finished {
            return;
        }
        for other in view.pods() {
            let Some((_, number)) = identity::parent_and_ordinal(&other.meta.name) else {
                continue;
            };
            let new = view.step.at.since(other.meta.created) <= LAG_MS;
            if number > ordinal && !new {
                broken.push(view.broken(
                    Promise::OrderedStop,
                    pod,
                    format!("deleted while {} was still there", other.meta.name),
                ));
            }
        }
    }
}

/// One set at one step.
struct Look<'a> {
    world: &'a World,
    step: &'a Step,
    set: &'a Shared,
}

impl Look<'_> {
    fn pods(&self) -> impl Iterator<Item = &Shared> {
        self.world
            .store()
            .list(Kind::Pod, &self.set.meta.namespace)
            .filter(|pod| pod.controller().is_some_and(|owner| owner.uid == self.set.meta.uid))
    }

    fn broken(&self, promise: Promise, object: &Object, how: String) -> Broken {
        Broken { promise, at: self.step.at, object: object.key(), how }
    }
}

fn set_of<'w>(world: &'w World, pod: &Object) -> Option<&'w Shared> {
    let owner = pod.controller()?;
    world.store().get(Kind::StatefulSet, &pod.meta.namespace, &owner.name).filter(|set| set.meta.uid == owner.uid)
}

/// No other pod of the set has this pod's ordinal (`web-0` and `web-00` would).
fn unique(view: &Look<'_>, pod: &Object, broken: &mut Vec<Broken>) {
    let ordinal = |pod: &Object| identity::parent_and_ordinal(&pod.meta.name).map(|(_, n)| n);
    for other in view.pods() {
        if other.meta.uid != pod.meta.uid && ordinal(other) == ordinal(pod) {
            broken.push(view.broken(Promise::UniqueIdentity, pod, format!("has the ordinal of {}", other.meta.name)));
        }
    }
}

/// The garbage collector deletes a claim only for an owner that the retention policy wrote.
fn claim(world: &World, step: &Step, change: &WatchEvent, broken: &mut Vec<Broken>) {
    let claim = &change.object;
    let begins = claim.is_terminating() && change.before.as_ref().is_some_and(|before| !before.is_terminating());
    let person = matches!(step.actor, "kubectl" | "namespace-controller");
    let vanishes =
        change.change == Change::Deleted && change.before.as_ref().is_some_and(|before| !before.is_terminating());
    if !(begins || vanishes) || person {
        return;
    }
    let owned = change.before.as_ref().is_some_and(|before| !before.meta.owners.is_empty());
    if !owned {
        let _ = world;
        broken.push(Broken {
            promise: Promise::ClaimsKept,
            at: step.at,
            object: claim.key(),
            how: format!("deleted by the {} without an owner that asked for it", step.actor),
        });
    }
}
