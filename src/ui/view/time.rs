//! The transport and the timeline: play, pause, change by change, speed, clock; one row of history a seat.

use yew::prelude::*;

use super::Dispatch;
use super::words::{always, chosen, input_text, shape};
use crate::time::Time;
use crate::ui::model::{Action, Look, SPEEDS, SeatMemory, State, clock};

/// The timeline is drawn in units of so many milliseconds and stretched to whatever width is there.
const UNIT: i64 = 100;

/// Where a span ends that has not ended yet: far behind the curtain that hides the future.
const FAR: i64 = 1_000_000_000;

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
    let rows = rows(state);
    let acts = acts(state);
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

fn rows(state: &State) -> Vec<Row> {
    let sets = state.time.whole_memory().sets.iter();
    let row = |name: String, seat: &SeatMemory| {
        let ends = seat.spans.iter().skip(1).map(|(at, _)| at.0 / UNIT).chain([FAR]);
        let spans = seat.spans.iter().zip(ends).filter(|((_, look), _)| *look != Look::Empty);
        (name, spans.map(|((Time(from), look), to)| (*look, from / UNIT, to)).collect())
    };
    sets.flat_map(|((_, set), memory)| {
        memory.seats.iter().map(move |(ordinal, seat)| (format!("{set}-{ordinal}"), seat))
    })
    .take(ROWS)
    .map(|(name, seat)| row(name, seat))
    .collect()
}

/// Where the user did something.
fn acts(state: &State) -> Vec<i64> {
    let mut places: Vec<i64> = state.time.acts().map(|(at, _)| at.0 / UNIT).collect();
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

#[derive(PartialEq, Properties)]
struct LaneProps {
    nth: usize,
    spans: Vec<(Look, i64, i64)>,
}

/// One row. It is drawn again only when a state begins, not whenever time passes.
#[component]
fn Lane(props: &LaneProps) -> Html {
    html! {
        <g>{ for props.spans.iter().map(|(look, from, to)| {
            let high = height(*look);
            let y = props.nth * 12 + 11 - high as usize;
            html! { <rect class={look.as_str()} x={from.to_string()} y={y.to_string()} width={(to - from).max(3).to_string()} height={high.to_string()} /> }
        }) }</g>
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
    let many = props.rows.len();
    let names = props
        .rows
        .iter()
        .enumerate()
        .filter(|(nth, _)| many <= NAMED || *nth == 0 || nth + 1 == many)
        .map(|(_, row)| row);
    let tall = many.max(1) * 12;
    let unit = |seconds: i64| seconds.saturating_mul(1000) / UNIT;
    let cursor = unit(props.now_s);
    html! {
        <div class="history" data-many={(many > NAMED).to_string()}>
            <ul aria-hidden="true">{ for names.map(|(name, _)| html! { <li>{ name }</li> }) }</ul>
            <div class="lanes">
                <svg viewBox={format!("0 0 {} {tall}", unit(props.span_s))} preserveAspectRatio="none" aria-hidden="true">
                    { for props.rows.iter().enumerate().map(|(nth, (name, spans))| html! { <Lane key={name.clone()} {nth} spans={spans.clone()} /> }) }
                    <rect class="future" x={unit(props.end_s).to_string()} y="0" width={FAR.to_string()} height={tall.to_string()} />
                    { for props.acts.iter().map(|x| html! { <line class="act" x1={x.to_string()} x2={x.to_string()} y1="0" y2={tall.to_string()} /> }) }
                    <line class="cursor" x1={cursor.to_string()} x2={cursor.to_string()} y1="0" y2={tall.to_string()} />
                </svg>
                <input id="timeline" type="range" min="0" max={props.span_s.to_string()} step="1" value={props.now_s.to_string()} aria-label="Moment" aria-valuetext={format!("{} of {}", clock(Time(props.now_s * 1000)), clock(Time(props.end_s * 1000)))} {oninput} />
            </div>
        </div>
    }
}
