//! What is accepted with a warning.

use super::{Part, manifest, server};
use crate::api::Kind;
use crate::apiserver::{Client, Gates, Request, Verb};
use crate::time::Time;
use crate::value::Text;

/// The warnings about the creation of a manifest.
fn warnings(part: Part, change: &str) -> Vec<String> {
    let tree = manifest(part, change);
    let kind = Kind::of_manifest(tree.at(&["apiVersion"]).str_or_empty(), tree.at(&["kind"]).str_or_empty());
    let Some(kind) = kind else {
        return vec!["no such kind".to_owned()];
    };
    let namespace: Text = if kind.is_namespaced() { "shop".into() } else { Text::default() };
    let mut server = server(Gates::default());
    let request = Request::new(kind, &namespace, &Text::default(), Verb::Create(tree));
    match Client::new(&mut server, Time::default()).send(request) {
        Ok(reply) => reply.warnings.iter().map(|warning| warning.to_string()).collect(),
        Err(refusal) => vec![format!("refused: {}", refusal.message)],
    }
}

#[test]
fn what_is_probably_not_meant_is_told() {
    let spread = r#"{"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "beta.kubernetes.io/os",
        "whenUnsatisfiable": "DoNotSchedule"}]}"#;
    let neighbour = r#"{"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [
        {"weight": 1, "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname"}}]}}}"#;
    for (part, change, expected) in [
        (Part::Set, "{}", &[][..]),
        (
            Part::Container,
            r#"{"ports": [{"containerPort": 80}, {"containerPort": 80}]}"#,
            &["spec.template.spec.containers[0].ports[1]: duplicate port definition with \
               spec.template.spec.containers[0].ports[0]"],
        ),
        (
            Part::Container,
            r#"{"ports": [{"containerPort": 80}, {"containerPort": 80, "hostPort": 8080}]}"#,
            &["spec.template.spec.containers[0].ports[1]: overlapping port definition with \
               spec.template.spec.containers[0].ports[0]"],
        ),
        (
            Part::Container,
            r#"{"env": [{"name": "A", "value": "x"}, {"name": "A", "value": "$(A)"}, {"name": "A", "value": "$(A)y"}]}"#,
            &[
                "spec.template.spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when \
               using apply",
            ],
        ),
        (
            Part::PodSpec,
            r#"{"imagePullSecrets": [{"name": "a"}, {"name": "a"}]}"#,
            &["spec.template.spec.imagePullSecrets[1].name: duplicate name \"a\""],
        ),
        (
            Part::PodSpec,
            r#"{"nodeSelector": {"beta.kubernetes.io/arch": "arm64"}}"#,
            &["spec.template.spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use \
               \"kubernetes.io/arch\" instead"],
        ),
        (
            Part::PodSpec,
            spread,
            &[
                "spec.template.spec.topologySpreadConstraints[0].topologyKey: beta.kubernetes.io/os is deprecated since \
                 v1.14; use \"kubernetes.io/os\" instead",
                "spec.template.spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in \
                 matching no pod",
            ],
        ),
        (
            Part::PodSpec,
            neighbour,
            &["spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]\
               .podAffinityTerm.labelSelector: a null labelSelector results in matching no pod"],
        ),
        (
            Part::PodSpec,
            r#"{"volumes": [{"name": "code", "gitRepo": {"repository": "https://example.com"}}]}"#,
            &["spec.template.spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+"],
        ),
        (
            Part::Spec,
            r#"{"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1500m"}}}}]}"#,
            &["spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value \"1500m\" is invalid, \
               must be an integer"],
        ),
        (
            Part::Whole,
            r#"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {
                "ports": [{"port": 80}], "externalName": "a.b", "trafficDistribution": "PreferClose"}}"#,
            &[
                "spec.externalName is ignored when spec.type is not \"ExternalName\"",
                "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"",
            ],
        ),
        (
            Part::Whole,
            r#"{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": {
                "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/x"},
                "persistentVolumeReclaimPolicy": "Recycle"}}"#,
            &[
                "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended \
               approach is to use dynamic provisioning.",
            ],
        ),
    ] {
        assert_eq!(warnings(part, change), expected, "{change}");
    }
}
