//! A StatefulSet laboratory: a small Kubernetes with one clock and no I/O.
//!
//! See `ARCHITECTURE.md` for the drawing; the modules below import upwards only.

pub mod api;
pub mod apiserver;
pub mod controller;
pub mod explain;
pub mod history;
pub mod kubectl;
pub mod kubelet;
pub mod profile;
pub mod promises;
pub mod random;
pub mod replay;
pub mod scheduler;
pub mod sim;
pub mod sorted;
pub mod time;
pub mod trial;
pub mod ui;
pub mod value;
