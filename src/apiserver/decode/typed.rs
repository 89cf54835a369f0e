//! The check that server-side apply makes before anything else: it names fields by path, keys and all.

use crate::api::patch::wording::{printed, quoted};
use crate::api::schema::{Field, ListKind, Shape, TypeRef};
use crate::value::Value;
use crate::value::json::{json_float, to_compact_plain};

/// Complaints, each with its path: `.spec.replica: field not declared in schema`.
type Complaints = Vec<String>;

/// Checks a whole object. The answer is the end of `failed to create typed patch object (…): …`.
pub(super) fn check(ty: TypeRef, tree: &Value) -> Result<(), String> {
    let mut complaints = Vec::new();
    value(ty, None, tree, &mut String::new(), &mut complaints);
    match complaints.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        many => Err(format!("errors:\n  {}", many.join("\n  "))),
    }
}

fn value(ty: TypeRef, field: Option<Field>, value: &Value, path: &mut String, complaints: &mut Complaints) {
    let mut wrong = |expected: &str, got: &str| {
        let text = format!("expected {expected}, got {got}");
        complaints.push(at(path, &text));
    };
    match (ty.shape(), value) {
        (_, Value::Null)
        | (Shape::Raw, _)
        | (Shape::String | Shape::Bytes, Value::Text(_))
        | (Shape::Bool, Value::Bool(_))
        | (Shape::Int32 | Shape::Int64, Value::Int(_) | Value::Float(_)) => {}
        (Shape::Struct(inner), Value::Map(map)) => {
            for (key, child) in map.iter() {
                let Some(known) = inner.field(key) else {
                    let place = format!("{path}.{key}");
                    complaints.push(at(&place, "field not declared in schema"));
                    // What comes after is not looked at.
                    return;
                };
                let step = format!(".{key}");
                deeper(path, &step, |path| {
                    self::value(known.ty(), Some(known), child, path, complaints);
                });
            }
        }
        (Shape::Map(item), Value::Map(map)) => {
            for (key, child) in map.iter() {
                let step = format!(".{key}");
                deeper(path, &step, |path| {
                    self::value(item, None, child, path, complaints);
                });
            }
        }
        (Shape::List(item), Value::List(items)) => list(item, field, items, path, complaints),
        (Shape::Struct(_) | Shape::Map(_), other) => wrong("map", &shown(other)),
        (Shape::List(_), other) => wrong("list", &shown(other)),
        (Shape::String | Shape::Bytes, other) => {
            let inside = go_syntax(other);
            wrong("string", &format!("&value.valueUnstructured{{Value:{inside}}}"));
        }
        (Shape::Bool, other) => wrong("boolean", &shown(other)),
        (Shape::Int32 | Shape::Int64, other) => {
            wrong("numeric (int or float)", go_type(other));
        }
        (_, Value::List(_) | Value::Map(_)) => wrong("any scalar", &shown(value)),
        _ => {}
    }
}

fn list(item: TypeRef, field: Option<Field>, items: &[Value], path: &mut String, complaints: &mut Complaints) {
    let kind = field.and_then(Field::list_kind).unwrap_or(ListKind::Atomic);
    let mut seen: Vec<String> = Vec::new();
    for (index, child) in items.iter().enumerate() {
        let step = match (kind, field) {
            (ListKind::Map, Some(field)) => element(field, child),
            (ListKind::Set, _) => Ok(format!("[={}]", to_compact_plain(child))),
            _ => Ok(format!("[{index}]")),
        };
        let step = match step {
            Ok(step) => step,
            Err(why) => {
                complaints.push(at(path, &format!("element {index}: {why}")));
                continue;
            }
        };
        if kind != ListKind::Atomic {
            if seen.contains(&step) {
                complaints.push(at(path, &format!("duplicate entries for key {step}")));
            }
            seen.push(step.clone());
        }
        deeper(path, &step, |path| {
            value(item, None, child, path, complaints);
        });
    }
}

/// The name of an element by its keys: `[containerPort=80,protocol="TCP"]`.
fn element(field: Field, child: &Value) -> Result<String, String> {
    if child.as_map().is_none() {
        return Err("associative list with keys may not have non-map elements".to_owned());
    }
    let mut keys = Vec::new();
    for key in field.list_map_keys() {
        let given = match child.get(key) {
            Some(given) => to_compact_plain(given),
            // The one key that has a default.
            None if key == "protocol" => "\"TCP\"".to_owned(),
            None => {
                return Err(format!(
                    "associative list with keys has an element that omits key field {} \
                     (and doesn't have default value)",
                    quoted(key)
                ));
            }
        };
        keys.push(format!("{key}={given}"));
    }
    Ok(format!("[{}]", keys.join(",")))
}

fn deeper(path: &mut String, step: &str, walk: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push_str(step);
    walk(path);
    path.truncate(length);
}

fn at(path: &str, text: &str) -> String {
    if path.is_empty() { text.to_owned() } else { format!("{path}: {text}") }
}

/// A value as Go prints the wrapper that holds it.
fn shown(value: &Value) -> String {
    format!("&{{{}}}", printed(value))
}

fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int64",
        Value::Float(_) => "float64",
        Value::Text(_) => "string",
        Value::List(_) => "[]interface {}",
        Value::Map(_) => "map[string]interface {}",
    }
}

/// A value as Go's `%#v`.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Float(f) => json_float(*f),
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Map(map) => {
            let pairs: Vec<String> =
                map.iter().map(|(key, value)| format!("{}:{}", quoted(key), go_syntax(value))).collect();
            format!("map[string]interface {{}}{{{}}}", pairs.join(", "))
        }
    }
}
