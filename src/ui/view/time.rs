//! The transport: play, pause, step by step, speed, clock, branches; and what the page has to say about time.

use yew::prelude::*;

use super::words::{PLAIN, always, button, chosen, shape};
use super::{Dispatch, branches, gantt, share};
use crate::ui::model::{Action, SPEEDS, State, Stride, TravelAction, clock, coming, progress};

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let now = state.time.now();
    let due = state.time.next_at().is_some();
    let coming = if state.transport.playing { String::new() } else { coming(state) };
    let moment = state.time.branch().moment();
    html! {
        <section class="time" aria-label="Time" onkeydown={keys(dispatch)}>
            <Transport dispatch={dispatch.clone()} playing={state.transport.playing} speed={state.transport.speed} skips={state.transport.skips} clock={clock(now)} {due} {coming} past={state.time.in_the_past()} first={now.0 == 0 && moment.acted == 0} acted={moment.acted > 0} readonly={state.options.readonly}>
                if state.time.end().0 > 0 || !state.time.branch().entries().is_empty() { { branches::choice(state, dispatch) } }
                { share::opener(dispatch) }
            </Transport>
            { says(state, dispatch) }
            { gantt::view(state, dispatch) }
        </section>
    }
}

/// A notice with a button to put it away, or how far the opening of a session has come.
fn says(state: &State, dispatch: &Dispatch) -> Html {
    let press =
        |action, id: &'static str, text| button(dispatch, Action::Travel(action), "small", id, PLAIN, false, text);
    if let Some(percent) = progress(state) {
        return html! {
            <p class="notice" id="opening"><span role="status">{ "Doing again what was done: " }</span><progress max="100" value={percent.to_string()} aria-label="Progress" /><span class="number">{ format!("{percent} %") }</span>{ press(TravelAction::Enough, "enough", "Stop here") }</p>
        };
    }
    let Some(notice) = &state.travel.notice else { return Html::default() };
    html! {
        <p class="notice" id="notice" data-warns={notice.warns.to_string()} role={if notice.warns { "alert" } else { "status" }}>
            <span>{ if notice.warns { "! " } else { "" } }{ notice.text.clone() }</span>
            if let Some(left) = notice.left {
                { press(TravelAction::Compare(Some(left)), "compare-left", "Compare the two") }
            }
            { press(TravelAction::Dismiss, "dismiss", "OK") }
        </p>
    }
}

/// Letters do what the buttons do, as long as the focus is in here.
fn keys(dispatch: &Dispatch) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        let writes = event.target_dyn_into::<web_sys::HtmlInputElement>().is_some_and(|input| input.type_() != "range")
            || event.target_dyn_into::<web_sys::HtmlSelectElement>().is_some();
        if writes || event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        let stride = Stride::ALL.iter().find(|(_, _, letter, _)| key.eq_ignore_ascii_case(letter));
        let action = match (key.as_str(), stride) {
            (_, Some((stride, ..))) if event.shift_key() => Action::Travel(TravelAction::Backward(*stride)),
            (_, Some((stride, ..))) => Action::Travel(TravelAction::Forward(*stride)),
            ("n", _) => Action::Next,
            ("N" | "b", _) => Action::Back,
            ("k", _) => Action::TogglePlay,
            ("u", _) => Action::Travel(TravelAction::Undo),
            ("+", _) => Action::Travel(TravelAction::Zoom(true)),
            ("-", _) => Action::Travel(TravelAction::Zoom(false)),
            _ => return,
        };
        event.prevent_default();
        dispatch.emit(action);
    })
}

#[derive(PartialEq, Properties)]
#[allow(clippy::struct_excessive_bools, reason = "each is a button's state")]
struct TransportProps {
    dispatch: Dispatch,
    playing: bool,
    speed: i64,
    skips: bool,
    clock: String,
    /// Whether something will happen by itself.
    due: bool,
    /// What that is, while time stands still.
    coming: String,
    /// Whether what comes was seen already.
    past: bool,
    /// Nothing has happened yet.
    first: bool,
    /// Whether there is something to undo.
    acted: bool,
    /// Whether the reader may only look.
    readonly: bool,
    children: Html,
}

#[component]
fn Transport(props: &TransportProps) -> Html {
    let dispatch = props.dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Ok(speed) = chosen(&event).parse() {
            dispatch.emit(Action::Speed(speed));
        }
    });
    let speeds = SPEEDS.iter().chain((!SPEEDS.contains(&props.speed)).then_some(&props.speed));
    let rest = match (props.due, props.playing, props.past) {
        (_, false, true) if props.readonly => "in the past".to_owned(),
        (_, false, true) => "in the past: acting here begins a branch".to_owned(),
        (false, ..) => "at rest: nothing is due".to_owned(),
        (true, ..) => props.coming.clone(),
    };
    let press = |action: Action| always::<MouseEvent>(&props.dispatch, action);
    let travel = |action: TravelAction| press(Action::Travel(action));
    html! {
        <div class="controls">
            <button id="play" onclick={press(Action::TogglePlay)} aria-pressed={props.playing.to_string()}>
                { shape("icon", if props.playing { "#s-pause" } else { "#s-play" }) }{ if props.playing { " Pause" } else { " Play" } }
            </button>
            <button id="last-change" onclick={press(Action::Back)} disabled={props.first} title="Back to the change before (b)" aria-label="Back to the change before">{ shape("icon back", "#s-next") }</button>
            <button id="next-change" onclick={press(Action::Next)} disabled={!props.due} title="On to the next change on the stage (n)" aria-label="Next change">
                { shape("icon", "#s-next") }<span class="words-of">{ " Next change" }</span>
            </button>
            <span class="strides">{ for Stride::ALL.iter().map(|(stride, name, key, what)| html! {
                <span class="stride" key={*name}>
                    { button(&props.dispatch, Action::Travel(TravelAction::Backward(*stride)), "", format!("step-{name}-back"), [format!("Back to {what} (Shift+{})", key.to_uppercase()).into(), format!("Back to the {name} before").into()], props.first, "‹") }
                    <span>{ *name }</span>
                    { button(&props.dispatch, Action::Travel(TravelAction::Forward(*stride)), "", format!("step-{name}"), [format!("On to {what} ({key})").into(), format!("Next {name}").into()], !props.due, "›") }
                </span>
            }) }</span>
            <label><span class="words-of">{ "Speed" }</span>
                <select id="speed" aria-label="Speed" {onchange}>
                    { for speeds.map(|speed| html! { <option value={speed.to_string()} selected={*speed == props.speed}>{ format!("{speed}×") }</option> }) }
                </select>
            </label>
            <button id="skip-idle" class="toggle" aria-pressed={props.skips.to_string()} onclick={travel(TravelAction::SkipIdle(!props.skips))} title="Leave out time in which nothing happens">{ "Skip idle" }</button>
            <span class="clock" id="clock" title="Simulated time since the beginning">{ &props.clock }</span>
            <span class="rest" id="rest" title={(!props.coming.is_empty()).then(|| rest.clone())}>{ rest }</span>
            if !props.readonly { { button(&props.dispatch, Action::Travel(TravelAction::Undo), "", "undo", ["Take back the last thing you did (u)".into(), "".into()], !props.acted, "Undo") } }
            { props.children.clone() }
        </div>
    }
}
