//! What is said of a label selector whose keys or values cannot be those of labels.

use crate::apiserver::parse_selector;

#[test]
fn keys_and_values_of_a_selector_must_have_the_form_of_labels() {
    let value = parse_selector("app=-x").unwrap_err();
    let start = "unable to parse requirement: values[0][app]: Invalid value: \"-x\": a valid label must be";
    assert!(value.starts_with(start), "{value}");
    let key = parse_selector("a/b/c=d").unwrap_err();
    let start = "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": ";
    assert!(key.starts_with(start), "{key}");
    let read = parse_selector("app in (b,a)").map(|selector| selector.to_string());
    assert_eq!(read, Ok("app in (a,b)".to_owned()));
}
