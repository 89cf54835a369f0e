//! Making, changing, watching and removing objects.

use super::{Terminal, WEB, printed};
use crate::api::Kind;
use crate::kubectl::{Stream, Wake};
use crate::time::Time;

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
    terminal.file(
        "a.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {tier: a, zone: b}}\ndata: {x: '1'}\n",
    );
    terminal
        .file("b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {tier: a2}}\ndata: {x: '1'}\n");
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
    terminal
        .file("held.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\n");
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
    terminal
        .file("held.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held, finalizers: [example.com/hold]}\n");
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
fn a_name_ends_with_a_hash_of_the_content_where_that_is_wished() {
    let mut terminal = Terminal::new();
    terminal.says("create cm c --from-literal=one= --append-hash", "configmap/c-gckg68hmbk created\n");
    terminal.says("create cm c --append-hash -o name --dry-run=client", "configmap/c-94b26g54cg\n");
    terminal.says("create secret generic s --from-literal=a=b --append-hash", "secret/s-7fd2tm89d8 created\n");
    terminal.says("get cm c-gckg68hmbk -o jsonpath={.metadata.name}", "c-gckg68hmbk");
}
