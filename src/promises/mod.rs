//! What StatefulSets promise, checked after every step: unique identity, ordered start, ordered stop, at most one pod of a
//! name, kept claims, the order of updates.
//!
//! The promises are the controller's, made on what its cache shows. A step is held against what was true within the
//! last moments, so that a change still on its way to the controller does not count against it.

use std::rc::Rc;

use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::statefulset::{COMPONENT, identity};
use crate::sim::{Step, World};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

mod one;
mod order;

/// How long a change may be on its way to the controller in a world without delays, ms.
const LAG_MS: i64 = 100;

/// At most so many breaks of each promise are kept.
const KEPT: usize = 20;

/// One promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Never two pods of one ordinal.
    UniqueIdentity,
    /// OrderedReady creates a pod only while all before it are Ready.
    OrderedStart,
    /// Scaling down goes from the highest ordinal, one at a time; a pod that a person deletes goes when that person says.
    OrderedStop,
    /// Never two programs of one name at once.
    AtMostOne,
    /// A claim goes only by the retention policy or by a person.
    ClaimsKept,
    /// A rolling update goes from the highest ordinal down to the partition, each pod when those above it are Ready.
    UpdateOrder,
}

impl Promise {
    /// Every promise, in the order in which a set's life meets them.
    pub const ALL: [Self; 6] = [
        Self::UniqueIdentity,
        Self::OrderedStart,
        Self::OrderedStop,
        Self::AtMostOne,
        Self::ClaimsKept,
        Self::UpdateOrder,
    ];

    /// Its name and what it says, for a person.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::UniqueIdentity => ("Unique identity", "No two pods of a set have the same ordinal."),
            Self::OrderedStart => {
                ("Ordered start", "A pod is created only when all before it are Running and Ready (OrderedReady).")
            }
            Self::OrderedStop => {
                ("Ordered stop", "Scaling down takes the highest ordinal first, one at a time (OrderedReady).")
            }
            Self::AtMostOne => ("At most one", "Never do two programs of one name run at once."),
            Self::ClaimsKept => ("Claims kept", "A claim goes only by the retention policy or by a person."),
            Self::UpdateOrder => {
                ("Update order", "A rolling update goes from the highest ordinal down to the partition, one by one.")
            }
        }
    }

    /// Its word in ids: `at-most-one`.
    pub fn word(self) -> &'static str {
        match self {
            Self::UniqueIdentity => "unique-identity",
            Self::OrderedStart => "ordered-start",
            Self::OrderedStop => "ordered-stop",
            Self::AtMostOne => "at-most-one",
            Self::ClaimsKept => "claims-kept",
            Self::UpdateOrder => "update-order",
        }
    }
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
    /// How, in one sentence without its full stop.
    pub how: String,
    /// Why Kubernetes allows it, in one sentence without its full stop; `None` where it does not, which is a mistake of
    /// the controller.
    pub allowed: Option<&'static str>,
}

/// Watches a world's steps.
#[derive(Clone, Debug, Default)]
pub struct Promises {
    /// When each pod was last seen Ready and not terminating.
    last_ready: Rc<SortedMap<Key, Time>>,
    /// When the spec of each set was changed last.
    changed: Rc<SortedMap<Key, Time>>,
    /// Who let a pod's object go while its program still ran, by the pod's uid.
    let_go: Rc<SortedMap<Text, &'static str>>,
    /// Every break so far, oldest first.
    broken: Rc<Vec<Broken>>,
}

impl Promises {
    /// Looks at the world after a step; answers what is broken.
    pub fn observe(&mut self, world: &World, step: &Step) -> Vec<Broken> {
        let mut broken = Vec::new();
        for change in &step.changes {
            match change.object.kind {
                Kind::Pod => self.pod(world, step, change, &mut broken),
                Kind::PersistentVolumeClaim => claim(step, change, &mut broken),
                Kind::StatefulSet => {
                    let generation = change.before.as_ref().map_or(0, |before| before.meta.generation);
                    if change.object.meta.generation != generation {
                        Rc::make_mut(&mut self.changed).insert(change.object.key(), step.at);
                    }
                }
                _ => {}
            }
        }
        if !broken.is_empty() {
            let all = Rc::make_mut(&mut self.broken);
            for one in &broken {
                if all.iter().filter(|held| held.promise == one.promise).count() < KEPT {
                    all.push(one.clone());
                }
            }
        }
        broken
    }

    /// Where this promise did not hold so far, oldest first.
    pub fn broken(&self, promise: Promise) -> impl Iterator<Item = &Broken> {
        self.broken.iter().filter(move |broken| broken.promise == promise)
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
                // A change of the set may not have reached the controller.
                let new = self.changed.get(&set.key()).is_some_and(|at| step.at.since(*at) <= view.lag());
                if !new {
                    self.update_order(&view, pod, broken);
                }
            }
        }
        self.at_most_one(world, step, change, broken);
        self.remember(change, step.at);
    }

    /// A version that is being replaced was true until now.
    fn remember(&mut self, change: &WatchEvent, at: Time) {
        let key = change.object.key();
        let ready =
            |object: &Object| !object.is_terminating() && object.as_pod().is_some_and(|pod| pod.is_running_and_ready());
        if ready(&change.object) || change.before.as_ref().is_some_and(|before| ready(before)) {
            Rc::make_mut(&mut self.last_ready).insert(key, at);
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

    /// How long a change may be on its way to the controller, ms.
    fn lag(&self) -> i64 {
        LAG_MS + 2 * self.world.profile().watch.stateful_set
    }

    fn broken(&self, promise: Promise, object: &Object, how: String) -> Broken {
        Broken { promise, at: self.step.at, object: object.key(), how, allowed: None }
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
            let mut found =
                view.broken(Promise::UniqueIdentity, pod, format!("has the ordinal of {}", other.meta.name));
            if view.step.actor == "kubectl" {
                found.allowed = Some("somebody made it by hand; the API server checks names, not ordinals");
            }
            broken.push(found);
        }
    }
}

/// The garbage collector deletes a claim only for an owner that the retention policy wrote.
fn claim(step: &Step, change: &WatchEvent, broken: &mut Vec<Broken>) {
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
        broken.push(Broken {
            promise: Promise::ClaimsKept,
            at: step.at,
            object: claim.key(),
            how: format!("{} was deleted by the {} without an owner that asked for it", claim.meta.name, step.actor),
            allowed: None,
        });
    }
}
