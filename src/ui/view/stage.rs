//! The stage: sets with their seats, the nodes, and one side panel.

use std::rc::Rc;

use yew::prelude::*;

use super::part::{Draw, held, keyed, keyed_and_held, part};
use super::seat::SeatProps;
use super::words::{always, shape};
use super::{Dispatch, guide, side, table};
use crate::api::{Key, Kind};
use crate::explain::rule;
use crate::kubelet::Countdown;
use crate::time::Time;
use crate::ui::model::{Action, Look, NodeFace, PodFace, Seat, SetScene, Standing, State};
use crate::ui::port;
use crate::value::Text;

/// A countdown is shown from this length on, simulated ms.
const SHORTEST_COUNTDOWN: i64 = 1500;

pub(super) fn view(state: &State, panel: Html, dispatch: &Dispatch) -> Html {
    let now = state.time.now();
    let scene = &state.scene;
    html! {
        <main class="stage" id="stage">
            { guide::view(state, dispatch) }
            // A table has nothing in it to focus, and must be scrolled by keys where it is wider than the screen.
            <div class="scene" tabindex={state.as_table.then_some("0")}>
                if state.as_table {
                    { part(table::TwinProps { scene: scene.clone() }) }
                } else {
                    { for scene.sets.iter().enumerate().map(|(nth, set)| html! {
                        { keyed_and_held(format!("{}/{}", set.namespace, set.name), nth > 0 && waits(state, &set_id(set)), SetProps { dispatch: dispatch.clone(), set: set.clone(), first: nth == 0, now: if set.density() == "wide" { now } else { Time(0) }, selected: selected(set, state), hint: state.hint.clone().filter(|(key, _)| key.namespace == set.namespace) }) }
                    }) }
                    if scene.sets.is_empty() {
                        <p class="lesson">{ "No StatefulSet is here, and none is in the manifest. Write one on the left, or take the lab's." }</p>
                    }
                    if !scene.others.is_empty() { { others(&scene.others, dispatch) } }
                    { held(waits(state, NODES), NodesProps { dispatch: dispatch.clone(), nodes: scene.nodes.clone() }) }
                }
            </div>
            if state.options.shows("panel") { { side::view(state, panel, dispatch) } }
        </main>
    }
}

/// The id of the boxes of the nodes.
const NODES: &str = "nodes";

/// The id of a set that is not the first.
fn set_id(set: &SetScene) -> String {
    format!("set-{}-{}", set.namespace, set.name)
}

/// While the time is being moved, what is out of sight is not drawn: it follows when the time rests.
fn waits(state: &State, id: &str) -> bool {
    state.travel.moved && !port::is_in_sight(id)
}

#[derive(PartialEq)]
struct SetProps {
    dispatch: Dispatch,
    set: Rc<SetScene>,
    first: bool,
    /// The beginning of time where nothing is said of it.
    now: Time,
    /// The ordinal of the pod looked at.
    selected: Option<i64>,
    /// The seat that is looked at in passing, and what it waits for.
    hint: Option<(Key, Rc<str>)>,
}

/// The ordinal of the pod looked at, when it sits in this set.
fn selected(set: &SetScene, state: &State) -> Option<i64> {
    let key = state.selected.as_ref().filter(|key| key.kind == Kind::Pod && key.namespace == set.namespace)?;
    set.seats.iter().find(|seat| seat.name == key.name).map(|seat| seat.ordinal)
}

/// More seats than this are cells without a number.
const AT_A_GLANCE: usize = 400;

/// So many seats are looked over together for what has changed.
const TOGETHER: usize = 40;

/// Some seats of a set.
#[derive(PartialEq)]
struct SeatsProps {
    dispatch: Dispatch,
    seats: Vec<Rc<Seat>>,
    namespace: Text,
    prefix: String,
    density: &'static str,
    now: Time,
    planned: bool,
    selected: Option<i64>,
    hint: Option<(Key, Rc<str>)>,
}

