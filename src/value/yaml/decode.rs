//! From nodes to a tree, the way kubectl gets from YAML to JSON.

use super::cursor::{Mark, Problem};
use super::error::Source;
use super::parser::{Content, Id, Node};
use super::positions::{Place, Positions, Spot};
use super::resolve::{Meaning, resolve};
use crate::value::json::{MAX_DEPTH, general, json_float, map_of, tidy, to_compact_plain};
use crate::value::{Text, Value, float};

const TAGS: &str = "tag:yaml.org,2002:";
/// All texts of a tree together; only aliases can make them more than the input.
const LONGEST: usize = 16 << 20;

/// What came of a document.
pub type Decoded = Result<(Value, Positions), (Source, Problem)>;

/// Makes a tree of nodes; `shift` is how many lines of the whole text precede the document.
pub fn decode(nodes: &[Node], root: Id, shift: usize) -> Decoded {
    let mut decoder = Decoder {
        nodes,
        shift,
        decoded: 0,
        from_aliases: 0,
        open_aliases: Vec::new(),
        length: 0,
        positions: Positions::default(),
        unfit: None,
        endless: None,
    };
    let place = decoder.place(root);
    decoder.positions.set_root(Spot { key: place, value: place });
    let value = decoder.value(root, 0).map_err(|problem| (Source::Parser, problem))?;
    match decoder.unfit.or(decoder.endless) {
        Some(problem) => Err((Source::Conversion, problem)),
        None => Ok((value, decoder.positions)),
    }
}

type Pairs = Vec<(Text, Value)>;

struct Decoder<'n> {
    nodes: &'n [Node],
    shift: usize,
    decoded: usize,
    from_aliases: usize,
    open_aliases: Vec<Id>,
    length: usize,
    positions: Positions,
    /// The first key that JSON cannot have.
    unfit: Option<Problem>,
    /// The first number that JSON cannot have.
    endless: Option<Problem>,
}

impl<'n> Decoder<'n> {
    fn node(&self, id: Id) -> (&'n Content, Mark) {
        const NOTHING: &Content = &Content::List(Vec::new());
        self.nodes.get(id).map_or((NOTHING, Mark::default()), |node| (&node.content, node.at))
    }

    fn place(&self, id: Id) -> Place {
        let at = self.node(id).1;
        Place { line: at.line + 1 + self.shift, column: at.column + 1 }
    }

    fn problem(&self, id: Id, message: &str) -> Problem {
        Problem::without_line(message.to_owned(), self.node(id).1)
    }

    /// Counts a step. Small documents may come from aliases almost wholly, large ones hardly at all.
    fn count(&mut self, id: Id, depth: usize) -> Result<(), Problem> {
        self.decoded += 1;
        self.from_aliases += usize::from(!self.open_aliases.is_empty());
        let (low, high) = (400_000, 4_000_000);
        let ratio = match self.decoded {
            decoded if decoded <= low => 0.99,
            decoded if decoded >= high => 0.10,
            decoded => 0.99 - 0.89 * (decoded - low) as f64 / (high - low) as f64,
        };
        let many =
            self.from_aliases > 100 && self.decoded > 1000 && self.from_aliases as f64 / self.decoded as f64 > ratio;
        if many || self.length > LONGEST {
            return Err(self.problem(id, "document contains excessive aliasing"));
        }
        if depth > MAX_DEPTH {
            return Err(self.problem(id, &format!("exceeded max depth of {MAX_DEPTH}")));
        }
        Ok(())
    }

    fn open_alias(&mut self, id: Id, name: &str) -> Result<(), Problem> {
        if self.open_aliases.contains(&id) {
            return Err(self.problem(id, &format!("anchor '{name}' value contains itself")));
        }
        self.open_aliases.push(id);
        Ok(())
    }

