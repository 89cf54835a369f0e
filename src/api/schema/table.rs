//! The table that `build.rs` makes of `schema.json`, and how it is walked.

use std::cmp::Ordering;

use crate::api::Kind;

/// A type: tag, argument (type, struct or enumeration, by the tag), Go name where it does not follow from the rest.
#[derive(Clone, Copy)]
struct T(u8, u16, u16);
/// A struct: name, and the number after that of its last field. Its fields begin where those of the one before end.
#[derive(Clone, Copy)]
struct S(u16, u16);
/// A field: name, type, marks, list treatment, place in Go's declaration. The fields of a struct stand in the order of
/// their names.
#[derive(Clone, Copy)]
struct F(u16, u16, u8, u8, u8);
/// A list treatment: 0 atomic, 1 set, 2 map; patch merge key; list map keys.
#[derive(Clone, Copy)]
struct L(u8, u16, &'static [u16]);

include!(concat!(env!("OUT_DIR"), "/schema_table.rs"));

const REQUIRED: u8 = 1;
const POINTER: u8 = 2;
const ALWAYS: u8 = 4;
const REPLACE: u8 = 8;
const RETAIN_KEYS: u8 = 16;
const MERGE: u8 = 32;
const ATOMIC_MAP: u8 = 64;

fn range_of(number: u16) -> std::ops::Range<usize> {
    let end_of = |n: usize| NAME_ENDS.get(n).map_or(0, |end| usize::from(*end));
    let number = usize::from(number);
    number.checked_sub(1).map_or(0, end_of)..end_of(number)
}

fn name_at(number: u16) -> &'static str {
    NAMES.get(range_of(number)).unwrap_or("")
}

/// Compares a name of the table with another. Bytes are compared as texts are, without looking for characters.
fn compare(number: u16, name: &str) -> Ordering {
    let known = NAMES.as_bytes().get(range_of(number)).unwrap_or(&[]);
    known.cmp(name.as_bytes())
}

/// A type of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeRef(u16);

/// What a type is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text; perhaps one of a few words (`TypeRef::words`).
    String,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A boolean.
    Bool,
    /// Text that is base64.
    Bytes,
    /// A quantity: text, or a number.
    Quantity,
    /// A whole number or text.
    IntOrString,
    /// A moment, in whole seconds.
    Time,
    /// A moment with microseconds.
    MicroTime,
    /// Anything.
    Raw,
    /// Named fields.
    Struct(StructRef),
    /// A list of these.
    List(TypeRef),
    /// Any keys, with these values.
    Map(TypeRef),
}

/// A type with named fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StructRef(u16);

/// How a list is merged by server-side apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// As a whole.
    Atomic,
    /// As a set of scalars.
    Set,
    /// Element by element, by the list map keys.
    Map,
}

