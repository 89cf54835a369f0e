//! kubectl: words in, requests out, text back.
//!
//! A running command is a `Process`: a value that lives in the world and is woken by the engine, so that a watch,
//! a waiting delete or a rollout status survives seek, fork and replay like everything else.

mod command_line;
mod completion;
mod errors;
mod files;
mod kubeconfig;
mod precheck;
pub mod print;
mod process;
mod run;
mod verbs;

pub use command_line::split_words;
pub use completion::{Live, complete};
pub use kubeconfig::Kubeconfig;
pub use process::{Invocation, Line, OpenFile, Process, ProcessId, Session, Stream, Wake};

#[cfg(test)]
mod tests;
