//! Cuts one module into several that share its memory, its tables and its globals.
//!
//! The first part has the imports and exports of the whole. Each later one imports what it needs of the earlier ones by
//! short names from a module [`EARLIER`], and puts its functions into the table of functions when it is instantiated. Where
//! an earlier part calls a function of a later one, a stub stands in its place, which calls through the table, and before
//! that asks the page to fetch the part ([`ASK`]) as long as its exported global `part-1`, `part-2`, … is 0.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, ExportItem, FunctionBuilder, FunctionId, FunctionKind, GlobalKind,
    ImportKind, ImportedFunction, Module, ModuleConfig, ValType, passes,
};

use super::constants::{Piece, pieces};
use super::names::Lists;

/// What later parts import from.
const EARLIER: &str = "p";

/// The page's own function that has a part fetched at once (src/main.rs).
const ASK: &str = "fetch_part";

/// A function by its place in the whole module, which is the same in all that are read from it.
type Number = usize;

/// What a later part needs of an earlier one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Needed {
    /// A function itself, which comes with its own part or is imported by the first.
    Function(Number),
    /// What stands for it until then.
    Stub(Number),
    /// What asks for a part, and waits.
    Check(usize),
    Memory(usize),
    Table(usize),
    Global(usize),
}

/// Where every function comes, and how it is reached from elsewhere.
struct Plan {
    part_of: HashMap<Number, usize>,
    /// Of functions that are called, or named by the table, before they have come: their first place in the table, and the
    /// part that the stub stands in.
    stubs: BTreeMap<Number, (i32, usize)>,
    /// All places of the table in which functions of later parts stand.
    places: BTreeMap<i32, Number>,
    /// How long the table has to be, and how long it was.
    table: (u64, u64),
    count: usize,
}

/// The parts of a page: `linked` says where its constants are, `bound` is what wasm-bindgen has made of it.
///
/// # Errors
/// Either cannot be read, or lacks what is needed: names, relocations, a table, the function [`ASK`].
pub fn split(linked: &[u8], bound: &[u8], lists: &Lists) -> Result<Vec<Vec<u8>>, String> {
    let whole = read(bound)?;
    let plan = Plan::of(&whole, lists)?;
    // Not the lists: what is exported, or asks for parts, comes first wherever they have it.
    let mut part_of: HashMap<&str, usize> = HashMap::new();
    for function in whole.funcs.iter() {
        let part = plan.part_of(function.id().index());
        let known = part_of.entry(function.name.as_deref().unwrap_or_default()).or_insert(part);
        *known = part.min(*known);
    }
    let memory: Vec<(u32, &[u8])> = whole
        .data
        .iter()
        .filter_map(|data| match data.kind {
            DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } => {
                Some((from as u32, data.value.as_slice()))
            }
            _ => None,
        })
        .collect();
    let pieces = pieces(linked, &memory, &|name| name.and_then(|name| part_of.get(name)).copied().unwrap_or(0))?;
    let mut names = Names::default();
    let mut parts = Vec::new();
    // From the last to the first: what a part has to export is known when those behind it are done.
    for part in (0..plan.count).rev() {
        parts.push(plan.part(part, read(bound)?, &pieces, &mut names)?);
    }
    parts.reverse();
    Ok(parts)
}

fn read(bytes: &[u8]) -> Result<Module, String> {
    let mut config = ModuleConfig::new();
    config.generate_producers_section(false).generate_name_section(false);
    let mut module = config.parse(bytes).map_err(|error| format!("the page's wasm: {error}"))?;
    // The linker's notes are of the whole, and wrong of a part.
    let notes: Vec<_> =
        module.customs.iter().filter(|(_, note)| note.name() != "target_features").map(|(id, _)| id).collect();
    for note in notes {
        module.customs.delete(note);
    }
    Ok(module)
}

/// The names by which the parts know each other's things.
#[derive(Default)]
struct Names(BTreeMap<Needed, String>);

impl Names {
    fn of(&mut self, needed: Needed) -> String {
        let next = short(self.0.len());
        self.0.entry(needed).or_insert(next).clone()
    }
}

/// `a`, `b`, … `Z`, `aa`, …
fn short(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        let letter = (number % 52) as u8;
        name.push(char::from(if letter < 26 { b'a' + letter } else { b'A' + letter - 26 }));
        if number < 52 {
            return name;
        }
        number = number / 52 - 1;
    }
}

