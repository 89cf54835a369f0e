//! `--local`: objects of files that never see the server.

use std::rc::Rc;

use crate::api::schema::{self, Shape, TypeRef};
use crate::api::{Kind, Object, Shared};
use crate::kubectl::command_line::Target;
use crate::kubectl::errors::Failure;
use crate::value::Value;

/// The object of a file as it stands there.
///
/// # Errors
/// It comes from no file, or its kind is not served.
pub fn object(target: &Target) -> Result<Shared, Failure> {
    let Some(kind) = target.resource.kind.filter(|_| !target.source.is_empty()) else {
        return Err(Failure::error("one or more files must be specified when --local is set"));
    };
    let mut tree = target.manifest.clone();
    if target.fills_namespace {
        tree.take(&["metadata", "namespace"]);
    }
    Ok(Rc::new(Object::new(kind, tree)))
}

/// A tree as it looks after it went through Go's types: fields that are always written are there.
pub fn typed(kind: Kind, tree: &Value) -> Value {
    filled(schema::root(kind), tree)
}

fn filled(ty: TypeRef, tree: &Value) -> Value {
    match (ty.shape(), tree) {
        (Shape::List(item), Value::List(items)) => {
            Value::list_of(items.iter().map(|element| filled(item, element)).collect())
        }
        (Shape::Map(item), Value::Map(map)) => Value::from(
            map.iter().map(|(key, value)| (key.clone(), filled(item, value))).collect::<crate::value::Map>(),
        ),
        (Shape::Struct(fields), Value::Map(map)) => {
            let mut whole = crate::value::Map::new();
            for (key, value) in map.iter() {
                let value = fields.field(key).map_or_else(|| value.clone(), |field| filled(field.ty(), value));
                whole.insert(key.clone(), value);
            }
            for field in fields.fields().filter(|field| field.always_written()) {
                if !whole.contains_key(field.name())
                    && let Some(zero) = zero(field.ty())
                {
                    whole.insert(field.name(), zero);
                }
            }
            Value::from(whole)
        }
        _ => tree.clone(),
    }
}

/// What Go writes for a field that was never set.
fn zero(ty: TypeRef) -> Option<Value> {
    match ty.shape() {
        Shape::Struct(_) => Some(filled(ty, &Value::empty_map())),
        Shape::Int32 | Shape::Int64 => Some(Value::Int(0)),
        Shape::Bool => Some(Value::Bool(false)),
        Shape::String => Some(Value::from("")),
        _ => None,
    }
}
