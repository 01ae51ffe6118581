//! Texts for people, in both languages side by side.

use super::{Language, Text};

/// A text in any [`Language`].
pub trait Localize {
    /// Returns the text in a language.
    fn in_language(&self, language: Language) -> String;
}

/// Formats a text in a language; the two stand side by side.
macro_rules! say {
    ($language:expr, $english:literal, $chinese:literal $(, $argument:ident = $value:expr)* $(,)?) => {
        match $language {
            $crate::language::Language::English => format_args!($english $(, $argument = $value)*).to_string(),
            $crate::language::Language::Chinese => format_args!($chinese $(, $argument = $value)*).to_string(),
        }
    };
}
pub(crate) use say;

/// Makes a text an error, which is written in English.
macro_rules! as_error {
    ($name:ty) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let english = $crate::language::Language::English;
                f.write_str(&$crate::language::Localize::in_language(self, english))
            }
        }

        impl std::error::Error for $name {}
    };
}
pub(crate) use as_error;

/// Declares an enum of texts with arguments.
///
/// Each variant has its English and its Chinese. Both take the arguments by name; one without the other does not compile, and
/// neither does one that leaves an argument out. An argument that is a text itself is in the same language.
macro_rules! texts {
    ($(#[$about:meta])* $vis:vis enum $name:ident {
        $($(#[$note:meta])* $variant:ident $({ $($argument:ident: $kind:ty),+ $(,)? })? => $english:literal, $chinese:literal;)+
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        $vis enum $name {
            $($(#[$note])* $variant $({ $($argument: $kind),+ })?),+
        }

        impl $crate::language::Localize for $name {
            fn in_language(&self, language: $crate::language::Language) -> String {
                match self {
                    $(Self::$variant $({ $($argument),+ })? => {
                        $($(let $argument = $crate::language::Localize::in_language($argument, language);)+)?
                        $crate::language::say!(language, $english, $chinese $($(, $argument = $argument)+)?)
                    })+
                }
            }
        }
    };
}
pub(crate) use texts;

impl Localize for Text {
    fn in_language(&self, language: Language) -> String {
        language.say(*self).to_owned()
    }
}

/// Names and numbers are the same in all languages.
macro_rules! verbatim {
    ($($kind:ty),+) => {
        $(impl $crate::language::Localize for $kind {
            fn in_language(&self, _: $crate::language::Language) -> String {
                self.to_string()
            }
        })+
    };
}

pub(crate) use verbatim;

verbatim!(String, &str, i64, u64, usize, u16);

/// A list of names, or that there is none.
impl Localize for Vec<String> {
    fn in_language(&self, language: Language) -> String {
        if self.is_empty() {
            language.pick("none", "无").to_owned()
        } else {
            self.join(language.pick(", ", "、"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    texts! {
        enum Example {
            Plain => "nothing is left", "没有剩余";
            Left { left: i64, of: String } => "{left} fen of {of} are left", "{of} 还剩 {left} 分";
            Both { first: Box<Example>, names: Vec<String> } => "{first}: {names}", "{first}：{names}";
        }
    }

    impl Localize for Box<Example> {
        fn in_language(&self, language: Language) -> String {
            self.as_ref().in_language(language)
        }
    }

    #[test]
    fn arguments_are_in_the_language_of_the_text() {
        let left = Example::Left {
            left: 7,
            of: "a1".into(),
        };
        let both = |names: &[&str]| Example::Both {
            first: Box::new(left.clone()),
            names: names.iter().map(ToString::to_string).collect(),
        };
        for (example, english, chinese) in [
            (Example::Plain, "nothing is left", "没有剩余"),
            (both(&[]), "7 fen of a1 are left: none", "a1 还剩 7 分：无"),
            (
                both(&["b", "c"]),
                "7 fen of a1 are left: b, c",
                "a1 还剩 7 分：b、c",
            ),
        ] {
            assert_eq!(example.in_language(Language::English), english);
            assert_eq!(example.in_language(Language::Chinese), chinese);
        }
    }
}
