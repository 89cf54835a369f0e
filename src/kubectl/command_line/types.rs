//! The names of resource types: those that are served, and those that Kubernetes has beside them.

use std::ops::Deref;

use crate::api::Kind;

/// A resource type that kubectl knows of. Types without a kind exist in Kubernetes but not here: lists of them are
/// empty.
#[derive(Clone, Copy, Debug)]
pub struct ResourceType(&'static TypeInfo);

/// What is fixed about a resource type.
#[derive(Debug)]
pub struct TypeInfo {
    /// `statefulsets`.
    pub plural: &'static str,
    /// `StatefulSet`.
    pub name: &'static str,
    /// `sts`.
    pub short_names: &'static [&'static str],
    /// `apps`; empty for the core group.
    pub group: &'static str,
    /// `v1`.
    pub version: &'static str,
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// The kind that is served for it.
    pub kind: Option<Kind>,
}

impl Deref for ResourceType {
    type Target = TypeInfo;
    fn deref(&self) -> &TypeInfo {
        self.0
    }
}

impl PartialEq for ResourceType {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for ResourceType {}

const fn row(
    plural: &'static str,
    name: &'static str,
    short_names: &'static [&'static str],
    group: &'static str,
    version: &'static str,
    namespaced: bool,
    kind: Option<Kind>,
) -> TypeInfo {
    TypeInfo { plural, name, short_names, group, version, namespaced, kind }
}

