//! Time travel, branches and sharing as a learner does them; what holds of every history stands in `history/tests.rs`.

use super::super::export;
use super::super::look::Look;
use super::super::opening::{open_on, progress};
use super::super::options::Options;
use super::super::update::update;
use super::*;
use crate::history::LONGEST_SESSION;
use crate::random::Seed;
use crate::time::Time;
use crate::ui::model::inspect::{EventLine, events};

fn page() -> State {
    State::new(Options::default()).unwrap()
}

fn pass(state: &mut State, seconds: i64) {
    let to = state.time.now().plus(seconds * 1000);
    state.time.play_to(to, usize::MAX);
    state.redraw();
}

fn travel(state: &mut State, action: TravelAction) {
    update(state, Action::Travel(action));
}

/// Two pods, then three; a watch in the second terminal; then another branch with one.
fn lived() -> State {
    let mut state = page();
    update(&mut state, Action::Apply);
    update(&mut state, Action::Type(1, "kubectl get pods -w -n lab-18".into()));
    update(&mut state, Action::Enter(1));
    pass(&mut state, 60);
    update(&mut state, Action::Replicas(3));
    update(&mut state, Action::Scale);
    pass(&mut state, 100);
    update(&mut state, Action::Seek(Time(59_000)));
    update(&mut state, Action::Replicas(1));
    update(&mut state, Action::Scale);
    pass(&mut state, 100);
    state
}

fn open(state: &mut State, text: &str) {
    update(state, Action::Resume(format!("open\n{text}")));
    while state.travel.opens() {
        open_on(state, &mut || true);
    }
}

fn told(state: &State) -> Vec<EventLine> {
    events(state.lab().world.store(), state.time.now(), None, 500)
}

