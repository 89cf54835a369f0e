//! What a learner does, from the first press on.

use std::rc::Rc;

use super::super::dock::DockAction;
use super::super::folder::FileAction;
use super::super::look::Look;
use super::super::manifest::FIRST;
use super::super::travel::TravelAction;
use super::*;
use crate::sim::Fault;
use crate::time::Time;

fn page() -> State {
    State::new(Options::default()).unwrap()
}

fn screen(state: &State, terminal: usize) -> String {
    let rows = state.lab().terminals.get(terminal).unwrap().rows();
    rows.map(|row| format!("{}\n", row.text)).collect()
}

/// Lets so many simulated seconds pass.
fn pass(state: &mut State, seconds: i64) {
    let to = state.time.now().plus(seconds * 1000);
    state.time.play_to(to, usize::MAX);
    state.redraw();
}

fn looks(state: &State) -> Vec<Look> {
    let seats = state.set().into_iter().flat_map(|set| set.seats.iter());
    seats.map(|seat| seat.pod.as_ref().map_or(Look::Empty, |pod| pod.look)).collect()
}

#[test]
fn what_is_known_of_the_first_manifest_is_what_kubectl_says_to_it() {
    for world in ["life", "recorded"] {
        let mut state = State::new(Options { world: world.to_owned(), ..Options::default() }).unwrap();
        let known = state.verdict.clone();
        state.judge();
        assert_eq!((&known, known.sentence().as_str()), (&state.verdict, "creates mehdb-0, then mehdb-1"), "{world}");
    }
}

#[test]
fn applying_the_manifest_is_shown_at_once_even_while_paused() {
    let mut state = page();
    update(&mut state, Action::TogglePlay);
    update(&mut state, Action::Apply);
    let said = screen(&state, 0);
    assert!(said.contains("namespace/lab-18 created"), "{said}");
    assert!(said.contains("statefulset.apps/mehdb created"), "{said}");
    assert_eq!(state.time.now(), Time(0));
    assert_eq!(looks(&state).len(), 2);
}

#[test]
fn what_the_page_says_first_names_the_button_that_the_stage_offers() {
    let mut state = page();
    assert!(state.narration().starts_with("Press Play: it applies the manifest."), "{}", state.narration());
    update(&mut state, Action::TogglePlay);
    update(&mut state, Action::Apply);
    assert_eq!(&*state.narration(), "No controller has had anything to do yet.", "the set is there: no button");
    let state = State::new(Options { readonly: true, ..Options::default() }).unwrap();
    assert_eq!(&*state.narration(), "No controller has had anything to do yet.", "and none for who may only look");
}

#[test]
fn play_on_the_stage_applies_the_manifest_and_plays_even_where_time_stood_still() {
    let mut state = page();
    update(&mut state, Action::TogglePlay);
    update(&mut state, Action::Begin);
    assert!(state.transport.playing);
    assert!(screen(&state, 0).contains("statefulset.apps/mehdb created"));
    pass(&mut state, 5);
    assert!(!state.narration().starts_with("Press Play"), "{}", state.narration());
}

#[test]
fn the_first_two_seats_fill_one_after_the_other() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 5);
    assert_ne!(looks(&state).first(), Some(&Look::Empty));
    assert_eq!(looks(&state).get(1), Some(&Look::Empty));
    pass(&mut state, 180);
    assert_eq!(looks(&state), [Look::Ready, Look::Ready]);
}

#[test]
fn of_a_pod_that_fails_the_controllers_line_says_what_its_seat_says() {
    let shown = |state: &State| {
        let set = state.set().unwrap();
        let seat = set.seats.iter().find(|seat| seat.name == set.controller.on).unwrap();
        (seat.pod.as_ref().unwrap().state.to_string(), set.controller.text.to_string())
    };
    let mut state = page();
    update(&mut state, Action::Edit(FIRST.replace("mehdb:0.6", "mehdb:broken")));
    update(&mut state, Action::Apply);
    pass(&mut state, 30);
    let said = "mehdb-0 is not Ready: ErrImagePull";
    assert_eq!(shown(&state), ("ErrImagePull".into(), said.into()));

    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 15);
    assert_eq!(shown(&state), ("Running".into(), "mehdb-0 is Running but not Ready".into()), "nothing ails it");
    for _ in 0..2 {
        update(&mut state, Action::Fault(Fault::PodCrashes("lab-18".into(), "mehdb-0".into())));
        pass(&mut state, 3);
    }
    assert_eq!(shown(&state), ("Error".into(), "mehdb-0 is not Ready: Error".into()));
}

