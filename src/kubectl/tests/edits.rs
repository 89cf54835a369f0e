//! `kubectl edit`: what the editor shows, and what comes of what was saved there. The texts that no recording holds are
//! those of kubectl's own source.

use std::rc::Rc;

use super::{Terminal, printed};
use crate::kubectl::{OpenFile, Process, Stream, Wake};
use crate::value::Text;

/// A terminal on a cluster with the StatefulSet `web`, at which somebody edits.
struct Desk {
    terminal: Terminal,
    process: Process,
}

impl Desk {
    /// Types a line that opens an editor.
    #[track_caller]
    fn types(terminal: Terminal, line: &str) -> Self {
        let mut desk = Self { process: terminal.start(line), terminal };
        Rc::make_mut(&mut desk.process.invocation).editor = true;
        assert_eq!(desk.wake(), Wake::Editor, "{}", desk.told());
        desk
    }

    fn with_web(line: &str) -> Self {
        let mut terminal = Terminal::new();
        terminal.run("apply -f w.yaml");
        Self::types(terminal, line)
    }

    fn wake(&mut self) -> Wake {
        self.terminal.wake(&mut self.process, &[])
    }

    /// The file in the editor.
    #[track_caller]
    fn file(&self) -> Rc<OpenFile> {
        self.process.editing().cloned().expect("an editor is open")
    }

    /// Changes the file and saves it.
    #[track_caller]
    fn saves(&mut self, from: &str, to: &str) -> Wake {
        let file = self.file();
        assert!(file.text.contains(from), "{}", file.text);
        self.closes(Some(file.text.replacen(from, to, 1)))
    }

    fn closes(&mut self, saved: Option<String>) -> Wake {
        self.process.close_editor(saved.map(Text::from));
        self.wake()
    }

    /// Everything that was printed, to whichever stream.
    fn told(&self) -> String {
        printed(&self.process, Stream::Out) + &printed(&self.process, Stream::Err)
    }
}

const HEAD: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n\
    # and an empty file will abort the edit. If an error occurs while saving this file will be\n\
    # reopened with the relevant failures.\n#\n";

#[test]
fn the_editor_shows_the_object_below_a_head_and_what_is_saved_becomes_a_patch() {
    let mut desk = Desk::with_web("edit sts web");
    let file = desk.file();
    let yaml = desk.terminal.run("get sts web -o yaml").1;
    assert_eq!(file.text.as_str(), format!("{HEAD}{yaml}"));
    assert!(!file.text.contains("managedFields"));
    assert_eq!(file.title, "statefulset/web");
    assert!(file.path.starts_with("/tmp/kubectl-edit-") && file.path.ends_with(".yaml"), "{}", file.path);
    // Meanwhile somebody else changes another field: the patch holds only what was changed here.
    desk.terminal.run("label sts web by=other");
    assert_eq!(desk.saves("replicas: 2", "replicas: 3"), Wake::Exited(0));
    assert_eq!(desk.told(), "statefulset.apps/web edited\n");
    desk.terminal.says("get sts web -o jsonpath={.spec.replicas}{.metadata.labels.by}", "3other");
    let managers =
        desk.terminal.run("get sts web -o jsonpath={.metadata.managedFields[*].manager} --show-managed-fields");
    assert!(managers.1.contains("kubectl-edit"), "{managers:?}");
}

#[test]
fn a_file_that_says_the_same_changes_nothing() {
    for change in ["", "# a comment\n"] {
        let mut desk = Desk::with_web("edit statefulset/web");
        let text = desk.file().text.to_string();
        assert_eq!(desk.closes((!change.is_empty()).then(|| text + change)), Wake::Exited(0));
        assert_eq!(printed(&desk.process, Stream::Err), "Edit cancelled, no changes made.\n");
    }
}

#[test]
fn what_the_server_refuses_is_opened_again_with_its_reasons_and_given_up_unchanged_it_is_kept() {
    let mut desk = Desk::with_web("edit sts web");
    assert_eq!(desk.saves("serviceName: web", "serviceName: other"), Wake::Editor);
    assert_eq!(desk.told(), "error: statefulsets.apps \"web\" is invalid\n");
    let again = desk.file();
    let reasons = "# statefulsets.apps \"web\" was not valid:\n# * spec: Forbidden: updates to statefulset spec for \
                   fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', \
                   'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden\n#\napiVersion: apps/v1\n";
    assert!(again.text.starts_with(&format!("{HEAD}{reasons}")), "{}", again.text);
    assert!(again.text.contains("serviceName: other"), "what was written is not lost");
    assert_eq!(desk.closes(None), Wake::Exited(1));
    assert_eq!(
        desk.told(),
        format!(
            "error: statefulsets.apps \"web\" is invalid\nA copy of your changes has been stored to \"{}\"\nerror: Edit \
             cancelled, no valid changes were saved.\n",
            again.path
        )
    );
    assert_eq!(desk.process.left_file(), Some(&(again.path.clone(), again.text.clone())));
}

