//! An API server and the StatefulSet controller. After every turn of the controller the invariants of upstream's tests
//! are looked at.

use std::rc::Rc;

use playground::api::{Kind, OwnerReference, Shared, Status};
use playground::apiserver::{
    ApiServer, Change, Client, DeleteOptions, Gates, PatchType, Propagation, Request, Subresource, Verb, WatchEvent,
};
use playground::controller::statefulset::{COMPONENT, StatefulSetController, SyncSet, identity};
use playground::controller::{Context, Part};
use playground::profile::Profile;
use playground::random::Seed;
use playground::time::Time;
use playground::value::{Text, Value, yaml};

pub const NAMESPACE: &str = "story";
const SEED: Seed = Seed(1);

/// The policies that upstream's tests multiply with.
pub const POLICIES: [&str; 2] = ["OrderedReady", "Parallel"];
pub const RETENTIONS: [&str; 5] = [
    "",
    "persistentVolumeClaimRetentionPolicy: {whenScaled: Retain, whenDeleted: Retain}",
    "persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Retain}",
    "persistentVolumeClaimRetentionPolicy: {whenScaled: Retain, whenDeleted: Delete}",
    "persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Delete}",
];

/// Calls a story with every pair of policies: the management policy, and both as lines of a spec.
pub fn with_all_policies(story: impl Fn(&str, &str)) {
    for policy in POLICIES {
        for retention in RETENTIONS {
            story(policy, &format!("podManagementPolicy: {policy}\n{retention}"));
        }
    }
}

/// The stage.
pub struct Bench {
    server: ApiServer,
    part: StatefulSetController,
    profile: Profile,
    pub now: Time,
    alarms: Vec<(Time, u64, SyncSet)>,
    sequence: u64,
    /// `+ foo-0`, `~ foo-0` (its deletion was asked for), `- foo-0`; claims likewise.
    lines: Vec<String>,
    /// Whether pods are made and changed only by the story's rules, so that the order of a set can be held.
    pub orderly: bool,
}

impl Bench {
    pub fn new() -> Self {
        Self::gated(false)
    }

    /// With feature gate MaxUnavailableStatefulSet on or off.
    pub fn gated(max_unavailable: bool) -> Self {
        let gates = Gates { max_unavailable_stateful_set: max_unavailable };
        let mut bench = Self {
            server: ApiServer::new(SEED, gates),
            part: StatefulSetController::new(max_unavailable),
            profile: Profile::named("recorded").expect("the recorded profile is built in"),
            now: Time(0),
            alarms: Vec::new(),
            sequence: 0,
            lines: Vec::new(),
            orderly: true,
        };
        bench.store(Kind::Namespace, &format!("metadata: {{name: {NAMESPACE}}}")).expect("a namespace");
        bench.store(Kind::ServiceAccount, "metadata: {name: default}").expect("an account");
        bench
    }

    /// A set `foo` of so many replicas with one claim template; `more` are lines of its spec.
    pub fn set(&mut self, replicas: i64, more: &str) -> &mut Self {
        self.set_named("foo", replicas, more)
    }

    pub fn set_named(&mut self, name: &str, replicas: i64, more: &str) -> &mut Self {
        let more = more.lines().map(|line| format!("  {line}\n")).collect::<String>();
        let text = format!(
            "metadata: {{name: {name}}}\nspec:\n  replicas: {replicas}\n  serviceName: governingsvc\n  selector: \
             {{matchLabels: {{foo: bar}}}}\n{more}  template:\n    metadata: {{labels: {{foo: bar}}}}\n    spec: \
             {{containers: [{{name: nginx, image: nginx, volumeMounts: [{{name: datadir, mountPath: /tmp/zookeeper}}]}}], \
             volumes: [{{name: home, hostPath: {{path: /tmp/home}}}}]}}\n  volumeClaimTemplates:\n  - metadata: {{name: \
             datadir}}\n    spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1}}}}}}\n"
        );
        self.store(Kind::StatefulSet, &text).expect("a valid set");
        self.pass(0)
    }

