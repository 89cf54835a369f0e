//! The pods of one set as the cache shows them, by slot. It is kept up with every change, so that a sync of many pods
//! that need nothing does not look at each of them again.

use std::rc::Rc;

use super::identity;
use crate::api::{Object, Shared, StatefulSetView};
use crate::apiserver::{Change, WatchEvent};
use crate::sorted::SortedMap;
use crate::value::{Text, Value};

/// The pods of a set. A clone is cheap: it is what a sync sees.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// The set it was made for: its uid and spec.
    uid: Text,
    spec: Value,
    start: i64,
    /// Pods in range: slot 0 is ordinal `start`. A missing pod is `None`.
    pub replicas: Rc<Vec<Option<Shared>>>,
    /// Pods out of range, highest ordinal first.
    pub condemned: Rc<Vec<Shared>>,
    /// Pods whose ordinal another one has too (`web-0` beside `web-00`).
    displaced: Vec<Shared>,
    /// Slots that were looked at and need nothing until their pod, its claims or the set's spec change.
    settled: Rc<Vec<bool>>,
    /// A revision, and the slot from which on every pod was seen to be of it and available.
    updated: (Text, usize),
    /// What there is of each sort.
    pub tally: Tally,
}

/// How many pods there are of each sort.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// All.
    pub pods: i64,
    /// Running and Ready.
    pub ready: i64,
    /// Those that are not being deleted, by revision.
    revisions: SortedMap<Text, i64>,
}

impl Tally {
    /// How many that are not being deleted are of this revision.
    pub fn of_revision(&self, revision: &Text) -> i64 {
        self.revisions.get(revision).copied().unwrap_or(0)
    }

    fn add(&mut self, pod: &Object, sign: i64) {
        let Some(view) = pod.as_pod() else { return };
        self.pods += sign;
        self.ready += if view.is_running_and_ready() { sign } else { 0 };
        if !pod.is_terminating() {
            *self.revisions.or_default(view.revision.clone()) += sign;
        }
    }
}

impl Roster {
    /// The pods of a set, by slot.
    pub fn of(set: &Object, spec: &StatefulSetView, pods: &[Shared]) -> Self {
        let count = usize::try_from(spec.replicas).unwrap_or(0);
        let mut roster = Self {
            uid: set.meta.uid.clone(),
            spec: set.tree.at(&["spec"]).clone(),
            start: spec.start,
            settled: Rc::new(vec![false; count]),
            ..Self::default()
        };
        let (mut replicas, mut condemned) = (vec![None; count], Vec::new());
        for pod in pods {
            roster.tally.add(pod, 1);
            let Some((_, ordinal)) = identity::parent_and_ordinal(&pod.meta.name) else {
                continue;
            };
            match roster.slot(ordinal).and_then(|slot| replicas.get_mut(slot)) {
                Some(place) => roster.displaced.extend(place.replace(pod.clone())),
                None => condemned.push((ordinal, pod.clone())),
            }
        }
        crate::sorted::sort_by(&mut condemned, &|(a, _), (b, _)| b.cmp(a));
        roster.replicas = Rc::new(replicas);
        roster.condemned = Rc::new(condemned.into_iter().map(|(_, pod)| pod).collect());
        roster
    }

    /// Whether it was made for this set as it is.
    pub fn fits(&self, set: &Object) -> bool {
        self.uid == set.meta.uid && self.spec == *set.tree.at(&["spec"])
    }

    /// Whether every pod has a slot of its own, so that changes can be taken in one by one.
    pub fn is_regular(&self) -> bool {
        self.condemned.is_empty() && self.displaced.is_empty()
    }

    /// Every pod.
    pub fn pods(&self) -> impl Iterator<Item = &Shared> {
        self.replicas.iter().flatten().chain(self.condemned.iter()).chain(&self.displaced)
    }

    fn slot(&self, ordinal: i64) -> Option<usize> {
        usize::try_from(ordinal - self.start).ok()
    }

    /// Whether a slot was looked at and needs nothing.
    pub fn is_settled(&self, slot: usize) -> bool {
        self.settled.get(slot).copied().unwrap_or(false)
    }

    /// Whether these slots, those there are of them, were all looked at and need nothing.
    pub fn are_settled(&self, from: usize, to: usize) -> bool {
        self.settled.get(from..to.min(self.settled.len())).is_some_and(|slots| slots.iter().all(|settled| *settled))
    }

    /// Remembers the slots that were looked at and need nothing.
    pub fn settle(&mut self, slots: &[usize]) {
        if slots.is_empty() {
            return;
        }
        let settled = Rc::make_mut(&mut self.settled);
        for slot in slots {
            if let Some(flag) = settled.get_mut(*slot) {
                *flag = true;
            }
        }
    }

    /// From which slot on every pod is known to be of this revision and available; the number of slots where nothing is.
    pub fn updated_from(&self, revision: &Text) -> usize {
        if self.updated.0 == *revision { self.updated.1 } else { self.replicas.len() }
    }

    /// Remembers from which slot on every pod is of this revision and available.
    pub fn note_updated(&mut self, revision: &Text, slot: usize) {
        self.updated = (revision.clone(), slot);
    }

    /// A claim is new, changed or gone: its pod has to be looked at again.
    pub fn claim_changed(&mut self, claim: &str) {
        let slot = identity::parent_and_ordinal(claim).and_then(|(_, ordinal)| self.slot(ordinal));
        if let Some(slot) = slot.filter(|slot| self.is_settled(*slot))
            && let Some(flag) = Rc::make_mut(&mut self.settled).get_mut(slot)
        {
            *flag = false;
        }
    }

    /// Takes in that a pod is new, changed or gone. False when it is none that a slot can simply hold: who belongs to
    /// the set has to be found out anew.
    pub fn pod_changed(&mut self, set: &Object, spec: &StatefulSetView, event: &WatchEvent) -> bool {
        let pod = &event.object;
        let owned = pod.controller().is_some_and(|owner| owner.uid == self.uid);
        let before = event.before.as_ref();
        let member = identity::is_member(set, pod);
        let was_owned = before.is_some_and(|before| before.controller().is_some_and(|owner| owner.uid == self.uid));
        if !member && !owned && !was_owned {
            return true;
        }
        let matches = |pod: &Object| spec.selector.as_ref().is_some_and(|selector| selector.matches(pod.labels()));
        let regular = member && owned && was_owned == before.is_some() && matches(pod);
        let slot = identity::parent_and_ordinal(&pod.meta.name).and_then(|(_, ordinal)| self.slot(ordinal));
        let (true, Some(slot), true) = (regular, slot, self.is_regular()) else {
            return false;
        };
        let Some(place) = Rc::make_mut(&mut self.replicas).get_mut(slot) else {
            return false;
        };
        // What is there must be what the event says was there.
        if place.as_ref().map(|held| (held.meta.resource_version, &held.meta.name))
            != before.map(|before| (before.meta.resource_version, &before.meta.name))
        {
            return false;
        }
        if let Some(held) = place.take() {
            self.tally.add(&held, -1);
        }
        if event.change != Change::Deleted {
            self.tally.add(pod, 1);
            *place = Some(pod.clone());
        }
        if let Some(flag) = Rc::make_mut(&mut self.settled).get_mut(slot) {
            *flag = false;
        }
        self.updated.1 = self.updated.1.max(slot + 1);
        true
    }
}
