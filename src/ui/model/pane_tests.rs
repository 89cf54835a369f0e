use super::*;
use crate::api::Kind;
use crate::history::Entry;
use crate::time::Time;
use crate::ui::model::desk::DeskAction;
use crate::ui::model::folder::FileAction;
use crate::ui::model::options::Options;
use crate::ui::model::share;
use crate::ui::model::{Action, TravelAction, export, opening, press, update};
use crate::value::Value;

/// A page on which the lab's manifest was applied, and `kubectl edit` typed.
fn page() -> State {
    let mut state = State::new(Options::default()).unwrap();
    update(&mut state, Action::Apply);
    update(&mut state, Action::Until(Time(60_000)));
    types(&mut state, "kubectl edit sts mehdb -n lab-18");
    state
}

fn types(state: &mut State, line: &str) {
    update(state, Action::Type(0, line.into()));
    update(state, Action::Enter(0));
}

fn writes(state: &mut State, from: &str, to: &str) {
    let text = state.folder.text();
    assert!(text.contains(from), "{text}");
    update(state, Action::Desk(DeskAction::Typed(text.replacen(from, to, 1), 0)));
}

fn tabs(state: &State) -> Vec<&str> {
    state.folder.files().iter().map(|file| file.name.as_str()).collect()
}

fn screen(state: &State) -> Vec<String> {
    let terminal = state.lab().terminals.first().unwrap();
    terminal.rows().map(|row| row.text.to_string()).skip_while(|row| !row.contains("edit")).collect()
}

fn set(state: &State) -> Option<Value> {
    state.lab().world.store().get(Kind::StatefulSet, "lab-18", "mehdb").map(|set| set.tree.clone())
}

fn replicas(state: &State) -> i64 {
    state.set().map_or(-1, |set| set.wanted)
}

#[test]
fn a_line_opens_the_object_in_the_editor_and_save_carries_it_out() {
    let mut state = page();
    assert_eq!(tabs(&state), ["stateful.yaml", "statefulset/mehdb"]);
    assert!(state.folder.text().starts_with("# Please edit the object below."));
    let line = state.folder.text().lines().position(|line| line.starts_with("apiVersion")).unwrap();
    assert!(
        matches!(state.travel.outbox.last(), Some(Parcel::Caret { at, line: 4 }) if *at > 0 && line == 4),
        "{:?}",
        state.travel.outbox
    );
    assert!(state.lab().terminals[0].foreground.is_some(), "kubectl waits");
    writes(&mut state, "replicas: 2", "replicas: 3");
    assert_eq!(state.verdict.sentence(), "adds mehdb-2", "it is said what would come of it");
    update(&mut state, Action::Pane(PaneAction::Save));
    assert_eq!(screen(&state), ["$ kubectl edit sts mehdb -n lab-18", "statefulset.apps/mehdb edited"]);
    assert_eq!((replicas(&state), tabs(&state)), (3, vec!["stateful.yaml"]));
    assert_eq!(state.travel.outbox.last(), Some(&Parcel::Focus("terminal-1-input".into())));
    assert!(state.lab().terminals[0].foreground.is_none());
}

#[test]
fn cancel_escape_ctrl_c_and_the_tabs_cross_change_nothing() {
    for close in [
        Action::Pane(PaneAction::Cancel),
        Action::Interrupt(0),
        Action::File(FileAction::Close(1)),
        Action::Pane(PaneAction::Save),
    ] {
        let mut state = page();
        let before = set(&state);
        if !matches!(close, Action::Pane(PaneAction::Save)) {
            writes(&mut state, "replicas: 2", "replicas: 3");
        }
        update(&mut state, close.clone());
        assert_eq!(set(&state), before, "{close:?}");
        assert_eq!(screen(&state).last().map(String::as_str), Some("Edit cancelled, no changes made."), "{close:?}");
        assert_eq!(tabs(&state), ["stateful.yaml"]);
    }
}

#[test]
fn what_was_cancelled_by_mistake_comes_back_with_undo() {
    let mut state = page();
    writes(&mut state, "replicas: 2", "replicas: 3");
    update(&mut state, Action::Pane(PaneAction::Cancel));
    update(&mut state, Action::Travel(TravelAction::Undo));
    assert!(state.folder.edited().is_some_and(|file| file.text.contains("replicas: 3")), "{:?}", tabs(&state));
    update(&mut state, Action::Pane(PaneAction::Save));
    assert_eq!(replicas(&state), 3);
}

#[test]
fn a_refused_change_is_shown_again_with_the_reason_and_the_line() {
    let mut state = page();
    writes(&mut state, "replicas: 2", "replicas: -2");
    let problem = state.verdict.problems.first().cloned().unwrap();
    assert!(problem.text.starts_with("spec.replicas: Invalid value: -2"), "{problem:?}");
    let row = |state: &State, line: usize| state.folder.text().lines().nth(line - 1).map(str::to_owned);
    assert_eq!(problem.line.and_then(|line| row(&state, line)).as_deref(), Some("  replicas: -2"));
    update(&mut state, Action::Pane(PaneAction::Save));
    assert!(state.folder.text().contains("# statefulsets.apps \"mehdb\" was not valid:\n# * spec.replicas: Invalid"));
    assert_eq!(screen(&state).last().map(String::as_str), Some("error: statefulsets.apps \"mehdb\" is invalid"));
    assert_eq!(state.verdict.problems.first().map(|problem| problem.text.clone()), Some(problem.text));
    // What is no YAML is told at its own line, although kubectl counts without the comments.
    writes(&mut state, "  replicas: -2", "  replicas: ]");
    let problem = state.verdict.problems.first().cloned().unwrap();
    assert!(problem.text.starts_with("yaml: line "), "{problem:?}");
    let near = problem.line.and_then(|line| row(&state, line + 1).or(row(&state, line)));
    assert!(near.is_some_and(|row| row.contains("replicas: ]") || row.contains("podManagementPolicy")), "{problem:?}");
    update(&mut state, Action::Pane(PaneAction::Cancel));
    let told = screen(&state);
    assert_eq!(told.last().map(String::as_str), Some("error: Edit cancelled, no valid changes were saved."));
    // As everybody does with it then.
    let path = told.iter().find_map(|row| row.strip_prefix("A copy of your changes has been stored to \"")).unwrap();
    let path = path.trim_end_matches('"').to_owned();
    types(&mut state, &format!("cat {path}"));
    assert!(screen(&state).iter().any(|row| row == "  replicas: -2"), "{:?}", screen(&state));
    types(&mut state, "ls");
    assert!(!screen(&state).contains(&path), "it lies elsewhere");
}

