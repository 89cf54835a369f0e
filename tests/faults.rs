//! What breaks, is mended, joins and takes longer: each fault does what it says, and nothing when it cannot.

// A test that fails may panic.
#![allow(clippy::expect_used)]

use std::rc::Rc;

use playground::api::{Kind, Shared};
use playground::apiserver::Gates;
use playground::kubectl::{Invocation, split_words};
use playground::profile::Profile;
use playground::promises::{Broken, Promise, Promises};
use playground::random::Seed;
use playground::sim::{Fault, Intent, Latency, Machine, Setup, World};
use playground::value::Text;

fn manifest(cpu: &str) -> String {
    format!(
        r#"{{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {{"name": "web"}}, "spec": {{
    "serviceName": "web", "replicas": 2, "selector": {{"matchLabels": {{"app": "web"}}}},
    "template": {{"metadata": {{"labels": {{"app": "web"}}}}, "spec": {{"containers": [{{"name": "app", "image": "nginx:1.27",
    "resources": {{"requests": {{"cpu": "{cpu}"}}}},
    "livenessProbe": {{"httpGet": {{"path": "/", "port": 80}}, "periodSeconds": 5}},
    "readinessProbe": {{"httpGet": {{"path": "/", "port": 80}}, "periodSeconds": 5}}}}]}}}}}}}}"#
    )
}

struct Cluster(World);

impl Cluster {
    fn new(cpu: &str) -> Self {
        let profile = Profile::named("life").expect("a built-in profile");
        let mut cluster = Self(World::new(&Setup { profile, gates: Gates::default(), seed: Seed(1) }));
        cluster.kubectl("kubectl create -f -", Some(&manifest(cpu)));
        cluster.pass(60);
        cluster
    }

    fn kubectl(&mut self, line: &str, stdin: Option<&str>) {
        self.0.submit(Intent::Run(Invocation {
            argv: split_words(line).expect("words"),
            stdin: stdin.map(Text::copy),
            files: Rc::default(),
            ..Invocation::default()
        }));
        self.pass(0);
    }

    fn fault(&mut self, fault: Fault) {
        self.0.submit(Intent::Fault(fault));
        self.pass(0);
    }

    fn pass(&mut self, seconds: i64) {
        let to = self.0.now().plus(seconds * 1000);
        self.0.run_until(to, |_| {});
    }

    fn pod(&self, name: &str) -> Shared {
        self.0.store().get(Kind::Pod, "default", name).cloned().expect("the pod is there")
    }

    fn is_ready(&self, name: &str) -> bool {
        self.pod(name).as_pod().is_some_and(|view| view.ready)
    }

    fn restarts(&self, name: &str) -> i64 {
        let pod = self.pod(name);
        pod.tree
            .at(&["status", "containerStatuses"])
            .items()
            .iter()
            .filter_map(|c| c.at(&["restartCount"]).as_i64())
            .sum()
    }

    fn node_is_ready(&self, name: &str) -> bool {
        self.0.store().get(Kind::Node, "", name).and_then(|node| node.as_node()).is_some_and(|view| view.ready)
    }
}

fn machine(name: &'static str, zone: &'static str, cpu: &'static str) -> Machine {
    Machine { name: name.into(), zone: zone.into(), cpu: cpu.into(), memory: "8Gi".into() }
}

#[test]
fn a_machine_that_joins_takes_the_pod_that_fitted_nowhere() {
    let mut cluster = Cluster::new("6");
    assert_eq!(cluster.pod("web-0").as_pod().map(|view| view.node.clone()), Some(Text::default()));
    cluster.fault(Fault::NodeJoins(machine("node-4", "zone-b", "8")));
    cluster.pass(30);
    assert_eq!(cluster.pod("web-0").as_pod().map(|view| view.node.to_string()), Some("node-4".into()));
    assert!(cluster.is_ready("web-0"), "its kubelet works as any other");
    cluster.fault(Fault::NodeJoins(machine("node-4", "", "many")));
    cluster.fault(Fault::NodeJoins(machine("NODE 5", "", "4")));
    assert_eq!(cluster.0.store().list(Kind::Node, "").count(), 4, "a taken name or a false quantity joins nothing");
}

