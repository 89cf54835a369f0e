//! One sync of one set: gather, decide and act until nothing is left, report, tidy
//! (`reference/statefulset-controller.md` §2).

use super::claims::ClaimLookup;
use super::decision::{self, Action, Next, Progress, Revision, View};
use super::revisions::{self, Choice};
use super::roster::Roster;
use super::status::SetStatus;
use super::{Ended, SetKey, StatefulSetController, SyncSet, Turn, identity, waits};
use crate::api::{Kind, Reason, Shared, StatefulSetView};
use crate::controller::{Cache, Context, Decision, Wait};
use crate::time::Time;
use crate::value::{Text, Value};
use std::rc::Rc;

/// How often a name collision of revisions is tried again within one sync.
const MOST_COLLISIONS: i64 = 16;

/// The two revisions of a set and all it has.
#[derive(Clone, Debug)]
struct Revisions {
    current: Revision,
    update: Revision,
    collision_count: i64,
    all: Vec<Shared>,
}

/// A sync under way: what it saw when it began, and how far it has come.
#[derive(Clone, Debug)]
pub(super) struct Running {
    set: Shared,
    spec: StatefulSetView,
    roster: Roster,
    revisions: Revisions,
    cache: Cache,
    began: Time,
    progress: Progress,
    /// What is to be done once the API server has answered.
    next: Option<Action>,
    /// What the first error of this sync has to wait for.
    refused: Option<Wait>,
}

impl StatefulSetController {
    /// Syncs a set.
    pub(super) fn sync(&mut self, key: &SetKey, ctx: &mut Context<'_, SyncSet>) -> Ended {
        let Some(set) = self.cache.get(Kind::StatefulSet, &key.0, &key.1).cloned() else {
            return Ended::Well;
        };
        let Some(spec) = set.as_stateful_set().cloned() else {
            return Ended::Well;
        };
        if spec.selector.is_none() {
            return Ended::Well;
        }
        let listed = self.list_revisions(&set, &spec);
        self.adopt_revisions(&set, &listed, ctx);
        let known = self.rosters.get(key).filter(|roster| roster.fits(&set)).cloned();
        let roster = match known {
            Some(roster) => roster,
            None => match self.claim_pods(&set, &spec, ctx) {
                Ok(pods) => self.enroll(key, &set, &spec, &pods),
                Err(error) => return self.fail(&set, &error, ctx),
            },
        };
        let revisions = match self.determine_revisions(&set, &spec, listed, ctx) {
            Ok(revisions) => revisions,
            Err(error) => return self.fail(&set, &error, ctx),
        };
        let running = Running {
            set,
            spec,
            roster,
            revisions,
            cache: self.cache.clone(),
            began: ctx.now,
            progress: Progress::default(),
            next: None,
            refused: None,
        };
        self.decide_and_act(key, running, ctx)
    }

    /// The pods of a set by slot, remembered where nothing about them is out of the ordinary.
    fn enroll(&mut self, key: &SetKey, set: &Shared, spec: &StatefulSetView, pods: &[Shared]) -> Roster {
        let roster = Roster::of(set, spec, pods);
        let ours = |pod: &&Shared| pod.controller().is_some_and(|owner| owner.uid == set.meta.uid);
        let concerned = |pod: &&Shared| ours(pod) || pod.controller().is_none() && identity::is_member(set, pod);
        let all = self.cache.list(Kind::Pod, &key.0).filter(concerned).count();
        if all == pods.len() && pods.iter().all(|pod| ours(&pod)) && roster.is_regular() {
            self.rosters.insert(key.clone(), roster.clone());
        } else {
            self.rosters.remove(key);
        }
        roster
    }

    fn fail(&self, set: &Shared, error: &Text, ctx: &mut Context<'_, SyncSet>) -> Ended {
        ctx.decide(Decision {
            by: super::COMPONENT,
            subject: set.key(),
            did: "gave up this sync and will try again".into(),
            because: error.clone(),
            wait: None,
        });
        Ended::Badly
    }

