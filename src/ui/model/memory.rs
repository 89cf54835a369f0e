//! What the picture remembers that the cluster no longer says: letters of revisions, sets that are gone,
//! who sat where until when.

use super::look::{Look, pod_state};
use crate::api::{Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

/// Namespace and name of a set.
pub type SetKey = (Text, Text);

/// What is remembered of one set, also after it is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetMemory {
    /// Names of its claim templates.
    pub templates: Vec<Text>,
    /// Its revisions in the order in which they first appeared: A, B, C…
    pub revisions: Vec<Text>,
    /// Its seats by ordinal.
    pub seats: SortedMap<i64, SeatMemory>,
}

/// What is remembered of one seat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeatMemory {
    /// The uid of the pod that left last, until another one comes.
    pub ghost: Option<Text>,
    /// When the pod's look last changed.
    pub since: Time,
    /// How many pods have sat here so far.
    pub guests: u32,
    /// The look it has had since then.
    look: Look,
}

/// Everything remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// By namespace and name, in the order of keys.
    pub sets: SortedMap<SetKey, SetMemory>,
}

impl Memory {
    /// Takes a committed change in.
    pub fn observe(&mut self, event: &WatchEvent) {
        let object = &event.object;
        match object.kind {
            Kind::StatefulSet => self.observe_set(object),
            Kind::ControllerRevision if event.change == Change::Added => self.observe_revision(object),
            Kind::Pod => self.observe_pod(event),
            Kind::Namespace if event.change == Change::Deleted => {
                self.sets.retain(|(namespace, _), _| *namespace != object.meta.name);
            }
            _ => {}
        }
    }

    fn observe_set(&mut self, set: &Object) {
        if let Some(view) = set.as_stateful_set() {
            let key = (set.meta.namespace.clone(), set.meta.name.clone());
            self.sets.or_default(key).templates.clone_from(&view.claim_templates);
        }
    }

    fn observe_revision(&mut self, revision: &Shared) {
        let Some(owner) = revision.controller() else { return };
        let key = (revision.meta.namespace.clone(), owner.name.clone());
        let known = &mut self.sets.or_default(key).revisions;
        if !known.contains(&revision.meta.name) {
            known.push(revision.meta.name.clone());
        }
    }

    fn observe_pod(&mut self, event: &WatchEvent) {
        let pod = &event.object;
        let Some((set, ordinal)) = owner_and_ordinal(pod) else { return };
        let key = (pod.meta.namespace.clone(), set);
        let memory = self.sets.or_default(key).seats.or_default(ordinal);
        let look = if event.change == Change::Deleted {
            memory.ghost = Some(pod.meta.uid.clone());
            Look::Empty
        } else {
            memory.ghost = None;
            pod_state(pod, false).1
        };
        let comes = event.change == Change::Added;
        memory.guests += u32::from(comes);
        if memory.look != look || comes {
            memory.since = event.at;
        }
        memory.look = look;
    }

    /// The set and ordinal whose claim this is by its name, of the sets that are or were there.
    pub fn seat_of_claim(&self, claim: &Object) -> Option<(SetKey, i64)> {
        let (stem, ordinal) = split_ordinal(&claim.meta.name)?;
        let namespace = &claim.meta.namespace;
        self.sets
            .iter()
            .filter(|((ns, _), _)| ns == namespace)
            .find(|((_, name), set)| {
                let before = stem.strip_suffix(name.as_str()).and_then(|s| s.strip_suffix('-'));
                before.is_some_and(|template| set.templates.iter().any(|t| t == template))
            })
            .map(|(key, _)| (key.clone(), ordinal))
    }

    /// The letter of a revision and its place in the order: `A` and 0 for the first.
    pub fn letter(&self, key: &SetKey, revision: &str) -> Option<(char, usize)> {
        let known = &self.sets.get(key)?.revisions;
        let nth = known.iter().position(|r| r == revision)?;
        let letter = u8::try_from(nth % 26).ok().map(|n| char::from(b'A' + n))?;
        Some((letter, nth))
    }
}

/// The set that a pod belongs to and the ordinal in its name; by its owner, or by its label once it is an orphan.
pub fn owner_and_ordinal(pod: &Object) -> Option<(Text, i64)> {
    let (set, ordinal) = split_ordinal(&pod.meta.name)?;
    match pod.controller() {
        Some(owner) if owner.kind == "StatefulSet" => (owner.name == set).then(|| (owner.name.clone(), ordinal)),
        Some(_) => None,
        None => pod
            .label("statefulset.kubernetes.io/pod-name")
            .filter(|name| *name == pod.meta.name.as_str())
            .map(|_| (Text::copy(set), ordinal)),
    }
}

/// `mehdb-0` → `mehdb` and 0.
pub fn split_ordinal(name: &str) -> Option<(&str, i64)> {
    let (stem, digits) = name.rsplit_once('-')?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    plain.then(|| digits.parse().ok().map(|n| (stem, n))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinal_is_the_number_after_the_last_dash() {
        assert_eq!(split_ordinal("data-mehdb-12"), Some(("data-mehdb", 12)));
        assert_eq!(split_ordinal("mehdb"), None);
        assert_eq!(split_ordinal("mehdb-x1"), None);
        assert_eq!(split_ordinal("mehdb-01"), None);
        assert_eq!(split_ordinal("mehdb-"), None);
    }
}
