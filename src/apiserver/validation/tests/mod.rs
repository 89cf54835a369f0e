//! Whole requests through the API server: what it says of them.

mod change;
mod selectors;
mod table;
mod unusual;
mod warned;

use crate::api::{Kind, Reason, Status, patch};
use crate::apiserver::{ApiServer, Client, Gates};
use crate::random::Seed;
use crate::time::Time;
use crate::value::{Text, Value, json};
use crate::{list, map};

/// What a row's patch is laid upon.
#[derive(Clone, Copy)]
enum Part {
    /// A good set.
    Set,
    /// spec of a good set.
    Spec,
    /// spec of the pods of a good set.
    PodSpec,
    /// The container of the pods of a good set.
    Container,
    /// Nothing: the patch is the manifest.
    Whole,
}

/// A good set.
fn set() -> Value {
    parse(
        r#"{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"}, "spec": {
        "serviceName": "web", "replicas": 1, "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [
            {"name": "app", "image": "nginx:1.27", "ports": [{"name": "http", "containerPort": 80}],
             "volumeMounts": [{"name": "data", "mountPath": "/data"}]}]}},
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]}}"#,
    )
}

fn parse(text: &str) -> Value {
    json::parse(text).unwrap_or_default()
}

fn manifest(part: Part, change: &str) -> Value {
    let change = parse(change);
    let mut tree = set();
    let path: &[&'static str] = match part {
        Part::Whole => return change,
        Part::Set => &[],
        Part::Spec => &["spec"],
        Part::PodSpec | Part::Container => &["spec", "template", "spec"],
    };
    let changed = match part {
        Part::Container => {
            let container = tree.at(path).at(&["containers"]).items().first().cloned().unwrap_or_default();
            let containers = list![patch::merge(&container, &change)];
            patch::merge(tree.at(path), &map! { "containers" => containers })
        }
        _ => patch::merge(tree.at(path), &change),
    };
    tree.set(path, changed);
    tree
}

fn server(gates: Gates) -> ApiServer {
    let mut server = ApiServer::new(Seed(1), gates);
    let named = |name: &'static str| map! { "metadata" => map! { "name" => name } };
    for (kind, namespace, tree) in [
        (Kind::Namespace, "", named("shop")),
        (Kind::ServiceAccount, "shop", named("default")),
        (Kind::StorageClass, "", {
            let mut class = named("standard");
            class.set(&["provisioner"], "example.com/disk");
            class
        }),
    ] {
        let made = Client::new(&mut server, Time::default()).create(kind, &namespace.into(), tree);
        assert!(made.is_ok(), "{made:?}");
    }
    server
}

/// The causes of a refusal as kubectl lists them: without repetitions.
fn told(refusal: &Status) -> Vec<String> {
    assert_eq!(refusal.reason, Reason::Invalid, "{}", refusal.message);
    let mut lines: Vec<String> = Vec::new();
    for cause in &refusal.causes {
        let line = format!("{}: {}", cause.field, cause.message);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// What is said of the creation of a manifest; nothing of a good one.
fn causes(part: Part, change: &str) -> Vec<String> {
    causes_with(Gates::default(), part, change)
}

fn causes_with(gates: Gates, part: Part, change: &str) -> Vec<String> {
    let tree = manifest(part, change);
    let kind = Kind::of_manifest(tree.at(&["apiVersion"]).str_or_empty(), tree.at(&["kind"]).str_or_empty());
    let Some(kind) = kind else {
        return vec!["no such kind".to_owned()];
    };
    let namespace: Text = if kind.is_namespaced() { "shop".into() } else { Text::default() };
    let mut server = server(gates);
    let made = Client::new(&mut server, Time::default()).create(kind, &namespace, tree);
    made.err().map_or(Vec::new(), |refusal| told(&refusal))
}

#[test]
fn a_good_set_is_accepted() {
    assert_eq!(causes(Part::Set, "{}"), Vec::<String>::new());
    assert_eq!(causes(Part::Container, r#"{"image": " nginx"}"#), Vec::<String>::new());
    assert_eq!(causes(Part::Spec, r#"{"serviceName": null}"#), Vec::<String>::new());
}

#[test]
fn a_pod_is_told_what_its_template_is_not() {
    let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
        "spec": {"containers": [{"name": "a", "image": " nginx"}]}}"#;
    assert_eq!(
        causes(Part::Whole, pod),
        [r#"spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace"#]
    );
}

#[test]
fn the_most_that_may_be_unavailable_is_judged_only_with_its_gate() {
    let gates = Gates { max_unavailable_stateful_set: true };
    let path = "spec.updateStrategy.rollingUpdate.maxUnavailable";
    let percent = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', \
                   regex used for validation is '[0-9]+%')";
    for (value, expected) in [
        ("0", vec!["Invalid value: 0: cannot be 0".to_owned()]),
        ("-1", vec!["Invalid value: -1: must be greater than or equal to 0".to_owned()]),
        ("\"120%\"", vec!["Invalid value: \"120%\": must not be greater than 100%".to_owned()]),
        ("\"0%\"", vec!["Invalid value: \"0%\": cannot be 0".to_owned()]),
        (
            "\"abc\"",
            vec![format!("Invalid value: \"abc\": {percent}"), "Invalid value: \"abc\": cannot be 0".to_owned()],
        ),
    ] {
        let change = format!(r#"{{"updateStrategy": {{"rollingUpdate": {{"maxUnavailable": {value}}}}}}}"#);
        let expected: Vec<String> = expected.iter().map(|text| format!("{path}: {text}")).collect();
        assert_eq!(causes_with(gates, Part::Spec, &change), expected);
        assert_eq!(causes(Part::Spec, &change), Vec::<String>::new());
    }
}
