//! Stories of pods that look for a node.

use crate::api::Kind;
use crate::controller::testing::Bench;
use crate::kubelet::tests::cluster;
use crate::value::Value;

fn pod(bench: &mut Bench, name: &str, spec: &str) {
    bench.create(&format!(
        "{{kind: Pod, apiVersion: v1, metadata: {{name: {name}, labels: {{app: web}}}}, spec: {{containers: [{{name: app, \
         image: 'nginx:1.27'}}]{spec}}}}}"
    ));
}

fn refusal(bench: &Bench, name: &str) -> String {
    let pod = bench.get(Kind::Pod, name).unwrap();
    let conditions = pod.tree.at(&["status", "conditions"]).items();
    let scheduled = conditions.iter().find(|c| c.at(&["type"]).as_str() == Some("PodScheduled"));
    scheduled.map(|c| c.at(&["message"]).str_or_empty().to_owned()).unwrap_or_default()
}

fn node(bench: &Bench, name: &str) -> String {
    bench.get(Kind::Pod, name).unwrap().tree.at(&["spec", "nodeName"]).str_or_empty().to_owned()
}

const ANTI: &str = ", affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: \
                    kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}]}}";

#[test]
fn pods_that_shun_each_other_get_a_node_each_and_the_fourth_is_told_why_not() {
    let mut bench = cluster("recorded");
    for name in ["web-0", "web-1", "web-2"] {
        pod(&mut bench, name, ANTI);
        bench.pass(100);
    }
    let mut nodes = vec![node(&bench, "web-0"), node(&bench, "web-1"), node(&bench, "web-2")];
    nodes.sort();
    assert_eq!(nodes, ["node-1", "node-2", "node-3"]);
    let last = node(&bench, "web-2");
    bench.patch(Kind::Node, &last, "{spec: {unschedulable: true}}");
    pod(&mut bench, "web-3", ANTI);
    bench.pass(100);
    assert_eq!(
        refusal(&bench, "web-3"),
        "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod anti-affinity rules. no new \
         claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No \
         preemption victims found for incoming pod."
    );
    bench.delete(Kind::Pod, "web-0", crate::apiserver::DeleteOptions::default());
    bench.pass(5_000);
    assert_eq!(node(&bench, "web-3").len(), 6, "the place that became free is taken");
}

#[test]
fn every_refusal_has_its_own_words() {
    let request = |cpu: &str| format!("requests: {{cpu: '{cpu}'}}");
    for (spec, text) in [
        (", nodeSelector: {disk: fast}", "3 node(s) didn't match Pod's node affinity/selector."),
        (
            ", volumes: [{name: data, persistentVolumeClaim: {claimName: nope}}]",
            "persistentvolumeclaim \"nope\" not found. not found",
        ),
        (
            ", topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: \
             {matchLabels: {app: web}}}]",
            "3 node(s) didn't match pod topology spread constraints (missing required label).",
        ),
    ] {
        let mut bench = cluster("recorded");
        pod(&mut bench, "web-0", spec);
        bench.pass(100);
        let said = refusal(&bench, "web-0");
        assert!(said.starts_with(&format!("0/3 nodes are available: {text}")), "{said}");
    }
    let mut bench = cluster("recorded");
    bench.create(&format!(
        "{{kind: Pod, apiVersion: v1, metadata: {{name: big}}, spec: {{containers: [{{name: app, image: nginx, resources: \
         {{{}}}}}]}}}}",
        request("5")
    ));
    bench.pass(100);
    assert!(refusal(&bench, "big").starts_with("0/3 nodes are available: 3 Insufficient cpu. "));
}

