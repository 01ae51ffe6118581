//! Path template: fixed segments and `{placeholders}`.

use proc_macro2::Span;
use syn::{Error, LitStr, Result};

/// One piece of a path.
pub(crate) enum Piece {
    /// Fixed segments with their slashes: `/v3/pay`.
    Fixed(String),
    /// Value of the field with this wire name.
    Value(String),
}

pub(crate) struct Template {
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) pieces: Vec<Piece>,
}

impl Template {
    pub(crate) fn parse(literal: &LitStr) -> Result<Self> {
        let (text, span) = (literal.value(), literal.span());
        let wrong = |message: String| Err(Error::new(span, message));
        let Some(path) = text.strip_prefix('/') else {
            return wrong(format!("a path begins with a slash: `/{text}`"));
        };
        if let Some(at) = path.find(['?', '#']) {
            let (path, _) = text.split_at(at.saturating_add(1));
            return wrong(format!(
                "a path ends before its query: write `{path}`; fields of a GET that are not in the path are its query"
            ));
        }
        let mut pieces = Vec::new();
        for segment in path.split('/') {
            let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            match name {
                Some(name)
                    if pieces
                        .iter()
                        .any(|piece| matches!(piece, Piece::Value(other) if other == name)) =>
                {
                    return wrong(format!("`{{{name}}}` appears in the path twice"));
                }
                Some(name) => pieces.push(Piece::Value(name.to_owned())),
                None if segment.contains(['{', '}']) => {
                    return wrong(format!(
                        "a placeholder is a whole segment: `{segment}` is not `{{name}}`"
                    ));
                }
                None => {
                    if let Some(Piece::Fixed(fixed)) = pieces.last_mut() {
                        fixed.push('/');
                        fixed.push_str(segment);
                    } else {
                        pieces.push(Piece::Fixed(format!("/{segment}")));
                    }
                }
            }
        }
        Ok(Self { text, span, pieces })
    }

    /// Returns true if the field fills a placeholder of the path.
    pub(crate) fn takes(&self, name: &str) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Value(value) if value == name))
    }
}
