//! JSON patch: a list of operations, with the liberties of the library that the API server uses.

use super::wording::json_word;
use crate::value::{Text, Value};

/// Refuses what is not a list of operations.
///
/// # Errors
/// The text of Go's decoder.
pub(super) fn check(patch: &Value) -> Result<(), String> {
    let wrong = |value: &Value, what: &str| {
        let word = json_word(value);
        Err(format!("error decoding patch: json: cannot unmarshal {word} into Go {what}"))
    };
    if !matches!(patch, Value::List(_) | Value::Null) {
        return wrong(patch, "value of type []handlers.jsonPatchOp");
    }
    for operation in patch.items() {
        if !matches!(operation, Value::Map(_) | Value::Null) {
            return wrong(operation, "value of type handlers.jsonPatchOp");
        }
        for field in ["from", "op", "path"] {
            let value = operation.at(&[field]);
            if !matches!(value, Value::Text(_) | Value::Null) {
                let what = format!("struct field jsonPatchOp.{field} of type string");
                return wrong(value, &what);
            }
        }
    }
    Ok(())
}

/// What stands in the operations that no operation knows: warned of, like an object's unknown fields.
pub(super) fn unknown(patch: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (at, operation) in patch.items().iter().enumerate() {
        for (key, _) in operation.pairs().filter(|(key, _)| !["op", "path", "from", "value"].contains(&key.as_str())) {
            found.push(format!("json patch unknown field \"[{at}].{key}\""));
        }
    }
    found
}

/// Carries out one operation. Nothing where that cannot be done: why is not told to anyone.
pub(super) fn carry_out(tree: &mut Value, operation: &Value) -> Option<()> {
    let path = operation.get("path")?.as_str()?;
    let given = operation.get("value");
    let from = || operation.get("from").and_then(Value::as_str);
    match operation.at(&["op"]).str_or_empty() {
        "add" => add(tree, path, given.cloned().unwrap_or_default()),
        "remove" => remove(tree, path),
        "replace" => replace(tree, path, given.cloned().unwrap_or_default()),
        "move" => {
            let moved = get(tree, from()?)?;
            remove(tree, from()?)?;
            add(tree, path, moved)
        }
        "copy" => {
            let copied = get(tree, from()?)?;
            add(tree, path, copied)
        }
        "test" => (get(tree, path)? == *given.unwrap_or(&Value::Null)).then_some(()),
        _ => None,
    }
}

/// The parent's path and the last key of a path. What stands before the first slash is not looked at.
fn split(path: &str) -> Option<(Vec<String>, String)> {
    let mut keys: Vec<String> = path.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
    let last = keys.pop()?;
    Some((keys, last))
}

/// The place in a list; counted from the end where it is negative.
fn index(key: &str, length: usize) -> Option<usize> {
    let at: i64 = key.parse().ok()?;
    let length = i64::try_from(length).ok()?;
    let at = if at < 0 { at + length } else { at };
    usize::try_from(at).ok()
}

fn child<'a>(tree: &'a Value, key: &str) -> Option<&'a Value> {
    match tree {
        Value::Map(map) => map.get(key),
        Value::List(items) => items.get(index(key, items.len())?),
        _ => None,
    }
}

/// The parent of a path's end, to be changed.
fn parent<'a>(tree: &'a mut Value, keys: &[String]) -> Option<&'a mut Value> {
    let mut node = tree;
    for key in keys {
        node = match node {
            Value::Map(_) => node.map_mut().get_mut(key)?,
            Value::List(items) => {
                let at = index(key, items.len())?;
                node.items_mut().get_mut(at)?
            }
            _ => return None,
        };
    }
    matches!(node, Value::Map(_) | Value::List(_)).then_some(node)
}

/// What stands at a path: null for a key that its map does not have.
fn get(tree: &Value, path: &str) -> Option<Value> {
    let (keys, last) = split(path)?;
    let mut node = tree;
    for key in &keys {
        node = child(node, key)?;
    }
    match node {
        Value::Map(map) => Some(map.get(&last).cloned().unwrap_or_default()),
        Value::List(_) => child(node, &last).cloned(),
        _ => None,
    }
}

fn add(tree: &mut Value, path: &str, value: Value) -> Option<()> {
    let (keys, last) = split(path)?;
    let node = parent(tree, &keys)?;
    let length = node.items().len();
    if matches!(node, Value::Map(_)) {
        node.map_mut().insert(Text::from(last), value);
        return Some(());
    }
    let at = if last == "-" {
        length
    } else {
        // A negative place counts from behind the last element.
        index(&last, length + usize::from(last.starts_with('-')))?
    };
    if at > length {
        return None;
    }
    node.items_mut().insert(at, value);
    Some(())
}

fn remove(tree: &mut Value, path: &str) -> Option<()> {
    let (keys, last) = split(path)?;
    let node = parent(tree, &keys)?;
    if matches!(node, Value::Map(_)) {
        return node.map_mut().remove(&last).map(|_| ());
    }
    let length = node.items().len();
    let at = index(&last, length).filter(|at| *at < length)?;
    node.items_mut().remove(at);
    Some(())
}

fn replace(tree: &mut Value, path: &str, value: Value) -> Option<()> {
    let (keys, last) = split(path)?;
    let node = parent(tree, &keys)?;
    if matches!(node, Value::Map(_)) {
        node.map_mut().insert(Text::from(last), value);
        return Some(());
    }
    let at = index(&last, node.items().len())?;
    *node.items_mut().get_mut(at)? = value;
    Some(())
}
