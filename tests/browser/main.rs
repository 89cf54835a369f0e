//! The built page in real Chromium: for everybody and in everybody's pages; the lab by clicks and by typing, the page in
//! frames, books and lectures, on small screens, mistakes and crashes, the same bytes as natively, and how soon the first
//! pod is there.

mod access;
#[path = "../days/mod.rs"]
mod days;
mod driver;
mod editor;
mod embed;
mod first_picture;
mod frame;
mod guide;
mod hosts;
mod lab;
mod page;
mod palette;
mod pane;
mod parts;
mod presses;
mod same_bytes;
mod server;
mod share;
mod small;
mod speed;
mod terminals;
mod travel;
mod trouble;
mod why;
