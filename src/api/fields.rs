//! Sets of fields, as server-side apply knows them: what a write took, what an applied manifest names.

use std::rc::Rc;

use crate::api::schema::{Field, ListKind, Shape, TypeRef};
use crate::sorted::SortedMap;
use crate::value::{Map, Text, Value, json};

/// A set of fields: whether this one belongs to it, and which below it do. The steps are spelled as Kubernetes spells
/// them: `f:spec`, `k:{"name":"app"}`, `v:"kubernetes.io/pvc-protection"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    here: bool,
    below: Rc<SortedMap<Text, Fields>>,
}

impl Fields {
    /// Whether nothing belongs to it.
    pub fn is_empty(&self) -> bool {
        !self.here && self.below.is_empty()
    }

    /// Adds all of another set.
    pub fn add(&mut self, other: &Self) {
        self.here |= other.here;
        for (step, theirs) in other.below.iter() {
            Rc::make_mut(&mut self.below).or_default(step.clone()).add(theirs);
        }
    }

    /// What is left without the fields of another set.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        let mut left = Self { here: self.here && !other.here, ..Self::default() };
        for (step, ours) in self.below.iter() {
            let below = other.below.get(step).map_or_else(|| ours.clone(), |theirs| ours.without(theirs));
            left.put(step, below);
        }
        left
    }

    /// What belongs to both.
    #[must_use]
    pub fn shared(&self, other: &Self) -> Self {
        let mut both = Self { here: self.here && other.here, ..Self::default() };
        for (step, ours) in self.below.iter() {
            if let Some(theirs) = other.below.get(step) {
                both.put(step, ours.shared(theirs));
            }
        }
        both
    }

    fn put(&mut self, step: &Text, fields: Self) {
        if !fields.is_empty() {
            Rc::make_mut(&mut self.below).insert(step.clone(), fields);
        }
    }

    /// The set in the form `FieldsV1`.
    pub fn to_value(&self) -> Value {
        let mut map = Map::new();
        if self.here && !self.below.is_empty() {
            map.insert(".", Value::empty_map());
        }
        for (step, below) in self.below.iter() {
            map.insert(step.clone(), below.to_value());
        }
        Value::from(map)
    }

    /// The fields as paths, in order: `.spec.template.spec.containers[name="app"].image`.
    pub fn paths(&self, before: &str, found: &mut Vec<String>) {
        if self.here {
            found.push(before.to_owned());
        }
        for (step, below) in self.below.iter() {
            let path = match step.split_once(':') {
                Some(("f", name)) => format!("{before}.{name}"),
                Some(("k", keys)) => {
                    let keys = json::parse(keys).unwrap_or_default();
                    let keys: Vec<String> =
                        keys.pairs().map(|(key, value)| format!("{key}={}", json::to_compact(value))).collect();
                    format!("{before}[{}]", keys.join(","))
                }
                Some((_, value)) => format!("{before}[={value}]"),
                None => before.to_owned(),
            };
            below.paths(&path, found);
        }
    }

    /// The fields that an applied manifest names: its leaves, and the elements of its lists.
    pub fn of_manifest(ty: TypeRef, tree: &Value) -> Self {
        let mut fields = Self::default();
        for (name, value) in tree.pairs().filter(|(name, _)| counts(&[], name)) {
            let Some(field) = ty.field(name) else { continue };
            let mut below = Self::named(field.ty(), Some(field), value);
            if name.as_str() == "metadata" {
                Rc::make_mut(&mut below.below)
                    .retain(|step, _| counts(&["metadata"], step.strip_prefix("f:").unwrap_or(step)));
            }
            fields.put(&step_of(name), below);
        }
        fields
    }

    fn named(ty: TypeRef, field: Option<Field>, value: &Value) -> Self {
        let parts = parts(ty, field, value, &Value::Null);
        let mut fields = Self { here: parts.is_empty(), ..Self::default() };
        for part in parts {
            let mut below = Self::named(part.ty, part.field, part.value);
            below.here |= part.element;
            fields.put(&part.step, below);
        }
        fields
    }
}

/// What differs between two versions of an object.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Fields that are new or have another value.
    pub taken: Fields,
    /// Fields that are gone.
    pub removed: Fields,
}

