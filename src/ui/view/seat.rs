//! One seat: the guest above, the name plate, the DNS plate, the drawers below.

use std::rc::Rc;

use yew::prelude::*;

use super::Dispatch;
use super::part::Draw;
use super::words::{always, shape};
use crate::api::{Key, Kind};
use crate::ui::model::{Action, ClaimFace, Look, PodFace, Seat, refusal};
use crate::value::Text;

#[derive(PartialEq)]
pub(super) struct SeatProps {
    pub dispatch: Dispatch,
    pub seat: Rc<Seat>,
    pub namespace: Text,
    pub id: String,
    /// How long the pod has been in its state, simulated seconds, where that is told.
    pub age_s: Option<i64>,
    /// What is left of the pod's countdown: simulated seconds, and in 24ths of the whole.
    pub left: Option<(i64, i64)>,
    /// Only in the manifest yet.
    pub planned: bool,
    pub is_selected: bool,
    /// What it waits for, where it is looked at in passing; from `explain`.
    pub hint: Option<Rc<str>>,
    /// One of very many: its shape, its number, a line for its claim.
    pub brief: bool,
}

impl Draw for SeatProps {
    fn draw(&self) -> Html {
        let seat = &self.seat;
        let (state, look) = match &seat.pod {
            Some(pod) => (pod.state.as_str(), pod.look),
            None if seat.next => ("Next", Look::Empty),
            None => ("Empty", Look::Empty),
        };
        let key = Key { kind: Kind::Pod, namespace: self.namespace.clone(), name: seat.name.clone() };
        let revision = seat.pod.as_ref().and_then(|pod| pod.revision).map(|(letter, _)| letter.to_string());
        let label = match &seat.pod {
            Some(pod) => {
                let label = label_of(pod, self.age_s);
                awaited(self).map_or(label.clone(), |text| format!("{label}; {text}"))
            }
            None => format!("{}: {}", seat.name, vacancy(self)),
        };
        let hint = self.hint.as_ref().filter(|text| !text.is_empty()).map(ToString::to_string);
        // For what is not applied yet there is nothing to be asked.
        let glance = (!self.planned).then(|| Action::Hint(key.clone()));
        let on_mouse = glance.clone().map(|glance| always::<MouseEvent>(&self.dispatch, glance));
        let on_focus = glance.map(|glance| always::<FocusEvent>(&self.dispatch, glance));
        if self.brief {
            let claims =
                seat.claims.iter().map(|claim| html! { <i class="claim" data-phase={claim.phase.to_string()}></i> });
            return html! {
                            <li class="seat" id={self.id.clone()} data-state={state.to_owned()} data-look={look.as_str()} data-revision={revision}>
                                <button class="place" aria-pressed={self.is_selected.to_string()} aria-label={label.clone()} title={label} onclick={always(&self.dispatch, Action::Select(Some(key)))}>
            // A letter of the style sheet: a thousand drawings are what takes a browser its time.
                                    <span class={if seat.pod.is_some() { "pod" } else { "vacant" }}></span>
                                </button>
                                <span class="plate" aria-hidden="true">{ seat.ordinal }</span>
                                { for claims }
                            </li>
                        };
        }
        html! {
            <li class="seat" id={self.id.clone()} data-state={state.to_owned()} data-look={look.as_str()} data-revision={revision}>
                // The button is the seat's, so that the focus stays when the pod leaves.
                <button class="place" aria-pressed={self.is_selected.to_string()} title={hint} onmouseenter={on_mouse} onfocus={on_focus} onclick={always(&self.dispatch, Action::Select(Some(key)))}>
                    { guest(self) }
                    <span class="unseen" key="label">{ label }</span>
                </button>
                <div class="plate" title={seat.name.to_string()}>{ seat.name.as_str() }</div>
                { dns(self) }
                <div class="drawers">
                    { for seat.claims.iter().map(|claim| drawer(claim, &self.dispatch)) }
                    if seat.has_drawers && seat.claims.is_empty() { <div class="no-claim">{ "no claim yet" }</div> }
                </div>
            </li>
        }
    }
}

fn label_of(pod: &PodFace, age_s: Option<i64>) -> String {
    let mut label = format!("{}: {}", pod.name, pod.state);
    if let Some(age) = age_s {
        label = format!("{label} for {age} s");
    }
    if !pod.node.is_empty() {
        label = format!("{label} on {}", pod.node);
    }
    if let Some((letter, _)) = pod.revision {
        label = format!("{label}, revision {letter}");
    }
    if !pod.why.is_empty() {
        label = format!("{label}; {}", pod.why);
    }
    label
}

