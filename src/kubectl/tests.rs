//! Commands against an API server, with a clock that takes no time; the expected texts are those of the recordings.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Invocation, Process, Session, Stream, Wake, split_words};
use crate::api::Kind;
use crate::apiserver::{ApiServer, Client, Gates, WatchEvent};
use crate::map;
use crate::profile::CommandClock;
use crate::random::Seed;
use crate::time::Time;
use crate::value::Text;

/// A terminal on a fresh cluster.
pub struct Terminal {
    pub server: ApiServer,
    pub now: Time,
    files: BTreeMap<Text, Text>,
}

const CLOCK: CommandClock = CommandClock { request_ms: 0, foreground_ms: 0, background_ms: 0, poll_ms: 80 };

/// A StatefulSet with a headless Service, as most of the recordings begin.
pub const WEB: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80, name: http}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: app, image: 'nginx:1.27'}
";

impl Terminal {
    pub fn new() -> Self {
        let mut server = ApiServer::new(Seed(7), Gates::default());
        for name in ["default", "lab"] {
            let tree = map! { "apiVersion" => "v1", "kind" => "Namespace", "metadata" => map! { "name" => name } };
            Client::new(&mut server, Time(0)).create(Kind::Namespace, &Text::default(), tree).unwrap();
        }
        server.take_announced();
        let mut terminal = Self { server, now: Time(0), files: BTreeMap::new() };
        terminal.file("w.yaml", WEB);
        terminal
    }

    pub fn file(&mut self, name: &'static str, text: &str) {
        self.files.insert(name.into(), Text::copy(text));
    }

    pub fn start(&self, line: &str) -> Process {
        let invocation = Invocation {
            argv: split_words(line).unwrap(),
            files: Rc::new(self.files.clone()),
            namespace: "lab".into(),
            ..Invocation::default()
        };
        Process::start(invocation, self.now)
    }

    pub fn wake(&mut self, process: &mut Process, events: &[Rc<WatchEvent>]) -> Wake {
        let client = Client::new(&mut self.server, self.now);
        process.wake(&mut Session { client, now: self.now, clock: &CLOCK, events })
    }

    /// Runs a command that ends by itself: exit code, standard output, standard error.
    pub fn run(&mut self, line: &str) -> (i32, String, String) {
        let mut process = self.start(line);
        match self.wake(&mut process, &[]) {
            Wake::Exited(code) => (code, printed(&process, Stream::Out), printed(&process, Stream::Err)),
            waiting => panic!("`{line}` waits: {waiting:?}\n{}", printed(&process, Stream::Out)),
        }
    }

    #[track_caller]
    pub fn says(&mut self, line: &str, expected: &str) {
        assert_eq!(self.run(line), (0, expected.to_owned(), String::new()), "$ kubectl {line}");
    }

    #[track_caller]
    pub fn refuses(&mut self, line: &str, expected: &str) {
        assert_eq!(self.run(line), (1, String::new(), expected.to_owned()), "$ kubectl {line}");
    }
}

pub fn printed(process: &Process, stream: Stream) -> String {
    process.output.iter().filter(|line| line.stream == stream).map(|line| line.text.as_str()).collect()
}

#[test]
fn a_set_is_created_scaled_patched_and_deleted() {
    let mut terminal = Terminal::new();
    terminal.says("create ns lab-18", "namespace/lab-18 created\n");
    terminal.says("create -f w.yaml", "service/web created\nstatefulset.apps/web created\n");
    terminal.refuses(
        "create -f w.yaml",
        "Error from server (AlreadyExists): error when creating \"w.yaml\": services \"web\" already exists\n\
         Error from server (AlreadyExists): error when creating \"w.yaml\": statefulsets.apps \"web\" already exists\n",
    );
    terminal.says("scale sts web --replicas=4", "statefulset.apps/web scaled\n");
    terminal.refuses("scale sts web --replicas=5 --current-replicas=2", "error: Expected replicas to be 2, was 4\n");
    terminal.says("patch sts web -p '{\"spec\":{\"replicas\":3}}'", "statefulset.apps/web patched\n");
    terminal.says("patch sts web -p '{\"spec\":{\"replicas\":3}}'", "statefulset.apps/web patched (no change)\n");
    terminal.says(
        "delete -f w.yaml",
        "service \"web\" deleted from lab namespace\nstatefulset.apps \"web\" deleted from lab namespace\n",
    );
    terminal.refuses("delete sts web", "Error from server (NotFound): statefulsets.apps \"web\" not found\n");
}

