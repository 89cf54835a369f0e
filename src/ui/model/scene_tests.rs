//! Pictures of small clusters put together by hand.

use super::super::memory::Memory;
use super::*;
use crate::time::Time;
use crate::value::Value;
use crate::{list, map};

/// A cluster of objects that are simply there.
#[derive(Default)]
struct Cluster {
    store: Store,
    memory: Memory,
}

impl Cluster {
    fn at(&mut self, seconds: i64, kind: Kind, tree: Value) -> &mut Self {
        self.store.put(Time(seconds * 1000), kind, tree);
        self.remember()
    }

    fn remove(&mut self, kind: Kind, name: &str) -> &mut Self {
        let tree = self.store.get(kind, "lab", name).unwrap().tree.clone();
        self.store.remove(Time(90_000), kind, tree);
        self.remember()
    }

    fn remember(&mut self) -> &mut Self {
        for event in self.store.take_announced() {
            self.memory.observe(&event);
        }
        self
    }

    fn scene(&self) -> Scene {
        Scene::of(&Scene::default(), &self.store, &[], &|_| None, &self.memory, None, &"lab".into())
    }

    fn set(&self) -> Rc<SetScene> {
        self.scene().sets.first().cloned().unwrap()
    }
}

fn named(name: &str) -> Value {
    map! { "namespace" => "lab", "name" => name.to_owned(), "uid" => format!("uid-{name}") }
}

fn set(replicas: i64) -> Value {
    map! {
        "metadata" => named("web"),
        "spec" => map! {
            "replicas" => replicas,
            "serviceName" => "web",
            "volumeClaimTemplates" => list![map! { "metadata" => map! { "name" => "data" } }],
        },
        "status" => map! { "currentRevision" => "web-a", "updateRevision" => "web-a" },
    }
}

fn owned(name: &str) -> Value {
    let mut meta = named(name);
    meta.set(
        &["ownerReferences"],
        list![map! { "kind" => "StatefulSet", "name" => "web", "uid" => "uid-web", "controller" => true }],
    );
    meta
}

fn pod(ordinal: i64, phase: &'static str, ready: &'static str) -> Value {
    let mut meta = owned(&format!("web-{ordinal}"));
    meta.set(&["labels"], map! { "controller-revision-hash" => "web-a" });
    map! {
        "metadata" => meta,
        "spec" => map! {
            "nodeName" => "node-1",
            "volumes" => list![map! { "name" => "data", "persistentVolumeClaim" => map! { "claimName" => format!("data-web-{ordinal}") } }],
        },
        "status" => map! { "phase" => phase, "conditions" => list![map! { "type" => "Ready", "status" => ready }] },
    }
}

fn claim(ordinal: i64) -> Value {
    map! {
        "metadata" => named(&format!("data-web-{ordinal}")),
        "spec" => map! { "volumeName" => format!("pv-{ordinal}") },
        "status" => map! { "phase" => "Bound", "capacity" => map! { "storage" => "1Gi" } },
    }
}

fn revision() -> Value {
    map! { "metadata" => owned("web-a"), "revision" => 1 }
}

fn told(seats: &[Rc<Seat>]) -> Vec<String> {
    let seat = |seat: &Rc<Seat>| {
        let pod = seat.pod.as_ref().map_or("-", |pod| pod.state.as_str());
        let claims: Vec<String> =
            seat.claims.iter().map(|c| format!("{}{}", c.phase, if c.used { "" } else { ", unused" })).collect();
        format!("{}: {pod} [{}]{}", seat.name, claims.join(" "), if seat.next { " next" } else { "" })
    };
    seats.iter().map(seat).collect()
}

#[test]
fn a_seat_outlives_its_guest() {
    let mut cluster = Cluster::default();
    cluster.at(0, Kind::StatefulSet, set(2)).at(0, Kind::ControllerRevision, revision());
    for ordinal in 0..3 {
        cluster.at(1, Kind::PersistentVolumeClaim, claim(ordinal)).at(1, Kind::Pod, pod(ordinal, "Running", "True"));
    }
    cluster.remove(Kind::Pod, "web-2").remove(Kind::Pod, "web-0");
    let shown = cluster.set();
    assert_eq!(
        told(&shown.seats),
        ["web-0: - [Bound, unused] next", "web-1: Ready [Bound]", "web-2: - [Bound, unused]"]
    );
    assert_eq!((shown.wanted, shown.ready), (2, 1));
    assert_eq!(shown.seats.first().and_then(|seat| seat.ghost.clone()).as_deref(), Some("uid-web-0"));
}

