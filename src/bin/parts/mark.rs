//! A page that remembers which of its functions were called: each has an exported global that is 1 from then on, named by
//! [`listed`].

use walrus::ir::Value;
use walrus::{ConstExpr, FunctionKind, Module, ValType};

use super::names::listed;

/// The prefix of the marks' names; behind it stand a number and, behind a blank, the function's.
const MARK: &str = "called ";

/// The same module with its marks.
///
/// # Errors
/// It cannot be read.
pub fn mark(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut module = Module::from_buffer(bytes).map_err(|error| format!("the page's wasm: {error}"))?;
    let functions: Vec<_> = module.funcs.iter_local().map(|(id, _)| id).collect();
    for (number, id) in functions.into_iter().enumerate() {
        let mark = module.globals.add_local(ValType::I32, true, false, ConstExpr::Value(Value::I32(0)));
        let function = module.funcs.get_mut(id);
        let Some(name) = function.name.as_deref().map(listed) else { continue };
        if let FunctionKind::Local(local) = &mut function.kind {
            local.builder_mut().func_body().const_at(0, Value::I32(1)).global_set_at(1, mark);
            module.exports.add(&format!("{MARK}{number} {name}"), mark);
        }
    }
    Ok(module.emit_wasm())
}
