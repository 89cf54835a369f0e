//! Stage and timeline as pictures that stand on their own: SVG with nothing outside, readable in print.

use std::fmt::Write as _;

use super::annals::MarkKind;
use super::gantt::{Bar, WIDE};
use super::look::Look;
use super::scene::{Seat, SetScene, Standing};
use super::state::State;
use super::transport::clock;

const WIDTH: usize = 1120;
const MARGIN: usize = 24;
/// Where the lanes of the timeline begin, and how wide they are.
const LANES: usize = 160;
const LANES_WIDE: usize = WIDTH - LANES - MARGIN;
const SEAT_WIDE: usize = 140;
const SEAT_TALL: usize = 132;
const ROW: usize = 18;
const INK: &str = "#171b21";
const MUTED: &str = "#545d68";

/// The colours of a state: line and text, and ground. The page's own, as they are in the light.
fn colours(look: Look) -> (&'static str, &'static str) {
    match look {
        Look::Creating => ("#005a8f", "#e4f1fa"),
        Look::Running => ("#7a5000", "#fdf3dc"),
        Look::Ready => ("#006b4d", "#e1f5ee"),
        Look::Ending => ("#8b3067", "#fae9f3"),
        Look::Error => ("#a33f00", "#fdeadf"),
        _ => ("#505964", "#eef0f3"),
    }
}

/// A sign for a state, besides its colour and its word.
fn sign(look: Look) -> &'static str {
    match look {
        Look::Empty => "",
        Look::Pending => "…",
        Look::Creating => "◒",
        Look::Running => "◗",
        Look::Ready => "✓",
        Look::Ending => "↓",
        Look::Error => "!",
        Look::Unknown => "?",
        Look::Done => "☑",
    }
}

struct Svg {
    body: String,
    tall: usize,
}

impl Svg {
    fn text(&mut self, (x, y): (usize, usize), size: usize, fill: &str, more: &str, text: &str) {
        let _ = write!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{fill}\"{more}>{}</text>",
            escaped(text)
        );
    }

    fn rect(&mut self, (x, y): (usize, usize), (wide, tall): (usize, usize), fill: &str, more: &str) {
        let _ =
            write!(self.body, "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{tall}\" fill=\"{fill}\"{more}/>");
    }

    fn done(self, title: &str) -> String {
        let tall = self.tall;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{tall}\" viewBox=\"0 0 {WIDTH} {tall}\" \
             font-family=\"system-ui, 'Segoe UI', Roboto, Arial, sans-serif\"><title>{}</title>\
             <rect width=\"{WIDTH}\" height=\"{tall}\" fill=\"#fff\"/>{}</svg>\n",
            escaped(title),
            self.body
        )
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// The text, shortened to so many letters.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

fn title(state: &State) -> String {
    format!("{} on {}", clock(state.time.now()), state.time.branch().name)
}

/// The stage.
pub fn stage(state: &State) -> String {
    let mut svg = Svg { body: String::new(), tall: 56 };
    svg.text((MARGIN, 36), 20, INK, " font-weight=\"650\"", &title(state));
    for set in state.scene.sets.iter().filter(|set| set.standing != Standing::Planned) {
        stage_set(&mut svg, set);
    }
    let y = svg.tall + 12;
    let nodes: Vec<String> = state
        .scene
        .nodes
        .iter()
        .map(|node| {
            format!("{} {}, pods: {}", node.name, if node.ready { "Ready" } else { "NotReady" }, node.pods.len())
        })
        .collect();
    for (nth, line) in nodes.chunks(5).enumerate() {
        svg.text((MARGIN, y + nth * 18), 13, MUTED, "", &line.join("   ·   "));
    }
    svg.tall = y + nodes.len().div_ceil(5) * 18 + 8;
    svg.done(&format!("The stage at {}", title(state)))
}

fn stage_set(svg: &mut Svg, set: &SetScene) {
    let y = svg.tall + 8;
    let tags: Vec<String> = set.tags.iter().map(ToString::to_string).collect();
    let head = format!(
        "statefulset/{} in {}   {} of {} Ready   {}",
        set.name,
        set.namespace,
        set.ready,
        set.wanted,
        tags.join(" · ")
    );
    svg.text((MARGIN, y + 10), 15, INK, " font-weight=\"650\"", &short(&head, 130));
    let says = &set.controller;
    let verb = if says.waits { "waits: " } else { "" };
    let rule = if says.rule > 0 { format!(" (R{})", says.rule) } else { String::new() };
    svg.text((MARGIN, y + 32), 13, MUTED, "", &short(&format!("controller ▸ {verb}{}{rule}", says.text), 160));
    let top = y + 44;
    let across = (WIDTH - 2 * MARGIN) / SEAT_WIDE;
    for (nth, seat) in set.seats.iter().enumerate() {
        stage_seat(svg, seat, (MARGIN + nth % across * SEAT_WIDE, top + nth / across * SEAT_TALL));
    }
    svg.tall = top + set.seats.len().div_ceil(across) * SEAT_TALL;
}

