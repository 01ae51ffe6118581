//! Expansion of `#[derive(Endpoint)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    DeriveInput, Error, Ident, LitStr, Path, Result, Token, Type, parenthesized, parse::Parse,
    parse::ParseStream, punctuated::Punctuated, spanned::Spanned as _,
};

use crate::{
    fields::{Field, Struct},
    sensitive,
    template::{Piece, Template},
};

/// Parsed `#[endpoint(POST, "/v3/…", response = …, idempotency = …, echo(…), echo_if_present(…), check = …)]`.
struct Arguments {
    method: Ident,
    template: Template,
    response: Option<Type>,
    idempotency: Option<Ident>,
    echo: Vec<Ident>,
    echo_if_present: Vec<Ident>,
    check: Option<Path>,
    accepted: bool,
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let method: Ident = input.parse()?;
        if !METHODS.iter().any(|known| method == known) {
            return Err(Error::new(
                method.span(),
                "the method comes first: GET, POST, PUT, PATCH or DELETE",
            ));
        }
        input.parse::<Token![,]>()?;
        let template = Template::parse(&input.parse::<LitStr>()?)?;
        let mut arguments = Self {
            method,
            template,
            response: None,
            idempotency: None,
            echo: Vec::new(),
            echo_if_present: Vec::new(),
            check: None,
            accepted: false,
        };
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            if input.is_empty() {
                break;
            }
            let key: Ident = input.parse()?;
            match key.to_string().as_str() {
                "response" => arguments.response = Some(value(input)?),
                "idempotency" => arguments.idempotency = Some(value(input)?),
                "check" => arguments.check = Some(value(input)?),
                "accepted" => arguments.accepted = true,
                "echo" => arguments.echo.extend(list(input)?),
                "echo_if_present" => arguments.echo_if_present.extend(list(input)?),
                _ => {
                    return Err(Error::new(
                        key.span(),
                        "an endpoint accepts `response`, `idempotency`, `echo`, `echo_if_present`, `check` and `accepted`",
                    ));
                }
            }
        }
        Ok(arguments)
    }
}

fn value<T: Parse>(input: ParseStream<'_>) -> Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn list(input: ParseStream<'_>) -> Result<Punctuated<Ident, Token![,]>> {
    let names;
    parenthesized!(names in input);
    Punctuated::parse_terminated(&names)
}

pub(crate) fn derive(input: DeriveInput) -> Result<TokenStream> {
    let attribute = input
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("endpoint"));
    let Some(attribute) = attribute else {
        return Err(Error::new(
            input.ident.span(),
            "missing attribute: #[endpoint(GET, \"/v3/…/{number}\", response = …)]",
        ));
    };
    let arguments: Arguments = attribute.parse_args()?;
    let request = Struct::parse(input, "Endpoint")?;
    for piece in &arguments.template.pieces {
        if let Piece::Value(name) = piece {
            match request.fields.iter().find(|field| field.name == *name) {
                None => {
                    return Err(Error::new(
                        arguments.template.span,
                        format!(
                            "no field fills `{{{name}}}`: add `{name}: …` to `{}`",
                            request.ident
                        ),
                    ));
                }
                Some(field) if field.optional().is_some() => {
                    return Err(Error::new(
                        field.ty.span(),
                        format!("a path segment cannot be omitted: `{name}` must not be an `Option`"),
                    ));
                }
                Some(_) => {}
            }
        }
    }
    let mut compared = std::collections::HashSet::new();
    for name in arguments.echo.iter().chain(&arguments.echo_if_present) {
        if !compared.insert(name) {
            return Err(Error::new(name.span(), format!("`{name}` is compared twice")));
        }
        if !request.fields.iter().any(|field| field.ident == *name) {
            return Err(Error::new(
                name.span(),
                format!(
                    "`{}` has no field `{name}` that a response could repeat",
                    request.ident
                ),
            ));
        }
    }
    Ok(Derived { arguments, request }.tokens())
}

struct Derived {
    arguments: Arguments,
    request: Struct,
}

impl Derived {
    /// Returns true if the method carries a body.
    fn may_have_body(&self) -> bool {
        self.arguments.method != "GET" && self.arguments.method != "DELETE"
    }

    fn in_path(&self, field: &Field) -> bool {
        self.arguments.template.takes(&field.name)
    }

    fn in_query(&self, field: &Field) -> bool {
        !self.in_path(field) && (field.query || !self.may_have_body())
    }

    fn body(&self) -> impl Iterator<Item = &Field> + Clone {
        self.request
            .fields
            .iter()
            .filter(|field| !self.in_path(field) && !self.in_query(field))
    }

