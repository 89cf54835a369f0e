//! What kubectl itself finds in the items of a `List`: there the server is asked no questions, and the schema is held
//! against the file instead (`reference/api-defaults-validation.md` §7).

use crate::api::schema::{self, Shape, TypeRef};
use crate::kubectl::command_line::types;
use crate::value::Value;

/// Checks the items of a list against the schema.
///
/// # Errors
/// What is missing or unknown; several complaints stand in brackets.
pub fn list(tree: &Value) -> Result<(), String> {
    if tree.at(&["kind"]).as_str() != Some("List") {
        return Ok(());
    }
    let mut complaints = Vec::new();
    for item in tree.at(&["items"]).items() {
        let found = types::of_manifest(item.at(&["apiVersion"]).str_or_empty(), item.at(&["kind"]).str_or_empty());
        if let Some(kind) = found.ok().and_then(|found| found.kind) {
            check(schema::root(kind), item, kind.name(), &mut complaints);
        }
    }
    match complaints.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

fn check(ty: TypeRef, tree: &Value, path: &str, complaints: &mut Vec<String>) {
    match (ty.shape(), tree) {
        (Shape::Struct(fields), Value::Map(map)) => {
            let name = full_name(fields.name());
            for (key, value) in map.iter() {
                match fields.field(key) {
                    Some(field) if !value.is_null() => check(field.ty(), value, &format!("{path}.{key}"), complaints),
                    Some(_) => {}
                    None => complaints.push(format!("ValidationError({path}): unknown field \"{key}\" in {name}")),
                }
            }
            for field in fields.fields().filter(|field| field.required()) {
                if !map.contains_key(field.name()) {
                    let field = field.name();
                    complaints.push(format!("ValidationError({path}): missing required field \"{field}\" in {name}"));
                }
            }
        }
        (Shape::List(item), Value::List(items)) => {
            for (at, element) in items.iter().enumerate() {
                check(item, element, &format!("{path}[{at}]"), complaints);
            }
        }
        _ => {}
    }
}

/// The name of a type in the published schema.
fn full_name(name: &str) -> String {
    let place = match name {
        "ObjectMeta"
        | "LabelSelector"
        | "LabelSelectorRequirement"
        | "OwnerReference"
        | "Condition"
        | "ManagedFieldsEntry" => "apimachinery.pkg.apis.meta.v1",
        _ if name.starts_with("StatefulSet")
            || name.starts_with("ControllerRevision")
            || name == "RollingUpdateStatefulSetStrategy" =>
        {
            "api.apps.v1"
        }
        _ if name.starts_with("PodDisruptionBudget") => "api.policy.v1",
        _ if name.starts_with("EndpointSlice") => "api.discovery.v1",
        "StorageClass" => "api.storage.v1",
        _ => "api.core.v1",
    };
    format!("io.k8s.{place}.{name}")
}
