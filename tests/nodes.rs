//! Nodes that fall silent and come back, and what a day costs on which nothing happens.

// A test that fails may panic.
#![allow(clippy::expect_used)]

use std::rc::Rc;

use playground::api::Kind;
use playground::apiserver::Gates;
use playground::kubectl::Invocation;
use playground::profile::Profile;
use playground::random::Seed;
use playground::sim::{Fault, Intent, Setup, World};
use playground::value::Text;

const SET: &str = r#"{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"}, "spec": {
    "serviceName": "web", "replicas": 3, "selector": {"matchLabels": {"app": "web"}},
    "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "nginx:1.27",
    "readinessProbe": {"httpGet": {"path": "/", "port": 80}, "initialDelaySeconds": 15, "periodSeconds": 10}}]}}}}"#;

fn kubectl(world: &mut World, words: &[&str], stdin: Option<&str>) {
    world.submit(Intent::Run(Invocation {
        argv: words.iter().map(|word| Text::copy(word)).collect(),
        stdin: stdin.map(Text::copy),
        files: Rc::default(),
        ..Invocation::default()
    }));
}

fn cluster(profile: &str) -> World {
    let mut world = World::new(&Setup {
        profile: Profile::named(profile).expect("a built-in profile"),
        gates: Gates::default(),
        seed: Seed(1),
    });
    kubectl(&mut world, &["create", "-f", "-"], Some(SET));
    let end = world.now().plus(120_000);
    world.run_until(end, |_| {});
    world
}

/// Condition Ready of a pod, and whether it is being deleted.
fn pod(world: &World, name: &str) -> (bool, bool) {
    let pod = world.store().get(Kind::Pod, "default", name).expect("the pod is there");
    (pod.as_pod().is_some_and(|view| view.ready), pod.is_terminating())
}

fn node_of(world: &World, name: &str) -> Text {
    let pod = world.store().get(Kind::Pod, "default", name).expect("the pod is there");
    pod.as_pod().map(|view| view.node.clone()).unwrap_or_default()
}

#[test]
fn a_silent_node_is_noticed_within_a_minute_and_gives_its_pods_back_when_it_returns() {
    let mut world = cluster("recorded");
    assert_eq!(pod(&world, "web-1"), (true, false));
    let node = node_of(&world, "web-1");
    let fell = world.now();
    world.submit(Intent::Fault(Fault::NodeStops(node.clone())));
    world.run_until(fell.plus(39_000), |_| {});
    assert_eq!(pod(&world, "web-1"), (true, false), "nobody knows yet");
    world.run_until(fell.plus(56_000), |_| {});
    assert_eq!(pod(&world, "web-1"), (false, false));
    world.run_until(fell.plus(330_000), |_| {});
    assert_eq!(pod(&world, "web-1"), (false, false), "the toleration of 300 s has not run out");
    world.run_until(fell.plus(365_000), |_| {});
    assert_eq!(pod(&world, "web-1"), (false, true));
    let uid = |world: &World| world.store().get(Kind::Pod, "default", "web-1").map(|pod| pod.meta.uid.clone());
    let lost = uid(&world);
    world.run_until(fell.plus(3_600_000), |_| {});
    assert_eq!(uid(&world), lost, "there is no other pod of that name while this one is not gone");
    world.submit(Intent::Fault(Fault::NodeStarts(node)));
    world.run_until(fell.plus(3_640_000), |_| {});
    assert_ne!(uid(&world), lost);
    assert_eq!(pod(&world, "web-1"), (true, false));
}

#[test]
fn a_node_that_is_silent_for_half_a_minute_is_never_missed() {
    let mut world = cluster("recorded");
    let node = node_of(&world, "web-0");
    let fell = world.now();
    world.submit(Intent::Fault(Fault::NodeStops(node.clone())));
    world.run_until(fell.plus(30_000), |_| {});
    world.submit(Intent::Fault(Fault::NodeStarts(node)));
    let before = world.store().version();
    world.run_until(fell.plus(600_000), |_| {});
    assert_eq!(world.store().version(), before);
}

#[test]
fn a_day_on_which_nothing_happens_costs_the_nodes_nothing() {
    for profile in ["recorded", "life"] {
        let mut world = cluster(profile);
        let from = world.now().plus(600_000);
        world.run_until(from, |_| {});
        let mut steps = 0;
        world.run_until(from.plus(86_400_000), |step| {
            steps += usize::from(matches!(step.actor, "kubelet" | "default-scheduler" | "node-controller"));
        });
        assert_eq!(steps, 0, "{profile}");
    }
}
