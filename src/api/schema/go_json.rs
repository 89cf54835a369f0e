//! JSON in the order in which Go declares the fields of a type: what a program writes that works with typed objects. One
//! that works with plain maps writes them in the order of the alphabet (`value::json`).

use super::{TypeRef, root};
use crate::api::Kind;
use crate::value::{Text, Value, json};

/// An object as kubectl prints it where it holds it typed; `indent` per level, or all in one line.
pub fn written(kind: Kind, tree: &Value, indent: Option<&str>) -> String {
    let mut out = String::new();
    write(&mut out, tree, Some(root(kind)), indent, 0);
    out
}

fn new_line(out: &mut String, indent: Option<&str>, level: usize) {
    if let Some(indent) = indent {
        out.push('\n');
        for _ in 0..level {
            out.push_str(indent);
        }
    }
}

fn write(out: &mut String, value: &Value, ty: Option<TypeRef>, indent: Option<&str>, level: usize) {
    match value {
        Value::List(items) if !items.is_empty() => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                new_line(out, indent, level + 1);
                write(out, item, ty, indent, level + 1);
            }
            new_line(out, indent, level);
            out.push(']');
        }
        Value::Map(map) if !map.is_empty() => {
            let is_struct = ty.is_some_and(TypeRef::is_struct);
            let mut pairs: Vec<(u8, &Text, &Value)> = Vec::with_capacity(map.len());
            for (key, item) in map.iter() {
                let field = ty.filter(|_| is_struct).and_then(|ty| ty.field(key));
                let place = field.map_or(if is_struct { u8::MAX } else { 0 }, |field| field.place());
                pairs.push((place, key, item));
            }
            crate::sorted::sort_by_key(&mut pairs, &|(place, ..)| *place);
            out.push('{');
            for (at, (_, key, item)) in pairs.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                new_line(out, indent, level + 1);
                out.push_str(&json::to_compact(&Value::Text(key.clone())));
                out.push_str(if indent.is_some() { ": " } else { ":" });
                let inner = match ty {
                    Some(ty) if is_struct => ty.field(key).map(|field| field.ty()),
                    Some(ty) => ty.of_values(),
                    None => None,
                };
                write(out, item, inner, indent, level + 1);
            }
            new_line(out, indent, level);
            out.push('}');
        }
        other => out.push_str(&json::to_compact(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};

    #[test]
    fn fields_stand_as_go_declares_them_and_maps_by_their_keys() {
        let container =
            map! { "name" => "app", "image" => "nginx", "env" => list![map! { "name" => "A", "value" => "<" }] };
        let pod = map! { "containers" => list![container], "volumes" => list![map! { "name" => "v" }] };
        let spec = map! {
            "replicas" => 1,
            "selector" => map! { "matchLabels" => map! { "name" => "x", "app" => "y" } },
            "serviceName" => "web",
            "template" => map! { "spec" => pod, "metadata" => Value::empty_map() },
        };
        let set = map! {
            "apiVersion" => "apps/v1",
            "kind" => "StatefulSet",
            "metadata" => map! { "name" => "web", "labels" => map! { "b" => "1", "a" => "2" } },
            "spec" => spec,
        };
        assert_eq!(
            written(Kind::StatefulSet, &set, None),
            "{\"kind\":\"StatefulSet\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"web\",\"labels\":{\"a\":\"2\",\
             \"b\":\"1\"}},\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":{\"app\":\"y\",\"name\":\"x\"}},\
             \"template\":{\"metadata\":{},\"spec\":{\"volumes\":[{\"name\":\"v\"}],\"containers\":[{\"name\":\"app\",\
             \"image\":\"nginx\",\"env\":[{\"name\":\"A\",\"value\":\"\\u003c\"}]}]}},\"serviceName\":\"web\"}}"
        );
        let short = map! { "kind" => "ConfigMap", "apiVersion" => "v1", "data" => map! { "a" => "b" } };
        assert_eq!(
            written(Kind::ConfigMap, &short, Some("    ")),
            "{\n    \"kind\": \"ConfigMap\",\n    \"apiVersion\": \"v1\",\n    \"data\": {\n        \"a\": \"b\"\n    }\n}"
        );
    }
}