#[test]
fn apply_creates_changes_and_leaves_alone() {
    let mut terminal = Terminal::new();
    terminal.says("apply -f w.yaml", "service/web created\nstatefulset.apps/web created\n");
    terminal.says("apply -f w.yaml", "service/web unchanged\nstatefulset.apps/web unchanged\n");
    let more = WEB.replace("replicas: 2", "replicas: 3");
    terminal.file("more.yaml", &more);
    terminal.says("apply -f more.yaml", "service/web unchanged\nstatefulset.apps/web configured\n");
    let set = terminal.server.store().get(Kind::StatefulSet, "lab", "web").unwrap();
    assert_eq!(set.tree.at(&["spec", "replicas"]).as_i64(), Some(3));
}

#[test]
fn apply_over_what_create_made_warns_and_goes_on() {
    let mut terminal = Terminal::new();
    terminal.run("create -f w.yaml");
    let (code, out, err) = terminal.run("apply -f w.yaml");
    assert_eq!((code, out.as_str()), (0, "service/web configured\nstatefulset.apps/web configured\n"));
    assert!(err.starts_with("Warning: resource services/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. "));
}

#[test]
fn a_field_that_left_the_manifest_leaves_the_object() {
    let mut terminal = Terminal::new();
    terminal.file("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {tier: a, zone: b}}\ndata: {x: '1'}\n");
    terminal.file("b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {tier: a2}}\ndata: {x: '1'}\n");
    terminal.says("apply -f a.yaml", "configmap/c created\n");
    terminal.says("label cm c manual=yes", "configmap/c labeled\n");
    terminal.says("apply -f b.yaml", "configmap/c configured\n");
    let map = terminal.server.store().get(Kind::ConfigMap, "lab", "c").unwrap();
    let labels: Vec<String> = map.labels().iter().map(|(k, v)| format!("{k}={}", v.str_or_empty())).collect();
    assert_eq!(labels, ["manual=yes", "tier=a2"]);
}

#[test]
fn labels_and_annotations_are_set_and_removed() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    terminal.says("label sts web tier=db", "statefulset.apps/web labeled\n");
    terminal.says("label sts web tier=db", "statefulset.apps/web not labeled\n");
    terminal.refuses("label sts web tier=x", "error: 'tier' already has a value (db), and --overwrite is false\n");
    terminal.says("label --overwrite sts web tier=x", "statefulset.apps/web labeled\n");
    terminal.says("label sts web tier-", "statefulset.apps/web unlabeled\n");
    terminal.says("label sts web nope-", "label \"nope\" not found.\nstatefulset.apps/web not labeled\n");
    terminal.says("annotate sts web note=hi", "statefulset.apps/web annotated\n");
    terminal.refuses(
        "annotate sts web note=ho",
        "error: --overwrite is false but found the following declared annotation(s): 'note' already has a value (hi)\n",
    );
    terminal.says("annotate sts web note-", "statefulset.apps/web annotated\n");
}

#[test]
fn a_delete_waits_until_the_object_is_gone() {
    let mut terminal = Terminal::new();
    terminal.file(
        "held.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\n",
    );
    terminal.run("create -f held.yaml");
    let mut process = terminal.start("delete cm held");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::OnChange(None));
    assert_eq!(printed(&process, Stream::Out), "configmap \"held\" deleted from lab namespace\n");
    terminal.says("patch cm held --type=merge -p '{\"metadata\":{\"finalizers\":null}}'", "configmap/held patched\n");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::Exited(0));
}

