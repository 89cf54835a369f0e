//! The versioned object store: every commit has a number and is announced.

use std::rc::Rc;

use crate::api::managers::Managers;
use crate::api::{Key, Kind, Object, Shared};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::{Text, Value};

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Change {
    Added,
    Modified,
    Deleted,
}

impl Change {
    /// `ADDED`, `MODIFIED`, `DELETED`, as a watch names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }
}

/// One committed change.
#[derive(Clone, Debug)]
pub struct WatchEvent {
    /// When it was committed.
    pub at: Time,
    /// What happened.
    pub change: Change,
    /// The version it made (for a deletion, the last one).
    pub object: Shared,
    /// The version before it; `None` for an addition.
    pub before: Option<Shared>,
}

type Names = Rc<SortedMap<Text, Shared>>;
type Namespaces = Rc<SortedMap<Text, Names>>;

/// All objects. A clone is cheap: maps are shared per kind and namespace and copied when written.
#[derive(Clone, Debug)]
pub struct Store {
    kinds: Vec<Namespaces>,
    version: u64,
    announced: Vec<Rc<WatchEvent>>,
    last_removed: Text,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            kinds: Kind::ALL.iter().map(|_| Namespaces::default()).collect(),
            version: 1000,
            announced: Vec::new(),
            last_removed: Text::default(),
        }
    }
}

impl Store {
    /// The resourceVersion of the latest commit.
    pub fn version(&self) -> u64 {
        self.version
    }

    fn namespaces(&self, kind: Kind) -> Option<&Namespaces> {
        self.kinds.get(kind as usize)
    }

    /// The object with this key.
    pub fn get(&self, kind: Kind, namespace: &str, name: &str) -> Option<&Shared> {
        self.namespaces(kind)?.get(namespace)?.get(name)
    }

    /// All objects of a kind in key order; of one namespace, or of all where `namespace` is empty.
    pub fn list(&self, kind: Kind, namespace: &str) -> impl Iterator<Item = &Shared> {
        let one = (!namespace.is_empty() && kind.is_namespaced()).then(|| namespace.to_owned());
        self.namespaces(kind)
            .into_iter()
            .flat_map(|map| map.iter())
            .filter(move |(ns, _)| one.as_ref().is_none_or(|one| ns.as_str() == one))
            .flat_map(|(_, names)| names.values())
    }

    /// Stores a new version of an object and announces it. The resourceVersion is written into the tree.
    /// Its fields stay managed by those who managed them.
    pub fn put(&mut self, now: Time, kind: Kind, tree: Value) -> Shared {
        let text = |key: &str| tree.at(&["metadata", key]).text();
        let held = self.get(kind, &text("namespace"), &text("name"));
        let managers = held.map(|held| held.managers.clone()).unwrap_or_default();
        self.put_managed(now, kind, tree, managers)
    }

    /// As [`Self::put`], with new managers of its fields.
    pub fn put_managed(&mut self, now: Time, kind: Kind, tree: Value, managers: Managers) -> Shared {
        let object = self.versioned(kind, tree, managers);
        let Key { namespace, name, .. } = object.key();
        let before = self.names_mut(kind, namespace).and_then(|names| names.insert(name, object.clone()));
        let change = if before.is_some() { Change::Modified } else { Change::Added };
        self.announce(now, change, object.clone(), before);
        object
    }

    /// Removes an object and announces its last version, which is `tree` with a new resourceVersion.
    pub fn remove(&mut self, now: Time, kind: Kind, tree: Value) -> Shared {
        let object = self.versioned(kind, tree, Managers::default());
        let Key { namespace, name, .. } = object.key();
        let before = self.names_mut(kind, namespace.clone()).and_then(|names| names.remove(&name));
        if let Some(map) = self.kinds.get_mut(kind as usize)
            && map.get(&namespace).is_some_and(|names| names.is_empty())
        {
            Rc::make_mut(map).remove(&namespace);
        }
        self.last_removed = object.meta.uid.clone();
        self.announce(now, Change::Deleted, object.clone(), before);
        object
    }

    fn versioned(&mut self, kind: Kind, tree: Value, managers: Managers) -> Shared {
        self.version += 1;
        let text = |key: &str| tree.at(&["metadata", key]).str_or_empty();
        let before = self.get(kind, text("namespace"), text("name")).cloned();
        Rc::new(Object::next(kind, tree, self.version, before.as_deref()).managed(managers))
    }

    fn names_mut(&mut self, kind: Kind, namespace: Text) -> Option<&mut SortedMap<Text, Shared>> {
        let map = Rc::make_mut(self.kinds.get_mut(kind as usize)?);
        Some(Rc::make_mut(map.or_default(namespace)))
    }

    fn announce(&mut self, at: Time, change: Change, object: Shared, before: Option<Shared>) {
        self.announced.push(Rc::new(WatchEvent { at, change, object, before }));
    }

    /// The uid of the object that was removed last.
    pub fn last_removed(&self) -> &Text {
        &self.last_removed
    }

    /// Takes the changes committed since this was last called, oldest first.
    pub fn take_announced(&mut self) -> Vec<Rc<WatchEvent>> {
        std::mem::take(&mut self.announced)
    }
}
