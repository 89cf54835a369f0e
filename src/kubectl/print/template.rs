//! Go templates.

/// A template, ready to be carried out.
#[derive(Clone, Debug)]
pub struct Template {
    /// As it was written.
    pub source: String,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(source: &str) -> Result<Self, String> {
        Ok(Self { source: source.to_owned() })
    }
}
