//! The transport and the timeline: play, pause, change by change, speed, clock; one row of history a seat.

use yew::prelude::*;

use super::Dispatch;
use super::words::{always, chosen, input_text, shape};
use crate::time::Time;
use crate::ui::model::{Action, Look, SPEEDS, SeatMemory, State, clock};

/// Width of the timeline's drawing; it is stretched to whatever is there.
const WIDTH: i64 = 10_000;

/// At most so many seats have a row.
const ROWS: usize = 100;

/// Up to so many rows are as high as their names; more share that height, and only the first and the last are named.
const NAMED: usize = 6;

/// The shortest time drawn, so that the first seconds do not fill the whole width, ms.
const SHORTEST: i64 = 60_000;

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let now = state.time.now();
    let due_s = state.time.next_at().map(|at| (at.since(now) + 999) / 1000);
    let end = state.time.end();
    let rows = rows(state, end.0.max(SHORTEST));
    let acts = acts(state, end.0.max(SHORTEST));
    html! {
        <section class="time" aria-label="Time">
            <Transport dispatch={dispatch.clone()} playing={state.transport.playing} speed={state.transport.speed} clock={clock(now)} {due_s} past={state.time.in_the_past()} first={now.0 == 0} />
            if end.0 > 0 { <History dispatch={dispatch.clone()} {rows} {acts} now_s={now.0 / 1000} end_s={end.0 / 1000} span_s={end.0.max(SHORTEST) / 1000} /> }
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct TransportProps {
    dispatch: Dispatch,
    playing: bool,
    speed: i64,
    clock: String,
    /// Simulated seconds until something happens; `None` when nothing will.
    due_s: Option<i64>,
    /// Whether what comes was seen already.
    past: bool,
    /// Nothing has happened yet.
    first: bool,
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
    let rest = match (props.due_s, props.playing, props.past) {
        (_, false, true) => "in the past: play on, or act here and the future begins anew".to_owned(),
        (None, ..) => "at rest: nothing is due, time waits for you".to_owned(),
        (Some(_), true, _) => String::new(),
        (Some(s), false, _) => format!("paused; something is due in {s} s"),
    };
    let press = |action: Action| always::<MouseEvent>(&props.dispatch, action);
    html! {
        <div class="controls">
            <button id="play" onclick={press(Action::TogglePlay)} aria-pressed={props.playing.to_string()}>
                { shape("icon", if props.playing { "#s-pause" } else { "#s-play" }) }{ if props.playing { " Pause" } else { " Play" } }
            </button>
            <button id="last-change" onclick={press(Action::Back)} disabled={props.first} title="Back to the change before" aria-label="Back to the change before">{ shape("icon back", "#s-next") }</button>
            <button id="next-change" onclick={press(Action::Next)} disabled={props.due_s.is_none()} title="On to the next change on the stage" aria-label="Next change">
                { shape("icon", "#s-next") }<span class="words-of">{ " Next change" }</span>
            </button>
            <label><span class="words-of">{ "Speed" }</span>
                <select id="speed" aria-label="Speed" {onchange}>
                    { for speeds.map(|speed| html! { <option value={speed.to_string()} selected={*speed == props.speed}>{ format!("{speed}×") }</option> }) }
                </select>
            </label>
            <span class="clock" id="clock" title="Simulated time since the beginning">{ &props.clock }</span>
            <span class="rest" id="rest">{ rest }</span>
        </div>
    }
}

/// A seat's row: its name, and its spans as look, beginning and end.
type Row = (String, Vec<(Look, i64, i64)>);

fn rows(state: &State, span: i64) -> Vec<Row> {
    let end = state.time.end().0;
    let sets = state.time.whole_memory().sets.iter();
    let row = |name: String, seat: &SeatMemory| {
        let ends = seat.spans.iter().skip(1).map(|(at, _)| at.0).chain([end]);
        let place = |ms: i64| ms.saturating_mul(WIDTH) / span;
        let spans = seat.spans.iter().zip(ends).filter(|((_, look), _)| *look != Look::Empty);
        (name, spans.map(|((Time(from), look), to)| (*look, place(*from), place(to))).collect())
    };
    sets.flat_map(|((_, set), memory)| {
        memory.seats.iter().map(move |(ordinal, seat)| (format!("{set}-{ordinal}"), seat))
    })
    .take(ROWS)
    .map(|(name, seat)| row(name, seat))
    .collect()
}

/// Where the user did something.
fn acts(state: &State, span: i64) -> Vec<i64> {
    let mut places: Vec<i64> = state.time.acts().map(|(at, _)| at.0.saturating_mul(WIDTH) / span).collect();
    places.dedup();
    places
}

#[derive(PartialEq, Properties)]
struct HistoryProps {
    dispatch: Dispatch,
    rows: Vec<Row>,
    acts: Vec<i64>,
    now_s: i64,
    end_s: i64,
    span_s: i64,
}

/// How much of a row a look fills, from below, in tenths: the height tells what the colour tells.
fn height(look: Look) -> u32 {
    match look {
        Look::Empty => 0,
        Look::Pending | Look::Ending | Look::Unknown => 3,
        Look::Creating => 5,
        Look::Running => 7,
        Look::Ready | Look::Error | Look::Done => 10,
    }
}

#[component]
fn History(props: &HistoryProps) -> Html {
    let dispatch = props.dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Ok(second) = input_text(&event).parse::<i64>() {
            dispatch.emit(Action::Seek(Time(second.saturating_mul(1000).saturating_add(999))));
        }
    });
    let span = |nth: usize, (look, from, to): &(Look, i64, i64)| {
        let high = height(*look);
        html! { <rect class={look.as_str()} x={from.to_string()} y={(nth * 12 + 11 - high as usize).to_string()} width={(to - from).max(8).to_string()} height={high.to_string()} /> }
    };
    let many = props.rows.len();
    let names = props
        .rows
        .iter()
        .enumerate()
        .filter(|(nth, _)| many <= NAMED || *nth == 0 || nth + 1 == many)
        .map(|(_, row)| row);
    let tall = many.max(1) * 12;
    let cursor = props.now_s.saturating_mul(WIDTH) / props.span_s.max(1);
    html! {
        <div class="history" data-many={(many > NAMED).to_string()}>
            <ul aria-hidden="true">{ for names.map(|(name, _)| html! { <li>{ name }</li> }) }</ul>
            <div class="lanes">
                <svg viewBox={format!("0 0 {WIDTH} {tall}")} preserveAspectRatio="none" aria-hidden="true">
                    { for props.rows.iter().enumerate().map(|(nth, (_, spans))| html! { <g>{ for spans.iter().map(|s| span(nth, s)) }</g> }) }
                    { for props.acts.iter().map(|x| html! { <line class="act" x1={x.to_string()} x2={x.to_string()} y1="0" y2={tall.to_string()} /> }) }
                    <line class="cursor" x1={cursor.to_string()} x2={cursor.to_string()} y1="0" y2={tall.to_string()} />
                </svg>
                <input id="timeline" type="range" min="0" max={props.span_s.to_string()} step="1" value={props.now_s.to_string()} aria-label="Moment" aria-valuetext={format!("{} of {}", clock(Time(props.now_s * 1000)), clock(Time(props.end_s * 1000)))} {oninput} />
            </div>
        </div>
    }
}
