//! The side panel: the lab's steps, the story, the events or the inspector, one at a time.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::words::{Command, always};
use crate::api::{Key, Kind};
use crate::sim::Fault;
use crate::ui::model::{Action, EventLine, Fact, Panel, STEPS, State, Told, clock, events, facts};

/// At most so many events are listed.
const EVENTS: usize = 60;

/// At most so many sentences are listed.
const STORY: usize = 80;

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let tab = |panel: Panel, id: &'static str, name: &'static str| {
        let on = state.panel == panel;
        html! { <button {id} role="tab" aria-selected={on.to_string()} aria-controls="panel" onclick={always(dispatch, Action::Show(panel))}>{ name }</button> }
    };
    let world = &state.lab().world;
    let panel = match state.panel {
        Panel::Steps => html! { <Steps dispatch={dispatch.clone()} done={state.done.clone()} /> },
        Panel::Story => html! { <Story story={state.lab().story.clone()} /> },
        Panel::Events => list_of_events(&events(world.store(), world.now(), None, EVENTS)),
        Panel::Inspector => match &state.selected {
            None => html! { <p class="none">{ "Press a pod, a claim or a node on the stage to look at it here." }</p> },
            Some(key) => inspector(
                key,
                &facts(world.store(), &state.scene, key),
                &events(world.store(), world.now(), Some(key), 12),
                dispatch,
            ),
        },
    };
    html! {
        <section class="side" aria-label="More about it">
            <div class="tabs" role="tablist">
                { tab(Panel::Steps, "tab-steps", "Lab") }
                { tab(Panel::Story, "tab-story", "Story") }
                { tab(Panel::Events, "tab-events", "Events") }
                { tab(Panel::Inspector, "tab-inspector", "Inspect") }
            </div>
            <div class="panel" id="panel" role="tabpanel" tabindex="0">{ panel }</div>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct StepsProps {
    dispatch: Dispatch,
    done: Rc<Vec<bool>>,
}

#[component]
fn Steps(props: &StepsProps) -> Html {
    html! {
        <ol class="steps">{ for STEPS.iter().enumerate().map(|(nth, step)| {
            let done = props.done.get(nth).copied().unwrap_or(false);
            html! {
                <li data-done={done.to_string()}>
                    <div class="row"><h3>{ format!("{} {}", nth + 1, step.title) }</h3>
                    <button id={format!("step-{nth}")} class="small" onclick={always(&props.dispatch, Action::LabStep(nth))}>{ if done { "Do again" } else { "Do it" } }</button></div>
                    <p>{ step.look }</p>
                    <Command id={format!("step-{nth}-command")} line={step.line} />
                </li>
            }
        }) }</ol>
    }
}

#[derive(PartialEq, Properties)]
struct StoryProps {
    story: Rc<Vec<Told>>,
}

#[component]
fn Story(props: &StoryProps) -> Html {
    if props.story.is_empty() {
        return html! { <p class="none">{ "Nothing has been decided yet. Every decision of a controller will be told here, with its reason." }</p> };
    }
    html! {
        <ol class="story">{ for props.story.iter().rev().take(STORY).map(|told| html! {
            <li key={told.number}><p><time>{ clock(told.at) }</time><b>{ told.by }</b>if !told.about.is_empty() { { format!(" about {}", told.about) } }</p><p>{ told.text.clone() }</p></li>
        }) }</ol>
    }
}

fn list_of_events(events: &[EventLine]) -> Html {
    if events.is_empty() {
        return html! { <p class="none">{ "No events yet. Kubernetes records what it did here, but never that it waits." }</p> };
    }
    html! {
        <ol class="events">{ for events.iter().map(|event| html! {
            <li key={event.key.to_string()} class={event.kind.to_string()}>
                <time>{ &event.age }</time><b>{ event.reason.as_str() }</b>{ format!(" {}: {}", event.object, event.message) }
                if event.count > 1 { { format!(" (×{})", event.count) } }
            </li>
        }) }</ol>
    }
}

fn inspector(key: &Key, facts: &[Fact], events: &[EventLine], dispatch: &Dispatch) -> Html {
    html! {
        <>
            <h3>{ format!("{}/{}", key.kind.info().singular, key.name) }</h3>
            <dl class="facts">{ for facts.iter().map(|fact| html! { <><dt>{ fact.name }</dt><dd>{ &fact.text }</dd></> }) }</dl>
            { tools(key, dispatch) }
            <h3>{ "Its events" }</h3>
            { list_of_events(events) }
        </>
    }
}

/// What can be done with the thing looked at.
fn tools(key: &Key, dispatch: &Dispatch) -> Html {
    let kind = key.kind.info().singular;
    let tail = if key.namespace.is_empty() { String::new() } else { format!(" -n {}", key.namespace) };
    let run = |id: &'static str, name: &'static str, line: String| {
        html! {
            <div class="action">
                <div class="row"><button {id} class="small" onclick={always(dispatch, Action::Run(line.clone()))}>{ name }</button></div>
                <Command id={format!("{id}-command")} {line} />
            </div>
        }
    };
    let fault = |name: &'static str, text: &'static str, fault: Fault| {
        html! {
            <button class="small" data-fault={name} onclick={always(dispatch, Action::Fault(fault))}>{ text }</button>
        }
    };
    html! {
        <div class="tools">
            { run("describe", "Describe", format!("kubectl describe {kind} {}{tail}", key.name)) }
            if key.kind == Kind::Node {
                { run("cordon", "Cordon", format!("kubectl cordon {}", key.name)) }
                { run("uncordon", "Uncordon", format!("kubectl uncordon {}", key.name)) }
                { run("drain", "Drain", format!("kubectl drain {} --ignore-daemonsets", key.name)) }
                <div class="row">
                    { fault("node-stops", "Cut it off", Fault::NodeStops(key.name.clone())) }
                    { fault("node-starts", "Bring it back", Fault::NodeStarts(key.name.clone())) }
                </div>
            } else if key.kind != Kind::StatefulSet {
                { run("remove", "Delete", format!("kubectl delete {} {}{tail}", if key.kind == Kind::PersistentVolumeClaim { "pvc" } else { kind }, key.name)) }
            } else {
                { run("history", "Rollout history", format!("kubectl rollout history sts {}{tail}", key.name)) }
                { run("undo", "Undo the rollout", format!("kubectl rollout undo sts {}{tail}", key.name)) }
            }
        </div>
    }
}
