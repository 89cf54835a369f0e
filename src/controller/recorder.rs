//! Events as client-go's recorder writes them: repeats raise a count, a tenth kind of message is combined, and who tells
//! too much of one object is not heard for a while.

use std::rc::Rc;

use crate::api::{Kind, Object};
use crate::apiserver::Client;
use crate::map;
use crate::random::Seed;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::{Text, Value};

/// Different messages of one source, object and reason after which further ones are combined.
const COMBINE_AFTER: usize = 10;
/// How long such messages are remembered, ms.
const COMBINE_WINDOW: i64 = 600_000;
/// So many events of one kind (normal, warning) a source may write of an object at once.
const BURST: i64 = 25;
/// Every so often it may write one more, ms.
const REFILL: i64 = 300_000;
/// After so long an event is not there any more, ms, and cannot be counted up.
const FORGOTTEN: i64 = 4_000_000;
/// Every so many events it is looked what can be forgotten.
const FORGET_EVERY: u64 = 128;

/// What is recorded.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Note<'a> {
    pub object: &'a Object,
    /// involvedObject.fieldPath; empty for the object as a whole.
    pub field_path: &'a str,
    pub warning: bool,
    pub reason: &'static str,
    pub message: &'a str,
}

/// The recorder of one source. Each component has its own.
#[derive(Clone, Debug)]
pub struct Recorder {
    component: Text,
    host: Text,
    state: Rc<State>,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// Events by everything that makes two of them the same.
    written: SortedMap<Identity, Written>,
    /// The different messages per object and reason, and when the last came.
    messages: SortedMap<Identity, (Time, Vec<Text>)>,
    /// What is left of each object's allowance, by uid and by whether warnings are meant.
    allowances: SortedMap<(Text, bool), Allowance>,
    /// Makes event names unique.
    sequence: u64,
}

/// How many more events may be written, counted in the time that it takes to earn them.
#[derive(Clone, Copy, Debug)]
struct Allowance {
    left: i64,
    at: Time,
}

impl Allowance {
    /// Everything that can be saved up, ms.
    const FULL: i64 = BURST * REFILL;

    /// What is left at this moment.
    fn left(self, now: Time) -> i64 {
        (self.left + now.since(self.at)).min(Self::FULL)
    }

    /// Spends one event; false when there is none left.
    fn spend(&mut self, now: Time) -> bool {
        let left = self.left(now);
        let enough = left >= REFILL;
        *self = Self { left: if enough { left - REFILL } else { left }, at: now };
        enough
    }
}

