//! Stories of nodes.

use crate::api::Kind;
use crate::controller::testing::Bench;
use crate::value::Value;

use super::NodeLifecycle;

const HEALTHY: &str = "{conditions: [{type: MemoryPressure, status: 'False'}, {type: Ready, status: 'True'}]}";
const UNREACHABLE: &str = "{conditions: [{type: MemoryPressure, status: Unknown}, {type: Ready, status: Unknown, reason: NodeStatusUnknown}]}";

fn cluster() -> Bench {
    let mut bench = Bench::new().with(NodeLifecycle::new(), 10);
    for number in 1..=3 {
        bench.create(&format!("{{kind: Node, apiVersion: v1, metadata: {{name: node-{number}}}, spec: {{}}}}"));
        bench.status(Kind::Node, &format!("node-{number}"), HEALTHY);
    }
    bench.pass(1000);
    bench
}

fn pod(bench: &mut Bench, name: &str, node: &str, seconds: i64) {
    bench.create(&format!(
        "{{kind: Pod, apiVersion: v1, metadata: {{name: {name}}}, spec: {{nodeName: {node}, containers: [{{name: app, \
         image: nginx}}], tolerations: [{{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, \
         tolerationSeconds: {seconds}}}, {{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, \
         tolerationSeconds: {seconds}}}]}}}}"
    ));
    bench.status(
        Kind::Pod,
        name,
        "{phase: Running, conditions: [{type: Ready, status: 'True'}, {type: ContainersReady, status: 'True'}]}",
    );
}

fn taints(node: &Value) -> String {
    let taint = |t: &Value| {
        format!(
            "{}:{}",
            t.at(&["key"]).str_or_empty().replace("node.kubernetes.io/", ""),
            t.at(&["effect"]).str_or_empty()
        )
    };
    node.at(&["spec", "taints"]).items().iter().map(taint).collect::<Vec<_>>().join(" ")
}

fn taints_of(bench: &Bench, name: &str) -> String {
    taints(&bench.get(Kind::Node, name).unwrap().tree)
}

#[test]
fn a_cordon_is_mirrored_by_a_taint_and_taken_back_with_it() {
    let mut bench = cluster();
    bench.patch(Kind::Node, "node-1", "{spec: {unschedulable: true}}");
    bench.pass(20);
    assert_eq!(taints_of(&bench, "node-1"), "unschedulable:NoSchedule");
    bench.patch(Kind::Node, "node-1", "{spec: {unschedulable: null}}");
    bench.pass(20);
    assert_eq!(taints_of(&bench, "node-1"), "");
}

#[test]
fn the_pods_of_an_unreachable_node_are_unready_at_once_and_evicted_when_their_toleration_ends() {
    let mut bench = cluster();
    pod(&mut bench, "web-1", "node-2", 10);
    bench.pass(1000);
    bench.status(Kind::Node, "node-2", UNREACHABLE);
    bench.pass(6000);
    assert_eq!(taints_of(&bench, "node-2"), "unreachable:NoSchedule unreachable:NoExecute");
    let conditions = |bench: &Bench| {
        let pod = bench.get(Kind::Pod, "web-1").unwrap();
        let line = |c: &Value| format!("{}={}", c.at(&["type"]).str_or_empty(), c.at(&["status"]).str_or_empty());
        pod.tree.at(&["status", "conditions"]).items().iter().map(line).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(conditions(&bench), "Ready=False ContainersReady=True");
    assert!(!bench.get(Kind::Pod, "web-1").unwrap().is_terminating());
    bench.pass(10_000);
    assert!(bench.get(Kind::Pod, "web-1").unwrap().is_terminating());
    assert_eq!(conditions(&bench), "Ready=False ContainersReady=True DisruptionTarget=True");
    let mut events = bench.events("web-1");
    events.sort();
    assert_eq!(
        events,
        [
            "Normal TaintManagerEviction x1 Marking for deletion Pod default/web-1",
            "Warning NodeNotReady x1 Node is not ready",
        ]
    );
}

#[test]
fn a_node_that_returns_in_time_keeps_its_pods() {
    let mut bench = cluster();
    pod(&mut bench, "web-1", "node-2", 300);
    bench.pass(1000);
    bench.status(Kind::Node, "node-2", UNREACHABLE);
    bench.pass(60_000);
    bench.status(Kind::Node, "node-2", HEALTHY);
    bench.pass(6000);
    assert_eq!(taints_of(&bench, "node-2"), "");
    bench.pass(600_000);
    assert!(!bench.get(Kind::Pod, "web-1").unwrap().is_terminating());
    assert!(
        bench
            .events("web-1")
            .contains(&"Normal TaintManagerEviction x1 Cancelling deletion of Pod default/web-1".to_owned())
    );
}

#[test]
fn when_every_node_is_lost_nobody_is_evicted() {
    let mut bench = cluster();
    pod(&mut bench, "web-1", "node-2", 10);
    for name in ["node-1", "node-2", "node-3"] {
        bench.status(Kind::Node, name, UNREACHABLE);
    }
    bench.pass(120_000);
    for name in ["node-1", "node-2", "node-3"] {
        assert_eq!(taints_of(&bench, name), "unreachable:NoSchedule");
    }
    assert!(!bench.get(Kind::Pod, "web-1").unwrap().is_terminating());
}

#[test]
fn pods_of_a_deleted_node_are_collected_within_a_minute() {
    let mut bench = cluster();
    pod(&mut bench, "web-1", "node-2", 300);
    bench.pass(1000);
    bench.delete(Kind::Node, "node-2", crate::apiserver::DeleteOptions::default());
    bench.pass(39_000);
    assert!(bench.get(Kind::Pod, "web-1").is_some());
    bench.pass(25_000);
    assert!(bench.get(Kind::Pod, "web-1").is_none());
}