/// Compares two versions of an object as far as one request may change it: its status, or all else. Without an old
/// version the new one is compared with an object that says nothing.
pub fn compare(ty: TypeRef, old: &Value, new: &Value, status: bool) -> Difference {
    let mut found = Difference::default();
    for field in ty.fields() {
        let name = field.name();
        if !counts(&[], name) || (name == "status") != status {
            continue;
        }
        let (old, new) = (old.at(&[name]), new.at(&[name]));
        if old == new {
            continue;
        }
        let part = matches!(field.ty().shape(), Shape::Struct(_));
        let side = |value| (part || !Value::is_null(value)).then_some(value);
        let mut below = differ(field.ty(), Some(field), side(old), side(new));
        if name == "metadata" {
            let keep = |step: &Text, _: &mut Fields| counts(&["metadata"], step.strip_prefix("f:").unwrap_or(step));
            Rc::make_mut(&mut below.taken.below).retain(keep);
            Rc::make_mut(&mut below.removed.below).retain(keep);
        }
        let step = step_of(name);
        found.taken.put(&step, below.taken);
        found.removed.put(&step, below.removed);
    }
    found
}

/// Whether a field is one that somebody manages. Nobody manages what only the server writes.
fn counts(parents: &[&str], name: &str) -> bool {
    match parents {
        [] => !matches!(name, "apiVersion" | "kind"),
        _ => !matches!(
            name,
            "name"
                | "namespace"
                | "uid"
                | "resourceVersion"
                | "generation"
                | "creationTimestamp"
                | "deletionTimestamp"
                | "deletionGracePeriodSeconds"
                | "managedFields"
                | "selfLink"
        ),
    }
}

/// A field, an entry or an element.
struct Part<'a> {
    step: Text,
    ty: TypeRef,
    field: Option<Field>,
    value: &'a Value,
    element: bool,
}

fn step_of(name: &str) -> Text {
    Text::from(format!("f:{name}"))
}

/// Structs that are managed as a whole.
const WHOLE: [&str; 14] = [
    "ConfigMapKeySelector",
    "EndpointPort",
    "LabelSelector",
    "LocalObjectReference",
    "NodeSelector",
    "NodeSelectorTerm",
    "ObjectFieldSelector",
    "ObjectReference",
    "OwnerReference",
    "ResourceFieldSelector",
    "SecretKeySelector",
    "SecretReference",
    "TopologySelectorTerm",
    "TypedLocalObjectReference",
];

/// What a value is made of, but for what another value has equally; nothing where it is managed as a whole.
fn parts<'a>(ty: TypeRef, field: Option<Field>, value: &'a Value, other: &Value) -> Vec<Part<'a>> {
    if field.is_some_and(Field::is_atomic_map) {
        return Vec::new();
    }
    match (ty.shape(), value) {
        (Shape::Struct(of), Value::Map(_)) if WHOLE.contains(&of.name()) => Vec::new(),
        (Shape::Struct(of), Value::Map(map)) => map
            .iter()
            .filter(|(name, value)| other.get(name) != Some(value))
            .filter_map(|(name, value)| {
                let field = of.field(name)?;
                Some(Part { step: step_of(name), ty: field.ty(), field: Some(field), value, element: false })
            })
            .collect(),
        (Shape::Map(of), Value::Map(map)) => map
            .iter()
            .filter(|(name, value)| other.get(name) != Some(value))
            .map(|(name, value)| Part { step: step_of(name), ty: of, field: None, value, element: false })
            .collect(),
        (Shape::List(of), Value::List(items)) => {
            let Some(field) = field else { return Vec::new() };
            let step = |item: &Value| match field.list_kind() {
                Some(ListKind::Set) => Some(format!("v:{}", json::to_compact(item))),
                Some(ListKind::Map) => {
                    let keys: Map = field
                        .list_map_keys()
                        .map(|key| (key, key_value(key, item)))
                        .filter(|(_, v)| !v.is_null())
                        .collect();
                    Some(format!("k:{}", json::to_compact(&Value::from(keys))))
                }
                _ => None,
            };
            let part = |item: &'a Value| {
                Some(Part { step: step(item)?.into(), ty: of, field: None, value: item, element: true })
            };
            items.iter().filter_map(part).collect()
        }
        _ => Vec::new(),
    }
}

/// The key of a list's element; a port without a protocol is one of TCP.
fn key_value(key: &str, item: &Value) -> Value {
    match item.at(&[key]) {
        Value::Null if key == "protocol" => "TCP".into(),
        value => value.clone(),
    }
}