#[test]
fn a_node_that_grows_takes_the_pod_too() {
    let mut cluster = Cluster::new("6");
    cluster.fault(Fault::NodeResizes(machine("node-2", "", "16")));
    cluster.pass(60);
    assert!(cluster.is_ready("web-0") && cluster.is_ready("web-1"), "both fit on node-2 now");
}

#[test]
fn a_zone_is_lost_and_comes_back_as_one() {
    let mut cluster = Cluster::new("100m");
    cluster.kubectl("kubectl label node node-1 node-2 topology.kubernetes.io/zone=zone-a", None);
    cluster.pass(1);
    cluster.fault(Fault::ZoneStops("zone-a".into()));
    cluster.pass(90);
    let ready = ["node-1", "node-2", "node-3"].map(|node| cluster.node_is_ready(node));
    assert_eq!(ready, [false, false, true]);
    cluster.fault(Fault::ZoneStarts("zone-a".into()));
    cluster.pass(60);
    assert!(cluster.node_is_ready("node-1") && cluster.node_is_ready("node-2"));
    cluster.fault(Fault::ZoneStops("".into()));
    cluster.pass(90);
    assert!(cluster.node_is_ready("node-3"), "no zone is not a zone");
}

#[test]
fn a_program_that_crashes_is_restarted_and_one_that_hangs_is_found_by_its_liveness_probe() {
    let mut cluster = Cluster::new("100m");
    cluster.fault(Fault::PodCrashes("default".into(), "web-0".into()));
    cluster.pass(30);
    assert_eq!((cluster.restarts("web-0"), cluster.restarts("web-1")), (1, 0));
    assert!(cluster.is_ready("web-0"));
    cluster.fault(Fault::PodFreezes("default".into(), "web-1".into()));
    cluster.pass(18);
    assert!(!cluster.is_ready("web-1"), "it answers no probe");
    cluster.pass(90);
    assert_eq!(cluster.restarts("web-1"), 1);
    assert!(cluster.is_ready("web-1"));
    cluster.fault(Fault::PodCrashes("default".into(), "web-7".into()));
}

#[test]
fn a_program_that_hung_goes_on_and_then_does_what_it_was_told_meanwhile() {
    let mut cluster = Cluster::new("100m");
    cluster.kubectl("kubectl patch statefulset web --type json -p '[{\"op\": \"remove\", \"path\": \"/spec/template/spec/containers/0/livenessProbe\"}]'", None);
    cluster.pass(120);
    let fault = |kind: fn(Text, Text) -> Fault| kind("default".into(), "web-1".into());
    cluster.fault(fault(Fault::PodFreezes));
    cluster.pass(60);
    assert!(!cluster.is_ready("web-1"), "it answers no probe");
    cluster.fault(fault(Fault::PodThaws));
    cluster.pass(10);
    assert!(cluster.is_ready("web-1") && cluster.restarts("web-1") == 0, "the same program answers again");

    cluster.fault(fault(Fault::PodFreezes));
    cluster.kubectl("kubectl delete pod web-1 --wait=false", None);
    cluster.pass(10);
    assert!(cluster.pod("web-1").is_terminating(), "it hears no signal");
    cluster.fault(fault(Fault::PodThaws));
    cluster.pass(6);
    assert!(
        !cluster.pod("web-1").is_terminating(),
        "it has stopped long before its grace of 30 s, and another one is there"
    );
}

#[test]
fn events_are_gone_an_hour_after_they_were_written_when_another_one_comes() {
    let mut cluster = Cluster::new("100m");
    let events = |cluster: &Cluster| cluster.0.store().list(Kind::Event, "default").count();
    let before = events(&cluster);
    assert!(before > 8, "{before} events");
    cluster.pass(7200);
    assert_eq!(
        (events(&cluster), cluster.0.next_at()),
        (before, None),
        "nothing is due for it: the cluster is at rest"
    );
    cluster.fault(Fault::PodCrashes("default".into(), "web-0".into()));
    cluster.pass(30);
    let after = events(&cluster);
    assert!(after > 0 && after < before, "{after} of {before} and of the new ones");
}

