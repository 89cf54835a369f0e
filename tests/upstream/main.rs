//! What Kubernetes' own tests of the StatefulSet controller hold, told as stories of ours: a scenario goes in, the lines
//! that were observed come out. `UPSTREAM.md` says which of theirs is where.
//!
//! The stories of `bench` have an API server, the controller and nobody else: the test says what becomes of pods. Those of
//! `cluster` have a whole world.

// A test that fails may panic.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

mod bench;

mod availability;
mod cluster;
mod failing;
mod identity;
mod ownership;
mod retention;
mod revisions;
mod rolling;
mod scaling;
mod termination;
mod writes;
