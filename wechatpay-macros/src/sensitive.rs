//! Expansion of `#[derive(SensitiveFields)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{Data, DeriveInput, Fields, Ident, Index, Result, Type, spanned::Spanned as _};

use crate::fields::Field;

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let plain = |field: &syn::Field| {
        let mut plain = false;
        for attribute in field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("request"))
        {
            attribute.parse_nested_meta(|meta| {
                plain |= meta.path.is_ident("plain");
                Ok(())
            })?;
        }
        Ok::<_, syn::Error>(plain)
    };
    let mut types = Vec::new();
    let body = match &input.data {
        Data::Struct(data) => {
            let mut visits = Vec::new();
            for (index, field) in data.fields.iter().enumerate() {
                if plain(field)? {
                    continue;
                }
                types.push(field.ty.clone());
                let member = match &field.ident {
                    Some(name) => quote!(#name),
                    None => {
                        let index = Index::from(index);
                        quote!(#index)
                    }
                };
                visits.push(visit(&field.ty, &quote!(&mut self.#member)));
            }
            quote!(#(#visits)*)
        }
        Data::Enum(data) => {
            let mut arms = Vec::new();
            for variant in &data.variants {
                let name = &variant.ident;
                let names: Vec<Ident> = (0..variant.fields.len())
                    .map(|index| format_ident!("field_{index}"))
                    .collect();
                let mut visits = Vec::new();
                for (name, field) in names.iter().zip(&variant.fields) {
                    if plain(field)? {
                        visits.push(quote!(let _ = #name;));
                    } else {
                        types.push(field.ty.clone());
                        visits.push(visit(&field.ty, &quote!(#name)));
                    }
                }
                let pattern = match &variant.fields {
                    Fields::Named(fields) => {
                        let members = fields.named.iter().map(|field| &field.ident);
                        quote!(Self::#name { #(#members: #names),* })
                    }
                    Fields::Unnamed(_) => quote!(Self::#name(#(#names),*)),
                    Fields::Unit => quote!(Self::#name),
                };
                arms.push(quote!(#pattern => { #(#visits)* }));
            }
            if arms.is_empty() {
                quote!()
            } else {
                quote!(match self { #(#arms)* })
            }
        }
        Data::Union(_) => {
            return Err(syn::Error::new(
                ident.span(),
                "SensitiveFields is for structs and enums",
            ));
        }
    };
    let body = Visited { types, body };
    Ok(body.implementation(
        &quote!(#impl_generics),
        &quote!(#ident #ty_generics #where_clause),
    ))
}

/// Implements `SensitiveFields` for some fields of a struct.
pub(crate) fn of_fields<'f>(ident: &Ident, fields: impl Iterator<Item = &'f Field>) -> TokenStream {
    let mut types = Vec::new();
    let mut visits = Vec::new();
    for field in fields.filter(|field| !field.plain) {
        let name = &field.ident;
        types.push(field.ty.clone());
        visits.push(visit(&field.ty, &quote!(&mut self.#name)));
    }
    let body = quote!(#(#visits)*);
    Visited { types, body }.implementation(&quote!(), &quote!(#ident))
}

fn visit(ty: &Type, value: &TokenStream) -> TokenStream {
    // The span of the type: an unsupported type is reported there.
    quote_spanned! { ty.span() =>
        ::wechatpay_core::types::SensitiveFields::visit_sensitive(#value, f)?;
    }
}

struct Visited {
    types: Vec<Type>,
    body: TokenStream,
}

impl Visited {
    fn implementation(self, generics: &TokenStream, of: &TokenStream) -> TokenStream {
        let Self { types, body } = self;
        let sensitive = types.iter().map(
            |ty| quote_spanned!(ty.span() => <#ty as ::wechatpay_core::types::SensitiveFields>::SENSITIVE),
        );
        quote! {
            #[automatically_derived]
            impl #generics ::wechatpay_core::types::SensitiveFields for #of {
                const SENSITIVE: bool = false #(|| #sensitive)*;

                fn visit_sensitive(
                    &mut self,
                    f: &mut ::wechatpay_core::types::SensitiveVisitor<'_>,
                ) -> ::core::result::Result<(), ::wechatpay_core::types::EncryptError> {
                    let _ = &f;
                    #body
                    ::core::result::Result::Ok(())
                }
            }
        }
    }
}
