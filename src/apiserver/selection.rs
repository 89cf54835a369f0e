//! Which fields objects can be selected by, and what they hold (`reference/api-defaults-validation.md` §6).

use crate::api::{Kind, Object};
use crate::value::Value;

/// The fields of a kind besides metadata.name; none for kinds of which only their metadata can be asked.
fn own_fields(kind: Kind) -> Option<&'static [&'static str]> {
    Some(match kind {
        Kind::Pod => &[
            "metadata.namespace",
            "spec.hostNetwork",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.nominatedNodeName",
            "status.phase",
            "status.podIP",
        ],
        Kind::Node => &["spec.unschedulable"],
        Kind::Namespace => &["status.phase"],
        Kind::Secret => &["metadata.namespace", "type"],
        Kind::Service => &["metadata.namespace", "spec.clusterIP", "spec.type"],
        Kind::Event => &[
            "involvedObject.apiVersion",
            "involvedObject.fieldPath",
            "involvedObject.kind",
            "involvedObject.name",
            "involvedObject.namespace",
            "involvedObject.resourceVersion",
            "involvedObject.uid",
            "metadata.namespace",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        _ => return None,
    })
}

/// Refuses a field that objects of this kind cannot be selected by.
///
/// # Errors
/// The text of the BadRequest.
pub(super) fn check_field(kind: Kind, path: &str) -> Result<(), String> {
    if path == "metadata.name" {
        return Ok(());
    }
    match own_fields(kind) {
        Some(fields) if fields.contains(&path) => Ok(()),
        Some(_) => Err(format!("field label not supported: {path}")),
        None if path == "metadata.namespace" => Ok(()),
        None => {
            Err(format!("\"{path}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""))
        }
    }
}

/// The text of a field that objects can be selected by. A boolean that is not set is false.
pub(super) fn field(object: &Object, path: &str) -> String {
    let keys: Vec<&str> = path.split('.').collect();
    let value = match path {
        "source" => object.tree.at(&["source", "component"]),
        _ => object.tree.at(&keys),
    };
    match value {
        Value::Bool(true) => "true".to_owned(),
        Value::Null if matches!(path, "spec.unschedulable" | "spec.hostNetwork") => "false".to_owned(),
        other => other.str_or_empty().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map;

    #[test]
    fn fields_that_cannot_be_asked_for_are_refused_in_the_words_of_kubernetes() {
        assert_eq!(check_field(Kind::Pod, "status.phase"), Ok(()));
        assert_eq!(check_field(Kind::StatefulSet, "metadata.namespace"), Ok(()));
        assert_eq!(check_field(Kind::Pod, "foo").unwrap_err(), "field label not supported: foo");
        assert_eq!(
            check_field(Kind::StatefulSet, "spec.replicas").unwrap_err(),
            "\"spec.replicas\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        );
    }

    #[test]
    fn what_is_not_set_is_empty_or_false() {
        let node = Object::new(Kind::Node, map! { "metadata" => map! { "name" => "node-1" } });
        assert_eq!(field(&node, "spec.unschedulable"), "false");
        assert_eq!(field(&node, "metadata.name"), "node-1");
        assert_eq!(field(&node, "status.phase"), "");
    }
}
