//! Events in the form of events.k8s.io: no count but a series, and the moment to the microsecond.

use std::rc::Rc;

use crate::api::{Kind, Object};
use crate::apiserver::Client;
use crate::controller::recorder::{event_name, reference};
use crate::map;
use crate::random::Seed;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::{Text, Value};

/// The instance of the scheduler.
const INSTANCE: &str = "default-scheduler-control-plane";
/// A series that was silent for so long, ms, is over.
const SERIES_ENDS: i64 = 360_000;

/// What two events share that are the same: pod, its version, reason.
type Identity = (Text, u64, &'static str);

#[derive(Clone, Debug)]
struct Written {
    name: Text,
    count: i64,
    last: Time,
}

/// The scheduler's recorder.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder {
    written: Rc<SortedMap<Identity, Written>>,
    sequence: u64,
}

/// One event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Note<'a> {
    pub pod: &'a Object,
    pub warning: bool,
    pub reason: &'static str,
    pub action: &'static str,
    pub message: &'a str,
}

impl Recorder {
    /// Records an event. The second one about the same version of a pod begins a series; later ones are only
    /// counted, for Kubernetes sends them when the series ends.
    pub fn record(&mut self, client: &mut Client<'_>, seed: Seed, note: &Note<'_>) {
        let now = client.now();
        let meta = &note.pod.meta;
        let identity = (meta.uid.clone(), meta.resource_version, note.reason);
        let written = Rc::make_mut(&mut self.written);
        if let Some(held) = written.get_mut(&identity).filter(|held| now.since(held.last) <= SERIES_ENDS) {
            held.count += 1;
            held.last = now;
            if held.count == 2
                && let Ok(stored) = client.get(Kind::Event, &meta.namespace, &held.name)
            {
                let mut tree = stored.tree.clone();
                let series = map! { "count" => 2, "lastObservedTime" => now.rfc3339_micro() };
                tree.set(&["series"], series);
                let _ = client.update(&stored, tree);
            }
            return;
        }
        self.sequence += 1;
        let id = format!("{}/scheduler/{}", meta.uid, self.sequence);
        let name = Text::from(event_name(&meta.name, now, self.sequence, seed, &id));
        let tree = map! {
            "apiVersion" => "v1",
            "kind" => "Event",
            "metadata" => map! { "name" => &name, "namespace" => &meta.namespace },
            "involvedObject" => reference(note.pod, ""),
            "reason" => note.reason,
            "message" => Text::copy(note.message),
            "source" => Value::empty_map(),
            "firstTimestamp" => Value::Null,
            "lastTimestamp" => Value::Null,
            "type" => if note.warning { "Warning" } else { "Normal" },
            "eventTime" => now.rfc3339_micro(),
            "action" => note.action,
            "reportingComponent" => "default-scheduler",
            "reportingInstance" => INSTANCE,
        };
        if client.create(Kind::Event, &meta.namespace, tree).is_ok() {
            written.insert(identity, Written { name, count: 1, last: now });
        }
    }

    /// Forgets a pod that is gone.
    pub fn forget(&mut self, uid: &Text, gone: bool) {
        if gone {
            Rc::make_mut(&mut self.written).retain(|(held, ..), _| held != uid);
        }
    }
}
