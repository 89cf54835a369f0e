//! From tokens to nodes.

use super::cursor::{Mark, Problem};
use super::scanner::Scanner;
use super::token::Kind;
use crate::sorted::SortedMap;
use crate::value::Text;
use crate::value::json::MAX_DEPTH;

/// Where a node is kept.
pub type Id = usize;

/// What a node is.
pub enum Content {
    /// A scalar; `plain` ones are resolved, `tag` is empty where none is written.
    Scalar {
        /// What it says.
        text: Text,
        /// Its full tag.
        tag: Text,
        /// Whether it stands without quotes, or with the tag `!`.
        plain: bool,
    },
    /// A list.
    List(Vec<Id>),
    /// A map.
    Map(Vec<(Id, Id)>),
    /// Another node once more, by the name of its anchor.
    Alias(Id, Text),
}

/// A node and where it begins.
pub struct Node {
    /// What it is.
    pub content: Content,
    /// Where it begins.
    pub at: Mark,
}

/// The first document of a text as nodes.
pub struct Parser<'t> {
    pub(super) scanner: Scanner<'t>,
    /// All nodes, in the order in which they begin.
    pub nodes: Vec<Node>,
    anchors: SortedMap<String, Id>,
    tags: SortedMap<String, String>,
}

impl<'t> Parser<'t> {
    /// Reads the first document of a text; none where there is none.
    pub fn document(text: &'t str) -> Result<Option<(Vec<Node>, Id)>, Problem> {
        let mut parser =
            Self { scanner: Scanner::new(text), nodes: Vec::new(), anchors: SortedMap::new(), tags: SortedMap::new() };
        if parser.peek()?.0 == Kind::End {
            return Ok(None);
        }
        let explicit = parser.directives()?;
        let (kind, start, _) = parser.peek()?;
        let root = match kind {
            Kind::Version | Kind::TagDirective | Kind::DocumentStart | Kind::DocumentEnd | Kind::End if explicit => {
                parser.empty(start)
            }
            _ => parser.node(true, false, 0)?,
        };
        // The token after the document is read, so that its complaints are made, but nothing is asked of it.
        parser.peek()?;
        Ok(Some((parser.nodes, root)))
    }

    pub(super) fn peek(&mut self) -> Result<(Kind, Mark, Mark), Problem> {
        self.scanner.peek()
    }

    pub(super) fn next_is(&mut self, kinds: &[Kind]) -> Result<bool, Problem> {
        Ok(kinds.contains(&self.peek()?.0))
    }

    /// What precedes a document; answers whether its `---` is there.
    fn directives(&mut self) -> Result<bool, Problem> {
        let mut versioned = false;
        let mut any = false;
        loop {
            let (kind, at, _) = self.peek()?;
            match kind {
                Kind::Version => {
                    let token = self.scanner.take();
                    if versioned {
                        return Err(Problem::of_parser("found duplicate %YAML directive", Mark::default(), at));
                    }
                    if !token.is_some_and(|t| t.text == "1" && t.more == "1") {
                        return Err(Problem::of_parser("found incompatible YAML document", Mark::default(), at));
                    }
                    versioned = true;
                }
                Kind::TagDirective => {
                    let Some(token) = self.scanner.take() else {
                        return Ok(false);
                    };
                    if self.tags.insert(token.text, token.more).is_some() {
                        return Err(Problem::of_parser("found duplicate %TAG directive", Mark::default(), at));
                    }
                }
                Kind::DocumentStart => {
                    self.scanner.take();
                    return Ok(true);
                }
                _ if any => {
                    return Err(Problem::of_parser("did not find expected <document start>", Mark::default(), at));
                }
                _ => return Ok(false),
            }
            any = true;
        }
    }

    fn add(&mut self, content: Content, at: Mark) -> Id {
        self.nodes.push(Node { content, at });
        self.nodes.len() - 1
    }

    pub(super) fn empty(&mut self, at: Mark) -> Id {
        let (text, tag) = (Text::default(), Text::default());
        self.add(Content::Scalar { text, tag, plain: true }, at)
    }

