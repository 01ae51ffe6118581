//! Expansion of `#[open_enum]`: an open set of values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Expr, ExprLit, Fields, Lit, LitStr, Result, spanned::Spanned as _};

pub(crate) fn expand(mut item: DeriveInput) -> Result<TokenStream> {
    let Data::Enum(values) = &mut item.data else {
        return Err(Error::new(item.ident.span(), "open_enum is for enums"));
    };
    let mut texts: Vec<LitStr> = Vec::new();
    for variant in &mut values.variants {
        let name = variant.ident.clone();
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new(
                variant.fields.span(),
                "a value of an open enum has no fields",
            ));
        }
        if name == "Other" {
            return Err(Error::new(
                name.span(),
                "`Other` is added by the macro, for values that are not known yet",
            ));
        }
        let text = match variant.discriminant.take() {
            Some((
                _,
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text), ..
                }),
            )) => text,
            Some((_, other)) => {
                return Err(Error::new(
                    other.span(),
                    format!("`{name}` needs its text on the wire: `{name} = \"…\"`"),
                ));
            }
            None => {
                return Err(Error::new(
                    name.span(),
                    format!("`{name}` needs its text on the wire: `{name} = \"…\"`"),
                ));
            }
        };
        if texts.iter().any(|other| other.value() == text.value()) {
            return Err(Error::new(
                text.span(),
                format!("`{}` is another value already", text.value()),
            ));
        }
        let doc = format!("On the wire: `{}`.", text.value());
        // A paragraph of its own after the written documentation.
        variant.attrs.push(syn::parse_quote!(#[doc = ""]));
        variant.attrs.push(syn::parse_quote!(#[doc = #doc]));
        texts.push(text);
    }
    let (attrs, vis, ident) = (&item.attrs, &item.vis, &item.ident);
    if let Some(parameter) = item.generics.params.first() {
        return Err(Error::new(parameter.span(), "an open enum is not generic"));
    }
    let variants = values.variants.iter();
    let names: Vec<_> = values.variants.iter().map(|variant| &variant.ident).collect();
    Ok(quote! {
        #(#attrs)*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #vis enum #ident {
            #(#variants,)*
            /// Value unknown to this version, kept verbatim; empty if the member was absent.
            Other(::std::boxed::Box<str>),
        }

        #[automatically_derived]
        impl ::core::default::Default for #ident {
            fn default() -> Self {
                Self::Other(::std::boxed::Box::default())
            }
        }

        impl #ident {
            /// Returns true if the member was absent; an absent value confirms nothing.
            #[must_use]
            pub fn is_absent(&self) -> bool {
                self.as_str().is_empty()
            }

            /// Returns the text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#names => #texts,)*
                    Self::Other(text) => text,
                }
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&str> for #ident {
            fn from(text: &str) -> Self {
                match text {
                    #(#texts => Self::#names,)*
                    other => Self::Other(other.into()),
                }
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        #[automatically_derived]
        impl ::wechatpay_core::api::Scalar for #ident {
            fn text(&self) -> ::std::borrow::Cow<'_, str> {
                self.as_str().into()
            }
        }

        #[automatically_derived]
        impl ::wechatpay_core::types::SensitiveFields for #ident {
            const SENSITIVE: bool = false;

            fn visit_sensitive(
                &mut self,
                _: &mut ::wechatpay_core::types::SensitiveVisitor<'_>,
            ) -> ::core::result::Result<(), ::wechatpay_core::types::EncryptError> {
                ::core::result::Result::Ok(())
            }
        }

        #[automatically_derived]
        impl ::wechatpay_core::__private::serde::Serialize for #ident {
            fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[automatically_derived]
        impl<'de> ::wechatpay_core::__private::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::wechatpay_core::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::wechatpay_core::__private::from_text(deserializer)
            }
        }

        #[automatically_derived]
        impl<'de> ::wechatpay_core::api::ResponseField<'de> for #ident {
            fn read<D: ::wechatpay_core::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::wechatpay_core::__private::null_is_default(deserializer)
            }
        }
    })
}
