//! The timeline's geometry: one row a seat with its pods above and its claim below, marks, a scale. What is drawn on the
//! page and in a picture is this.

use super::annals::{Annals, MarkKind, SeatLanes, Span};
use super::lab::Lab;
use super::look::Look;
use super::travel::ZOOMS;
use crate::history::{Branch, History};
use crate::time::Time;

/// The width of the timeline is so many units.
pub const WIDE: i64 = 10_000;

/// At most so many seats of a branch have a row.
const ROWS: usize = 120;

/// The shortest time drawn, so that the first seconds do not fill the whole width, ms.
const SHORTEST: i64 = 60_000;

/// Whatever is shorter is drawn so long, units; what else happens within it is not.
const THIN: i64 = 10;

/// A revision's letter needs so much room, units.
const LETTER: i64 = 230;

/// Lengths of time that a scale may have between its marks, ms.
const STEPS: [i64; 20] = [
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
    2_592_000_000,
    31_536_000_000,
];

/// The part of time that is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// From when.
    pub from: Time,
    /// How long, ms.
    pub span: i64,
}

/// A state in a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Where it begins, units.
    pub x: i64,
    /// How long it is, units; up to the end of the window where it still lasts.
    pub width: i64,
    /// The state.
    pub look: Look,
    /// The revision's place in the alphabet.
    pub revision: usize,
    /// The revision's letter, where a pod or a revision begins and there is room for it.
    pub letter: Option<char>,
}

/// A seat's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The pod's name.
    pub name: String,
    /// Whether it is a seat of the branch beside.
    pub beside: bool,
    /// The pods that sat there.
    pub pods: Vec<Bar>,
    /// Its claims.
    pub claims: Vec<Bar>,
    /// Where data were lost, units.
    pub lost: Vec<i64>,
}

/// Everything that is drawn of a timeline but the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gantt {
    /// What part of time.
    pub window: Window,
    /// The rows, each of the branch beside under the one of the same seat.
    pub rows: Vec<Row>,
    /// Seats without a row.
    pub hidden: usize,
    /// What happened, units.
    pub marks: Vec<(i64, MarkKind)>,
    /// The scale: places and what is written there.
    pub scale: Vec<(i64, String)>,
    /// The branches drawn, and up to where what is drawn was known.
    key: Vec<(u32, u64)>,
}

impl Window {
    /// What is to be drawn of a history.
    pub fn of(history: &History<Lab>, zoom: usize) -> Self {
        let end = history.end().max(history.beside().map_or(Time(0), Branch::end));
        let step = STEPS.iter().copied().find(|step| step * 10 >= end.0).unwrap_or(31_536_000_000);
        let whole = ((end.0 + step / 2) / step + 1).saturating_mul(step).max(SHORTEST);
        let span = ZOOMS.get(zoom).copied().filter(|span| (1..whole).contains(span));
        let Some(span) = span else { return Self { from: Time(0), span: whole } };
        // It moves by halves, so that the cursor is never near its edge and it rarely moves.
        let half = span / 2;
        let from = (history.now().0 + half / 2).div_euclid(half) * half - half;
        Self { from: Time(from.max(0)), span }
    }

    /// Where a moment is, units; left of the window 0, right of it the width.
    pub fn x(self, at: Time) -> i64 {
        let ms = at.0.saturating_sub(self.from.0).clamp(0, self.span);
        (i128::from(ms) * i128::from(WIDE) / i128::from(self.span.max(1))) as i64
    }

    fn scale(self) -> Vec<(i64, String)> {
        let step = STEPS.iter().copied().find(|step| step * 6 >= self.span).unwrap_or(31_536_000_000);
        let first = self.from.0.div_euclid(step) + 1;
        (first..)
            .map(|nth| nth * step)
            .take_while(|at| *at < self.from.0 + self.span)
            .take(12)
            .map(|at| (self.x(Time(at)), label(at)))
            .collect()
    }
}

/// `0:30`, `5:00`, `1 h`, `2 d`.
fn label(ms: i64) -> String {
    let seconds = ms / 1000;
    match (seconds % 86_400, seconds % 3600) {
        (0, _) => format!("{} d", seconds / 86_400),
        (_, 0) => format!("{} h", seconds / 3600),
        _ if seconds > 3600 => format!("{}:{:02} h", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}:{:02}", seconds / 60, seconds % 60),
    }
}

impl Gantt {
    /// The timeline of what is shown. `None` when it would be the one that is there already.
    pub fn anew(&self, history: &History<Lab>, zoom: usize) -> Option<Self> {
        let window = Window::of(history, zoom);
        let branches = || [Some(history.branch()), history.beside()].into_iter().flatten();
        let key: Vec<(u32, u64)> = branches().map(|branch| (branch.number, branch.record().version)).collect();
        if key == self.key && window == self.window {
            return None;
        }
        let mut new = Self { window, scale: window.scale(), key, ..Self::default() };
        for (nth, branch) in branches().enumerate() {
            new.seats(branch.record(), nth > 0);
        }
        new.marks = marks(history.branch().record(), window);
        Some(new)
    }

