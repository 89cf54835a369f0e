//! The page: `model` is plain Rust and knows no browser; `view` draws it; `port` is all that touches the browser.

pub mod model;
#[cfg(feature = "page")]
pub mod port;
#[cfg(feature = "page")]
pub mod view;
