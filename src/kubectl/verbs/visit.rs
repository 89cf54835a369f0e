//! Working through several objects, one request after the other.

use std::rc::Rc;

use super::Step;
use crate::kubectl::command_line::Target;
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::value::Value;

/// What is done with one object. What it collects is handed to the end.
pub type Act = fn(&mut Run<'_, '_>, &Target, &mut Vec<Value>) -> Result<(), Failure>;

/// What is done at the end, with what was collected and how many objects there were.
pub type After = fn(&mut Run<'_, '_>, Vec<Value>, usize) -> Outcome;

/// Objects to be worked through.
#[derive(Clone, Debug)]
pub struct Visit {
    targets: Rc<[Result<Target, Failure>]>,
    next: usize,
    collected: Vec<Value>,
    act: Act,
    after: After,
    stop_at_failure: bool,
}

impl Visit {
    /// Works through these objects, whatever happens to one of them.
    pub fn new(targets: Vec<Result<Target, Failure>>, act: Act, after: After) -> Self {
        Self { targets: targets.into(), next: 0, collected: Vec::new(), act, after, stop_at_failure: false }
    }

    /// The same, but the first failure of an object ends it.
    #[must_use]
    pub fn stopping(self) -> Self {
        Self { stop_at_failure: true, ..self }
    }

    /// Takes the next object.
    pub fn go(mut self, run: &mut Run<'_, '_>) -> Outcome {
        while let Some(target) = self.targets.get(self.next) {
            self.next += 1;
            match target {
                Err(failure) => run.fail(failure.clone()),
                Ok(target) => {
                    if let Err(failure) = (self.act)(run, target, &mut self.collected) {
                        if self.stop_at_failure {
                            return Err(failure);
                        }
                        run.fail(failure);
                    }
                    if self.next < self.targets.len() {
                        return Ok(Next::Go(Step::Visit(Box::new(self))));
                    }
                }
            }
        }
        let count = self.targets.iter().filter(|target| target.is_ok()).count();
        (self.after)(run, self.collected, count)
    }
}

/// The end of a command that has nothing more to say.
pub fn nothing_more(_: &mut Run<'_, '_>, _: Vec<Value>, _: usize) -> Outcome {
    Ok(Next::End)
}
