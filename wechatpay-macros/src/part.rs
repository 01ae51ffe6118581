//! Expansion of `#[derive(RequestPart)]` and `#[derive(Response)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Result, spanned::Spanned as _};

use crate::{
    fields::{Field, Struct},
    sensitive,
};

pub(crate) fn request(input: DeriveInput) -> Result<TokenStream> {
    let part = Struct::parse(input, "RequestPart")?;
    let serialize = part.serialize(part.fields.iter());
    let sensitive = sensitive::of_fields(&part.ident, part.fields.iter());
    let constructor = part.constructor();
    Ok(quote!(#serialize #sensitive #constructor))
}

pub(crate) fn response(input: DeriveInput) -> Result<TokenStream> {
    let part = Struct::parse(input, "Response")?;
    let ident = &part.ident;
    let name = ident.to_string();
    let as_it_is = |field: &Field| field.read_by_hand || field.flatten || field.required;
    let members = part.fields.iter().map(|field| {
        let (name, ty, serde) = (&field.ident, &field.ty, &field.serde);
        if as_it_is(field) {
            quote!(#(#serde)* #name: #ty)
        } else {
            // The span of the type: an unsupported type is reported there.
            let read = quote_spanned!(ty.span() => ::wechatpay_core::__private::Read<#ty>);
            quote!(#(#serde)* #name: #read)
        }
    });
    let values = part.fields.iter().map(|field| {
        let name = &field.ident;
        if as_it_is(field) {
            quote!(#name: wire.#name)
        } else {
            quote!(#name: wire.#name.0)
        }
    });
    Ok(quote! {
        const _: () = {
            #[derive(::wechatpay_core::__private::serde::Deserialize)]
            #[serde(crate = "::wechatpay_core::__private::serde", rename = #name)]
            struct Wire { #(#members),* }

            #[automatically_derived]
            impl<'de> ::wechatpay_core::__private::serde::Deserialize<'de> for #ident {
                fn deserialize<D: ::wechatpay_core::__private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    let wire = <Wire as ::wechatpay_core::__private::serde::Deserialize>::deserialize(deserializer)?;
                    ::core::result::Result::Ok(Self { #(#values),* })
                }
            }

            #[automatically_derived]
            impl<'de> ::wechatpay_core::api::ResponseField<'de> for #ident {}
        };
    })
}
