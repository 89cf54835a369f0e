//! The timeline under the stage: one row a seat with its pods and, below, its claim; what happened above; the cursor.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, part};
use super::words::{always, input_text};
use crate::time::Time;
use crate::ui::model::{Action, Bar, Gantt, GanttRow, Look, MarkKind, State, TravelAction, WIDE, clock};

/// The height of a row, and what stands above the rows, px.
const ROW: usize = 15;
const ABOVE: usize = 26;

/// So much of a row is the pod's, px.
const POD: usize = 9;

pub(super) fn view(state: &State, dispatch: &Dispatch) -> Html {
    let gantt = &state.travel.gantt;
    let window = gantt.window;
    let branch = state.time.branch();
    let names = state.time.beside().map(|beside| (branch.name.to_string(), beside.name.to_string()));
    let rows = gantt.rows.len() + usize::from(names.is_some()) * 2;
    let tall = ABOVE + rows.max(1) * ROW;
    // To a tenth of a percent: what has not moved by a pixel need not be painted anew.
    let (now, end) = (window.x(state.time.now()) / 10 * 10, window.x(state.time.end()) / 10 * 10);
    let on_seek = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            match input_text(&event).parse::<i64>() {
                // Its left end is where nothing was done yet.
                Ok(0) => dispatch.emit(Action::Travel(TravelAction::Beginning)),
                Ok(second) => dispatch.emit(Action::Seek(Time(second.saturating_mul(1000).saturating_add(999)))),
                Err(_) => {}
            }
        })
    };
    let zoom = |closer| always::<MouseEvent>(dispatch, Action::Travel(TravelAction::Zoom(closer)));
    let (from_s, span_s, now_s) = (window.from.0 / 1000, window.span / 1000, state.time.now().0 / 1000);
    let said = format!("{} of {}", clock(state.time.now()), clock(state.time.end()));
    html! {
        <div class="history">
            <div class="zoom" role="group" aria-label="How much of the timeline is shown">
                <button id="zoom-out" onclick={zoom(false)} title="Show more of the timeline (-)" aria-label="Show more of the timeline">{ "−" }</button>
                <button id="zoom-in" onclick={zoom(true)} title="Show less of the timeline (+)" aria-label="Show less of the timeline">{ "+" }</button>
                <button id="legend-open" popovertarget="legend" title="What the timeline shows, and its keys" aria-label="What the timeline shows, and its keys">{ "?" }</button>
            </div>
            <div class="rows">
                { part(NamesProps { gantt: gantt.clone(), names: names.clone() }) }
                <div class="lanes">
                    { part(LanesProps { gantt: gantt.clone(), split: names.is_some() }) }
                    <input id="timeline" type="range" min={from_s.to_string()} max={(from_s + span_s).to_string()} step={(span_s / 1200).max(1).to_string()} value={now_s.to_string()} aria-label="Moment" aria-valuetext={said} oninput={on_seek} />
                    // Drawn over the slider, which has no handle of its own: that one would stand beside the moment.
                    <svg class="moment-line" width="100%" height={tall.to_string()} aria-hidden="true">
                        // The scale above stays readable.
                        <rect class="future" x={percent(end)} width="100%" y="11" height={tall.to_string()} />
                        <line class="cursor" x1={percent(now)} x2={percent(now)} y1="0" y2={tall.to_string()} />
                        <svg class="grip" x={percent(now)}><path d="M-6 0H6V9L0 15L-6 9Z" /></svg>
                    </svg>
                </div>
            </div>
        </div>
    }
}

/// What can be seen in the timeline: a drawing, and what it means.
const SHAPES: [(&str, &str, &str); 11] = [
    ("pending", "M0 7h16v3H0z", "Pending"),
    ("creating", "M0 5h16v5H0z", "ContainerCreating"),
    ("running", "M0 3h16v7H0z", "Running, not Ready"),
    ("ready", "M0 1h16v9H0z", "Ready"),
    ("ending", "M0 7h16v3H0z", "Terminating"),
    ("error", "M0 1h16v9H0z", "failing"),
    ("kept", "M0 6h16v3H0z", "the seat's claim: it goes on when the pod ends"),
    ("act", "M4 5a4 4 0 1 0 8 0a4 4 0 1 0-8 0", "an intent: something you did"),
    ("decision", "M8 1v9", "a controller's decision"),
    ("event", "M6.5 5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0", "an event"),
    ("warning", "M8 1l4 8H4z", "a warning"),
];

/// The keys, and what they do while the focus is among the time's buttons or on the timeline.
const KEYS: [(&str, &str); 7] = [
    ("← →", "a little back, a little on"),
    ("Home End", "the beginning, the end"),
    ("b n", "the change before, the next one"),
    ("e d i", "the next event, decision, intent; with Shift the one before"),
    ("k", "play, pause"),
    ("u", "undo the last intent"),
    ("+ −", "less or more of the timeline"),
];

