//! Defaults of Services. Addresses are no defaults: they are allocated.

use super::{each, fill, fill_zero, omit, omit_null, with};
use crate::value::Value;

/// Fills in a Service.
pub(super) fn apply(tree: &mut Value) {
    fill(tree, "spec", Value::empty_map());
    let spec = tree.at_mut(&["spec"]);
    fill_zero(spec, "sessionAffinity", "None");
    fill_zero(spec, "type", "ClusterIP");
    omit(
        spec,
        &[
            "clusterIP",
            "clusterIPs",
            "externalIPs",
            "externalName",
            "externalTrafficPolicy",
            "healthCheckNodePort",
            "ipFamilies",
            "loadBalancerIP",
            "loadBalancerSourceRanges",
            "ports",
            "publishNotReadyAddresses",
            "selector",
        ],
    );
    omit_null(
        spec,
        &[
            "allocateLoadBalancerNodePorts",
            "internalTrafficPolicy",
            "ipFamilyPolicy",
            "loadBalancerClass",
            "sessionAffinityConfig",
            "trafficDistribution",
        ],
    );
    match spec.at(&["sessionAffinity"]).str_or_empty() {
        "None" => {
            spec.take(&["sessionAffinityConfig"]);
        }
        "ClientIP" => {
            fill(spec, "sessionAffinityConfig", Value::empty_map());
            with(spec, "sessionAffinityConfig", |config| {
                fill(config, "clientIP", Value::empty_map());
                with(config, "clientIP", |client| fill(client, "timeoutSeconds", 10800));
            });
        }
        _ => {}
    }
    let service_type = spec.at(&["type"]).text();
    let reachable_from_outside = matches!(service_type.as_str(), "NodePort" | "LoadBalancer");
    if reachable_from_outside {
        fill_zero(spec, "externalTrafficPolicy", "Cluster");
    }
    if reachable_from_outside || service_type == *"ClusterIP" {
        fill(spec, "internalTrafficPolicy", "Cluster");
    }
    if service_type == *"LoadBalancer" {
        fill(spec, "allocateLoadBalancerNodePorts", true);
    }
    each(spec, "ports", |port| {
        omit(port, &["name", "nodePort"]);
        omit_null(port, &["appProtocol"]);
        fill_zero(port, "protocol", "TCP");
        let number = port.at(&["port"]).clone();
        fill_zero(port, "targetPort", number);
    });
    fill(tree, "status", Value::empty_map());
    with(tree, "status", |status| {
        fill(status, "loadBalancer", Value::empty_map());
    });
}
