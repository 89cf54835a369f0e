use super::*;

/// Numbers as if drawn, with many equal ones.
fn mixed(count: u64) -> Vec<(u64, u64)> {
    (0..count).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58, n)).collect()
}

#[test]
fn sorting_is_stable_whatever_the_length() {
    for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 100, 1000] {
        let mut ours = mixed(count);
        let mut theirs = ours.clone();
        sort_by_key(&mut ours, &|(drawn, _)| *drawn);
        theirs.sort_by_key(|(drawn, _)| *drawn);
        assert_eq!(ours, theirs, "of {count}");
    }
}

#[test]
fn what_is_sorted_stays_and_what_is_reversed_turns_round() {
    let mut up = vec!["a", "b", "c", "d", "e"];
    sort(&mut up);
    assert_eq!(up, ["a", "b", "c", "d", "e"]);
    sort_by(&mut up, &|a, b| b.cmp(a));
    assert_eq!(up, ["e", "d", "c", "b", "a"]);
}

#[test]
fn a_map_is_the_same_as_the_tree_of_the_standard_library() {
    let mut ours = SortedMap::new();
    let mut theirs = std::collections::BTreeMap::new();
    for (key, value) in mixed(300) {
        if value % 5 == 4 {
            assert_eq!(ours.remove(&key), theirs.remove(&key));
        } else {
            assert_eq!(ours.insert(key, value), theirs.insert(key, value));
        }
    }
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().eq(theirs.iter()));
    for from in 0..65 {
        assert_eq!(ours.get(&from), theirs.get(&from));
        assert!(ours.starting_at(&from).eq(theirs.range(from..)));
    }
    *ours.or_default(1000) += 1;
    *ours.or_default(1000) += 1;
    assert_eq!(ours.iter().next_back(), Some((&1000, &2)));
}

#[test]
fn a_set_holds_each_key_once() {
    let mut set: SortedSet<&str> = ["pear", "apple", "pear"].into_iter().collect();
    assert!(!set.insert("apple") && set.insert("fig"));
    assert!(set.remove("pear") && !set.remove("pear"));
    assert_eq!(set.into_iter().collect::<Vec<_>>(), ["apple", "fig"]);
}
