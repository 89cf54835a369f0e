//! When the change happened that a slice is written for: whole seconds, from the objects themselves.

use crate::api::{Object, Shared};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

/// What was seen of a Service and its pods at the last look, and what has changed since.
#[derive(Clone, Debug, Default)]
pub(super) struct Triggers {
    /// Whether the Service was looked at before.
    known: bool,
    service: Option<Time>,
    pods: SortedMap<Text, Time>,
    /// What the watch told since the last look; `None` for a pod that is gone or has no time.
    since: SortedMap<Text, Option<Time>>,
}

/// When a pod became ready or unready last.
pub(super) fn pod_time(pod: &Object) -> Option<Time> {
    pod.as_pod().and_then(|view| view.ready_changed)
}

impl Triggers {
    /// Notes a pod's time.
    pub fn see_pod(&mut self, name: &Text, time: Option<Time>) {
        self.since.insert(name.clone(), time);
    }

    /// Notes the times of all pods of a Service.
    pub fn see_all<'a>(&mut self, _service: &Object, pods: impl Iterator<Item = &'a Shared>) {
        let mut seen: SortedMap<Text, Option<Time>> = self.pods.keys().map(|name| (name.clone(), None)).collect();
        seen.extend(pods.map(|pod| (pod.meta.name.clone(), pod_time(pod))));
        self.since = seen;
    }

    /// The earliest change since the last look, as the annotation tells it; `None` when no time changed, as when a
    /// pod was told to stop. Of a new Service it is its creation.
    pub fn take(&mut self, service: &Object) -> Option<Text> {
        let mut earliest: Option<Time> = None;
        let mut note = |time: Time| earliest = Some(earliest.map_or(time, |held| held.min(time)));
        for (name, time) in std::mem::take(&mut self.since) {
            let before = self.pods.get(&name).copied();
            match time {
                Some(time) => {
                    if before.is_none_or(|before| time > before) {
                        note(time);
                    }
                    self.pods.insert(name, time);
                }
                None => {
                    self.pods.remove(&name);
                }
            }
        }
        let created = service.meta.created;
        if self.service.is_none_or(|before| created > before) {
            note(created);
        }
        self.service = Some(created);
        if !self.known {
            self.known = true;
            earliest = Some(created);
        }
        earliest.map(|time| Text::from(time.rfc3339()))
    }
}
