use super::*;
use crate::time::Time;
use crate::{list, map};

fn named(namespace: &'static str, name: &'static str) -> Value {
    map! { "metadata" => map! { "namespace" => namespace, "name" => name } }
}

fn store_with(objects: Vec<(Kind, Value)>) -> Store {
    let mut store = Store::default();
    for (kind, tree) in objects {
        store.put(Time::default(), kind, tree);
    }
    store
}

fn pod() -> Value {
    let mut pod = named("shop", "web-0");
    pod.set(&["spec", "containers"], list![map! { "name" => "app", "image" => "nginx:1.27" }]);
    pod
}

#[test]
fn a_pod_gets_its_token_its_tolerations_and_its_priority() {
    let store = store_with(vec![(Kind::ServiceAccount, named("shop", "default"))]);
    let mut pod = pod();
    assert!(admit(Kind::Pod, &mut pod, &store, Seed(1)).is_ok());
    let spec = pod.at(&["spec"]);
    assert_eq!(spec.at(&["serviceAccount"]).as_str(), Some("default"));
    assert_eq!(spec.at(&["priority"]).as_i64(), Some(0));
    let keys: Vec<&str> = spec.at(&["tolerations"]).items().iter().map(|t| t.at(&["key"]).str_or_empty()).collect();
    assert_eq!(keys, ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]);
    let volume = spec.at(&["volumes"]).items().first().map(|v| v.at(&["name"]).text()).unwrap_or_default();
    assert_eq!(volume.len(), "kube-api-access-".len() + 5);
    let again = pod.clone();
    assert!(admit(Kind::Pod, &mut pod, &store, Seed(2)).is_ok());
    assert_eq!(pod, again, "an admitted pod is left as it is");
}

#[test]
fn a_pod_whose_account_is_missing_is_refused() {
    let mut pod = pod();
    pod.set(&["spec", "serviceAccountName"], "nope");
    let refusal = admit(Kind::Pod, &mut pod, &Store::default(), Seed(1)).err();
    assert_eq!(
        refusal.map(|status| status.message.to_string()).as_deref(),
        Some(
            "pods \"web-0\" is forbidden: error looking up service account shop/nope: \
             serviceaccount \"nope\" not found"
        )
    );
}

#[test]
fn a_claim_gets_the_default_class_only_if_it_says_nothing() {
    let mut class = map! { "metadata" => map! { "name" => "standard" } };
    class.set(&["metadata", "annotations"], map! { "storageclass.kubernetes.io/is-default-class" => "true" });
    let store = store_with(vec![(Kind::StorageClass, class)]);
    let mut silent = named("shop", "data");
    let mut without = silent.clone();
    without.set(&["spec", "storageClassName"], "");
    for tree in [&mut silent, &mut without] {
        assert!(admit(Kind::PersistentVolumeClaim, tree, &store, Seed(1)).is_ok());
        assert_eq!(tree.at(&["metadata", "finalizers"]), &list!["kubernetes.io/pvc-protection"]);
    }
    assert_eq!(silent.at(&["spec", "storageClassName"]).as_str(), Some("standard"));
    assert_eq!(without.at(&["spec", "storageClassName"]).as_str(), Some(""));
}

fn service(name: &'static str, ip: &'static str) -> Value {
    let mut service = named("shop", name);
    service.set(&["spec"], map! { "type" => "ClusterIP" });
    if !ip.is_empty() {
        service.set(&["spec", "clusterIP"], ip);
    }
    service
}

fn allocated(store: &Store, mut tree: Value) -> Result<Value, String> {
    Addresses { store, seed: Seed(1) }
        .allocate(&mut tree, None)
        .map(|()| tree)
        .map_err(|status| status.message.to_string())
}

#[test]
fn an_address_is_drawn_once_and_never_given_twice() {
    let first = allocated(&Store::default(), service("web", "")).unwrap_or_default();
    let store = store_with(vec![(Kind::Service, first.clone())]);
    let second = allocated(&store, service("web", "")).unwrap_or_default();
    assert_ne!(first.at(&["spec", "clusterIP"]), second.at(&["spec", "clusterIP"]));
    assert_eq!(first.at(&["spec", "ipFamilyPolicy"]).as_str(), Some("SingleStack"));
}

#[test]
fn an_address_from_elsewhere_or_taken_is_refused() {
    let store = store_with(vec![(Kind::Service, service("a", "10.96.0.1"))]);
    for (ip, why) in [
        ("1.2.3.4", "the provided network does not match the current range"),
        ("10.96.0.1", "provided IP is already allocated"),
    ] {
        let text = allocated(&store, service("b", ip)).err().unwrap_or_default();
        assert_eq!(
            text,
            format!(
                "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"{ip}\"]: failed to allocate IP {ip}: {why}"
            )
        );
    }
}

#[test]
fn a_headless_service_without_selector_speaks_of_both_families() {
    let service = allocated(&Store::default(), service("web", "None")).unwrap_or_default();
    assert_eq!(service.at(&["spec", "ipFamilies"]), &list!["IPv4", "IPv6"]);
    assert_eq!(service.at(&["spec", "clusterIPs"]), &list!["None"]);
}