    fn full_tag(&self, handle: &str, suffix: &str) -> Option<String> {
        let prefix = match self.tags.get(handle) {
            Some(prefix) => prefix.as_str(),
            None if handle.is_empty() => "",
            None if handle == "!" => "!",
            None if handle == "!!" => "tag:yaml.org,2002:",
            None => return None,
        };
        Some(format!("{prefix}{suffix}"))
    }

    /// A node. What is not itself recursive is done in functions of its own: every level of nesting keeps this
    /// one's variables on the stack.
    pub(super) fn node(&mut self, block: bool, indentless: bool, depth: usize) -> Result<Id, Problem> {
        let (kind, start, _) = self.peek()?;
        if depth > MAX_DEPTH {
            return Err(Self::too_deep(start));
        }
        if kind == Kind::Alias {
            return self.alias(start);
        }
        let (id, properties) = self.properties(start)?;
        let kind = self.peek()?.0;
        match kind {
            Kind::Entry if indentless => {
                let items = self.indentless_list(depth)?;
                self.set(id, Content::List(items));
            }
            Kind::FlowListStart => {
                let items = self.flow_list(depth)?;
                self.set(id, Content::List(items));
            }
            Kind::ListStart if block => {
                let items = self.list(depth)?;
                self.set(id, Content::List(items));
            }
            Kind::FlowMapStart => {
                let pairs = self.flow_map(depth)?;
                self.set(id, Content::Map(pairs));
            }
            Kind::MapStart if block => {
                let pairs = self.map(depth)?;
                self.set(id, Content::Map(pairs));
            }
            Kind::Plain | Kind::Quoted => self.scalar(id, kind),
            _ if properties => {}
            _ => return Err(self.no_content(start)),
        }
        Ok(id)
    }

    fn too_deep(at: Mark) -> Problem {
        Problem::of_parser(&format!("exceeded max depth of {MAX_DEPTH}"), at, at)
    }

    fn no_content(&mut self, start: Mark) -> Problem {
        match self.peek() {
            Ok((_, at, _)) => Problem::of_parser("did not find expected node content", start, at),
            Err(problem) => problem,
        }
    }

    pub(super) fn set(&mut self, id: Id, content: Content) {
        if let Some(node) = self.nodes.get_mut(id) {
            node.content = content;
        }
    }

    fn taken_text(&mut self) -> String {
        self.scanner.take().map(|token| token.text).unwrap_or_default()
    }

    fn scalar(&mut self, id: Id, kind: Kind) {
        let said = self.taken_text();
        if let Some(node) = self.nodes.get_mut(id)
            && let Content::Scalar { text, tag, plain } = &mut node.content
        {
            *text = said.into();
            *plain = *plain && kind == Kind::Plain || *tag == "!";
        }
    }

    fn alias(&mut self, start: Mark) -> Result<Id, Problem> {
        let name = self.taken_text();
        let Some(&id) = self.anchors.get(&name) else {
            let message = format!("unknown anchor '{name}' referenced");
            return Err(Problem::without_line(message, start));
        };
        Ok(self.add(Content::Alias(id, name.into()), start))
    }

    /// Anchor and tag, in either order; makes the node that has them, and answers whether it has any.
    fn properties(&mut self, start: Mark) -> Result<(Id, bool), Problem> {
        let (mut anchor, mut tag) = (None, None);
        loop {
            let slot = match self.peek()?.0 {
                Kind::Anchor if anchor.is_none() => &mut anchor,
                Kind::Tag if tag.is_none() => &mut tag,
                _ => break,
            };
            *slot = self.scanner.take();
        }
        let any = anchor.is_some() || tag.is_some();
        let tag = match tag {
            None => Text::default(),
            Some(token) => match self.full_tag(&token.text, &token.more) {
                Some(full) => full.into(),
                None => {
                    return Err(Problem::of_parser("found undefined tag handle", start, token.start));
                }
            },
        };
        let (text, plain) = (Text::default(), tag.is_empty());
        let id = self.add(Content::Scalar { text, tag, plain }, start);
        if let Some(token) = anchor {
            self.anchors.insert(token.text, id);
        }
        Ok((id, any))
    }
}