#[test]
fn going_back_and_forth_leads_to_the_same_picture() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 40);
    update(&mut state, Action::Replicas(3));
    update(&mut state, Action::Scale);
    pass(&mut state, 120);
    let (then, said) = (state.scene.clone(), screen(&state, 0));
    update(&mut state, Action::Seek(Time(20_000)));
    assert!(state.time.in_the_past());
    assert_ne!(state.scene, then);
    let end = state.time.end();
    update(&mut state, Action::Seek(end));
    assert_eq!(state.scene, then);
    assert_eq!(screen(&state, 0), said);
    assert!(!state.time.in_the_past());
}

#[test]
fn acting_in_the_past_begins_another_future() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 200);
    update(&mut state, Action::Seek(Time(10_000)));
    update(&mut state, Action::Replicas(1));
    update(&mut state, Action::Scale);
    assert_eq!(state.time.end(), state.time.now());
    assert!(state.travel.notice.as_ref().is_some_and(|notice| notice.text.contains("branch 2")));
    pass(&mut state, 300);
    assert_eq!(looks(&state), [Look::Ready]);
}

#[test]
fn a_watch_goes_on_in_its_terminal_until_ctrl_c() {
    let mut state = page();
    update(&mut state, Action::Apply);
    update(&mut state, Action::Type(1, "kubectl get pods -w -n lab-18".into()));
    update(&mut state, Action::Enter(1));
    assert!(state.lab().terminals[1].foreground.is_some());
    pass(&mut state, 10);
    let before = screen(&state, 1);
    assert!(before.contains("mehdb-0"), "{before}");
    update(&mut state, Action::Interrupt(1));
    pass(&mut state, 100);
    assert!(state.lab().terminals[1].foreground.is_none());
    assert_eq!(screen(&state, 1), format!("{before}^C\n"));
}

#[test]
fn a_mistake_in_the_manifest_is_marked_at_its_line() {
    let mut state = page();
    assert!(state.verdict.problems.is_empty(), "{:?}", state.verdict);
    update(&mut state, Action::Edit(FIRST.replace("replicas: 2", "replica: 2")));
    let problem = state.verdict.problems.first().unwrap();
    let row = problem.line.and_then(|n| state.folder.text().lines().nth(n - 1).map(str::to_owned));
    assert_eq!(row.as_deref(), Some("  replica: 2"), "{problem:?}");
}

#[test]
fn what_apply_will_do_is_said_anew_when_the_cluster_has_changed() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 120);
    assert!(state.verdict.sentence().starts_with("changes no"), "{}", state.verdict.sentence());
    update(&mut state, Action::Run("kubectl delete ns lab-18".into()));
    pass(&mut state, 120);
    assert_eq!(state.verdict.sentence(), "creates mehdb-0, then mehdb-1", "everything is gone meanwhile");
}

#[test]
fn each_file_is_applied_alone_by_its_name_and_the_journal_keeps_all() {
    let mut state = page();
    update(
        &mut state,
        Action::File(FileAction::Add(
            "svc.yaml".into(),
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n".into(),
        )),
    );
    assert_eq!(state.apply_lines().last().map(String::as_str), Some("kubectl apply -f svc.yaml -n lab-18"));
    update(&mut state, Action::Apply);
    assert!(screen(&state, 0).ends_with("configmap/own created\n"), "{}", screen(&state, 0));
    update(&mut state, Action::File(FileAction::Rename("settings".into())));
    update(&mut state, Action::Type(2, "ls".into()));
    update(&mut state, Action::Enter(2));
    assert_eq!(screen(&state, 2), "$ ls\nlate.yaml\nsettings.yaml\nstateful.yaml\nzonal.yaml\n");
    let script = crate::ui::model::script(&state);
    assert!(script.contains("cat > svc.yaml <<") && !script.contains("cat > stateful.yaml"), "{script}");
    update(&mut state, Action::Seek(Time(0)));
    assert_eq!(state.folder.name(), "settings.yaml", "the editor is the user's, not the moment's");
}

