//! Strategic merge: maps are merged, lists too where the schema says so, directives say the rest.

use super::order::{Identity, check_elements, is_deletion, woven};
use super::wording::printed;
use crate::api::schema::{Field, StructRef};
use crate::api::{Reason, Status};
use crate::value::{Map, Text, Value};

const DIRECTIVE: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const SET_ORDER: &str = "$setElementOrder/";
const DELETE_FROM: &str = "$deleteFromPrimitiveList/";

/// Why a patch cannot be merged.
pub(super) enum Fault {
    /// It is malformed: BadRequest.
    Malformed(&'static str),
    /// It contradicts itself: Invalid, and the text gets lost.
    Rejected(&'static str),
    /// An error without a reason.
    Plain(String),
}

impl Fault {
    pub fn into_status(self) -> Status {
        match self {
            Self::Malformed(why) => Status::bad_request(why),
            Self::Rejected(_) => super::rejected(),
            Self::Plain(why) => Status::plain(Reason::Unknown, why),
        }
    }

    pub fn into_text(self) -> String {
        match self {
            Self::Malformed(why) | Self::Rejected(why) => why.to_owned(),
            Self::Plain(why) => why,
        }
    }
}

type Merged<T> = Result<T, Fault>;

/// What a patch is merged into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Merging {
    /// An object: directives are carried out.
    Object,
    /// Another patch: directives are kept.
    Patches,
}

impl Merging {
    /// Merges a patch into a tree of this type.
    pub fn values(self, original: &Value, patch: &Value, ty: Option<StructRef>) -> Merged<Value> {
        match (original.as_map(), patch.as_map()) {
            (Some(original), Some(patch)) => self.maps(original, patch, ty),
            (None, Some(patch)) => self.maps(const { &Map::new() }, patch, ty),
            _ => Ok(patch.clone()),
        }
    }

    fn maps(self, original: &Map, patch: &Map, ty: Option<StructRef>) -> Merged<Value> {
        if let Some(directive) = patch.get(DIRECTIVE) {
            return whole(directive, patch);
        }
        let mut merged = original.clone();
        let mut patch = patch.clone();
        if let Some(keys) = patch.remove(RETAIN_KEYS) {
            self.retain_keys(&mut merged, &patch, keys)?;
        }
        self.ordered_lists(&mut merged, &mut patch, ty)?;
        for (key, change) in &patch {
            if let Some(list) = key.strip_prefix(DELETE_FROM) {
                if self == Self::Patches {
                    merged.insert(key.clone(), change.clone());
                } else if let Some(Value::List(held)) = merged.get(list) {
                    let left: Vec<Value> =
                        held.iter().filter(|element| !change.items().contains(element)).cloned().collect();
                    merged.insert(Text::copy(list), left);
                }
                continue;
            }
            if change.is_null() {
                merged.remove(key);
                if self == Self::Object {
                    continue;
                }
            }
            let new = match merged.get(key) {
                None => self.added(change),
                Some(held) => self.changed(key, held, change, ty)?,
            };
            match new {
                Some(new) => merged.insert(key.clone(), new),
                None => drop(merged.remove(key)),
            }
        }
        Ok(merged.into())
    }

    /// What a change makes of the value that is there.
    fn changed(self, key: &str, held: &Value, change: &Value, ty: Option<StructRef>) -> Merged<Option<Value>> {
        let field = ty.and_then(|ty| ty.field(key));
        let inner = field.and_then(|field| field.ty().inner());
        Ok(match (held, change) {
            (Value::Map(held), Value::Map(change)) => {
                if field.is_some_and(Field::patch_replaces) {
                    Some(Value::Map(change.clone()))
                } else {
                    Some(self.maps(held, change, inner)?)
                }
            }
            (Value::List(held), Value::List(change)) => match field {
                Some(field) if field.patch_merges() => Some(self.lists(held, change, field)?.into()),
                _ => Some(Value::List(change.clone())),
            },
            (_, change) => self.added(change),
        })
    }

    /// What a change leads to where nothing was that it could be merged with.
    fn added(self, change: &Value) -> Option<Value> {
        match self {
            Self::Patches => Some(change.clone()),
            Self::Object => plain(change),
        }
    }

    fn lists(self, original: &[Value], patch: &[Value], field: Field) -> Merged<Vec<Value>> {
        check_elements(original, patch)?;
        let identity = Identity(field.merge_key());
        let (mut base, mut changes) = (original.to_vec(), Vec::new());
        if identity.0.is_none() {
            changes.extend_from_slice(patch);
            let order = base.clone();
            for element in patch {
                if !base.contains(element) {
                    base.push(element.clone());
                }
            }
            return woven(base, patch, &order, identity);
        }
        let mut replaced = false;
        for element in patch {
            match element.get(DIRECTIVE).map(Value::str_or_empty) {
                None => changes.push(element.clone()),
                Some("delete") => {
                    let gone = identity.needed(element)?;
                    base.retain(|held| identity.of(held) != Some(gone));
                }
                Some("replace") => replaced = true,
                Some("merge") => {
                    let why = "merging lists cannot yet be specified in the patch";
                    return Err(Fault::Plain(why.to_owned()));
                }
                Some(other) => return Err(unknown(other, element)),
            }
        }
        if replaced {
            return woven(changes.clone(), &[], &changes, identity);
        }
        let order = base.clone();
        for change in &changes {
            identity.needed(change)?;
            match identity.find(&base, change).and_then(|at| base.get_mut(at)) {
                Some(held) => *held = self.values(held, change, field.ty().inner())?,
                None => base.extend(self.added(change)),
            }
        }
        woven(base, &changes, &order, identity)
    }