    fn value(&mut self, id: Id, depth: usize) -> Result<Value, Problem> {
        self.count(id, depth)?;
        match self.node(id).0 {
            Content::Alias(target, name) => {
                self.open_alias(id, name)?;
                let value = self.value(*target, depth + 1)?;
                self.open_aliases.pop();
                Ok(value)
            }
            Content::Scalar { text, .. } => {
                let meaning = self.meaning(id)?;
                self.length += text.len();
                Ok(match meaning {
                    Meaning::Null => Value::Null,
                    Meaning::Bool(on) => Value::Bool(on),
                    Meaning::Int(number) => Value::Int(number),
                    Meaning::Unsigned(number) => Value::Float(number as f64),
                    Meaning::Float(number) if number.is_finite() => tidy(number),
                    Meaning::Float(number) => {
                        let shown = if number.is_nan() {
                            "NaN"
                        } else if number > 0.0 {
                            "+Inf"
                        } else {
                            "-Inf"
                        };
                        let problem = self.problem(id, &format!("json: unsupported value: {shown}"));
                        self.endless.get_or_insert(problem);
                        Value::Null
                    }
                    _ => Value::Text(self.binary(id)?.unwrap_or_else(|| text.clone())),
                })
            }
            Content::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let entry = self.note(None, index, *item, *item);
                    values.push(self.value(*item, depth + 1)?);
                    self.close(entry);
                }
                Ok(Value::list_of(values))
            }
            Content::Map(_) => {
                let mut pairs = Vec::new();
                self.members(id, &mut pairs, depth)?;
                Ok(map_of(pairs))
            }
        }
    }

    fn note(&mut self, name: Option<Text>, index: usize, key: Id, value: Id) -> Option<usize> {
        let spot = Spot { key: self.place(key), value: self.place(value) };
        let outside = self.open_aliases.is_empty();
        outside.then(|| self.positions.open(name, index, spot))
    }

    fn close(&mut self, entry: Option<usize>) {
        if let Some(entry) = entry {
            self.positions.close(entry);
        }
    }

    fn members(&mut self, id: Id, pairs: &mut Pairs, depth: usize) -> Result<(), Problem> {
        let Content::Map(members) = self.node(id).0 else {
            return Ok(());
        };
        for &(key, value) in members {
            if self.is_merge(key) {
                self.merge(value, pairs, depth + 1)?;
                continue;
            }
            let name = self.key(key, value, depth + 1)?;
            let entry = self.note(Some(name.clone()), 0, key, value);
            let value = self.value(value, depth + 1)?;
            self.close(entry);
            pairs.push((name, value));
        }
        Ok(())
    }

    fn is_merge(&self, key: Id) -> bool {
        match self.node(key).0 {
            Content::Scalar { text, tag, plain } => {
                *text == "<<" && (*plain || tag.strip_prefix(TAGS) == Some("merge"))
            }
            _ => false,
        }
    }

    /// `<<`: the members count from here on, so they win over keys before and lose to keys after.
    fn merge(&mut self, id: Id, pairs: &mut Pairs, depth: usize) -> Result<(), Problem> {
        match self.node(id).0 {
            Content::List(items) => {
                for item in items.iter().rev() {
                    self.merge_one(*item, pairs, depth)?;
                }
                Ok(())
            }
            _ => self.merge_one(id, pairs, depth),
        }
    }

    fn merge_one(&mut self, id: Id, pairs: &mut Pairs, depth: usize) -> Result<(), Problem> {
        match self.node(id).0 {
            Content::Map(_) => {
                self.count(id, depth)?;
                self.members(id, pairs, depth)
            }
            Content::Alias(target, name) if matches!(self.node(*target).0, Content::Map(_)) => {
                self.count(id, depth)?;
                self.open_alias(id, name)?;
                self.count(*target, depth)?;
                self.members(*target, pairs, depth + 1)?;
                self.open_aliases.pop();
                Ok(())
            }
            _ => Err(self.problem(id, "map merge requires map or sequence of maps as the value")),
        }
    }

    /// A key as JSON has it: numbers and booleans become texts.
    fn key(&mut self, id: Id, value: Id, depth: usize) -> Result<Text, Problem> {
        let mut target = id;
        if let Content::Alias(aliased, _) = self.node(id).0 {
            target = *aliased;
        }
        let Content::Scalar { text, .. } = self.node(target).0 else {
            // Its own faults are complained about first.
            let kept = std::mem::take(&mut self.positions);
            self.value(id, depth)?;
            self.positions = kept;
            let message = format!("invalid map key: {}", self.go_syntax(id));
            return Err(self.problem(id, &message));
        };
        self.count(id, depth)?;
        let unfit = |decoder: &Self, kind: &str, shown: &str| {
            let value = decoder.go_syntax(value);
            // Outside of a list or map nothing has no type.
            let value = if value == NIL { "<nil>" } else { &value };
            let message = format!("unsupported map key of type: {kind}, key: {shown}, value: {value}");
            decoder.problem(id, &message)
        };
        Ok(match self.meaning(target)? {
            Meaning::Null => {
                if self.unfit.is_none() {
                    self.unfit = Some(unfit(self, "%!s(<nil>)", "<nil>"));
                }
                Text::default()
            }
            Meaning::Unsigned(number) => {
                if self.unfit.is_none() {
                    self.unfit = Some(unfit(self, "uint64", &format!("{number:#x}")));
                }
                Text::default()
            }
            Meaning::Bool(true) => "true".into(),
            Meaning::Bool(false) => "false".into(),
            Meaning::Int(number) => number.to_string().into(),
            Meaning::Float(number) if number.is_nan() => ".nan".into(),
            Meaning::Float(f64::INFINITY) => ".inf".into(),
            Meaning::Float(f64::NEG_INFINITY) => "-.inf".into(),
            Meaning::Float(number) => general(&float::scientific_of_32_bits(number)).into(),
            _ => self.binary(target)?.unwrap_or_else(|| text.clone()),
        })
    }

    /// What a scalar means, its tag considered.
    fn meaning(&self, id: Id) -> Result<Meaning, Problem> {
        let Content::Scalar { text, tag, plain } = self.node(id).0 else {
            return Ok(Meaning::Text);
        };
        let wanted = match tag.strip_prefix(TAGS) {
            None if tag.is_empty() && *plain => return Ok(resolve(text)),
            Some(kind @ ("bool" | "int" | "float" | "null" | "timestamp")) => kind,
            _ => return Ok(Meaning::Text),
        };
        let meaning = match resolve(text) {
            Meaning::Timestamp if wanted != "timestamp" => Meaning::Text,
            Meaning::Int(number) if wanted == "float" => Meaning::Float(number as f64),
            meaning => meaning,
        };
        if meaning.tag().strip_prefix("!!") == Some(wanted) {
            return Ok(meaning);
        }
        let message = format!("cannot decode {} `{text}` as a !!{wanted}", meaning.tag());
        Err(self.problem(id, &message))
    }

    /// The text of a `!!binary` scalar.
    fn binary(&self, id: Id) -> Result<Option<Text>, Problem> {
        match self.node(id).0 {
            Content::Scalar { text, tag, .. } if tag.strip_prefix(TAGS) == Some("binary") => match base64(text) {
                Some(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned().into())),
                None => Err(self.problem(id, "!!binary value contains invalid base64 data")),
            },
            _ => Ok(None),
        }
    }

    /// A node as Go's `%#v` shows it; only decoded ones are shown, so their depth is known to be bounded.
    fn go_syntax(&self, id: Id) -> String {
        match self.node(id).0 {
            Content::Alias(target, _) => self.go_syntax(*target),
            Content::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.go_syntax(*item)).collect();
                format!("[]interface {{}}{{{}}}", items.join(", "))
            }
            Content::Map(members) => {
                let pairs = members.iter().map(|(key, value)| (self.go_syntax(*key), self.go_syntax(*value)));
                let sorted: crate::sorted::SortedMap<String, String> = pairs.collect();
                let shown: Vec<String> = sorted.iter().map(|(key, value)| format!("{key}:{value}")).collect();
                format!("map[interface {{}}]interface {{}}{{{}}}", shown.join(", "))
            }
            Content::Scalar { text, .. } => match self.meaning(id) {
                Ok(Meaning::Null) => NIL.to_owned(),
                Ok(Meaning::Bool(on)) => on.to_string(),
                Ok(Meaning::Int(number)) => number.to_string(),
                Ok(Meaning::Unsigned(number)) => format!("{number:#x}"),
                Ok(Meaning::Float(number)) => json_float(number),
                _ => to_compact_plain(&Value::Text(text.clone())),
            },
        }
    }
}

/// How Go shows that there is nothing where anything could be.
const NIL: &str = "interface {}(nil)";

/// The bytes that a text in standard base64 with padding stands for, none if it is none; line breaks are passed over.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    let mut bytes = Vec::new();
    let groups = digits.chunks(4).len();
    for (number, group) in digits.chunks(4).enumerate() {
        let data = match group {
            [a, b, b'=', b'='] if number + 1 == groups => vec![*a, *b],
            [a, b, c, b'='] if number + 1 == groups => vec![*a, *b, *c],
            [_, _, _, _] => group.to_vec(),
            _ => return None,
        };
        let mut bits: u32 = 0;
        for place in 0..4 {
            let six = match data.get(place).copied() {
                None => 0,
                Some(letter @ b'A'..=b'Z') => letter - b'A',
                Some(letter @ b'a'..=b'z') => letter - b'a' + 26,
                Some(digit @ b'0'..=b'9') => digit - b'0' + 52,
                Some(b'+') => 62,
                Some(b'/') => 63,
                Some(_) => return None,
            };
            bits = bits << 6 | u32::from(six);
        }
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(data.len() - 1));
    }
    Some(bytes)
}
