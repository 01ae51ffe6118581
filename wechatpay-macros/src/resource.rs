//! Expansion of `#[derive(Resource)]`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Error, LitStr, Path, Result, Token, meta::ParseNestedMeta,
    punctuated::Punctuated,
};

/// Parsed `#[resource(event("…", "…"), original_type = "…", accepts = …, decides("…"), check = …)]`.
#[derive(Default)]
struct Arguments {
    events: Vec<LitStr>,
    original_type: Option<LitStr>,
    accepts: Option<Path>,
    decides: Vec<LitStr>,
    check: Option<Path>,
}

impl Arguments {
    fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut arguments = Self::default();
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("resource"))
        {
            attribute.parse_nested_meta(|meta| arguments.take(&meta))?;
        }
        Ok(arguments)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let list = || {
            let texts;
            syn::parenthesized!(texts in meta.input);
            Punctuated::<LitStr, Token![,]>::parse_terminated(&texts)
        };
        if meta.path.is_ident("event") {
            self.events.extend(list()?);
        } else if meta.path.is_ident("original_type") {
            self.original_type = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("accepts") {
            self.accepts = Some(meta.value()?.parse()?);
        } else if meta.path.is_ident("decides") {
            self.decides.extend(list()?);
        } else if meta.path.is_ident("check") {
            self.check = Some(meta.value()?.parse()?);
        } else {
            return Err(meta.error(
                "a resource accepts `event(\"…\")`, `original_type`, `accepts`, `decides(\"…\")` and `check`",
            ));
        }
        Ok(())
    }
}

pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let arguments = Arguments::of(&input.attrs)?;
    let ident = &input.ident;
    if arguments.events.is_empty() && arguments.accepts.is_none() {
        return Err(Error::new(
            ident.span(),
            "a resource needs its events: #[resource(event(\"RECHARGE.SUCCESS\"), decides(\"recharge_id\"))]",
        ));
    }
    known(&arguments, input)?;
    let Arguments {
        events,
        original_type,
        accepts,
        decides,
        check,
    } = &arguments;
    let events =
        (!events.is_empty()).then(|| quote!([#(#events),*].contains(&notification.event_type().as_str())));
    let original_type = original_type.as_ref().map(|wanted| {
        // Some products omit it.
        quote!(notification.original_type().is_none_or(|original| original == #wanted))
    });
    let accepts = accepts.as_ref().map(|accepts| quote!(#accepts(notification)));
    let accepts = events.into_iter().chain(original_type).chain(accepts);
    let read = match check {
        None => quote!(notification.json()),
        Some(check) => {
            let check = quote_spanned!(ident.span() => #check(&resource)?;);
            quote! {
                let resource: Self = notification.json()?;
                #check
                ::core::result::Result::Ok(resource)
            }
        }
    };
    Ok(quote! {
        #[automatically_derived]
        impl ::wechatpay_core::notify::Resource for #ident {
            const DECIDES: &'static [&'static str] = &[#(#decides),*];

            fn accepts(notification: &::wechatpay_core::notify::VerifiedNotification) -> bool {
                #(#accepts)&&*
            }

            fn read(
                notification: &::wechatpay_core::notify::VerifiedNotification,
            ) -> ::core::result::Result<Self, ::wechatpay_core::notify::Shape> {
                #read
            }
        }
    })
}

/// Checks that each deciding member belongs to a field.
fn known(arguments: &Arguments, input: &DeriveInput) -> Result<()> {
    let Data::Struct(data) = &input.data else {
        return Ok(());
    };
    let names = data.fields.iter().map(wire_name).collect::<Result<Vec<_>>>()?;
    // The members of a flattened field are unknown here.
    if names.contains(&None) {
        return Ok(());
    }
    for path in &arguments.decides {
        let text = path.value();
        let first = text.split(['.', '[']).next().unwrap_or_default();
        if !names.iter().flatten().any(|name| name == first) {
            return Err(Error::new(
                path.span(),
                format!("`{}` has no field `{first}` that could decide", input.ident),
            ));
        }
    }
    Ok(())
}

/// Returns the wire name of a field; `None` if it is flattened.
fn wire_name(field: &syn::Field) -> Result<Option<String>> {
    let mut name = field.ident.as_ref().map(ToString::to_string);
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("flatten") {
                name = None;
            } else if meta.path.is_ident("rename") && meta.input.peek(Token![=]) {
                name = Some(meta.value()?.parse::<LitStr>()?.value());
                return Ok(());
            }
            crate::fields::skip_value(&meta)
        })?;
    }
    Ok(name)
}
