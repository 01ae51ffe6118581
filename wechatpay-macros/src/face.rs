//! Resolution of the library's name in generated code.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};

/// Crate that the generated code names.
const CORE: &str = "wechatpay_core";
/// Crates that re-export what the generated code needs, in order of preference.
const FACES: [&str; 5] = [
    "wechatpay-core",
    "wechatpay-tower",
    "wechatpay-axum",
    "wechatpay-actix",
    "wechatpay-rocket",
];

/// Replaces the name of core by that of the crate which the user depends on.
///
/// Without any of them in `Cargo.toml` the name stays, and the compiler says what is missing.
pub(crate) fn resolved(tokens: TokenStream) -> TokenStream {
    match FACES.iter().find_map(|face| crate_name(face).ok()) {
        Some(FoundCrate::Name(name)) if name != CORE => renamed(tokens, &name),
        _ => tokens,
    }
}

fn renamed(tokens: TokenStream, name: &str) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), renamed(group.stream(), name));
                inner.set_span(group.span());
                inner.into()
            }
            TokenTree::Ident(ident) if ident == CORE => Ident::new(name, ident.span()).into(),
            // The argument of `serde(crate = "…")`.
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                match text.strip_prefix("\"::wechatpay_core::") {
                    Some(rest) => {
                        let path = format!("::{name}::{}", rest.trim_end_matches('"'));
                        let mut renamed = Literal::string(&path);
                        renamed.set_span(literal.span());
                        renamed.into()
                    }
                    None => literal.into(),
                }
            }
            token => token,
        })
        .collect()
}
