//! Finding what a `JSONPath` template points at.

use std::cmp::Ordering;

use super::{Filter, Node, Slice};
use crate::value::Value;

/// Deeper trees than this are not searched by `..`; objects are never that deep.
const DEEPEST: usize = 200;

pub(super) fn find(nodes: &[Node], data: &Value) -> Result<Vec<Vec<Value>>, String> {
    let mut found = Vec::new();
    run(nodes, 0, data, &mut found, false)?;
    Ok(found)
}

/// Whether a piece of the template begins or ends a loop.
fn keyword(node: &Node) -> Option<&str> {
    let Node::List(nodes) = node else { return None };
    nodes.iter().find_map(|node| match node {
        Node::Identifier(word) => Some(word.as_str()),
        _ => None,
    })
}

/// Evaluates pieces from `at` to the end of the loop they are in; answers where that end is.
fn run(
    nodes: &[Node],
    mut at: usize,
    data: &Value,
    found: &mut Vec<Vec<Value>>,
    in_range: bool,
) -> Result<usize, String> {
    while let Some(node) = nodes.get(at) {
        match keyword(node) {
            Some("end") if in_range => return Ok(at),
            Some("end") => return Err("not in range, nothing to end".to_owned()),
            Some("range") => {
                let mut end = end_of_range(nodes, at + 1);
                for item in walk(vec![data.clone()], node)? {
                    end = run(nodes, at + 1, &item, found, true)?;
                }
                at = end;
            }
            _ => found.push(walk(vec![data.clone()], node)?),
        }
        at += 1;
    }
    Ok(at)
}

/// Where the loop ends whose body begins at `at`.
fn end_of_range(nodes: &[Node], at: usize) -> usize {
    let mut depth = 0;
    for (offset, node) in nodes.iter().enumerate().skip(at) {
        match keyword(node) {
            Some("range") => depth += 1,
            Some("end") if depth == 0 => return offset,
            Some("end") => depth -= 1,
            _ => {}
        }
    }
    nodes.len()
}

fn all(input: Vec<Value>, nodes: &[Node]) -> Result<Vec<Value>, String> {
    nodes.iter().try_fold(input, walk)
}

fn walk(input: Vec<Value>, node: &Node) -> Result<Vec<Value>, String> {
    let literal = |value: Value| Ok(vec![value; input.len()]);
    match node {
        Node::List(nodes) => all(input, nodes),
        Node::Text(text) => Ok(vec![Value::from(text.clone())]),
        Node::Int(number) => literal(Value::Int(*number)),
        Node::Float(number) => literal(Value::Float(*number)),
        Node::Bool(flag) => literal(Value::Bool(*flag)),
        Node::Identifier(word) if word == "range" => Ok(input),
        Node::Identifier(word) => Err(format!("unrecognized identifier {word}")),
        Node::Field(name) => Ok(input.iter().filter_map(|value| value.get(name).cloned()).collect()),
        Node::Wildcard => Ok(input.iter().flat_map(children).collect()),
        Node::Recursive => {
            let mut found = Vec::new();
            descend(&input, &mut found, 0);
            Ok(found)
        }
        Node::Slice(slice) => {
            let mut found = Vec::new();
            for value in input.iter().filter(|value| !value.is_null()) {
                cut(value, *slice, &mut found)?;
            }
            Ok(found)
        }
        Node::Union(parts) => {
            let mut found = Vec::new();
            for part in parts {
                found.extend(all(input.clone(), part)?);
            }
            Ok(found)
        }
        Node::Filter(filter) => {
            let mut found = Vec::new();
            for value in &input {
                let Value::List(items) = value else {
                    return Err(format!(
                        "{} is not array or slice and cannot be filtered",
                        super::super::go::plain(value)
                    ));
                };
                for item in items.iter() {
                    if passes(item, filter)? {
                        found.push(item.clone());
                    }
                }
            }
            Ok(found)
        }
    }
}

fn children(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.to_vec(),
        Value::Map(map) => map.iter().map(|(_, child)| child.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Every map and list in the input that holds anything, outer before inner.
fn descend(input: &[Value], found: &mut Vec<Value>, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    for value in input {
        let inside = children(value);
        if !inside.is_empty() {
            found.push(value.clone());
            descend(&inside, found, depth + 1);
        }
    }
}

fn cut(value: &Value, slice: Slice, found: &mut Vec<Value>) -> Result<(), String> {
    let Value::List(items) = value else {
        return Err(format!("{} is not array or slice", super::super::go::type_name(value)));
    };
    let length = items.len() as i64;
    let mut start = slice.start.unwrap_or(0);
    if start < 0 {
        start = start.saturating_add(length);
    }
    let mut end = slice.end.unwrap_or(length);
    if end < 0 || (end == 0 && slice.is_index) {
        end = end.saturating_add(length);
    }
    if start == end && !slice.is_index {
        return Ok(());
    }
    let out_of_bounds = |index: i64| Err(format!("array index out of bounds: index {index}, length {length}"));
    if start < 0 || start >= length {
        return out_of_bounds(start);
    }
    if end < 0 || end > length {
        return out_of_bounds(end.saturating_sub(1));
    }
    if start > end {
        return Err(format!("starting index {start} is greater than ending index {end}"));
    }
    let step = slice.step.unwrap_or(1);
    if step <= 0 {
        return Err("step must be > 0".to_owned());
    }
    let items = items.get(start as usize..end as usize).unwrap_or(&[]);
    found.extend(items.iter().step_by(step as usize).cloned());
    Ok(())
}

fn passes(item: &Value, filter: &Filter) -> Result<bool, String> {
    let lefts = all(vec![item.clone()], &filter.left);
    if filter.operator.is_empty() {
        return Ok(lefts.is_ok_and(|lefts| !lefts.is_empty()));
    }
    let lefts = lefts?;
    let Some(left) = one(&lefts)? else {
        return Ok(false);
    };
    let rights = all(vec![item.clone()], &filter.right)?;
    let Some(right) = one(&rights)? else {
        return Ok(false);
    };
    match filter.operator.as_str() {
        "==" => equal(left, right),
        "!=" => equal(left, right).map(|equal| !equal),
        "<" => compare(left, right).map(Ordering::is_lt),
        "<=" => compare(left, right).map(Ordering::is_le),
        ">" => compare(left, right).map(Ordering::is_gt),
        ">=" => compare(left, right).map(Ordering::is_ge),
        operator => Err(format!("unrecognized filter operator {operator}")),
    }
}

fn one(values: &[Value]) -> Result<Option<&Value>, String> {
    match values {
        [] => Ok(None),
        [value] => Ok(Some(value)),
        _ => Err("can only compare one element at a time".to_owned()),
    }
}

/// Whether two scalars are equal.
///
/// # Errors
/// They are of different types, or no scalars.
pub fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        _ => compare(left, right).map(Ordering::is_eq),
    }
}

fn compare(left: &Value, right: &Value) -> Result<Ordering, String> {
    let is_scalar = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_) | Value::Text(_) | Value::Bool(_));
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Ok(left.cmp(right)),
        (Value::Float(left), Value::Float(right)) => Ok(left.total_cmp(right)),
        (Value::Text(left), Value::Text(right)) => Ok(left.cmp(right)),
        _ if is_scalar(left) && is_scalar(right) && !matches!((left, right), (Value::Bool(_), Value::Bool(_))) => {
            Err("incompatible types for comparison".to_owned())
        }
        _ => Err("invalid type for comparison".to_owned()),
    }
}