fn said(state: &State) -> &str {
    state.travel.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

fn screens(state: &State) -> Vec<String> {
    state.lab().terminals.iter().flat_map(|terminal| terminal.rows().map(|row| row.text.to_string())).collect()
}

#[test]
fn a_link_leads_to_the_same_picture_terminals_and_branches() {
    let here = lived();
    let link = share::fragment(&here).unwrap();
    assert!(link.len() < 1000, "{} letters", link.len());
    let mut there = page();
    open(&mut there, &link);
    assert_eq!(there.travel.notice, None);
    assert_eq!(share::digest(there.lab()), share::digest(here.lab()));
    assert_eq!((there.scene.clone(), screens(&there)), (here.scene.clone(), screens(&here)));
    let lanes = |state: &State| (state.time.branch().record().sets.clone(), state.time.branch().record().marks.clone());
    assert!(lanes(&there) == lanes(&here), "and the same timeline");
    assert_eq!(share::fragment(&there), Ok(link), "a link of it is the same link");
    let old = there.time.branches().first().unwrap();
    assert_eq!((old.name.as_str(), old.end()), ("main", Time(160_000)));
}

#[test]
fn an_exported_session_is_imported_as_it_was_for_random_journals() {
    for seed in 0..4 {
        let mut state = page();
        let draw = |nth: usize, purpose: &str, low, high| Seed(seed).between(&nth.to_string(), purpose, low, high);
        update(&mut state, Action::Apply);
        for nth in 0..12 {
            pass(&mut state, draw(nth, "pause", 0, 50));
            let (end, manifest) = (state.time.end().0, state.folder.text().replace("replicas: 2", "replicas: 3"));
            match draw(nth, "what", 0, 5) {
                0 => update(&mut state, Action::Seek(Time(draw(nth, "to", 0, end)))),
                1 => travel(&mut state, TravelAction::Undo),
                2 => update(
                    &mut state,
                    Action::Run(format!("kubectl delete pod mehdb-{} -n lab-18", draw(nth, "pod", 0, 2))),
                ),
                3 => update(&mut state, Action::Edit(manifest)),
                4 => travel(&mut state, TravelAction::Switch(1)),
                _ => {
                    update(&mut state, Action::Replicas(draw(nth, "replicas", 0, 4)));
                    update(&mut state, Action::Scale);
                }
            }
        }
        let session = share::session(&state, true);
        let mut again = page();
        open(&mut again, &session.write());
        assert_eq!(again.travel.notice, None, "seed {seed}");
        assert_eq!(share::session(&again, true), session, "seed {seed}");
        assert_eq!(again.scene, state.scene, "seed {seed}");
    }
}

#[test]
fn a_broken_or_hostile_link_gets_a_message_and_a_fresh_sandbox() {
    let good = share::fragment(&lived()).unwrap();
    let cut: String = good.chars().take(good.len() / 2).collect();
    let newer = good.replace("#v=1", "#v=9");
    let cases =
        ["#v=1&s=", "#v=1&s=%3Cscript%3E", "#v=x&s=AAAA", &cut, &newer, "anything", &"A".repeat(LONGEST_SESSION + 1)];
    for text in cases {
        let mut state = page();
        update(&mut state, Action::Apply);
        open(&mut state, text);
        let notice = state.travel.notice.clone().unwrap();
        assert!(notice.warns && notice.text.contains("fresh sandbox"), "{notice:?}");
        assert_eq!((state.time.now(), state.time.branch().entries().len()), (Time(0), 0));
    }
    let mut state = page();
    open(&mut state, "#panel");
    assert_eq!(state.travel.notice, None, "a fragment that is no link is none of our business");
}

#[test]
fn a_link_of_another_engine_says_what_differs() {
    let mut session = share::session(&lived(), true);
    session.engine = "0.0.7".into();
    let mut state = page();
    open(&mut state, &session.write());
    assert_eq!(state.travel.notice, None, "another engine that leads to the same is the same");
    session.digest = "1234".into();
    session.summary = "lab-18/mehdb 7 of 9 Ready, 9 claims".into();
    open(&mut state, &session.write());
    let text = state.travel.notice.clone().unwrap().text;
    for part in ["0.0.7", share::ENGINE, "mehdb 7 of 9 Ready", "mehdb 1 of 1 Ready"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn a_session_that_never_ends_can_be_left() {
    let mut session = share::session(&lived(), true);
    for strand in &mut session.strands {
        strand.end = Time(i64::MAX);
    }
    let mut state = page();
    update(&mut state, Action::Resume(format!("open\n{}", session.write())));
    update(&mut state, Action::Select(None));
    open_on(&mut state, &mut || false);
    assert!(state.travel.opens() && progress(&state).is_some());
    travel(&mut state, TravelAction::Enough);
    assert!(!state.travel.opens());
}

#[test]
fn what_is_pressed_while_a_session_opens_is_done_afterwards() {
    let mut state = page();
    update(&mut state, Action::Resume(format!("open\n{}", share::session(&lived(), true).write())));
    update(&mut state, Action::Replicas(2));
    update(&mut state, Action::Scale);
    assert_eq!(state.time.branch().moment().acted, 0);
    while state.travel.opens() {
        open_on(&mut state, &mut || true);
    }
    let last = state.time.branch().entries().last().cloned().unwrap();
    assert!(last.head().contains("--replicas=2"), "{}", last.head());
}

#[test]
fn a_page_may_begin_later_and_a_link_goes_first() {
    let mut state = page();
    update(&mut state, Action::Resume("until 30000".into()));
    assert_eq!(state.time.now(), Time(30_000));
    update(&mut state, Action::Resume(format!("open\n{}", share::session(&lived(), true).write())));
    update(&mut state, Action::Resume("until 200000".into()));
    while state.travel.opens() {
        open_on(&mut state, &mut || true);
    }
    assert_eq!((state.time.now(), state.time.branches().len()), (Time(200_000), 2));
}

#[test]
fn after_a_crash_all_is_there_but_the_last_act() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 30);
    let before = state.scene.clone();
    update(&mut state, Action::Replicas(4));
    update(&mut state, Action::Scale);
    let kept = share::session(&state, false).write();
    let mut again = page();
    update(&mut again, Action::Resume(format!("undo\n{kept}")));
    while again.travel.opens() {
        open_on(&mut again, &mut || true);
    }
    assert_eq!((again.scene.clone(), again.time.now()), (before, Time(30_000)));
    assert!(!again.time.in_the_past());
}

#[test]
fn one_steps_by_intent_decision_and_event_back_and_forth() {
    let mut state = lived();
    travel(&mut state, TravelAction::Switch(1));
    for stride in [Stride::Intent, Stride::Decision, Stride::Event] {
        update(&mut state, Action::Seek(Time(0)));
        state.time.seek_to(Moment::default());
        let mut places = Vec::new();
        for _ in 0..4 {
            travel(&mut state, TravelAction::Forward(stride));
            places.push(state.time.branch().moment());
        }
        assert!(places.is_sorted() && places.first() != places.last(), "{stride:?}: {places:?}");
        for place in places.iter().rev().skip(1) {
            travel(&mut state, TravelAction::Backward(stride));
            assert_eq!(state.time.branch().moment(), *place, "{stride:?}");
        }
        travel(&mut state, TravelAction::Backward(stride));
        assert_eq!(state.time.branch().moment(), Moment::default(), "{stride:?}: before the first is the beginning");
    }
    // At the end, forward goes on into what nobody has seen yet.
    let end = state.time.end();
    update(&mut state, Action::Seek(end));
    update(&mut state, Action::Run("kubectl delete pod mehdb-0 -n lab-18".into()));
    let here = state.time.branch().moment();
    travel(&mut state, TravelAction::Forward(Stride::Decision));
    assert!(state.time.branch().moment() > here);
}

#[test]
fn where_nothing_of_the_kind_follows_one_stays_and_is_told_so() {
    // A pod whose image is not there is tried for ever: the cluster never comes to rest.
    let mut state = page();
    update(&mut state, Action::Example("The trap: a broken image".into()));
    update(&mut state, Action::Apply);
    pass(&mut state, 60);
    let here = state.time.branch().moment();
    travel(&mut state, TravelAction::Forward(Stride::Intent));
    assert_eq!(state.time.branch().moment(), here);
    assert_eq!(said(&state), "Nothing else was done after this moment.");
    travel(&mut state, TravelAction::Forward(Stride::Event));
    assert!(state.time.branch().moment() > here);
    assert_eq!(said(&state), "", "the remark is gone with the next step");

    // No node takes a pod: the scheduler tries for ever, and nothing of it can be seen.
    let mut state = page();
    for node in 1..=3 {
        update(&mut state, Action::Run(format!("kubectl cordon node-{node}")));
    }
    update(&mut state, Action::Apply);
    pass(&mut state, 60);
    let here = state.time.branch().moment();
    update(&mut state, Action::Next);
    assert_eq!(state.time.branch().moment(), here);
    assert_eq!(said(&state), "Nothing that can be seen changes within a day.");

    // A cluster at rest: no controller decides anything any more.
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 600);
    let here = state.time.branch().moment();
    travel(&mut state, TravelAction::Forward(Stride::Decision));
    assert_eq!(state.time.branch().moment(), here);
    assert_eq!(said(&state), "No controller decides anything within a day.");
}

