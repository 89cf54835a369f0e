//! What the editor offers at the caret, and what it says about a field: all of it from the one schema table.

use super::caret::{self, Place};
use super::ties::{self, Known};
use crate::api::Kind;
use crate::api::schema::{self, Field, Shape, TypeRef};
use crate::explain::rule;
use crate::value::Text;

/// Written by the API server, not by people.
const NOT_WRITTEN: [&str; 9] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "status",
    "uid",
];

/// Kinds that controllers and nodes make.
const MADE: [Kind; 5] = [Kind::Event, Kind::Node, Kind::ControllerRevision, Kind::EndpointSlice, Kind::Endpoints];

/// One thing that could stand at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its name.
    pub word: Text,
    /// Its type, for a field.
    pub ty: String,
    /// What it is for, where that is told.
    pub about: &'static str,
    /// What is written.
    pub text: String,
}

/// What could stand at the caret, and which bytes of the text it would take the place of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// From there…
    pub from: usize,
    /// …to there.
    pub to: usize,
    /// In this order.
    pub all: Vec<Offer>,
    /// The one that Enter takes.
    pub chosen: usize,
}

/// What could stand at the caret; `None` where nothing can be said, or where it stands there already.
pub fn offers(known: Known<'_>, caret: usize) -> Option<Offers> {
    let place = caret::place(known.text, caret)?;
    let mut all = if place.in_value { names(known, &place) } else { labels(known, &place) };
    if all.is_empty() {
        let ty = caret::type_at(place.kind.unwrap_or(Kind::StatefulSet), &place.path)?;
        all = if place.in_value { values(&place, ty) } else { words(ty) };
        if all.is_empty() && !place.in_value {
            all = fields(&place, ty);
        }
    }
    all.retain(|offer| offer.word.starts_with(place.written));
    let there_already = all.len() == 1 && all.first().is_some_and(|offer| offer.word == place.written);
    let ends = |c: char| !(c.is_ascii_alphanumeric() || place.in_value && matches!(c, '-' | '.'));
    let to = caret + place.behind.find(ends).unwrap_or(place.behind.len());
    (!all.is_empty() && !there_already).then_some(Offers { from: place.from, to, all, chosen: 0 })
}

/// The names that a value can be; the value of a label, where its key is one that is there.
fn names(known: Known<'_>, place: &Place<'_>) -> Vec<Offer> {
    match place.path.split_last() {
        Some((key, above)) if ties::selects(above) => {
            let value = |label: &Text| Some(Text::copy(label.strip_prefix(key)?.strip_prefix(": ")?));
            ties::labels(known).iter().filter_map(value).map(live).collect()
        }
        _ => ties::names(known, &place.path).into_iter().map(live).collect(),
    }
}

/// The labels that a selector can ask for.
fn labels(known: Known<'_>, place: &Place<'_>) -> Vec<Offer> {
    if !ties::selects(&place.path) || place.kind == Some(Kind::PersistentVolumeClaim) {
        return Vec::new();
    }
    let taken = |label: &Text| place.beside.iter().any(|key| label.starts_with(&format!("{key}:")));
    ties::labels(known).into_iter().filter(|label| !taken(label)).map(live).collect()
}

fn live(name: Text) -> Offer {
    Offer { text: name.to_string(), word: name, ty: String::new(), about: "" }
}

/// The words that the value of a field can be.
fn values(place: &Place<'_>, ty: TypeRef) -> Vec<Offer> {
    match (place.path.as_slice(), ty.shape()) {
        (["kind"], _) => Kind::ALL.iter().filter(|kind| !MADE.contains(kind)).map(|kind| word(kind.name())).collect(),
        (["apiVersion"], _) => {
            let versions = ["apps/v1", "policy/v1", "storage.k8s.io/v1", "v1"];
            let fits = |version: &&str| place.kind.is_none_or(|kind| kind.api_version() == *version);
            versions.into_iter().filter(fits).map(word).collect()
        }
        (_, Shape::Bool) => vec![word("true"), word("false")],
        _ => words(ty),
    }
}

