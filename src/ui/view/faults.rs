//! What can be broken and mended: machines, zones, storage, and how long things take.

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use super::why::{Hand, way};
use crate::api::Key;
use crate::sim::{Fault, World};
use crate::ui::model::{Action, Group, Slowness, State, Tool, groups, slownesses, tools};

#[derive(PartialEq)]
struct FaultsProps {
    dispatch: Dispatch,
    groups: Vec<Group>,
    slow: Vec<Slowness>,
}

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let world = &state.lab().world;
    part(FaultsProps { dispatch: dispatch.clone(), groups: groups(world), slow: slownesses(world) })
}

impl Draw for FaultsProps {
    fn draw(&self) -> Html {
        let dispatch = &self.dispatch;
        html! {
            <div class="faults">
                <p class="none">{ "Press a pod, a claim, a node or the set on the stage to break or mend just that one. What has no kubectl line below it only the laboratory can do." }</p>
                { for self.groups.iter().map(|group| html! { <><h3>{ group.title }</h3>{ buttons(&group.tools, "fault-", dispatch) }</> }) }
                <h3>{ "How long things take" }</h3>
                <dl class="slow">{ for self.slow.iter().map(|slow| slider(slow, dispatch)) }</dl>
            </div>
        }
    }
}

fn buttons(tools: &[Tool], prefix: &str, dispatch: &Dispatch) -> Html {
    let hand = Hand { dispatch, now_s: 0, readonly: false };
    html! { <div class="ways">{ for tools.iter().map(|tool| way(&tool.help, &format!("{prefix}{}", tool.id), hand)) }</div> }
}

/// The tools of the thing looked at, in the inspector.
pub(super) fn tools_of(world: &World, key: &Key, dispatch: &Dispatch) -> Html {
    html! { <div class="tools">{ buttons(&tools(world, key), "tool-", dispatch) }</div> }
}

/// One duration, in milliseconds.
fn slider(slow: &Slowness, dispatch: &Dispatch) -> Html {
    let (latency, emit) = (slow.latency, dispatch.clone());
    let onchange = Callback::from(move |event: Event| {
        let number =
            event.target_dyn_into::<web_sys::HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
        if let Ok(ms) = number.trim().parse::<i64>() {
            emit.emit(Action::Fault(Fault::Takes(latency, ms.clamp(0, 86_400_000))));
        }
    });
    let id = format!("takes-{}", latency.word());
    html! {
        <>
            <dt><label for={id.clone()}>{ latency.title() }</label></dt>
            <dd><input {id} type="number" min="0" max="86400000" step="100" value={slow.ms.to_string()} {onchange} />{ " ms" }</dd>
        </>
    }
}
