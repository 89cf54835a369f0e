//! What is still in a namespace, and deleting it.

use super::Hand;
use crate::api::{Key, Kind, Shared};
use crate::apiserver::DeleteOptions;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

/// The kinds that are deleted once no pod is left, in this order.
pub(super) const AFTER_PODS: &[Kind] = &[
    Kind::Service,
    Kind::EndpointSlice,
    Kind::StatefulSet,
    Kind::ControllerRevision,
    Kind::PodDisruptionBudget,
    Kind::ConfigMap,
    Kind::Secret,
    Kind::ServiceAccount,
    Kind::Event,
    Kind::PersistentVolumeClaim,
];

/// What a pass found left after it had deleted what it could.
#[derive(Clone, Debug, Default)]
pub(super) struct Left {
    /// How many objects of each kind, by `persistentvolumeclaims.` with the group after the point.
    pub kinds: SortedMap<String, usize>,
    /// How many objects each finalizer holds.
    pub finalizers: SortedMap<Text, usize>,
    /// What is there although nothing should hold it.
    pub errors: Vec<String>,
    /// How many seconds it may take, at most.
    pub estimate: i64,
    /// One of the objects.
    example: Option<Key>,
}

impl Left {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The same without its counts.
    pub fn errors_only(&self) -> Self {
        Self { errors: self.errors.clone(), ..Self::default() }
    }

    /// One of the objects that are left.
    pub fn first(&self, namespace: &Text) -> Key {
        let none = || Key::new(Kind::Namespace, "", namespace.clone());
        self.example.clone().unwrap_or_else(none)
    }

    /// Deletes all objects of a kind, then counts what is left of them.
    pub fn delete_all(&mut self, kind: Kind, namespace: &Text, since: Time, context: Hand<'_, '_>) {
        let before = context.client.list(kind, namespace);
        if before.is_empty() {
            return;
        }
        let estimate = estimate(kind, &before, context.now.since(since));
        for object in &before {
            let _ = context.client.delete(kind, namespace, &object.meta.name, DeleteOptions::default());
        }
        let after = context.client.list(kind, namespace);
        let Some(first) = after.first() else {
            return;
        };
        self.example.get_or_insert_with(|| first.key());
        let info = kind.info();
        self.kinds.insert(format!("{}.{}", info.plural, info.group), after.len());
        let held = after.iter().flat_map(|object| object.meta.finalizers.iter());
        let mut any_held = false;
        for finalizer in held {
            any_held = true;
            *self.finalizers.or_default(finalizer.clone()) += 1;
        }
        let seconds = match (estimate, any_held) {
            (0, true) => 15,
            (0, false) => {
                let group = kind.api_version();
                let path = if info.group.is_empty() { format!("/{group}") } else { group.to_owned() };
                self.errors.push(format!(
                    "unexpected items still remain in namespace: {namespace} for gvr: {path}, Resource={}",
                    info.plural
                ));
                0
            }
            (seconds, _) => seconds,
        };
        self.estimate = self.estimate.max(seconds);
    }

    /// What the namespace waits for.
    pub fn in_plain_words(&self) -> String {
        let kinds: Vec<String> = self
            .kinds
            .iter()
            .map(|(kind, count)| format!("{count} {}", kind.split('.').next().unwrap_or(kind)))
            .collect();
        let mut text = format!("{} are still in it", kinds.join(", "));
        let held: Vec<&str> = self.finalizers.keys().map(Text::as_str).collect();
        if !held.is_empty() {
            text.push_str(", held by ");
            text.push_str(&held.join(", "));
        }
        text
    }
}

/// How many seconds the deletion of these objects may take: the longest grace period of the pods that run, none once
/// the namespace has been going for longer than that.
fn estimate(kind: Kind, objects: &[Shared], elapsed_ms: i64) -> i64 {
    if kind != Kind::Pod {
        return 0;
    }
    let running = objects.iter().filter_map(|pod| pod.as_pod()).filter(|pod| !pod.is_finished());
    let seconds = running.map(|pod| pod.grace_seconds).max().unwrap_or(0);
    if elapsed_ms >= seconds * 1000 { 0 } else { seconds }
}
