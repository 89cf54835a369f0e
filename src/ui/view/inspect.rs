//! The thing looked at: its facts, conditions and relations, or what kubectl prints of it, or what has changed.

use yew::prelude::*;

use super::words::{PLAIN, always, button, linked, to};
use super::{Dispatch, faults, side};
use crate::api::Key;
use crate::ui::model::{
    Action, Relation, Sight, Since, State, changes, clock, conditions, events, facts, printed, relations,
};

/// At most so many of its events are listed.
const EVENTS: usize = 12;

pub(super) fn view(state: &State, key: &Key, dispatch: &Dispatch) -> Html {
    let world = &state.lab().world;
    let store = world.store();
    let sight = |(sight, name, id): &(Sight, &'static str, &'static str)| {
        html! { <button class="small" id={*id} aria-pressed={(state.sight == *sight).to_string()} onclick={always(dispatch, Action::Sight(*sight))}>{ *name }</button> }
    };
    let inside = match state.sight {
        Sight::Facts => told(state, key, dispatch),
        Sight::Changes => html! { <div id="changes">{ for changes(state).iter().map(since) }</div> },
        sight => {
            let text = printed(world, key, sight);
            let text = if text.is_empty() { "It is gone.".to_owned() } else { text };
            html! { <pre id="printed" tabindex="0">{ linked(store, &key.namespace, &text, dispatch) }</pre> }
        }
    };
    html! {
        <>
            <h3 id="inspected">{ format!("{}/{}", key.kind.info().singular, key.name) }</h3>
            <div class="sights" role="group" aria-label="How to look at it">{ for Sight::ALL.iter().map(sight) }</div>
            { inside }
            if state.sight == Sight::Facts {
                { faults::tools_of(world, key, dispatch) }
                <h3>{ "Its events" }</h3>
                { side::list_of_events(store, &events(store, world.now(), Some(key), EVENTS), dispatch) }
            }
        </>
    }
}

/// The facts that matter.
fn told(state: &State, key: &Key, dispatch: &Dispatch) -> Html {
    let world = &state.lab().world;
    let store = world.store();
    let object = store.get(key.kind, &key.namespace, &key.name);
    let held = state.answer().tree.first_blocker().map(|first| first.text.clone());
    let conditions = object.map(|object| conditions(object, world.now())).unwrap_or_default();
    let relations = object.map(|object| relations(store, object)).unwrap_or_default();
    html! {
        <>
            <dl class="facts">{ for facts(store, &state.scene, key).iter().map(|fact| html! { <><dt>{ fact.name }</dt><dd>{ linked(store, &key.namespace, &fact.text, dispatch) }</dd></> }) }</dl>
            <div class="held">
                if let Some(text) = held { <p>{ "Held up: " }{ linked(store, &key.namespace, &text, dispatch) }{ "." }</p> }
                { button(dispatch, Action::Why(key.clone()), "small", "ask-why", PLAIN, false, "Why?") }
            </div>
            if !relations.is_empty() { <h3>{ "What it has to do with" }</h3><ul class="relations" id="relations">{ for relations.iter().map(|one| relation(one, dispatch)) }</ul> }
            if !conditions.is_empty() {
                <h3>{ "Conditions" }</h3>
                <table class="conditions" id="conditions">
                    <thead><tr><th scope="col">{ "Type" }</th><th scope="col">{ "Status" }</th><th scope="col">{ "Since" }</th></tr></thead>
                    <tbody>{ for conditions.iter().map(|one| html! {
                        <tr data-status={one.status.to_string()}><th scope="row">{ one.kind.as_str() }if !one.why.is_empty() { <small>{ linked(store, &key.namespace, &one.why, dispatch) }</small> }</th><td>{ one.status.as_str() }</td><td>{ &one.since }</td></tr>
                    }) }</tbody>
                </table>
            }
        </>
    }
}

fn relation(relation: &Relation, dispatch: &Dispatch) -> Html {
    let key = &relation.key;
    html! { <li><span>{ relation.word }</span>{ " " }{ to(key, &format!("{}/{}", key.kind.info().singular, key.name), dispatch) }if !relation.there { <span class="gone">{ " (gone)" }</span> }</li> }
}

fn since(since: &Since) -> Html {
    html! {
        <section class="since">
            <h3>{ &since.what }{ " " }<small class="number">{ clock(since.at) }</small></h3>
            if since.changes.is_empty() {
                <p class="none">{ "Nothing." }</p>
            } else {
                <dl>{ for since.changes.iter().map(|change| html! {
                    <><dt>{ &change.field }</dt><dd>{ value(&change.from) }{ " → " }{ value(&change.to) }</dd></>
                }) }</dl>
            }
        </section>
    }
}

fn value(text: &str) -> Html {
    if text.is_empty() {
        html! { <i>{ "nothing" }</i> }
    } else {
        html! { <code>{ text.to_owned() }</code> }
    }
}
