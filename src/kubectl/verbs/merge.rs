//! The patch of `kubectl apply`: what changed between the manifest applied before, the manifest now and the object
//! as it is (`reference/api-defaults-validation.md` §8, §9).

use crate::api::Kind;
use crate::api::schema::{self, Field, TypeRef};
use crate::value::{Map, Text, Value};

/// Which differences are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// What is new or different in the second tree.
    Changes,
    /// What the second tree has no more.
    Deletions,
}

/// The three-way patch. Empty (a map without keys) when nothing has to change.
pub fn three_way(kind: Kind, before: &Value, manifest: &Value, live: &Value) -> Value {
    let root = Some(schema::root(kind));
    let changes = maps(root, live, manifest, Look::Changes);
    let deletions = maps(root, before, manifest, Look::Deletions);
    Value::from(combine(root, &deletions, &changes))
}

/// What the schema says about a field of this type, where it knows the field.
fn field(ty: Option<TypeRef>, name: &str) -> Option<Field> {
    ty.and_then(|ty| ty.field(name))
}

fn maps(ty: Option<TypeRef>, from: &Value, to: &Value, look: Look) -> Map {
    let mut patch = Map::new();
    for (key, old) in from.pairs() {
        let Some(new) = to.get(key) else {
            if look == Look::Deletions {
                patch.insert(key.clone(), Value::Null);
            }
            continue;
        };
        match (old, new) {
            (Value::Map(_), Value::Map(_)) => {
                let inner = maps(field(ty, key).map(Field::ty), old, new, look);
                if !inner.is_empty() {
                    patch.insert(key.clone(), Value::from(inner));
                }
            }
            (Value::List(_), Value::List(_)) => lists(field(ty, key), key, old, new, look, &mut patch),
            _ if look == Look::Changes && !same(old, new) => {
                patch.insert(key.clone(), new.clone());
            }
            _ => {}
        }
    }
    if look == Look::Changes {
        for (key, new) in to.pairs() {
            if from.get(key).is_none() {
                patch.insert(key.clone(), new.clone());
            }
        }
    }
    patch
}

/// Whole numbers may be written as floats.
fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Int(whole), Value::Float(float)) | (Value::Float(float), Value::Int(whole)) => {
            (*whole as f64 - *float).abs() < f64::EPSILON
        }
        _ => old == new,
    }
}

fn lists(known: Option<Field>, key: &Text, old: &Value, new: &Value, look: Look, patch: &mut Map) {
    let merges = known.filter(|field| field.patch_merges());
    if merges.is_some_and(|field| field.merge_key().is_none()) {
        let missing = |from: &Value, to: &Value| -> Vec<Value> {
            from.items().iter().filter(|item| !to.items().contains(item)).cloned().collect()
        };
        match look {
            Look::Changes => {
                let added = missing(new, old);
                if !added.is_empty() {
                    patch.insert(key.clone(), added);
                    patch.insert(format!("$setElementOrder/{key}"), new.clone());
                }
            }
            Look::Deletions => {
                let removed = missing(old, new);
                if !removed.is_empty() {
                    patch.insert(format!("$deleteFromPrimitiveList/{key}"), removed);
                }
            }
        }
        return;
    }
    let Some((merge_key, element)) = merges.and_then(|field| Some((field.merge_key()?, field.ty()))) else {
        if look == Look::Changes && old != new {
            patch.insert(key.clone(), new.clone());
        }
        return;
    };
    let of_key = |list: &Value, wanted: &Value| -> Option<Value> {
        list.items().iter().find(|item| item.at(&[merge_key]) == wanted).cloned()
    };
    let mut elements = Vec::new();
    for item in new.items() {
        let name = item.at(&[merge_key]);
        match of_key(old, name) {
            Some(was) => {
                let mut inner = maps(Some(element), &was, item, look);
                if !inner.is_empty() {
                    if look == Look::Changes && known.is_some_and(Field::patch_retains_keys) {
                        let kept = item.pairs().map(|(key, _)| key.clone());
                        inner.insert("$retainKeys", Value::texts(kept));
                    }
                    inner.insert(merge_key, name.clone());
                    elements.push(Value::from(inner));
                }
            }
            None if look == Look::Changes => elements.push(item.clone()),
            None => {}
        }
    }
    if look == Look::Deletions {
        for item in old.items() {
            let name = item.at(&[merge_key]);
            if of_key(new, name).is_none() {
                elements.push(crate::map! { "$patch" => "delete", merge_key => name.clone() });
            }
        }
    }
    let names = |list: &Value| -> Vec<Value> {
        list.items().iter().map(|item| item.at(&[merge_key]).clone()).collect()
    };
    let wanted = names(new);
    let common: Vec<Value> = names(old).into_iter().filter(|name| wanted.contains(name)).collect();
    let moved = look == Look::Changes
        && wanted.iter().filter(|name| common.contains(name)).ne(common.iter());
    if elements.is_empty() && !moved {
        return;
    }
    let order: Vec<Value> =
        wanted.into_iter().map(|name| crate::map! { merge_key => name }).collect();
    if !order.is_empty() {
        patch.insert(format!("$setElementOrder/{key}"), order);
    }
    if !elements.is_empty() {
        patch.insert(key.clone(), elements);
    }
}