    fn tokens(&self) -> TokenStream {
        let ident = &self.request.ident;
        let Arguments { method, template, .. } = &self.arguments;
        let template = LitStr::new(&template.text, template.span);
        let response = self
            .arguments
            .response
            .as_ref()
            .map_or_else(|| quote!(()), |ty| quote!(#ty));
        let path = self.path();
        let check = self.check();
        let idempotency = self.arguments.idempotency.as_ref().map(|kind| {
            quote! {
                fn idempotency(&self) -> ::wechatpay_core::api::Idempotency {
                    ::wechatpay_core::api::Idempotency::#kind
                }
            }
        });
        // Query parameters can be sensitive too, and no segment of a path is.
        let fields = self.request.fields.iter();
        let sensitive = sensitive::of_fields(ident, fields.filter(|field| !self.in_path(field)));
        let (body, serialize) = if self.body().next().is_none() {
            (
                quote!(
                    type Body<'a> = ();
                ),
                quote!(),
            )
        } else {
            let body = quote! {
                type Body<'a> = &'a Self;

                fn body(&self) -> ::core::option::Option<&Self> {
                    ::core::option::Option::Some(self)
                }
            };
            (body, self.request.serialize(self.body()))
        };
        let accepted = self.arguments.accepted.then(|| {
            quote!(
                const ACCEPTED_IS_SUCCESS: bool = true;
            )
        });
        let constructor = self.request.constructor();
        quote! {
            #[automatically_derived]
            impl ::wechatpay_core::api::Endpoint for #ident {
                const METHOD: ::wechatpay_core::__private::Method = ::wechatpay_core::__private::Method::#method;
                const TEMPLATE: &'static str = #template;
                type Response = #response;
                #accepted
                #body
                #path
                #idempotency
                #check
            }
            #serialize
            #sensitive
            #constructor
        }
    }

    fn path(&self) -> TokenStream {
        let mut pieces = self.arguments.template.pieces.iter();
        // The first piece is `/v3…`, unless a template begins with a placeholder.
        let mut path = quote!(::wechatpay_core::api::Path::new(""));
        for piece in pieces.by_ref() {
            path = match piece {
                Piece::Fixed(text) => quote!(#path.fixed(#text)),
                Piece::Value(name) => {
                    let field = self.request.fields.iter().find(|field| field.name == *name);
                    let value = field.map(scalar);
                    quote!(#path.segment(#value))
                }
            };
        }
        for field in self.request.fields.iter().filter(|field| self.in_query(field)) {
            let (ident, name) = (&field.ident, &field.name);
            path = if field.flatten {
                quote_spanned!(field.ty.span() => ::wechatpay_core::api::QueryPairs::append(&self.#ident, #path))
            } else if field.optional().is_some() {
                let text = quote_spanned!(field.ty.span() => ::wechatpay_core::api::Scalar::text);
                quote!(#path.query_opt(#name, self.#ident.as_ref().map(#text)))
            } else {
                let value = scalar(field);
                quote!(#path.query(#name, #value))
            };
        }
        quote! {
            fn path(&self) -> ::wechatpay_core::api::Path {
                #path
            }
        }
    }

    fn check(&self) -> Option<TokenStream> {
        let Arguments {
            echo,
            echo_if_present,
            check,
            ..
        } = &self.arguments;
        if echo.is_empty() && echo_if_present.is_empty() && check.is_none() {
            return None;
        }
        let compare = |name: &Ident, function: TokenStream| {
            let wire = self
                .request
                .fields
                .iter()
                .find(|field| field.ident == *name)
                .map(|field| &field.name);
            quote_spanned!(name.span() => #function(#wire, &self.#name, &response.#name)?;)
        };
        let echo = echo
            .iter()
            .map(|name| compare(name, quote!(::wechatpay_core::__private::repeats)));
        let if_present = echo_if_present
            .iter()
            .map(|name| compare(name, quote!(::wechatpay_core::__private::may_repeat)));
        let check = check.iter().map(|check| quote!(#check(self, response)?;));
        Some(quote! {
            fn check_echo(
                &self,
                response: &Self::Response,
            ) -> ::core::result::Result<(), ::wechatpay_core::api::EchoMismatch> {
                #(#echo)*
                #(#if_present)*
                #(#check)*
                ::core::result::Result::Ok(())
            }
        })
    }
}

/// Generates the wire text of a field; type errors point at the field.
fn scalar(field: &Field) -> TokenStream {
    let ident = &field.ident;
    quote_spanned!(field.ty.span() => ::wechatpay_core::api::Scalar::text(&self.#ident))
}
