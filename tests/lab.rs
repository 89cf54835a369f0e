//! The lab on a learner's cluster (profile `life`), told line by line: manifest and commands in, what a watch shows out.

use std::rc::Rc;

use playground::api::Kind;
use playground::apiserver::Gates;
use playground::kubectl::{Invocation, ProcessId};
use playground::profile::Profile;
use playground::promises::Promises;
use playground::random::Seed;
use playground::sim::{Intent, Setup, World};
use playground::value::Text;

const MANIFEST: &str = include_str!("conformance/01-lab-18/manifests/stateful.yaml");

/// A world, what is promised in it, and a hand at its terminal.
struct Lab {
    world: World,
    promises: Promises,
}

impl Lab {
    fn new() -> Self {
        let setup = Setup {
            profile: Profile::named("life").expect("the life profile is built in"),
            gates: Gates::default(),
            seed: Seed(18),
        };
        Self { world: World::new(&setup), promises: Promises::default() }
    }

    fn start(&mut self, line: &[&str]) -> ProcessId {
        let files = [(Text::from("stateful.yaml"), Text::from(MANIFEST))].into_iter().collect();
        let invocation = Invocation {
            argv: line.iter().map(|word| Text::copy(word)).chain(["-n".into(), "lab-18".into()]).collect(),
            stdin: None,
            files: Rc::new(files),
            ..Invocation::default()
        };
        let id = self.world.submit(Intent::Run(invocation)).expect("a command has a number");
        self.pass(0);
        id
    }

    fn said(&self, id: ProcessId) -> String {
        let process = self.world.process(id).expect("the command is known");
        process.output.iter().map(|line| line.text.as_str()).collect()
    }

    fn run(&mut self, line: &[&str]) -> String {
        let id = self.start(line);
        self.said(id)
    }

    /// Lets so many seconds pass; every promise is looked at after every step.
    fn pass(&mut self, seconds: i64) {
        let to = self.world.now().plus(seconds * 1000);
        while self.world.next_at().is_some_and(|next| next <= to) {
            if let Some(step) = self.world.step() {
                let broken = self.promises.observe(&self.world, &step);
                assert!(broken.is_empty(), "{broken:#?}");
            }
        }
        self.world.pass_to(to);
    }

