//! `--sort-by`.

use std::cmp::Ordering;

use super::go;
use super::jsonpath::JsonPath;
use crate::api::Shared;
use crate::api::quantity::Quantity;
use crate::value::Value;

/// Up to so many objects Go sorts by insertion, which decides where objects without the field end up.
const INSERTION: usize = 12;

/// Sorts objects by the value that a `JSONPath` (`.metadata.name`, with or without braces) finds in them.
///
/// # Errors
/// The text that kubectl prints after `error: `.
pub fn sort_by(items: &mut Vec<Shared>, path: &str) -> Result<(), String> {
    let parsed = JsonPath::parse_relaxed(path)
        .or_else(|_| JsonPath::parse(path))
        .map_err(|why| format!("sorting error: {why}"))?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items.iter() {
        let found = parsed.find(&item.tree).map_err(|why| {
            format!("Failed to get values for [][]reflect.Value(nil) using {} ({})", parsed.source, go::quoted(&why))
        })?;
        keyed.push((found.into_iter().next().and_then(|found| found.into_iter().next()), item.clone()));
    }
    if !keyed.is_empty() && keyed.iter().all(|(key, _)| key.is_none()) {
        return Err(format!("couldn't find any field with path \"{}\" in the list of objects", parsed.source));
    }
    if keyed.len() <= INSERTION {
        for end in 1..keyed.len() {
            for at in (1..=end).rev() {
                let less = match (keyed.get(at), keyed.get(at - 1)) {
                    (Some((this, _)), Some((before, _))) => is_less(this.as_ref(), before.as_ref()),
                    _ => false,
                };
                if !less {
                    break;
                }
                keyed.swap(at, at - 1);
            }
        }
    } else {
        crate::sorted::sort_by(&mut keyed, &|(a, _), (b, _)| match (a, b) {
            (Some(a), Some(b)) => order(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        });
    }
    *items = keyed.into_iter().map(|(_, item)| item).collect();
    Ok(())
}

/// As kubectl's sorter: what lacks the field is less than everything, even than what lacks it too.
fn is_less(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, _) => true,
        (_, None) => false,
        (Some(a), Some(b)) => order(a, b).is_lt(),
    }
}

/// A total order, whatever stands in the field: a null comes before everything, quantities before other texts.
fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => match (Quantity::parse(a), Quantity::parse(b)) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => a.cmp(b),
        },
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.total_cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) => 2,
        Value::Float(_) => 3,
        Value::Text(_) => 4,
        Value::List(_) => 5,
        Value::Map(_) => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Kind, Object};
    use crate::{list, map};
    use std::rc::Rc;

    fn pods(specs: &[(&'static str, Value)]) -> Vec<Shared> {
        let pod = |(name, spec): &(&'static str, Value)| {
            let tree = map! { "metadata" => map! { "name" => *name }, "spec" => spec.clone() };
            Rc::new(Object::new(Kind::Pod, tree))
        };
        specs.iter().map(pod).collect()
    }

    fn names(items: &[Shared]) -> Vec<&str> {
        items.iter().map(|item| item.meta.name.as_str()).collect()
    }

    #[test]
    fn names_are_compared_letter_by_letter() {
        let mut items = pods(&[("web-2", list![]), ("web-10", list![]), ("web-1", list![])]);
        assert_eq!(sort_by(&mut items, ".metadata.name"), Ok(()));
        assert_eq!(names(&items), ["web-1", "web-10", "web-2"]);
    }

    #[test]
    fn quantities_are_compared_by_size_and_missing_ones_come_first() {
        let of = |size: &'static str| map! { "size" => size };
        let mut items = pods(&[("a", of("1Gi")), ("b", of("500Mi")), ("c", map! {})]);
        assert_eq!(sort_by(&mut items, "{.spec.size}"), Ok(()));
        assert_eq!(names(&items), ["c", "b", "a"]);
    }

    #[test]
    fn a_path_that_nothing_has_is_an_error_unless_there_is_nothing_to_sort() {
        let mut items = pods(&[("a", map! {}), ("b", map! {})]);
        let refused = sort_by(&mut items, ".nope");
        assert_eq!(refused, Err("couldn't find any field with path \"{.nope}\" in the list of objects".into()));
        assert_eq!(sort_by(&mut pods(&[]), ".nope"), Ok(()));
    }
}
