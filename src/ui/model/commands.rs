//! The kubectl lines behind the buttons.

use super::scene::{Plan, SetScene};
use crate::value::Text;

/// What the button Patch offers ready-made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it does, in a few words.
    pub label: Text,
    /// The patch.
    pub patch: Text,
}

/// `-n lab-18`, with the space before it; nothing for `default`.
fn in_namespace(namespace: &str) -> String {
    if namespace.is_empty() || namespace == "default" { String::new() } else { format!(" -n {namespace}") }
}

/// Lines that apply the manifest; the namespace is made first where it is missing.
pub fn apply(file: &str, namespace: &str, namespace_exists: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !namespace_exists && !namespace.is_empty() {
        lines.push(format!("kubectl create ns {namespace}"));
    }
    lines.push(format!("kubectl apply -f {file}{}", in_namespace(namespace)));
    lines
}

/// The line that scales.
pub fn scale(set: &str, namespace: &str, replicas: i64) -> String {
    format!("kubectl scale sts {set} --replicas={replicas}{}", in_namespace(namespace))
}

/// The line that patches.
pub fn patch(set: &str, namespace: &str, patch: &str) -> String {
    let quoted = patch.replace('\'', "'\\''");
    format!("kubectl patch sts {set} -p '{quoted}'{}", in_namespace(namespace))
}

/// At most so many pods and claims are listed; whatever else is deleted where it is looked at.
const LISTED: usize = 40;

/// What can be deleted: a label, the line, and the button's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// `pod mehdb-0`.
    pub label: String,
    /// The line.
    pub line: String,
}

/// Everything that can be deleted now, most wanted first.
pub fn deletions(set: Option<&SetScene>, namespace: &str, namespace_exists: bool) -> Vec<Deletion> {
    let tail = in_namespace(namespace);
    let mut found = Vec::new();
    let mut add = |label: String, line: String| found.push(Deletion { label, line });
    if let Some(set) = set {
        for seat in set.seats.iter().filter(|seat| seat.pod.is_some()).take(LISTED) {
            add(format!("pod {}", seat.name), format!("kubectl delete pod {}{tail}", seat.name));
        }
        if set.standing == super::scene::Standing::Here {
            add(format!("set {}", set.name), format!("kubectl delete sts {}{tail}", set.name));
            add(
                format!("set {}, keep its pods", set.name),
                format!("kubectl delete sts {} --cascade=orphan{tail}", set.name),
            );
        }
        for claim in set.seats.iter().flat_map(|seat| &seat.claims).take(LISTED) {
            add(format!("claim {}", claim.name), format!("kubectl delete pvc {}{tail}", claim.name));
        }
    }
    if namespace_exists && namespace != "default" {
        add(format!("namespace {namespace}"), format!("kubectl delete ns {namespace}"));
    }
    found
}

/// Ready-made patches for the set of the manifest.
pub fn patches(plan: &Plan) -> Vec<Choice> {
    let image = |image: &str| {
        format!(
            r#"{{"spec":{{"template":{{"spec":{{"containers":[{{"name":"{}","image":"{image}"}}]}}}}}}}}"#,
            plan.container
        )
    };
    let stem = plan.image.rsplit_once(':').map_or(plan.image.as_str(), |(stem, _)| stem);
    let choice = |label: &'static str, patch: String| Choice { label: label.into(), patch: patch.into() };
    vec![
        choice("scale back to 2", r#"{"spec":{"replicas":2}}"#.into()),
        choice("a new image: roll it out", image(&format!("{stem}:0.7"))),
        choice("an image that nobody has", image(&format!("{stem}:broken"))),
        choice("an image whose program crashes", image(&format!("{stem}:crash"))),
        choice("the first image again", image(&plan.image)),
        choice(
            "partition 1: update only from ordinal 1 up",
            r#"{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}"#.into(),
        ),
        choice("partition 0: update all", r#"{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}"#.into()),
        choice(
            "let claims go with scale-down",
            r#"{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"}}}"#.into(),
        ),
        choice("Ready for 10 s before Available", r#"{"spec":{"minReadySeconds":10}}"#.into()),
        choice("another serviceName (it is refused)", r#"{"spec":{"serviceName":"other"}}"#.into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apply_makes_the_namespace_first_when_it_is_missing() {
        assert_eq!(
            apply("stateful.yaml", "lab-18", false),
            ["kubectl create ns lab-18", "kubectl apply -f stateful.yaml -n lab-18"]
        );
        assert_eq!(apply("stateful.yaml", "default", true), ["kubectl apply -f stateful.yaml"]);
    }

    #[test]
    fn a_patch_is_quoted_for_the_shell() {
        assert_eq!(patch("web", "x", "{\"a\":\"it's\"}"), "kubectl patch sts web -p '{\"a\":\"it'\\''s\"}' -n x");
    }
}
