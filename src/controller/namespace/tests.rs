//! The stories of recordings 01 and 19: a namespace goes in passes.

use super::NamespaceController;
use crate::api::Kind;
use crate::apiserver::DeleteOptions;
use crate::controller::testing::Bench;
use crate::controller::volume::Protection;
use crate::value::Value;

fn bench() -> Bench {
    let mut bench = Bench::new().with(NamespaceController::new(), 5).with(Protection::new(), 5);
    bench.pass(100);
    bench
}

fn conditions(tree: &Value) -> String {
    let conditions = tree.at(&["status", "conditions"]).items();
    let line = |c: &Value| format!("{}/{}", c.at(&["status"]).str_or_empty(), c.at(&["reason"]).str_or_empty());
    conditions.iter().map(line).collect::<Vec<_>>().join(" ")
}

/// `default` may not be deleted: the stories play in `lab`.
fn lab(bench: &mut Bench) {
    bench.create("{apiVersion: v1, kind: Namespace, metadata: {name: lab}}");
    bench.pass(100);
}

#[test]
fn a_new_namespace_is_given_a_service_account_and_a_certificate_and_gets_them_back() {
    let mut bench = bench();
    assert!(bench.get(Kind::ServiceAccount, "default").is_some());
    assert!(bench.get(Kind::ConfigMap, "kube-root-ca.crt").is_some());
    bench.delete(Kind::ConfigMap, "kube-root-ca.crt", DeleteOptions::default());
    bench.pass(100);
    assert!(bench.get(Kind::ConfigMap, "kube-root-ca.crt").is_some());
}

#[test]
fn pods_go_first_then_the_rest_then_the_namespace() {
    let mut bench = bench();
    lab(&mut bench);
    bench.create("{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: lab}, spec: {nodeName: node-1, containers: [{name: a, image: a}], terminationGracePeriodSeconds: 30}}");
    bench.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: lab}}");
    bench.create("{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: lab, finalizers: [kubernetes.io/pvc-protection]}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}");
    bench.pass(100);
    bench.delete(Kind::Namespace, "lab", DeleteOptions::default());
    bench.pass(5004);
    let told_to_go = bench.now.0 - 5004;
    let store = |bench: &Bench, kind, name: &str| bench.world.server.store().get(kind, "lab", name).cloned();
    assert!(!store(&bench, Kind::Pod, "web-0").unwrap().is_terminating(), "pods run on for five seconds");
    bench.pass(2000);
    assert!(store(&bench, Kind::Pod, "web-0").unwrap().is_terminating());
    assert!(store(&bench, Kind::ConfigMap, "c").is_some(), "nothing else while a pod is left");
    let wait = bench.world.decisions.last().unwrap().wait.clone().unwrap();
    assert_eq!(wait.why, "1 pods are still in it");
    let grace = DeleteOptions { grace_seconds: Some(0), ..DeleteOptions::default() };
    bench.act(|client| client.delete(Kind::Pod, &"lab".into(), &"web-0".into(), grace)).unwrap();
    bench.pass(20_000);
    let passes: Vec<String> = bench
        .story(Kind::Namespace, conditions)
        .into_iter()
        .filter(|line| line.contains(" lab "))
        .map(|line| {
            let (at, rest) = line.split_once(' ').unwrap();
            format!("{} {rest}", at.parse::<i64>().unwrap() - told_to_go)
        })
        .skip(1)
        .collect();
    let quiet = "False/ResourcesDiscovered False/ParsedGroupVersions False/ContentDeleted";
    assert_eq!(
        passes,
        [
            "0 MODIFIED lab ".to_owned(),
            format!("5005 MODIFIED lab {quiet} False/ContentRemoved False/ContentHasNoFinalizers"),
            format!("10010 MODIFIED lab {quiet} True/SomeResourcesRemain True/SomeFinalizersRemain"),
            format!("15015 MODIFIED lab {quiet} False/ContentRemoved False/ContentHasNoFinalizers"),
            format!("15015 DELETED lab {quiet} False/ContentRemoved False/ContentHasNoFinalizers"),
        ]
    );
    let told = bench.history.iter().rev().find_map(|event| {
        let list = event.object.tree.at(&["status", "conditions"]).items();
        let told = list.get(3).map(|c| c.at(&["message"]).text());
        told.filter(|text| text.starts_with("Some"))
    });
    assert_eq!(told.unwrap(), "Some resources are remaining: persistentvolumeclaims. has 1 resource instances");
}

#[test]
fn a_pod_that_outlives_its_grace_is_told_as_a_failure() {
    let mut bench = bench();
    lab(&mut bench);
    bench.create("{apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: lab}, spec: {nodeName: node-1, containers: [{name: a, image: a}], terminationGracePeriodSeconds: 10}}");
    bench.delete(Kind::Namespace, "lab", DeleteOptions::default());
    bench.pass(40_000);
    let namespace = bench.get(Kind::Namespace, "lab").unwrap();
    let failure = namespace.tree.at(&["status", "conditions"]).items()[2].at(&["message"]).text();
    assert_eq!(
        failure,
        "Failed to delete all resource types, 1 remaining: unexpected items still remain in namespace: lab for gvr: /v1, Resource=pods"
    );
}
