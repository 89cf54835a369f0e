//! The transport: play, pause, next change, speed, clock.

use yew::prelude::*;

use super::Dispatch;
use super::words::{always, chosen, shape};
use crate::ui::model::{Action, SPEEDS, State, clock};

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let world = &state.lab.world;
    let due_s = world.next_at().map(|at| (at.since(world.now()) + 999) / 1000);
    html! { <Time dispatch={dispatch.clone()} playing={state.transport.playing} speed={state.transport.speed} clock={clock(world.now())} {due_s} /> }
}

#[derive(PartialEq, Properties)]
struct TimeProps {
    dispatch: Dispatch,
    playing: bool,
    speed: i64,
    clock: String,
    /// Simulated seconds until something happens; `None` when nothing will.
    due_s: Option<i64>,
}

#[component]
fn Time(props: &TimeProps) -> Html {
    let dispatch = props.dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Ok(speed) = chosen(&event).parse() {
            dispatch.emit(Action::Speed(speed));
        }
    });
    let speeds = SPEEDS.iter().chain((!SPEEDS.contains(&props.speed)).then_some(&props.speed));
    let rest = match (props.due_s, props.playing) {
        (None, _) => "at rest: nothing is due, time waits for you".to_owned(),
        (Some(_), true) => String::new(),
        (Some(s), false) => format!("paused; something is due in {s} s"),
    };
    html! {
        <section class="time" aria-label="Time">
            <button id="play" onclick={always(&props.dispatch, Action::TogglePlay)} aria-pressed={props.playing.to_string()}>
                { shape("icon", if props.playing { "#s-pause" } else { "#s-play" }) }{ if props.playing { " Pause" } else { " Play" } }
            </button>
            <button id="next-change" onclick={always(&props.dispatch, Action::Next)} disabled={props.due_s.is_none()} title="Jump to the next change on the stage">
                { shape("icon", "#s-next") }{ " Next change" }
            </button>
            <label>{ "Speed" }
                <select id="speed" {onchange}>
                    { for speeds.map(|speed| html! { <option value={speed.to_string()} selected={*speed == props.speed}>{ format!("{speed}×") }</option> }) }
                </select>
            </label>
            <span class="clock" id="clock" title="Simulated time since the beginning">{ &props.clock }</span>
            <span class="rest" id="rest">{ rest }</span>
        </section>
    }
}