    /// Decides and acts until nothing is left to do, then writes the status. Between two pods the API server takes its
    /// time.
    pub(super) fn decide_and_act(
        &mut self,
        key: &SetKey,
        mut running: Running,
        ctx: &mut Context<'_, SyncSet>,
    ) -> Ended {
        let (set, spec) = (running.set.clone(), running.spec.clone());
        let (set, spec) = (&set, &spec);
        let cache = running.cache.clone();
        let view = View {
            set,
            spec,
            now: running.began,
            roster: running.roster.clone(),
            claims: ClaimLookup { cache: &cache, namespace: &set.meta.namespace },
            current: running.revisions.current.clone(),
            update: running.revisions.update.clone(),
            max_unavailable_gate: self.max_unavailable_gate,
        };
        let mut wait = None;
        let (mut written, mut pod_done) = (false, false);
        loop {
            let next = match running.next.take() {
                Some(action) => Next::Do(action),
                None => decision::next(&view, &mut running.progress),
            };
            match next {
                Next::Do(action) => {
                    let of_pod = matches!(action, Action::CreatePod { .. } | Action::DeletePod { .. });
                    let of_claim = matches!(action, Action::CreateClaim { .. });
                    let side_by_side = spec.parallel && written;
                    if pod_done && (of_pod || of_claim) || side_by_side && of_pod {
                        running.next = Some(action);
                        self.running.insert(key.clone(), Rc::new(running));
                        ctx.after(super::WRITE_MS, SyncSet(key.clone(), Turn::GoOn));
                        return Ended::NotYet;
                    }
                    written = true;
                    pod_done |= of_pod;
                    if let Err(error) = self.act(&view, &action, ctx) {
                        running.refused.get_or_insert_with(|| waits::for_error(&view, &action, &error));
                        running.progress.failed(&action, error);
                    }
                }
                Next::Wait(reason) => {
                    wait = Some(reason);
                    break;
                }
                Next::Done => break,
            }
        }
        let Running { roster, revisions, progress, .. } = &running;
        match running.refused.clone().or(wait) {
            Some(wait) => {
                if self.waits.get(key) != Some(&wait) {
                    ctx.decide(Decision {
                        by: super::COMPONENT,
                        subject: set.key(),
                        did: Text::default(),
                        because: wait.why.clone(),
                        wait: Some(wait.clone()),
                    });
                    self.waits.insert(key.clone(), wait);
                }
            }
            None => {
                self.waits.remove(key);
            }
        }
        let mut status = SetStatus {
            observed_generation: set.meta.generation,
            current_revision: revisions.current.name.clone(),
            update_revision: revisions.update.name.clone(),
            collision_count: revisions.collision_count,
            ..SetStatus::default()
        };
        status.count(roster, spec.min_ready_seconds, ctx.now);
        // Each outdated pod that was deleted counts as gone, even where it is not of the current revision.
        status.current_replicas = (status.current_replicas - progress.outdated_deleted).max(0);
        status.complete_rolling_update(spec);
        let written = self.write_status(set, spec, &status, ctx);
        self.remind(key, spec, roster, &status, ctx);
        self.truncate_history(spec, roster, revisions, ctx);
        // A sync that went on in one go saw its pods and claims as they still are.
        if running.began == ctx.now
            && let Some(known) = self.rosters.get_mut(key).filter(|known| known.fits(set))
        {
            known.settle(progress.settled());
            if let Some(slot) = progress.updated_from {
                known.note_updated(&revisions.update.name, slot);
            }
        }
        if written && progress.errors.is_empty() { Ended::Well } else { Ended::Badly }
    }

    fn write_status(
        &mut self,
        set: &Shared,
        spec: &StatefulSetView,
        status: &SetStatus,
        ctx: &mut Context<'_, SyncSet>,
    ) -> bool {
        if !status.differs_from(set, spec) {
            return true;
        }
        let mut base = set.clone();
        // A conflict means that the cached set is old: the write is tried once more on the stored one.
        for _ in 0..2 {
            let mut tree = base.tree.clone();
            status.write_into(&mut tree);
            match ctx.client.update_status(&base, tree) {
                Ok(stored) => {
                    self.wrote(set, &stored);
                    let key = (set.meta.namespace.clone(), set.meta.name.clone());
                    self.busy_until.insert(key, ctx.now.plus(super::STATUS_MS));
                    return true;
                }
                Err(error) if error.reason == Reason::Conflict => {
                    match ctx.client.get(Kind::StatefulSet, &set.meta.namespace, &set.meta.name) {
                        Ok(stored) => base = stored,
                        Err(error) => return error.is_not_found(),
                    }
                }
                Err(error) => return error.is_not_found(),
            }
        }
        false
    }

    /// A pod that is Ready but not available yet becomes so by the clock alone.
    fn remind(
        &mut self,
        key: &SetKey,
        spec: &StatefulSetView,
        roster: &Roster,
        status: &SetStatus,
        ctx: &mut Context<'_, SyncSet>,
    ) {
        if spec.min_ready_seconds == 0 || status.ready_replicas == status.available_replicas {
            return;
        }
        let soonest = roster
            .pods()
            .filter_map(|pod| pod.as_pod())
            .filter(|pod| pod.is_running_and_ready())
            .filter_map(|pod| pod.ready_changed)
            .map(|since| since.plus(spec.min_ready_seconds * 1000).since(ctx.now))
            .filter(|ms| *ms > 0)
            .min()
            .unwrap_or(spec.min_ready_seconds * 1000);
        ctx.after(soonest, SyncSet(key.clone(), Turn::Sync));
    }

