//! What differs between two trees, as a strategic merge patch.

use super::order::{Identity, check_elements, sorted};
use super::strategic::Fault;
use super::wording::printed;
use crate::api::schema::{Field, StructRef};
use crate::value::{Map, Text, Value};

/// Which differences go into the patch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Everything,
    /// What is new or different in the second tree.
    Additions,
    /// What the second tree does not have any more.
    Removals,
}

impl Wanted {
    fn additions(self) -> bool {
        self != Self::Removals
    }

    fn removals(self) -> bool {
        self != Self::Additions
    }
}

/// The patch from one object to another.
pub(super) fn of_objects(
    original: &Value,
    modified: &Value,
    ty: Option<StructRef>,
    wanted: Wanted,
) -> Result<Value, Fault> {
    let none = const { &Map::new() };
    let maps = (original.as_map().unwrap_or(none), modified.as_map().unwrap_or(none));
    of_maps(maps.0, maps.1, ty, wanted, false).map(Value::from)
}

fn of_maps(
    original: &Map,
    modified: &Map,
    ty: Option<StructRef>,
    wanted: Wanted,
    retain_keys: bool,
) -> Result<Map, Fault> {
    let mut patch = Map::new();
    for (key, new) in modified {
        let Some(old) = original.get(key) else {
            if wanted.additions() {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        };
        let field = ty.and_then(|ty| ty.field(key));
        if field.is_some_and(Field::patch_replaces) && new.as_map().is_some() {
            // Sent even when nothing has changed: applying the same PodDisruptionBudget again always says `configured`.
            if wanted.additions() {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        }
        match (old, new) {
            (Value::Map(old), Value::Map(new)) => {
                let inner = field.and_then(|field| field.ty().inner());
                let retain = field.is_some_and(Field::patch_retains_keys);
                let change = of_maps(old, new, inner, wanted, retain)?;
                if !change.is_empty() {
                    patch.insert(key.clone(), change);
                }
            }
            _ if old == new => {}
            (Value::List(old), Value::List(new)) if field.is_some_and(Field::patch_merges) => {
                if let Some(field) = field {
                    of_lists(key, old, new, field, wanted, &mut patch)?;
                }
            }
            _ if wanted.additions() => {
                patch.insert(key.clone(), new.clone());
            }
            _ => {}
        }
    }
    let mut additional = false;
    for (key, old) in original {
        if !modified.contains_key(key) {
            additional |= !old.is_null();
            if wanted.removals() {
                patch.insert(key.clone(), Value::Null);
            }
        }
    }
    if retain_keys && (!patch.is_empty() || additional) {
        let keys: Vec<Value> =
            modified.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.into()).collect();
        if !keys.is_empty() {
            patch.insert("$retainKeys", keys);
        }
    }
    Ok(patch)
}

fn of_lists(
    key: &Text,
    original: &[Value],
    modified: &[Value],
    field: Field,
    wanted: Wanted,
    patch: &mut Map,
) -> Result<(), Fault> {
    if original.is_empty() {
        if wanted.additions() && !modified.is_empty() {
            patch.insert(key.clone(), modified.to_vec());
        }
        return Ok(());
    }
    check_elements(original, modified)?;
    let identity = Identity(field.merge_key());
    let (changes, order) = if let Some(merge_key) = identity.0 {
        let changes = of_elements(original, modified, field, wanted)?;
        let same_order = original.len() == modified.len()
            && original.iter().zip(modified).all(|(old, new)| identity.of(old) == identity.of(new));
        let ordered = !changes.is_empty() || wanted.additions() && !same_order;
        let order = modified.iter().filter_map(|element| {
            let value = element.get(merge_key)?.clone();
            Some(Map::from_iter([(merge_key, value)]).into())
        });
        (changes, ordered.then(|| order.collect::<Vec<Value>>()))
    } else {
        let missing_in = |list: &[Value], other: &[Value]| -> Vec<Value> {
            let mut missing: Vec<Value> = Vec::new();
            for element in other.iter().filter(|element| !list.contains(element)) {
                if !missing.contains(element) {
                    missing.push(element.clone());
                }
            }
            missing
        };
        let added = if wanted.additions() { missing_in(original, modified) } else { Vec::new() };
        let mut gone = if wanted.removals() { missing_in(modified, original) } else { Vec::new() };
        crate::sorted::sort_by_key(&mut gone, &printed);
        let ordered = !gone.is_empty() || wanted.additions();
        if !gone.is_empty() {
            let directive = format!("$deleteFromPrimitiveList/{key}");
            patch.insert(directive, gone);
        }
        (added, ordered.then(|| modified.to_vec()))
    };
    if !changes.is_empty() {
        patch.insert(key.clone(), changes);
    }
    if let Some(order) = order.filter(|order| !order.is_empty()) {
        patch.insert(format!("$setElementOrder/{key}"), order);
    }
    Ok(())
}

/// The changes of a list whose elements have a merge key: changed and new ones in the order of the second list, then
/// those to be deleted in the order of their keys.
fn of_elements(original: &[Value], modified: &[Value], field: Field, wanted: Wanted) -> Result<Vec<Value>, Fault> {
    let identity = Identity(field.merge_key());
    let merge_key = identity.0.unwrap_or("");
    let by_key = |list: &[Value]| -> Result<Vec<(String, Value)>, Fault> {
        let mut keyed = Vec::new();
        for element in list {
            keyed.push((printed(identity.needed(element)?), element.clone()));
        }
        crate::sorted::sort_by(&mut keyed, &|a, b| a.0.cmp(&b.0));
        Ok(keyed)
    };
    let (mut old, mut new) = (by_key(original)?.into_iter().peekable(), by_key(modified)?.into_iter().peekable());
    let (mut changes, mut deletions) = (Vec::new(), Vec::new());
    loop {
        let (order, element) = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some((old, element)), Some((new, _))) => (old.cmp(new), element),
            (Some((_, element)), None) => (std::cmp::Ordering::Less, element),
            (None, Some((_, element))) => (std::cmp::Ordering::Greater, element),
        };
        match order {
            std::cmp::Ordering::Less => {
                if wanted.removals() {
                    let known_by = element.get(merge_key).cloned().unwrap_or_default();
                    let deletion: [(&'static str, Value); 2] = [("$patch", "delete".into()), (merge_key, known_by)];
                    deletions.push(Map::from_iter(deletion).into());
                }
                old.next();
            }
            std::cmp::Ordering::Greater => {
                let added = new.next().filter(|_| wanted.additions());
                changes.extend(added.map(|(_, element)| element));
            }
            std::cmp::Ordering::Equal => {
                if let (Some((_, before)), Some((_, after))) = (old.next(), new.next()) {
                    changes.extend(of_element(&before, &after, field, wanted)?);
                }
            }
        }
    }
    let mut changes = sorted(changes, modified, identity);
    changes.extend(deletions);
    Ok(changes)
}

/// The change of one element, with the key that it is known by; nothing where nothing has changed.
fn of_element(before: &Value, after: &Value, field: Field, wanted: Wanted) -> Result<Option<Value>, Fault> {
    let (Some(old), Some(new)) = (before.as_map(), after.as_map()) else {
        return Ok(None);
    };
    let mut change = of_maps(old, new, field.ty().inner(), wanted, field.patch_retains_keys())?;
    if change.is_empty() {
        return Ok(None);
    }
    let merge_key = field.merge_key().unwrap_or("");
    change.insert(merge_key, after.at(&[merge_key]).clone());
    Ok(Some(change.into()))
}
