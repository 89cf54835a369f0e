//! The timeline under the stage: one row a seat with its pods and, below, its claim; what happened above; the cursor.

use std::fmt::Write as _;
use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::part::{Draw, keyed, part};
use super::words::{button, input_text};
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
    let beside = state.time.beside().map(|beside| beside.name.to_string()).unwrap_or_default();
    let tall = ABOVE + gantt.rows.len().max(1) * ROW;
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
    let zoom = |closer, id: &'static str, said, text| {
        button(dispatch, Action::Travel(TravelAction::Zoom(closer)), "", id, said, false, text)
    };
    let (from_s, span_s, now_s) = (window.from.0 / 1000, window.span / 1000, state.time.now().0 / 1000);
    let said = format!("{} of {}", clock(state.time.now()), clock(state.time.end()));
    html! {
        <div class="history">
            <div class="zoom" role="group" aria-label="How much of the timeline is shown">
                { zoom(false, "zoom-out", ["Show more of the timeline (-)".into(), "Show more of the timeline".into()], "−") }
                { zoom(true, "zoom-in", ["Show less of the timeline (+)".into(), "Show less of the timeline".into()], "+") }
                <button id="legend-open" popovertarget="legend" title="What the timeline shows, and its keys" aria-label="What the timeline shows, and its keys">{ "?" }</button>
            </div>
            <div class="rows">
                { part(NamesProps { gantt: gantt.clone(), beside }) }
                <div class="lanes">
                    { part(LanesProps { gantt: gantt.clone() }) }
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
    /// The name of the branch beside.
    beside: String,
}

impl Draw for NamesProps {
    fn draw(&self) -> Html {
        let gantt = &self.gantt;
        let name = |(nth, row): (usize, &GanttRow)| {
            let above = nth.checked_sub(1).and_then(|above| gantt.rows.get(above));
            match (row.beside, above.is_some_and(|above| above.name == row.name)) {
                (false, _) => html! { <li>{ &row.name }</li> },
                (true, true) => html! { <li class="branch">{ &self.beside }</li> },
                (true, false) => html! { <li class="branch">{ format!("{}, {}", row.name, self.beside) }</li> },
            }
        };
        html! {
            <ul aria-hidden="true">
                { for gantt.rows.iter().enumerate().map(name) }
                if gantt.hidden > 0 { <li>{ format!("and {} more", gantt.hidden) }</li> }
            </ul>
        }
    }
}

#[derive(PartialEq)]
struct LanesProps {
    gantt: Rc<Gantt>,
}

/// Everything but the cursor. It is drawn again only when something happens, not whenever time passes.
impl Draw for LanesProps {
    fn draw(&self) -> Html {
        let gantt = &self.gantt;
        let rows = gantt.rows.len();
        let band = |from| BandProps { gantt: gantt.clone(), from, to: rows.min(from + TOGETHER) };
        let bands = (0..rows).step_by(TOGETHER).map(|from| keyed(from.to_string(), band(from)));
        let tall = (ABOVE + rows.max(1) * ROW).to_string();
        html! {
            <>
                <svg class="marks" width="100%" height={tall.clone()} aria-hidden="true">
                    { for gantt.scale.iter().map(|(x, label)| html! {
                        <g key={label.clone()}><line class="tick" x1={percent(*x)} x2={percent(*x)} y1="11" y2={tall.clone()} /><text class="scale" x={percent(*x)} y="9">{ label }</text></g>
                    }) }
                    { stretched(ABOVE, html! {
                        <><path class="decision" d={ticks(gantt, MarkKind::Decision, "13v8")} /><path class="event" d={ticks(gantt, MarkKind::Event, "23h0")} /></>
                    }) }
                    { for of_kind(gantt, MarkKind::Warning).map(|x| html! { <text key={x} class="warning" x={percent(x)} y="25">{ "▲" }</text> }) }
                    { for of_kind(gantt, MarkKind::Act).map(|x| html! {
                        <g key={x} class="act"><line x1={percent(x)} x2={percent(x)} y1="12" y2={tall.clone()} /><circle cx={percent(x)} cy="17" r="4" /></g>
                    }) }
                </svg>
                <div class="bands">{ for bands }</div>
            </>
        }
    }
}