    fn list_revisions(&self, set: &Shared, view: &StatefulSetView) -> Vec<Shared> {
        let mut revisions: Vec<Shared> = self
            .cache
            .list(Kind::ControllerRevision, &set.meta.namespace)
            .filter(|revision| view.selector.as_ref().is_some_and(|selector| selector.matches(revision.labels())))
            .filter(|revision| revision.controller().is_none_or(|owner| owner.uid == set.meta.uid))
            .cloned()
            .collect();
        revisions::sort(&mut revisions);
        revisions
    }

    /// The data of the set's present template, made only when the template changes.
    fn revision_data(&mut self, set: &Shared) -> Value {
        let key = (set.meta.namespace.clone(), set.meta.name.clone());
        let template = set.tree.at(&["spec", "template"]);
        if let Some((known, data)) = self.data.get(&key)
            && known == template
        {
            return data.clone();
        }
        let data = revisions::data_of(set);
        self.data.insert(key, (template.clone(), data.clone()));
        data
    }

    /// Finds or makes the revision of the present template, and the one the set comes from.
    fn determine_revisions(
        &mut self,
        set: &Shared,
        view: &StatefulSetView,
        mut all: Vec<Shared>,
        ctx: &mut Context<'_, SyncSet>,
    ) -> Result<Revisions, Text> {
        let data = self.revision_data(set);
        let mut collision_count = view.collision_count;
        let update = match revisions::choose(&all, &data) {
            Choice::Use(at) => all.get(at).cloned(),
            Choice::Renumber(at, number) => {
                let old = all.get(at).cloned();
                match old {
                    Some(old) => {
                        let mut tree = old.tree.clone();
                        tree.set(&["revision"], number);
                        let renumbered = ctx.client.update(&old, tree).map_err(|status| status.message.clone())?;
                        Some(renumbered)
                    }
                    None => None,
                }
            }
            Choice::Create(number) => {
                let made = self.create_revision(set, &data, number, &mut collision_count, ctx)?;
                all.push(made.clone());
                Some(made)
            }
        }
        .ok_or_else(|| Text::from("no revision"))?;
        let current = all.iter().find(|revision| revision.meta.name == view.current_revision).unwrap_or(&update);
        let of = |revision: &Shared| Revision {
            name: revision.meta.name.clone(),
            template: revisions::template_of(revision.tree.at(&["data"])),
        };
        Ok(Revisions { current: of(current), update: of(&update), collision_count, all })
    }

    fn create_revision(
        &mut self,
        set: &Shared,
        data: &Value,
        number: i64,
        collision_count: &mut i64,
        ctx: &mut Context<'_, SyncSet>,
    ) -> Result<Shared, Text> {
        let label = revisions::hash(data, *collision_count);
        for _ in 0..MOST_COLLISIONS {
            let name = revisions::name(&set.meta.name, &revisions::hash(data, *collision_count));
            let tree = revisions::build(set, data, &label, &name, number);
            let namespace = &set.meta.namespace;
            match ctx.client.create(Kind::ControllerRevision, namespace, tree) {
                Ok(made) => return Ok(made),
                Err(error) if error.reason == Reason::AlreadyExists => {
                    let found = ctx
                        .client
                        .get(Kind::ControllerRevision, namespace, &name)
                        .map_err(|status| status.message.clone())?;
                    if found.tree.at(&["data"]) == data {
                        return Ok(found);
                    }
                    *collision_count += 1;
                }
                Err(error) => return Err(error.message.clone()),
            }
        }
        Err("too many collisions of revision names".into())
    }

    /// Deletes revisions beyond revisionHistoryLimit that nothing uses any more.
    fn truncate_history(
        &mut self,
        view: &StatefulSetView,
        roster: &Roster,
        revisions: &Revisions,
        ctx: &mut Context<'_, SyncSet>,
    ) {
        let keeps = usize::try_from(view.revision_history_limit).unwrap_or(usize::MAX);
        if revisions.all.len() <= keeps {
            return;
        }
        let mut live = vec![revisions.current.name.clone(), revisions.update.name.clone()];
        live.extend(roster.pods().filter_map(|pod| Some(pod.as_pod()?.revision.clone())));
        for old in revisions::surplus(&revisions.all, &live, view.revision_history_limit) {
            let _ = ctx.client.delete(
                Kind::ControllerRevision,
                &old.meta.namespace,
                &old.meta.name,
                crate::apiserver::DeleteOptions::default(),
            );
        }
    }
}
