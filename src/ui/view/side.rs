//! The side panel: the lab's steps, the story, the events or the inspector, one at a time.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use super::words::{always, button, command, linked};
use super::{faults, guide, inspect, promises, why};
use crate::api::{Key, Kind};
use crate::apiserver::Store;
use crate::ui::model::{Action, EventLine, Panel, STEPS, State, Told, clock, events};

/// At most so many events are listed.
const EVENTS: usize = 60;

/// At most so many sentences are listed.
const STORY: usize = 80;

pub(super) fn view(state: &State, panel: Html, dispatch: &Dispatch) -> Html {
    let tab = |panel: Panel, id: &'static str, name: &'static str| {
        let on = state.panel == panel;
        html! { <button {id} role="tab" aria-selected={on.to_string()} aria-controls="panel" onclick={always(dispatch, Action::Show(panel))}>{ name }</button> }
    };
    html! {
        <section class="side" aria-label="More about it">
            <div class="tabs" role="tablist">
                { tab(Panel::Steps, "tab-steps", "Learn") }
                { tab(Panel::Why, "tab-why", "Why") }
                { tab(Panel::Story, "tab-story", "Story") }
                { tab(Panel::Events, "tab-events", "Events") }
                { tab(Panel::Inspector, "tab-inspector", "Inspect") }
                if !state.options.readonly { { tab(Panel::Faults, "tab-faults", "Break") } }
                { tab(Panel::Promises, "tab-promises", if promises::all_hold(state) { "Promises" } else { "Promises !" }) }
            </div>
            <div class="panel" id="panel" role="tabpanel" tabindex="0">{ panel }</div>
        </section>
    }
}

/// What is in the panel.
pub(super) fn panel(state: &State, dispatch: &Dispatch) -> Html {
    let world = &state.lab().world;
    match state.panel {
        Panel::Steps => part(StepsProps { dispatch: dispatch.clone(), done: state.done.clone() }),
        Panel::Story => story(state),
        Panel::Events => list_of_events(world.store(), &events(world.store(), world.now(), None, EVENTS), dispatch),
        Panel::Why => why::view(state, dispatch),
        Panel::Promises => promises::view(state, dispatch),
        Panel::Faults => faults::view(state, dispatch),
        Panel::Inspector => match &state.selected {
            None => html! { <p class="none">{ "Press a pod, a claim or a node on the stage to look at it here." }</p> },
            Some(key) => inspect::view(state, key, dispatch),
        },
    }
}

#[derive(PartialEq)]
struct StepsProps {
    dispatch: Dispatch,
    done: Rc<Vec<bool>>,
}

impl Draw for StepsProps {
    fn draw(&self) -> Html {
        html! { <>
            <h3>{ "Lessons, told with the real thing" }</h3>
            { guide::lessons(&self.dispatch) }
            <h3>{ "Or the lab by hand" }</h3>
            <ol class="steps">{ for STEPS.iter().enumerate().map(|(nth, step)| {
                let done = self.done.get(nth).copied().unwrap_or(false);
                html! {
                    <li data-done={done.to_string()}>
                        <div class="row"><h3>{ format!("{} {}", nth + 1, step.title) }</h3>
                        <button id={format!("step-{nth}")} class="small" onclick={always(&self.dispatch, Action::LabStep(nth))}>{ if done { "Do again" } else { "Do it" } }</button></div>
                        <p>{ step.look }</p>
                        { command(format!("step-{nth}-command"), step.line) }
                    </li>
                }
            }) }</ol>
        </> }
    }
}

/// The story of decisions.
pub(super) fn story(state: &State) -> Html {
    part(StoryProps { story: state.lab().story.clone() })
}

#[derive(PartialEq)]
struct StoryProps {
    story: Rc<Vec<Told>>,
}

impl Draw for StoryProps {
    fn draw(&self) -> Html {
        if self.story.is_empty() {
            return html! { <p class="none">{ "Nothing has been decided yet. Every decision of a controller will be told here, with its reason." }</p> };
        }
        html! {
            <ol class="story">{ for self.story.iter().rev().take(STORY).map(|told| html! {
                <li key={told.number}><p><time>{ clock(told.at) }</time><b>{ told.by }</b>if !told.about.is_empty() { { format!(" about {}", told.about) } }</p><p>{ told.text.clone() }</p></li>
            }) }</ol>
        }
    }
}

/// Events, each name in them a link.
pub(super) fn list_of_events(store: &Store, events: &[EventLine], dispatch: &Dispatch) -> Html {
    if events.is_empty() {
        return html! { <p class="none">{ "No events yet. Kubernetes records what it did here, but never that it waits." }</p> };
    }
    html! {
        <ol class="events">{ for events.iter().map(|event| html! {
            <li key={event.key.to_string()} class={event.kind.to_string()}>
                <time>{ &event.age }</time><b>{ event.reason.as_str() }</b>{ " " }{ linked(store, &event.namespace, &format!("{}: {}", event.object, event.message), dispatch) }
                if event.count > 1 { { format!(" (×{})", event.count) } }
                { button(dispatch, Action::Why(Key::new(Kind::Event, event.namespace.clone(), event.key.clone())), "quiet small", "", ["What led to this event".into(), format!("why? What led to {}", event.reason).into()], false, "why?") }
            </li>
        }) }</ol>
    }
}