#[test]
fn a_delete_gives_up_when_its_time_is_over() {
    let mut terminal = Terminal::new();
    terminal.file(
        "held.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\n",
    );
    terminal.run("create -f held.yaml");
    let mut process = terminal.start("delete cm held --timeout=3s");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::OnChange(Some(Time(3000))));
    terminal.now = Time(3000);
    assert_eq!(terminal.wake(&mut process, &[]), Wake::Exited(1));
    assert_eq!(printed(&process, Stream::Err), "error: timed out waiting for the condition on configmaps/held\n");
}

#[test]
fn rollout_status_tells_every_change_until_it_is_done() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    let mut process = terminal.start("rollout status sts/web");
    terminal.server.take_announced();
    assert_eq!(terminal.wake(&mut process, &[]), Wake::OnChange(None));
    let status = |generation: i64, ready: i64, updated: i64| {
        format!(
            "patch sts web --subresource=status --type=merge -p \
             '{{\"status\":{{\"observedGeneration\":{generation},\"replicas\":2,\"readyReplicas\":{ready},\"updatedReplicas\":{updated}}}}}'"
        )
    };
    for (ready, updated) in [(1, 1), (2, 2)] {
        terminal.run(&status(1, ready, updated));
        let events = terminal.server.take_announced();
        terminal.wake(&mut process, &events);
    }
    assert_eq!(
        printed(&process, Stream::Out),
        "Waiting for statefulset spec update to be observed...\nWaiting for 1 pods to be ready...\n\
         partitioned roll out complete: 2 new pods have been updated...\n"
    );
    assert_eq!(process.exit, Some(0));
}

#[test]
fn wait_holds_out_for_a_field() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    terminal.says("wait sts/web --for=jsonpath={.spec.replicas}=2", "statefulset.apps/web condition met\n");
    terminal.says("wait --for=delete pod/none", "");
    terminal.refuses("wait pod/none --for=condition=Ready", "Error from server (NotFound): pods \"none\" not found\n");
    terminal.refuses("wait sts/web --for=bogus", "error: unrecognized condition: \"bogus\"\n");
    let mut process = terminal.start("wait sts/web --for=jsonpath={.spec.replicas}=3 --timeout=1s");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::OnChange(Some(Time(1000))));
    terminal.now = Time(1000);
    assert_eq!(terminal.wake(&mut process, &[]), Wake::Exited(1));
    assert_eq!(printed(&process, Stream::Err), "error: timed out waiting for the condition on statefulsets/web\n");
}

#[test]
fn a_watch_prints_the_list_and_then_a_row_for_every_change() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    let mut process = terminal.start("get sts -w --request-timeout=2s");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::OnChange(Some(Time(2000))));
    terminal.run("scale sts web --replicas=10");
    let events = terminal.server.take_announced();
    terminal.wake(&mut process, &events);
    terminal.now = Time(2000);
    assert_eq!(terminal.wake(&mut process, &[]), Wake::Exited(0));
    assert_eq!(printed(&process, Stream::Out), "NAME   READY   AGE\nweb    0/2     0s\nweb    0/10    0s\n");
}