#[test]
fn claims_are_shown_when_set_and_pods_are_gone() {
    let mut cluster = Cluster::default();
    cluster
        .at(0, Kind::StatefulSet, set(1))
        .at(1, Kind::PersistentVolumeClaim, claim(0))
        .remove(Kind::StatefulSet, "web");
    let shown = cluster.set();
    assert_eq!(shown.standing, Standing::Gone);
    assert_eq!(told(&shown.seats), ["web-0: - [Bound, unused]"]);
    assert!(shown.controller.text.contains("claims stay"));
}

#[test]
fn a_pod_has_a_letter_an_age_and_a_place_on_its_node() {
    let mut cluster = Cluster::default();
    let node = map! { "metadata" => map! { "name" => "node-1" }, "status" => map! { "conditions" => list![map! { "type" => "Ready", "status" => "True" }] } };
    cluster.at(0, Kind::Node, node).at(0, Kind::StatefulSet, set(1)).at(0, Kind::ControllerRevision, revision());
    cluster.at(3, Kind::Pod, pod(0, "Running", "False")).at(9, Kind::Pod, pod(0, "Running", "True"));
    let scene = cluster.scene();
    let face = cluster.set().seats.first().and_then(|seat| seat.pod.clone()).unwrap();
    assert_eq!((face.revision, face.since, face.look), (Some(('A', 0)), Time(9000), Look::Ready));
    assert_eq!(
        scene.nodes.first().map(|node| node.pods.clone()),
        Some(vec![("lab".into(), "web-0".into(), Look::Ready)])
    );
}

#[test]
fn dns_is_lit_by_the_endpoint_slice_alone() {
    let mut cluster = Cluster::default();
    cluster.at(0, Kind::StatefulSet, set(1)).at(1, Kind::Pod, pod(0, "Running", "True"));
    let dns = |cluster: &Cluster| cluster.set().seats.first().map(|seat| seat.dns.clone()).unwrap();
    assert_eq!(dns(&cluster), Dns { name: "web-0.web".into(), address: "".into() });
    let slice = map! { "metadata" => named("web-x"), "endpoints" => list![map! {
        "addresses" => list!["10.244.1.2"], "conditions" => map! { "ready" => true }, "targetRef" => map! { "name" => "web-0" },
    }] };
    cluster.at(2, Kind::EndpointSlice, slice);
    assert_eq!(dns(&cluster).address, "10.244.1.2");
}

#[test]
fn the_manifest_plans_seats_until_the_set_is_there() {
    let plan = Plan { name: "web".into(), replicas: 2, has_claims: true, ..Plan::default() };
    let mut cluster = Cluster::default();
    let shown = |cluster: &Cluster| {
        Scene::of(&Scene::default(), &cluster.store, &[], &|_| None, &cluster.memory, Some(&plan), &"lab".into())
            .sets
            .first()
            .map(|set| (set.standing, set.seats.len()))
    };
    assert_eq!(shown(&cluster), Some((Standing::Planned, 2)));
    cluster.at(0, Kind::StatefulSet, set(3));
    assert_eq!(shown(&cluster), Some((Standing::Here, 3)));
}

#[test]
fn of_many_seats_only_those_are_made_anew_that_changed() {
    let mut cluster = Cluster::default();
    cluster.at(0, Kind::StatefulSet, set(12)).at(0, Kind::ControllerRevision, revision());
    for ordinal in 0..12 {
        cluster.at(1, Kind::PersistentVolumeClaim, claim(ordinal)).at(1, Kind::Pod, pod(ordinal, "Running", "True"));
    }
    let before = cluster.scene();
    cluster.at(5, Kind::Pod, pod(7, "Running", "False"));
    let after = Scene::of(&before, &cluster.store, &[], &|_| None, &cluster.memory, None, &"lab".into());
    assert_eq!(after, cluster.scene(), "shared or not, it is the same picture");
    let (old, new) = (&before.sets[0].seats, &after.sets[0].seats);
    let kept = old.iter().zip(new).map(|(old, new)| Rc::ptr_eq(old, new)).collect::<Vec<_>>();
    assert_eq!(kept.iter().filter(|kept| **kept).count(), 11);
    assert!(!kept[7]);

    cluster.remove(Kind::PersistentVolumeClaim, "data-web-3").remove(Kind::Pod, "web-5");
    let last = Scene::of(&after, &cluster.store, &[], &|_| None, &cluster.memory, None, &"lab".into());
    assert_eq!(last, cluster.scene());
    assert_eq!(last.nodes, cluster.scene().nodes);
}
