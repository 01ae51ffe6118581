//! Fields of a struct, common to all derives.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Data, DeriveInput, Error, GenericArgument, Ident, LitStr, PathArguments, Result, Token, Type,
    meta::ParseNestedMeta, spanned::Spanned as _,
};

/// One field.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// Name on the wire.
    pub(crate) name: String,
    pub(crate) docs: Vec<Attribute>,
    /// `#[serde(…)]` attributes of the field.
    pub(crate) serde: Vec<Attribute>,
    /// `#[serde(flatten)]`: its members are members of the struct.
    pub(crate) flatten: bool,
    /// `#[serde(deserialize_with)]` or `#[serde(with)]`: read by a custom function.
    pub(crate) read_by_hand: bool,
    /// `#[request(into)]`: `new` accepts `impl Into` of the type.
    pub(crate) into: bool,
    /// `#[request(query)]`: part of the query of a request with a body.
    pub(crate) query: bool,
    /// `#[response(required)]`: a response without the field is an error.
    pub(crate) required: bool,
    /// `#[request(no_setter)]`: no setter is generated.
    pub(crate) no_setter: bool,
    /// `#[request(plain)]`: nothing in the field is encrypted.
    pub(crate) plain: bool,
}

impl Field {
    /// Returns the type inside an `Option`.
    pub(crate) fn optional(&self) -> Option<&Type> {
        let Type::Path(path) = &self.ty else { return None };
        let last = path.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        match arguments.args.first()? {
            GenericArgument::Type(inner) if last.ident == "Option" => Some(inner),
            _ => None,
        }
    }

    fn parse(field: syn::Field) -> Result<Self> {
        let ident = field
            .ident
            .clone()
            .ok_or_else(|| Error::new(field.span(), "a field needs a name: the name on the wire"))?;
        let name = ident.to_string();
        let mut parsed = Self {
            name: name.strip_prefix("r#").unwrap_or(&name).to_owned(),
            ident,
            ty: field.ty,
            docs: Vec::new(),
            serde: Vec::new(),
            flatten: false,
            read_by_hand: false,
            into: false,
            query: false,
            required: false,
            no_setter: false,
            plain: false,
        };
        for attribute in field.attrs {
            if attribute.path().is_ident("doc") {
                parsed.docs.push(attribute);
            } else if attribute.path().is_ident("serde") {
                attribute.parse_nested_meta(|meta| parsed.serde(&meta))?;
                parsed.serde.push(attribute);
            } else if attribute.path().is_ident("response") {
                attribute.parse_nested_meta(|meta| {
                    parsed.required |= meta.path.is_ident("required");
                    if parsed.required {
                        Ok(())
                    } else {
                        Err(meta.error("a field accepts only `required`"))
                    }
                })?;
            } else if attribute.path().is_ident("request") {
                attribute.parse_nested_meta(|meta| parsed.request(&meta))?;
            }
        }
        Ok(parsed)
    }

    fn serde(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("rename") && meta.input.peek(Token![=]) {
            self.name = meta.value()?.parse::<LitStr>()?.value();
            return Ok(());
        }
        self.flatten |= meta.path.is_ident("flatten");
        self.read_by_hand |= meta.path.is_ident("deserialize_with") || meta.path.is_ident("with");
        skip_value(meta)
    }

    fn request(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("into") {
            self.into = true;
        } else if meta.path.is_ident("query") {
            self.query = true;
        } else if meta.path.is_ident("no_setter") {
            self.no_setter = true;
        } else if meta.path.is_ident("plain") {
            self.plain = true;
        } else {
            return Err(meta.error("a field accepts `into`, `query`, `no_setter` and `plain`"));
        }
        Ok(())
    }
}

/// Skips the value of a serde attribute.
pub(crate) fn skip_value(meta: &ParseNestedMeta<'_>) -> Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<syn::Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let inner;
        syn::parenthesized!(inner in meta.input);
        inner.parse::<TokenStream>()?;
    }
    Ok(())
}

/// A struct with named fields.
pub(crate) struct Struct {
    pub(crate) ident: Ident,
    pub(crate) fields: Vec<Field>,
    /// Text of `#[request(new = "…")]`, the documentation of `new`.
    pub(crate) new: Option<LitStr>,
    /// `#[request(no_new)]`: the type has its own `new`.
    pub(crate) no_new: bool,
}

