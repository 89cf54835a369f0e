//! The walk over a body along the schema.

use super::leaf::{bad_base64, go_kind, is_empty, kept_or, number_word, quantity, whole, zero, zero_of};
use super::moment;
use crate::api::patch::wording::{json_word, quoted};
use crate::api::schema::{Field, Shape, StructRef, TypeRef};
use crate::value::{Map, Text, Value};

/// Kubernetes keeps no more complaints about unknown fields than this.
const MOST_COMPLAINTS: usize = 100;

/// Which of Go's decoders is at work: they word wrong types differently.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// The decoder of JSON texts: it reports the first wrong type after it has read everything.
    Json,
    /// The conversion of a merged tree: it stops at the first wrong type, and finds unknown fields from the inside out.
    Unstructured,
}

/// One step of the way from the root.
#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'static str),
    Key(&'a str),
    Index(usize),
}

/// What becomes of a value.
pub(super) enum Outcome {
    /// It stays as it is, and is shared.
    Keep,
    /// It goes.
    Drop,
    /// This takes its place.
    Set(Value),
}

/// A complaint that ends the walk.
type Refusal = String;

/// A walk and what it has found.
pub(super) struct Walk<'a> {
    dialect: Dialect,
    path: Vec<Step<'a>>,
    owner: &'static str,
    wrong_type: Option<String>,
    /// The stored version: what of it the tree still shares has been walked before.
    known: Option<&'a Map>,
    /// `unknown field "spec.foo"`, in the order in which Kubernetes reports them.
    pub unknown: Vec<String>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, path: Vec::new(), owner: "", wrong_type: None, known: None, unknown: Vec::new() }
    }

    /// The same for a change of this stored object.
    pub(super) fn knowing(self, stored: Option<&'a Value>) -> Self {
        Self { known: stored.and_then(Value::as_map), ..self }
    }

    /// Decodes a whole object.
    pub(super) fn object(&mut self, ty: TypeRef, tree: &'a Value) -> Result<Value, Refusal> {
        let outcome = self.value(ty, tree)?;
        if let Some(wrong) = self.wrong_type.take() {
            return Err(wrong);
        }
        Ok(match outcome {
            Outcome::Keep => tree.clone(),
            Outcome::Drop => Value::empty_map(),
            Outcome::Set(tree) => tree,
        })
    }

    /// Looks only for what is wrong with an object's own metadata.
    pub(super) fn metadata(&mut self, ty: TypeRef, tree: &'a Value) -> Result<(), Refusal> {
        self.owner = "metadataOnlyObject";
        self.path.push(Step::Field("metadata"));
        self.object(ty, tree).map(|_| ())
    }

    fn value(&mut self, ty: TypeRef, value: &'a Value) -> Result<Outcome, Refusal> {
        if value.is_null() {
            return Ok(zero(ty).map_or(Outcome::Drop, Outcome::Set));
        }
        match (ty.shape(), value) {
            (Shape::Struct(inner), Value::Map(map)) => self.fields(inner, map),
            (Shape::List(item), Value::List(items)) => self.items(item, items),
            (Shape::Map(item), Value::Map(map)) => self.entries(item, map),
            (Shape::String | Shape::IntOrString, Value::Text(_)) | (Shape::Bool, Value::Bool(_)) | (Shape::Raw, _) => {
                Ok(Outcome::Keep)
            }
            (Shape::Int32 | Shape::Int64, Value::Int(_) | Value::Float(_)) => self.integer(ty, value),
            (Shape::Quantity, _) => quantity(value),
            (Shape::IntOrString, _) => match whole(value) {
                Some(n) if i32::try_from(n).is_ok() => Ok(kept_or(value, Value::Int(n))),
                _ => Err(self.wrong_inside(&number_word(value), "int32")),
            },
            (Shape::Time | Shape::MicroTime, Value::Text(text)) => {
                let canonical = moment::canonical(text, ty.shape() == Shape::MicroTime)?;
                Ok(canonical.map_or(Outcome::Keep, |text| Outcome::Set(text.into())))
            }
            (Shape::Time | Shape::MicroTime, _) => Err(self.wrong_inside(json_word(value), "string")),
            (Shape::Bytes, Value::Text(text)) => {
                if let Some(at) = bad_base64(text) {
                    let why = format!("illegal base64 data at input byte {at}");
                    match self.dialect {
                        Dialect::Json => self.wrong_type.get_or_insert(why),
                        Dialect::Unstructured => {
                            return Err(format!("error decoding from json: {why}"));
                        }
                    };
                }
                Ok(Outcome::Keep)
            }
            _ => self.wrong(ty, value),
        }
    }

    fn fields(&mut self, inner: StructRef, map: &'a Map) -> Result<Outcome, Refusal> {
        let owner = std::mem::replace(&mut self.owner, inner.name());
        let (mut edits, mut strangers) = (Edits::default(), Vec::new());
        let mut next = 0;
        let known = self.known.take();
        for (key, value) in map.iter() {
            let place = inner.seek(key, next);
            let Some((at, field)) = place.and_then(|at| Some((at, inner.field_at(at)?))) else {
                self.stranger(key, &mut strangers);
                edits.push(key.clone(), None);
                continue;
            };
            edits.fill(inner, next, at);
            next = at + 1;
            if known.and_then(|known| known.get(key)).is_some_and(|held| held.shares(value)) {
                continue;
            }
            self.path.push(Step::Field(field.name()));
            match self.field(field, value)? {
                Outcome::Keep => {}
                Outcome::Drop => edits.push(key.clone(), None),
                Outcome::Set(value) => edits.push(key.clone(), Some(value)),
            }
            self.path.pop();
        }
        edits.fill(inner, next, usize::MAX);
        self.unknown.append(&mut strangers);
        self.owner = owner;
        Ok(edits.applied(map))
    }

    fn field(&mut self, field: Field, value: &'a Value) -> Result<Outcome, Refusal> {
        let ty = field.ty();
        if value.is_null() {
            return Ok(if field.always_written() { Outcome::Set(zero_of(field)) } else { Outcome::Drop });
        }
        let outcome = self.value(ty, value)?;
        let now = match &outcome {
            Outcome::Keep => value,
            Outcome::Drop => return Ok(Outcome::Drop),
            Outcome::Set(value) => value,
        };
        let collection = matches!(ty.shape(), Shape::List(_) | Shape::Map(_));
        let omitted = is_empty(now, ty.shape()) && (collection || !field.is_pointer());
        Ok(match (omitted, field.always_written()) {
            (true, false) => Outcome::Drop,
            (true, true) if collection => Outcome::Set(Value::Null),
            _ => outcome,
        })
    }

    fn items(&mut self, item: TypeRef, items: &'a [Value]) -> Result<Outcome, Refusal> {
        let mut changed: Option<Vec<Value>> = None;
        for (at, value) in items.iter().enumerate() {
            self.path.push(Step::Index(at));
            let outcome = self.value(item, value)?;
            self.path.pop();
            let new = match outcome {
                Outcome::Keep => continue,
                Outcome::Drop => Value::Null,
                Outcome::Set(new) => new,
            };
            if let Some(slot) = changed.get_or_insert_with(|| items.to_vec()).get_mut(at) {
                *slot = new;
            }
        }
        Ok(changed.map_or(Outcome::Keep, |items| Outcome::Set(Value::list_of(items))))
    }

    fn entries(&mut self, item: TypeRef, map: &'a Map) -> Result<Outcome, Refusal> {
        let mut edits = Edits::default();
        for (key, value) in map.iter() {
            self.path.push(Step::Key(key));
            match self.value(item, value)? {
                Outcome::Keep => {}
                Outcome::Drop => edits.push(key.clone(), Some(Value::Null)),
                Outcome::Set(value) => edits.push(key.clone(), Some(value)),
            }
            self.path.pop();
        }
        Ok(edits.applied(map))
    }

    fn integer(&mut self, ty: TypeRef, value: &Value) -> Result<Outcome, Refusal> {
        let small = ty.shape() == Shape::Int32;
        match whole(value) {
            Some(n) if !small || i32::try_from(n).is_ok() => Ok(kept_or(value, Value::Int(n))),
            // The conversion of trees cuts off what does not fit.
            Some(n) if self.dialect == Dialect::Unstructured => Ok(Outcome::Set(Value::Int(i64::from(n as i32)))),
            _ if self.dialect == Dialect::Unstructured => Err(format!("cannot convert float64 to {}", ty.go_name())),
            _ => {
                self.mismatch(&number_word(value), &ty.go_name());
                Ok(Outcome::Keep)
            }
        }
    }

    /// A value of another sort than the schema has.
    fn wrong(&mut self, ty: TypeRef, value: &Value) -> Result<Outcome, Refusal> {
        if self.dialect == Dialect::Json {
            self.mismatch(json_word(value), &ty.go_name());
            return Ok(Outcome::Drop);
        }
        let word = go_kind(value);
        Err(match ty.shape() {
            Shape::Struct(_) => format!("cannot restore struct from: {word}"),
            Shape::Map(_) => format!("cannot restore map from {word}"),
            Shape::List(_) | Shape::Bytes => format!("cannot restore slice from {word}"),
            Shape::String if matches!(value, Value::Int(_)) => {
                format!("cannot convert int64 to {}", ty.go_name())
            }
            Shape::String => "unrecognized type: string".to_owned(),
            Shape::Bool => "unrecognized type: bool".to_owned(),
            Shape::Int64 => "unrecognized type: int64".to_owned(),
            _ => "unrecognized type: int32".to_owned(),
        })
    }

    fn mismatch(&mut self, word: &str, go_type: &str) {
        if self.wrong_type.is_none() {
            self.wrong_type = Some(self.wrong_inside(word, go_type));
        }
    }

    /// `json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32`.
    fn wrong_inside(&self, word: &str, go_type: &str) -> String {
        if self.dialect == Dialect::Unstructured {
            return format!("json: cannot unmarshal {word} into Go value of type {go_type}");
        }
        let names: Vec<&str> = self
            .path
            .iter()
            .filter_map(|step| match step {
                Step::Field(name) => Some(*name),
                Step::Key(_) | Step::Index(_) => None,
            })
            .collect();
        format!(
            "json: cannot unmarshal {word} into Go struct field {}.{} of type {go_type}",
            self.owner,
            names.join(".")
        )
    }

    fn stranger(&mut self, key: &str, strangers: &mut Vec<String>) {
        if self.unknown.len() + strangers.len() >= MOST_COMPLAINTS {
            return;
        }
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Index(at) => {
                    path.push('[');
                    path.push_str(&at.to_string());
                    path.push(']');
                }
                Step::Field(name) => join(&mut path, name),
                Step::Key(key) => join(&mut path, key),
            }
        }
        join(&mut path, key);
        let complaint = format!("unknown field {}", quoted(&path));
        match self.dialect {
            Dialect::Json => self.unknown.push(complaint),
            Dialect::Unstructured => strangers.push(complaint),
        }
    }
}

fn join(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
}

/// The changes to a map, carried out on a copy when there are any.
#[derive(Default)]
struct Edits(Vec<(Text, Option<Value>)>);

impl Edits {
    fn push(&mut self, key: Text, value: Option<Value>) {
        self.0.push((key, value));
    }

    /// Adds the fields of this range that are written even when nothing was given.
    fn fill(&mut self, inner: StructRef, from: usize, to: usize) {
        for field in inner.always_written(from, to) {
            self.push(Text::Static(field.name()), Some(zero_of(field)));
        }
    }

    fn applied(self, map: &Map) -> Outcome {
        if self.0.is_empty() {
            return Outcome::Keep;
        }
        let mut changed = map.clone();
        for (key, value) in self.0 {
            match value {
                Some(value) => {
                    changed.insert(key, value);
                }
                None => {
                    changed.remove(&key);
                }
            }
        }
        Outcome::Set(changed.into())
    }
}