/// The words that a type (or the items of a list of it) is limited to.
fn words(ty: TypeRef) -> Vec<Offer> {
    ty.words().filter(|text| !text.is_empty()).map(word).collect()
}

fn word(text: &'static str) -> Offer {
    Offer { word: text.into(), ty: String::new(), about: "", text: text.to_owned() }
}

/// The fields that could stand beside those that are there: first those that have to be, then those we can tell about.
fn fields(place: &Place<'_>, ty: TypeRef) -> Vec<Offer> {
    let Some(owner) = ty.inner().filter(|_| !matches!(ty.shape(), Shape::Map(_))) else { return Vec::new() };
    let mut ranked: Vec<(u8, Field)> = Vec::new();
    for field in owner.fields() {
        let name = field.name();
        if place.beside.contains(&name) || NOT_WRITTEN.contains(&name) {
            continue;
        }
        let rank = if field.required() { 0 } else { 2 - u8::from(schema::about(owner, name).is_some()) };
        ranked.push((rank, field));
    }
    crate::sorted::sort_by_key(&mut ranked, &|(rank, field)| (*rank, field.name()));
    let named = place.behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).starts_with(':');
    let offer = |(_, field): &(u8, Field)| Offer {
        word: field.name().into(),
        ty: field.ty().explained(),
        about: schema::about(owner, field.name()).map_or("", |told| told.text),
        text: match (named, place.flow) {
            (true, _) => field.name().to_owned(),
            (_, true) => format!("{}: ", field.name()),
            _ => written(*field, place.column),
        },
    };
    ranked.iter().map(offer).collect()
}

/// A field as it begins: with a blank behind the colon, or the line in which its inside begins.
fn written(field: Field, column: usize) -> String {
    let name = field.name();
    let start = " ".repeat(column);
    match field.ty().shape() {
        Shape::Struct(_) | Shape::Map(_) => format!("{name}:\n{start}  "),
        Shape::List(_) => format!("{name}:\n{start}- "),
        _ => format!("{name}: "),
    }
}

/// What Enter writes: the next line begins where this one does, deeper behind a colon, below the text of an item.
pub fn line_end(text: &str, caret: usize) -> String {
    let line = text.get(..caret).and_then(|head| head.rsplit('\n').next()).unwrap_or_default();
    let mut rest = line.trim_start_matches(' ');
    let mut column = line.len() - rest.len();
    let empty_item = rest.trim_end() == "-";
    while let Some(inner) = rest.strip_prefix("- ") {
        let inner = inner.trim_start_matches(' ');
        column += rest.len() - inner.len();
        rest = inner;
    }
    let deeper = rest.trim_end().ends_with(':') && !rest.starts_with('#');
    if empty_item {
        column = line.len() - line.trim_start_matches(' ').len();
    }
    format!("\n{}", " ".repeat(column + if deeper { 2 } else { 0 }))
}

/// What is said about a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// `spec.replicas`.
    pub path: String,
    /// Its type as `kubectl explain` calls it.
    pub ty: String,
    /// Whether it has to be there.
    pub required: bool,
    /// What it is for.
    pub text: &'static str,
    /// The words it is limited to.
    pub words: String,
    /// The rule that tells more, and its number; 0 for none.
    pub rule: (u8, &'static str),
    /// The line of `kubectl` that tells the same.
    pub line: String,
}

