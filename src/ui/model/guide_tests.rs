//! The guided story as a newcomer goes through it.

use super::super::action::Action;
use super::super::options::Options;
use super::super::update::update as act;
use super::*;

fn page() -> State {
    State::new(Options::default()).unwrap()
}

fn press(state: &mut State, action: GuideAction) {
    act(state, Action::Guide(action));
}

/// A lesson of ours, as the browser fetches it.
fn text(name: &str) -> String {
    let path = format!("{}/static/lessons/{name}.md", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Begins a lesson.
fn open(state: &mut State, name: &str) {
    act(state, Action::Tell(name.into(), text(name)));
}

/// Lets the chapter be told at its own pace.
fn listen(state: &mut State) {
    for _ in 0..5000 {
        if state.guide.as_ref().is_none_or(|guide| guide.done) {
            return;
        }
        act(state, Action::Frame(16_000));
    }
    panic!("chapter {:?} never ends", state.guide.as_ref().map(|guide| guide.at));
}

fn lines(state: &State) -> Vec<String> {
    let entries = state.time.branch().entries().iter();
    entries.map(|entry| entry.head().splitn(5, ' ').nth(4).unwrap_or_default().to_owned()).collect()
}

fn states(state: &State) -> String {
    let set = set_of(&state.scene, &"mehdb".into());
    let shown = set.seats.iter().map(|seat| seat.pod.as_ref().map_or("-", |pod| pod.state.as_str()));
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn it_takes_a_newcomer_through_seats_order_claims_and_scale_down_by_real_commands() {
    let mut state = page();
    open(&mut state, "seats");
    let mut seen = Vec::new();
    loop {
        listen(&mut state);
        seen.push(states(&state));
        if state.guide.as_ref().is_none_or(Guide::is_last) {
            break;
        }
        press(&mut state, GuideAction::Next);
    }
    assert_eq!(seen[1], "Running -");
    assert!(state.scene.sets[0].controller.text.contains("every wanted seat"), "{:?}", state.scene.sets[0].controller);
    assert_eq!(seen[3], "Ready Ready");
    assert_eq!(seen[5], "Ready Ready");
    assert_eq!(seen[6], "Ready Ready Ready Ready");
    assert_eq!(seen[9], "Ready Ready - -");
    assert_eq!(
        lines(&state),
        [
            "kubectl create ns lab-18",
            "kubectl apply -f stateful.yaml -n lab-18",
            "kubectl delete pod mehdb-0 -n lab-18",
            "kubectl scale sts mehdb --replicas=4 -n lab-18",
            "kubectl scale sts mehdb --replicas=2 -n lab-18",
        ]
    );
    let claims: Vec<&str> =
        state.scene.sets[0].seats.iter().flat_map(|seat| &seat.claims).map(|claim| claim.phase.as_str()).collect();
    assert_eq!(claims, ["Bound"; 4], "the last but one chapter is true");

    press(&mut state, GuideAction::Next);
    assert!(state.guide.is_none(), "it hands over");
    assert_eq!((state.transport.playing, state.transport.speed), (true, 5));
}

#[test]
fn at_order_the_controller_really_waits() {
    let mut state = page();
    open(&mut state, "seats");
    for _ in 0..2 {
        press(&mut state, GuideAction::Next);
        listen(&mut state);
    }
    assert_eq!(state.guide.as_ref().and_then(|g| g.chapter()).map(|c| c.title.to_string()), Some("Order".to_owned()));
    let says = &state.scene.sets[0].controller;
    assert!(says.waits && says.text.contains("mehdb-0 is Running but not Ready"), "{says:?}");
}

#[test]
fn going_back_seeks_and_going_on_happens_again_without_being_done_twice() {
    let mut state = page();
    open(&mut state, "seats");
    for _ in 0..5 {
        press(&mut state, GuideAction::Next);
        listen(&mut state);
    }
    let (then, said) = (state.scene.clone(), lines(&state));
    for _ in 0..4 {
        press(&mut state, GuideAction::Back);
    }
    assert_eq!(states(&state), "Running -");
    assert!(state.time.in_the_past());
    for _ in 0..4 {
        press(&mut state, GuideAction::Next);
        listen(&mut state);
    }
    assert_eq!(lines(&state), said, "nothing was done twice");
    assert_eq!(state.scene, then);
    assert_eq!(state.time.branches().len(), 1);
}

#[test]
fn next_does_not_make_anybody_wait() {
    let mut state = page();
    open(&mut state, "seats");
    press(&mut state, GuideAction::Next);
    assert!(state.guide.as_ref().is_some_and(|guide| !guide.done));
    press(&mut state, GuideAction::Next);
    assert_eq!(state.guide.as_ref().map(|guide| (guide.at, guide.done)), Some((1, true)));
    assert_eq!(states(&state), "Running -");
    assert!(!state.transport.playing);
}

#[test]
fn what_the_reader_did_before_stays_on_its_branch() {
    let mut state = page();
    act(&mut state, Action::Edit("kind: StatefulSet\n".into()));
    act(&mut state, Action::Run("kubectl create ns mine".into()));
    act(&mut state, Action::Frame(250_000));
    open(&mut state, "seats");
    press(&mut state, GuideAction::Next);
    listen(&mut state);
    assert_eq!(state.time.branches().len(), 2);
    assert!(state.folder.has_own(), "the reader's own text can be had back");
    let first = state.time.branches()[0].entries();
    assert!(first[0].head().ends_with("kubectl create ns mine"));
}

#[test]
fn a_reader_who_goes_another_way_is_not_held_up() {
    let mut state = page();
    open(&mut state, "seats");
    press(&mut state, GuideAction::Next);
    act(&mut state, Action::Run("kubectl delete ns lab-18".into()));
    press(&mut state, GuideAction::Next);
    assert!(state.guide.as_ref().is_some_and(|guide| guide.done), "the chapter is given up");
    for _ in 0..40 {
        press(&mut state, GuideAction::Next);
    }
    assert!(state.guide.is_none(), "and the story can be gone through to its end");
}

#[test]
fn the_list_names_every_lesson_and_each_is_short_and_points_at_something() {
    let folder = format!("{}/static/lessons", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let mut listed: Vec<String> = LESSONS.iter().map(|lesson| format!("{}.md", lesson.0)).collect();
    files.sort();
    listed.sort();
    assert_eq!(files, listed);
    for (name, title, _) in LESSONS {
        let lesson = Lesson::read(&text(name)).unwrap();
        assert_eq!(lesson.title, title);
        for chapter in lesson.chapters {
            assert!(chapter.text.len() < 260, "{}: {} letters", chapter.title, chapter.text.len());
            assert!(!chapter.points.is_empty(), "{}", chapter.title);
        }
    }
}

#[test]
fn a_lesson_is_asked_for_by_its_name_and_a_name_that_is_none_is_told_the_others() {
    let mut state = page();
    assert!(state.guide.is_none(), "it is offered, not imposed");
    act(&mut state, Action::Lesson("order".into()));
    assert_eq!(state.travel.outbox, [Parcel::Lesson("order".into())]);
    act(&mut state, Action::Lesson("deployments".into()));
    let notice = state.travel.notice.clone().unwrap();
    assert!(notice.warns && notice.text.contains("no lesson “deployments” here"), "{notice:?}");
    assert!(notice.text.contains("seats, identity, order, storage, rollout, trouble, lab-18."), "{notice:?}");
}

#[test]
fn a_lesson_that_cannot_be_read_changes_nothing_and_its_line_is_named() {
    let mut state = page();
    act(&mut state, Action::Tell(String::new(), "## One\n<!-- until soon -->\n".into()));
    assert!(state.guide.is_none());
    let notice = state.travel.notice.clone().unwrap();
    assert!(notice.warns && notice.text.contains("Line 2: not known: until"), "{notice:?}");
}