#[test]
fn what_takes_longer_takes_longer_from_then_on() {
    let mut cluster = Cluster::new("100m");
    cluster.fault(Fault::Takes(Latency::Ready, 60_000));
    cluster.kubectl("kubectl delete pod web-1 --wait=false", None);
    cluster.pass(40);
    assert!(!cluster.is_ready("web-1"), "the new program is not warm yet");
    cluster.pass(50);
    assert!(cluster.is_ready("web-1"));
    cluster.fault(Fault::Takes(Latency::Stop, 25_000));
    cluster.kubectl("kubectl delete pod web-0 --wait=false", None);
    cluster.pass(20);
    assert!(cluster.pod("web-0").is_terminating());
    cluster.pass(10);
    assert!(!cluster.pod("web-0").is_terminating(), "another web-0 is there");
}

#[test]
fn one_pod_can_be_slower_than_the_others_and_so_is_the_one_that_comes_after_it() {
    let mut cluster = Cluster::new("100m");
    let slow = |latency, ms| Fault::PodTakes("default".into(), "web-1".into(), latency, ms);
    cluster.fault(slow(Latency::Ready, 60_000));
    cluster.fault(slow(Latency::Stop, 25_000));
    cluster.kubectl("kubectl delete pod web-0 web-1 --wait=false", None);
    cluster.pass(20);
    assert!(cluster.pod("web-1").is_terminating(), "it takes its time to stop");
    assert!(!cluster.pod("web-0").is_terminating(), "the other does not");
    cluster.pass(40);
    assert!(cluster.is_ready("web-0"));
    assert!(!cluster.is_ready("web-1"), "the new program is not warm yet");
    cluster.pass(60);
    assert!(cluster.is_ready("web-1"));
}

/// A set of one pod on a node that falls silent; what is broken by what the person then does.
fn broken_by(lines: &[&str]) -> Vec<Broken> {
    let mut cluster = Cluster::new("100m");
    let node = cluster.pod("web-1").as_pod().map(|view| view.node.clone()).expect("it has a node");
    let mut promises = Promises::default();
    let mut watch = |cluster: &mut Cluster, seconds: i64| {
        let to = cluster.0.now().plus(seconds * 1000);
        while cluster.0.next_at().is_some_and(|next| next <= to) {
            let Some(step) = cluster.0.step() else { break };
            promises.observe(&cluster.0, &step);
        }
        cluster.0.pass_to(to);
    };
    cluster.0.submit(Intent::Fault(Fault::NodeStops(node.clone())));
    watch(&mut cluster, 400);
    for line in lines {
        let argv = split_words(&line.replace("NODE", &node)).expect("words");
        cluster.0.submit(Intent::Run(Invocation { argv, ..Invocation::default() }));
        watch(&mut cluster, 120);
    }
    Promise::ALL.into_iter().flat_map(|promise| promises.broken(promise).cloned().collect::<Vec<_>>()).collect()
}

#[test]
fn at_most_one_holds_on_a_lost_node_until_somebody_deletes_by_force() {
    assert_eq!(broken_by(&[]), [], "the pod hangs as Terminating; there is no second one");
    let broken = broken_by(&["kubectl delete pod web-1 --force --grace-period=0"]);
    let [one] = broken.as_slice() else { panic!("one promise is broken once: {broken:#?}") };
    assert_eq!(one.promise, Promise::AtMostOne);
    assert!(one.how.starts_with("two programs of the name web-1 run at once: on node-"), "{}", one.how);
    assert!(one.allowed.is_some_and(|why| why.contains("by force")), "{one:#?}");
    let broken = broken_by(&["kubectl taint node NODE node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"]);
    assert!(broken.iter().all(|one| one.allowed.is_some_and(|why| why.contains("out of service"))), "{broken:#?}");
    assert_eq!(broken.len(), 1, "the machine was not off after all");
}