/// Every type in the order of `kubectl api-resources`.
#[rustfmt::skip]
static TABLE: &[TypeInfo] = &[
    row("bindings", "Binding", &[], "", "v1", true, None),
    row("componentstatuses", "ComponentStatus", &["cs"], "", "v1", false, None),
    row("configmaps", "ConfigMap", &["cm"], "", "v1", true, Some(Kind::ConfigMap)),
    row("endpoints", "Endpoints", &["ep"], "", "v1", true, Some(Kind::Endpoints)),
    row("events", "Event", &["ev"], "", "v1", true, Some(Kind::Event)),
    row("limitranges", "LimitRange", &["limits"], "", "v1", true, None),
    row("namespaces", "Namespace", &["ns"], "", "v1", false, Some(Kind::Namespace)),
    row("nodes", "Node", &["no"], "", "v1", false, Some(Kind::Node)),
    row("persistentvolumeclaims", "PersistentVolumeClaim", &["pvc"], "", "v1", true, Some(Kind::PersistentVolumeClaim)),
    row("persistentvolumes", "PersistentVolume", &["pv"], "", "v1", false, Some(Kind::PersistentVolume)),
    row("pods", "Pod", &["po"], "", "v1", true, Some(Kind::Pod)),
    row("podtemplates", "PodTemplate", &[], "", "v1", true, None),
    row("replicationcontrollers", "ReplicationController", &["rc"], "", "v1", true, None),
    row("resourcequotas", "ResourceQuota", &["quota"], "", "v1", true, None),
    row("secrets", "Secret", &[], "", "v1", true, Some(Kind::Secret)),
    row("serviceaccounts", "ServiceAccount", &["sa"], "", "v1", true, Some(Kind::ServiceAccount)),
    row("services", "Service", &["svc"], "", "v1", true, Some(Kind::Service)),
    row("mutatingadmissionpolicies", "MutatingAdmissionPolicy", &[], "admissionregistration.k8s.io", "v1", false, None),
    row("mutatingadmissionpolicybindings", "MutatingAdmissionPolicyBinding", &[], "admissionregistration.k8s.io", "v1", false, None),
    row("mutatingwebhookconfigurations", "MutatingWebhookConfiguration", &[], "admissionregistration.k8s.io", "v1", false, None),
    row("validatingadmissionpolicies", "ValidatingAdmissionPolicy", &[], "admissionregistration.k8s.io", "v1", false, None),
    row("validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", &[], "admissionregistration.k8s.io", "v1", false, None),
    row("validatingwebhookconfigurations", "ValidatingWebhookConfiguration", &[], "admissionregistration.k8s.io", "v1", false, None),
    row("customresourcedefinitions", "CustomResourceDefinition", &["crd", "crds"], "apiextensions.k8s.io", "v1", false, None),
    row("apiservices", "APIService", &[], "apiregistration.k8s.io", "v1", false, None),
    row("controllerrevisions", "ControllerRevision", &[], "apps", "v1", true, Some(Kind::ControllerRevision)),
    row("daemonsets", "DaemonSet", &["ds"], "apps", "v1", true, None),
    row("deployments", "Deployment", &["deploy"], "apps", "v1", true, None),
    row("replicasets", "ReplicaSet", &["rs"], "apps", "v1", true, None),
    row("statefulsets", "StatefulSet", &["sts"], "apps", "v1", true, Some(Kind::StatefulSet)),
    row("selfsubjectreviews", "SelfSubjectReview", &[], "authentication.k8s.io", "v1", false, None),
    row("tokenreviews", "TokenReview", &[], "authentication.k8s.io", "v1", false, None),
    row("localsubjectaccessreviews", "LocalSubjectAccessReview", &[], "authorization.k8s.io", "v1", true, None),
    row("selfsubjectaccessreviews", "SelfSubjectAccessReview", &[], "authorization.k8s.io", "v1", false, None),
    row("selfsubjectrulesreviews", "SelfSubjectRulesReview", &[], "authorization.k8s.io", "v1", false, None),
    row("subjectaccessreviews", "SubjectAccessReview", &[], "authorization.k8s.io", "v1", false, None),
    row("horizontalpodautoscalers", "HorizontalPodAutoscaler", &["hpa"], "autoscaling", "v2", true, None),
    row("cronjobs", "CronJob", &["cj"], "batch", "v1", true, None),
    row("jobs", "Job", &[], "batch", "v1", true, None),
    row("certificatesigningrequests", "CertificateSigningRequest", &["csr"], "certificates.k8s.io", "v1", false, None),
    row("leases", "Lease", &[], "coordination.k8s.io", "v1", true, None),
    row("endpointslices", "EndpointSlice", &[], "discovery.k8s.io", "v1", true, Some(Kind::EndpointSlice)),
    row("events", "Event", &["ev"], "events.k8s.io", "v1", true, Some(Kind::Event)),
    row("flowschemas", "FlowSchema", &[], "flowcontrol.apiserver.k8s.io", "v1", false, None),
    row("prioritylevelconfigurations", "PriorityLevelConfiguration", &[], "flowcontrol.apiserver.k8s.io", "v1", false, None),
    row("ingressclasses", "IngressClass", &[], "networking.k8s.io", "v1", false, None),
    row("ingresses", "Ingress", &["ing"], "networking.k8s.io", "v1", true, None),
    row("ipaddresses", "IPAddress", &["ip"], "networking.k8s.io", "v1", false, None),
    row("networkpolicies", "NetworkPolicy", &["netpol"], "networking.k8s.io", "v1", true, None),
    row("servicecidrs", "ServiceCIDR", &[], "networking.k8s.io", "v1", false, None),
    row("runtimeclasses", "RuntimeClass", &[], "node.k8s.io", "v1", false, None),
    row("poddisruptionbudgets", "PodDisruptionBudget", &["pdb"], "policy", "v1", true, Some(Kind::PodDisruptionBudget)),
    row("clusterrolebindings", "ClusterRoleBinding", &[], "rbac.authorization.k8s.io", "v1", false, None),
    row("clusterroles", "ClusterRole", &[], "rbac.authorization.k8s.io", "v1", false, None),
    row("rolebindings", "RoleBinding", &[], "rbac.authorization.k8s.io", "v1", true, None),
    row("roles", "Role", &[], "rbac.authorization.k8s.io", "v1", true, None),
    row("deviceclasses", "DeviceClass", &[], "resource.k8s.io", "v1", false, None),
    row("resourceclaims", "ResourceClaim", &[], "resource.k8s.io", "v1", true, None),
    row("resourceclaimtemplates", "ResourceClaimTemplate", &[], "resource.k8s.io", "v1", true, None),
    row("resourceslices", "ResourceSlice", &[], "resource.k8s.io", "v1", false, None),
    row("priorityclasses", "PriorityClass", &["pc"], "scheduling.k8s.io", "v1", false, None),
    row("csidrivers", "CSIDriver", &[], "storage.k8s.io", "v1", false, None),
    row("csinodes", "CSINode", &[], "storage.k8s.io", "v1", false, None),
    row("csistoragecapacities", "CSIStorageCapacity", &[], "storage.k8s.io", "v1", true, None),
    row("storageclasses", "StorageClass", &["sc"], "storage.k8s.io", "v1", false, Some(Kind::StorageClass)),
    row("volumeattachments", "VolumeAttachment", &[], "storage.k8s.io", "v1", false, None),
    row("volumeattributesclasses", "VolumeAttributesClass", &["vac"], "storage.k8s.io", "v1", false, None),
];

/// Stands in for the type of a kind without a row; the tests know of none.
static NO_ROW: &TypeInfo = &row("bindings", "Binding", &[], "", "v1", true, None);

/// Events in the form of `events.k8s.io` can be read, not written.
static NEW_EVENTS_WRITTEN: &TypeInfo = &row("events", "Event", &["ev"], "events.k8s.io", "v1", true, None);

/// The types of the category `all`, in the order in which `get all` lists them.
const ALL: &[&str] = &[
    "pods",
    "replicationcontrollers",
    "services",
    "daemonsets",
    "deployments",
    "replicasets",
    "statefulsets",
    "horizontalpodautoscalers",
    "cronjobs",
    "jobs",
];