/// The functions that a body calls.
struct Calls<'a>(&'a mut dyn FnMut(FunctionId));

impl Visitor<'_> for Calls<'_> {
    fn visit_function_id(&mut self, function: &FunctionId) {
        (self.0)(*function);
    }
}

impl Plan {
    fn of(whole: &Module, lists: &Lists) -> Result<Self, String> {
        let exported = |id: FunctionId| whole.exports.get_exported_func(id).is_some();
        let mut part_of: HashMap<Number, usize> = HashMap::new();
        for (id, _) in whole.funcs.iter_local() {
            let named = lists.part(whole.funcs.get(id).name.as_deref());
            part_of.insert(id.index(), if exported(id) { 0 } else { named });
        }
        // What asks for a part cannot wait for one.
        let ask = whole.exports.get_func(ASK).map_err(|_| format!("the page exports no {ASK}"))?;
        let mut todo = vec![ask];
        let mut asking = BTreeSet::new();
        while let Some(id) = todo.pop() {
            if let FunctionKind::Local(function) = &whole.funcs.get(id).kind
                && asking.insert(id.index())
            {
                part_of.insert(id.index(), 0);
                dfs_in_order(&mut Calls(&mut |called| todo.push(called)), function, function.entry_block());
            }
        }
        let part = |number: Number| part_of.get(&number).copied().unwrap_or(0);
        let mut stubs = BTreeMap::new();
        let mut places = BTreeMap::new();
        for element in whole.elements.iter() {
            let (
                ElementKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. },
                ElementItems::Functions(functions),
            ) = (&element.kind, &element.items)
            else {
                continue;
            };
            for (place, function) in (*from..).zip(functions) {
                if part(function.index()) > 0 {
                    places.insert(place, function.index());
                    stubs.entry(function.index()).or_insert((place, 0));
                }
            }
        }
        let table = whole.tables.main_function_table().ok().flatten().ok_or("the page's wasm has no table")?;
        let before = whole.tables.get(table).initial;
        let mut after = before;
        for caller in 0..lists.count {
            let mut called = BTreeSet::new();
            for (_, function) in whole.funcs.iter_local().filter(|(id, _)| part(id.index()) == caller) {
                let mut note = |id: FunctionId| {
                    called.insert(id.index());
                };
                dfs_in_order(&mut Calls(&mut note), function, function.entry_block());
            }
            for number in called.into_iter().filter(|number| part(*number) > caller) {
                stubs.entry(number).or_insert_with(|| {
                    let place = after as i32;
                    after += 1;
                    places.insert(place, number);
                    (place, caller)
                });
            }
        }
        Ok(Self { part_of, stubs, places, table: (after, before), count: lists.count })
    }

    fn part_of(&self, number: Number) -> usize {
        self.part_of.get(&number).copied().unwrap_or(0)
    }

    /// One part, made of the whole by taking away.
    fn part(&self, part: usize, mut module: Module, pieces: &[Piece], names: &mut Names) -> Result<Vec<u8>, String> {
        let mut imports = Vec::new();
        let constants = take_out(part, &mut module, pieces);
        if part > 0 {
            self.strip(&mut module, &mut imports);
        }
        let checks = self.checks(part, &mut module, &mut imports)?;
        let functions: BTreeMap<Number, FunctionId> = module.funcs.iter().map(|f| (f.id().index(), f.id())).collect();
        let locals: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
        for id in locals.into_iter().filter(|id| self.part_of.contains_key(&id.index())) {
            let number = id.index();
            let own = self.part_of(number);
            if own < part {
                import(&mut module, id, Needed::Function(number), &mut imports);
            } else if own > part
                && let Some((place, at)) = self.stubs.get(&number)
            {
                if *at < part {
                    import(&mut module, id, Needed::Stub(number), &mut imports);
                } else if *at == part
                    && let Some(check) = checks.get(own)
                {
                    self.stub(&mut module, id, *place, *check)?;
                }
            }
        }
        self.fill_table(part, &mut module, &functions)?;
        bring(&mut module, constants)?;
        for (needed, name) in &names.0 {
            let item: Option<ExportItem> = match needed {
                // What is imported is passed on by the first part.
                Needed::Function(number) if self.part_of(*number) == part => {
                    functions.get(number).copied().map(Into::into)
                }
                Needed::Stub(number) if self.stubs.get(number).is_some_and(|(_, at)| *at == part) => {
                    functions.get(number).copied().map(Into::into)
                }
                Needed::Check(of) if part == 0 => checks.get(*of).copied().map(Into::into),
                Needed::Memory(number) if part == 0 => {
                    module.memories.iter().find(|m| m.id().index() == *number).map(|m| m.id().into())
                }
                Needed::Table(number) if part == 0 => {
                    module.tables.iter().find(|t| t.id().index() == *number).map(|t| t.id().into())
                }
                Needed::Global(number) if part == 0 => {
                    module.globals.iter().find(|g| g.id().index() == *number).map(|g| g.id().into())
                }
                _ => None,
            };
            if let Some(item) = item {
                module.exports.add(name, item);
            }
        }
        passes::gc::run(&mut module);
        // Only what is left is asked for.
        for (id, needed) in imports {
            if module.imports.iter().any(|import| import.id() == id) {
                module.imports.get_mut(id).name = names.of(needed);
            }
        }
        Ok(module.emit_wasm())
    }

    /// Takes away what only the first part has, and imports it.
    fn strip(&self, module: &mut Module, imports: &mut Vec<(walrus::ImportId, Needed)>) {
        module.start = None;
        for id in module.exports.iter().map(|export| export.id()).collect::<Vec<_>>() {
            module.exports.delete(id);
        }
        for id in module.data.iter().map(|data| data.id()).collect::<Vec<_>>() {
            module.data.delete(id);
        }
        for id in module.elements.iter().map(|element| element.id()).collect::<Vec<_>>() {
            module.elements.delete(id);
        }
        for id in module.imports.iter().map(|import| import.id()).collect::<Vec<_>>() {
            let import = module.imports.get_mut(id);
            if let ImportKind::Function(function) = &import.kind {
                imports.push((id, Needed::Function(function.index())));
            }
            EARLIER.clone_into(&mut import.module);
        }
        for memory in module.memories.iter().map(|memory| memory.id()).collect::<Vec<_>>() {
            let id = module.imports.add(EARLIER, "", memory);
            imports.push((id, Needed::Memory(memory.index())));
            let memory = module.memories.get_mut(memory);
            memory.import = Some(id);
            memory.data_segments.clear();
        }
        for table in module.tables.iter().map(|table| table.id()).collect::<Vec<_>>() {
            let id = module.imports.add(EARLIER, "", table);
            imports.push((id, Needed::Table(table.index())));
            let table = module.tables.get_mut(table);
            table.import = Some(id);
            table.elem_segments.clear();
        }
        for global in module.globals.iter().map(|global| global.id()).collect::<Vec<_>>() {
            let id = module.imports.add(EARLIER, "", global);
            imports.push((id, Needed::Global(global.index())));
            module.globals.get_mut(global).kind = GlobalKind::Import(id);
        }
    }

    /// By part: what asks for it as long as it has not come. The first part needs none.
    fn checks(
        &self,
        part: usize,
        module: &mut Module,
        imports: &mut Vec<(walrus::ImportId, Needed)>,
    ) -> Result<Vec<FunctionId>, String> {
        let mut checks = Vec::new();
        let ask = if part == 0 {
            Some(module.exports.get_func(ASK).map_err(|_| format!("the page exports no {ASK}"))?)
        } else {
            None
        };
        for of in 0..self.count {
            let Some(ask) = ask else {
                let kind = module.types.add(&[], &[]);
                let (function, id) = module.add_import_func(EARLIER, "", kind);
                imports.push((id, Needed::Check(of)));
                checks.push(function);
                continue;
            };
            let here = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
            if of > 0 {
                module.exports.add(&format!("part-{of}"), here);
            }
            let mut check = FunctionBuilder::new(&mut module.types, &[], &[]);
            check.func_body().global_get(here).if_else(
                None,
                |_| {},
                |absent| {
                    absent.i32_const(of as i32).call(ask);
                    // Without it there is nothing to call: the engine stops, and the page says why.
                    absent.global_get(here).if_else(
                        None,
                        |_| {},
                        |failed| {
                            failed.unreachable();
                        },
                    );
                },
            );
            checks.push(check.finish(vec![], &mut module.funcs));
        }
        Ok(checks)
    }

    /// Puts a stub in the place of a function: it waits for the function's part and calls it through the table.
    fn stub(&self, module: &mut Module, id: FunctionId, place: i32, check: FunctionId) -> Result<(), String> {
        let table = module.tables.main_function_table().ok().flatten().ok_or("the page's wasm has no table")?;
        let kind = module.funcs.get(id).ty();
        let signature = module.types.get(kind);
        let (parameters, results) = (signature.params().to_vec(), signature.results().to_vec());
        let arguments: Vec<_> = parameters.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut stub = FunctionBuilder::new(&mut module.types, &parameters, &results);
        let mut body = stub.func_body();
        body.call(check);
        for argument in &arguments {
            body.local_get(*argument);
        }
        body.i32_const(place).call_indirect(kind, table);
        module.funcs.get_mut(id).kind = FunctionKind::Local(stub.local_func(arguments));
        Ok(())
    }

    /// The first part makes the table long enough; each part puts in what it brings, its stubs for later ones too.
    fn fill_table(
        &self,
        part: usize,
        module: &mut Module,
        functions: &BTreeMap<Number, FunctionId>,
    ) -> Result<(), String> {
        let id = module.tables.main_function_table().ok().flatten().ok_or("the page's wasm has no table")?;
        let (after, before) = self.table;
        let table = module.tables.get_mut(id);
        table.initial = after;
        table.maximum = table.maximum.map(|maximum| maximum.max(after));
        let brings = |place: i32, number: Number| {
            let stub = self.stubs.get(&number).is_some_and(|(_, at)| *at == part);
            // The whole's own places are filled by the first part as they were.
            self.part_of(number) == part || stub && place as u64 >= before
        };
        let mut runs: Vec<(i32, Vec<FunctionId>)> = Vec::new();
        for (place, number) in self.places.iter().filter(|(place, number)| brings(**place, **number)) {
            let Some(function) = functions.get(number) else { continue };
            match runs.last_mut() {
                Some((from, run)) if from.saturating_add(run.len() as i32) == *place => run.push(*function),
                _ => runs.push((*place, vec![*function])),
            }
        }
        for (from, run) in runs {
            let kind = ElementKind::Active { table: id, offset: ConstExpr::Value(Value::I32(from)) };
            let element = module.elements.add(kind, ElementItems::Functions(run));
            module.tables.get_mut(id).elem_segments.insert(element);
        }
        Ok(())
    }
}

