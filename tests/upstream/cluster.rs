//! Whole clusters, from upstream's end-to-end tests (F). The promises are looked at after every step.

use std::rc::Rc;

use playground::api::{Kind, Shared};
use playground::apiserver::{Change, Gates};
use playground::kubectl::{Invocation, ProcessId};
use playground::profile::Profile;
use playground::promises::Promises;
use playground::random::Seed;
use playground::sim::{Fault, Intent, Setup, World};
use playground::value::Text;

/// A world, what is promised in it, and what a watch of its pods shows.
struct Cluster {
    world: World,
    promises: Promises,
    /// `+ ss-0`, `~ ss-0`, `- ss-0`, and `ss-0 ready`.
    lines: Vec<String>,
}

impl Cluster {
    fn new() -> Self {
        Self::gated(false)
    }

    fn gated(max_unavailable_stateful_set: bool) -> Self {
        let profile = Profile::named("recorded").expect("the recorded profile is built in");
        let setup = Setup { profile, gates: Gates { max_unavailable_stateful_set }, seed: Seed(1) };
        Self { world: World::new(&setup), promises: Promises::default(), lines: Vec::new() }
    }

    /// A set `ss` with a readiness probe; `more` are lines of its spec, `labels` of its template.
    fn with(replicas: i64, more: &str) -> Self {
        let mut cluster = Self::new();
        cluster.set(replicas, more);
        cluster.wait();
        cluster.lines.clear();
        cluster
    }

    fn set(&mut self, replicas: i64, more: &str) {
        let more = more.lines().map(|line| format!("  {line}\n")).collect::<String>();
        let text = format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: ss}}\nspec:\n  replicas: {replicas}\n  serviceName: \
             test\n  selector: {{matchLabels: {{app: ss}}}}\n{more}  template:\n    metadata: {{labels: {{app: ss}}}}\n    \
             spec: {{containers: [{{name: web, image: 'httpd:1', readinessProbe: {{httpGet: {{path: /, port: 80}}, \
             periodSeconds: 1}}, volumeMounts: [{{name: data, mountPath: /data}}]}}]}}\n  volumeClaimTemplates:\n  - \
             metadata: {{name: data}}\n    spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1}}}}}}\n"
        );
        self.fed(&["create", "-f", "-"], Some(&text));
    }

    fn fed(&mut self, words: &[&str], stdin: Option<&str>) -> String {
        let invocation = Invocation {
            argv: words.iter().map(|word| Text::copy(word)).collect(),
            stdin: stdin.map(Text::copy),
            files: Rc::default(),
            ..Invocation::default()
        };
        let id: ProcessId = self.world.submit(Intent::Run(invocation)).expect("a command has a number");
        self.pass(2);
        let process = self.world.process(id).expect("the command is known");
        process.output.iter().map(|line| line.text.as_str()).collect()
    }

    /// Runs a line of kubectl.
    fn run(&mut self, line: &str) -> String {
        self.fed(&line.split(' ').collect::<Vec<_>>(), None)
    }

    fn patch(&mut self, kind: &str, name: &str, patch: &str) -> String {
        self.fed(&["patch", kind, name, "--type=merge", "-p", patch], None)
    }

    fn pass(&mut self, seconds: i64) {
        let to = self.world.now().plus(seconds * 1000);
        while self.world.next_at().is_some_and(|next| next <= to) {
            let Some(step) = self.world.step() else { break };
            let mut broken = self.promises.observe(&self.world, &step);
            broken.retain(|broken| broken.allowed.is_none());
            assert!(broken.is_empty(), "{broken:#?}");
            for change in step.changes.iter().filter(|change| change.object.kind == Kind::Pod) {
                let (pod, before) = (&change.object, change.before.as_ref());
                let ready = |pod: &Shared| pod.as_pod().is_some_and(|view| view.ready);
                let ends = pod.is_terminating() && before.is_some_and(|before| !before.is_terminating());
                let line = match change.change {
                    Change::Added => format!("+ {}", pod.meta.name),
                    Change::Deleted => format!("- {}", pod.meta.name),
                    Change::Modified if ends => format!("~ {}", pod.meta.name),
                    Change::Modified if ready(pod) && !before.is_some_and(ready) => format!("{} ready", pod.meta.name),
                    Change::Modified => continue,
                };
                self.lines.push(line);
            }
        }
        self.world.pass_to(to);
    }

    /// Long enough for anything that is not stuck.
    fn wait(&mut self) {
        self.pass(180);
    }

    fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    fn get(&self, kind: Kind, name: &str) -> Shared {
        self.world.store().get(kind, "default", name).expect("it is there").clone()
    }

    fn names(&self, kind: Kind) -> Vec<String> {
        self.world.store().list(kind, "default").map(|object| object.meta.name.to_string()).collect()
    }

    fn images(&self) -> Vec<String> {
        let image =
            |pod: &Shared| pod.tree.at(&["spec", "containers"]).items()[0].at(&["image"]).str_or_empty().to_owned();
        self.world.store().list(Kind::Pod, "default").map(image).collect()
    }

    fn status(&self, key: &'static str) -> i64 {
        self.get(Kind::StatefulSet, "ss").tree.at(&["status", key]).as_i64().unwrap_or(0)
    }

    fn is_updated(&self) -> bool {
        let set = self.get(Kind::StatefulSet, "ss");
        set.tree.at(&["status", "currentRevision"]) == set.tree.at(&["status", "updateRevision"])
    }

    /// A pod's program hangs, so that it stops being Ready.
    fn breaks(&mut self, pod: &str) {
        self.world.submit(Intent::Fault(Fault::PodFreezes("default".into(), Text::copy(pod))));
        self.pass(10);
    }
}