/// One field of a struct.
#[derive(Clone, Copy)]
pub struct Field(&'static F);

/// The type of a kind's objects.
pub fn root(kind: Kind) -> TypeRef {
    // Every served kind is in the schema: a test holds it. It is named by its struct, after all rows.
    let at = STRUCTS.binary_search_by(|s| compare(s.0, kind.name())).unwrap_or(0);
    TypeRef((TYPES.len() + at) as u16)
}

/// The type of this name, such as `PodSpec` or `ObjectMeta`.
pub fn root_named(name: &str) -> Option<TypeRef> {
    let at = STRUCTS.binary_search_by(|s| compare(s.0, name)).ok()?;
    let number = TYPES.iter().position(|t| t.0 == 10 && usize::from(t.1) == at);
    // A kind that no other type mentions has no row of its own: it is named by its struct, after all rows.
    let number = number.unwrap_or(TYPES.len() + at);
    u16::try_from(number).ok().map(TypeRef)
}

impl TypeRef {
    fn row(self) -> T {
        let at = usize::from(self.0);
        TYPES.get(at).copied().unwrap_or(T(10, (at - TYPES.len().min(at)) as u16, 0))
    }

    /// What it is made of.
    pub fn shape(self) -> Shape {
        let row = self.row();
        match row.0 {
            0 => Shape::String,
            1 => Shape::Int32,
            2 => Shape::Int64,
            3 => Shape::Bool,
            4 => Shape::Bytes,
            5 => Shape::Quantity,
            6 => Shape::IntOrString,
            7 => Shape::Time,
            8 => Shape::MicroTime,
            10 => Shape::Struct(StructRef(row.1)),
            11 => Shape::List(TypeRef(row.1)),
            12 => Shape::Map(TypeRef(row.1)),
            _ => Shape::Raw,
        }
    }

    /// Whether it has named fields; so do the items of a list of such.
    pub fn is_struct(self) -> bool {
        match self.shape() {
            Shape::Struct(_) => true,
            Shape::List(item) => item.is_struct(),
            _ => false,
        }
    }

    /// The type of the values of a map.
    pub fn of_values(self) -> Option<TypeRef> {
        match self.shape() {
            Shape::Map(value) => Some(value),
            _ => None,
        }
    }

    /// The struct it is, or that its items or values are.
    pub fn inner(self) -> Option<StructRef> {
        match self.shape() {
            Shape::Struct(inner) => Some(inner),
            Shape::List(item) | Shape::Map(item) => item.inner(),
            _ => None,
        }
    }

    /// A field by name; of the items or values where this is a list or a map.
    pub fn field(self, name: &str) -> Option<Field> {
        self.inner()?.field(name)
    }

    /// The fields in the order of their names; of the items or values where this is a list or a map.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.inner().into_iter().flat_map(StructRef::fields)
    }

    /// The words that a text (or an item of a list of texts) may be, in alphabetical order; none where any will do.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let row = self.row();
        let words = match row.0 {
            0 => ENUMS.get(usize::from(row.1)).copied(),
            11 => {
                let item = TypeRef(row.1).row();
                (item.0 == 0).then(|| ENUMS.get(usize::from(item.1)).copied()).flatten()
            }
            _ => None,
        };
        words.unwrap_or(&[]).iter().map(|word| name_at(*word))
    }

    /// The type as Go spells it in type errors: `int32`, `[]v1.Container`, `map[string]string`.
    pub fn go_name(self) -> String {
        let row = self.row();
        if row.2 != 0 {
            return name_at(row.2).to_owned();
        }
        match self.shape() {
            Shape::String => "string".to_owned(),
            Shape::Int32 => "int32".to_owned(),
            Shape::Int64 => "int64".to_owned(),
            Shape::Bool => "bool".to_owned(),
            Shape::Bytes => "[]uint8".to_owned(),
            Shape::Quantity => "resource.Quantity".to_owned(),
            Shape::IntOrString => "intstr.IntOrString".to_owned(),
            Shape::Time => "v1.Time".to_owned(),
            Shape::MicroTime => "v1.MicroTime".to_owned(),
            Shape::Raw => "runtime.RawExtension".to_owned(),
            Shape::Struct(inner) => format!("v1.{}", inner.name()),
            Shape::List(item) => format!("[]{}", item.go_name()),
            Shape::Map(item) => format!("map[string]{}", item.go_name()),
        }
    }

    /// The type as `kubectl explain` prints it between its angle brackets: `[]Container`, `integer`.
    pub fn explained(self) -> String {
        match self.shape() {
            Shape::String | Shape::Bytes => "string".to_owned(),
            Shape::Int32 | Shape::Int64 => "integer".to_owned(),
            Shape::Bool => "boolean".to_owned(),
            Shape::Quantity => "Quantity".to_owned(),
            Shape::IntOrString => "IntOrString".to_owned(),
            Shape::Time => "Time".to_owned(),
            Shape::MicroTime => "MicroTime".to_owned(),
            Shape::Raw => "Object".to_owned(),
            Shape::Struct(inner) => inner.name().to_owned(),
            Shape::List(item) => format!("[]{}", item.explained()),
            Shape::Map(item) => format!("map[string]{}", item.explained()),
        }
    }
}

impl StructRef {
    /// The name of its Go type: `StatefulSetSpec`.
    pub fn name(self) -> &'static str {
        STRUCTS.get(usize::from(self.0)).map_or("", |s| name_at(s.0))
    }

    fn rows(self) -> &'static [F] {
        let end_of = |n: usize| STRUCTS.get(n).map_or(0, |s| usize::from(s.1));
        let at = usize::from(self.0);
        let start = at.checked_sub(1).map_or(0, end_of);
        FIELDS.get(start..end_of(at)).unwrap_or(&[])
    }

    /// Its fields in the order of their names.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.rows().iter().map(Field)
    }

    /// A field by name.
    pub fn field(self, name: &str) -> Option<Field> {
        self.field_at(self.seek(name, 0)?)
    }

    /// The place of a field by name, from a place on: for walks along sorted names.
    pub fn seek(self, name: &str, from: usize) -> Option<usize> {
        let rows = self.rows().get(from..)?;
        let at = rows.binary_search_by(|f| compare(f.0, name)).ok()?;
        Some(from + at)
    }

    /// The field at a place.
    pub fn field_at(self, at: usize) -> Option<Field> {
        self.rows().get(at).map(Field)
    }

    /// The fields from one place to before another that are always written.
    pub fn always_written(self, from: usize, to: usize) -> impl Iterator<Item = Field> {
        let rows = self.rows();
        let rows = rows.get(from..to.min(rows.len())).unwrap_or(&[]);
        rows.iter().filter(|f| f.2 & ALWAYS != 0).map(Field)
    }
}

