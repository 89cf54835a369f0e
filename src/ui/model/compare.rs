//! What differs between two pictures.

use super::scene::{Scene, Seat};
use crate::sorted::SortedMap;
use crate::value::Text;

/// The names of the seats that do not look the same on both pictures, each once, in order.
pub fn unlike(left: &Scene, right: &Scene) -> Vec<String> {
    let (left, right) = (faces(left), faces(right));
    let mut names: Vec<String> = left
        .iter()
        .filter(|(key, face)| right.get(*key) != Some(face))
        .chain(right.iter().filter(|(key, _)| !left.contains_key(*key)))
        .map(|((_, name), _)| name.to_string())
        .collect();
    names.dedup();
    names
}

/// What can be seen of a seat: not which pod it is, only how it is.
type Face = (Text, Text, Option<(char, usize)>, Vec<Text>);

fn faces(scene: &Scene) -> SortedMap<(Text, Text), Face> {
    let seats = scene.sets.iter().flat_map(|set| set.seats.iter().map(move |seat| (set.namespace.clone(), seat)));
    seats.map(|(namespace, seat)| ((namespace, seat.name.clone()), face(seat))).collect()
}

fn face(seat: &Seat) -> Face {
    let (state, node, revision) = seat
        .pod
        .as_ref()
        .map_or((Text::default(), Text::default(), None), |pod| (pod.state.clone(), pod.node.clone(), pod.revision));
    (state, node, revision, seat.claims.iter().map(|claim| claim.phase.clone()).collect())
}
