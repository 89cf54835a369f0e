//! One version of one object: its full tree and the parts of its metadata that everything looks at.

use std::cell::OnceCell;
use std::rc::Rc;

use super::managers::Managers;
use super::view::View;
use super::{Key, Kind};
use crate::time::Time;
use crate::value::{Map, Text, Value};

/// An immutable version of an object. Every write makes a new one; versions are shared by `Rc`.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// The whole object: every valid field that anyone wrote.
    pub tree: Value,
    /// Its metadata, decoded.
    pub meta: Meta,
    /// Who manages its fields: metadata.managedFields, which the tree does not hold.
    pub managers: Managers,
    view: OnceCell<View>,
}

/// The decoded metadata of an object version.
#[derive(Clone, Debug, Default)]
pub struct Meta {
    /// metadata.namespace; empty for cluster-scoped kinds.
    pub namespace: Text,
    /// metadata.name.
    pub name: Text,
    /// metadata.uid.
    pub uid: Text,
    /// metadata.resourceVersion.
    pub resource_version: u64,
    /// metadata.generation; 0 where the kind has none.
    pub generation: i64,
    /// metadata.creationTimestamp.
    pub created: Time,
    /// metadata.deletionTimestamp: when its grace ends.
    pub deletion: Option<Time>,
    /// metadata.ownerReferences.
    pub owners: Vec<OwnerReference>,
    /// metadata.finalizers.
    pub finalizers: Vec<Text>,
    /// metadata.labels.
    labels: Value,
}

/// One owner reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerReference {
    /// The owner's kind as written.
    pub kind: Text,
    /// The owner's name.
    pub name: Text,
    /// The owner's uid.
    pub uid: Text,
    /// Whether this owner is the managing controller.
    pub controller: bool,
    /// Whether a foreground deletion of the owner waits for this object.
    pub block_owner_deletion: bool,
}

impl Object {
    /// Decodes the metadata of a tree. The tree is taken as it is: the API server has checked it.
    pub fn new(kind: Kind, tree: Value) -> Self {
        let meta = Meta::of(&tree);
        Self { kind, tree, meta, managers: Managers::default(), view: OnceCell::new() }
    }

    /// The next version of an object, with this number; `before` is the present one. What both share is not decoded again.
    pub fn next(kind: Kind, mut tree: Value, version: u64, before: Option<&Self>) -> Self {
        let known = before.filter(|before| before.tree.at(&["metadata"]).shares(tree.at(&["metadata"])));
        tree.set(&["metadata", "resourceVersion"], version.to_string());
        let Some(before) = known else { return Self::new(kind, tree) };
        let meta = Meta { resource_version: version, ..before.meta.clone() };
        Self { kind, tree, meta, managers: Managers::default(), view: OnceCell::new() }
    }

    /// The same version with these managers of its fields.
    #[must_use]
    pub fn managed(self, managers: Managers) -> Self {
        Self { managers, ..self }
    }

    /// The tree with metadata.managedFields.
    pub fn whole(&self) -> Value {
        let mut tree = self.tree.clone();
        let managers = self.managers.to_value(self.kind);
        if !managers.is_null() {
            tree.set(&["metadata", "managedFields"], managers);
        }
        tree
    }

    /// Where this object is stored.
    pub fn key(&self) -> Key {
        Key { kind: self.kind, namespace: self.meta.namespace.clone(), name: self.meta.name.clone() }
    }

    /// The typed view of this version, decoded on first use.
    pub fn view(&self) -> &View {
        self.view.get_or_init(|| View::of(self))
    }

    /// metadata.labels.
    pub fn labels(&self) -> &Map {
        self.meta.labels.as_map().unwrap_or(const { &Map::new() })
    }

    /// metadata.annotations.
    pub fn annotations(&self) -> &Map {
        self.tree.at(&["metadata", "annotations"]).as_map().unwrap_or(const { &Map::new() })
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels().get(key).and_then(Value::as_str)
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations().get(key).and_then(Value::as_str)
    }

    /// The owner reference that is marked as the managing controller.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.meta.owners.iter().find(|owner| owner.controller)
    }

    /// Whether deletion has been asked for.
    pub fn is_terminating(&self) -> bool {
        self.meta.deletion.is_some()
    }
}

/// An object version that many hold.
pub type Shared = Rc<Object>;

impl Meta {
    fn of(tree: &Value) -> Self {
        let meta = tree.at(&["metadata"]);
        let time = |key: &str| meta.at(&[key]).as_str().and_then(Time::parse);
        Self {
            namespace: meta.at(&["namespace"]).text(),
            name: meta.at(&["name"]).text(),
            uid: meta.at(&["uid"]).text(),
            resource_version: meta.at(&["resourceVersion"]).as_str().and_then(|text| text.parse().ok()).unwrap_or(0),
            generation: meta.at(&["generation"]).as_i64().unwrap_or(0),
            created: time("creationTimestamp").unwrap_or_default(),
            deletion: time("deletionTimestamp"),
            owners: meta.at(&["ownerReferences"]).items().iter().map(OwnerReference::of).collect(),
            finalizers: meta.at(&["finalizers"]).items().iter().map(Value::text).collect(),
            labels: meta.at(&["labels"]).clone(),
        }
    }
}

impl OwnerReference {
    fn of(tree: &Value) -> Self {
        let flag = |key: &str| tree.at(&[key]).as_bool().unwrap_or(false);
        Self {
            kind: tree.at(&["kind"]).text(),
            name: tree.at(&["name"]).text(),
            uid: tree.at(&["uid"]).text(),
            controller: flag("controller"),
            block_owner_deletion: flag("blockOwnerDeletion"),
        }
    }

    /// A reference to this object as managing controller, as controllers write it.
    pub fn to_controller(owner: &Object) -> Value {
        crate::map! {
            "apiVersion" => owner.kind.api_version(),
            "kind" => owner.kind.name(),
            "name" => &owner.meta.name,
            "uid" => &owner.meta.uid,
            "controller" => true,
            "blockOwnerDeletion" => true,
        }
    }
}