#[test]
fn a_field_that_nobody_knows_is_told_with_the_patch() {
    let mut desk = Desk::with_web("edit sts web");
    assert_eq!(desk.saves("replicas: 2", "replica: 2"), Wake::Editor);
    let text = desk.file().text.clone();
    let reason = "# * patch: Invalid value: \"map[spec:map[replica:2 replicas:<nil>]]\": strict decoding error: unknown \
                  field \"spec.replica\"\n#\n";
    assert!(text.contains(reason), "{text}");
}

#[test]
fn a_mistake_can_be_mended_where_it_was_made() {
    let mut desk = Desk::with_web("edit sts web");
    assert_eq!(desk.saves("replicas: 2", "replicas: -2"), Wake::Editor);
    assert_eq!(desk.saves("replicas: -2", "replicas: 4"), Wake::Exited(0));
    assert_eq!(printed(&desk.process, Stream::Out), "statefulset.apps/web edited\n");
    desk.terminal.says("get sts web -o jsonpath={.spec.replicas}", "4");
}

#[test]
fn a_file_that_cannot_be_read_is_opened_again_too() {
    let mut desk = Desk::with_web("edit sts web");
    assert_eq!(desk.saves("spec:", "spec: ]"), Wake::Editor);
    assert_eq!(desk.told(), "error: statefulsets.apps \"web\" is invalid\n");
    let text = desk.file().text.clone();
    let reason = text.lines().nth(5).unwrap_or_default();
    assert!(
        reason.starts_with("# * <nil>: Invalid value: \"The edited file failed validation\": yaml: line "),
        "{reason}"
    );
    // Emptied, it is no object; only without validation that is a way out.
    assert_eq!(desk.closes(Some(String::new())), Wake::Editor);
    assert!(desk.file().text.ends_with("failed validation\": invalid object to validate\n#\n"), "{}", desk.file().text);
    let mut desk = Desk::with_web("edit sts web --validate=false");
    assert_eq!(desk.closes(Some("# nothing\n\n".into())), Wake::Exited(0));
    assert_eq!(desk.told(), "Edit cancelled, saved file was empty.\n");
}

#[test]
fn what_is_no_patch_ends_the_edit_and_the_file_is_kept() {
    for (from, to, why) in [
        ("name: web\n  namespace", "name: new\n  namespace", "At least one of apiVersion, kind and name was changed"),
        (
            "namespace: lab",
            "namespace: default",
            "the namespace from the provided object \"default\" does not match the namespace \"lab\". You must pass \
             '--namespace=default' to perform this operation.",
        ),
    ] {
        let mut desk = Desk::with_web("edit sts web");
        let path = desk.file().path.clone();
        assert_eq!(desk.saves(from, to), Wake::Exited(1));
        assert_eq!(
            desk.told(),
            format!("A copy of your changes has been stored to \"{path}\"\nerror: {why}\n"),
            "{from}"
        );
    }
    let mut desk = Desk::with_web("edit sts web");
    assert_eq!(desk.saves("\n  uid: ", "\n  other: "), Wake::Exited(1));
    let told = desk.told();
    let wanted = "error: no original object found for &unstructured.Unstructured{Object:map[string]interface \
                  {}{\"apiVersion\":\"apps/v1\", \"kind\":\"StatefulSet\"";
    assert!(told.contains(wanted), "{told}");
}

#[test]
fn a_version_that_is_not_the_newest_or_an_object_that_is_gone_ends_it_with_advice() {
    let mut desk = Desk::with_web("edit sts web");
    let path = desk.file().path.clone();
    assert_eq!(desk.saves("resourceVersion: \"", "resourceVersion: \"9"), Wake::Exited(1));
    assert_eq!(
        desk.told(),
        format!(
            "error: statefulsets.apps \"web\" could not be patched: Operation cannot be fulfilled on statefulsets.apps \
             \"web\": the object has been modified; please apply your changes to the latest version and try again\nYou \
             can run `kubectl replace -f {path}` to try this update again.\n"
        )
    );

    let mut desk = Desk::with_web("edit svc web");
    desk.terminal.run("delete svc web");
    let path = desk.file().path.clone();
    assert_eq!(desk.saves("port: 80", "port: 81"), Wake::Exited(1));
    assert_eq!(
        desk.told(),
        format!(
            "error: services \"web\" could not be found on the server\nThe edits you made on deleted resources have been \
             saved to \"{path}\"\n"
        )
    );
}