    /// `mehdb-0 Running, mehdb-1 Pending`: the pods and what stands in their STATUS and READY columns.
    fn pods(&mut self) -> Vec<String> {
        let table = self.run(&["get", "pods", "--no-headers", "--ignore-not-found"]);
        table
            .lines()
            .filter(|line| line.starts_with("mehdb-"))
            .map(|line| line.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
            .collect()
    }

    fn claims(&self) -> Vec<String> {
        let claims = self.world.store().list(Kind::PersistentVolumeClaim, "lab-18");
        claims.map(|claim| format!("{} {}", claim.meta.name, claim.tree.at(&["status", "phase"]).text())).collect()
    }
}

#[test]
fn pods_run_long_before_they_are_ready_and_come_one_by_one() {
    let mut lab = Lab::new();
    assert_eq!(lab.run(&["create", "ns", "lab-18"]), "namespace/lab-18 created\n");
    lab.pass(1);
    let said = lab.run(&["create", "-f", "stateful.yaml"]);
    assert_eq!(said, "statefulset.apps/mehdb created\nservice/mehdb created\n");

    // Provisioning, mounting and the pull take seconds; then the container runs.
    lab.pass(15);
    assert_eq!(lab.pods(), ["mehdb-0 0/1 Running"]);
    let (key, wait) = lab.world.waits().next().map(|(k, w)| (k, w.clone())).expect("the controller waits");
    assert_eq!((key.name.as_str(), wait.rule.0), ("mehdb", 2));
    assert_eq!(wait.subject.name.as_str(), "mehdb-1", "what is not created is the next pod");
    assert_eq!(wait.why.as_str(), "mehdb-0 is Running but not Ready");

    // A delay of 15 s and a period of 30 s: the first attempt comes too early, the next one a whole period later.
    lab.pass(12);
    assert_eq!(lab.pods(), ["mehdb-0 0/1 Running"], "Running for long, not Ready yet");
    lab.pass(13);
    let pods = lab.pods();
    assert_eq!(pods.first().map(String::as_str), Some("mehdb-0 1/1 Running"));
    assert_eq!(pods.len(), 2, "mehdb-1 comes only now: {pods:?}");
    let ready = ready_after_running(&lab, "mehdb-0");
    assert!((28_000..=31_000).contains(&ready), "mehdb-0 was Ready {ready} ms after it ran");

    lab.pass(60);
    assert_eq!(lab.pods(), ["mehdb-0 1/1 Running", "mehdb-1 1/1 Running"]);
}

#[test]
fn what_a_pod_waits_out_ends_when_it_was_said_to_end() {
    let mut lab = Lab::new();
    lab.run(&["create", "ns", "lab-18"]);
    lab.pass(1);
    lab.run(&["create", "-f", "stateful.yaml"]);
    let mut told: Vec<(&str, i64)> = Vec::new();
    let mut ended = Vec::new();
    for _ in 0..60 {
        lab.pass(1);
        let now = lab.world.now();
        let Some(pod) = lab.world.store().get(Kind::Pod, "lab-18", "mehdb-0") else { continue };
        let countdown = lab.world.countdown(pod);
        if let Some((what, until)) = told.last().filter(|_| ended.len() < told.len())
            && countdown.as_ref().is_none_or(|next| next.what != *what)
        {
            ended.push((*what, (now.0 - until).abs() <= 1000));
        }
        if let Some(next) = countdown.filter(|next| told.last().is_none_or(|(what, _)| *what != next.what)) {
            assert!(next.from <= now && now <= next.until, "it is under way: {next:?} at {now:?}");
            told.push((next.what, next.until.0));
        } else if let Some(next) = lab.world.countdown(pod) {
            // A probe that came too early is awaited anew.
            told.last_mut().expect("there was one").1 = next.until.0;
        }
    }
    assert_eq!(ended, [("volume check", true), ("image", true), ("probe", true)], "{told:?}");

    lab.run(&["delete", "pod", "mehdb-0", "--wait=false"]);
    let pod = lab.world.store().get(Kind::Pod, "lab-18", "mehdb-0").expect("it has its grace");
    let grace = lab.world.countdown(pod).expect("the grace is counted down");
    assert_eq!((grace.what, grace.until.since(grace.from)), ("kill", 30_000));
}

/// From startedAt to the Ready condition's last transition, in whole seconds as the object tells them, ms.
fn ready_after_running(lab: &Lab, name: &str) -> i64 {
    let pod = lab.world.store().get(Kind::Pod, "lab-18", name).expect("the pod is there");
    let status = pod.tree.at(&["status", "containerStatuses"]).items()[0].clone();
    let started = status.at(&["state", "running", "startedAt"]).as_str().and_then(playground::time::Time::parse);
    let ready = pod.as_pod().and_then(|view| view.ready_changed);
    ready.expect("it is Ready").since(started.expect("it runs"))
}

#[test]
fn four_go_back_to_two_from_the_top_and_every_claim_stays() {
    let mut lab = Lab::new();
    lab.run(&["create", "ns", "lab-18"]);
    lab.pass(1);
    lab.run(&["create", "-f", "stateful.yaml"]);
    lab.pass(120);
    let slip = lab.run(&["scale", "sts", "web", "--replicas=4"]);
    assert_eq!(slip, "Error from server (NotFound): statefulsets.apps \"web\" not found\n");
    assert_eq!(lab.run(&["scale", "sts", "mehdb", "--replicas=4"]), "statefulset.apps/mehdb scaled\n");
    lab.pass(120);
    assert_eq!(lab.pods().len(), 4);

    let watch = lab.start(&["get", "pods", "-w", "-l", "app=mehdb"]);
    lab.run(&["patch", "sts", "mehdb", "-p", r#"{"spec":{"replicas":2}}"#]);
    lab.pass(60);
    let rows: Vec<String> = lab
        .said(watch)
        .lines()
        .skip(5)
        .map(|row| row.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
        .collect();
    let expected = [
        "mehdb-3 1/1 Terminating",
        "mehdb-3 1/1 Terminating",
        "mehdb-3 0/1 Completed",
        "mehdb-3 0/1 Completed",
        "mehdb-3 0/1 Completed",
        "mehdb-2 1/1 Terminating",
        "mehdb-2 1/1 Terminating",
        "mehdb-2 0/1 Completed",
        "mehdb-2 0/1 Completed",
        "mehdb-2 0/1 Completed",
    ];
    assert_eq!(rows, expected);
    let claims = ["data-mehdb-0 Bound", "data-mehdb-1 Bound", "data-mehdb-2 Bound", "data-mehdb-3 Bound"];
    assert_eq!(lab.claims(), claims);

    lab.start(&["delete", "ns", "lab-18"]);
    lab.pass(60);
    assert_eq!(lab.claims(), [""; 0]);
    let gone = lab.run(&["get", "sts,po,pvc,svc"]);
    assert_eq!(gone, "No resources found in lab-18 namespace.\n");
}

#[test]
fn a_checkpoint_goes_on_as_the_world_itself_does() {
    let mut lab = Lab::new();
    lab.run(&["create", "ns", "lab-18"]);
    lab.pass(1);
    lab.run(&["create", "-f", "stateful.yaml"]);
    lab.pass(20);
    let mut copy = lab.world.clone();
    let digest = |world: &mut World| {
        let mut digest = playground::sim::Digest::default();
        let end = world.now().plus(120_000);
        world.run_until(end, |step| digest.step(step));
        digest
    };
    assert_eq!(digest(&mut lab.world), digest(&mut copy));
}
