//! Events as client-go's recorder writes them: repeats raise a count, a tenth kind of message is combined.

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
    /// Makes event names unique.
    sequence: u64,
}

type Identity = (Text, Text, &'static str, Text);

#[derive(Clone, Debug)]
struct Written {
    name: Text,
    count: i64,
    last: Time,
}

impl State {
    /// Forgets what makes no difference any more.
    fn forget(&mut self, now: Time) {
        self.written.retain(|_, written| now.since(written.last) <= FORGOTTEN);
        self.messages.retain(|_, (last, _)| now.since(*last) <= COMBINE_WINDOW);
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
        let subject = (note.object.meta.uid.clone(), Text::copy(note.field_path));
        let group: Identity = (subject.0.clone(), subject.1.clone(), note.reason, Text::default());
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
            let id = format!("{}/{}/{now}", note.object.meta.uid, note.message, now = now.0);
            messages.swap_remove((seed.draw(&id, "forgotten") % messages.len() as u64) as usize);
        }
        let (message, identity) = if combined {
            let text = format!("(combined from similar events): {}", note.message);
            (Text::from(text), Text::from("(combined)"))
        } else {
            (Text::copy(note.message), Text::copy(note.message))
        };
        let identity: Identity = (subject.0, subject.1, note.reason, identity);
        let namespace = event_namespace(note.object);
        if let Some(written) = state.written.get_mut(&identity)
            && let Ok(stored) = client.get(Kind::Event, &namespace, &written.name)
        {
            written.count += 1;
            written.last = now;
            let mut tree = stored.tree.clone();
            tree.set(&["count"], written.count);
            tree.set(&["message"], message);
            tree.set(&["lastTimestamp"], now.rfc3339());
            let _ = client.update(&stored, tree);
            return;
        }
        state.sequence += 1;
        if state.sequence.is_multiple_of(FORGET_EVERY) {
            state.forget(now);
        }
        let id = format!("{}/{}/{}", note.object.meta.uid, self.component, state.sequence);
        let name = event_name(&note.object.meta.name, now, state.sequence, seed, &id);
        let tree = map! {
            "apiVersion" => "v1",
            "kind" => "Event",
            "metadata" => map! { "name" => name.clone(), "namespace" => &namespace },
            "involvedObject" => reference(note.object, note.field_path),
            "reason" => note.reason,
            "message" => message,
            "source" => source,
            "firstTimestamp" => now.rfc3339(),
            "lastTimestamp" => now.rfc3339(),
            "count" => 1,
            "type" => if note.warning { "Warning" } else { "Normal" },
            "eventTime" => Value::Null,
            "reportingComponent" => &self.component,
            "reportingInstance" => &self.host,
        };
        if client.create(Kind::Event, &namespace, tree).is_ok() {
            let name = Text::from(name);
            state.written.insert(identity, Written { name, count: 1, last: now });
        }
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