#[test]
fn the_left_end_of_time_is_where_nothing_was_done_yet_and_another_life_can_begin() {
    for way in [Action::Travel(TravelAction::Beginning), Action::Back] {
        let mut state = lived();
        update(&mut state, Action::Seek(Time(0)));
        assert!(state.time.branch().moment().acted > 0, "something was done at the first moment");
        update(&mut state, way);
        assert_eq!(state.time.branch().moment(), Moment::default());
        assert_eq!(screens(&state), Vec::<String>::new());
        update(&mut state, Action::Apply);
        assert_eq!(state.time.branch().name, "branch 3");
        pass(&mut state, 60);
        assert!(screens(&state).iter().any(|row| row.contains("statefulset.apps/mehdb created")));
    }
}

#[test]
fn terminals_events_and_watches_belong_to_the_branch_and_the_instant() {
    let mut state = lived();
    let (on_two, told_on_two) = (screens(&state), told(&state));
    assert!(on_two.iter().any(|row| row.contains("--replicas=1")));
    travel(&mut state, TravelAction::Switch(1));
    assert!(screens(&state).iter().any(|row| row.contains("--replicas=3")));
    assert!(!screens(&state).iter().any(|row| row.contains("--replicas=1")));
    update(&mut state, Action::Seek(Time(0)));
    assert!(state.lab().terminals[1].foreground.is_some(), "the watch runs at its instant");
    travel(&mut state, TravelAction::Switch(2));
    update(&mut state, Action::Seek(Time(159_000)));
    assert_eq!(screens(&state), on_two);
    assert_eq!(told(&state), told_on_two);
}

#[test]
fn two_branches_stand_side_by_side_at_one_moment() {
    let mut state = lived();
    travel(&mut state, TravelAction::Compare(Some(1)));
    let seats = |scene: &Scene| scene.sets.first().map(|set| set.seats.iter().filter(|s| s.pod.is_some()).count());
    update(&mut state, Action::Seek(Time(150_000)));
    assert_eq!(seats(&state.scene), Some(1));
    assert_eq!(state.travel.beside.as_ref().and_then(|scene| seats(scene)), Some(3));
    assert!(state.travel.gantt.rows.iter().any(|row| row.beside));
    let beside = state.travel.beside.clone().unwrap();
    assert_eq!(super::super::compare::unlike(&state.scene, &beside), ["mehdb-1", "mehdb-2"]);
    update(&mut state, Action::Seek(Time(40_000)));
    let beside = state.travel.beside.clone().unwrap();
    assert_eq!(super::super::compare::unlike(&state.scene, &beside), Vec::<String>::new());
    travel(&mut state, TravelAction::Compare(None));
    assert!(state.travel.beside.is_none());
}

#[test]
fn the_timeline_shows_who_sat_where_and_that_the_claim_outlives_the_pod() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 120);
    update(&mut state, Action::Replicas(1));
    update(&mut state, Action::Scale);
    pass(&mut state, 120);
    let row = |state: &State| state.travel.gantt.rows.iter().find(|row| row.name == "mehdb-1").cloned().unwrap();
    let gone = row(&state);
    let pod_ends = gone.pods.last().map(|bar| bar.x + bar.width).unwrap();
    let claim_ends = gone.claims.last().map(|bar| bar.x + bar.width).unwrap();
    assert!(claim_ends > pod_ends && gone.lost.is_empty(), "{gone:?}");
    assert_eq!(gone.pods.last().map(|bar| bar.look), Some(Look::Ending));
    update(&mut state, Action::Run("kubectl delete pvc data-mehdb-1 -n lab-18".into()));
    pass(&mut state, 60);
    assert_eq!(row(&state).lost.len(), 1, "its data are lost");
}

