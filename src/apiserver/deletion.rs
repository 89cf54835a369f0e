//! Deleting objects: grace, finalizers, propagation (`reference/pods-and-nodes.md` §5, `reference/network.md` §6).

use super::request::{DeleteOptions, Propagation, Reply, Request, Verb};
use super::{ApiServer, Status};
use crate::api::{Kind, Shared};
use crate::time::Time;
use crate::value::{Text, Value};

/// Finalizer of a foreground deletion.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";
/// Finalizer of an orphaning deletion.
pub(crate) const ORPHAN: &str = "orphan";

impl ApiServer {
    /// Asks for an object's end; it goes at once when nothing holds it.
    pub(super) fn delete(&mut self, now: Time, request: Request) -> Result<Reply, Status> {
        let old = self.stored(&request)?;
        let Verb::Delete(options) = request.verb else {
            return Err(Status::bad_request("delete without options"));
        };
        if let Some(uid) = &options.uid
            && *uid != old.meta.uid
        {
            let why = format!("Precondition failed: UID in precondition: {uid}, UID in object meta: {}", old.meta.uid);
            return Err(Status::conflict(old.kind, &old.meta.name, &why));
        }
        if old.kind == Kind::Namespace && matches!(old.meta.name.as_str(), "default" | "kube-system" | "kube-public") {
            return Err(Status::forbidden(Kind::Namespace, &old.meta.name, "this namespace may not be deleted"));
        }
        if request.dry_run {
            return Ok(self.reply(old));
        }
        let object = match old.kind {
            Kind::Pod => self.delete_pod(now, &old, &options),
            Kind::Namespace => self.delete_namespace(now, &old),
            _ => self.delete_plain(now, &old, &options),
        };
        Ok(self.reply(object))
    }

    /// Pods stop gracefully: the object stays, with a deadline, until its kubelet asks for grace 0.
    fn delete_pod(&mut self, now: Time, old: &Shared, options: &DeleteOptions) -> Shared {
        let Some(pod) = old.as_pod() else {
            return old.clone();
        };
        let grace = if pod.node.is_empty() || pod.is_finished() {
            0
        } else {
            match options.grace_seconds.unwrap_or(pod.grace_seconds) {
                negative if negative < 0 => 1,
                grace => grace,
            }
        };
        let asked_before = old.tree.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64();
        let mut object = old.clone();
        let shorter = asked_before.is_none_or(|before| grace < before);
        if shorter {
            let mut tree = self.with_propagation(&old.tree, options.propagation);
            tree.set(&["metadata", "deletionTimestamp"], now.plus(grace * 1000).rfc3339());
            tree.set(&["metadata", "deletionGracePeriodSeconds"], grace);
            if asked_before.is_none() {
                tree.set(&["metadata", "generation"], old.meta.generation + 1);
            }
            object = self.store.put(now, Kind::Pod, tree);
        }
        if grace == 0 && object.meta.finalizers.is_empty() {
            object = self.store.remove(now, Kind::Pod, object.tree.clone());
        }
        object
    }

    /// A namespace stays, Terminating, until its controller has emptied it and released its finalizer.
    fn delete_namespace(&mut self, now: Time, old: &Shared) -> Shared {
        if old.is_terminating() {
            return old.clone();
        }
        let mut tree = old.tree.clone();
        tree.set(&["metadata", "deletionTimestamp"], now.rfc3339());
        tree.set(&["status", "phase"], "Terminating");
        self.store.put(now, Kind::Namespace, tree)
    }

    fn delete_plain(&mut self, now: Time, old: &Shared, options: &DeleteOptions) -> Shared {
        let mut tree = self.with_propagation(&old.tree, options.propagation);
        if tree.at(&["metadata", "finalizers"]).items().is_empty() {
            return self.store.remove(now, old.kind, tree);
        }
        if old.is_terminating() && tree == old.tree {
            return old.clone();
        }
        if !old.is_terminating() {
            tree.set(&["metadata", "deletionTimestamp"], now.rfc3339());
            tree.set(&["metadata", "deletionGracePeriodSeconds"], 0);
            if old.kind.info().has_generation {
                tree.set(&["metadata", "generation"], old.meta.generation + 1);
            }
        }
        self.store.put(now, old.kind, tree)
    }

    /// The finalizers that a propagation policy asks for, in place of those another one asked for before.
    fn with_propagation(&self, tree: &Value, propagation: Propagation) -> Value {
        let wanted = match propagation {
            Propagation::Background => None,
            Propagation::Foreground => Some(FOREGROUND),
            Propagation::Orphan => Some(ORPHAN),
        };
        let mut finalizers: Vec<Value> = tree
            .at(&["metadata", "finalizers"])
            .items()
            .iter()
            .filter(|f| !matches!(f.as_str(), Some(FOREGROUND | ORPHAN)))
            .cloned()
            .collect();
        finalizers.extend(wanted.map(|w| Value::Text(Text::from(w))));
        let mut tree = tree.clone();
        if finalizers.is_empty() {
            tree.take(&["metadata", "finalizers"]);
        } else {
            tree.set(&["metadata", "finalizers"], finalizers);
        }
        tree
    }
}