impl Draw for SeatsProps {
    fn draw(&self) -> Html {
        let seat = |seat: &Rc<Seat>| {
            // Where seats are drawn closely their ages are not, and what is not drawn must not be redrawn.
            let wide = self.density == "wide";
            let aged = seat.pod.as_ref().filter(|pod| wide && !matches!(pod.look, Look::Ready | Look::Done));
            let age_s = aged.map(|pod| self.now.since(pod.since) / 1000);
            let countdown = aged.and_then(|pod| pod.countdown.as_ref());
            let left = countdown.and_then(|countdown| left_of(countdown, self.now));
            let id = format!("{}-{}", self.prefix, seat.ordinal);
            let brief = matches!(self.density, "dense" | "strip");
            let is_selected = self.selected == Some(seat.ordinal);
            let hint = self.hint.as_ref().filter(|(key, _)| key.name == seat.name).map(|(_, text)| text.clone());
            let (dispatch, namespace) = (self.dispatch.clone(), self.namespace.clone());
            keyed(
                seat.ordinal.to_string(),
                SeatProps {
                    dispatch,
                    seat: seat.clone(),
                    namespace,
                    id,
                    age_s,
                    left,
                    planned: self.planned,
                    is_selected,
                    brief,
                    hint,
                },
            )
        };
        html! { <>{ for self.seats.iter().map(seat) }</> }
    }
}

impl Draw for SetProps {
    fn draw(&self) -> Html {
        let set = &self.set;
        let planned = set.standing == Standing::Planned;
        let status = match set.standing {
            Standing::Planned => "not applied yet".to_owned(),
            Standing::Here | Standing::Ending => format!("in {}", set.namespace),
            Standing::Gone => format!("was in {}; the set is gone", set.namespace),
        };
        let key = Key { kind: Kind::StatefulSet, namespace: set.namespace.clone(), name: set.name.clone() };
        let look = always::<MouseEvent>(&self.dispatch, Action::Select(Some(key)));
        let prefix = if self.first { "seat".to_owned() } else { format!("seat-{}-{}", set.namespace, set.name) };
        html! {
            <section class="set" id={(!self.first).then(|| set_id(set))} aria-label={format!("StatefulSet {}", set.name)} data-standing={standing(set.standing)}>
                <div class="set-head">
                    <h2>
                        if matches!(set.standing, Standing::Here | Standing::Ending) {
                            <button onclick={look} title="Look at the set">{ "statefulset/" }{ set.name.as_str() }</button>
                        } else {
                            { "statefulset/" }{ set.name.as_str() }
                        }
                        { " " }<small>{ status }</small>
                    </h2>
                    if !planned {
                        <span class="tally number">{ format!("{} of {} Ready", set.ready, set.wanted) }</span>
                        <span class="tags">{ tags(set) }</span>
                    }
                </div>
                if planned {
                    { guide::offer(set.wanted, &self.dispatch) }
                } else {
                    { controller(set, self.first, &self.dispatch) }
                }
                <ul class="seats" data-density={set.density()} data-heat={(set.seats.len() > AT_A_GLANCE).then_some("true")}>
                    { for set.seats.chunks(TOGETHER).enumerate().map(|(nth, seats)| {
                        let selected = self.selected.filter(|ordinal| seats.iter().any(|seat| seat.ordinal == *ordinal));
                        let hint = self.hint.clone().filter(|(key, _)| seats.iter().any(|seat| seat.name == key.name));
                        keyed(nth.to_string(), SeatsProps { hint, dispatch: self.dispatch.clone(), seats: seats.to_vec(), namespace: set.namespace.clone(), prefix: prefix.clone(), density: set.density(), now: self.now, planned, selected })
                    }) }
                </ul>
                if set.seats.is_empty() { <p class="lesson">{ "No seats: the set asks for 0 pods and no claim was left behind." }</p> }
            </section>
        }
    }
}

/// What is left of a countdown: seconds, and 24ths of the whole. One too short to be read is not shown.
fn left_of(countdown: &Countdown, now: Time) -> Option<(i64, i64)> {
    let (whole, left) = (countdown.until.since(countdown.from), countdown.until.since(now));
    (whole >= SHORTEST_COUNTDOWN && left >= 0).then(|| (left / 1000 + i64::from(left % 1000 > 0), left * 24 / whole))
}

