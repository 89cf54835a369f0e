//! The stage as a table: the same facts for readers of screens and of paper.

use std::rc::Rc;

use yew::prelude::*;

use super::part::{Draw, part};
use super::side;
use crate::ui::model::{Scene, Seat, SetScene, State, clock, transcript};

#[derive(PartialEq)]
pub(super) struct TwinProps {
    pub scene: Rc<Scene>,
}

/// The whole scene as a table.
impl Draw for TwinProps {
    fn draw(&self) -> Html {
        html! {
            <table id="twin">
                <caption>{ "Who sits where" }</caption>
                <thead><tr>{ for ["Set", "Seat", "Pod", "Revision", "Node", "DNS", "Claims"].iter().map(|head| html! { <th scope="col">{ *head }</th> }) }</tr></thead>
                <tbody>{ for self.scene.sets.iter().flat_map(|set| set.seats.iter().map(|seat| row(set, seat))) }</tbody>
            </table>
        }
    }
}

fn row(set: &SetScene, seat: &Seat) -> Html {
    let pod = seat.pod.as_ref();
    let state = pod.map_or("none".to_owned(), |pod| {
        if pod.why.is_empty() { pod.state.to_string() } else { format!("{} ({})", pod.state, pod.why) }
    });
    let claims: Vec<String> = seat.claims.iter().map(|c| format!("{} {} {}", c.name, c.phase, c.size)).collect();
    html! {
        <tr key={format!("{}/{}", set.namespace, seat.name)}>
            <td>{ set.name.as_str() }</td>
            <th scope="row">{ seat.name.as_str() }</th>
            <td>{ state }</td>
            <td>{ pod.and_then(|pod| pod.revision).map(|(letter, _)| letter.to_string()).unwrap_or_default() }</td>
            <td>{ pod.map(|pod| pod.node.to_string()).unwrap_or_default() }</td>
            <td>{ if seat.dns.address.is_empty() { "no answer".to_owned() } else { seat.dns.address.to_string() } }</td>
            <td>{ if claims.is_empty() { "none".to_owned() } else { claims.join(", ") } }</td>
        </tr>
    }
}

/// What only paper shows: the table, the chapter that is told, the files, what stands in the terminals, the story.
pub(super) fn paper(state: &State) -> Html {
    let chapter = state.guide.as_ref().and_then(|guide| guide.chapter());
    let text = |title: &str, text: &str| {
        html! { if !text.trim().is_empty() { <h2>{ title.to_owned() }</h2><pre>{ text.to_owned() }</pre> } }
    };
    html! {
        <section class="paper" id="paper" aria-label="On paper">
            <p>{ format!("At {} on branch {}.", clock(state.time.now()), state.time.branch().name) }</p>
            { part(TwinProps { scene: state.scene.clone() }) }
            if let Some(chapter) = chapter { <h2>{ chapter.title.as_str() }</h2><p>{ chapter.text.as_str() }</p> }
            { for state.folder.files().iter().map(|file| text(&file.name, &file.text)) }
            { text("Terminals", &transcript(state)) }
            <h2>{ "What was decided, newest first" }</h2>
            { side::story(state) }
        </section>
    }
}
