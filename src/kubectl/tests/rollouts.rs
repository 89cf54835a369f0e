//! Revisions, and the commands that change a pod template.

use super::{Terminal, WEB, printed};
use crate::api::Kind;
use crate::apiserver::Client;
use crate::kubectl::{Stream, Wake};
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

impl Terminal {
    /// Writes down the set's template as a revision, as its controller would.
    fn revision(&mut self, number: i64) {
        let set = self.server.store().get(Kind::StatefulSet, "lab", "web").cloned().unwrap();
        let mut template = set.tree.at(&["spec", "template"]).clone();
        template.set(&["$patch"], "replace");
        let tree = map! {
            "apiVersion" => "apps/v1",
            "kind" => "ControllerRevision",
            "metadata" => map! {
                "name" => format!("web-{number}"),
                "labels" => map! { "app" => "web" },
                "ownerReferences" => Value::list_of(vec![crate::api::OwnerReference::to_controller(&set)]),
            },
            "data" => map! { "spec" => map! { "template" => template } },
            "revision" => number,
        };
        Client::new(&mut self.server, self.now).create(Kind::ControllerRevision, &Text::from("lab"), tree).unwrap();
    }

    fn image(&self) -> Text {
        let set = self.server.store().get(Kind::StatefulSet, "lab", "web").unwrap();
        set.tree.at(&["spec", "template", "spec", "containers"]).items()[0].at(&["image"]).text()
    }
}

#[test]
fn an_update_is_undone_and_done_again() {
    let mut terminal = Terminal::new();
    terminal.run("create -f w.yaml");
    terminal.revision(1);
    terminal.refuses("rollout undo sts/web", "error: no last revision to roll back to\n");
    terminal.says("set image sts/web app=nginx:1.28", "statefulset.apps/web image updated\n");
    terminal.says("set image sts/web app=nginx:1.28", "");
    terminal.revision(2);
    terminal.says(
        "rollout history sts/web",
        "statefulset.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         <none>\n\n",
    );
    terminal.refuses("rollout history sts/web --revision=9", "error: unable to find the specified revision\n");
    terminal.refuses("rollout undo sts/web --to-revision=9", "error: unable to find specified revision 9 in history\n");
    terminal.says("rollout undo sts/web", "statefulset.apps/web rolled back\n");
    assert_eq!(terminal.image(), "nginx:1.27");
    terminal.says(
        "rollout undo sts/web --to-revision=1",
        "statefulset.apps/web skipped rollback (current template already matches revision 1)\n",
    );
}

#[test]
fn a_restart_twice_within_a_second_is_refused() {
    let mut terminal = Terminal::new();
    terminal.run("create -f w.yaml");
    terminal.says("rollout restart sts/web", "statefulset.apps/web restarted\n");
    terminal.refuses(
        "rollout restart sts/web",
        "error: failed to create patch for web: if restart has already been triggered within the past second, please wait before attempting to trigger another\n",
    );
    terminal.now = Time(2000);
    terminal.says("rollout restart sts", "statefulset.apps/web restarted\n");
    terminal.refuses("rollout pause sts/web", "error: statefulsets.apps \"web\" pausing is not supported\n");
}

#[test]
fn what_was_applied_is_warned_about_before_it_is_undone() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    terminal.revision(1);
    terminal.run("set image sts/web app=nginx:1.28");
    terminal.revision(2);
    let (code, out, err) = terminal.run("rollout undo sts/web");
    assert_eq!((code, out.as_str()), (0, "statefulset.apps/web rolled back\n"));
    assert!(err.starts_with(
        "Warning: resource statefulsets/web was previously managed with 'kubectl apply'. Rolling back will not"
    ));
}

#[test]
fn templates_are_changed_piece_by_piece() {
    let mut terminal = Terminal::new();
    terminal.run("create -f w.yaml");
    terminal.says("set env sts/web A=1 B=2", "statefulset.apps/web env updated\n");
    terminal.says("set env sts/web --list", "# StatefulSet web, container app\nA=1\nB=2\n");
    terminal.says("set env sts/web A-", "statefulset.apps/web env updated\n");
    terminal.says("set env sts/web A-", "");
    terminal.says(
        "set resources sts/web --requests=cpu=100m,memory=64Mi",
        "statefulset.apps/web resource requirements updated\n",
    );
    terminal.says("set serviceaccount sts/web other", "statefulset.apps/web serviceaccount updated\n");
    terminal.says("set image sts web *=nginx:1.30 --dry-run=client", "statefulset.apps/web image updated (dry run)\n");
    assert_eq!(terminal.image(), "nginx:1.27");
    terminal.refuses("set image sts/web nope=x", "error: unable to find container named \"nope\"\n");
    terminal.refuses(
        "set image svc/web app=x",
        "error: services/web the object is not a pod or does not have a pod template: *v1.Service\n",
    );
    terminal.refuses(
        "set image sts/web app=",
        "error: failed to patch image update to pod template: StatefulSet.apps \"web\" is invalid: spec.template.spec.containers[0].image: Required value\n",
    );
}

#[test]
fn a_recorded_command_is_the_cause_of_its_change() {
    let mut terminal = Terminal::new();
    terminal.run("create -f w.yaml");
    let (code, out, err) = terminal.run("set image sts/web app=nginx:1.28 --record");
    assert_eq!((code, out.as_str()), (0, "statefulset.apps/web image updated\n"));
    assert_eq!(err, "Flag --record has been deprecated, --record will be removed in the future\n");
    let set = terminal.server.store().get(Kind::StatefulSet, "lab", "web").unwrap();
    assert_eq!(
        set.annotation("kubernetes.io/change-cause"),
        Some("kubectl set image sts/web app=nginx:1.28 --record=true")
    );
}

#[test]
fn a_forced_replacement_removes_waits_and_makes_anew() {
    let mut terminal = Terminal::new();
    let held = WEB.replace(
        "kind: StatefulSet\nmetadata: {name: web}",
        "kind: StatefulSet\nmetadata: {name: web, finalizers: [example.com/hold]}",
    );
    terminal.file("held.yaml", &held);
    terminal.run("create -f held.yaml");
    let mut process = terminal.start("replace --force -f w.yaml");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::OnChange(None));
    terminal.run("patch sts web --type=merge -p '{\"metadata\":{\"finalizers\":null}}'");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::Exited(0));
    assert_eq!(
        printed(&process, Stream::Out),
        "service \"web\" deleted from lab namespace\nstatefulset.apps \"web\" deleted from lab namespace\n\
         service/web replaced\nstatefulset.apps/web replaced\n"
    );
}

#[test]
fn a_scale_with_patience_waits_for_its_pods() {
    let mut terminal = Terminal::new();
    terminal.run("create -f w.yaml");
    let mut process = terminal.start("scale sts web --replicas=3 --timeout=10s");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::OnChange(Some(Time(10_000))));
    assert_eq!(printed(&process, Stream::Out), "");
    terminal.run("patch sts web --subresource=status --type=merge -p '{\"status\":{\"replicas\":3}}'");
    assert_eq!(terminal.wake(&mut process, &[]), Wake::Exited(0));
    assert_eq!(printed(&process, Stream::Out), "statefulset.apps/web scaled\n");
}
