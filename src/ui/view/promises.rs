//! What StatefulSets promise, live: where one did not hold, the moment, and why Kubernetes allows it.

use yew::prelude::*;

use super::Dispatch;
use super::words::{PLAIN, always, button};
use crate::promises::{Broken, Promise};
use crate::ui::model::{Action, State, clock};

/// Whether every promise has held so far.
pub(super) fn all_hold(state: &State) -> bool {
    Promise::ALL.into_iter().all(|promise| state.lab().promises.broken(promise).next().is_none())
}

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    html! {
        <>
            <p class="none">{ "Checked at every step. Where one does not hold, you see when, and why Kubernetes allows it." }</p>
            <ul class="promises">{ for Promise::ALL.into_iter().map(|promise| one(promise, state, dispatch)) }</ul>
        </>
    }
}

fn one(promise: Promise, state: &State, dispatch: &Dispatch) -> Html {
    let broken: Vec<&Broken> = state.lab().promises.broken(promise).collect();
    let (name, says) = promise.words();
    let holds = broken.is_empty();
    html! {
        <li id={format!("promise-{}", promise.word())} data-holds={holds.to_string()}>
            <h3><span class="mark" aria-hidden="true">{ if holds { "✓" } else { "!" } }</span>{ name }<small>{ if holds { "has held so far" } else { "did not hold" } }</small></h3>
            <p>{ says }</p>
            { for broken.into_iter().map(|broken| html! {
                <p class="break">
                    <button class="quiet small moment" title="Go to that moment" aria-label={format!("Go to {}", clock(broken.at))} onclick={always(dispatch, Action::Seek(broken.at))}>{ clock(broken.at) }</button>
                    { format!("{}. ", broken.how) }
                    <em>{ match broken.allowed {
                        Some(why) => format!("Kubernetes allows it: {why}."),
                        None => "Kubernetes does not allow it: please report this as a mistake of the laboratory.".into(),
                    } }</em>
                    { " " }
                    { button(dispatch, Action::Why(broken.object.clone()), "quiet small", "", PLAIN, false, "Why?") }
                </p>
            }) }
        </li>
    }
}
