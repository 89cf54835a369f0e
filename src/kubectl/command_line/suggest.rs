//! `Did you mean this?`

/// The commands that kubectl suggests for a word that is none: near ones, in the order of its help.
pub fn similar<'a>(word: &str, commands: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_ascii_lowercase();
    commands.filter(|name| distance(&word, name) <= 2 || name.starts_with(&word)).collect()
}

/// How many letters have to be put in, taken out or exchanged to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, letter) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (other, above) in to.iter().zip(row.iter().skip(1)) {
            let exchanged = diagonal + usize::from(letter != *other);
            left = exchanged.min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_and_beginnings_are_suggested() {
        let commands = || ["set", "get", "logs", "rollout", "describe"].into_iter();
        assert_eq!(similar("gett", commands()), ["set", "get"]);
        assert_eq!(similar("Get", commands()), ["set", "get"]);
        assert_eq!(similar("bogus", commands()), ["logs"]);
        assert_eq!(similar("desc", commands()), ["describe"]);
        assert!(similar("get-pods", commands()).is_empty());
    }
}
