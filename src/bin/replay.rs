//! Replays a recorded scenario.
fn main() {}
