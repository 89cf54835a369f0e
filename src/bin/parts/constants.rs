//! Which of the program's constants come with which part: those that only its functions name, by themselves or by way of
//! other constants.
//!
//! The linker says so (`--emit-relocs`, .cargo/config.toml): each place in a function or in a constant that holds the
//! address of a constant. What nobody is known to name comes first.

use std::collections::HashMap;
use std::ops::Range;

use wasmparser::{
    BinaryReaderError, DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationEntry,
    RelocationType, SymbolInfo, TypeRef,
};

/// Shorter pieces stay with the first part: each costs some bytes of its own.
const WORTH_MOVING: u32 = 16;

/// A piece of memory that comes with a part.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it lies, bytes.
    pub at: Range<u32>,
    /// The part it comes with, never the first.
    pub part: usize,
}

/// What a linked module says of its constants.
#[derive(Default)]
struct Linked {
    /// How many functions are imported.
    imported: u32,
    /// Where the functions' bodies stand in the file.
    bodies: Vec<Range<usize>>,
    names: HashMap<u32, String>,
    /// The segments of memory: the address each begins at, and where it stands in the file.
    segments: Vec<(u32, Range<usize>)>,
    /// The symbols by their numbers; for a constant its addresses.
    symbols: Vec<Option<Range<u32>>>,
    /// By section: the places that hold addresses.
    relocations: Vec<(u32, Vec<RelocationEntry>)>,
    /// The numbers of the sections with code and data, and where they stand in the file.
    code: (u32, usize),
    data: (u32, usize),
}

/// The pieces of memory that come with later parts, by address. `memory` is what wasm-bindgen has left of it: the address
/// and the bytes of each segment.
///
/// # Errors
/// The module cannot be read, was linked without relocations, or is not the one that the memory came from.
pub fn pieces(
    file: &[u8],
    memory: &[(u32, &[u8])],
    part_of: &dyn Fn(Option<&str>) -> usize,
) -> Result<Vec<Piece>, String> {
    let linked = Linked::read(file).map_err(|error| format!("the linked page: {error}"))?;
    for (from, bytes) in memory {
        let same = linked.segments.iter().any(|(address, place)| {
            let (Some(offset), Some(segment)) = (from.checked_sub(*address), file.get(place.clone())) else {
                return false;
            };
            segment.get(offset as usize..).is_some_and(|rest| rest.starts_with(bytes))
        });
        if !same {
            return Err("the linked page and what wasm-bindgen made are not of one build".into());
        }
    }
    if linked.relocations.is_empty() {
        return Err("the page was linked without --emit-relocs: is .cargo/config.toml overruled by RUSTFLAGS?".into());
    }
    Ok(linked.pieces(part_of))
}

