//! Branches: which one is shown, the list of all with what can be done to them, and two of them side by side.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use super::words::{PLAIN, always, button, chosen, shape};
use crate::history::Branch;
use crate::ui::model::{Action, Lab, Look, Scene, Seat, SetScene, State, TravelAction, clock, unlike};

fn travel(dispatch: &Dispatch, action: TravelAction) -> Callback<MouseEvent> {
    always(dispatch, Action::Travel(action))
}

/// Which branch is shown, and the button that opens the list.
pub(super) fn choice(state: &State, dispatch: &Dispatch) -> Html {
    let shown = state.time.branch().number;
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            if let Ok(number) = chosen(&event).parse() {
                dispatch.emit(Action::Travel(TravelAction::Switch(number)));
            }
        })
    };
    html! {
        <span class="branch-choice">
            if state.time.branches().len() > 1 {
                <select id="branch" aria-label="Branch" {onchange}>
                    { for state.time.branches().iter().map(|branch| html! { <option value={branch.number.to_string()} selected={branch.number == shown}>{ branch.name.as_str() }</option> }) }
                </select>
            }
            if !state.options.readonly { <button id="branches" popovertarget="branch-list">{ "Branches" }</button> }
        </span>
    }
}

/// The list of branches, in a layer of its own.
pub(super) fn list(state: &State, dispatch: &Dispatch) -> Html {
    let branches = state.time.branches();
    let shown = state.time.branch().number;
    let beside = state.time.beside().map(|branch| branch.number);
    let item = |branch: &Branch<Lab>| one(branch, branches, shown, beside, dispatch);
    html! {
        <div id="branch-list" popover="auto" class="layer" role="dialog" aria-labelledby="branch-list-title">
            <div class="row"><h2 id="branch-list-title">{ "Branches" }</h2><button class="small" id="branch-close" popovertarget="branch-list" popovertargetaction="hide">{ "Close" }</button></div>
            <p class="hint">{ "Go back and do something else there: that begins another branch, and what was to come stays on the old one. Two branches can be compared side by side." }</p>
            <ul>{ for branches.iter().map(item) }</ul>
        </div>
    }
}

/// `1 intent`, `4 intents`.
pub(super) fn intents(number: usize) -> String {
    format!("{number} intent{}", if number == 1 { "" } else { "s" })
}

fn one(branch: &Branch<Lab>, all: &[Branch<Lab>], shown: u32, beside: Option<u32>, dispatch: &Dispatch) -> Html {
    let number = branch.number;
    let from = branch.parent.and_then(|(parent, at)| Some((all.iter().find(|b| b.number == parent)?, at.at)));
    let origin = from.map_or(String::new(), |(parent, at)| format!("left {} at {}; ", parent.name, clock(at)));
    let about = format!("{origin}{}, up to {}", intents(branch.entries().len()), clock(branch.end()));
    let rename = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<web_sys::HtmlInputElement>() {
                dispatch.emit(Action::Travel(TravelAction::Rename(number, input.value())));
            }
        })
    };
    let is_beside = beside == Some(number);
    let (label, other) = if is_beside { ("Stop comparing", None) } else { ("Compare", Some(number)) };
    html! {
        <li key={number.to_string()} data-shown={(number == shown).to_string()}>
            <input id={format!("branch-name-{number}")} aria-label={format!("Name of {}", branch.name)} maxlength="40" value={branch.name.to_string()} onchange={rename} />
            <p>{ about }</p>
            <div class="row">
                if number == shown {
                    <strong>{ "shown" }</strong>
                } else {
                    { button(dispatch, Action::Travel(TravelAction::Switch(number)), "small", format!("branch-show-{number}"), ["".into(), format!("Show {}", branch.name).into()], false, "Show") }
                    <button class="small" id={format!("branch-compare-{number}")} aria-pressed={is_beside.to_string()} onclick={travel(dispatch, TravelAction::Compare(other))} aria-label={format!("{label} {}", branch.name)}>{ label }</button>
                }
                if all.len() > 1 { { button(dispatch, Action::Travel(TravelAction::Forget(number)), "small", format!("branch-delete-{number}"), ["".into(), format!("Delete {}", branch.name).into()], false, "Delete") } }
            </div>
        </li>
    }
}