#[test]
fn f1_pods_have_name_host_and_volume_of_their_own_and_find_it_again() {
    let mut cluster = Cluster::with(3, "");
    for ordinal in 0..3 {
        let name = format!("ss-{ordinal}");
        let pod = cluster.get(Kind::Pod, &name);
        let view = pod.as_pod().expect("a pod");
        assert_eq!((view.hostname.as_str(), view.subdomain.as_str()), (name.as_str(), "test"));
        assert_eq!(pod.label("apps.kubernetes.io/pod-index"), Some(ordinal.to_string().as_str()));
        assert_eq!(view.claims, [format!("data-{name}").as_str()]);
    }
    let volume = |cluster: &Cluster| {
        cluster.get(Kind::PersistentVolumeClaim, "data-ss-1").tree.at(&["spec", "volumeName"]).text()
    };
    let before = volume(&cluster);
    cluster.run("scale sts ss --replicas=0");
    cluster.wait();
    cluster.run("scale sts ss --replicas=3");
    cluster.wait();
    assert_eq!((cluster.status("readyReplicas"), volume(&cluster)), (3, before));
}

#[test]
fn f2_pods_are_adopted_and_released_as_their_labels_and_owners_say() {
    let mut cluster = Cluster::with(1, "");
    let owned = |cluster: &Cluster| cluster.get(Kind::Pod, "ss-0").controller().is_some();
    cluster.patch("pod", "ss-0", r#"{"metadata":{"ownerReferences":null}}"#);
    cluster.pass(5);
    assert!(owned(&cluster));
    cluster.run("label pod ss-0 app-");
    cluster.pass(5);
    assert!(!owned(&cluster));
    cluster.run("label pod ss-0 app=ss");
    cluster.pass(5);
    assert!(owned(&cluster));
}

#[test]
fn f3_a_broken_second_pod_does_not_keep_the_first_from_coming_back() {
    let mut cluster = Cluster::with(2, "");
    cluster.breaks("ss-1");
    cluster.run("delete pod ss-0 --wait=false");
    cluster.wait();
    assert!(cluster.told().contains(&"ss-0 ready".to_owned()));
    cluster.run("delete pod ss-1 --wait=false");
    cluster.wait();
    assert_eq!(cluster.status("readyReplicas"), 2);
}

#[test]
fn f4_f5_updates_and_rollbacks_go_down_from_the_top() {
    let mut cluster = Cluster::with(3, "");
    for image in ["httpd:2", "httpd:1"] {
        cluster.run(&format!("set image sts/ss web={image}"));
        cluster.wait();
        let created: Vec<String> = cluster.told().into_iter().filter(|line| line.starts_with('+')).collect();
        assert_eq!(created, ["+ ss-2", "+ ss-1", "+ ss-0"]);
        assert_eq!(cluster.images(), [image; 3]);
        assert!(cluster.is_updated());
    }
    assert_eq!(cluster.names(Kind::ControllerRevision).len(), 2);
}

#[test]
fn f6_f7_a_partition_is_lowered_step_by_step() {
    let mut cluster = Cluster::with(3, "updateStrategy: {rollingUpdate: {partition: 3}}");
    cluster.run("set image sts/ss web=httpd:2");
    cluster.wait();
    assert_eq!(cluster.images(), ["httpd:1"; 3]);
    for (partition, images) in
        [(2, ["httpd:1", "httpd:1", "httpd:2"]), (1, ["httpd:1", "httpd:2", "httpd:2"]), (0, ["httpd:2"; 3])]
    {
        let patch = format!(r#"{{"spec":{{"updateStrategy":{{"rollingUpdate":{{"partition":{partition}}}}}}}}}"#);
        cluster.patch("sts", "ss", &patch);
        cluster.wait();
        assert_eq!(cluster.images(), images);
        cluster.run("delete pod ss-0 ss-2 --wait=false");
        cluster.wait();
        assert_eq!(cluster.images(), images, "deleted pods come back at the revision of their side");
        assert_eq!(cluster.is_updated(), partition == 0);
    }
}

#[test]
fn f8_below_the_partition_a_deleted_pod_comes_back_old_although_the_update_is_broken() {
    let mut cluster =
        Cluster::with(3, "updateStrategy: {rollingUpdate: {partition: 1}}\npodManagementPolicy: Parallel");
    cluster.run("set image sts/ss web=httpd:2");
    cluster.breaks("ss-2");
    cluster.run("delete pod ss-0 --wait=false");
    cluster.wait();
    assert_eq!(cluster.images()[0], "httpd:1");
}

#[test]
fn f9_never_more_than_two_of_five_are_away() {
    let mut cluster = Cluster::gated(true);
    cluster.set(5, "updateStrategy: {rollingUpdate: {maxUnavailable: 2}}\npodManagementPolicy: Parallel");
    cluster.wait();
    cluster.told();
    cluster.run("set image sts/ss web=httpd:2");
    cluster.wait();
    let (mut away, mut most) = (0, 0);
    for line in cluster.told() {
        away += i32::from(line.starts_with('~')) - i32::from(line.ends_with("ready"));
        most = most.max(away);
    }
    assert_eq!((most, away), (2, 0));
    assert_eq!(cluster.images(), ["httpd:2"; 5]);
}

#[test]
fn f10_with_on_delete_pods_change_when_they_are_deleted() {
    let mut cluster = Cluster::with(3, "updateStrategy: {type: OnDelete}");
    cluster.run("delete pod ss-1 --wait=false");
    cluster.wait();
    assert_eq!(cluster.images(), ["httpd:1"; 3]);
    cluster.run("set image sts/ss web=httpd:2");
    cluster.wait();
    assert_eq!(cluster.images(), ["httpd:1"; 3], "nothing by itself");
    cluster.run("delete pod ss-0 ss-1 ss-2 --wait=false");
    cluster.wait();
    assert_eq!(cluster.images(), ["httpd:2"; 3]);
}

#[test]
fn f11_an_ordered_set_halts_at_a_pod_that_is_not_ready_both_ways() {
    let mut cluster = Cluster::new();
    cluster.set(3, "");
    cluster.wait();
    let started: Vec<String> = cluster.told().into_iter().filter(|line| !line.starts_with('~')).collect();
    assert_eq!(started, ["+ ss-0", "ss-0 ready", "+ ss-1", "ss-1 ready", "+ ss-2", "ss-2 ready"]);
    for pod in ["ss-0", "ss-1", "ss-2"] {
        cluster.breaks(pod);
    }
    cluster.run("scale sts ss --replicas=5");
    cluster.wait();
    assert!(cluster.told().is_empty(), "up it halts");
    cluster.run("scale sts ss --replicas=0");
    cluster.wait();
    assert!(cluster.told().is_empty(), "down it halts: ss-2 is not the first that is unavailable");
    cluster.run("delete pod ss-0 ss-1 --wait=false");
    cluster.wait();
    let ended: Vec<String> = cluster.told().into_iter().filter(|line| line.starts_with('-')).collect();
    assert_eq!(ended, ["- ss-0", "- ss-1", "- ss-2"], "now it is");
}

#[test]
fn f12_a_parallel_set_goes_both_ways_with_a_broken_pod() {
    let mut cluster = Cluster::with(3, "podManagementPolicy: Parallel");
    cluster.breaks("ss-0");
    cluster.run("scale sts ss --replicas=5");
    cluster.wait();
    assert_eq!(cluster.names(Kind::Pod).len(), 5);
    cluster.run("scale sts ss --replicas=0");
    cluster.wait();
    assert!(cluster.names(Kind::Pod).is_empty());
}

#[test]
fn f14_the_scale_is_read_replaced_and_patched() {
    let mut cluster = Cluster::with(1, "");
    let scale = "/apis/apps/v1/namespaces/default/statefulsets/ss/scale";
    assert!(cluster.run(&format!("get --raw {scale}")).contains(r#""spec":{"replicas":1}"#));
    cluster.run("scale sts ss --replicas=2");
    cluster
        .fed(&["patch", "sts", "ss", "--subresource=scale", "--type=merge", "-p", r#"{"spec":{"replicas":4}}"#], None);
    cluster.wait();
    assert_eq!(cluster.status("readyReplicas"), 4);
}

#[test]
fn f15_sets_are_listed_patched_and_deleted_together_by_their_labels() {
    let mut cluster = Cluster::with(1, "");
    cluster.patch("sts", "ss", r#"{"metadata":{"labels":{"test":"patched"}},"spec":{"replicas":2}}"#);
    assert_eq!(cluster.run("get sts -A -l test=patched -o name"), "statefulset.apps/ss\n");
    assert_eq!(
        cluster.run("delete sts -l test=patched --wait=false"),
        "statefulset.apps \"ss\" deleted from default namespace\n"
    );
    assert!(cluster.names(Kind::StatefulSet).is_empty());
}

#[test]
fn f16_a_condition_that_a_person_writes_into_the_status_stays() {
    let mut cluster = Cluster::with(1, "");
    let patch = r#"{"status":{"conditions":[{"type":"StatusPatched","status":"True"}]}}"#;
    cluster.fed(&["patch", "sts", "ss", "--subresource=status", "--type=merge", "-p", patch], None);
    cluster.run("scale sts ss --replicas=2");
    cluster.wait();
    let set = cluster.get(Kind::StatefulSet, "ss");
    assert_eq!(set.tree.at(&["status", "conditions"]).items()[0].at(&["type"]).as_str(), Some("StatusPatched"));
}

#[test]
fn f20_f21_available_replicas_follow_min_ready_seconds() {
    let mut cluster = Cluster::with(2, "minReadySeconds: 3600\npodManagementPolicy: Parallel");
    for (seconds, available) in [(3600, 0), (1, 2), (3600, 0), (0, 2)] {
        cluster.patch("sts", "ss", &format!(r#"{{"spec":{{"minReadySeconds":{seconds}}}}}"#));
        cluster.pass(30);
        assert_eq!(cluster.status("availableReplicas"), available, "{seconds}");
    }
}

const GO: &str = "persistentVolumeClaimRetentionPolicy: ";

#[test]
fn f22_f25_claims_go_with_their_set_where_the_policy_says_so() {
    let mut cluster = Cluster::with(3, &format!("{GO}{{whenDeleted: Delete}}"));
    cluster.patch("pod", "ss-1", r#"{"metadata":{"ownerReferences":null}}"#);
    cluster.pass(5);
    assert!(cluster.get(Kind::Pod, "ss-1").controller().is_some(), "adopted again");
    for ordinal in 0..3 {
        let claim = cluster.get(Kind::PersistentVolumeClaim, &format!("data-ss-{ordinal}"));
        assert_eq!(claim.controller().map(|owner| owner.kind.as_str()), Some("StatefulSet"));
    }
    cluster.run("delete sts ss --wait=false");
    cluster.wait();
    assert!(cluster.names(Kind::PersistentVolumeClaim).is_empty());
}

#[test]
fn f23_f26_claims_go_with_pods_that_are_scaled_away_where_the_policy_says_so() {
    let mut cluster = Cluster::with(3, &format!("{GO}{{whenScaled: Delete}}"));
    cluster.patch("pod", "ss-1", r#"{"metadata":{"ownerReferences":null}}"#);
    cluster.pass(5);
    cluster.run("scale sts ss --replicas=1");
    cluster.wait();
    assert_eq!(cluster.names(Kind::PersistentVolumeClaim), ["data-ss-0"]);
}

#[test]
fn f24_f27_a_claim_that_another_controls_survives() {
    let mut cluster = Cluster::with(2, &format!("{GO}{{whenScaled: Delete, whenDeleted: Delete}}"));
    // The owner has to exist, or the garbage collector takes the claim.
    cluster.run("create configmap other");
    let uid = cluster.get(Kind::ConfigMap, "other").meta.uid.clone();
    let stranger =
        format!(r#"{{"apiVersion":"v1","kind":"ConfigMap","name":"other","uid":"{uid}","controller":true}}"#);
    cluster.patch("pvc", "data-ss-1", &format!(r#"{{"metadata":{{"ownerReferences":[{stranger}]}}}}"#));
    cluster.run("scale sts ss --replicas=0");
    cluster.wait();
    assert_eq!(cluster.names(Kind::PersistentVolumeClaim), ["data-ss-1"]);
    cluster.patch("pvc", "data-ss-1", r#"{"metadata":{"ownerReferences":null}}"#);
    cluster.run("scale sts ss --replicas=2");
    cluster.wait();
    cluster.run("scale sts ss --replicas=0");
    cluster.wait();
    assert!(cluster.names(Kind::PersistentVolumeClaim).is_empty());
}

#[test]
fn f28_the_claim_of_a_pending_pod_comes_back() {
    let mut cluster = Cluster::with(1, "");
    let nodes: Vec<Text> = cluster.world.store().list(Kind::Node, "").map(|node| node.meta.name.clone()).collect();
    for node in &nodes {
        cluster.run(&format!("cordon {node}"));
    }
    cluster.run("delete pvc data-ss-0 --wait=false");
    cluster.run("delete pod ss-0 --wait=false");
    cluster.wait();
    assert_eq!(cluster.names(Kind::PersistentVolumeClaim), ["data-ss-0"]);
    assert!(cluster.get(Kind::Pod, "ss-0").as_pod().is_some_and(|pod| pod.node.is_empty()));
    for node in &nodes {
        cluster.run(&format!("uncordon {node}"));
    }
    cluster.wait();
    assert_eq!(cluster.status("readyReplicas"), 1);
}

#[test]
fn f29_to_f32_the_first_ordinal_can_be_moved() {
    for (from, to, pods) in [
        ("null", "2", &["ss-2", "ss-3"][..]),
        ("2", "4", &["ss-4", "ss-5"]),
        ("3", "2", &["ss-2", "ss-3"]),
        ("3", "null", &["ss-0", "ss-1"]),
    ] {
        let ordinals = if from == "null" { String::new() } else { format!("ordinals: {{start: {from}}}") };
        let mut cluster = Cluster::with(2, &ordinals);
        let start = if to == "null" { "null".to_owned() } else { format!(r#"{{"start":{to}}}"#) };
        cluster.patch("sts", "ss", &format!(r#"{{"spec":{{"ordinals":{start}}}}}"#));
        cluster.wait();
        cluster.wait();
        assert_eq!(cluster.names(Kind::Pod), pods, "{from} to {to}");
        assert_eq!(cluster.status("readyReplicas"), 2);
    }
}