    fn seats(&mut self, record: &Annals, beside: bool) {
        let seats = record.sets.iter().flat_map(|(key, seats)| seats.iter().map(move |seat| (key, seat)));
        for (nth, ((_, set), (ordinal, lanes))) in seats.enumerate() {
            if nth >= ROWS {
                self.hidden += 1;
                continue;
            }
            let new = row(format!("{set}-{ordinal}"), beside, lanes, self.window);
            // What became of a seat on the two branches stands together.
            let own = self.rows.iter().position(|row| beside && row.name == new.name);
            self.rows.insert(own.map_or(self.rows.len(), |own| own + 1), new);
        }
    }
}

fn row(name: String, beside: bool, lanes: &SeatLanes, window: Window) -> Row {
    let mut claims: Vec<Bar> = lanes.claims.values().flat_map(|spans| bars(spans, window)).collect();
    crate::sorted::sort_by_key(&mut claims, &|bar| bar.x);
    let inside = |at: &Time| *at >= window.from && *at <= window.from.plus(window.span);
    let lost = lanes.lost.iter().map(|lost| lost.at).filter(inside).map(|at| window.x(at)).collect();
    Row { name, beside, pods: bars(&lanes.pods, window), claims, lost }
}

fn bars(spans: &[Span], window: Window) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let ends = spans.iter().skip(1).map(|span| window.x(span.from.at)).chain([WIDE]);
    // The letter stands where a pod or a revision begins.
    let mut group: Option<(u32, usize)> = None;
    for (span, end) in spans.iter().zip(ends) {
        let x = window.x(span.from.at);
        if end <= 0 || x >= WIDE || span.look == Look::Empty {
            if span.look == Look::Empty {
                group = None;
            }
            continue;
        }
        let covered = bars.last().map_or(0, |bar| bar.x + bar.width);
        let x = x.max(covered);
        if end - x < THIN && covered > 0 && x == covered && end - covered < THIN {
            continue;
        }
        // It needs a bar that is high enough.
        let is_high = matches!(span.look, Look::Running | Look::Ready | Look::Error | Look::Done | Look::Unknown);
        let letter = (span.guest > 0 && is_high && group != Some((span.guest, span.revision)))
            .then(|| u8::try_from(span.revision % 26).ok().map(|nth| char::from(b'A' + nth)))
            .flatten();
        if is_high {
            group = Some((span.guest, span.revision));
        }
        bars.push(Bar { x, width: (end - x).max(THIN), look: span.look, revision: span.revision, letter });
    }
    room_for_letters(&mut bars);
    bars
}

/// A letter needs room up to where the next pod or revision begins.
fn room_for_letters(bars: &mut [Bar]) {
    let mut limit = WIDE;
    let mut right = i64::MAX;
    for bar in bars.iter_mut().rev() {
        let end = bar.x + bar.width;
        // A gap ends a pod.
        if end < right {
            limit = end;
        }
        right = bar.x;
        if bar.letter.is_some() {
            if limit - bar.x < LETTER {
                bar.letter = None;
            }
            limit = bar.x;
        }
    }
}

fn marks(record: &Annals, window: Window) -> Vec<(i64, MarkKind)> {
    let to = window.from.plus(window.span);
    let mut marks: Vec<(i64, MarkKind)> = record
        .marks
        .iter()
        .filter(|mark| mark.kind != MarkKind::Change && mark.at.at >= window.from && mark.at.at <= to)
        .map(|mark| (window.x(mark.at.at) / THIN * THIN, mark.kind))
        .collect();
    crate::sorted::sort(&mut marks);
    marks.dedup();
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Moment;

    fn span(at: i64, look: Look, guest: u32) -> Span {
        Span { from: Moment { step: 0, acted: 0, at: Time(at) }, look, revision: 0, guest }
    }

    const MINUTE: Window = Window { from: Time(0), span: 60_000 };

    #[test]
    fn a_pod_that_leaves_ends_its_bars_and_the_next_one_begins_with_its_letter() {
        let spans = [
            span(0, Look::Creating, 1),
            span(6000, Look::Ready, 1),
            span(30_000, Look::Empty, 1),
            span(36_000, Look::Pending, 2),
            span(45_000, Look::Running, 2),
        ];
        let bars = bars(&spans, MINUTE);
        let shown: Vec<_> = bars.iter().map(|bar| (bar.x, bar.width, bar.look, bar.letter)).collect();
        assert_eq!(
            shown,
            [
                (0, 1000, Look::Creating, None),
                (1000, 4000, Look::Ready, Some('A')),
                (6000, 1500, Look::Pending, None),
                (7500, 2500, Look::Running, Some('A')),
            ]
        );
    }

    #[test]
    fn a_thousand_states_in_a_second_are_a_few_bars() {
        let looks = [Look::Running, Look::Error];
        let spans: Vec<Span> = (0..1000_i64).map(|n| span(n, looks[n as usize % 2], 1)).collect();
        assert!(bars(&spans, MINUTE).len() < 30);
    }

    #[test]
    fn the_scale_is_of_round_numbers() {
        let labels =
            |span| Window { from: Time(0), span }.scale().into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(60_000), ["0:10", "0:20", "0:30", "0:40", "0:50"]);
        assert_eq!(labels(24 * 3_600_000), ["6 h", "12 h", "18 h"]);
        assert_eq!(labels(3 * 86_400_000), ["12 h", "1 d", "36 h", "2 d", "60 h"]);
    }
}
