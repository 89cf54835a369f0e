//! The picture of claims and volumes that the volume controllers keep: what the watch told them and, at once,
//! what they wrote themselves, so that they never fall behind their own writes.

use crate::api::{Kind, Shared, Status};
use crate::apiserver::{Change, Client, WatchEvent};
use crate::controller::Cache;
use crate::value::{Text, Value};

/// A cache that knows its owner's writes at once and never goes back to an older version.
#[derive(Clone, Debug, Default)]
pub(super) struct Books {
    cache: Cache,
}

impl Books {
    /// Takes a watch event in; false when a newer version is known already.
    pub(super) fn observe(&mut self, event: &WatchEvent) -> bool {
        let object = &event.object;
        let known = self.get(object.kind, &object.meta.namespace, &object.meta.name);
        let newer_known = known.is_some_and(|k| k.meta.resource_version > object.meta.resource_version);
        if newer_known {
            return false;
        }
        self.cache.apply(event);
        true
    }

    /// The latest known version.
    pub(super) fn get(&self, kind: Kind, namespace: &Text, name: &str) -> Option<&Shared> {
        self.cache.get(kind, namespace, name)
    }

    /// The known objects of a kind in one namespace; the empty text for cluster-scoped kinds.
    pub(super) fn list(&self, kind: Kind, namespace: &Text) -> impl Iterator<Item = &Shared> {
        self.cache.list(kind, namespace)
    }

    /// The known objects of a kind in all namespaces.
    pub(super) fn list_all(&self, kind: Kind) -> impl Iterator<Item = &Shared> {
        self.cache.list_all(kind)
    }

    /// Writes an object, or its status, and knows the new version at once.
    pub(super) fn write(
        &mut self,
        client: &mut Client<'_>,
        object: &Shared,
        tree: Value,
        status: bool,
    ) -> Result<Shared, Status> {
        let written = if status { client.update_status(object, tree) } else { client.update(object, tree) }?;
        let waits_for_nothing = written.is_terminating() && written.meta.finalizers.is_empty();
        if !waits_for_nothing {
            self.cache.apply(&WatchEvent {
                at: client.now(),
                change: Change::Modified,
                object: written.clone(),
                before: Some(object.clone()),
            });
        }
        Ok(written)
    }
}