#[test]
fn a_branch_writes_the_same_timeline_as_a_life_without_a_past() {
    let state = lived();
    let fork = state.time.branch();
    let entries = fork.entries().to_vec();
    let mut fresh =
        crate::history::Branch::of_entries(1, "fresh".into(), super::super::lab::Lab::new().unwrap(), entries);
    fresh.play_to(fork.now(), usize::MAX);
    assert!(fresh.record().sets == fork.record().sets && fresh.record().marks == fork.record().marks);
}

#[test]
fn the_session_as_a_script_says_what_was_typed_and_no_more() {
    let mut state = lived();
    update(&mut state, Action::Type(0, "kubectl get pods -l 'a in (b)' -n lab-18".into()));
    update(&mut state, Action::Enter(0));
    update(&mut state, Action::Interrupt(1));
    update(&mut state, Action::Type(0, "rm -rf $HOME".into()));
    update(&mut state, Action::Enter(0));
    let script = export::script(&state);
    let wanted = [
        "#!/bin/sh\n",
        "cat > stateful.yaml <<'END_OF_MANIFEST'\napiVersion: apps/v1\n",
        "\nkubectl apply -f stateful.yaml -n lab-18\n",
        "\nkubectl get pods -w -n lab-18 &\nwatch_1=$!\n",
        "\nsleep 59\nkubectl scale sts mehdb --replicas=1 -n lab-18\n",
        "\nkubectl get pods -l 'a in (b)' -n lab-18\n",
        "\nkill \"$watch_1\"\n",
        "\n# typed here: rm -rf $HOME\n",
    ];
    for part in wanted {
        assert!(script.contains(part), "{part:?} in\n{script}");
    }
    assert!(!script.contains("--replicas=3"), "what was done on another branch is not in it");
}

#[test]
fn transcript_state_and_recording_tell_what_was_seen() {
    let state = lived();
    let transcript = export::transcript(&state);
    assert!(
        transcript.contains("# 00:00:00, terminal 1\n$ kubectl create ns lab-18\nnamespace/lab-18 created\n"),
        "{transcript}"
    );
    assert!(transcript.contains(", terminal 2\n"));
    let words = export::words(&state);
    for part in [
        "00:02:39 on branch 2",
        "statefulset/mehdb in lab-18: 1 of 1 Ready",
        "mehdb-0: Ready on node-",
        "claim data-mehdb-0 Bound 1Gi",
    ] {
        assert!(words.contains(part), "{part:?} in\n{words}");
    }
    let cast = export::asciicast(state.lab(), 1).unwrap();
    let mut lines = cast.lines();
    assert!(lines.next().unwrap().starts_with("{\"height\":24,"), "{cast}");
    assert!(lines.next().unwrap().starts_with("[0.000, \"o\", \"\\u001b[32m$ kubectl get pods -w"), "{cast}");
    assert!(
        lines.clone().count() > 5 && lines.all(|line| line.starts_with('[') && line.ends_with("\\r\\n\"]")),
        "{cast}"
    );
}

#[test]
fn seats_that_differ_are_named_in_the_order_of_the_stage() {
    let mut state = page();
    update(&mut state, Action::Apply);
    pass(&mut state, 100);
    update(&mut state, Action::Replicas(12));
    update(&mut state, Action::Scale);
    pass(&mut state, 500);
    update(&mut state, Action::Seek(Time(99_000)));
    update(&mut state, Action::Replicas(1));
    update(&mut state, Action::Scale);
    pass(&mut state, 500);
    travel(&mut state, TravelAction::Compare(Some(1)));
    let beside = state.travel.beside.clone().unwrap();
    let names: Vec<String> = (1..12).map(|ordinal| format!("mehdb-{ordinal}")).collect();
    assert_eq!(super::super::compare::unlike(&state.scene, &beside), names);
}

#[test]
fn a_fork_is_told_with_the_branch_that_was_left_until_another_one_is_shown() {
    let mut state = lived();
    let notice = state.travel.notice.clone().expect("it is told");
    assert_eq!(
        notice.text,
        "You acted in the past: this is branch 2 now, and what was to come is kept on main. Press Play to see what comes of it."
    );
    assert_eq!(notice.left, Some(1));
    travel(&mut state, TravelAction::Switch(1));
    assert_eq!(state.travel.notice, None);
}