fn tags(set: &SetScene) -> String {
    let mut tags: Vec<String> = set.tags.iter().map(ToString::to_string).collect();
    if let (Some(from), Some(to)) = set.revisions {
        tags.push(format!("revision {from} → {to}"));
    }
    tags.join(" · ")
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Planned => "planned",
        Standing::Here => "here",
        Standing::Ending => "ending",
        Standing::Gone => "gone",
    }
}

fn controller(set: &SetScene, first: bool, dispatch: &Dispatch) -> Html {
    let says = &set.controller;
    let key = Key { kind: Kind::StatefulSet, namespace: set.namespace.clone(), name: set.name.clone() };
    html! {
        <p class="decides" id={first.then_some("controller")} data-waits={says.waits.to_string()} data-works={says.works.to_string()} data-rule={says.rule.to_string()}>
            <b>{ if says.waits { "controller ▸ waits:" } else { "controller ▸" } }</b>
            <span>{ says.text.as_str() }</span>
            if says.rule > 0 { <span class="rule" title={rule(says.rule)}>{ format!("R{}", says.rule) }</span> }
            <button class="quiet small" id={first.then_some("why")} onclick={always(dispatch, Action::Why(key))}>{ "why?" }</button>
        </p>
    }
}

fn others(pods: &[PodFace], dispatch: &Dispatch) -> Html {
    html! {
        <section class="set" aria-label="Pods of no set">
            <div class="set-head"><h2>{ "pods of no set" }</h2></div>
            <ul class="nodes">{ for pods.iter().map(|pod| {
                let key = Key { kind: Kind::Pod, namespace: pod.namespace.clone(), name: pod.name.clone() };
                html! { <li key={pod.uid.to_string()}><button data-look={pod.look.as_str()} onclick={always(dispatch, Action::Select(Some(key)))}>{ shape("icon", pod.look.shape()) }{ format!(" {} {}", pod.name, pod.state) }</button></li> }
            }) }</ul>
        </section>
    }
}

#[derive(PartialEq)]
struct NodesProps {
    dispatch: Dispatch,
    nodes: Vec<NodeFace>,
}

impl Draw for NodesProps {
    fn draw(&self) -> Html {
        let node = |node: &NodeFace| {
            let key = Key { kind: Kind::Node, namespace: "".into(), name: node.name.clone() };
            let state = match (node.ready, node.cordoned) {
                (false, _) => "NotReady",
                (true, true) => "cordoned",
                (true, false) => "Ready",
            };
            html! {
                <div class="node" id={format!("node-{}", node.name)} key={node.name.to_string()} data-ready={node.ready.to_string()} data-cordoned={node.cordoned.to_string()}>
                    <h3><button class="quiet small" onclick={always(&self.dispatch, Action::Select(Some(key)))}>{ node.name.as_str() }</button><span>{ state }{ if node.zone.is_empty() { String::new() } else { format!(", zone {}", node.zone) } }</span></h3>
                    { guests(node, &self.dispatch) }
                </div>
            }
        };
        html! { <section class="nodes" id={NODES} aria-label="Nodes">{ for self.nodes.iter().map(node) }</section> }
    }
}

/// The pods of a node: by name, by ordinal where they are many, and only counted where they are very many.
fn guests(node: &NodeFace, dispatch: &Dispatch) -> Html {
    let many = node.pods.len();
    if many > 36 {
        let ready = node.pods.iter().filter(|(_, _, look)| *look == Look::Ready).count();
        return html! { <p>{ format!("{many} pods, {ready} Ready") }</p> };
    }
    let short = |name: &str| name.rfind('-').and_then(|at| name.get(at + 1..)).unwrap_or(name).to_owned();
    html! {
        <ul aria-label={format!("Pods on {}", node.name)}>{ for node.pods.iter().map(|(namespace, pod, look)| {
            let key = Key::new(Kind::Pod, namespace.clone(), pod.clone());
            let brief = many > 6;
            html! {
                <li key={format!("{namespace}/{pod}")}><button data-look={look.as_str()} title={pod.to_string()} aria-label={brief.then(|| pod.to_string())} onclick={always(dispatch, Action::Select(Some(key)))}>{ if brief { short(pod) } else { pod.to_string() } }</button></li>
            }
        }) }</ul>
    }
}
