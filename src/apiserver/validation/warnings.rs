//! Warnings: what is accepted, but probably not meant (`reference/api-defaults-validation.md` §6).

mod pod;

use super::names;
use crate::api::quantity::Quantity;
use crate::api::{Kind, Object};
use crate::value::Value;

const BETA_CLASS: &str = "volume.beta.kubernetes.io/storage-class";
const BETA_CLASS_WARNING: &str = "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since \
                                  v1.8; use \"storageClassName\" attribute instead";

/// Labels of nodes that have another name today, and what is said of them.
const OLD_NODE_LABELS: [(&str, &str); 8] = [
    ("app.kubernetes.io/created-by", "deprecated since v1.9"),
    ("beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"),
    ("beta.kubernetes.io/instance-type", "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"),
    ("beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"),
    (
        "failure-domain.beta.kubernetes.io/region",
        "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    ),
    ("failure-domain.beta.kubernetes.io/zone", "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"),
    ("node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead"),
    ("scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead"),
];

/// Warnings about a new object, or about one that was changed.
pub(super) fn of(kind: Kind, tree: &Value, old: Option<&Object>) -> Vec<String> {
    let mut warnings = Vec::new();
    let spec = tree.at(&["spec"]);
    let annotated = |key: &str| tree.at(&["metadata", "annotations"]).get(key).is_some();
    match kind {
        Kind::StatefulSet => stateful_set(spec, old, &mut warnings),
        // A changed pod is not looked at: people seldom do that, and controllers often.
        Kind::Pod if old.is_none() => {
            let name = tree.at(&["metadata", "name"]).str_or_empty();
            let complaints = names::dns_label(name);
            if !complaints.is_empty() {
                warnings.push(format!(
                    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; \
                     a DNS label is recommended: [{}]",
                    complaints.join(" ")
                ));
            }
            pod::template(tree, "", &mut warnings);
        }
        Kind::PersistentVolumeClaim => {
            if annotated(BETA_CLASS) {
                warnings.push(BETA_CLASS_WARNING.to_owned());
            }
            claim(spec, "spec", &mut warnings);
        }
        Kind::PersistentVolume => volume(spec, annotated(BETA_CLASS), &mut warnings),
        Kind::Service => service(spec, &mut warnings),
        Kind::Secret if tree.at(&["type"]).as_str() == Some("kubernetes.io/tls") && !armoured(tree) => {
            warnings.push("tls: failed to find any PEM data in certificate input".to_owned());
        }
        _ => {}
    }
    warnings
}

/// Whether the certificate of a Secret is in PEM, whose first letters are always these in base64.
fn armoured(secret: &Value) -> bool {
    secret.at(&["data", "tls.crt"]).str_or_empty().starts_with("LS0tLS1CRUdJT")
}

fn stateful_set(spec: &Value, old: Option<&Object>, warnings: &mut Vec<String>) {
    if old.is_none_or(|old| old.tree.at(&["spec"]) != spec) {
        pod::template(spec.at(&["template"]), "spec.template.", warnings);
    }
    for (index, template) in spec.at(&["volumeClaimTemplates"]).items().iter().enumerate() {
        claim(template.at(&["spec"]), &format!("spec.volumeClaimTemplates[{index}]"), warnings);
    }
    if spec.at(&["revisionHistoryLimit"]).as_i64().is_some_and(|n| n < 0) {
        warnings.push(
            "spec.revisionHistoryLimit: a negative value retains all historical revisions; \
             a value >= 0 is recommended"
                .to_owned(),
        );
    }
}

/// spec of a claim.
fn claim(spec: &Value, path: &str, warnings: &mut Vec<String>) {
    for part in ["requests", "limits"] {
        fraction(spec.at(&["resources", part, "storage"]), &format!("{path}.resources.{part}[storage]"), warnings);
    }
}

fn volume(spec: &Value, old_class: bool, warnings: &mut Vec<String>) {
    if old_class {
        warnings.push(BETA_CLASS_WARNING.to_owned());
    }
    if spec.at(&["persistentVolumeReclaimPolicy"]).as_str() == Some("Recycle") {
        warnings.push(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended \
             approach is to use dynamic provisioning."
                .to_owned(),
        );
    }
    for (index, term) in spec.at(&["nodeAffinity", "required", "nodeSelectorTerms"]).items().iter().enumerate() {
        node_term(term, false, &format!("spec.nodeAffinity.required.nodeSelectorTerms[{index}]"), warnings);
    }
    fraction(spec.at(&["capacity", "storage"]), "spec.capacity[storage]", warnings);
}

fn service(spec: &Value, warnings: &mut Vec<String>) {
    let text = |key: &str| spec.at(&[key]).str_or_empty();
    let kind = text("type");
    let headless = kind == "ClusterIP" && text("clusterIP") == "None";
    let external = !spec.at(&["externalIPs"]).items().is_empty();
    let mut say = |wanted: bool, text: &str| {
        if wanted {
            warnings.push(text.to_owned());
        }
    };
    say(headless && !text("loadBalancerIP").is_empty(), "spec.loadBalancerIP is ignored for headless services");
    say(headless && external, "spec.externalIPs is ignored for headless services");
    say(headless && text("sessionAffinity") != "None", "spec.SessionAffinity is ignored for headless services");
    say(
        external && !headless && kind != "ExternalName",
        "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
    );
    say(external && kind == "ExternalName", "spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    say(
        kind != "ExternalName" && !text("externalName").is_empty(),
        "spec.externalName is ignored when spec.type is not \"ExternalName\"",
    );
    say(
        text("trafficDistribution") == "PreferClose",
        "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"",
    );
}

/// Bytes come whole.
fn fraction(amount: &Value, path: &str, warnings: &mut Vec<String>) {
    if let Some(amount) = amount.as_str()
        && Quantity::lenient(amount).milli_value() % 1000 != 0
    {
        warnings.push(format!("{path}: fractional byte value \"{amount}\" is invalid, must be an integer"));
    }
}

/// What is said of a label of nodes that has another name today.
fn old_label(key: &str) -> Option<&'static str> {
    OLD_NODE_LABELS.iter().find(|(old, _)| *old == key).map(|(_, message)| *message)
}

/// One term of a node affinity; its values are looked at where Kubernetes does not refuse bad ones.
fn node_term(term: &Value, with_values: bool, path: &str, warnings: &mut Vec<String>) {
    for (index, rule) in term.at(&["matchExpressions"]).items().iter().enumerate() {
        let path = format!("{path}.matchExpressions[{index}]");
        let key = rule.at(&["key"]).str_or_empty();
        if let Some(message) = old_label(key) {
            warnings.push(format!("{path}.key: {key} is {message}"));
        }
        for (index, value) in rule.at(&["values"]).items().iter().enumerate().filter(|_| with_values) {
            let value = value.str_or_empty();
            for complaint in names::label_value(value) {
                warnings.push(format!("{path}.values[{index}]: {value} is invalid, {complaint}"));
            }
        }
    }
}