#[test]
fn mistakes_in_the_arguments_are_told_in_kubectls_words() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    for (line, text) in [
        ("gett pods", "error: unknown command \"gett\" for \"kubectl\"\n\nDid you mean this?\n\tset\n\tget\n"),
        ("get foo", "error: the server doesn't have a resource type \"foo\"\n"),
        ("get pod/", "error: arguments in resource/name form must have a single resource and name\n"),
        ("get pods good-0 -l app=good", "error: name cannot be provided when a selector is specified\n"),
        ("get pods -A good-0", "error: a resource cannot be retrieved by name across all namespaces\n"),
        (
            "get sts/web pods",
            "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n",
        ),
        (
            "get pods -l a=b=c",
            "Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label selector \"a=b=c\", field selector \"\": found '=', expected: ',' or 'end of string'\n",
        ),
        ("apply", "error: must specify one of -f and -k\n"),
        ("apply w.yaml", "error: Unexpected args: [w.yaml]\nSee 'kubectl apply -h' for help and examples\n"),
        ("apply -f gone.yaml", "error: the path \"gone.yaml\" does not exist\n"),
        ("create sts good", "error: Unexpected args: [sts good]\nSee 'kubectl create -h' for help and examples\n"),
        ("create statefulset x --image=y", "error: unknown flag: --image\nSee 'kubectl create --help' for usage.\n"),
        ("create ns", "error: exactly one NAME is required, got 0\nSee 'kubectl create namespace -h' for help and examples\n"),
        ("rollout bogus sts/web", "error: unknown command \"bogus sts/web\"\nSee 'kubectl rollout -h' for help and examples\n"),
        ("rollout status", "error: required resource not specified\n"),
        ("rollout status svc/web", "error: no status viewer has been implemented for Service\n"),
        ("scale sts web", "error: required flag(s) \"replicas\" not set\n"),
        ("scale sts --replicas=2", "error: resource(s) were provided, but no name was specified\n"),
        ("scale svc web --replicas=2", "Error from server (NotFound): the server could not find the requested resource\n"),
        ("delete sts --all x", "error: name cannot be provided when a selector is specified\n"),
        ("delete sts web --cascade=bogus", "error: invalid cascade value (bogus). Must be \"background\", \"foreground\", or \"orphan\"\n"),
        ("patch sts web", "error: must specify --patch or --patch-file containing the contents of the patch\n"),
        ("patch sts web -p '{bad'", "Error from server (BadRequest): invalid character 'b' looking for beginning of object key string\n"),
        ("patch sts web -p '[]'", "Error from server (BadRequest): json: cannot unmarshal array into Go value of type map[string]interface {}\n"),
        ("label", "error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n"),
        ("label sts web a=b=c", "error: invalid label spec: a=b=c\n"),
        ("label sts web a=b a-", "error: can not both modify and remove a label in the same command\n"),
        ("events --for=pod", "error: --for must be in resource/name form\n"),
        ("get pods --context=nope", "error: context \"nope\" does not exist\n"),
    ] {
        terminal.refuses(line, text);
    }
}

#[test]
fn files_that_are_no_manifests_are_told_apart() {
    let mut terminal = Terminal::new();
    for (text, complaint) in [
        ("", "error: no objects passed to apply\n"),
        ("# nothing\n", "error: no objects passed to apply\n"),
        ("just words\n", "error: error validating \"f.yaml\": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false\n"),
        ("apiVersion: apps/v1\nmetadata: {name: web}\n", "error: error validating \"f.yaml\": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false\n"),
        ("metadata: {name: web}\n", "error: error validating \"f.yaml\": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false\n"),
        ("apiVersion: app/v1\nkind: StatefulSet\nmetadata: {name: web}\n", "error: resource mapping not found for name: \"web\" namespace: \"\" from \"f.yaml\": no matches for kind \"StatefulSet\" in version \"app/v1\"\nensure CRDs are installed first\n"),
        ("apiVersion: apps/v1\nkind: statefulset\nmetadata: {name: web}\n", "Error from server (BadRequest): error when creating \"f.yaml\": statefulset in version \"v1\" cannot be handled as a StatefulSet: no kind \"statefulset\" is registered for version \"apps/v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"\n"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: [a]}\n", "error: unable to decode \"f.yaml\": json: cannot unmarshal array into Go struct field ObjectMeta.metadata.annotations of type map[string]string\n"),
        ("apiVersion: apps/v1\nkind: StatefulSet\n", "error: error when retrieving current configuration of:\nResource: \"apps/v1, Resource=statefulsets\", GroupVersionKind: \"apps/v1, Kind=StatefulSet\"\nName: \"\", Namespace: \"lab\"\nfrom server for: \"f.yaml\": resource name may not be empty\n"),
    ] {
        terminal.file("f.yaml", text);
        terminal.refuses("apply -f f.yaml", complaint);
    }
    terminal.file("f.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: elsewhere}\n");
    terminal.refuses(
        "apply -f f.yaml -n lab",
        "error: the namespace from the provided object \"elsewhere\" does not match the namespace \"lab\". You must pass '--namespace=elsewhere' to perform this operation.\n",
    );
}
