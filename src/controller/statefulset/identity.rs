//! Who a pod is: its name, ordinal, labels and storage (`reference/statefulset-controller.md` §6).

use crate::api::{Object, OwnerReference, StatefulSetView};
use crate::map;
use crate::value::{Map, Text, Value};

/// Label that holds the pod's own name.
pub const POD_NAME_LABEL: &str = "statefulset.kubernetes.io/pod-name";
/// Label that holds the pod's ordinal.
pub const POD_INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";
/// Label that holds the full name of the pod's ControllerRevision.
pub const REVISION_LABEL: &str = "controller-revision-hash";

/// `web-0`.
pub fn pod_name(set: &Object, ordinal: i64) -> Text {
    format!("{}-{ordinal}", set.meta.name).into()
}

/// `data-web-0`.
pub fn claim_name(template: &str, pod: &str) -> Text {
    format!("{template}-{pod}").into()
}

/// Splits a pod's name into the name of its set and its ordinal: everything before the last hyphen, and the digits
/// after it. `None` where there are no digits or the number exceeds 32 bits.
pub fn parent_and_ordinal(name: &str) -> Option<(&str, i64)> {
    let (parent, digits) = name.rsplit_once('-')?;
    let numeric = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let ordinal = digits.parse::<i32>().ok()?;
    numeric.then_some((parent, i64::from(ordinal)))
}

/// Whether the pod's name belongs to this set.
pub fn is_member(set: &Object, pod: &Object) -> bool {
    pod.meta.name.strip_prefix(set.meta.name.as_str()).is_some_and(|rest| rest.starts_with('-'))
        && parent_and_ordinal(&pod.meta.name).is_some_and(|(parent, _)| set.meta.name == *parent)
}

/// Whether the pod carries its own name as a label. Index and hostname are not checked.
pub fn identity_matches(pod: &Object) -> bool {
    pod.label(POD_NAME_LABEL) == Some(&pod.meta.name)
}

/// Whether every claim template is present as a volume with the right claim.
pub fn storage_matches(set: &StatefulSetView, pod: &Object) -> bool {
    let volumes = pod.tree.at(&["spec", "volumes"]).items();
    set.claim_templates.iter().all(|template| {
        let wanted = claim_name(template, &pod.meta.name);
        volumes.iter().any(|volume| {
            volume.at(&["name"]).as_str() == Some(template)
                && volume.at(&["persistentVolumeClaim", "claimName"]).as_str() == Some(&wanted)
        })
    })
}

/// The pod of an ordinal, built from a revision's template.
pub fn new_pod(set: &Object, template: &Value, revision: &Text, ordinal: i64) -> Value {
    let name = pod_name(set, ordinal);
    let mut meta = map! {
        "name" => &name,
        "generateName" => format!("{}-", set.meta.name),
        "namespace" => &set.meta.namespace,
        "ownerReferences" => vec![OwnerReference::to_controller(set)],
    };
    for field in ["labels", "annotations", "finalizers"] {
        if let Some(value) = template.at(&["metadata"]).get(field) {
            meta.map_mut().insert(field, value.clone());
        }
    }
    write_identity(&mut meta, &name, ordinal);
    meta.at_mut(&["labels"]).map_mut().insert(REVISION_LABEL, revision);
    let mut spec = template.at(&["spec"]).clone();
    spec.set(&["hostname"], &name);
    let service = set.tree.at(&["spec", "serviceName"]).text();
    if service.is_empty() {
        spec.take(&["subdomain"]);
    } else {
        spec.set(&["subdomain"], service);
    }
    write_storage(set, &mut spec, &name);
    map! { "apiVersion" => "v1", "kind" => "Pod", "metadata" => meta, "spec" => spec }
}

/// Writes the two labels by which a pod knows itself.
pub fn write_identity(meta: &mut Value, name: &Text, ordinal: i64) {
    let labels = meta.at_mut(&["labels"]).map_mut();
    labels.insert(POD_NAME_LABEL, name);
    labels.insert(POD_INDEX_LABEL, ordinal.to_string());
}

/// Puts the claim templates' volumes first; a volume of the template with the same name gives way.
pub fn write_storage(set: &Object, spec: &mut Value, pod: &Text) {
    let templates: Vec<Text> = set.as_stateful_set().map(|view| view.claim_templates.clone()).unwrap_or_default();
    if templates.is_empty() {
        return;
    }
    let mut volumes: Vec<Value> = templates
        .iter()
        .enumerate()
        .filter(|(index, template)| !templates.iter().take(*index).any(|other| other == *template))
        .map(|(_, template)| {
            map! {
                "name" => template,
                "persistentVolumeClaim" => map! { "claimName" => claim_name(template, pod) },
            }
        })
        .collect();
    volumes.extend(
        spec.at(&["volumes"])
            .items()
            .iter()
            .filter(|volume| !templates.contains(&volume.at(&["name"]).text()))
            .cloned(),
    );
    spec.set(&["volumes"], volumes);
}

/// The claim of a pod, built from a claim template: its labels are the template's, overwritten by the selector's.
pub fn new_claim(set: &Object, template: &Value, pod: &Text) -> Value {
    let name = claim_name(template.at(&["metadata", "name"]).str_or_empty(), pod);
    let mut meta = map! { "name" => name, "namespace" => &set.meta.namespace };
    let mut labels: Map = template.at(&["metadata", "labels"]).as_map().cloned().unwrap_or_default();
    for (key, value) in set.tree.at(&["spec", "selector", "matchLabels"]).pairs() {
        labels.insert(key.clone(), value.clone());
    }
    if !labels.is_empty() {
        meta.set(&["labels"], labels);
    }
    for field in ["annotations", "finalizers"] {
        if let Some(value) = template.at(&["metadata"]).get(field) {
            meta.map_mut().insert(field, value.clone());
        }
    }
    map! {
        "apiVersion" => "v1",
        "kind" => "PersistentVolumeClaim",
        "metadata" => meta,
        "spec" => template.at(&["spec"]).clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_in_its_ordinal_or_belongs_to_no_set() {
        assert_eq!(parent_and_ordinal("web-0"), Some(("web", 0)));
        assert_eq!(parent_and_ordinal("my-web-12"), Some(("my-web", 12)));
        assert_eq!(parent_and_ordinal("web-00"), Some(("web", 0)));
        for name in ["web", "web-", "web-x", "web-1x", "web-99999999999", "web-+1"] {
            assert_eq!(parent_and_ordinal(name), None, "{name}");
        }
    }
}
