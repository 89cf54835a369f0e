//! The controllers, and what every one of them is made of: a lagging cache, a work queue, a hand into the API
//! server, a recorder of events, and the reasons it waits for.
//!
//! A controller reacts to watch events (`observe`) and to alarms it set itself (`wake`). It sees its cache and
//! `Context::now`, never the store. A sync takes no simulated time; only caches lag.

mod cache;
mod context;
mod decision;
pub mod disruption;
pub mod endpoint_slices;
pub mod garbage_collector;
pub mod namespace;
pub mod node_lifecycle;
mod queue;
pub mod recorder;
pub mod statefulset;
#[cfg(test)]
pub(crate) mod testing;
pub mod volume;

pub use cache::Cache;
pub use context::{Context, Part};
pub use decision::{Decision, Rule, Wait};
pub use queue::WorkQueue;
