use super::*;

fn names(folder: &Folder) -> Vec<&str> {
    folder.files().iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn files_come_are_renamed_and_go_and_one_always_stays() {
    let mut folder = Folder::default();
    folder.add("", "kind: Pod\n").unwrap();
    assert_eq!((folder.name().as_str(), folder.text().as_str()), ("manifest-2.yaml", "kind: Pod\n"));
    folder.rename("web").unwrap();
    assert_eq!(names(&folder), ["stateful.yaml", "web.yaml"]);
    assert_eq!(folder.rename("stateful.yaml"), Err("There is a file stateful.yaml already.".into()));
    assert_eq!(folder.rename("  "), Err("A file needs a name.".into()));
    folder.open(0);
    assert_eq!(folder.text(), FIRST);
    folder.close(0);
    folder.close(0);
    assert_eq!(names(&folder), ["web.yaml"], "the last one stays");
    folder.reopen().unwrap();
    assert_eq!(
        (folder.name().as_str(), folder.text().as_str()),
        ("stateful.yaml", FIRST),
        "what was closed is not lost"
    );
}

#[test]
fn a_file_that_was_opened_again_takes_its_own_place() {
    let mut folder = Folder::default();
    folder.add("a.yaml", "one").unwrap();
    folder.add("b.yaml", "two").unwrap();
    folder.add("C:\\own files\\a.yaml", "\u{feff}three\r\n").unwrap();
    assert_eq!(names(&folder), ["stateful.yaml", "a.yaml", "b.yaml"]);
    assert_eq!((folder.place(), folder.text().as_str()), (1, "three\n"));
}

#[test]
fn what_is_no_text_or_too_long_is_refused_in_words_and_changes_nothing() {
    let mut folder = Folder::default();
    let before = folder.clone();
    let said = folder.add("logo.png", "\u{0}\u{1}PNG").unwrap_err();
    assert!(said.starts_with("logo.png is no text"), "{said}");
    let said = folder.add("huge.yaml", &"a".repeat(LONGEST_FILE + 1)).unwrap_err();
    assert!(said.contains("128 KB at most"), "{said}");
    assert!(folder.write(&"a".repeat(LONGEST_FILE + 1)).is_err());
    assert_eq!(folder, before);
    for nth in 1..FILES {
        folder.add("", "").unwrap_or_else(|said| panic!("file {nth}: {said}"));
    }
    assert!(folder.add("", "").unwrap_err().contains("close one first"));
}

#[test]
fn no_name_can_say_more_to_a_shell_than_a_name() {
    for (given, taken) in [
        ("web 2; rm -rf ~", "web-2--rm--rf--.yaml"),
        ("-f", "f.yaml"),
        ("../..", "manifest.yaml"),
        ("$(x).yml", "x-.yml"),
        ("é", "manifest.yaml"),
    ] {
        assert_eq!(tidy(given), taken);
    }
}

#[test]
fn a_session_gives_back_the_files_and_which_was_open() {
    let mut folder = Folder::default();
    folder.add("a.yaml", "one").unwrap();
    assert_eq!(Folder::of(&folder.all(), "a.yaml"), folder);
    assert_eq!(Folder::of(&Files::default(), ""), Folder::default());
    assert_eq!(Folder::read_all(&folder.write_all()), Some(folder));
    assert_eq!(Folder::read_all("something else"), None);
}