/// What the timeline shows, and its keys, in a layer of its own.
pub(super) fn legend() -> Html {
    html! {
        <div id="legend" popover="auto" class="layer" role="dialog" aria-labelledby="legend-title">
            <div class="row"><h2 id="legend-title">{ "The timeline" }</h2><button class="small" popovertarget="legend" popovertargetaction="hide">{ "Close" }</button></div>
            <p class="hint">{ "A row for each seat, with the letter of the pod's revision. Press anywhere to go there." }</p>
            <dl>{ for SHAPES.iter().map(|(class, path, means)| html! { <><dt><svg viewBox="0 0 16 11" aria-hidden="true"><path class={*class} d={*path} /></svg></dt><dd>{ *means }</dd></> }) }</dl>
            <dl>{ for KEYS.iter().map(|(keys, does)| html! { <><dt><kbd>{ *keys }</kbd></dt><dd>{ *does }</dd></> }) }</dl>
        </div>
    }
}

/// `12.34%`.
fn percent(units: i64) -> String {
    let units = units.clamp(0, WIDE);
    format!("{}.{:02}%", units / 100, units % 100)
}

#[derive(PartialEq)]
struct NamesProps {
    gantt: Rc<Gantt>,
    names: Option<(String, String)>,
}

impl Draw for NamesProps {
    fn draw(&self) -> Html {
        let gantt = &self.gantt;
        let named = |beside: bool| {
            gantt.rows.iter().filter(move |row| row.beside == beside).map(|row| html! { <li>{ &row.name }</li> })
        };
        html! {
            <ul aria-hidden="true">
                if let Some((shown, beside)) = &self.names {
                    <li class="branch">{ shown }</li>
                    { for named(false) }
                    <li class="branch">{ beside }</li>
                    { for named(true) }
                } else {
                    { for named(false) }
                }
                if gantt.hidden > 0 { <li>{ format!("and {} more", gantt.hidden) }</li> }
            </ul>
        }
    }
}

#[derive(PartialEq)]
struct LanesProps {
    gantt: Rc<Gantt>,
    /// Whether there are two branches, each with a line for its name.
    split: bool,
}

/// Everything but the cursor. It is drawn again only when something happens, not whenever time passes.
impl Draw for LanesProps {
    fn draw(&self) -> Html {
        let gantt = &self.gantt;
        let mut y = ABOVE;
        let mut beside = None;
        let mut rows = Vec::new();
        for row in &gantt.rows {
            if self.split && beside != Some(row.beside) {
                y += ROW;
            }
            beside = Some(row.beside);
            rows.push(lane(row, y));
            y += ROW;
        }
        let tall = y.max(ABOVE + ROW);
        html! {
            <svg width="100%" height={tall.to_string()} aria-hidden="true">
                { for gantt.scale.iter().map(|(x, label)| html! {
                    <><line class="tick" x1={percent(*x)} x2={percent(*x)} y1="11" y2={tall.to_string()} /><text class="scale" x={percent(*x)} y="9">{ label }</text></>
                }) }
                { for gantt.marks.iter().map(|(x, kind)| mark(*x, *kind, tall)) }
                { for rows }
            </svg>
        }
    }
}

fn lane(row: &GanttRow, y: usize) -> Html {
    html! {
        <g>
            { for row.pods.iter().map(|bar| pod(bar, y)) }
            { for row.claims.iter().map(|bar| html! {
                <rect class={claim(bar.look)} x={percent(bar.x)} width={percent(bar.width)} y={(y + POD + 2).to_string()} height="3" />
            }) }
            { for row.lost.iter().map(|x| html! { <text class="lost" x={percent(*x)} y={(y + ROW - 1).to_string()}>{ "✕ data lost" }</text> }) }
        </g>
    }
}

fn claim(look: Look) -> &'static str {
    match look {
        Look::Ready => "kept",
        Look::Ending => "kept ending",
        _ => "kept pending",
    }
}

/// The height tells what the colour tells.
fn pod(bar: &Bar, y: usize) -> Html {
    let high = match bar.look {
        Look::Empty => 0,
        Look::Pending | Look::Ending | Look::Unknown => 3,
        Look::Creating => 5,
        Look::Running => 7,
        Look::Ready | Look::Error | Look::Done => POD,
    };
    html! {
        <>
            <rect class={bar.look.as_str()} x={percent(bar.x)} width={percent(bar.width)} y={(y + 1 + POD - high).to_string()} height={high.to_string()} />
            if let Some(letter) = bar.letter { <text class="letter" x={percent(bar.x)} dx="3" y={(y + POD).to_string()}>{ letter }</text> }
        </>
    }
}

fn mark(x: i64, kind: MarkKind, tall: usize) -> Html {
    let at = percent(x);
    match kind {
        MarkKind::Act => {
            html! { <g class="act"><line x1={at.clone()} x2={at.clone()} y1="12" y2={tall.to_string()} /><circle cx={at} cy="17" r="4" /></g> }
        }
        MarkKind::Decision => html! { <line class="decision" x1={at.clone()} x2={at} y1="13" y2="21" /> },
        MarkKind::Warning => html! { <text class="warning" x={at} y="25">{ "▲" }</text> },
        _ => html! { <circle class="event" cx={at} cy="23" r="1.5" /> },
    }
}