/// What is said about the field that a line (from 0) names; `None` where it names none that there is.
pub fn told(text: &str, line: usize) -> Option<Told> {
    let (kind, path) = caret::field_at(text, line)?;
    let (name, above) = path.split_last()?;
    let owner = caret::type_at(kind, above)?;
    if matches!(owner.shape(), Shape::Map(_)) && owner.inner().is_none() {
        return None;
    }
    let field = owner.field(name)?;
    let about = owner.inner().and_then(|owner| schema::about(owner, name));
    let number = about.map_or(0, |about| about.rule);
    let path = path.join(".");
    Some(Told {
        line: format!("kubectl explain {}.{path}", kind.info().short_names.first().unwrap_or(&kind.info().singular)),
        path,
        ty: field.ty().explained(),
        required: field.required(),
        text: about.map_or("", |about| about.text),
        words: field.ty().words().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", "),
        rule: (number, rule(number)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::{Action, FIRST, Options, State, update};

    /// The offers in a cluster in which the lab was applied.
    fn offers(text: &str, caret: usize) -> Option<Offers> {
        let mut state = State::new(Options::default()).unwrap();
        update(&mut state, Action::Apply);
        update(&mut state, Action::Until(crate::time::Time(5000)));
        let store = state.lab().world.store();
        super::offers(Known { store, namespace: "lab-18", text }, caret)
    }

    /// The text with the offer of this name taken at the bar.
    fn taken(text: &str, wanted: &str) -> String {
        let caret = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let found = offers(&text, caret).unwrap_or_else(|| panic!("nothing is offered in {text}"));
        let names: Vec<&str> = found.all.iter().map(|offer| offer.word.as_str()).collect();
        let offer = found.all.iter().find(|offer| offer.word == wanted);
        let offer = offer.unwrap_or_else(|| panic!("{wanted} is not among {names:?}"));
        format!("{}{}|{}", &text[..found.from], offer.text, &text[found.to..])
    }

    fn offered(text: &str) -> Vec<String> {
        let caret = text.find('|').unwrap();
        let found = offers(&text.replacen('|', "", 1), caret);
        found.map(|found| found.all.iter().map(|offer| offer.word.to_string()).collect()).unwrap_or_default()
    }

    const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n  ";

    #[test]
    fn fields_are_offered_and_written_with_the_right_indentation() {
        assert_eq!(taken(&format!("{SET}rep|"), "replicas"), format!("{SET}replicas: |"));
        assert_eq!(taken(&format!("{SET}upd|"), "updateStrategy"), format!("{SET}updateStrategy:\n    |"));
        assert_eq!(taken(&format!("{SET}vol|"), "volumeClaimTemplates"), format!("{SET}volumeClaimTemplates:\n  - |"));
        let deep = format!("{SET}template:\n    spec:\n      containers:\n      - name: a\n        rea|");
        assert_eq!(taken(&deep, "readinessProbe"), deep.replace("rea|", "readinessProbe:\n          |"));
        assert_eq!(taken(&format!("{SET}re|ps: 2"), "replicas"), format!("{SET}replicas|: 2"), "a name is put right");
    }

    #[test]
    fn what_must_be_there_is_offered_first_and_what_is_there_not_again() {
        let all = offered(&format!("{SET}|"));
        assert_eq!(all.get(..2).unwrap(), ["selector", "template"], "{all:?}");
        assert!(!offered(&format!("{SET}replicas: 1\n  re|")).contains(&"replicas".to_owned()));
        assert!(!offered("kind: Pod\n|").contains(&"status".to_owned()));
    }

    #[test]
    fn values_are_offered_where_only_few_will_do() {
        assert_eq!(offered(&format!("{SET}podManagementPolicy: |")), ["OrderedReady", "Parallel"]);
        assert_eq!(offered(&format!("{SET}podManagementPolicy: P|")), ["Parallel"]);
        assert_eq!(offered(&format!("{SET}podManagementPolicy: Parallel|")), [""; 0], "it stands there already");
        assert!(
            offered(&format!("{SET}volumeClaimTemplates:\n  - spec:\n      accessModes: [\"ReadWriteO|\"]"))
                .contains(&"ReadWriteOnce".to_owned())
        );
        assert!(
            offered(&format!("{SET}volumeClaimTemplates:\n  - spec:\n      accessModes:\n      - |"))
                .contains(&"ReadWriteOnce".to_owned())
        );
        assert_eq!(offered("kind: StatefulSet\napiVersion: |"), ["apps/v1"]);
        assert!(offered("kind: Per|").contains(&"PersistentVolumeClaim".to_owned()));
        assert_eq!(offered(&format!("{SET}template:\n    metadata:\n      labels:\n        a|")), [""; 0], "anybody's");
        assert_eq!(offered(&format!("{SET}nothing:\n    a|")), [""; 0]);
    }

    #[test]
    fn names_are_those_of_the_cluster_and_of_the_text() {
        let beside = "\n---\nkind: Service\nmetadata: {name: other}\n";
        assert_eq!(offered(&format!("{SET}serviceName: |{beside}")), ["mehdb", "other"]);
        assert_eq!(offered(&format!("{SET}serviceName: \"o|\"{beside}")), ["other"]);
        let claim = format!("{SET}volumeClaimTemplates:\n  - spec:\n      storageClassName: |");
        assert_eq!(offered(&claim), ["standard"]);
        assert!(offered("kind: Pod\nmetadata:\n  namespace: l|").contains(&"lab-18".to_owned()));
        assert_eq!(offered("kind: Pod\nspec:\n  serviceAccountName: |"), ["default"]);
        assert_eq!(offered("kind: Pod\nspec:\n  volumes: [{name: a, configMap: {name: |}}]"), ["kube-root-ca.crt"]);
        let whole = taken("kind: Pod\nspec:\n  priorityClassName: system-n|ode", "system-node-critical");
        assert!(whole.ends_with(": system-node-critical|"), "a name is replaced as a whole: {whole}");
    }

    #[test]
    fn a_selector_asks_for_labels_that_there_are() {
        let template = "\n  template:\n    metadata:\n      labels:\n        tier: db\n";
        assert_eq!(
            offered(&format!("{SET}selector:\n    matchLabels:\n      |{template}")),
            ["app: mehdb", "tier: db"]
        );
        assert_eq!(offered(&format!("{SET}selector:\n    matchLabels:\n      tier: |{template}")), ["db"]);
        assert_eq!(offered("kind: Service\nspec:\n  selector: {|}"), ["app: mehdb"]);
        assert_eq!(offered("kind: Service\nspec:\n  selector: {app: |}"), ["mehdb"]);
        assert_eq!(offered("kind: Service\nspec:\n  selector: {app: x, |}"), [""; 0]);
    }

    #[test]
    fn between_braces_fields_are_written_in_one_line() {
        let text = format!("{SET}updateStrategy: {{ty|}}");
        assert_eq!(taken(&text, "type"), text.replace("ty|", "type: |"));
        assert_eq!(offered(&format!("{SET}updateStrategy: {{type: |}}")), ["OnDelete", "RollingUpdate"]);
        let nested = format!("{SET}updateStrategy: {{type: RollingUpdate, rollingUpdate: {{par|}}}}");
        assert_eq!(taken(&nested, "partition"), nested.replace("par|", "partition: |"));
    }

    #[test]
    fn enter_begins_the_next_line_where_it_belongs() {
        for (text, indent) in [
            ("spec:", 2),
            ("  replicas: 2", 2),
            ("  - name: a", 4),
            ("  - name:", 6),
            ("  - ", 2),
            ("# note:", 0),
            ("", 0),
        ] {
            assert_eq!(line_end(text, text.len()), format!("\n{}", " ".repeat(indent)), "{text}");
        }
    }

    #[test]
    fn a_field_is_told_with_its_type_its_words_and_its_rule() {
        let line = |wanted: &str| FIRST.lines().position(|line| line.trim_start().starts_with(wanted)).unwrap();
        let replicas = told(FIRST, line("replicas")).unwrap();
        assert_eq!((replicas.path.as_str(), replicas.ty.as_str(), replicas.rule.0), ("spec.replicas", "integer", 26));
        assert!(replicas.text.contains("seats") && replicas.rule.1.contains("apply"));
        assert_eq!(replicas.line, "kubectl explain sts.spec.replicas");
        let image = told(FIRST, line("image:")).unwrap();
        assert_eq!(image.line, "kubectl explain sts.spec.template.spec.containers.image");
        assert_eq!(told(FIRST, line("app:")), None, "a label is anybody's");
        let policy = told("kind: StatefulSet\nspec:\n  podManagementPolicy: x", 2).unwrap();
        assert_eq!(policy.words, "OrderedReady, Parallel");
        assert_eq!(told("kind: StatefulSet\nspec:\n  replica: 2", 2), None);
    }
}
