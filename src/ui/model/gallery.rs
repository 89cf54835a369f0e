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
    Example { title: "A quorum with a budget, like ZooKeeper", text: include_str!("gallery/quorum.yaml") },
    Example { title: "A database and its bill, like PostgreSQL", text: include_str!("gallery/database.yaml") },
    Example { title: "A ring over zones, like Cassandra", text: include_str!("gallery/ring.yaml") },
    Example { title: "A primary and replicas, like Redis", text: include_str!("gallery/cache.yaml") },
    Example { title: "Brokers from 1, like Kafka", text: include_str!("gallery/log.yaml") },
    Example { title: "The trap: a broken image", text: include_str!("gallery/trap.yaml") },
];
