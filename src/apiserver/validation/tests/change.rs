//! What may not be changed, and how Kubernetes shows the difference.

use super::{parse, server, set, told};
use crate::api::{Kind, Shared};
use crate::apiserver::{ApiServer, Client, Gates};
use crate::time::Time;
use crate::value::Value;

/// A world with one object, whose status is then set.
fn world(kind: Kind, tree: Value, status: &str) -> (ApiServer, Shared) {
    let mut server = server(Gates::default());
    let mut client = Client::new(&mut server, Time::default());
    let made = client.create(kind, &"shop".into(), tree).unwrap();
    let mut tree = made.tree.clone();
    let object = if status.is_empty() {
        made
    } else {
        tree.set(&["status"], parse(status));
        client.update_status(&made, tree).unwrap()
    };
    (server, object)
}

/// What is said of a merge patch.
fn said(server: &mut ApiServer, object: &Shared, patch: &str) -> Vec<String> {
    let answer = Client::new(server, Time::default()).merge_patch(object, parse(patch));
    answer.err().map_or(Vec::new(), |refusal| told(&refusal))
}

const FORBIDDEN: &str = "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', \
     'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
     'minReadySeconds' are forbidden";

#[test]
fn a_set_keeps_what_its_pods_are_known_by() {
    let (mut server, set) = world(Kind::StatefulSet, set(), "");
    let labels = "spec.template.metadata.labels: Invalid value";
    let mismatch = "`selector` does not match template `labels`";
    for (patch, expected) in [
        (r#"{"spec":{"replicas":-2}}"#, vec!["spec.replicas: Invalid value: -2: must be greater than or equal to 0"]),
        (r#"{"spec":{"serviceName":"other"}}"#, vec![FORBIDDEN]),
        (
            r#"{"spec":{"selector":{"matchLabels":{"x":"y"}}}}"#,
            vec![&*format!("{labels}: {{\"app\":\"web\"}}: {mismatch}"), FORBIDDEN],
        ),
        (
            r#"{"spec":{"volumeClaimTemplates":[]}}"#,
            vec![r#"spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data""#, FORBIDDEN],
        ),
        (r#"{"spec":{"template":{"metadata":{"labels":null}}}}"#, vec![&*format!("{labels}: null: {mismatch}")]),
        (
            r#"{"spec":null}"#,
            vec![
                "spec.selector: Required value",
                &*format!("{labels}: null: {mismatch}"),
                "spec.template.spec.containers: Required value",
                FORBIDDEN,
            ],
        ),
        (
            r#"{"metadata":{"ownerReferences":[{"kind":"x"}]}}"#,
            vec![
                r#"metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty"#,
                r#"metadata.ownerReferences.name: Invalid value: "": must not be empty"#,
                r#"metadata.ownerReferences.uid: Invalid value: "": must not be empty"#,
            ],
        ),
        (r#"{"spec":{"replicas":3,"minReadySeconds":5,"ordinals":{"start":1}}}"#, vec![]),
    ] {
        assert_eq!(said(&mut server, &set, patch), expected, "{patch}");
    }
}

#[test]
fn a_status_cannot_count_more_ready_pods_than_pods() {
    let (mut server, set) = world(Kind::StatefulSet, set(), r#"{"replicas": 1, "collisionCount": 1}"#);
    let mut tree = set.tree.clone();
    tree.set(&["status"], parse(r#"{"replicas": 2, "readyReplicas": 3, "collisionCount": 0}"#));
    let refusal = Client::new(&mut server, Time::default()).update_status(&set, tree).unwrap_err();
    assert_eq!(
        told(&refusal),
        [
            "status.readyReplicas: Invalid value: 3: cannot be greater than status.replicas",
            "status.collisionCount: Invalid value: 0: cannot be decremented",
        ]
    );
}

/// A pod as its set makes it, on a node.
fn pod() -> Value {
    parse(
        r#"{"metadata": {"name": "web-0"}, "spec": {"nodeName": "node-1", "hostname": "web-0", "subdomain": "web",
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-web-0"}}],
        "containers": [{"name": "app", "image": "nginx:1.27", "ports": [{"name": "http", "containerPort": 80}],
            "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": 15},
            "volumeMounts": [{"name": "data", "mountPath": "/data"}]}]}}"#,
    )
}

/// The lines of a cause from its first line of difference on.
fn difference(causes: &[String]) -> String {
    let text = causes.join("\n");
    text.split_once("\n@@").map_or(text.clone(), |(_, rest)| format!("@@{rest}"))
}

#[test]
fn a_pod_changes_little_and_the_difference_is_shown() {
    let (mut server, pod) = world(Kind::Pod, pod(), "");
    for (patch, expected) in [
        (
            r#"{"spec":{"hostname":"x"}}"#,
            "@@ -232,7 +232,7 @@\n   \"SELinuxChangePolicy\": null\n  },\n  \"ImagePullSecrets\": null,\n- \"Hostname\": \
             \"web-0\",\n+ \"Hostname\": \"x\",\n  \"Subdomain\": \"web\",\n  \"SetHostnameAsFQDN\": null,\n  \
             \"Affinity\": null,\n",
        ),
        (
            r#"{"spec":{"nodeName":"node-9"}}"#,
            "@@ -210,7 +210,7 @@\n  \"NodeSelector\": null,\n  \"ServiceAccountName\": \"default\",\n  \
             \"AutomountServiceAccountToken\": null,\n- \"NodeName\": \"node-1\",\n+ \"NodeName\": \"node-9\",\n  \
             \"SecurityContext\": {\n   \"HostNetwork\": false,\n   \"HostPID\": false,\n",
        ),
        (
            r#"{"spec":{"terminationGracePeriodSeconds":5}}"#,
            "@@ -204,7 +204,7 @@\n  ],\n  \"EphemeralContainers\": null,\n  \"RestartPolicy\": \"Always\",\n- \
             \"TerminationGracePeriodSeconds\": 30,\n+ \"TerminationGracePeriodSeconds\": 5,\n  \
             \"ActiveDeadlineSeconds\": null,\n  \"DNSPolicy\": \"ClusterFirst\",\n  \"NodeSelector\": null,\n",
        ),
    ] {
        assert_eq!(difference(&said(&mut server, &pod, patch)), expected, "{patch}");
    }
}

#[test]
fn resources_of_a_running_pod_are_shown_as_lines_added() {
    let (mut server, pod) = world(Kind::Pod, pod(), "");
    let mut tree = pod.tree.clone();
    let containers = tree.at_mut(&["spec", "containers"]).items_mut();
    if let Some(container) = containers.first_mut() {
        container.set(&["resources"], parse(r#"{"requests": {"cpu": "1"}}"#));
    }
    let refusal = Client::new(&mut server, Time::default()).update(&pod, tree).unwrap_err();
    assert_eq!(
        difference(&told(&refusal)),
        "@@ -145,7 +145,9 @@\n    \"Env\": null,\n    \"Resources\": {\n     \"Limits\": null,\n-    \"Requests\": \
         null,\n+    \"Requests\": {\n+     \"cpu\": \"1\"\n+    },\n     \"Claims\": null\n    },\n    \
         \"ResizePolicy\": null,\n"
    );
}

#[test]
fn a_volume_that_a_running_pod_lacks_is_shown_before_the_others() {
    let (mut server, pod) = world(Kind::Pod, pod(), "");
    let mut tree = pod.tree.clone();
    let claim = r#"{"name": "more", "persistentVolumeClaim": {"claimName": "more-web-0"}}"#;
    tree.at_mut(&["spec", "volumes"]).items_mut().insert(0, parse(claim));
    let refusal = Client::new(&mut server, Time::default()).update(&pod, tree).unwrap_err();
    let text = difference(&told(&refusal));
    let start = "@@ -1,5 +1,41 @@\n {\n  \"Volumes\": [\n+  {\n+   \"Name\": \"more\",\n+   \"HostPath\": null,\n";
    assert!(text.starts_with(start), "{text}");
    assert!(text.ends_with("+  },\n   {\n    \"Name\": \"data\",\n    \"HostPath\": null,\n"), "{text}");
}

#[test]
fn an_image_and_more_tolerations_are_no_trouble() {
    let (mut server, pod) = world(Kind::Pod, pod(), "");
    let mut tree = pod.tree.clone();
    if let Some(container) = tree.at_mut(&["spec", "containers"]).items_mut().first_mut() {
        container.set(&["image"], "nginx:1.28");
    }
    tree.at_mut(&["spec", "tolerations"]).items_mut().push(parse(r#"{"key": "a", "operator": "Exists"}"#));
    let changed = Client::new(&mut server, Time::default()).update(&pod, tree);
    assert!(changed.is_ok(), "{changed:?}");
}

#[test]
fn a_bound_claim_may_only_grow() {
    let claim = r#"{"metadata": {"name": "data-web-0"}, "spec": {"accessModes": ["ReadWriteOnce"],
        "storageClassName": "standard", "volumeName": "pvc-1", "resources": {"requests": {"storage": "1Gi"}}}}"#;
    let status = r#"{"phase": "Bound", "capacity": {"storage": "1Gi"}}"#;
    let (mut server, claim) = world(Kind::PersistentVolumeClaim, parse(claim), status);
    let less = said(&mut server, &claim, r#"{"spec":{"resources":{"requests":{"storage":"500Mi"}}}}"#);
    assert_eq!(less, ["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"]);
    let start = "spec: Forbidden: spec is immutable after creation except resources.requests and \
                 volumeAttributesClassName for bound claims\n";
    for (patch, expected) in [
        (
            r#"{"spec":{"accessModes":["ReadWriteMany"]}}"#,
            "@@ -1,6 +1,6 @@\n {\n  \"AccessModes\": [\n-  \"ReadWriteOnce\"\n+  \"ReadWriteMany\"\n  ],\n  \
             \"Selector\": null,\n  \"Resources\": {\n",
        ),
        (
            r#"{"spec":{"storageClassName":"slow"}}"#,
            "@@ -10,7 +10,7 @@\n   }\n  },\n  \"VolumeName\": \"pvc-1\",\n- \"StorageClassName\": \"standard\",\n+ \
             \"StorageClassName\": \"slow\",\n  \"VolumeMode\": \"Filesystem\",\n  \"DataSource\": null,\n  \
             \"DataSourceRef\": null,\n",
        ),
        (
            r#"{"spec":{"volumeName":"x"}}"#,
            "@@ -9,7 +9,7 @@\n    \"storage\": \"1Gi\"\n   }\n  },\n- \"VolumeName\": \"pvc-1\",\n+ \"VolumeName\": \
             \"x\",\n  \"StorageClassName\": \"standard\",\n  \"VolumeMode\": \"Filesystem\",\n  \"DataSource\": null,\n",
        ),
    ] {
        assert_eq!(said(&mut server, &claim, patch), [format!("{start}{expected}")]);
    }
    let more = r#"{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}"#;
    let refusal = Client::new(&mut server, Time::default()).merge_patch(&claim, parse(more)).unwrap_err();
    assert_eq!(
        refusal.message,
        "persistentvolumeclaims \"data-web-0\" is forbidden: only dynamically provisioned pvc can be resized and the \
         storageclass that provisions the pvc must support resize"
    );
}

#[test]
fn a_service_keeps_its_address() {
    let service =
        r#"{"metadata": {"name": "web"}, "spec": {"clusterIP": "None", "ports": [{"name": "http", "port": 80}]}}"#;
    let (mut server, service) = world(Kind::Service, parse(service), "");
    for (patch, expected) in [
        (
            r#"{"spec":{"clusterIP":"10.96.0.9"}}"#,
            vec![r#"spec.clusterIPs[0]: Invalid value: ["10.96.0.9"]: may not change once set"#],
        ),
        (
            r#"{"spec":{"type":"NodePort"}}"#,
            vec![r#"spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services"#],
        ),
        (r#"{"spec":{"type":"ExternalName"}}"#, vec!["spec.externalName: Required value"]),
        (r#"{"spec":{"clusterIP":""}}"#, vec![]),
    ] {
        assert_eq!(said(&mut server, &service, patch), expected, "{patch}");
    }
}
