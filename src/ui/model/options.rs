//! What the address asked for.

/// What the address asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Shown inside another page.
    pub embed: bool,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
    /// Simulated seconds in a second.
    pub speed: Option<i64>,
    /// Which regions are shown, by name and separated by commas (`manifest,stage,panel,terminals`); empty for the usual
    /// ones: all, and in another page the stage and the terminals.
    pub panes: String,
    /// Whether the reader may only look: nothing can be typed or pressed that would act on the cluster.
    pub readonly: bool,
    /// The address of the page itself, outside of any frame, without a fragment.
    pub base: String,
    /// The world of a fresh session: `life` where empty, or `recorded`.
    pub world: String,
}

impl Options {
    /// Whether a region is shown.
    pub fn shows(&self, pane: &str) -> bool {
        match self.panes.as_str() {
            "" => !self.embed || matches!(pane, "stage" | "terminals"),
            panes => panes.split(',').any(|name| name == pane),
        }
    }
}
