//! What differs between two pictures.

use super::scene::{Scene, Seat};
use crate::sorted::SortedMap;
use crate::value::Text;

/// The names of the seats that do not look the same on both pictures, each once, in the order of the stage.
pub fn unlike(left: &Scene, right: &Scene) -> Vec<String> {
    let (on_left, on_right) = (faces(left), faces(right));
    let places = |scene: &Scene| -> Vec<(Text, Text)> {
        let seats = scene.sets.iter().flat_map(|set| set.seats.iter().map(move |seat| (set.namespace.clone(), seat)));
        seats.map(|(namespace, seat)| (namespace, seat.name.clone())).collect()
    };
    let mut differ = places(left);
    differ.retain(|place| on_left.get(place) != on_right.get(place));
    differ.extend(places(right).into_iter().filter(|place| !on_left.contains_key(place)));
    differ.into_iter().map(|(_, name)| name.to_string()).collect()
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
