use super::*;
use crate::{list, map};

fn defaulted(kind: Kind, mut tree: Value) -> Value {
    apply(kind, &mut tree, Gates::default());
    let once = tree.clone();
    apply(kind, &mut tree, Gates::default());
    assert_eq!(tree, once, "defaults applied twice");
    tree
}

fn set(spec: Value) -> Value {
    map! { "metadata" => map! { "name" => "web" }, "spec" => spec }
}

#[test]
fn a_strategy_without_a_type_gets_a_partition_and_one_with_a_type_does_not() {
    let plain = defaulted(Kind::StatefulSet, set(map! {}));
    assert_eq!(
        plain.at(&["spec", "updateStrategy"]),
        &map! { "type" => "RollingUpdate", "rollingUpdate" => map! { "partition" => 0 } }
    );
    let typed = map! { "updateStrategy" => map! { "type" => "RollingUpdate" } };
    let typed = defaulted(Kind::StatefulSet, set(typed));
    assert_eq!(typed.at(&["spec", "updateStrategy"]), &map! { "type" => "RollingUpdate" });
}

#[test]
fn the_gate_decides_about_max_unavailable() {
    let mut tree = set(map! {});
    apply(Kind::StatefulSet, &mut tree, Gates { max_unavailable_stateful_set: true });
    let rolling = tree.at(&["spec", "updateStrategy", "rollingUpdate"]);
    assert_eq!(rolling, &map! { "partition" => 0, "maxUnavailable" => 1 });
}

#[test]
fn images_without_a_tag_are_always_pulled() {
    for (image, policy) in [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1.27", "IfNotPresent"),
        ("registry:5000/nginx", "Always"),
        ("registry:5000/nginx:1", "IfNotPresent"),
        ("nginx@sha256:abc", "IfNotPresent"),
    ] {
        let containers = list![map! { "name" => "a", "image" => image }];
        let pod = defaulted(Kind::Pod, set(map! { "containers" => containers }));
        let container = pod.at(&["spec", "containers"]).items().first().cloned().unwrap_or_default();
        assert_eq!(container.at(&["imagePullPolicy"]).as_str(), Some(policy), "{image}");
    }
}

#[test]
fn only_pods_take_requests_from_limits() {
    let resources = map! { "limits" => map! { "cpu" => "1" } };
    let spec = map! { "containers" => list![map! { "name" => "a", "image" => "b", "resources" => resources }] };
    let pod = defaulted(Kind::Pod, set(spec.clone()));
    let template = defaulted(Kind::StatefulSet, set(map! { "template" => map! { "spec" => spec } }));
    let requests = |spec: &Value| {
        spec.at(&["containers"])
            .items()
            .first()
            .cloned()
            .unwrap_or_default()
            .at(&["resources", "requests", "cpu"])
            .text()
    };
    assert_eq!(requests(pod.at(&["spec"])), "1");
    assert_eq!(requests(template.at(&["spec", "template", "spec"])), "");
}

#[test]
fn a_volume_without_a_source_is_an_empty_directory() {
    let spec = map! { "volumes" => list![map! { "name" => "scratch" }] };
    let pod = defaulted(Kind::Pod, set(spec));
    assert_eq!(pod.at(&["spec", "volumes"]), &list![map! { "name" => "scratch", "emptyDir" => map! {} }]);
}