impl Field {
    fn list(self) -> Option<&'static L> {
        LISTS.get(usize::from(self.0.3))
    }

    fn has(self, mark: u8) -> bool {
        self.0.2 & mark != 0
    }

    /// Its name: `volumeClaimTemplates`.
    pub fn name(self) -> &'static str {
        name_at(self.0.0)
    }

    /// Its place among the fields as Go declares them; those of equal place follow the alphabet.
    pub fn place(self) -> u8 {
        self.0.4
    }

    /// Its type.
    pub fn ty(self) -> TypeRef {
        TypeRef(self.0.1)
    }

    /// Whether the API asks for it.
    pub fn required(self) -> bool {
        self.has(REQUIRED)
    }

    /// Whether its zero value is different from its absence.
    pub fn is_pointer(self) -> bool {
        self.has(POINTER)
    }

    /// Whether Kubernetes writes it even when nothing was given.
    pub fn always_written(self) -> bool {
        self.has(ALWAYS)
    }

    /// How server-side apply merges it, where it is a list.
    pub fn list_kind(self) -> Option<ListKind> {
        self.list().map(|list| match list.0 {
            2 => ListKind::Map,
            1 => ListKind::Set,
            _ => ListKind::Atomic,
        })
    }

    /// The keys that tell the elements of a list of kind `Map` apart.
    pub fn list_map_keys(self) -> impl Iterator<Item = &'static str> {
        let keys = self.list().map_or(&[][..], |list| list.2);
        keys.iter().map(|key| name_at(*key))
    }

    /// The key by which strategic merge patches know the elements of this list; none for lists of scalars.
    pub fn merge_key(self) -> Option<&'static str> {
        let name = name_at(self.list()?.1);
        (!name.is_empty()).then_some(name)
    }

    /// Whether a strategic merge patch merges this list instead of replacing it.
    pub fn patch_merges(self) -> bool {
        self.has(MERGE)
    }

    /// Whether a strategic merge patch replaces this map instead of merging it.
    pub fn patch_replaces(self) -> bool {
        self.has(REPLACE)
    }

    /// Whether a strategic merge patch names the keys to be retained in this map, or in the elements of this list.
    pub fn patch_retains_keys(self) -> bool {
        self.has(RETAIN_KEYS)
    }

    /// Whether server-side apply takes this map as a whole.
    pub fn is_atomic_map(self) -> bool {
        self.has(ATOMIC_MAP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(kind: Kind, path: &str) -> Field {
        let (mut ty, mut found) = (root(kind), None);
        for name in path.split('.') {
            let field = ty.field(name).unwrap_or_else(|| panic!("no {name} in {path}"));
            ty = field.ty();
            found = Some(field);
        }
        found.unwrap()
    }

    #[test]
    fn every_served_kind_has_its_fields() {
        for kind in Kind::ALL {
            let inner = root(*kind).inner().unwrap();
            assert_eq!(inner.name(), kind.name());
            for name in ["apiVersion", "kind", "metadata"] {
                assert!(inner.field(name).is_some(), "{name} of {}", kind.name());
            }
        }
        assert_eq!(FIELDS.len(), 1015);
    }

    #[test]
    fn a_path_leads_to_a_type_with_its_go_name() {
        for (path, go, explained) in [
            ("spec.replicas", "int32", "integer"),
            ("spec.template.spec.containers", "[]v1.Container", "[]Container"),
            ("spec.template.metadata.labels", "map[string]string", "map[string]string"),
            ("spec.podManagementPolicy", "v1.PodManagementPolicyType", "string"),
            ("spec.template.spec.containers.resources.limits", "v1.ResourceList", "map[string]Quantity"),
            ("spec.volumeClaimTemplates.spec.accessModes", "[]v1.PersistentVolumeAccessMode", "[]string"),
            ("metadata.uid", "types.UID", "string"),
            ("metadata.creationTimestamp", "v1.Time", "Time"),
        ] {
            let field = at(Kind::StatefulSet, path);
            assert_eq!(field.ty().go_name(), go, "{path}");
            assert_eq!(field.ty().explained(), explained, "{path}");
        }
        assert_eq!(at(Kind::Secret, "data").ty().go_name(), "map[string][]uint8");
    }

    #[test]
    fn fields_know_how_they_are_merged() {
        let ports = at(Kind::Pod, "spec.containers.ports");
        assert_eq!(ports.merge_key(), Some("containerPort"));
        assert_eq!(ports.list_map_keys().collect::<Vec<_>>(), ["containerPort", "protocol"]);
        assert_eq!(ports.list_kind(), Some(ListKind::Map));
        let volumes = at(Kind::Pod, "spec.volumes");
        assert!(volumes.patch_merges() && volumes.patch_retains_keys());
        let tolerations = at(Kind::Pod, "spec.tolerations");
        assert!(!tolerations.patch_merges());
        assert_eq!(tolerations.list_kind(), Some(ListKind::Atomic));
        assert!(at(Kind::Pod, "metadata.finalizers").patch_merges());
        assert!(at(Kind::PodDisruptionBudget, "spec.selector").patch_replaces());
        assert!(at(Kind::Pod, "spec.containers").required());
    }

    #[test]
    fn words_are_listed_where_only_they_will_do() {
        let words: Vec<&str> = at(Kind::Pod, "spec.containers.imagePullPolicy").ty().words().collect();
        assert_eq!(words, ["Always", "IfNotPresent", "Never"]);
        let modes = at(Kind::PersistentVolumeClaim, "spec.accessModes").ty();
        assert_eq!(modes.words().count(), 4);
        assert_eq!(at(Kind::Pod, "spec.nodeName").ty().words().count(), 0);
    }
}
