//! Small manners of the real program that people notice: what it answers besides doing what it is told.

use super::Terminal;

/// A terminal whose cluster holds the set `web` and its Service.
fn with_web() -> Terminal {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    terminal
}

/// All that a command prints, what went wrong last.
fn said(terminal: &mut Terminal, line: &str) -> String {
    let (_, out, err) = terminal.run(line);
    out + &err
}

#[test]
fn a_label_that_comes_while_another_goes_is_a_modification() {
    let mut terminal = with_web();
    assert_eq!(said(&mut terminal, "label sts web a=b c=d"), "statefulset.apps/web labeled\n");
    assert_eq!(said(&mut terminal, "label sts web e=f a-"), "statefulset.apps/web modified\n");
    assert_eq!(said(&mut terminal, "label sts web c-"), "statefulset.apps/web unlabeled\n");
    assert_eq!(said(&mut terminal, "label sts web e=f --all"), "statefulset.apps/web not labeled\n");
    assert_eq!(said(&mut terminal, "label sts --all --list"), "Listing labels for StatefulSet.apps/web:\n e=f\n");
}

#[test]
fn what_a_selector_does_not_choose_in_a_file_is_left_alone() {
    let mut terminal = with_web();
    assert_eq!(said(&mut terminal, "delete -f w.yaml -l app=other"), "No resources found\n");
    assert_eq!(said(&mut terminal, "get sts -o name"), "statefulset.apps/web\n");
}

#[test]
fn a_question_that_nobody_answers_is_answered_with_no() {
    let mut terminal = with_web();
    assert_eq!(
        said(&mut terminal, "delete sts web -i"),
        "You are about to delete the following 1 resource(s):\nstatefulset.apps/web\n\
         Do you want to continue? (y/N): deletion is cancelled\n"
    );
    assert_eq!(said(&mut terminal, "get sts -o name"), "statefulset.apps/web\n");
}

#[test]
fn variables_are_taken_from_a_config_map_and_from_standard_input() {
    let mut terminal = with_web();
    said(&mut terminal, "create configmap settings --from-literal=log.level=debug --from-literal=MODE=x");
    assert_eq!(
        said(&mut terminal, "set env sts/web --from=configmap/settings --keys=log.level"),
        "statefulset.apps/web env updated\nWarning: key log.level transferred to LOG_LEVEL\n"
    );
    assert!(
        said(&mut terminal, "set env sts/web --list").contains("# LOG_LEVEL from configmap settings, key log.level\n")
    );
    for (line, text) in [
        (
            "set env sts/web A=1 A-",
            "error: can not both modify and remove the same environment variable in the same command\n",
        ),
        ("set env sts/web --from=configmap/gone", "Error from server (NotFound): configmaps \"gone\" not found\n"),
        ("set env sts/web -c gone A=1", "Warning: StatefulSet/web does not have any containers matching \"gone\"\n"),
    ] {
        assert_eq!(said(&mut terminal, line), text, "{line}");
    }
}

#[test]
fn keys_and_amounts_are_checked_before_anything_is_sent() {
    let mut terminal = Terminal::new();
    for (line, text) in [
        ("create cm c --from-file==w.yaml", "error: key name for file path w.yaml missing\n"),
        ("create cm c --from-file=a=b=c", "error: key names or file paths cannot contain '='\n"),
        ("create pdb p --selector=a=b --min-available=x", "error: invalid format specified for min-available\n"),
        ("run p --image='bad image'", "error: Invalid image name \"bad image\": invalid reference format\n"),
        ("run p --image=nginx -l a", "error: unexpected label spec: a\n"),
        (
            "apply -f w.yaml --validate=maybe",
            "error: invalid - validate option \"maybe\"; must be one of: strict (or true), warn, ignore (or false)\n",
        ),
    ] {
        assert_eq!(said(&mut terminal, line), text, "{line}");
    }
}

