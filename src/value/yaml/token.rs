//! What the scanner makes of a text.

use super::cursor::Mark;

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `%YAML`: `text` is the major, `more` the minor version.
    Version,
    /// `%TAG`: `text` is the handle, `more` the prefix.
    TagDirective,
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    /// Deeper indentation of a list.
    ListStart,
    /// Deeper indentation of a map.
    MapStart,
    /// The end of either.
    BlockEnd,
    /// `[`
    FlowListStart,
    /// `]`
    FlowListEnd,
    /// `{`
    FlowMapStart,
    /// `}`
    FlowMapEnd,
    /// `-`
    Entry,
    /// `,`
    FlowEntry,
    /// `?`, or what precedes a simple key.
    Key,
    /// `:`
    Value,
    /// `*text`
    Alias,
    /// `&text`
    Anchor,
    /// `!text!more`
    Tag,
    /// An unquoted scalar.
    Plain,
    /// A scalar in quotes or a block.
    Quoted,
    /// The end of the text.
    End,
}

/// One token.
#[derive(Debug)]
pub struct Token {
    /// Its kind.
    pub kind: Kind,
    /// Where it begins.
    pub start: Mark,
    /// Where it ends.
    pub end: Mark,
    /// What it says.
    pub text: String,
    /// The second thing it says.
    pub more: String,
}