#[test]
fn the_file_is_there_at_the_moments_at_which_kubectl_waits_for_it() {
    let mut state = page();
    update(&mut state, Action::Until(Time(70_000)));
    writes(&mut state, "replicas: 2", "replicas: 3");
    update(&mut state, Action::Seek(Time(30_000)));
    assert_eq!(tabs(&state), ["stateful.yaml"], "before it was typed");
    assert!(state.travel.outbox.iter().all(|parcel| *parcel != Parcel::Focus("terminal-1-input".into())));
    state.travel.outbox.clear();
    update(&mut state, Action::Seek(Time(65_000)));
    assert_eq!(tabs(&state), ["stateful.yaml", "statefulset/mehdb"]);
    assert_eq!((state.folder.place(), state.travel.outbox.len()), (0, 0), "nobody is interrupted who looks around");
    update(&mut state, Action::File(FileAction::Open(1)));
    assert!(state.folder.text().contains("replicas: 3"), "what was written is not lost");
    update(&mut state, Action::Pane(PaneAction::Save));
    assert_eq!(state.time.branches().len(), 2, "who saves in the past begins another branch");
    assert_eq!(replicas(&state), 3);
}

#[test]
fn the_users_own_files_are_left_alone() {
    let mut state = page();
    let own = state.folder.all();
    assert_eq!(own.len(), 1, "the temporary file is not the user's");
    assert_eq!(state.apply_lines(), ["kubectl apply -f stateful.yaml -n lab-18"]);
    let plan = state.plan.clone();
    writes(&mut state, "replicas: 2", "replicas: 9");
    assert_eq!((state.folder.all(), state.plan.clone()), (own, plan));
    update(&mut state, Action::File(FileAction::Rename("mine".into())));
    update(&mut state, Action::Edit("kind: Service\n".into()));
    assert_eq!(tabs(&state), ["stateful.yaml", "statefulset/mehdb"]);
    assert_eq!((state.folder.place(), state.folder.text().as_str()), (0, "kind: Service\n"));
    assert!(!state.folder.write_all().contains("Please edit"));
}

#[test]
fn a_link_holds_what_was_saved_and_an_editor_that_is_open() {
    let mut state = page();
    writes(&mut state, "replicas: 2", "replicas: -1");
    update(&mut state, Action::Pane(PaneAction::Save));
    update(&mut state, Action::Until(Time(90_000)));
    writes(&mut state, "replicas: -1", "replicas: 3");
    let open = share::fragment(&state).unwrap();
    update(&mut state, Action::Pane(PaneAction::Save));
    update(&mut state, Action::Until(Time(120_000)));
    let fragment = share::fragment(&state).unwrap();
    for (link, waits) in [(open, true), (fragment, false)] {
        let mut other = State::new(Options::default()).unwrap();
        opening::resume(&mut other, &format!("open\n{link}"));
        while other.travel.opens() {
            update(&mut other, Action::Frame(16_000));
        }
        assert_eq!(other.travel.notice, None, "it leads here where it led there");
        assert_eq!(other.folder.edited().is_some(), waits, "and what was not saved yet is asked for again");
        if !waits {
            assert_eq!((replicas(&other), screen(&other)), (3, screen(&state)));
            assert_eq!(share::digest(other.lab()), share::digest(state.lab()));
        }
    }
}

#[test]
fn nobody_edits_in_a_page_that_is_only_to_be_looked_at() {
    let mut state = page();
    state.options.readonly = true;
    let acts = |state: &State| state.time.branch().entries().iter().map(Entry::head).collect::<Vec<_>>();
    let before = acts(&state);
    let text = state.folder.text();
    press(&mut state, Action::Desk(DeskAction::Typed("kind: Pod".into(), 0)));
    for action in [PaneAction::Save, PaneAction::Cancel] {
        press(&mut state, Action::Pane(action));
    }
    assert_eq!((acts(&state), state.folder.text()), (before, text));
}

#[test]
fn the_script_for_a_real_cluster_has_the_patch_that_was_sent() {
    let mut state = page();
    writes(&mut state, "replicas: 2", "replicas: 3");
    update(&mut state, Action::Pane(PaneAction::Save));
    let script = export::script(&state);
    let wanted = "# typed here: kubectl edit sts mehdb -n lab-18; what was changed in its editor follows\nkubectl patch \
                  statefulset.apps/mehdb -p '{\"spec\":{\"replicas\":3}}' -n lab-18\n";
    assert!(script.contains(wanted), "{script}");
}
