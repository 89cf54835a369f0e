//! The decision by itself: what is seen goes in, what is done next comes out, in Kubernetes' order.

use std::rc::Rc;

use super::claims::ClaimLookup;
use super::decision::{self, Action, DeleteReason, Next, Progress, Revision, View};
use super::roster::Roster;
use crate::api::{Kind, Object, OwnerReference, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::Cache;
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// A set `web` with one claim template `data`.
fn set(replicas: i64, change: impl FnOnce(&mut Value)) -> Object {
    let mut tree = map! {
        "metadata" => map! { "name" => "web", "namespace" => "default", "uid" => "set-uid", "generation" => 1 },
        "spec" => map! {
            "replicas" => replicas,
            "selector" => map! { "matchLabels" => map! { "app" => "web" } },
            "updateStrategy" => map! { "type" => "RollingUpdate", "rollingUpdate" => map! { "partition" => 0 } },
            "template" => map! { "metadata" => map! { "labels" => map! { "app" => "web" } } },
        },
    };
    change(&mut tree);
    Object::new(Kind::StatefulSet, tree)
}

/// A pod of that set: `ready`, `running`, `pending`, `ending` or `failed`.
fn pod(ordinal: i64, state: &str, revision: &'static str) -> Shared {
    let name = format!("web-{ordinal}");
    let (phase, ready) = match state {
        "pending" => ("Pending", "False"),
        "failed" => ("Failed", "False"),
        "running" => ("Running", "False"),
        _ => ("Running", "True"),
    };
    let mut meta = map! {
        "name" => name.clone(),
        "namespace" => "default",
        "labels" => map! {
            "app" => "web",
            "controller-revision-hash" => revision,
            "statefulset.kubernetes.io/pod-name" => name,
        },
    };
    if state == "ending" {
        meta.set(&["deletionTimestamp"], Time(30_000).rfc3339());
    }
    let condition = map! { "type" => "Ready", "status" => ready, "lastTransitionTime" => Time(0).rfc3339() };
    Rc::new(Object::new(
        Kind::Pod,
        map! {
            "metadata" => meta,
            "status" => map! { "phase" => phase, "conditions" => vec![condition] },
        },
    ))
}

/// Everything one sync does, a line each; a wait or the end is the last line.
fn sync(set: &Object, pods: &[Shared]) -> Vec<String> {
    let spec = set.as_stateful_set().expect("a set").clone();
    let cache = Cache::default();
    let namespace = Text::from("default");
    let revision = |name: &'static str| Revision { name: name.into(), template: Value::empty_map() };
    let view = View {
        set,
        spec: &spec,
        now: Time(5_000),
        roster: Roster::of(set, &spec, pods),
        claims: ClaimLookup { cache: &cache, namespace: &namespace },
        current: revision("web-old"),
        update: revision("web-new"),
        max_unavailable_gate: false,
    };
    let mut progress = Progress::default();
    let mut lines = Vec::new();
    loop {
        match decision::next(&view, &mut progress) {
            Next::Do(action) => lines.push(told(&action)),
            Next::Wait(wait) => {
                lines.push(format!("wait R{}: {} because {}", wait.rule.0, wait.subject.name, wait.why));
                return lines;
            }
            Next::Done => return lines,
        }
    }
}

fn told(action: &Action) -> String {
    match action {
        Action::CreateClaim { pod, .. } => format!("claim for {pod}"),
        Action::CreatePod { ordinal } => format!("create web-{ordinal}"),
        Action::RefusePod { pod, error } => format!("refuse {pod}: {error}"),
        Action::SetClaimOwners { claim, .. } => format!("owners of {claim}"),
        Action::UpdatePod { pod } => format!("repair {pod}"),
        Action::DeletePod { pod, reason } => {
            let why = match reason {
                DeleteReason::Finished => "finished",
                DeleteReason::Condemned => "condemned",
                DeleteReason::Outdated => "outdated",
            };
            format!("delete {pod} ({why})")
        }
    }
}

fn ready(ordinals: std::ops::Range<i64>) -> Vec<Shared> {
    ordinals.map(|ordinal| pod(ordinal, "ready", "web-new")).collect()
}

#[test]
fn an_ordered_set_creates_one_pod_and_then_waits_for_it() {
    assert_eq!(sync(&set(3, |_| {}), &[]), ["create web-0"]);
    let lines = sync(&set(3, |_| {}), &[pod(0, "running", "web-new")]);
    assert_eq!(lines, ["wait R2: web-1 because web-0 is Running but not Ready"]);
    assert_eq!(sync(&set(3, |_| {}), &ready(0..1)), ["create web-1"]);
}

#[test]
fn claims_come_before_their_pod() {
    let with_claims = set(1, |tree| {
        let template = map! { "metadata" => map! { "name" => "data" } };
        tree.set(&["spec", "volumeClaimTemplates"], vec![template]);
    });
    assert_eq!(sync(&with_claims, &[]), ["claim for web-0", "create web-0"]);
}

#[test]
fn two_claim_templates_of_one_name_make_one_claim_and_one_volume() {
    let twice = set(1, |tree| {
        let template = || map! { "metadata" => map! { "name" => "data" } };
        tree.set(&["spec", "volumeClaimTemplates"], vec![template(), template()]);
    });
    assert_eq!(sync(&twice, &[]), ["claim for web-0", "create web-0"]);
    let mut spec = Value::empty_map();
    super::identity::write_storage(&twice, &mut spec, &"web-0".into());
    assert_eq!(spec.at(&["volumes"]).items().len(), 1);
}

#[test]
fn a_parallel_set_waits_for_nobody() {
    let parallel = set(3, |tree| tree.set(&["spec", "podManagementPolicy"], "Parallel"));
    let lines = sync(&parallel, &[pod(0, "pending", "web-new")]);
    assert_eq!(lines, ["create web-2", "create web-1"], "of a batch the worker begun last comes first");
    let smaller = set(0, |tree| tree.set(&["spec", "podManagementPolicy"], "Parallel"));
    assert_eq!(sync(&smaller, &ready(0..2)), ["delete web-1 (condemned)", "delete web-0 (condemned)"]);
}

#[test]
fn of_a_batch_the_worker_begun_last_comes_first_with_its_claims_its_pod_its_deletion() {
    let parallel = |replicas| {
        set(replicas, |tree| {
            tree.set(&["spec", "podManagementPolicy"], "Parallel");
            tree.set(
                &["spec", "volumeClaimTemplates"],
                vec![crate::map! { "metadata" => crate::map! { "name" => "a" } }],
            );
        })
    };
    let created = sync(&parallel(3), &[pod(0, "pending", "web-new")]).join("; ");
    assert!(created.ends_with("claim for web-2; claim for web-1; create web-2; create web-1"), "{created}");
    let deleted = [2, 0, 1].map(|n| format!("delete web-{n} (condemned)"));
    assert_eq!(
        sync(&parallel(0), &ready(0..3)),
        deleted,
        "those to go stand highest first: batches of 2, then 1 and 0"
    );
}

#[test]
fn scaling_down_takes_the_highest_one_and_waits_until_it_is_gone() {
    assert_eq!(sync(&set(2, |_| {}), &ready(0..4)), ["delete web-3 (condemned)"]);
    let mut pods = ready(0..3);
    pods.push(pod(3, "ending", "web-new"));
    let lines = sync(&set(2, |_| {}), &pods);
    assert_eq!(lines, ["wait R9: web-2 because web-3 is Terminating and has not gone yet"]);
}

#[test]
fn an_unhealthy_lower_pod_holds_up_scaling_down() {
    let pods = [pod(0, "running", "web-new"), pod(1, "ready", "web-new"), pod(2, "ready", "web-new")];
    let lines = sync(&set(2, |_| {}), &pods);
    assert_eq!(lines, ["wait R9: web-2 because web-0 is Running but not Ready"]);
}

#[test]
fn of_two_unhealthy_condemned_pods_the_higher_one_is_not_touched() {
    let pods = [pod(0, "ready", "web-new"), pod(1, "running", "web-new"), pod(2, "running", "web-new")];
    let lines = sync(&set(1, |_| {}), &pods);
    assert_eq!(lines, ["wait R10: web-2 because web-2 is Running but not Ready"]);
    assert_eq!(sync(&set(1, |_| {}), &pods[..2]), ["delete web-1 (condemned)"]);
}

#[test]
fn an_update_goes_from_the_top_one_pod_at_a_time() {
    let old: Vec<Shared> = (0..3).map(|ordinal| pod(ordinal, "ready", "web-old")).collect();
    assert_eq!(sync(&set(3, |_| {}), &old), ["delete web-2 (outdated)"]);
    let mut pods = old.clone();
    pods[2] = pod(2, "ready", "web-new");
    assert_eq!(sync(&set(3, |_| {}), &pods), ["delete web-1 (outdated)"]);
    let below = set(3, |tree| tree.set(&["spec", "updateStrategy", "rollingUpdate", "partition"], 2));
    assert_eq!(sync(&below, &pods), [""; 0], "below the partition nothing changes");
    let by_hand = set(3, |tree| tree.set(&["spec", "updateStrategy"], map! { "type" => "OnDelete" }));
    assert_eq!(sync(&by_hand, &old), [""; 0], "OnDelete leaves it to people");
}

#[test]
fn a_broken_pod_holds_up_its_own_repair() {
    let pods = [pod(0, "ready", "web-old"), pod(1, "ready", "web-old"), pod(2, "pending", "web-broken")];
    let lines = sync(&set(3, |_| {}), &pods);
    assert_eq!(lines, ["wait R12: web-2 because web-2 is Pending"], "reverting the template is not enough");
}

#[test]
fn a_rollout_that_begins_while_pods_still_come_up_is_an_ordinary_one_unless_something_ails_them() {
    let mut pods = [pod(0, "ready", "web-old"), pod(1, "ready", "web-old"), pod(2, "running", "web-old")];
    let lines = sync(&set(3, |_| {}), &pods);
    assert_eq!(lines, ["wait R13: web-2 because web-2 is Running but not Ready"], "it becomes Ready by itself");
    let mut tree = pods[2].tree.clone();
    tree.set(&["status", "containerStatuses"], vec![map! { "restartCount" => 1 }]);
    pods[2] = Rc::new(Object::new(Kind::Pod, tree));
    assert_eq!(sync(&set(3, |_| {}), &pods), ["wait R12: web-2 because web-2 is Running but not Ready"], "it does not");
}

#[test]
fn a_rollout_waits_for_the_pod_it_has_just_replaced() {
    let pods = [pod(0, "ready", "web-old"), pod(1, "ready", "web-old"), pod(2, "running", "web-new")];
    let lines = sync(&set(3, |_| {}), &pods);
    assert_eq!(lines, ["wait R13: web-1 because web-2 is Running but not Ready"]);
}

#[test]
fn a_finished_pod_is_deleted_at_once() {
    let pods = [pod(0, "failed", "web-new"), pod(1, "ready", "web-new")];
    assert_eq!(sync(&set(2, |_| {}), &pods), ["delete web-0 (finished)"]);
}

#[test]
fn a_set_that_is_being_deleted_does_nothing() {
    let going = set(3, |tree| tree.set(&["metadata", "deletionTimestamp"], Time(0).rfc3339()));
    assert_eq!(sync(&going, &ready(0..1)), [""; 0]);
}

/// A change of the pod of an ordinal, from one state to the next; nothing is the state of a pod that is not there.
fn change(from: Option<&Shared>, to: Option<&Shared>) -> WatchEvent {
    let change = match (from, to) {
        (None, _) => Change::Added,
        (_, None) => Change::Deleted,
        _ => Change::Modified,
    };
    let object = to.or(from).expect("one of them").clone();
    WatchEvent { at: Time(0), change, object, before: from.cloned() }
}

#[test]
fn a_roster_kept_up_by_changes_is_the_roster_counted_anew() {
    let set = set(3, |_| {});
    let spec = set.as_stateful_set().expect("a set").clone();
    let owned = |ordinal, state, revision| {
        let mut tree = pod(ordinal, state, revision).tree.clone();
        tree.set(&["metadata", "ownerReferences"], vec![OwnerReference::to_controller(&set)]);
        Rc::new(Object::new(Kind::Pod, tree))
    };
    let told = |roster: &Roster| {
        let names: Vec<Option<&str>> =
            roster.replicas.iter().map(|pod| pod.as_ref().map(|pod| pod.meta.name.as_str())).collect();
        let tally = &roster.tally;
        format!(
            "{names:?} {} {} {} {}",
            tally.pods,
            tally.ready,
            tally.of_revision(&"web-old".into()),
            tally.of_revision(&"web-new".into())
        )
    };
    let (pending, ready) = (owned(1, "pending", "web-old"), owned(1, "ready", "web-old"));
    let (ending, anew) = (owned(1, "ending", "web-old"), owned(1, "pending", "web-new"));
    let zero = owned(0, "ready", "web-old");
    let mut kept = Roster::of(&set, &spec, std::slice::from_ref(&zero));
    let states = [None, Some(&pending), Some(&ready), Some(&ending), None, Some(&anew)];
    for pair in states.windows(2) {
        let [from, to] = pair else { continue };
        assert!(kept.pod_changed(&set, &spec, &change(*from, *to)));
        let pods: Vec<Shared> = [Some(&zero), *to].into_iter().flatten().cloned().collect();
        assert_eq!(told(&kept), told(&Roster::of(&set, &spec, &pods)));
    }
    // A stranger's pod is nothing to the set; one out of range, an orphan and a missed change are for a new count.
    let mut stranger = zero.tree.clone();
    stranger.set(&["metadata", "name"], "other-0");
    stranger.take(&["metadata", "ownerReferences"]);
    assert!(kept.pod_changed(&set, &spec, &change(None, Some(&Rc::new(Object::new(Kind::Pod, stranger))))));
    assert!(!kept.clone().pod_changed(&set, &spec, &change(None, Some(&owned(7, "pending", "web-new")))));
    assert!(!kept.clone().pod_changed(&set, &spec, &change(None, Some(&pod(2, "pending", "web-new")))));
    assert!(!kept.clone().pod_changed(&set, &spec, &change(None, Some(&pending))));
}

#[test]
fn what_needed_nothing_is_looked_at_again_when_its_claim_or_pod_changes() {
    let set = set(2, |_| {});
    let spec = set.as_stateful_set().expect("a set").clone();
    let mut roster = Roster::of(&set, &spec, &ready(0..2));
    roster.settle(&[0, 1]);
    roster.claim_changed("data-web-1");
    assert!(roster.is_settled(0) && !roster.is_settled(1));
}