#[test]
fn several_objects_are_edited_as_one_list() {
    let mut desk = Desk::with_web("edit -f w.yaml");
    let file = desk.file();
    assert_eq!(file.title, "2 objects");
    assert!(file.text.starts_with(&format!("{HEAD}apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Service\n")));
    assert!(file.text.ends_with("kind: List\nmetadata: {}\n"), "{}", file.text);
    assert_eq!(desk.saves("replicas: 2", "replicas: 5"), Wake::Exited(0));
    assert_eq!(desk.told(), "service/web skipped\nstatefulset.apps/web edited\n");
}

#[test]
fn the_flags_of_edit_do_what_they_say() {
    let mut desk = Desk::with_web("edit sts web -o json");
    let file = desk.file();
    assert!(file.text.starts_with("{\n    \"apiVersion\": \"apps/v1\","), "without a head: {}", file.text);
    assert!(file.path.ends_with(".json"));
    assert_eq!(desk.saves("\"replicas\": 2", "\"replicas\": 3"), Wake::Exited(0));
    assert!(desk.told().starts_with("{\n    \"apiVersion\": \"apps/v1\","), "{}", desk.told());

    let mut desk = Desk::with_web("edit sts web --output-patch --save-config");
    assert_eq!(desk.saves("replicas: 2", "replicas: 3"), Wake::Exited(0));
    let told = desk.told();
    assert!(told.starts_with("Patch: {\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied"), "{told}");
    assert!(told.ends_with("\"spec\":{\"replicas\":3}}\nstatefulset.apps/web edited\n"), "{told}");

    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    for (line, text) in [
        ("edit sts nope", "Error from server (NotFound): statefulsets.apps \"nope\" not found\n"),
        ("edit sts -l app=nope", "error: edit cancelled, no objects found\n"),
        (
            "edit sts web --subresource=scale",
            "error: invalid subresource value: \"scale\". Must be one of [status resize]\n",
        ),
        (
            "edit sts web -o name",
            "error: unable to match a printer suitable for the output format \"name\", allowed formats are: \
             json,kyaml,yaml\n",
        ),
    ] {
        terminal.refuses(line, text);
    }
    let told = terminal.run("edit").2;
    assert!(told.starts_with("error: You must provide one or more resources by argument or filename."), "{told}");
}

#[test]
fn what_was_applied_last_is_edited_by_itself() {
    let mut desk = Desk::with_web("apply edit-last-applied sts/web");
    let text = desk.file().text.clone();
    let head = "# Please edit the 'last-applied-configuration' annotations below.\n# Lines beginning with a '#' will be \
                ignored, and an empty file will abort the edit.\n#\napiVersion: apps/v1\n";
    assert!(text.starts_with(head), "{text}");
    assert!(!text.contains("uid:"), "{text}");
    assert_eq!(desk.saves("replicas: 2", "replicas: 7"), Wake::Exited(0));
    assert_eq!(desk.told(), "statefulset.apps/web edited\n");
    desk.terminal.says("get sts web -o jsonpath={.spec.replicas}", "2");
    let shown = desk.terminal.run("apply view-last-applied sts web").1;
    assert!(shown.contains("replicas: 7"), "{shown}");
    desk.terminal.run("create cm bare");
    desk.terminal.refuses(
        "apply edit-last-applied cm bare",
        "error: no last-applied-configuration annotation found on resources, to create the annotation, use command \
         `kubectl apply set-last-applied --create-annotation`\n",
    );
}

#[test]
fn create_shows_one_object_after_the_other_before_it_is_made() {
    let mut desk = Desk::types(Terminal::new(), "create -f w.yaml --edit");
    assert_eq!(desk.file().title, "service/web");
    assert_eq!(desk.closes(None), Wake::Editor, "the next object");
    assert_eq!(desk.file().title, "statefulset/web");
    assert_eq!(desk.saves("replicas: 2", "replicas: 3"), Wake::Exited(0));
    assert_eq!(desk.told(), "statefulset.apps/web created\nEdit cancelled, no changes made.\n");
    desk.terminal.refuses("get svc web", "Error from server (NotFound): services \"web\" not found\n");
}
