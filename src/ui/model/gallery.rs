//! Manifests to begin with.

use super::manifest::FIRST;

/// A manifest with its name in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows, in a few words.
    pub title: &'static str,
    /// The manifest.
    pub text: &'static str,
}

/// The lab's own first, then from simple to special.
pub const EXAMPLES: &[Example] = &[
    Example { title: "The lab: mehdb", text: FIRST },
    Example { title: "The tutorial: nginx", text: include_str!("gallery/tutorial.yaml") },
    Example { title: "All at once: Parallel", text: include_str!("gallery/parallel.yaml") },
    Example { title: "Canary by partition", text: include_str!("gallery/canary.yaml") },
    Example { title: "A quorum with a budget", text: include_str!("gallery/quorum.yaml") },
    Example { title: "A database and its bill", text: include_str!("gallery/database.yaml") },
    Example { title: "The trap: a broken image", text: include_str!("gallery/trap.yaml") },
];