/// Makes a function an import.
fn import(module: &mut Module, id: FunctionId, needed: Needed, imports: &mut Vec<(walrus::ImportId, Needed)>) {
    let kind = module.funcs.get(id).ty();
    let import = module.imports.add(EARLIER, "", id);
    module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty: kind });
    imports.push((import, needed));
}

/// Takes the constants of later parts out of the memory that the module begins with, and answers those of this part: the
/// address and the bytes of each.
fn take_out(part: usize, module: &mut Module, pieces: &[Piece]) -> Vec<(i32, Vec<u8>)> {
    let mut taken = Vec::new();
    for id in module.data.iter().map(|data| data.id()).collect::<Vec<_>>() {
        let data = module.data.get_mut(id);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } = data.kind else { continue };
        for piece in pieces {
            let Some(at) = piece.at.start.checked_sub(from as u32) else { continue };
            let inside = at as usize..at as usize + piece.at.len();
            let Some(bytes) = data.value.get_mut(inside) else { continue };
            if piece.part == part {
                taken.push((piece.at.start as i32, bytes.to_vec()));
            }
            bytes.fill(0);
        }
    }
    taken
}

/// Has the part bring these constants.
fn bring(module: &mut Module, constants: Vec<(i32, Vec<u8>)>) -> Result<(), String> {
    let memory = module.get_memory_id().map_err(|error| error.to_string())?;
    for (from, bytes) in constants {
        let kind = DataKind::Active { memory, offset: ConstExpr::Value(Value::I32(from)) };
        let data = module.data.add(kind, bytes);
        module.memories.get_mut(memory).data_segments.insert(data);
    }
    Ok(())
}
