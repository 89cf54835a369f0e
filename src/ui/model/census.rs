//! What belongs to which seat, as read off the objects of the store; kept from one picture to the next, so that only what
//! has changed is read anew.

use std::rc::Rc;

use super::memory::{Memory, SetKey, owner_and_ordinal, split_ordinal};
use crate::api::{Kind, Shared};
use crate::apiserver::Store;
use crate::sorted::sort_by_key;
use crate::value::{Text, Value};

/// The claim templates of each set that is remembered.
type Templates = Vec<(SetKey, Vec<Text>)>;

/// Pods, claims and ready addresses.
#[derive(Clone, Debug, Default)]
pub struct Census {
    pods: Vec<Rc<Entry>>,
    claims: Vec<Rc<Entry>>,
    slices: Vec<Rc<Addresses>>,
    templates: Templates,
}

/// An object and the seat that it belongs to.
#[derive(Debug)]
struct Entry {
    object: Shared,
    seat: Option<(SetKey, i64)>,
}

/// The ready endpoints of a slice: the name of the set, the ordinal, the address.
#[derive(Debug)]
struct Addresses {
    slice: Shared,
    ready: Vec<(Text, i64, Text)>,
}

impl Census {
    /// Counts anew. `before` need not be of the same store: what is not the very same object is read.
    pub(super) fn of(before: &Self, store: &Store, memory: &Memory) -> Self {
        let templates: Templates = memory.sets.iter().map(|(key, set)| (key.clone(), set.templates.clone())).collect();
        // Whose a claim is depends on the templates of the sets.
        let claims = if templates == before.templates { before.claims.as_slice() } else { &[] };
        Self {
            pods: entries(&before.pods, store, Kind::Pod, &|pod| {
                owner_and_ordinal(pod).map(|(set, ordinal)| ((pod.meta.namespace.clone(), set), ordinal))
            }),
            claims: entries(claims, store, Kind::PersistentVolumeClaim, &|claim| memory.seat_of_claim(claim)),
            slices: store.list(Kind::EndpointSlice, "").map(|slice| before.addresses(slice)).collect(),
            templates,
        }
    }

    fn addresses(&self, slice: &Shared) -> Rc<Addresses> {
        let known = self.slices.iter().find(|known| Rc::ptr_eq(&known.slice, slice));
        known.cloned().unwrap_or_else(|| Rc::new(Addresses { slice: slice.clone(), ready: ready(&slice.tree) }))
    }

    /// The sets that have pods or claims; some of them more than once.
    pub(super) fn sets(&self) -> impl Iterator<Item = &SetKey> {
        let mut last = None;
        let seated = self.pods.iter().chain(&self.claims).filter_map(|entry| entry.seat.as_ref());
        seated.map(|(key, _)| key).filter(move |key| last.replace(*key) != Some(*key))
    }

    /// The pods that belong to no set.
    pub(super) fn others(&self) -> impl Iterator<Item = &Shared> {
        self.pods.iter().filter(|entry| entry.seat.is_none()).map(|entry| &entry.object)
    }

    /// All pods.
    pub(super) fn pods(&self) -> impl Iterator<Item = &Shared> {
        self.pods.iter().map(|entry| &entry.object)
    }

    /// The pods of a set.
    pub(super) fn pods_of(&self, key: &SetKey) -> ByOrdinal<'_, Shared> {
        ByOrdinal::of(&self.pods, key)
    }

    /// The claims of a set.
    pub(super) fn claims_of(&self, key: &SetKey) -> ByOrdinal<'_, Shared> {
        ByOrdinal::of(&self.claims, key)
    }

    /// The addresses under which the pods of a set are found.
    pub(super) fn addresses_of(&self, (namespace, name): &SetKey) -> ByOrdinal<'_, Text> {
        let slices = self.slices.iter().filter(|slice| slice.slice.meta.namespace == *namespace);
        let ready = slices.flat_map(|slice| &slice.ready).filter(|(set, ..)| set == name);
        ByOrdinal::sorted(ready.map(|(_, ordinal, address)| (*ordinal, address)).collect())
    }
}

/// What is known of the objects of a kind; both lists are in the order of namespaces and names.
fn entries(
    before: &[Rc<Entry>],
    store: &Store,
    kind: Kind,
    seat: &dyn Fn(&Shared) -> Option<(SetKey, i64)>,
) -> Vec<Rc<Entry>> {
    let place = |object: &Shared| (object.meta.namespace.clone(), object.meta.name.clone());
    let mut known = before.iter().peekable();
    let mut entries = Vec::with_capacity(before.len());
    for object in store.list(kind, "") {
        let same = |entry: &&Rc<Entry>| Rc::ptr_eq(&entry.object, object);
        if known.peek().is_some_and(same) {
            entries.extend(known.next().cloned());
            continue;
        }
        // What is gone, or was changed, is left out of what is known.
        while known.peek().is_some_and(|entry| place(&entry.object) < place(object)) {
            known.next();
        }
        match known.peek().filter(|entry| same(entry)) {
            Some(entry) => entries.push((*entry).clone()),
            None => entries.push(Rc::new(Entry { object: object.clone(), seat: seat(object) })),
        }
        if known.peek().is_some_and(|entry| place(&entry.object) == place(object)) {
            known.next();
        }
    }
    entries
}