/// Compares two values of a field. `None` means that the field is not there; null stands for a struct that says
/// nothing, which is always there.
fn differ(ty: TypeRef, field: Option<Field>, old: Option<&Value>, new: Option<&Value>) -> Difference {
    let mut found = Difference::default();
    let (before, after) = (old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null));
    if old.is_some() && before == after {
        return found;
    }
    let (olds, news) = (parts(ty, field, before, after), parts(ty, field, after, before));
    if olds.is_empty() && news.is_empty() {
        let says_nothing = |value: Option<&Value>| {
            value.is_some_and(|value| match value {
                Value::Map(map) => map.is_empty(),
                Value::List(items) => items.is_empty(),
                value => value.is_null() || value.as_str() == Some(""),
            })
        };
        let same = says_nothing(old) && says_nothing(new);
        found.taken.here = new.is_some() && !same && !(old.is_some() && after.is_null());
        found.removed.here = old.is_some() && !same && (new.is_none() || after.is_null());
        return found;
    }
    found.taken.here = old.is_none();
    found.removed.here = new.is_none();
    let (mut at, mut steps): (usize, Vec<&Part<'_>>) = (0, Vec::new());
    for part in olds.iter().chain(&news) {
        if !steps.iter().any(|seen| seen.step == part.step) {
            steps.push(part);
        }
    }
    while let Some(part) = steps.get(at) {
        at += 1;
        let value = |side: Option<&Value>, parts: &[Part<'_>]| -> Option<Value> {
            let held = parts.iter().find(|other| other.step == part.step).map(|other| other.value.clone());
            held.or_else(|| (side.is_some() && is_always_there(part.field)).then_some(Value::Null))
        };
        let (one, other) = (value(old, &olds), value(new, &news));
        let below = differ(part.ty, part.field, one.as_ref(), other.as_ref());
        found.taken.put(&part.step, below.taken);
        found.removed.put(&part.step, below.removed);
    }
    found
}

/// Whether Kubernetes has this field in every object, even when it says nothing.
fn is_always_there(field: Option<Field>) -> bool {
    field.is_some_and(Field::always_written)
}

#[cfg(test)]
mod tests {
    use super::{Fields, compare};
    use crate::api::Kind;
    use crate::api::schema::root;
    use crate::value::{Value, json};

    const SET: &str = r#"{"metadata":{"name":"web","uid":"1","labels":{"app":"web"}},"spec":{"replicas":2,
        "selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{},"spec":{"containers":[{"name":"app",
        "image":"nginx:1.27","ports":[{"containerPort":80,"protocol":"TCP"}],"resources":{}}]}}}}"#;

    fn taken(old: &str, new: &str) -> String {
        let read = |text: &str| if text.is_empty() { Value::Null } else { json::parse(text).unwrap() };
        let difference = compare(root(Kind::StatefulSet), &read(old), &read(new), false);
        json::to_compact(&difference.taken.to_value())
    }

    #[test]
    fn who_makes_an_object_manages_all_that_it_says() {
        assert_eq!(
            taken("", SET),
            r#"{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{}}}}}}}"#
        );
    }

    #[test]
    fn a_change_takes_what_it_changes_and_nothing_else() {
        let changed = SET.replace("\"replicas\":2", "\"replicas\":3").replace("nginx:1.27", "nginx:1.28");
        assert_eq!(
            taken(SET, &changed),
            r#"{"f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{"f:image":{}}}}}}}"#
        );
        assert_eq!(taken(SET, SET), "{}");
    }

    #[test]
    fn a_manifest_names_its_leaves_and_the_elements_of_its_lists() {
        let manifest = json::parse(&SET.replace(",\"resources\":{}", "")).unwrap();
        let fields = Fields::of_manifest(root(Kind::StatefulSet), &manifest);
        let mut paths = Vec::new();
        fields.paths("", &mut paths);
        assert!(paths.contains(&".spec.template.spec.containers[name=\"app\"].image".to_owned()), "{paths:?}");
        assert!(paths.contains(&".spec.selector".to_owned()) && !paths.contains(&".metadata.name".to_owned()));
        assert!(fields.without(&fields).is_empty() && fields.shared(&fields) == fields);
    }
}