/// Every resource type, in the order of `kubectl api-resources`.
pub fn types() -> impl Iterator<Item = ResourceType> {
    TABLE.iter().map(ResourceType)
}

/// The types of the category `all`.
pub fn category_all() -> impl Iterator<Item = ResourceType> {
    ALL.iter().filter_map(|plural| types().find(|found| found.plural == *plural))
}

/// Finds a type by what a user calls it: plural, singular or kind in any case, a short name exactly, each followed
/// by `.group` or `.version.group` if liked.
pub fn find(word: &str) -> Option<ResourceType> {
    let (name, rest) = word.split_once('.').unwrap_or((word, ""));
    let lower = name.to_ascii_lowercase();
    let named = |found: &ResourceType| {
        found.plural == lower || found.name.eq_ignore_ascii_case(name) || found.short_names.contains(&name)
    };
    let exact = |group: &str| types().find(|found| named(found) && found.group == group);
    let prefixed = |group: &str| types().find(|found| named(found) && found.group.starts_with(group));
    if rest.is_empty() {
        return types().find(named);
    }
    let after_version = rest.split_once('.').filter(|(version, _)| version.starts_with('v')).map(|(_, group)| group);
    exact(rest).or_else(|| after_version.and_then(exact)).or_else(|| prefixed(rest))
}

/// The type of a served kind; each has one.
pub fn of_kind(kind: Kind) -> ResourceType {
    types().find(|found| found.kind == Some(kind)).unwrap_or(ResourceType(NO_ROW))
}

/// The type of a manifest's apiVersion and kind. `Err` holds the type whose kind is spelled in another case.
///
/// # Errors
/// Nothing of that name, or of that spelling, exists.
pub fn of_manifest(api_version: &str, kind: &str) -> Result<ResourceType, Option<ResourceType>> {
    let served = |found: &ResourceType| found.api_version() == api_version;
    types()
        .find(|found| served(found) && found.name == kind)
        .map(|found| if found.is_new_event() { ResourceType(NEW_EVENTS_WRITTEN) } else { found })
        .ok_or_else(|| types().find(|found| served(found) && found.name.eq_ignore_ascii_case(kind)))
}

impl ResourceType {
    /// `apps/v1`, or `v1` for the core group.
    pub fn api_version(self) -> String {
        self.with_group("/", self.version)
    }

    fn with_group(self, separator: &str, version: &str) -> String {
        if self.group.is_empty() { version.to_owned() } else { format!("{}{separator}{version}", self.group) }
    }

    /// `statefulset`.
    pub fn singular(self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// `statefulsets.apps`.
    pub fn qualified_plural(self) -> String {
        self.dotted(self.plural)
    }

    /// `statefulset.apps`.
    pub fn qualified_singular(self) -> String {
        self.dotted(&self.singular())
    }

    /// `StatefulSet.apps`.
    pub fn qualified_name(self) -> String {
        self.dotted(self.name)
    }

    fn dotted(self, name: &str) -> String {
        if self.group.is_empty() { name.to_owned() } else { format!("{name}.{}", self.group) }
    }

    /// `apps/v1, Resource=statefulsets`, as Go prints the type. The core group leaves `/v1`.
    pub fn go_resource(self) -> String {
        format!("{}/{}, Resource={}", self.group, self.version, self.plural)
    }

    /// `apps/v1, Kind=StatefulSet`, as Go prints the kind.
    pub fn go_kind(self) -> String {
        format!("{}/{}, Kind={}", self.group, self.version, self.name)
    }

    /// Whether it is `events.events.k8s.io`: the events of the core group under other names of their fields.
    pub fn is_new_event(self) -> bool {
        self.group == "events.k8s.io"
    }

    /// Whether `kubectl get all` lists it.
    pub fn in_all(self) -> bool {
        ALL.contains(&self.plural)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_type() {
        for kind in Kind::ALL {
            assert_eq!(of_kind(*kind).plural, kind.info().plural);
        }
    }

    #[test]
    fn a_type_is_known_by_all_its_names() {
        for word in [
            "sts",
            "statefulset",
            "statefulsets",
            "StatefulSet",
            "sts.apps",
            "statefulsets.v1.apps",
            "sts.v1beta1.apps",
        ] {
            assert_eq!(find(word).and_then(|t| t.kind), Some(Kind::StatefulSet), "{word}");
        }
        assert_eq!(find("storageclass.storage").and_then(|t| t.kind), Some(Kind::StorageClass));
        assert_eq!(find("events").and_then(|t| t.kind), Some(Kind::Event));
        assert_eq!(find("deploy").map(|t| (t.name, t.kind)), Some(("Deployment", None)));
        for word in ["STS", "statefulsets.foo", "events.v1", "foo", "stss"] {
            assert_eq!(find(word), None, "{word}");
        }
    }
}