/// At most so many seats that differ are named.
const NAMED: usize = 6;

/// Two branches at one moment of the clock; what differs is marked.
pub(super) fn compare(state: &State, other: &Rc<Scene>, dispatch: &Dispatch) -> Html {
    let (left, right) = (state.time.branch(), state.time.beside());
    let differ = unlike(&state.scene, other);
    let said = match differ.as_slice() {
        [] => "No seat differs at this moment.".to_owned(),
        [one] => format!("One seat differs at this moment: {one}."),
        some => {
            let named = some.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = some.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{} seats differ at this moment: {named}{more}.", some.len())
        }
    };
    html! {
        <main class="stage compare" id="stage">
            <div class="compare-head"><p id="differences" role="status" aria-live={if state.travel.scrubbing { "off" } else { "polite" }}>{ said }</p>{ button(dispatch, Action::Travel(TravelAction::Compare(None)), "small", "compare-end", PLAIN, false, "Stop comparing") }</div>
            { part(SideProps { name: left.name.to_string(), id: "left", scene: state.scene.clone(), differ: differ.clone() }) }
            if let Some(right) = right { { part(SideProps { name: right.name.to_string(), id: "right", scene: other.clone(), differ }) } }
        </main>
    }
}

#[derive(PartialEq)]
struct SideProps {
    name: String,
    id: &'static str,
    scene: Rc<Scene>,
    differ: Vec<String>,
}

impl Draw for SideProps {
    fn draw(&self) -> Html {
        html! {
            <section class="beside" id={self.id} aria-label={format!("Branch {}", self.name)}>
                <h2>{ &self.name }if self.id == "left" { <small>{ "what you do happens here" }</small> }</h2>
                { for self.scene.sets.iter().map(|set| side_set(set, self)) }
                if self.scene.sets.is_empty() { <p class="hint">{ "No StatefulSet here." }</p> }
            </section>
        }
    }
}

fn side_set(set: &SetScene, props: &SideProps) -> Html {
    let says = &set.controller;
    html! {
        <section class="set" aria-label={format!("StatefulSet {} on {}", set.name, props.name)}>
            <div class="set-head"><h3>{ "statefulset/" }{ set.name.as_str() }</h3><span class="tally number">{ format!("{} of {} Ready", set.ready, set.wanted) }</span><span class="tags">{ set.tags.iter().map(ToString::to_string).collect::<Vec<_>>().join(" · ") }</span></div>
            <p class="decides" data-waits={says.waits.to_string()} data-works={says.works.to_string()}><b>{ if says.waits { "controller ▸ waits:" } else { "controller ▸" } }</b><span>{ says.text.as_str() }</span></p>
            <ul class="minis">{ for set.seats.iter().map(|seat| mini(seat, props)) }</ul>
        </section>
    }
}

fn mini(seat: &Seat, props: &SideProps) -> Html {
    let look = seat.pod.as_ref().map_or(Look::Empty, |pod| pod.look);
    let state = seat.pod.as_ref().map_or("no pod", |pod| pod.state.as_str());
    let letter = seat.pod.as_ref().and_then(|pod| pod.revision).map(|(letter, _)| letter);
    let differs = props.differ.iter().any(|name| *name == seat.name.as_str());
    let claims = seat.claims.iter().map(|claim| claim.phase.to_string()).collect::<Vec<_>>().join(", ");
    html! {
        <li class="mini seat" key={seat.name.to_string()} id={format!("{}-{}", props.id, seat.name)} data-look={look.as_str()} data-differs={differs.to_string()}>
            if look == Look::Empty { <span class="shape none" aria-hidden="true">{ "–" }</span> } else { { shape("shape", look.shape()) } }
            <b>{ seat.name.as_str() }</b>
            <span>{ state }{ letter.map(|letter| format!(" · {letter}")).unwrap_or_default() }</span>
            <span class="claims">{ if claims.is_empty() { "no claim".to_owned() } else { format!("claim {claims}") } }</span>
            if differs { <span class="unlike">{ "≠ differs" }</span> }
        </li>
    }
}