#[test]
fn a_taint_is_checked_letter_by_letter_and_cannot_come_and_go_at_once() {
    let mut terminal = Terminal::with_node();
    for (line, text) in [
        (
            "taint node node-1 a=b:NoSchedule a-",
            "error: can not both modify and remove the following taint(s) in the same command: a=\n",
        ),
        ("taint pod x a=b:NoSchedule", "error: invalid resource type pod, only node types are supported\n"),
        ("taint node node-1 a=b:NoSchedule", "node/node-1 tainted\n"),
        ("taint node node-1 a=c:NoSchedule --overwrite", "node/node-1 modified\n"),
        ("taint node node-1 a:NoSchedule-", "node/node-1 untainted\n"),
    ] {
        assert_eq!(said(&mut terminal, line), text, "{line}");
    }
}

#[test]
fn a_type_that_cannot_be_listed_leaves_the_other_without_a_prefix() {
    let mut terminal = with_web();
    let shown = said(&mut terminal, "get sts,ns --field-selector status.phase=Active");
    assert!(shown.starts_with("NAME "), "{shown}");
    assert!(!shown.contains("namespace/"), "{shown}");
    assert_eq!(said(&mut terminal, "get sts,"), "error: the server doesn't have a resource type \"\"\n");
    assert_eq!(
        said(&mut terminal, "get sts web --subresource=nope"),
        "Error from server (NotFound): the server could not find the requested resource\n"
    );
}

#[test]
fn a_patch_that_is_no_map_is_refused_in_the_words_of_its_type() {
    let mut terminal = with_web();
    let array = "json: cannot unmarshal array into Go value of type map[string]interface {}\n";
    for (kind, prefix) in [("strategic", ""), ("merge", "error decoding patch: ")] {
        let line = format!("patch sts web --type={kind} -p []");
        assert_eq!(said(&mut terminal, &line), format!("Error from server (BadRequest): {prefix}{array}"));
    }
}

#[test]
fn a_list_that_cannot_be_sorted_is_lost_without_a_word() {
    let mut terminal = with_web();
    assert_eq!(
        said(&mut terminal, "get sts --sort-by=.nope -o name"),
        "error: couldn't find any field with path \"{.nope}\" in the list of objects\n"
    );
    assert!(said(&mut terminal, "get sts --sort-by=.nope").contains("web "));
    terminal.run("create cm a");
    terminal.run("create cm b");
    assert_eq!(said(&mut terminal, "get cm --sort-by=.nope"), "No resources found in lab namespace.\n");
}

#[test]
fn endpoints_are_old_whoever_asks_for_them() {
    let mut terminal = with_web();
    let warning = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n";
    for line in ["get ep", "get endpoints gone", "describe endpoints gone"] {
        assert!(said(&mut terminal, line).contains(warning), "{line}");
    }
}

#[test]
fn several_conditions_are_told_one_by_one() {
    let mut terminal = with_web();
    assert_eq!(
        said(&mut terminal, "wait sts/web --for=jsonpath={.metadata.name}=web --for=create"),
        "statefulset.apps/web condition met\nstatefulset.apps/web condition met\n"
    );
    for (line, text) in [
        ("wait sts/web --for=condition=Nope --timeout=0", "error: condition not met for statefulsets/web\n"),
        (
            "wait sts/web --for=jsonpath={.spec}=x",
            "error: jsonpath leads to a nested object or list which is not supported\n",
        ),
        ("wait sts/web --for=jsonpath=", "error: jsonpath expression cannot be empty\n"),
    ] {
        assert_eq!(said(&mut terminal, line), text, "{line}");
    }
}

#[test]
fn explain_tells_a_field_in_the_words_that_the_editor_tells() {
    let mut terminal = Terminal::new();
    let told = crate::api::schema::root_named("StatefulSetSpec").and_then(|ty| ty.inner());
    let told = told.and_then(|owner| crate::api::schema::about(owner, "podManagementPolicy")).unwrap();
    let one = said(&mut terminal, "explain sts.spec.podManagementPolicy");
    assert!(one.contains("FIELD: podManagementPolicy\t<string>\n"), "{one}");
    assert!(one.contains(&format!("DESCRIPTION:\n    {}\n", told.text)), "{one}");
    let all = said(&mut terminal, "explain sts.spec");
    assert!(all.contains(&format!("  podManagementPolicy\t<string>\n    {}\n", told.text)), "{all}");
    assert!(!said(&mut terminal, "explain sts.spec --recursive").contains(told.text), "a tree has no sentences");
}