type Identity = (Text, Text, &'static str, Text);

#[derive(Clone, Debug)]
struct Written {
    name: Text,
    count: i64,
    first: Time,
    last: Time,
}

impl State {
    /// Forgets what makes no difference any more.
    fn forget(&mut self, now: Time) {
        self.written.retain(|_, written| now.since(written.last) <= FORGOTTEN);
        self.messages.retain(|_, (last, _)| now.since(*last) <= COMBINE_WINDOW);
        self.allowances.retain(|_, allowance| allowance.left(now) < Allowance::FULL);
    }
}

impl Recorder {
    /// A recorder for a component, such as `statefulset-controller`; a host only for kubelets.
    pub fn new(component: impl Into<Text>, host: impl Into<Text>) -> Self {
        Self { component: component.into(), host: host.into(), state: Rc::default() }
    }

    /// Records an event, or raises the count of the equal one before it. An event that cannot be stored, as in a
    /// namespace that is being deleted, is lost, as in Kubernetes.
    pub fn record(&mut self, client: &mut Client<'_>, seed: Seed, note: &Note<'_>) {
        let now = client.now();
        let source = self.source();
        let state = Rc::make_mut(&mut self.state);
        let uid = &note.object.meta.uid;
        let group: Identity = (uid.clone(), Text::default(), note.reason, Text::default());
        let (last, messages) = state.messages.or_default(group);
        if now.since(*last) > COMBINE_WINDOW {
            messages.clear();
        }
        *last = now;
        if !messages.iter().any(|m| *m == *note.message) {
            messages.push(Text::copy(note.message));
        }
        let combined = messages.len() >= COMBINE_AFTER;
        if combined {
            // One of them, whichever, is forgotten; those that are remembered go on being told one by one.
            let id = format!("{uid}/{}/{now}", note.message, now = now.0);
            messages.swap_remove((seed.draw(&id, "forgotten") % messages.len() as u64) as usize);
        }
        let (message, identity) = if combined {
            let text = format!("(combined from similar events): {}", note.message);
            (Text::from(text), (uid.clone(), Text::default(), note.reason, Text::from("(combined)")))
        } else {
            let message = Text::copy(note.message);
            (message.clone(), (uid.clone(), Text::copy(note.field_path), note.reason, message))
        };
        let namespace = event_namespace(note.object);
        if !state.written.contains_key(&identity) {
            state.sequence += 1;
            if state.sequence.is_multiple_of(FORGET_EVERY) {
                state.forget(now);
            }
            let id = format!("{uid}/{}/{}", self.component, state.sequence);
            let name = event_name(&note.object.meta.name, now, state.sequence, seed, &id);
            let written = Written { name: Text::from(name), count: 0, first: now, last: now };
            state.written.insert(identity.clone(), written);
        }
        let Some(written) = state.written.get_mut(&identity) else { return };
        written.count += 1;
        written.last = now;
        let Written { name, count, first, .. } = written.clone();
        // What is not written is counted all the same.
        let full = || Allowance { left: Allowance::FULL, at: now };
        if !state.allowances.or_insert_with((uid.clone(), note.warning), full).spend(now) {
            return;
        }
        if count > 1
            && let Ok(stored) = client.get(Kind::Event, &namespace, &name)
        {
            let mut tree = stored.tree.clone();
            tree.set(&["count"], count);
            tree.set(&["message"], message);
            tree.set(&["lastTimestamp"], now.rfc3339());
            let _ = client.update(&stored, tree);
            return;
        }
        let tree = map! {
            "apiVersion" => "v1",
            "kind" => "Event",
            "metadata" => map! { "name" => name, "namespace" => &namespace },
            "involvedObject" => reference(note.object, note.field_path),
            "reason" => note.reason,
            "message" => message,
            "source" => source,
            "firstTimestamp" => first.rfc3339(),
            "lastTimestamp" => now.rfc3339(),
            "count" => count,
            "type" => if note.warning { "Warning" } else { "Normal" },
            "eventTime" => Value::Null,
            "reportingComponent" => &self.component,
            "reportingInstance" => &self.host,
        };
        let _ = client.create(Kind::Event, &namespace, tree);
    }

    fn source(&self) -> Value {
        let mut source = map! { "component" => &self.component };
        if !self.host.is_empty() {
            source.set(&["host"], &self.host);
        }
        source
    }
}

/// The name of an event: the object's, a dot, and the moment in hexadecimal nanoseconds, so that an object's events
/// are listed in the order in which they happened. `sequence` counts the events of their recorder: within one
/// millisecond they follow it; `id` keeps recorders apart.
pub fn event_name(object: &str, now: Time, sequence: u64, seed: Seed, id: &str) -> String {
    let within = (sequence % 1000) * 1000 + seed.draw(id, "event") % 1000;
    let moment = now.unix_nanoseconds().saturating_add(within as i64);
    format!("{object}.{moment:x}")
}

/// The namespace an object's events live in: its own, or `default` for cluster-scoped kinds.
pub fn event_namespace(object: &Object) -> Text {
    if object.meta.namespace.is_empty() { "default".into() } else { object.meta.namespace.clone() }
}

/// An `ObjectReference` to this version of an object, as events carry it.
pub fn reference(object: &Object, field_path: &str) -> Value {
    let meta = &object.meta;
    let mut tree = map! {
        "kind" => object.kind.name(),
        "name" => &meta.name,
        "apiVersion" => object.kind.api_version(),
    };
    // Some components name their object without a version, some even without uid.
    if !meta.uid.is_empty() {
        tree.set(&["uid"], &meta.uid);
    }
    if meta.resource_version != 0 {
        tree.set(&["resourceVersion"], meta.resource_version.to_string());
    }
    if !meta.namespace.is_empty() {
        tree.set(&["namespace"], &meta.namespace);
    }
    if !field_path.is_empty() {
        tree.set(&["fieldPath"], Text::copy(field_path));
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_five_events_at_once_and_then_one_in_five_minutes() {
        let mut allowance = Allowance { left: Allowance::FULL, at: Time(0) };
        assert_eq!((0..40).filter(|second| allowance.spend(Time(second * 1000))).count(), 25);
        assert!(!allowance.spend(Time(299_000)));
        assert!(allowance.spend(Time(300_000)), "five minutes after the first");
        assert!(!allowance.spend(Time(599_000)));
        assert!(allowance.spend(Time(600_000)));
        assert_eq!(allowance.left(Time(100_000_000)), Allowance::FULL);
    }
}