    /// Stores what a manifest describes.
    pub fn store(&mut self, kind: Kind, manifest: &str) -> Result<Shared, Status> {
        let tree = yaml::parse(manifest).expect("YAML").value;
        let namespace = if kind.is_namespaced() { NAMESPACE } else { "" };
        self.client(|client| client.create(kind, &namespace.into(), tree))
    }

    pub fn client<T>(&mut self, ask: impl FnOnce(&mut Client<'_>) -> T) -> T {
        ask(&mut Client::new(&mut self.server, self.now))
    }

    pub fn get(&self, kind: Kind, name: &str) -> Option<Shared> {
        self.server.store().get(kind, NAMESPACE, name).cloned()
    }

    pub fn list(&self, kind: Kind) -> Vec<Shared> {
        self.server.store().list(kind, NAMESPACE).cloned().collect()
    }

    /// Merges YAML into an object.
    pub fn patch(&mut self, kind: Kind, name: &str, patch: &str) -> &mut Self {
        let patch = yaml::parse(patch).expect("YAML").value;
        let verb = Verb::Patch(PatchType::Merge, patch);
        let request = Request::new(kind, &NAMESPACE.into(), &Text::copy(name), verb);
        self.client(|client| client.send(request)).expect("the patch is taken");
        self.pass(0)
    }

    pub fn scale(&mut self, replicas: i64) -> &mut Self {
        self.patch(Kind::StatefulSet, "foo", &format!("spec: {{replicas: {replicas}}}"))
    }

    pub fn image(&mut self, image: &str) -> &mut Self {
        let mut template = self.get(Kind::StatefulSet, "foo").expect("a set").tree.at(&["spec", "template"]).clone();
        template.at_mut(&["spec", "containers"]).items_mut()[0].set(&["image"], image.to_owned());
        let patch = playground::map! { "spec" => playground::map! { "template" => template } };
        let verb = Verb::Patch(PatchType::Merge, patch);
        let request = Request::new(Kind::StatefulSet, &NAMESPACE.into(), &"foo".into(), verb);
        self.client(|client| client.send(request)).expect("the patch is taken");
        self.pass(0)
    }

    /// The names of pods become Running, and Ready or not, now.
    pub fn becomes(&mut self, name: &str, phase: &str, ready: bool) -> &mut Self {
        let pod = self.get(Kind::Pod, name).expect("a pod of this name");
        let mut tree = pod.tree.clone();
        tree.set(&["status", "phase"], phase.to_owned());
        let condition = playground::map! {
            "type" => "Ready",
            "status" => if ready { "True" } else { "False" },
            "lastTransitionTime" => self.now.rfc3339(),
        };
        tree.set(&["status", "conditions"], vec![condition]);
        self.client(|client| client.update_status(&pod, tree)).expect("a status");
        self.pass(0)
    }

    /// Puts a pod on a node, so that its deletion takes its grace.
    pub fn bind(&mut self, name: &str) -> &mut Self {
        let body = playground::map! { "target" => playground::map! { "kind" => "Node", "name" => "node-1" } };
        let request = Request::new(Kind::Pod, &NAMESPACE.into(), &Text::copy(name), Verb::Create(body));
        self.client(|client| client.send(request.part(Subresource::Binding))).expect("a binding");
        self.pass(0)
    }

    /// Asks for the end of an object; of a claim as if no pod used it.
    pub fn delete(&mut self, kind: Kind, name: &str) -> &mut Self {
        if kind == Kind::PersistentVolumeClaim {
            let held = self.get(kind, name).expect("a claim of this name").meta.finalizers.clone();
            let kept = held.into_iter().filter(|finalizer| *finalizer != *"kubernetes.io/pvc-protection");
            let patch = playground::map! { "metadata" => playground::map! { "finalizers" => Value::texts(kept) } };
            let request =
                Request::new(kind, &NAMESPACE.into(), &Text::copy(name), Verb::Patch(PatchType::Merge, patch));
            self.client(|client| client.send(request)).expect("the patch is taken");
        }
        self.delete_with(kind, name, DeleteOptions::default())
    }

    pub fn delete_foreground(&mut self, name: &str) -> &mut Self {
        let options = DeleteOptions { propagation: Propagation::Foreground, ..DeleteOptions::default() };
        self.delete_with(Kind::StatefulSet, name, options)
    }

    /// The garbage collector takes the claims whose pod has gone.
    pub fn collect(&mut self) -> &mut Self {
        for claim in self.list(Kind::PersistentVolumeClaim) {
            let of_pod = claim.meta.owners.iter().find(|owner| owner.kind == *"Pod");
            let gone = |uid: &Text| !self.list(Kind::Pod).iter().any(|pod| pod.meta.uid == *uid);
            if of_pod.is_some_and(|owner| gone(&owner.uid)) {
                self.delete(Kind::PersistentVolumeClaim, &claim.meta.name);
            }
        }
        self
    }

    /// The kubelet is done with a terminating pod.
    pub fn vanishes(&mut self, name: &str) -> &mut Self {
        self.delete_with(Kind::Pod, name, DeleteOptions { grace_seconds: Some(0), ..DeleteOptions::default() })
    }

    fn delete_with(&mut self, kind: Kind, name: &str, options: DeleteOptions) -> &mut Self {
        let namespace = if kind.is_namespaced() { NAMESPACE } else { "" };
        self.client(|client| client.delete(kind, &namespace.into(), &Text::copy(name), options))
            .expect("it is deleted");
        self.pass(0)
    }

    /// Every pod that is not Ready becomes so, as long as there are any.
    pub fn all_ready(&mut self) -> &mut Self {
        for _ in 0..5000 {
            self.pass(5000);
            let waiting = |pod: &&Shared| !pod.is_terminating() && pod.as_pod().is_some_and(|view| !view.ready);
            let Some(name) = self.list(Kind::Pod).iter().find(waiting).map(|pod| pod.meta.name.clone()) else {
                return self;
            };
            self.becomes(&name, "Running", true);
        }
        panic!("no end of pods");
    }

    /// Lets so many milliseconds pass, and at least as much as the controller needs for what has happened.
    pub fn pass(&mut self, ms: i64) -> &mut Self {
        let end = self.now.plus(ms.max(50));
        for _ in 0..20_000 {
            for event in self.server.take_announced() {
                self.tell(&event);
                if StatefulSetController::WATCHES.contains(&event.object.kind) {
                    self.run(|part, context| part.observe(&event, context));
                }
                self.check();
            }
            if !self.pending() {
                self.alarms.sort_by_key(|(at, number, _)| (*at, *number));
                if self.alarms.first().is_none_or(|(at, ..)| *at > end) {
                    self.now = end;
                    return self;
                }
                let (at, _, alarm) = self.alarms.remove(0);
                self.now = self.now.max(at);
                self.run(|part, context| part.wake(alarm, context));
            }
        }
        panic!("the controller does not come to rest: {:?}", self.lines);
    }

    /// Whether anything was committed that nobody was told of yet.
    fn pending(&mut self) -> bool {
        let announced = self.server.take_announced();
        let some = !announced.is_empty();
        for event in announced {
            self.tell(&event);
            if StatefulSetController::WATCHES.contains(&event.object.kind) {
                self.run(|part, context| part.observe(&event, context));
            }
        }
        self.check();
        some
    }

    fn run(&mut self, act: impl FnOnce(&mut StatefulSetController, &mut Context<'_, SyncSet>)) {
        let (mut alarms, mut decisions) = (Vec::new(), Vec::new());
        let mut context = Context {
            client: Client::new(&mut self.server, self.now),
            now: self.now,
            seed: SEED,
            profile: &self.profile,
            alarms: &mut alarms,
            decisions: &mut decisions,
        };
        act(&mut self.part, &mut context);
        for (at, alarm) in alarms {
            self.sequence += 1;
            self.alarms.push((at, self.sequence, alarm));
        }
    }

    fn tell(&mut self, event: &Rc<WatchEvent>) {
        let object = &event.object;
        if !matches!(object.kind, Kind::Pod | Kind::PersistentVolumeClaim) {
            return;
        }
        let ends = object.is_terminating() && event.before.as_ref().is_some_and(|before| !before.is_terminating());
        let sign = match event.change {
            Change::Added => "+",
            Change::Deleted => "-",
            Change::Modified if ends => "~",
            Change::Modified => return,
        };
        self.lines.push(format!("{sign} {}", object.meta.name));
    }

    /// The lines since this was last asked.
    pub fn told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// The lines about pods since this was last asked; one that vanishes at once is told once.
    pub fn pods_told(&mut self) -> Vec<String> {
        let mut lines = self.told();
        lines.retain(|line| !line.contains("datadir-") && !line.starts_with('~'));
        lines
    }

    /// The pods there are.
    pub fn pods(&self) -> Vec<String> {
        self.list(Kind::Pod).iter().map(|pod| pod.meta.name.to_string()).collect()
    }

    /// The image of each pod.
    pub fn images(&self) -> Vec<String> {
        let image =
            |pod: &Shared| pod.tree.at(&["spec", "containers"]).items()[0].at(&["image"]).str_or_empty().to_owned();
        self.list(Kind::Pod).iter().map(image).collect()
    }

    /// replicas, ready, available, current, updated.
    pub fn counts(&self) -> [i64; 5] {
        let set = self.get(Kind::StatefulSet, "foo").expect("a set");
        ["replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas"]
            .map(|key| set.tree.at(&["status", key]).as_i64().unwrap_or(0))
    }

    /// currentRevision and updateRevision.
    pub fn revisions(&self) -> (Text, Text) {
        let set = self.get(Kind::StatefulSet, "foo").expect("a set");
        let text = |key: &str| set.tree.at(&["status", key]).text();
        (text("currentRevision"), text("updateRevision"))
    }

    /// `Normal SuccessfulCreate Create Pod foo-0 …` with how often it was said, in the order of time.
    pub fn events(&self) -> Vec<String> {
        let mut events = self.list(Kind::Event);
        events.sort_by_key(|event| event.meta.resource_version);
        let line = |event: &Shared| {
            let text = |key: &str| event.tree.at(&[key]).str_or_empty().to_owned();
            assert_eq!(event.tree.at(&["source", "component"]).as_str(), Some(COMPONENT));
            format!("{} {} {}", text("type"), text("reason"), text("message"))
        };
        events.iter().map(line).collect()
    }

    /// Who owns a claim: `StatefulSet`, `Pod`.
    pub fn owners(&self, claim: &str) -> Vec<String> {
        let claim = self.get(Kind::PersistentVolumeClaim, claim).expect("a claim of this name");
        claim.meta.owners.iter().map(|owner| owner.kind.to_string()).collect()
    }

    /// The tree of an owner reference to an object of the bench.
    pub fn reference(&self, kind: Kind, name: &str) -> Value {
        OwnerReference::to_controller(&self.get(kind, name).expect("an owner"))
    }

    /// What upstream's tests look at after every sync.
    fn check(&self) {
        for set in self.list(Kind::StatefulSet) {
            let spec = set.as_stateful_set().expect("a set");
            let mut pods: Vec<(i64, Shared)> = self
                .list(Kind::Pod)
                .into_iter()
                .filter(|pod| pod.controller().is_some_and(|owner| owner.uid == set.meta.uid))
                .filter_map(|pod| Some((identity::parent_and_ordinal(&pod.meta.name)?.1, pod)))
                .collect();
            pods.sort_by_key(|(ordinal, _)| *ordinal);
            for pair in pods.windows(2) {
                assert!(pair[0].0 < pair[1].0, "two pods of ordinal {}", pair[0].0);
                if self.orderly && !spec.parallel {
                    assert_eq!(pair[0].0 + 1, pair[1].0, "a gap below {}", pair[1].1.meta.name);
                    let healthy = |pod: &Shared| pod.as_pod().is_some_and(|view| view.is_running_and_ready());
                    assert!(!healthy(&pair[1].1) || healthy(&pair[0].1), "{} before its time", pair[1].1.meta.name);
                }
            }
            if self.orderly {
                for (_, pod) in &pods {
                    assert!(identity::identity_matches(pod), "{} is not itself", pod.meta.name);
                    assert!(identity::storage_matches(spec, pod), "{} lacks its claim", pod.meta.name);
                }
            }
        }
    }
}