fn vacancy(props: &SeatProps) -> &'static str {
    let seat = &props.seat;
    if props.planned {
        "no pod yet"
    } else if seat.next {
        "next to come"
    } else if seat.wanted {
        "waits its turn"
    } else {
        "kept for its claim"
    }
}

fn guest(props: &SeatProps) -> Html {
    let seat = &props.seat;
    let Some(pod) = &seat.pod else {
        return html! {
            <>
                <span class="vacant" key="vacant" aria-hidden="true"><span>{ vacancy(props) }</span></span>
                if let Some(uid) = &seat.ghost { <span class="ghost" key={uid.to_string()} aria-hidden="true">{ "left" }</span> }
            </>
        };
    };
    // What is steady says where it is; what is on its way says what comes next, or for how long it has been so.
    let timed = awaited(props).or_else(|| {
        let why = match pod.look {
            Look::Pending => refusal(&pod.why),
            Look::Unknown => "node silent",
            _ => "",
        };
        props.age_s.map(|age| if why.is_empty() { format!("for {age} s") } else { format!("{why}, {age} s") })
    });
    html! {
        // The element serves one pod after the other: while time is scrubbed, making new ones would take longer than all
        // else. A style sheet sees by the parity that another one came.
        <span class="pod" key="pod" data-turn={(pod.guest % 2).to_string()} aria-hidden="true">
            <span class="sign">
                { shape("shape", pod.look.shape()) }
                if let Some((_, share)) = props.left {
                    <svg class="ring" viewBox="0 0 60 60"><circle cx="30" cy="30" r="28" pathLength="24" stroke-dasharray={format!("{share} 24")} /></svg>
                }
            </span>
            <span class="state">{ spaced(&pod.state) }</span>
            if let Some(text) = timed { <span class="since">{ text }</span> }
            <span class="since">{ pod.node.as_str() }</span>
            if let Some((letter, nth)) = pod.revision { <span class="revision" data-nth={(nth % 4).to_string()} title={format!("Revision {letter}")}>{ letter }</span> }
            if pod.restarts > 0 { <span class="restarts" title="Restarts">{ format!("↻{}", pod.restarts) }</span> }
        </span>
    }
}

/// `probe in 12 s`.
fn awaited(props: &SeatProps) -> Option<String> {
    let countdown = props.seat.pod.as_ref()?.countdown.as_ref()?;
    let (seconds, _) = props.left?;
    Some(format!("{} in {seconds} s", countdown.what))
}

/// `ContainerCreating` may break between its words; so may `CrashLoopBackOff`.
fn spaced(state: &str) -> String {
    let mut text = String::new();
    let mut before = ' ';
    for letter in state.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            text.push('\u{200b}');
        }
        text.push(letter);
        before = letter;
    }
    text
}

fn dns(props: &SeatProps) -> Html {
    let seat = &props.seat;
    let lit = !seat.dns.address.is_empty();
    let name = if seat.dns.name.is_empty() { seat.name.as_str() } else { seat.dns.name.as_str() };
    let answer = if lit { format!("answers {}", seat.dns.address) } else { "does not answer".into() };
    html! {
        <div class="name" id={format!("dns-{}", seat.name)} data-lit={lit.to_string()} title={format!("DNS: {name} {answer}")}>
            <i></i><span><b>{ name }</b>{ " " }{ answer.clone() }</span>
        </div>
    }
}

fn drawer(claim: &ClaimFace, dispatch: &Dispatch) -> Html {
    let key = Key { kind: Kind::PersistentVolumeClaim, namespace: claim.namespace.clone(), name: claim.name.clone() };
    let volume = if claim.volume.is_empty() { "no volume yet" } else { claim.volume.as_str() };
    html! {
        <button class="claim" key={claim.name.to_string()} id={format!("claim-{}", claim.name)} data-phase={claim.phase.to_string()} data-used={claim.used.to_string()} title={format!("{}: {}, {volume}", claim.name, claim.phase)} onclick={always(dispatch, Action::Select(Some(key)))}>
            <b>{ claim.name.as_str() }</b><span>{ format!("{} · {}", claim.phase, claim.size) }</span>
        </button>
    }
}