impl Struct {
    /// Parses the input of the derive `of`.
    pub(crate) fn parse(input: DeriveInput, of: &str) -> Result<Self> {
        if let Some(parameter) = input.generics.params.first() {
            return Err(Error::new(
                parameter.span(),
                format!("{of} does not support generic types"),
            ));
        }
        let (mut new, mut no_new) = (None, false);
        for attribute in input
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("request"))
        {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("new") {
                    new = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("no_new") {
                    no_new = true;
                } else {
                    return Err(meta.error("a struct accepts `new = \"…\"` and `no_new`"));
                }
                Ok(())
            })?;
        }
        let fields = match input.data {
            Data::Struct(data) => match data.fields {
                syn::Fields::Named(fields) => fields
                    .named
                    .into_iter()
                    .map(Field::parse)
                    .collect::<Result<_>>()?,
                syn::Fields::Unit => Vec::new(),
                syn::Fields::Unnamed(fields) => {
                    return Err(Error::new(
                        fields.span(),
                        format!("{of} needs named fields: their names are those on the wire"),
                    ));
                }
            },
            Data::Enum(_) | Data::Union(_) => {
                return Err(Error::new(input.ident.span(), format!("{of} is for structs")));
            }
        };
        Ok(Self {
            ident: input.ident,
            fields,
            new,
            no_new,
        })
    }

    /// Generates `new` with the required fields and a setter for each optional one.
    pub(crate) fn constructor(&self) -> TokenStream {
        let ident = &self.ident;
        let setters = self
            .fields
            .iter()
            .filter(|field| !field.no_setter)
            .filter_map(|field| {
                let (name, docs, inner) = (&field.ident, documentation(&field.docs), field.optional()?);
                let setter = derived(name);
                Some(quote! {
                    #docs
                    #[must_use]
                    pub fn #setter(mut self, #name: impl ::core::convert::Into<#inner>) -> Self {
                        self.#name = ::core::option::Option::Some(#name.into());
                        self
                    }
                })
            });
        let new = (!self.no_new).then(|| self.new_function());
        quote! {
            impl #ident {
                #new
                #(#setters)*
            }
        }
    }

    fn new_function(&self) -> TokenStream {
        let required = || self.fields.iter().filter(|field| field.optional().is_none());
        let arguments = required().map(|field| {
            let (name, ty) = (&field.ident, &field.ty);
            if field.into {
                quote!(#name: impl ::core::convert::Into<#ty>)
            } else {
                quote!(#name: #ty)
            }
        });
        let values = self.fields.iter().map(|field| {
            let name = &field.ident;
            match (field.optional(), field.into) {
                (Some(_), _) => quote!(#name: ::core::option::Option::None),
                (None, true) => quote!(#name: #name.into()),
                (None, false) => quote!(#name),
            }
        });
        let text = match &self.new {
            Some(text) => text.value(),
            None => "Creates a value from the required fields; optional ones have setters.".to_owned(),
        };
        quote! {
            #[doc = #text]
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    }

    /// Generates `Serialize` for the given fields, without unset ones.
    pub(crate) fn serialize<'f>(&self, fields: impl Iterator<Item = &'f Field> + Clone) -> TokenStream {
        let ident = &self.ident;
        let name = ident.to_string();
        let members = fields.clone().map(|field| {
            let (name, ty, serde) = (&field.ident, &field.ty, &field.serde);
            let skip = field
                .optional()
                .map(|_| quote!(#[serde(skip_serializing_if = "::core::option::Option::is_none")]));
            quote!(#(#serde)* #skip #name: &'a #ty)
        });
        let values = fields.map(|field| {
            let name = &field.ident;
            quote!(#name: &self.#name)
        });
        quote! {
            const _: () = {
                #[derive(::wechatpay_core::__private::serde::Serialize)]
                #[serde(crate = "::wechatpay_core::__private::serde", rename = #name)]
                struct Body<'a> { #(#members),* }

                #[automatically_derived]
                impl ::wechatpay_core::__private::serde::Serialize for #ident {
                    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
                        &self,
                        serializer: S,
                    ) -> ::core::result::Result<S::Ok, S::Error> {
                        ::wechatpay_core::__private::serde::Serialize::serialize(&Body { #(#values),* }, serializer)
                    }
                }
            };
        }
    }
}

/// Gives a name the derive's span, so that unused setters cause no warning.
fn derived(name: &Ident) -> Ident {
    let mut derived = name.clone();
    derived.set_span(Span::call_site());
    derived
}

/// Returns the documentation of the field, or a default.
fn documentation(docs: &[Attribute]) -> TokenStream {
    if docs.is_empty() {
        quote!(#[doc = "Sets the field of this name."])
    } else {
        docs.iter().map(ToTokens::to_token_stream).collect()
    }
}
