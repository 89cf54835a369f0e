//! A controller's picture of the cluster: as old as the last watch event that reached it.

use std::rc::Rc;

use crate::api::{Kind, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::sorted::SortedMap;
use crate::value::Text;

type Names = Rc<SortedMap<Text, Shared>>;

/// The objects a part has heard of, by kind, namespace and name.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    objects: Rc<SortedMap<(Kind, Text), Names>>,
}

impl Cache {
    /// Takes one watch event in.
    pub fn apply(&mut self, event: &WatchEvent) {
        let meta = &event.object.meta;
        let place = (event.object.kind, meta.namespace.clone());
        let objects = Rc::make_mut(&mut self.objects);
        let names = Rc::make_mut(objects.or_default(place));
        if event.change == Change::Deleted {
            names.remove(&meta.name);
        } else {
            names.insert(meta.name.clone(), event.object.clone());
        }
    }

    /// The cached version of an object.
    pub fn get(&self, kind: Kind, namespace: &Text, name: &str) -> Option<&Shared> {
        self.objects.get(&(kind, namespace.clone()))?.get(name)
    }

    /// The cached objects of a kind in one namespace (use the empty text for cluster-scoped kinds), by name.
    pub fn list(&self, kind: Kind, namespace: &Text) -> impl Iterator<Item = &Shared> {
        self.objects.get(&(kind, namespace.clone())).into_iter().flat_map(|names| names.values())
    }

    /// The cached objects of a kind in all namespaces.
    pub fn list_all(&self, kind: Kind) -> impl Iterator<Item = &Shared> {
        self.objects
            .starting_at(&(kind, Text::default()))
            .take_while(move |((k, _), _)| *k == kind)
            .flat_map(|(_, names)| names.values())
    }
}
