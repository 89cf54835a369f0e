//! Images: how the runtime names them, which can be pulled, and what their programs do.
//!
//! The simulated runtime reads a program's behaviour from its image's name, as the one behind the recordings does
//! (`conformance/README.md`, the recorded world).

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::profile::Profile;
use crate::value::Text;

/// The size every image is said to have, bytes.
pub(super) const SIZE: i64 = 72_319_283;

/// The full name of an image: `nginx` is `docker.io/library/nginx:latest`.
pub(super) fn full_name(image: &str) -> String {
    let (first, rest) = image.split_once('/').unwrap_or(("", image));
    let has_registry = first.contains('.') || first.contains(':') || first == "localhost";
    let mut name = match (first, has_registry) {
        ("", _) => format!("docker.io/library/{image}"),
        (_, true) => image.to_owned(),
        (_, false) => format!("docker.io/{image}"),
    };
    let tail = rest.rsplit('/').next().unwrap_or(rest);
    if !tail.contains(':') && !tail.contains('@') {
        name.push_str(":latest");
    }
    name
}

/// The digest reference of an image: its repository and a digest that depends on nothing but its full name and the
/// world it comes from.
pub(super) fn digest(full_name: &str, profile: &Profile) -> String {
    let tail = full_name.rfind('/').map_or(0, |at| at + 1);
    let end = full_name.get(tail..).and_then(|rest| rest.find([':', '@'])).map_or(full_name.len(), |at| tail + at);
    let repository = full_name.get(..end).unwrap_or(full_name);
    let content = format!("{}{full_name}", profile.images.digest_salt);
    let mut reference = format!("{repository}@sha256:");
    for byte in Sha256::digest(content) {
        // Writing to a string cannot fail.
        let _ = write!(reference, "{byte:02x}");
    }
    reference
}

/// The runtime's answer to a pull of an image that nobody has.
pub(super) fn not_found(full_name: &str) -> String {
    format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image \"{full_name}\": failed to resolve \
         reference \"{full_name}\": {full_name}: not found"
    )
}

/// Whether any registry has the image.
pub(super) fn exists(image: &str) -> bool {
    !image.contains("broken") && !image.contains("nonexistent")
}

/// Whether the image is on every node from the beginning.
pub(super) fn is_present(image: &str, profile: &Profile) -> bool {
    let listed = profile.images.absent.iter().any(|absent| match absent.strip_suffix('*') {
        Some(prefix) => image.starts_with(prefix),
        None => absent == image,
    });
    profile.images.present && !listed && exists(image)
}

/// Whether the name is one an image can have (`InvalidImageName` otherwise).
pub(super) fn is_valid(image: &str) -> bool {
    let repository = image.split('@').next().unwrap_or(image);
    let slash = repository.rfind('/').map_or(0, |at| at + 1);
    let path = match repository.get(slash..).and_then(|rest| rest.find(':')) {
        Some(colon) => repository.get(..slash + colon).unwrap_or(repository),
        None => repository,
    };
    let (host, rest) = path.split_once('/').unwrap_or(("", path));
    let has_host = host.contains('.') || host.contains(':');
    let checked = if has_host { rest } else { path };
    !checked.is_empty()
        && checked.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c))
        && !image.ends_with(':')
        && !image.contains(' ')
}

/// What a program does by itself: after how many ms it ends, and with which exit code. `None`: it runs until told.
pub(super) fn natural_end(image: &str, container: &Text, is_init: bool) -> Option<(i64, i64)> {
    if image.contains("crash") {
        Some((1000, 1))
    } else if container.starts_with("init") || is_init {
        Some((500, 0))
    } else {
        None
    }
}

/// The exit code of a program that is told to stop.
pub(super) fn stop_code(image: &str) -> i64 {
    if image.contains("sigterm143") { 143 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_completed_as_the_runtime_does() {
        for (short, full) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("nginx:1.27", "docker.io/library/nginx:1.27"),
            ("bitnami/kafka:3.8", "docker.io/bitnami/kafka:3.8"),
            ("quay.io/coreos/etcd:v3.5.2", "quay.io/coreos/etcd:v3.5.2"),
            ("localhost:5000/app", "localhost:5000/app:latest"),
        ] {
            assert_eq!(full_name(short), full);
        }
        let profile = Profile::named("life").expect("built in");
        assert!(digest("quay.io:443/x/y:1", &profile).starts_with("quay.io:443/x/y@sha256:"));
        let profile = Profile::named("recorded").unwrap();
        assert_eq!(
            digest("docker.io/library/nginx:1.27", &profile),
            "docker.io/library/nginx@sha256:f938e02cef9054621ea162f2ade6d67bb2fb192ce0021bffed3b604ffc2301df"
        );
    }

    #[test]
    fn names_with_capital_letters_or_blanks_are_no_image_names() {
        for good in ["nginx", "nginx:1.27-Alpine", "quay.io/a/b@sha256:00", "reg.local:5000/a:1"] {
            assert!(is_valid(good), "{good}");
        }
        for bad in ["Nginx:1", "nginx:", " nginx", ""] {
            assert!(!is_valid(bad), "{bad}");
        }
    }
}