fn stage_seat(svg: &mut Svg, seat: &Seat, (x, y): (usize, usize)) {
    let wide = SEAT_WIDE - 12;
    let middle = x + wide / 2;
    let look = seat.pod.as_ref().map_or(Look::Empty, |pod| pod.look);
    let (line, ground) = colours(look);
    let dashes =
        if matches!(look, Look::Empty | Look::Pending | Look::Unknown) { " stroke-dasharray=\"5 4\"" } else { "" };
    let frame = format!(" rx=\"8\" stroke=\"{line}\" stroke-width=\"2\"{dashes}");
    svg.rect((x, y), (wide, 56), if look == Look::Empty { "#fff" } else { ground }, &frame);
    let centred = " text-anchor=\"middle\"";
    let strong = " text-anchor=\"middle\" font-weight=\"650\"";
    match &seat.pod {
        Some(pod) => {
            svg.text((middle, y + 24), 17, line, strong, sign(look));
            svg.text((middle, y + 42), 12, line, strong, &short(&pod.state, 19));
            svg.text((middle, y + 53), 10, line, centred, &short(&pod.node, 20));
            if let Some((letter, _)) = pod.revision {
                svg.text((x + 8, y + 16), 12, INK, " font-weight=\"750\"", &letter.to_string());
            }
        }
        None => svg.text((middle, y + 32), 12, MUTED, centred, "no pod"),
    }
    svg.rect((x + 6, y + 58), (wide - 12, 18), INK, " rx=\"4\"");
    svg.text((middle, y + 71), 12, "#fff", " text-anchor=\"middle\" font-family=\"monospace\"", &short(&seat.name, 16));
    let answers = if seat.dns.address.is_empty() { "DNS does not answer" } else { "● DNS answers" };
    svg.text((middle, y + 89), 10, MUTED, centred, answers);
    for (nth, claim) in seat.claims.iter().take(2).enumerate() {
        let words = format!("{} {}", short(&claim.name, 14), claim.phase);
        svg.rect((x, y + 94 + nth * 16), (wide, 15), "#fff", &format!(" rx=\"3\" stroke=\"{INK}\""));
        svg.text((middle, y + 105 + nth * 16), 10, INK, centred, &short(&words, 24));
    }
}

/// The timeline.
pub fn timeline(state: &State) -> String {
    let gantt = &state.travel.gantt;
    let x = |units: i64| LANES + units.clamp(0, WIDE) as usize * LANES_WIDE / WIDE as usize;
    let top = 92;
    let tall = top + gantt.rows.len() * ROW;
    let mut svg = Svg { body: String::new(), tall: tall + 64 };
    let compared = state.time.beside().map_or(String::new(), |beside| format!(", beside {}", beside.name));
    svg.text((MARGIN, 36), 20, INK, " font-weight=\"650\"", &format!("{}{compared}", title(state)));
    svg.rect((LANES, top - 4), (LANES_WIDE, tall - top + 6), "#eef1f4", "");
    for (at, label) in &gantt.scale {
        svg.rect((x(*at), top - 4), (1, tall - top + 6), "#cfd5dc", "");
        svg.text((x(*at), 62), 11, MUTED, " text-anchor=\"middle\"", label);
    }
    for (at, kind) in &gantt.marks {
        match kind {
            MarkKind::Act => svg.text((x(*at), 78), 12, INK, " text-anchor=\"middle\"", "▼"),
            MarkKind::Decision => svg.rect((x(*at), 80), (1, 7), INK, ""),
            MarkKind::Warning => svg.text((x(*at), 88), 9, "#a33f00", " text-anchor=\"middle\"", "▲"),
            _ => {}
        }
    }
    let (now, end) = (x(gantt.window.x(state.time.now())), gantt.window.x(state.time.end()));
    for (nth, row) in gantt.rows.iter().enumerate() {
        let y = top + nth * ROW;
        let name = if row.beside { format!("{} ◂", row.name) } else { row.name.clone() };
        svg.text((LANES - 8, y + 11), 11, INK, " text-anchor=\"end\" font-family=\"monospace\"", &short(&name, 20));
        let width = |bar: &Bar| x((bar.x + bar.width).min(end)).saturating_sub(x(bar.x));
        for bar in row.pods.iter().filter(|bar| bar.x < end) {
            let full = matches!(bar.look, Look::Ready | Look::Error | Look::Done);
            let high = if full { 10 } else { 5 };
            svg.rect((x(bar.x), y + 11 - high), (width(bar).max(1), high), colours(bar.look).0, "");
            if let Some(letter) = bar.letter.filter(|_| full) {
                svg.text((x(bar.x) + 3, y + 10), 9, "#fff", " font-weight=\"750\"", &letter.to_string());
            }
        }
        for bar in row.claims.iter().filter(|bar| bar.x < end) {
            svg.rect((x(bar.x), y + 12), (width(bar).max(1), 3), if bar.look == Look::Ready { INK } else { MUTED }, "");
        }
        for at in &row.lost {
            svg.text((x(*at), y + 16), 9, "#a33f00", "", "✕ data lost");
        }
    }
    svg.rect((now, 66), (2, tall - 62), INK, "");
    let legend = [Look::Pending, Look::Creating, Look::Running, Look::Ready, Look::Ending, Look::Error];
    for (nth, look) in legend.into_iter().enumerate() {
        svg.rect((LANES + nth * 110, tall + 24), (12, 10), colours(look).0, "");
        svg.text((LANES + nth * 110 + 18, tall + 33), 11, MUTED, "", look.as_str());
    }
    svg.text((LANES + legend.len() * 110, tall + 33), 11, MUTED, "", "▬ claim   ▼ somebody acted");
    svg.done(&format!("The timeline at {}", title(state)))
}
