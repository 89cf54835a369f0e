//! What the reader of a page may do that is only to be looked at.

use super::action::Action;
use super::desk::DeskAction;
use super::dock::DockAction;
use super::folder::FileAction;
use super::state::State;
use super::travel::TravelAction;
use super::update::update;

/// Does what the reader of the page pressed or typed; nothing that would act on the cluster or change what was done,
/// where one may only look. What the page around ours asks for is not meant.
pub fn press(state: &mut State, action: Action) {
    if !(state.options.readonly && acts(&action)) {
        update(state, action);
    }
}

fn acts(action: &Action) -> bool {
    use TravelAction::{Forget, Rename, Undo};
    matches!(
        action,
        Action::Apply
            | Action::Begin
            | Action::Scale
            | Action::Patch
            | Action::Delete
            | Action::Run(_)
            | Action::LabStep(_)
            | Action::Enter(_)
            | Action::Interrupt(_)
            | Action::Fault(_)
            | Action::Edit(_)
            | Action::Pane(_)
            | Action::Desk(DeskAction::Typed(..) | DeskAction::Take(_) | DeskAction::Enter(..))
            | Action::File(FileAction::New | FileAction::Add(..) | FileAction::Rename(_) | FileAction::Close(_))
            | Action::Dock(DockAction::Close(_))
            | Action::Example(_)
            | Action::Namespace(_)
            | Action::World(_)
            | Action::Travel(Undo | Rename(..) | Forget(_))
    )
}

#[cfg(test)]
mod tests {
    use super::super::options::Options;
    use super::*;
    use crate::time::Time;

    #[test]
    fn where_one_may_only_look_time_goes_both_ways_and_nothing_that_was_done_changes() {
        let mut state = State::new(Options { readonly: true, ..Options::default() }).unwrap();
        update(&mut state, Action::Run("kubectl create ns a".into()));
        update(&mut state, Action::Until(Time(20_000)));
        let branch = |state: &State| (state.time.branches().len(), state.time.branch().entries().to_vec());
        let (before, manifest) = (branch(&state), state.folder.text().clone());
        press(&mut state, Action::Seek(Time(5_000)));
        assert!(state.time.in_the_past());
        for action in [
            Action::Apply,
            Action::Begin,
            Action::Run("kubectl create ns b".into()),
            Action::LabStep(0),
            Action::Edit("kind: Pod".into()),
            Action::Travel(TravelAction::Undo),
            Action::Travel(TravelAction::Rename(1, "mine".into())),
            Action::Travel(TravelAction::Forget(1)),
        ] {
            press(&mut state, action);
        }
        assert_eq!((branch(&state), state.folder.text().clone()), (before, manifest));
        assert_eq!((state.time.branch().name.as_str(), state.time.now()), ("main", Time(5_000)));
        state.options.readonly = false;
        press(&mut state, Action::Travel(TravelAction::Undo));
        assert_eq!(state.time.branches().len(), 2, "elsewhere it is undone");
    }
}
