//! The views, drawn without a browser and held against `tests/views`: what a change of theirs changes can be read there.
//! `VIEWS_UPDATE=1 cargo test --lib goldens` writes them anew.

use std::fs;
use std::path::PathBuf;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use yew::LocalServerRenderer;
use yew::prelude::*;

use super::{Dispatch, actions, branches, dock, editor, share, side, stage, time};
use crate::ui::model::{Action, Options, Panel, State, update};

/// What a view draws of a state.
#[derive(Properties)]
struct Drawn {
    html: Rc<dyn Fn() -> Html>,
}

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.html, &other.html)
    }
}

#[component]
fn Canvas(props: &Drawn) -> Html {
    (props.html)()
}

/// Where the panel at the stage's side begins.
const SIDE: &str = "<section aria-label=\"More about it\"";

/// A view as text, a tag a line.
fn drawn(state: &State, view: fn(&State, &Dispatch) -> Html) -> String {
    let state = state.clone();
    let html: Rc<dyn Fn() -> Html> = Rc::new(move || view(&state, &Callback::noop()));
    let mut text = String::new();
    {
        let renderer = LocalServerRenderer::<Canvas>::with_props(Drawn { html }).hydratable(false);
        let mut rendering = pin!(renderer.render_to_string(&mut text));
        let mut context = Context::from_waker(Waker::noop());
        while rendering.as_mut().poll(&mut context) == Poll::Pending {}
    }
    // The stage holds the panel at its side, which has goldens of its own.
    let (text, _) = text.split_once(SIDE).filter(|(before, _)| !before.is_empty()).unwrap_or((&text, ""));
    text.replace("><", ">\n<") + "\n"
}

fn act(state: &mut State, line: &str) {
    update(state, Action::Run(line.to_owned()));
    update(state, Action::Frame(50_000));
}

/// Lets so many simulated seconds pass.
fn pass(state: &mut State, seconds: i64) {
    update(state, Action::Speed(1));
    for _ in 0..seconds * 10 {
        update(state, Action::Frame(100_000));
    }
}

/// The lab with a set of so many replicas, Ready.
fn running(replicas: u32) -> State {
    let mut state = State::new(Options::default()).unwrap();
    act(&mut state, "kubectl create ns lab-18");
    act(&mut state, "kubectl apply -f stateful.yaml -n lab-18");
    act(&mut state, &format!("kubectl scale sts mehdb --replicas={replicas} -n lab-18"));
    pass(&mut state, 60 * i64::from(replicas));
    state
}

fn the_stage(state: &State, dispatch: &Dispatch) -> Html {
    stage::view(state, side::panel(state, dispatch), dispatch)
}

fn the_side(state: &State, dispatch: &Dispatch) -> Html {
    side::view(state, side::panel(state, dispatch), dispatch)
}

type View = (&'static str, fn(&State, &Dispatch) -> Html);

/// What changes while the cluster works.
const LIVELY: [View; 4] =
    [("time", time::view), ("actions", actions::view), ("stage", the_stage), ("dock", dock::view)];

/// What does not, or has a state of its own for it.
const QUIET: [View; 4] =
    [("editor", editor::view), ("side", the_side), ("branches", branches::list), ("share", share::layer)];

/// Holds the views of a state against their goldens; answers which differ.
fn differing(name: &str, state: &State, views: &[View]) -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/views");
    let anew = std::env::var_os("VIEWS_UPDATE").is_some();
    let mut differing = Vec::new();
    for (view, draw) in views {
        let path = folder.join(format!("{view}-{name}.html"));
        let text = drawn(state, *draw);
        if anew {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &text).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        if golden != text {
            let line = golden.lines().zip(text.lines()).position(|(old, new)| old != new).unwrap_or(0);
            let (old, new) = (golden.lines().nth(line), text.lines().nth(line));
            differing.push(format!("{view}-{name}.html, line {}:\n  {old:?}\n  {new:?}", line + 1));
        }
    }
    differing
}

fn hold(name: &str, state: &State, views: &[View]) {
    let differing = differing(name, state, views);
    assert!(differing.is_empty(), "{}\n(VIEWS_UPDATE=1 writes the new ones)", differing.join("\n"));
}

#[test]
fn before_anything_was_done() {
    let state = State::new(Options::default()).unwrap();
    hold("first", &state, &LIVELY);
    hold("first", &state, &QUIET);
}

#[test]
fn in_the_middle_of_a_rolling_update_of_three() {
    let mut state = running(3);
    act(&mut state, "kubectl set image sts/mehdb shard=quay.io/mhausenblas/mehdb:0.7 -n lab-18");
    pass(&mut state, 20);
    hold("rolling", &state, &LIVELY);
    let panels = [
        ("why", Panel::Why),
        ("story", Panel::Story),
        ("events", Panel::Events),
        ("promises", Panel::Promises),
        ("faults", Panel::Faults),
    ];
    for (name, panel) in panels {
        update(&mut state, Action::Show(panel));
        hold(name, &state, &[("side", the_side)]);
    }
}

#[test]
fn with_twenty_seats() {
    hold("twenty", &running(20), &[("stage", the_stage)]);
}
