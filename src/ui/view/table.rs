//! The stage as a table: the same facts for readers of screens and of paper.

use std::rc::Rc;

use yew::prelude::*;

use super::part::Draw;
use crate::ui::model::{Scene, Seat, SetScene};

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