#[test]
fn closing_a_terminal_ends_what_runs_in_it() {
    let mut state = page();
    update(&mut state, Action::Dock(DockAction::Add));
    update(&mut state, Action::Type(2, "kubectl get pods -A -w".into()));
    update(&mut state, Action::Enter(2));
    assert!(state.lab().terminals[2].foreground.is_some());
    update(&mut state, Action::Dock(DockAction::Close(2)));
    assert!(state.lab().terminals[2].foreground.is_none());
    update(&mut state, Action::Dock(DockAction::Add));
    assert_eq!(state.lab().terminals[2].screen().count(), 0, "a new one is empty");
}

#[test]
fn the_next_change_is_one_that_can_be_seen() {
    let mut state = page();
    update(&mut state, Action::Apply);
    for _ in 0..3 {
        let before = state.scene.clone();
        update(&mut state, Action::Next);
        assert_ne!(state.scene, before);
    }
}

#[test]
fn a_settled_cluster_is_at_rest_and_asks_for_no_frames() {
    let mut state = page();
    assert_eq!(state.sleep(), None);
    update(&mut state, Action::Apply);
    assert!(state.sleep().is_some());
    pass(&mut state, 600);
    assert_eq!(state.time.next_at(), None);
    assert_eq!(state.sleep(), None);
}

#[test]
fn what_apply_would_do_is_asked_again_when_the_time_is_not_moved_any_more() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 600);
    assert_eq!(state.verdict.sentence(), "changes no pod of mehdb");
    for moved in [Action::Seek(Time(20_000)), Action::Seek(Time(5_000)), Action::Travel(TravelAction::Beginning)] {
        update(&mut state, moved);
        assert_eq!(state.verdict.sentence(), "changes no pod of mehdb", "as long as it is moved, nothing is asked");
    }
    assert_eq!(state.sleep(), Some(60));
    assert!(state.frame(60_000, &mut || true));
    assert_eq!(state.verdict.sentence(), "creates mehdb-0, then mehdb-1");
    assert_eq!(state.sleep(), None);
}

#[test]
fn an_example_takes_the_place_of_the_users_own_text_which_is_not_lost() {
    let mut state = State::new(Options::default()).unwrap();
    update(&mut state, Action::Edit("kind: Mine\n".into()));
    update(&mut state, Action::Example("The trap: a broken image".into()));
    assert_eq!(state.set_name().as_str(), "trap");
    assert!(state.patch_line().contains("sts trap"), "{}", state.patch_line());
    update(&mut state, Action::Example("your own".into()));
    assert_eq!(state.folder.text(), "kind: Mine\n");
}

#[test]
fn a_frame_in_which_nothing_happens_asks_for_no_drawing() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 12);
    let scene = state.scene.clone();
    // mehdb-0 waits for its probe: a hundredth of a second changes nothing.
    let mut drawn = 0;
    for _ in 0..3 {
        drawn += usize::from(state.frame(2_000, &mut || true));
    }
    assert!(drawn <= 1, "{drawn} frames of nothing were drawn");
    assert!(Rc::ptr_eq(&scene, &state.scene));
    pass(&mut state, 60);
    assert!(!Rc::ptr_eq(&scene, &state.scene));
}

#[test]
fn very_many_pods_are_not_all_offered_for_deletion() {
    let mut state = page();
    update(&mut state, Action::Edit(super::super::manifest::FIRST.replace("replicas: 2", "replicas: 300")));
    update(&mut state, Action::Apply);
    assert!(state.deletions().len() < 100);
}
