//! What people misunderstand about StatefulSets, each as a sequence of intents on the page, and the sentence the page
//! gives for it.

// A test that fails may panic.
#![allow(clippy::expect_used)]

use playground::api::{Key, Kind};
use playground::explain::Act;
use playground::sim::{Fault, Latency};
use playground::time::Time;
use playground::ui::model::{Action, Answer, Options, State, update};

/// One thing somebody does, or waits for.
enum Do {
    /// A kubectl line; `NODE(web-1)` stands for the node of that pod.
    Run(&'static str),
    /// So many seconds pass.
    Pass(i64),
    /// Another manifest is written and applied.
    Apply(String),
    /// The node of this pod is cut off.
    Lose(&'static str),
    /// Something takes longer.
    Takes(Latency, i64),
}
use Do::{Apply, Lose, Pass, Run, Takes};

/// A set named web: what is written into its spec, its container, and its claim template.
struct Web {
    replicas: i64,
    spec: &'static str,
    container: &'static str,
    size: &'static str,
    class: &'static str,
    service: bool,
}

const PROBE: &str = "readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 2}";

impl Default for Web {
    fn default() -> Self {
        Self { replicas: 3, spec: "", container: PROBE, size: "1Gi", class: "", service: true }
    }
}

impl Web {
    fn yaml(&self) -> String {
        let Self { replicas, spec, container, size, class, service } = self;
        let service = if *service {
            "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: None, selector: {app: web}, ports: [{port: 80}]}\n---\n"
        } else {
            ""
        };
        let class = if class.is_empty() { String::new() } else { format!("storageClassName: {class}, ") };
        format!(
            "{service}apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec:\n  serviceName: web\n  replicas: {replicas}\n  \
             {spec}\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      \
             containers:\n      - name: web\n        image: nginx:1.27\n        volumeMounts: [{{name: data, mountPath: /data}}]\n        \
             {container}\n  volumeClaimTemplates:\n  - metadata: {{name: data}}\n    spec: {{accessModes: [ReadWriteOnce], \
             {class}resources: {{requests: {{storage: {size}}}}}}}\n"
        )
    }
}

/// The page after a sequence.
struct Page(State);

impl Page {
    fn after(sequence: &[Do]) -> Self {
        let mut page = Self(State::new(Options::default()).expect("the page opens"));
        update(&mut page.0, Action::Namespace("default".into()));
        for one in sequence {
            page.perform(one);
        }
        page
    }

    fn perform(&mut self, one: &Do) {
        match one {
            Run(line) => {
                let line = match line.split_once("NODE(") {
                    Some((head, tail)) => {
                        let (pod, tail) = tail.split_once(')').expect("NODE(pod)");
                        format!("{head}{}{tail}", self.node(pod))
                    }
                    None => (*line).to_owned(),
                };
                update(&mut self.0, Action::Run(line));
            }
            Pass(seconds) => {
                let to = Time(self.0.time.now().0 + seconds * 1000);
                update(&mut self.0, Action::Until(to));
            }
            Apply(yaml) => {
                update(&mut self.0, Action::Edit(yaml.clone()));
                update(&mut self.0, Action::Apply);
            }
            Lose(pod) => {
                let node = self.node(pod).into();
                update(&mut self.0, Action::Fault(Fault::NodeStops(node)));
            }
            Takes(latency, ms) => update(&mut self.0, Action::Fault(Fault::Takes(*latency, *ms))),
        }
    }

    fn node(&self, pod: &str) -> String {
        let pod = self.0.lab().world.store().get(Kind::Pod, "default", pod).expect("the pod is there");
        pod.as_pod().map(|view| view.node.to_string()).unwrap_or_default()
    }

    /// What the page answers to "why?".
    fn why(&mut self, kind: Kind, name: &'static str) -> Answer {
        let namespace = if matches!(kind, Kind::Node) { "" } else { "default" };
        update(&mut self.0, Action::Why(Key::new(kind, namespace, name)));
        self.0.answer()
    }

    /// That the answer has this sentence, with this rule.
    fn says(&mut self, kind: Kind, name: &'static str, rule: u8, sentence: &str) {
        let answer = self.why(kind, name);
        let found = answer.tree.lines().into_iter().find(|(_, reason)| *reason.text == *sentence);
        let all: Vec<String> =
            answer.tree.lines().iter().map(|(d, r)| format!("{}{}", "  ".repeat(*d), r.text)).collect();
        let (_, reason) = found.unwrap_or_else(|| panic!("{name} does not say\n  {sentence}\nbut\n{}", all.join("\n")));
        assert_eq!(reason.rule.0, rule, "{sentence}");
    }

    /// The first kubectl line that would unblock the thing.
    fn first_way(&mut self, kind: Kind, name: &'static str) -> String {
        let answer = self.why(kind, name);
        match answer.tree.first_blocker().and_then(|blocker| blocker.helps.first()).map(|help| help.act.clone()) {
            Some(Act::Run(line)) => line.to_string(),
            other => panic!("{name}: {other:?}"),
        }
    }
}

const SET: Kind = Kind::StatefulSet;
const POD: Kind = Kind::Pod;
const CLAIM: Kind = Kind::PersistentVolumeClaim;

#[test]
fn n1_a_reverted_rollout_does_not_heal_an_ordered_set() {
    let mut page = Page::after(&[
        Apply(Web::default().yaml()),
        Pass(90),
        Run("kubectl set image statefulset/web web=nginx:broken -n default"),
        Pass(60),
    ]);
    page.says(POD, "web-2", 12, "web-2 keeps this image: correct the template first, then delete web-2");
    assert_eq!(page.first_way(SET, "web"), "kubectl rollout undo statefulset/web -n default");
    let undo = page.why(SET, "web").tree.first_blocker().and_then(|blocker| blocker.helps.first()).cloned();
    let but = undo.map(|undo| undo.danger).unwrap_or_default();
    assert!(but.contains("until you delete it"), "undoing is not enough, and its button says so: {but}");
    page.perform(&Run("kubectl rollout undo statefulset/web -n default"));
    page.perform(&Pass(300));
    page.says(
        SET,
        "web",
        12,
        "Reverting the template does not replace web-2: the set stops at the first pod that is not Ready, before its update \
         step. Delete web-2; it comes again with the new revision",
    );
    assert_eq!(page.first_way(SET, "web"), "kubectl delete pod web-2 -n default --wait=false");
    page.perform(&Run("kubectl delete pod web-2 -n default --wait=false"));
    page.perform(&Pass(60));
    page.says(SET, "web", 0, "web is as it should be: 3 pods Ready");
}

#[test]
fn a_rollout_that_begins_while_pods_still_come_up_needs_nobody() {
    let mut page = Page::after(&[Apply(Web::default().yaml()), Pass(90)]);
    page.perform(&Run("kubectl delete pod web-2 -n default --wait=false"));
    page.perform(&Run("kubectl set image statefulset/web web=nginx:1.29 -n default"));
    page.perform(&Pass(5));
    let answer = page.why(SET, "web");
    let first = answer.tree.first_blocker().expect("it waits");
    assert!(answer.tree.passes_at().is_some(), "{}", first.text);
    page.perform(&Pass(300));
    page.says(SET, "web", 0, "web is as it should be: 3 pods Ready");
}

#[test]
fn n1b_a_crash_loop_without_a_readiness_probe_counts_as_ready_between_two_crashes() {
    let web = Web { container: "", ..Web::default() };
    let mut page = Page::after(&[
        Apply(web.yaml()),
        Pass(90),
        Run("kubectl set image statefulset/web web=nginx:crash -n default"),
        Pass(60),
    ]);
    page.says(
        POD,
        "web-2",
        0,
        "web-2 has no readiness probe: it counts as Ready whenever its container runs, so between two crashes the \
         controller may go on",
    );
}

#[test]
fn n2_claims_outlive_pods_and_sets() {
    let mut page = Page::after(&[
        Apply(Web::default().yaml()),
        Pass(90),
        Run("kubectl scale statefulset web --replicas=2 -n default"),
        Pass(60),
    ]);
    page.says(
        CLAIM,
        "data-web-2",
        22,
        "no pod uses data-web-2, and nothing deletes it: a claim outlives its pod. If web-2 comes back, it gets this claim \
         and the old data",
    );
    page.perform(&Run("kubectl delete statefulset web -n default"));
    page.perform(&Pass(60));
    page.says(
        CLAIM,
        "data-web-0",
        22,
        "no pod and no set uses data-web-0 any more, and nothing deletes it: claims outlive sets",
    );
}

#[test]
fn n3_claim_templates_cannot_be_changed_and_change_no_claim_that_is_there() {
    let larger = Web { size: "2Gi", ..Web::default() };
    let mut page = Page::after(&[Apply(Web::default().yaml()), Pass(90), Apply(larger.yaml()), Pass(5)]);
    page.says(
        SET,
        "web",
        16,
        "the last change of it was refused. volumeClaimTemplates, serviceName, selector and podManagementPolicy of a \
         StatefulSet cannot be changed. To resize its claims: patch each claim, delete the set with --cascade=orphan, and \
         create it again with the new template",
    );
    page.perform(&Run("kubectl delete statefulset web --cascade=orphan -n default"));
    page.perform(&Pass(5));
    page.perform(&Apply(larger.yaml()));
    page.perform(&Pass(30));
    page.says(
        CLAIM,
        "data-web-0",
        25,
        "the template of web asks for 2Gi and this claim for 1Gi: a claim is found by its name and never resized by its set",
    );
}

#[test]
fn n4_a_pod_on_a_lost_node_hangs_and_has_no_twin() {
    let mut page = Page::after(&[Apply(Web::default().yaml()), Pass(90), Lose("web-1"), Pass(400)]);
    let node = page.node("web-1");
    page.says(
        POD,
        "web-1",
        5,
        &format!(
            "nobody confirms that web-1 has stopped: the kubelet of {node} is silent. There is no second web-1 while this \
             one may still run"
        ),
    );
    let answer = page.why(SET, "web");
    let blocker = answer.tree.first_blocker().expect("it is held up");
    let ways: Vec<&str> = blocker.helps.iter().map(|help| help.text.as_str()).collect();
    let expected = [
        format!("Bring {node} back"),
        format!("Declare {node} out of service"),
        format!("Delete node {node}"),
        "Delete web-1 by force".into(),
    ];
    assert_eq!(ways, expected, "the four ways out, the safest first");
    assert_eq!(blocker.helps[3].danger, "the old one may still run and write: two of one name");
}

#[test]
fn n5_a_pod_is_pending_because_of_its_claim() {
    let off = "kubectl annotate storageclass standard storageclass.kubernetes.io/is-default-class=false --overwrite";
    let mut page = Page::after(&[Run(off), Apply(Web::default().yaml()), Pass(30)]);
    page.says(SET, "web", 0, "the claim names no class, and no StorageClass is the default one");
    assert_eq!(
        page.first_way(SET, "web"),
        "kubectl annotate storageclass standard storageclass.kubernetes.io/is-default-class=true --overwrite"
    );
    let web = Web { class: "zonal", ..Web::default() };
    let mut page = Page::after(&[
        Run("kubectl label node node-1 topology.kubernetes.io/zone=zone-a"),
        Run("kubectl cordon node-1"),
        Run("kubectl apply -f zonal.yaml"),
        Apply(web.yaml()),
        Pass(30),
    ]);
    page.says(SET, "web", 0, "the volume of data-web-0 is in zone zone-a, and only nodes there can have the pod");
    assert_eq!(page.first_way(SET, "web"), "kubectl uncordon node-1");
    let web = Web { class: "fast", ..Web::default() };
    let mut page = Page::after(&[Apply(web.yaml()), Pass(30)]);
    page.says(POD, "web-0", 0, "there is no StorageClass fast; the claim is looked at again every 15 s");
}

#[test]
fn n6_dns_needs_a_headless_service_and_a_ready_pod() {
    let web = Web { service: false, ..Web::default() };
    let mut page = Page::after(&[Apply(web.yaml()), Pass(90)]);
    page.says(
        SET,
        "web",
        0,
        "there is no Service web: serviceName creates nothing and is not checked, so the pods have no DNS names",
    );
    let mut page = Page::after(&[
        Apply(Web::default().yaml()),
        Pass(90),
        Run("kubectl annotate pod web-1 sim/ready=false -n default"),
        Pass(20),
    ]);
    page.says(POD, "web-1", 0, "web-1.web does not answer: DNS names only pods that are Ready");
}

#[test]
fn n7_a_partition_keeps_the_lower_ordinals_at_the_current_revision() {
    let web = Web { spec: "updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}", ..Web::default() };
    let mut page = Page::after(&[
        Apply(web.yaml()),
        Pass(90),
        Run("kubectl set image statefulset/web web=nginx:1.28 -n default"),
        Pass(90),
    ]);
    page.says(
        POD,
        "web-0",
        14,
        "ordinal 0 is below partition 2: web-0 keeps the current revision, and comes again with it",
    );
    page.says(
        SET,
        "web",
        14,
        "partition is 2: web-1 and web-0 keep the current revision, and would come again with it",
    );
}

#[test]
fn n8_parallel_concerns_scaling_and_not_updates() {
    let web = Web { spec: "podManagementPolicy: Parallel", ..Web::default() };
    let mut page = Page::after(&[
        Apply(web.yaml()),
        Pass(90),
        Run("kubectl set image statefulset/web web=nginx:1.28 -n default"),
        Pass(4),
    ]);
    page.says(SET, "web", 13, "Parallel concerns scaling only: updates go one pod at a time, highest ordinal first");
}

#[test]
fn n9_scaling_down_waits_for_a_lower_pod_that_is_not_well() {
    let web = Web { replicas: 4, ..Web::default() };
    let mut page = Page::after(&[
        Apply(web.yaml()),
        Pass(120),
        Run("kubectl annotate pod web-1 sim/ready=false -n default"),
        Pass(20),
        Run("kubectl scale statefulset web --replicas=2 -n default"),
        Pass(60),
    ]);
    page.says(SET, "web", 9, "web-3 is not deleted yet: web-1 is Running but not Ready");
    page.says(POD, "web-1", 0, "its readiness probe fails: the program answers that it is not ready");
}

#[test]
fn n10_deleting_the_set_gives_no_order_and_orphans_run_on() {
    let delete = |flag: &'static str| [Apply(Web::default().yaml()), Pass(90), Run(flag), Pass(1)];
    let mut page = Page::after(&delete("kubectl delete statefulset web -n default"));
    page.says(
        POD,
        "web-0",
        18,
        "its set web is gone: all pods of it were deleted at once, in no order. Scale to 0 first for an ordered stop",
    );
    let mut page = Page::after(&delete("kubectl delete statefulset web --cascade=orphan -n default"));
    page.says(
        POD,
        "web-0",
        18,
        "no set owns web-0: it was left behind by --cascade=orphan, and runs on. A set whose selector matches it adopts it",
    );
}

#[test]
fn n11_a_claim_that_is_deleted_in_use_waits_for_its_pod_and_then_its_pod_for_it() {
    let mut page = Page::after(&[
        Apply(Web::default().yaml()),
        Pass(90),
        Run("kubectl delete pvc data-web-1 --wait=false -n default"),
        Pass(30),
    ]);
    page.says(
        CLAIM,
        "data-web-1",
        6,
        "finalizer kubernetes.io/pvc-protection keeps data-web-1 while pod web-1 uses it; then it goes, and its data with it",
    );
    page.perform(&Run("kubectl delete pod web-1 --wait=false -n default"));
    // The pod is gone and the claim is still going for some milliseconds.
    let mut said = false;
    for _ in 0..2_000 {
        update(&mut page.0, Action::Next);
        let answer = page.why(POD, "web-1");
        let sentence = "web-1 cannot be created: pvc data-web-1 is being deleted";
        said |= answer.tree.lines().iter().any(|(_, reason)| *reason.text == *sentence && reason.rule.0 == 6);
        if said || page.0.time.now().0 > 150_000 {
            break;
        }
    }
    assert!(said, "the wait for the claim is told while it lasts");
}

#[test]
fn n12_a_volume_stays_attached_to_a_node_that_failed() {
    let mut page = Page::after(&[
        Apply(Web::default().yaml()),
        Pass(90),
        Lose("web-1"),
        Pass(400),
        Run("kubectl delete pod web-1 --force --grace-period=0 -n default"),
        Pass(60),
    ]);
    let new = page.node("web-1");
    let stuck = page.0.lab().world.is_silent(&new);
    assert!(!stuck, "the new web-1 is on a node that answers");
    let old = ["node-1", "node-2", "node-3"].into_iter().find(|node| page.0.lab().world.is_silent(node)).expect("lost");
    page.says(
        POD,
        "web-1",
        0,
        &format!(
            "its volume is still attached to {old}, and ReadWriteOnce means one node at a time. Nobody there confirms that it \
             was unmounted; after 6 minutes it is detached by force"
        ),
    );
    page.perform(&Pass(400));
    page.says(POD, "web-1", 0, "web-1 is Running and Ready");
}

#[test]
fn n13_max_unavailable_is_off_by_default() {
    let web = Web { spec: "updateStrategy: {rollingUpdate: {maxUnavailable: 2}}", ..Web::default() };
    let mut page = Page::after(&[Apply(web.yaml()), Pass(90)]);
    page.says(
        SET,
        "web",
        20,
        "maxUnavailable was dropped when it was written: it needs the gate MaxUnavailableStatefulSet, which is off by \
         default, so pods are updated one at a time. With the gate it is a window, not a batch",
    );
}

#[test]
fn n14_ordinals_may_start_elsewhere() {
    let mut page = Page::after(&[
        Apply(Web::default().yaml()),
        Pass(90),
        Run(r#"kubectl patch statefulset web -n default -p '{"spec":{"ordinals":{"start":5}}}'"#),
        Pass(3),
    ]);
    page.says(
        SET,
        "web",
        24,
        "ordinals start at 5: the first pod is web-5; web-2, web-1 and web-0 go only when the new ones are Ready",
    );
    page.says(POD, "web-4", 24, "nobody asks for web-4: web asks for web-5 to web-7");
}

#[test]
fn n15_current_and_update_revision_differ_for_good_with_on_delete() {
    let web = Web { spec: "updateStrategy: {type: OnDelete}", ..Web::default() };
    let mut page = Page::after(&[
        Apply(web.yaml()),
        Pass(90),
        Run("kubectl set image statefulset/web web=nginx:1.28 -n default"),
        Pass(10),
    ]);
    page.says(SET, "web", 15, "OnDelete: web-2, web-1 and web-0 change revision only when somebody deletes them");
    let set = page.0.lab().world.store().get(SET, "default", "web").and_then(|set| set.as_stateful_set()).cloned();
    let view = set.expect("the set is there");
    page.says(
        SET,
        "web",
        0,
        &format!(
            "status.currentRevision ({}) is where the set comes from, status.updateRevision ({}) where it goes: with OnDelete \
             it never moves",
            view.current_revision, view.update_revision
        ),
    );
}

#[test]
fn n16_a_pod_is_ready_while_it_is_terminating() {
    let mut page = Page::after(&[
        Apply(Web::default().yaml()),
        Pass(90),
        Takes(Latency::Stop, 20_000),
        Run("kubectl delete pod web-1 --wait=false -n default"),
        Pass(5),
    ]);
    page.says(
        POD,
        "web-1",
        0,
        "web-1 is Terminating and still Ready: its program runs until it stops, and readyReplicas counts it",
    );
    page.says(
        SET,
        "web",
        0,
        "status.readyReplicas still counts a pod that is Terminating: it is Ready until its program stops",
    );
}

#[test]
fn every_chain_of_causes_ends_with_a_person_or_with_the_clock() {
    let mut page = Page::after(&[Apply(Web::default().yaml()), Pass(90), Lose("web-1"), Pass(400)]);
    let answer = page.why(POD, "web-1");
    let first = answer.chain.first().expect("something happened");
    let last = answer.chain.last().expect("something began it");
    assert!(answer.chain.len() > 2, "{:?}", answer.chain);
    assert!(first.at >= last.at);
    let node = page.node("web-1");
    assert_eq!(
        (last.by, last.text.as_str()),
        ("you", format!("cut {node} off: its kubelet is silent, nobody knows how its pods are.").as_str())
    );
    let answer = page.why(POD, "web-0");
    let last = answer.chain.last().expect("something began it");
    assert_eq!((last.by, last.text.as_str()), ("you", "ran kubectl apply -f stateful.yaml."));
}

#[test]
fn an_event_leads_back_to_what_somebody_did() {
    let mut page = Page::after(&[Apply(Web::default().yaml()), Pass(90)]);
    let world = &page.0.lab().world;
    let events: Vec<Key> = world.store().list(Kind::Event, "default").map(|event| event.key()).collect();
    let mut led = 0;
    for event in events {
        let began = page.0.lab().chronicle.touched(&event).is_some();
        update(&mut page.0, Action::Why(event.clone()));
        let answer = page.0.answer();
        assert_ne!(answer.subject.as_ref().map(|key| key.kind), Some(Kind::Event), "the tree is of what it tells of");
        let last = answer.chain.last().map(|link| (link.by, link.text.to_string()));
        if began {
            assert_eq!(last, Some(("you", "ran kubectl apply -f stateful.yaml.".into())), "{}", event.name);
            led += 1;
        }
    }
    assert!(led > 10, "{led} events");
}
