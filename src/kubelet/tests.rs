//! Stories of pods, as a watch would tell them.

use crate::api::Kind;
use crate::apiserver::DeleteOptions;
use crate::controller::testing::Bench;
use crate::controller::volume::{Protection, Provisioner, VolumeBinder};
use crate::kubelet::Kubelets;
use crate::profile::Profile;
use crate::scheduler::Scheduler;
use crate::value::Value;

/// Three nodes, their agents, the scheduler and the storage controllers.
pub(crate) fn cluster(profile: &str) -> Bench {
    let mut bench = Bench::new();
    bench.world.profile = Profile::named(profile).unwrap();
    for number in 1..=3 {
        bench.create(&format!(
            "{{kind: Node, apiVersion: v1, metadata: {{name: node-{number}, labels: {{kubernetes.io/hostname: node-{number}}}}}, \
             spec: {{}}, status: {{allocatable: {{cpu: '4', memory: 8Gi, pods: '110'}}, \
             addresses: [{{type: InternalIP, address: 192.168.49.1{number}}}], \
             conditions: [{{type: Ready, status: 'True'}}]}}}}"
        ));
        bench.status(
            Kind::Node,
            &format!("node-{number}"),
            &format!(
                "{{allocatable: {{cpu: '4', memory: 8Gi, pods: '110'}}, \
                 addresses: [{{type: InternalIP, address: 192.168.49.1{number}}}], \
                 conditions: [{{type: Ready, status: 'True'}}]}}"
            ),
        );
    }
    let kubelets = Kubelets::new(&bench.world.profile);
    let mut bench = bench
        .with(Scheduler::new(), 6)
        .with(kubelets, 12)
        .with(VolumeBinder::new(), 2)
        .with(Provisioner::new(), 6)
        .with(Protection::new(), 5);
    bench.pass(1000);
    bench
}

/// One pod's row: phase or state, READY, what else a reader would look at.
fn row(pod: &Value) -> String {
    let status = pod.at(&["status"]);
    let condition = |name: &str| {
        let found = status.at(&["conditions"]).items().iter().find(|c| c.at(&["type"]).as_str() == Some(name));
        found.map_or("-", |c| match c.at(&["status"]).as_str() {
            Some("True") => "T",
            _ => "F",
        })
    };
    let mut states = Vec::new();
    for list in ["initContainerStatuses", "containerStatuses"] {
        for container in status.at(&[list]).items() {
            let state = container.at(&["state"]);
            let (kind, detail) = state.pairs().next().map(|(k, v)| (k.to_string(), v.clone())).unwrap_or_default();
            let reason = detail.at(&["reason"]).as_str().map(str::to_owned).unwrap_or(kind);
            let ready = if container.at(&["ready"]).as_bool() == Some(true) { "+" } else { "" };
            let restarts = container.at(&["restartCount"]).as_i64().unwrap_or(0);
            states.push(format!("{reason}{ready} {restarts}"));
        }
    }
    let mut parts = vec![status.at(&["phase"]).str_or_empty().to_owned()];
    if let Some(grace) = pod.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64() {
        parts.push(format!("grace {grace}"));
    }
    if !pod.at(&["spec", "nodeName"]).is_null() {
        parts.push("bound".into());
    }
    parts.push(format!(
        "start={} ready={} ip={}",
        condition("PodReadyToStartContainers"),
        condition("Ready"),
        !status.at(&["podIP"]).is_null()
    ));
    parts.extend(states);
    parts.join(" ")
}

fn pods(bench: &Bench) -> Vec<String> {
    bench.story(Kind::Pod, row)
}

const CLAIM: &str = "kind: PersistentVolumeClaim\napiVersion: v1\nmetadata: {name: data-web-0}\n\
    spec: {storageClassName: standard, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}";

fn pod(extra: &str, container: &str) -> String {
    format!(
        "kind: Pod\napiVersion: v1\nmetadata: {{name: web-0}}\nspec:\n  restartPolicy: Always\n  \
         terminationGracePeriodSeconds: 30\n{extra}  containers:\n  - {{name: app, {container}}}\n"
    )
}

#[test]
fn print_story() {
    let mut bench = cluster("recorded");
    bench.create(CLAIM);
    bench.create(&pod(
        "  volumes: [{name: data, persistentVolumeClaim: {claimName: data-web-0}}]\n",
        "image: 'nginx:1.27', readinessProbe: {httpGet: {path: /, port: 80}, initialDelaySeconds: 15, periodSeconds: 10}",
    ));
    bench.pass(10_000);
    bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
    bench.pass(10_000);
    for line in pods(&bench) {
        println!("{line}");
    }
    for line in bench.events("web-0") {
        println!("{line}");
    }
    let mut bench = cluster("recorded");
    bench.create(&pod("", "image: 'crashy:1'"));
    bench.pass(50_000);
    for line in pods(&bench) {
        println!("{line}");
    }
    for line in bench.events("web-0") {
        println!("{line}");
    }
    let mut bench = cluster("recorded");
    bench.create(&pod("", "image: 'nginx:broken'"));
    bench.pass(30_000);
    bench.delete(Kind::Pod, "web-0", DeleteOptions::default());
    bench.pass(10_000);
    for line in pods(&bench) {
        println!("{line}");
    }
    for line in bench.events("web-0") {
        println!("{line}");
    }
}