/// Joins two patches; where both speak of one field the second wins.
fn combine(ty: Option<TypeRef>, first: &Map, second: &Map) -> Map {
    let mut joined = first.clone();
    for (key, new) in second {
        let both = match joined.get(key) {
            Some(old) => join(field(ty, key), old, new),
            None => new.clone(),
        };
        joined.insert(key.clone(), both);
    }
    joined
}

fn join(known: Option<Field>, old: &Value, new: &Value) -> Value {
    match (old, new) {
        (Value::Map(a), Value::Map(b)) => Value::from(combine(known.map(Field::ty), a, b)),
        (Value::List(_), Value::List(_)) => {
            let Some(merge_key) = known.filter(|field| field.patch_merges()).and_then(Field::merge_key) else {
                return new.clone();
            };
            let mut elements: Vec<Value> = Vec::new();
            for item in new.items() {
                let twin = old.items().iter().find(|other| other.at(&[merge_key]) == item.at(&[merge_key]));
                elements.push(match (twin, item) {
                    (Some(Value::Map(a)), Value::Map(b)) => Value::from(combine(known.map(Field::ty), a, b)),
                    _ => item.clone(),
                });
            }
            for item in old.items() {
                let spoken_of = new.items().iter().any(|other| other.at(&[merge_key]) == item.at(&[merge_key]));
                if !spoken_of {
                    elements.push(item.clone());
                }
            }
            Value::list_of(elements)
        }
        _ => new.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};

    #[test]
    fn nothing_to_do_is_an_empty_patch() {
        let manifest = map! { "spec" => map! { "replicas" => 2 } };
        let live = map! { "spec" => map! { "replicas" => 2, "revisionHistoryLimit" => 10 } };
        assert_eq!(three_way(Kind::StatefulSet, &manifest, &manifest, &live), Value::empty_map());
    }

    #[test]
    fn what_left_the_manifest_goes_and_what_others_added_stays() {
        let before = map! { "metadata" => map! { "labels" => map! { "tier" => "a", "zone" => "b" } } };
        let manifest = map! { "metadata" => map! { "labels" => map! { "tier" => "a2" } } };
        let live = map! { "metadata" => map! { "labels" => map! { "tier" => "a", "zone" => "b", "manual" => "yes" } } };
        assert_eq!(
            three_way(Kind::StatefulSet, &before, &manifest, &live),
            map! { "metadata" => map! { "labels" => map! { "tier" => "a2", "zone" => Value::Null } } }
        );
    }

    #[test]
    fn containers_are_merged_by_name_and_removed_by_directive() {
        let container = |name: &'static str, image: &'static str| map! { "name" => name, "image" => image };
        let spec = |containers: Value| map! { "spec" => map! { "template" => map! { "spec" => map! { "containers" => containers } } } };
        let before = spec(list![container("app", "nginx:1"), container("side", "busybox")]);
        let manifest = spec(list![container("app", "nginx:2")]);
        let mut live_app = container("app", "nginx:1");
        live_app.set(&["imagePullPolicy"], "IfNotPresent");
        let live = spec(list![live_app, container("side", "busybox")]);
        assert_eq!(
            three_way(Kind::StatefulSet, &before, &manifest, &live),
            map! { "spec" => map! { "template" => map! { "spec" => map! {
                "$setElementOrder/containers" => list![map! { "name" => "app" }],
                "containers" => list![
                    map! { "name" => "app", "image" => "nginx:2" },
                    map! { "$patch" => "delete", "name" => "side" },
                ],
            } } } }
        );
    }

    #[test]
    fn claim_templates_are_one_piece_and_defaults_make_them_differ() {
        let manifest = map! { "spec" => map! { "volumeClaimTemplates" => list![map! { "metadata" => map! { "name" => "data" } }] } };
        let mut live = manifest.clone();
        live.set(&["spec", "volumeClaimTemplates"], list![map! { "metadata" => map! { "name" => "data" }, "status" => map! { "phase" => "Pending" } }]);
        assert_eq!(three_way(Kind::StatefulSet, &manifest, &manifest, &live), manifest);
    }
}