fn ready(slice: &Value) -> Vec<(Text, i64, Text)> {
    let endpoints = slice.at(&["endpoints"]).items().iter();
    let ready = endpoints.filter(|endpoint| endpoint.at(&["conditions", "ready"]).as_bool() == Some(true));
    ready
        .filter_map(|endpoint| {
            let (set, ordinal) = split_ordinal(endpoint.at(&["targetRef", "name"]).as_str()?)?;
            let address = endpoint.at(&["addresses"]).items().first().map(Value::text);
            Some((Text::copy(set), ordinal, address.unwrap_or_default()))
        })
        .collect()
}

/// What there is of a set, by ordinal.
pub(super) struct ByOrdinal<'a, T> {
    items: Vec<(i64, &'a T)>,
}

impl<'a> ByOrdinal<'a, Shared> {
    fn of(entries: &'a [Rc<Entry>], key: &SetKey) -> Self {
        let own = entries.iter().filter_map(|entry| {
            let (set, ordinal) = entry.seat.as_ref()?;
            (set == key).then_some((*ordinal, &entry.object))
        });
        Self::sorted(own.collect())
    }
}

impl<'a, T> ByOrdinal<'a, T> {
    fn sorted(mut items: Vec<(i64, &'a T)>) -> Self {
        sort_by_key(&mut items, &|(ordinal, _)| *ordinal);
        Self { items }
    }

    /// The ordinals, rising; as often as there are things.
    pub(super) fn ordinals(&self) -> impl Iterator<Item = i64> {
        self.items.iter().map(|(ordinal, _)| *ordinal)
    }

    /// What belongs to an ordinal.
    pub(super) fn at(&self, ordinal: i64) -> impl Iterator<Item = &'a T> + Clone {
        let from = self.items.partition_point(|(held, _)| *held < ordinal);
        let items = self.items.iter().skip(from);
        items.take_while(move |(held, _)| *held == ordinal).map(|(_, item)| *item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;
    use crate::{list, map};

    fn pod(name: &str) -> Value {
        let set = name.rsplit_once('-').map_or("", |(set, _)| set);
        map! { "metadata" => map! {
            "namespace" => "lab", "name" => name.to_owned(), "uid" => name.to_owned(),
            "ownerReferences" => list![map! { "kind" => "StatefulSet", "name" => set.to_owned(), "controller" => true }],
        } }
    }

    fn put(store: &mut Store, names: &[&str]) {
        for name in names {
            store.put(Time(0), Kind::Pod, pod(name));
        }
    }

    fn told(census: &Census, store: &Store) -> String {
        let anew = Census::of(&Census::default(), store, &Memory::default());
        let tell = |census: &Census| -> String {
            let key = ("lab".into(), "web".into());
            let pods = census.pods_of(&key);
            let tell = |ordinal| {
                pods.at(ordinal).map(|pod| (pod.meta.resource_version - 1000).to_string()).collect::<String>()
            };
            pods.ordinals().map(|ordinal| format!("{ordinal}@{} ", tell(ordinal))).collect()
        };
        assert_eq!(tell(census), tell(&anew), "what was kept tells the same as counting anew");
        tell(census)
    }

    #[test]
    fn what_comes_changes_and_goes_is_counted_as_if_nothing_had_been_kept() {
        let mut store = Store::default();
        let mut census = Census::default();
        let mut count = |store: &Store| {
            census = Census::of(&census, store, &Memory::default());
            told(&census, store)
        };
        put(&mut store, &["web-10", "web-2", "db-0", "web-0"]);
        assert_eq!(count(&store), "0@4 2@2 10@1 ");
        put(&mut store, &["web-2", "web-1"]);
        assert_eq!(count(&store), "0@4 1@6 2@5 10@1 ");
        for name in ["web-0", "web-10"] {
            store.remove(Time(1), Kind::Pod, pod(name));
        }
        put(&mut store, &["web-3"]);
        assert_eq!(count(&store), "1@6 2@5 3@9 ");
    }

    #[test]
    fn what_is_the_very_same_object_is_not_read_again() {
        let mut store = Store::default();
        put(&mut store, &["web-0", "web-1"]);
        let before = Census::of(&Census::default(), &store, &Memory::default());
        put(&mut store, &["web-1"]);
        let after = Census::of(&before, &store, &Memory::default());
        let kept: Vec<bool> = before.pods.iter().zip(&after.pods).map(|(one, two)| Rc::ptr_eq(one, two)).collect();
        assert_eq!(kept, [true, false]);
    }

    #[test]
    fn whose_a_claim_is_is_asked_again_when_a_set_comes_with_other_templates() {
        let (mut store, mut memory) = (Store::default(), Memory::default());
        let claim = map! { "metadata" => map! { "namespace" => "lab", "name" => "data-web-0", "uid" => "c" } };
        store.put(Time(0), Kind::PersistentVolumeClaim, claim);
        let key = ("lab".into(), "web".into());
        let mut census = Census::default();
        let mut seats = |store: &mut Store, template: &str| {
            let spec =
                map! { "volumeClaimTemplates" => list![map! { "metadata" => map! { "name" => template.to_owned() } }] };
            let metadata = map! { "namespace" => "lab", "name" => "web", "uid" => "s" };
            store.put(Time(1), Kind::StatefulSet, map! { "metadata" => metadata, "spec" => spec });
            store.take_announced().iter().for_each(|event| memory.observe(event));
            census = Census::of(&census, store, &memory);
            census.claims_of(&key).ordinals().collect::<Vec<i64>>()
        };
        assert_eq!(seats(&mut store, "logs"), Vec::<i64>::new());
        assert_eq!(seats(&mut store, "data"), [0]);
        assert_eq!(seats(&mut store, "logs"), Vec::<i64>::new());
    }
}
