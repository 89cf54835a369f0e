//! What can be asked of the API server, and what it answers.

use crate::api::{Kind, Selector, Shared};
use crate::value::{Text, Value};

/// One request. Users, controllers, scheduler, kubelets and kubectl all speak through it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The kind asked for.
    pub kind: Kind,
    /// The namespace; empty for cluster-scoped kinds, and for lists of all namespaces.
    pub namespace: Text,
    /// The object's name; empty for lists and creations.
    pub name: Text,
    /// The part of the object addressed.
    pub subresource: Subresource,
    /// What to do.
    pub verb: Verb,
    /// Whether to stop before anything is stored.
    pub dry_run: bool,
    /// What to do with unknown and duplicate fields of a body.
    pub field_validation: FieldValidation,
    /// Who will manage the fields that this writes; nobody where it is empty.
    pub manager: Text,
    /// The part of the object through which it writes them, where that is not the subresource.
    pub through: &'static str,
    /// Whether this is a server-side apply, and what it does about fields of others.
    pub apply: Option<Conflicts>,
}

/// What a server-side apply does about fields that others manage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflicts {
    /// It is refused.
    Refuse,
    /// It takes them.
    Force,
}

/// The part of an object that a request addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Subresource {
    #[default]
    None,
    Status,
    Scale,
    /// pods/binding: sets the node and condition PodScheduled.
    Binding,
    /// pods/eviction.
    Eviction,
    /// namespaces/finalize.
    Finalize,
}

impl Subresource {
    /// Its name in the list of field managers; empty for the object itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Status => "status",
            Self::Scale => "scale",
            Self::Binding => "binding",
            Self::Eviction => "eviction",
            Self::Finalize => "finalize",
        }
    }
}

/// What a request does.
#[derive(Clone, Debug)]
pub enum Verb {
    /// Read one object.
    Get,
    /// Read many objects, in key order.
    List(ListOptions),
    /// Store a new object.
    Create(Value),
    /// Replace an object (or its status).
    Update(Value),
    /// Change an object.
    Patch(PatchType, Value),
    /// Remove an object.
    Delete(DeleteOptions),
}

/// Which objects a list holds.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// By labels.
    pub labels: Selector,
    /// By fields: path, whether equal is asked for, value.
    pub fields: Vec<(Text, bool, Text)>,
}

/// The three forms of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PatchType {
    Strategic,
    Merge,
    Json,
}

/// How a deletion is done.
#[derive(Clone, Debug, Default)]
pub struct DeleteOptions {
    /// gracePeriodSeconds; the object's own where missing.
    pub grace_seconds: Option<i64>,
    /// propagationPolicy; Background where missing.
    pub propagation: Propagation,
    /// preconditions.uid.
    pub uid: Option<Text>,
}

/// What becomes of the dependents of a deleted object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Propagation {
    #[default]
    Background,
    Foreground,
    Orphan,
}

/// The server's answer to fields that it does not know (`reference/api-defaults-validation.md` §7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FieldValidation {
    /// Drop them silently.
    #[default]
    Ignore,
    /// Drop them with a warning each.
    Warn,
    /// Refuse the request.
    Strict,
}

/// The answer to a request that succeeded.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// The object read or written; `None` for lists.
    pub object: Option<Shared>,
    /// The objects of a list, in key order.
    pub items: Vec<Shared>,
    /// The resourceVersion at which the answer is true.
    pub resource_version: u64,
    /// Warnings for the user, without the word `Warning: `.
    pub warnings: Vec<String>,
}

impl Request {
    /// A request for one object with nothing special about it.
    pub fn new(kind: Kind, namespace: &Text, name: &Text, verb: Verb) -> Self {
        Self {
            kind,
            namespace: namespace.clone(),
            name: name.clone(),
            subresource: Subresource::None,
            verb,
            dry_run: false,
            field_validation: FieldValidation::Ignore,
            manager: Text::default(),
            through: "",
            apply: None,
        }
    }

    /// The same request for a part of the object.
    #[must_use]
    pub fn part(self, subresource: Subresource) -> Self {
        Self { subresource, ..self }
    }

    /// The same request with unknown fields treated so.
    #[must_use]
    pub fn validated(self, field_validation: FieldValidation) -> Self {
        Self { field_validation, ..self }
    }

    /// The same request as a server-side apply.
    #[must_use]
    pub fn applied(self, conflicts: Conflicts) -> Self {
        Self { apply: Some(conflicts), ..self }
    }

    /// The same request, stopped before anything is stored when `dry_run`.
    #[must_use]
    pub fn dry(self, dry_run: bool) -> Self {
        Self { dry_run, ..self }
    }
}