#[test]
fn a_tainted_node_takes_only_pods_that_bear_it() {
    let mut bench = cluster("recorded");
    for number in 1..=3 {
        bench.patch(
            Kind::Node,
            &format!("node-{number}"),
            "{spec: {taints: [{key: team, value: blue, effect: NoSchedule}]}}",
        );
    }
    bench.pass(100);
    pod(&mut bench, "web-0", "");
    pod(&mut bench, "web-1", ", tolerations: [{key: team, operator: Equal, value: blue, effect: NoSchedule}]");
    bench.pass(100);
    assert!(refusal(&bench, "web-0").starts_with("0/3 nodes are available: 3 node(s) had untolerated taint(s). "));
    assert_ne!(node(&bench, "web-1"), "");
    bench.patch(Kind::Node, "node-2", "{spec: {taints: null}}");
    bench.pass(100);
    assert_eq!(node(&bench, "web-0"), "node-2");
}

#[test]
fn a_claim_that_waits_for_its_consumer_gets_its_volume_where_the_pod_goes() {
    let mut bench = cluster("recorded");
    bench.create(
        "{kind: PersistentVolumeClaim, apiVersion: v1, metadata: {name: data-web-0}, spec: {storageClassName: \
         standard-wffc, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
    );
    pod(&mut bench, "web-0", ", volumes: [{name: data, persistentVolumeClaim: {claimName: data-web-0}}]");
    bench.pass(3_000);
    let claim = bench.get(Kind::PersistentVolumeClaim, "data-web-0").unwrap();
    let selected = claim.annotation("volume.kubernetes.io/selected-node").unwrap_or("").to_owned();
    assert_eq!(node(&bench, "web-0"), selected);
    assert_ne!(selected, "");
}

#[test]
fn a_volume_of_another_node_keeps_its_pod_there() {
    let mut bench = cluster("recorded");
    bench.create(
        "{kind: PersistentVolume, apiVersion: v1, metadata: {name: local-2}, spec: {storageClassName: local, capacity: \
         {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}, nodeAffinity: {required: \
         {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node-2]}]}]}}}}",
    );
    bench.create(
        "{kind: PersistentVolumeClaim, apiVersion: v1, metadata: {name: data-web-0}, spec: {storageClassName: local, \
         volumeName: local-2, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
    );
    bench.pass(20_000);
    bench.patch(Kind::Node, "node-2", "{spec: {unschedulable: true}}");
    bench.pass(100);
    pod(&mut bench, "web-0", ", volumes: [{name: data, persistentVolumeClaim: {claimName: data-web-0}}]");
    bench.pass(100);
    let said = refusal(&bench, "web-0");
    assert!(
        said.starts_with(
            "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match PersistentVolume's node \
             affinity. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful"
        ),
        "{said}"
    );
    bench.patch(Kind::Node, "node-2", "{spec: {unschedulable: null}}");
    bench.pass(100);
    assert_eq!(node(&bench, "web-0"), "node-2");
}

#[test]
fn identical_pods_spread() {
    let mut bench = cluster("recorded");
    bench.create(
        "{kind: Service, apiVersion: v1, metadata: {name: web}, spec: {clusterIP: None, selector: {app: web}, ports: \
         [{port: 80}]}}",
    );
    bench.pass(10);
    for number in 0..6 {
        pod(&mut bench, &format!("web-{number}"), "");
        bench.pass(50);
    }
    let on = |wanted: &str| (0..6).filter(|n| node(&bench, &format!("web-{n}")) == wanted).count();
    assert_eq!([on("node-1"), on("node-2"), on("node-3")], [2, 2, 2]);
}

#[test]
fn a_refusal_is_written_once_per_text() {
    let mut bench = cluster("recorded");
    pod(&mut bench, "web-0", ", nodeSelector: {disk: fast}");
    bench.pass(1000);
    let writes = |bench: &Bench| {
        bench.story(Kind::Pod, |pod: &Value| pod.at(&["metadata", "name"]).str_or_empty().to_owned()).len()
    };
    assert_eq!(writes(&bench), 2);
    bench.patch(Kind::Node, "node-1", "{metadata: {labels: {disk: slow}}}");
    bench.pass(1000);
    assert_eq!(writes(&bench), 2);
    bench.patch(Kind::Node, "node-1", "{metadata: {labels: {disk: fast}}}");
    bench.pass(100);
    assert_eq!(node(&bench, "web-0"), "node-1");
}
