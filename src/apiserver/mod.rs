//! The API server in process: request → decode → admission and defaults → validation → store → watch events.

mod admission;
mod client;
mod decode;
mod defaults;
mod deletion;
mod endpoints;
mod manage;
mod request;
mod selection;
mod store;
mod strategy;
mod subresource;
mod validation;
mod write;

pub use client::Client;
pub use decode::{check_metadata, check_typed};
pub use request::{
    Conflicts, DeleteOptions, FieldValidation, ListOptions, PatchType, Propagation, Reply, Request, Subresource, Verb,
};
pub use store::{Change, Store, WatchEvent};
pub use validation::parse_selector;
pub(crate) use validation::{config_key, label_key, label_value, unified};

use std::rc::Rc;

use crate::api::{Kind, Object, Shared, Status};
use crate::random::Seed;
use crate::time::Time;
use crate::value::{Text, Value};

/// Feature gates that change what the server does. All others stand at their v1.36.2 default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gates {
    /// MaxUnavailableStatefulSet, off by default in 1.36.
    pub max_unavailable_stateful_set: bool,
}

/// The API server: the store and the rules around it. It has no clock; every request brings its moment along.
#[derive(Clone, Debug)]
pub struct ApiServer {
    store: Store,
    seed: Seed,
    gates: Gates,
    /// When the old events were looked for last.
    swept: Time,
}

/// Events are kept for so long after their last write, ms (kube-apiserver's `--event-ttl`)…
const EVENT_TTL: i64 = 3_600_000;
/// …and the old ones are looked for so often, when another one is written. That they are gone later than in a cluster can
/// only be seen while nothing happens, and then no moment is due for it.
const SWEEP_EVERY: i64 = 300_000;

impl ApiServer {
    /// An empty server.
    pub fn new(seed: Seed, gates: Gates) -> Self {
        Self { store: Store::default(), seed, gates, swept: Time(EVENT_TTL - SWEEP_EVERY) }
    }

    /// What is stored, to be read by the page and by tests; parts of the cluster use a `Client`.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Lets old events go.
    fn sweep(&mut self, now: Time) {
        if now.since(self.swept) < SWEEP_EVERY {
            return;
        }
        self.swept = now;
        let written = |event: &Object| {
            let last = |path: &[&str]| event.tree.at(path).as_str().and_then(Time::parse);
            let last = last(&["series", "lastObservedTime"]).or_else(|| last(&["lastTimestamp"]));
            last.unwrap_or(event.meta.created).max(event.meta.created)
        };
        let old = self.store.list(Kind::Event, "").filter(|event| now.since(written(event)) > EVENT_TTL);
        let old: Vec<Value> = old.map(|event| event.tree.clone()).collect();
        for tree in old {
            self.store.remove(now, Kind::Event, tree);
        }
    }

    /// The feature gates of this world.
    pub fn gates(&self) -> Gates {
        self.gates
    }

    /// Takes the changes committed since this was last called, oldest first.
    pub fn take_announced(&mut self) -> Vec<Rc<WatchEvent>> {
        self.store.take_announced()
    }

    /// Answers one request.
    ///
    /// # Errors
    /// The API error, worded as Kubernetes words it.
    pub fn handle(&mut self, now: Time, request: Request) -> Result<Reply, Status> {
        if request.kind == crate::api::Kind::Endpoints {
            return self.read_endpoints(&request);
        }
        match (&request.verb, request.subresource) {
            (Verb::Get, Subresource::Scale) => self.get_scale(&request),
            (Verb::Get, _) => {
                let object = self.stored(&request)?;
                Ok(self.reply(object))
            }
            (Verb::List(options), _) => self.list(&request, options),
            (Verb::Create(_), Subresource::Binding) => self.bind(now, request),
            (Verb::Create(_), Subresource::Eviction) => self.evict(now, request),
            (Verb::Create(_), _) => self.create(now, request),
            (Verb::Update(_) | Verb::Patch(..), Subresource::Scale) => self.write_scale(now, request),
            (Verb::Update(_) | Verb::Patch(..), _) => self.write(now, request),
            (Verb::Delete(_), _) => self.delete(now, request),
        }
    }

    /// The stored object a request names.
    ///
    /// # Errors
    /// NotFound, of the namespace first where that is missing (`reference/api-defaults-validation.md` §5).
    fn stored(&self, request: &Request) -> Result<Shared, Status> {
        self.store.get(request.kind, &request.namespace, &request.name).cloned().ok_or_else(|| {
            let missing_namespace = request.kind.is_namespaced()
                && !matches!(request.verb, Verb::Delete(_))
                && !self.namespace_exists(&request.namespace);
            if missing_namespace {
                Status::not_found(crate::api::Kind::Namespace, &request.namespace)
            } else {
                Status::not_found(request.kind, &request.name)
            }
        })
    }

    fn namespace_exists(&self, name: &Text) -> bool {
        self.store.get(crate::api::Kind::Namespace, "", name).is_some()
    }

    fn reply(&self, object: Shared) -> Reply {
        Reply { object: Some(object), resource_version: self.store.version(), ..Reply::default() }
    }

    fn list(&self, request: &Request, options: &ListOptions) -> Result<Reply, Status> {
        for (path, ..) in &options.fields {
            selection::check_field(request.kind, path).map_err(Status::bad_request)?;
        }
        let items = self
            .store
            .list(request.kind, &request.namespace)
            .filter(|object| options.labels.matches(object.labels()))
            .filter(|object| {
                options
                    .fields
                    .iter()
                    .all(|(path, equal, value)| (selection::field(object, path) == value.as_str()) == *equal)
            })
            .cloned()
            .collect();
        Ok(Reply { items, resource_version: self.store.version(), ..Reply::default() })
    }
}
