//! Who owns whom, as the watches tell: by uid, in both directions.

use std::rc::Rc;

use crate::api::{Key, Object, OwnerReference};
use crate::random::Seed;
use crate::sorted::SortedMap;
use crate::value::Text;

/// So many dependents are walked round in their places.
const FEW: usize = 8;

/// What is known of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// Where it is.
    pub key: Key,
    /// Who owns it.
    pub owners: Vec<OwnerReference>,
    /// Whether its deletion has been asked for.
    pub going: bool,
    /// Whether its deletion waits for the garbage collector.
    pub waits: bool,
}

impl Node {
    fn of(object: &Object, waits: bool) -> Self {
        Self { key: object.key(), owners: object.meta.owners.clone(), going: object.is_terminating(), waits }
    }
}

/// What a new version of an object changed in the graph.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Whether its owners are others than before, or it is new.
    pub owners: bool,
    /// The owners (uid) that it had and has no more.
    pub former: Vec<Text>,
}

/// All objects that own or are owned.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    nodes: Rc<SortedMap<Text, Node>>,
    /// The dependents (uid) of each owner (uid), known or not, each at its place; a place that is free again is taken
    /// by the next one.
    dependents: Rc<SortedMap<Text, Vec<Option<Text>>>>,
}

impl Graph {
    /// What is known of the object with this uid.
    pub fn node(&self, uid: &Text) -> Option<&Node> {
        self.nodes.get(uid)
    }

    /// Whether the deletion of this object waits for the garbage collector.
    pub fn waits(&self, uid: &Text) -> bool {
        self.node(uid).is_some_and(|node| node.waits)
    }

    /// Whether anything names this object as its owner.
    pub fn has_dependents(&self, uid: &Text) -> bool {
        self.dependents.contains_key(uid)
    }

    /// The uids of all objects that name this one as their owner, in the order in which they are taken up when it is
    /// gone: rule R18, theirs does not count. Few of them are walked round from a place drawn by lot, which is mostly
    /// one that is free; many stand in no order at all.
    pub fn collected(&self, uid: &Text, seed: Seed) -> Vec<Text> {
        let Some(places) = self.dependents.get(uid) else {
            return Vec::new();
        };
        let mut found: Vec<Text> = Vec::new();
        if places.len() <= FEW {
            let (before, after) = places.split_at(places.len().min(seed.draw(uid, "collected") as usize % FEW));
            found.extend(after.iter().chain(before).flatten().cloned());
        } else {
            found.extend(places.iter().flatten().cloned());
            crate::sorted::sort_by_key(&mut found, &|dependent| seed.draw(dependent, "collected"));
        }
        found
    }

    /// The uids of all objects that name this one as their owner, by their name.
    pub fn dependents(&self, uid: &Text) -> Vec<Text> {
        let uids = self.dependents.get(uid).into_iter().flatten().flatten();
        let mut found: Vec<&Text> = uids.collect();
        crate::sorted::sort_by_key(&mut found, &|uid| self.node(uid).map(|node| &node.key));
        found.into_iter().cloned().collect()
    }

    /// The dependents that a foreground deletion of this object waits for: place and uid, and whether each goes
    /// already.
    pub fn blocking(&self, owner: &Text) -> Vec<Blocking> {
        let blocks = |node: &Node| node.owners.iter().any(|held| held.uid == *owner && held.block_owner_deletion);
        self.dependents(owner)
            .into_iter()
            .filter_map(|uid| {
                let node = self.node(&uid).filter(|node| blocks(node))?;
                Some(Blocking { key: node.key.clone(), going: node.going, uid })
            })
            .collect()
    }

    /// Takes a new version in.
    pub fn put(&mut self, object: &Object, waits: bool) -> Changed {
        let uid = &object.meta.uid;
        let node = Node::of(object, waits);
        let before = self.nodes.get(uid);
        if before == Some(&node) {
            return Changed::default();
        }
        let held: Vec<Text> = before.map(|node| owner_uids(&node.owners)).unwrap_or_default();
        let holds = owner_uids(&node.owners);
        let new = before.is_none();
        Rc::make_mut(&mut self.nodes).insert(uid.clone(), node);
        if held == holds {
            return Changed { owners: new && !holds.is_empty(), former: Vec::new() };
        }
        let former: Vec<Text> = held.into_iter().filter(|owner| !holds.contains(owner)).collect();
        for owner in &former {
            self.unlink(owner, uid);
        }
        let dependents = Rc::make_mut(&mut self.dependents);
        for owner in holds {
            let places = dependents.or_insert_with(owner, Vec::new);
            if places.iter().flatten().any(|held| held == uid) {
                continue;
            }
            match places.iter_mut().find(|place| place.is_none()) {
                Some(free) => *free = Some(uid.clone()),
                None => places.push(Some(uid.clone())),
            }
        }
        Changed { owners: true, former }
    }

    /// Forgets an object; answers the uids of its owners.
    pub fn remove(&mut self, uid: &Text) -> Vec<Text> {
        let node = Rc::make_mut(&mut self.nodes).remove(uid);
        let owners = node.map(|node| owner_uids(&node.owners)).unwrap_or_default();
        for owner in &owners {
            self.unlink(owner, uid);
        }
        owners
    }

    fn unlink(&mut self, owner: &Text, dependent: &Text) {
        let dependents = Rc::make_mut(&mut self.dependents);
        if let Some(of_owner) = dependents.get_mut(owner) {
            for place in of_owner.iter_mut().filter(|place| place.as_ref() == Some(dependent)) {
                *place = None;
            }
            if of_owner.iter().all(Option::is_none) {
                dependents.remove(owner);
            }
        }
    }
}

/// A dependent that a foreground deletion waits for.
#[derive(Clone, Debug)]
pub(super) struct Blocking {
    /// Where it is.
    pub key: Key,
    /// Whether it goes already.
    pub going: bool,
    /// Its uid.
    pub uid: Text,
}

fn owner_uids(owners: &[OwnerReference]) -> Vec<Text> {
    owners.iter().map(|owner| owner.uid.clone()).collect()
}