/// A drawing whose width is the timeline's, in units, and whose heights are px.
fn stretched(tall: usize, inside: Html) -> Html {
    html! { <svg width="100%" height={tall.to_string()} viewBox={format!("0 0 {WIDE} {tall}")} preserveAspectRatio="none">{ inside }</svg> }
}

fn of_kind(gantt: &Gantt, kind: MarkKind) -> impl Iterator<Item = i64> {
    gantt.marks.iter().filter(move |(_, held)| *held == kind).map(|(x, _)| *x)
}

/// One path for all marks of a kind: hundreds of elements would each be moved when another one comes.
fn ticks(gantt: &Gantt, kind: MarkKind, drawn: &str) -> String {
    of_kind(gantt, kind).fold(String::new(), |path, x| path + &format!("M{x} {drawn}"))
}

/// So many rows are drawn together; those that are scrolled out of sight are not laid out (`content-visibility`).
const TOGETHER: usize = 10;

/// Some rows one below the other.
struct BandProps {
    gantt: Rc<Gantt>,
    from: usize,
    to: usize,
}

impl BandProps {
    fn rows(&self) -> &[GanttRow] {
        self.gantt.rows.get(self.from..self.to).unwrap_or_default()
    }
}

impl PartialEq for BandProps {
    fn eq(&self, other: &Self) -> bool {
        self.rows() == other.rows()
    }
}

/// What a bar looks like: a class of the style sheet.
const CLASSES: [&str; 11] = [
    "pending",
    "creating",
    "running",
    "ready",
    "ending",
    "error",
    "done",
    "unknown",
    "kept",
    "kept pending",
    "kept ending",
];

/// The bars of all rows that look alike are one path: a timeline is drawn anew once a second, and what takes a browser its
/// time is the number of elements.
impl Draw for BandProps {
    fn draw(&self) -> Html {
        let rows = self.rows();
        let mut paths: [String; CLASSES.len()] = Default::default();
        let mut bar = |class: &str, bar: &Bar, y: usize, high: usize| {
            let (x, width) = (bar.x, bar.width);
            let path = CLASSES.iter().zip(&mut paths).find(|(known, _)| **known == class);
            if let Some((_, path)) = path {
                let _ = write!(path, "M{x} {y}h{width}v{high}h-{width}z");
            }
        };
        let top = |nth: usize| nth * ROW;
        for (nth, row) in rows.iter().enumerate() {
            for pod in &row.pods {
                let high = height(pod.look);
                bar(pod.look.as_str(), pod, top(nth) + 1 + POD - high, high);
            }
            for held in &row.claims {
                bar(claim(held.look), held, top(nth) + POD + 2, 3);
            }
        }
        let tall = rows.len() * ROW;
        let paths = CLASSES.iter().zip(paths).filter(|(_, path)| !path.is_empty());
        let letters = rows.iter().enumerate().flat_map(|(nth, row)| {
            let letters = row.pods.iter().filter_map(|bar| Some((bar.x, bar.letter?)));
            letters.map(move |(x, letter)| html! { <text class="letter" x={percent(x)} dx="3" y={(top(nth) + POD).to_string()}>{ letter }</text> })
        });
        let lost = rows.iter().enumerate().flat_map(|(nth, row)| {
            row.lost.iter().map(move |x| html! { <text class="lost" x={percent(*x)} y={(top(nth) + ROW - 1).to_string()}>{ "✕ data lost" }</text> })
        });
        html! {
            <div class="band">
                <svg width="100%" height={tall.to_string()} aria-hidden="true">
                    { stretched(tall, html! { <>{ for paths.map(|(class, path)| html! { <path key={*class} class={*class} d={path} /> }) }</> }) }
                    { for letters }
                    { for lost }
                </svg>
            </div>
        }
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
fn height(look: Look) -> usize {
    match look {
        Look::Empty => 0,
        Look::Pending | Look::Ending | Look::Unknown => 3,
        Look::Creating => 5,
        Look::Running => 7,
        Look::Ready | Look::Error | Look::Done => POD,
    }
}