impl Linked {
    fn read(bytes: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut linked = Self::default();
        // Symbols name their place by segment and offset; the segments may stand behind them in the file.
        let mut symbols = Vec::new();
        let mut section = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            match &payload {
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        linked.imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => linked.code = (section, range.start),
                Payload::CodeSectionEntry(body) => linked.bodies.push(body.range()),
                Payload::DataSection(segments) => {
                    linked.data = (section, segments.range().start);
                    for segment in segments.clone() {
                        let segment = segment?;
                        let mut address = 0;
                        if let DataKind::Active { offset_expr, .. } = &segment.kind
                            && let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
                        {
                            address = value as u32;
                        }
                        linked.segments.push((address, segment.range.end - segment.data.len()..segment.range.end));
                    }
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(names) => {
                        for name in names {
                            if let Name::Function(functions) = name? {
                                for function in functions {
                                    let function = function?;
                                    linked.names.insert(function.index, function.name.to_owned());
                                }
                            }
                        }
                    }
                    KnownCustom::Reloc(relocations) => {
                        let entries = relocations.entries().into_iter().collect::<Result<_, _>>()?;
                        linked.relocations.push((relocations.section_index(), entries));
                    }
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            if let Linking::SymbolTable(table) = part? {
                                for symbol in table {
                                    symbols.push(match symbol? {
                                        SymbolInfo::Data { symbol, .. } => symbol,
                                        _ => None,
                                    });
                                }
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
            if !matches!(payload, Payload::Version { .. } | Payload::CodeSectionEntry(_) | Payload::End(_)) {
                section += 1;
            }
        }
        let segments = &linked.segments;
        linked.symbols = symbols
            .into_iter()
            .map(|symbol| {
                let symbol = symbol?;
                let start = segments.get(symbol.index as usize)?.0 + symbol.offset;
                Some(start..start + symbol.size)
            })
            .collect();
        Ok(linked)
    }

    fn pieces(&self, part_of: &dyn Fn(Option<&str>) -> usize) -> Vec<Piece> {
        let parts = self.parts_of_symbols(part_of);
        // What lies in several symbols comes with the first of their parts; what lies in none comes first.
        let from = self.segments.iter().map(|(address, _)| *address).min().unwrap_or(0);
        let end = self.segments.iter().map(|(address, place)| address + place.len() as u32).max().unwrap_or(0);
        let mut part_at: Vec<Option<usize>> = vec![None; (end - from) as usize];
        for (range, part) in self.symbols.iter().zip(&parts).filter_map(|(range, part)| Some((range.clone()?, *part))) {
            let inside = (range.start.max(from) - from) as usize..(range.end.min(end).max(from) - from) as usize;
            for at in part_at.get_mut(inside).into_iter().flatten() {
                *at = Some(at.map_or(part, |other| other.min(part)));
            }
        }
        let mut pieces = Vec::new();
        for (address, place) in &self.segments {
            let first = (address - from) as usize;
            let bytes = part_at.get(first..first + place.len()).unwrap_or_default();
            let mut at = *address;
            for run in bytes.chunk_by(|one, next| one == next) {
                let piece = at..at + run.len() as u32;
                at = piece.end;
                match run.first() {
                    Some(Some(part)) if *part > 0 && run.len() as u32 >= WORTH_MOVING => {
                        pieces.push(Piece { at: piece, part: *part });
                    }
                    _ => {}
                }
            }
        }
        pieces.sort_by_key(|piece| piece.at.start);
        pieces
    }

    /// The first part that names each symbol; the first of all where nobody does.
    fn parts_of_symbols(&self, part_of: &dyn Fn(Option<&str>) -> usize) -> Vec<usize> {
        let mut parts: Vec<Option<usize>> = vec![None; self.symbols.len()];
        let mut todo: Vec<(usize, usize)> = Vec::new();
        // By symbol: the symbols whose addresses lie in it.
        let mut names: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut by_address: Vec<(Range<u32>, usize)> = Vec::new();
        for (number, range) in self.symbols.iter().enumerate() {
            by_address.extend(range.clone().map(|range| (range, number)));
        }
        by_address.sort_by_key(|(range, _)| range.start);
        let longest = by_address.iter().map(|(range, _)| range.len() as u32).max().unwrap_or(0);
        for (section, entries) in &self.relocations {
            for entry in entries.iter().filter(|entry| is_address(entry.ty)) {
                let named = entry.index as usize;
                if *section == self.code.0 {
                    let at = self.code.1 + entry.offset as usize;
                    let body = self.bodies.partition_point(|body| body.end <= at);
                    let name = self.names.get(&(self.imported + body as u32)).map(String::as_str);
                    todo.push((part_of(name), named));
                } else if *section == self.data.0 {
                    let holders = self.address_of(self.data.1 + entry.offset as usize).map(|address| {
                        let end = by_address.partition_point(|(range, _)| range.start <= address);
                        let start = by_address.partition_point(|(range, _)| range.start + longest < address);
                        by_address
                            .get(start..end)
                            .unwrap_or_default()
                            .iter()
                            .filter(move |(range, _)| range.contains(&address))
                    });
                    let mut held = false;
                    for (_, holder) in holders.into_iter().flatten() {
                        names.entry(*holder).or_default().push(named);
                        held = true;
                    }
                    if !held {
                        todo.push((0, named));
                    }
                }
            }
        }
        while let Some((part, number)) = todo.pop() {
            let Some(known) = parts.get_mut(number) else { continue };
            if known.is_none_or(|known| part < known) {
                *known = Some(part);
                todo.extend(names.get(&number).into_iter().flatten().map(|named| (part, *named)));
            }
        }
        parts.into_iter().map(|part| part.unwrap_or(0)).collect()
    }

    /// The address of a byte of the file.
    fn address_of(&self, at: usize) -> Option<u32> {
        let (address, place) = self.segments.iter().find(|(_, place)| place.contains(&at))?;
        Some(address + (at - place.start) as u32)
    }
}

fn is_address(kind: RelocationType) -> bool {
    matches!(
        kind,
        RelocationType::MemoryAddrLeb
            | RelocationType::MemoryAddrSleb
            | RelocationType::MemoryAddrI32
            | RelocationType::MemoryAddrRelSleb
            | RelocationType::MemoryAddrLocrelI32
    )
}