    /// Merges the lists whose order the patch gives with `$setElementOrder/<list>`, and takes them out of the patch.
    fn ordered_lists(self, merged: &mut Map, patch: &mut Map, ty: Option<StructRef>) -> Merged<()> {
        let directives: Vec<Text> = patch.keys().filter(|key| key.starts_with(SET_ORDER)).cloned().collect();
        for directive in directives {
            let Some(order) = patch.remove(&directive) else {
                continue;
            };
            if self == Self::Patches {
                if merged.get(&directive).is_some_and(|other| *other != order) {
                    return Err(Fault::Malformed(BAD_ORDER));
                }
                merged.insert(directive.clone(), order.clone());
            }
            let list = Text::copy(directive.strip_prefix(SET_ORDER).unwrap_or(""));
            let Value::List(order) = order else {
                return Err(Fault::Malformed(BAD_ORDER));
            };
            let field = ty.and_then(|ty| ty.field(&list)).ok_or_else(|| {
                let owner = ty.map_or("", StructRef::name);
                Fault::Plain(format!("unable to find api field in struct {owner} for the json field \"{list}\""))
            })?;
            let identity = Identity(field.merge_key());
            let (held, change) = (merged.get(&list).cloned(), patch.remove(&list));
            if let Some(Value::List(change)) = &change {
                check_order(change, &order, identity)?;
            }
            let joined = match (&held, &change) {
                (Some(Value::List(held)), None) => held.to_vec(),
                (Some(Value::List(held)), Some(Value::List(change))) if field.patch_merges() => {
                    self.lists(held, change, field)?
                }
                (_, Some(change @ Value::List(_))) => {
                    let added = self.added(change).unwrap_or_default();
                    added.items().to_vec()
                }
                (_, Some(change)) => {
                    patch.insert(list, change.clone());
                    continue;
                }
                (_, None) => continue,
            };
            let server_order = held.unwrap_or_default();
            let joined = woven(joined, &order, server_order.items(), identity)?;
            merged.insert(list, joined);
        }
        Ok(())
    }

    /// `$retainKeys` lists every key that may stay; the patch may set no other.
    fn retain_keys(self, merged: &mut Map, patch: &Map, keys: Value) -> Merged<()> {
        if self == Self::Patches {
            merged.insert(RETAIN_KEYS, keys);
            return Ok(());
        }
        let Value::List(keys) = keys else {
            return Err(Fault::Malformed("invalid patch format of retainKeys"));
        };
        let listed = |key: &str| keys.iter().any(|k| k.as_str() == Some(key));
        for (key, change) in patch {
            let directive = key.starts_with(DELETE_FROM) || key.starts_with(SET_ORDER);
            if !change.is_null() && !directive && !listed(key) {
                return Err(Fault::Rejected("patch content doesn't match retainKeys list"));
            }
        }
        merged.retain(|key, _| listed(key));
        Ok(())
    }
}

const BAD_ORDER: &str = "invalid patch format of setElementOrder list";

/// A map with `$patch`: it replaces the one that was there, or empties it.
fn whole(directive: &Value, patch: &Map) -> Merged<Value> {
    match directive.str_or_empty() {
        "replace" => {
            let mut patch = patch.clone();
            patch.remove(DIRECTIVE);
            Ok(patch.into())
        }
        "delete" => Ok(Value::empty_map()),
        other => Err(unknown(other, &patch.clone().into())),
    }
}

fn unknown(directive: &str, patch: &Value) -> Fault {
    let shown = printed(patch);
    Fault::Plain(format!("unknown patch type: {directive} in map: {shown}"))
}

/// The elements that a patch changes must stand in the order that it gives.
fn check_order(changes: &[Value], order: &[Value], identity: Identity) -> Merged<()> {
    let mut places = order.iter();
    for change in changes.iter().filter(|change| !is_deletion(change)) {
        let wanted = identity.of(change);
        if wanted.is_none() || !places.any(|place| identity.of(place) == wanted) {
            let shown = [changes, order].map(|list| printed(&Value::list_of(list.to_vec())));
            let [changes, order] = shown;
            return Err(Fault::Plain(format!(
                "The order in patch list:\n{changes}\n doesn't match $setElementOrder list:\n{order}\n"
            )));
        }
    }
    Ok(())
}

/// A value of a patch without its nulls and directives; nothing for one that is to be deleted.
fn plain(change: &Value) -> Option<Value> {
    match change {
        Value::Map(map) => {
            if is_deletion(change) {
                return None;
            }
            let mut kept = Map::clone(map);
            kept.retain(|key, value| {
                let directive = key.starts_with('$')
                    && (key == DIRECTIVE
                        || key == RETAIN_KEYS
                        || key.starts_with(SET_ORDER)
                        || key.starts_with(DELETE_FROM));
                if directive || value.is_null() {
                    return false;
                }
                match plain(value) {
                    Some(new) => *value = new,
                    None => return false,
                }
                true
            });
            Some(kept.into())
        }
        Value::List(items) => {
            let items: Vec<Value> = items.iter().filter_map(plain).collect();
            Some(items.into())
        }
        other => Some(other.clone()),
    }
}
