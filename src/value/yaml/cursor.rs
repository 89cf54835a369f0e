//! A place in the text and the steps through it.

/// Where something stands, counted from nought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mark {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
    /// How many characters come before, a line break being one or, with a carriage return, two.
    pub index: usize,
}

/// A complaint of the scanner or the parser; boxed, because every result on the way up has room for one.
#[derive(Debug)]
pub struct Problem(Box<Complaint>);

/// What is complained about.
#[derive(Debug)]
pub struct Complaint {
    /// The line that Go prints with it.
    pub line: Option<usize>,
    /// Where the fault is.
    pub at: Mark,
    /// The words.
    pub message: String,
}

impl Problem {
    /// A complaint of the parser about the token at a mark, inside what began at `context`. It is printed with the
    /// number of the line before, on the first line with that of the context.
    pub fn of_parser(message: &str, context: Mark, at: Mark) -> Self {
        let line = if at.line == 0 { context.line } else { at.line };
        Self(Box::new(Complaint { line: (line > 0).then_some(line), at, message: message.to_owned() }))
    }

    /// What is complained about.
    pub fn complaint(self) -> Complaint {
        *self.0
    }

    /// A complaint that is printed without a line.
    pub fn without_line(message: String, at: Mark) -> Self {
        Self(Box::new(Complaint { line: None, at, message }))
    }
}

/// The text and where we are in it. Beyond its end stand zeros; the text itself has none.
pub struct Cursor<'t> {
    text: &'t str,
    at: usize,
    /// Where we are.
    pub mark: Mark,
}

impl<'t> Cursor<'t> {
    /// At the beginning of a text, after its byte order mark.
    pub fn new(text: &'t str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text, at: 0, mark: Mark::default() }
    }

    /// The byte that many bytes ahead.
    pub fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// How many bytes the line break here has; nought where there is none.
    pub fn break_length(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'\r', b'\n', _) | (0xC2, 0x85, _) => 2,
            (b'\n' | b'\r', ..) => 1,
            (0xE2, 0x80, 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    /// Whether a line break is here.
    pub fn is_break(&self) -> bool {
        self.break_length(0) > 0
    }

    /// Whether the text ends here.
    pub fn is_end(&self) -> bool {
        self.byte(0) == 0
    }

    /// Whether a blank, a tab, a line break or the end comes that many bytes ahead.
    pub fn is_blank_or_end(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t' | 0) || self.break_length(ahead) > 0
    }

    /// Whether a blank or a tab is here.
    pub fn is_blank(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t')
    }

    /// Whether `---` or `...` stands here alone at the beginning of a line.
    pub fn document_mark(&self) -> Option<u8> {
        let mark = self.byte(0);
        let alone = self.mark.column == 0
            && matches!(mark, b'-' | b'.')
            && self.byte(1) == mark
            && self.byte(2) == mark
            && self.is_blank_or_end(3);
        alone.then_some(mark)
    }

    /// Steps over one character.
    pub fn skip(&mut self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let width = rest.chars().next().map_or(0, char::len_utf8);
        self.at += width;
        self.mark.column += 1;
        self.mark.index += 1;
        rest.get(..width).unwrap_or("")
    }

    /// Steps over characters.
    pub fn skip_many(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    /// Steps over a line break; answers what it means. A carriage return before it counts as a character too.
    pub fn skip_break(&mut self) -> &'t str {
        let length = self.break_length(0);
        let kept = match length {
            0 => return "",
            3 => self.text.get(self.at..self.at + 3).unwrap_or(""),
            _ => "\n",
        };
        self.mark.index += if self.byte(1) == b'\n' && self.byte(0) == b'\r' { 2 } else { 1 };
        self.at += length;
        self.mark.line += 1;
        self.mark.column = 0;
        kept
    }

    /// Steps over blanks and tabs.
    pub fn skip_blanks(&mut self) {
        while self.is_blank() {
            self.skip();
        }
    }

    /// Steps over a comment, up to its line break.
    pub fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            while !self.is_break() && !self.is_end() {
                self.skip();
            }
        }
    }

    /// Takes letters, digits, `-` and `_`.
    pub fn take_word(&mut self) -> String {
        let mut word = String::new();
        while matches!(self.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-') {
            word.push_str(self.skip());
        }
        word
    }

    /// A complaint of the scanner about this place, inside what began at `context`. Unlike the parser's it is
    /// printed with its own line, but not where that is the first.
    pub fn problem(&self, context: Mark, message: &str) -> Problem {
        let line = if self.mark.line == 0 { context.line } else { self.mark.line + 1 };
        Problem(Box::new(Complaint { line: (line > 0).then_some(line), at: self.mark, message: message.to_owned() }))
    }
}
