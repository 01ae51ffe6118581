//! JSON values in the styles of many libraries.

use super::json::Node;
use crate::Text;

/// Style of JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) spacing: Spacing,
    pub(crate) escapes: Escapes,
    pub(crate) sorted: bool,
}

/// White space in JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// No white space.
    Compact,
    /// After commas and colons, as Python's `json.dumps`.
    Python,
    /// After colons only.
    Colons,
    /// After commas only.
    Commas,
    /// Lines with two spaces.
    Two,
    /// Lines with four spaces.
    Four,
    /// Lines with tabs.
    Tabs,
    /// Lines with two spaces that end in CR LF, as on Windows.
    TwoReturns,
    /// Lines with two spaces, a space before colons too, lists on one line, as Jackson.
    Jackson,
}

/// Characters that are escaped without need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// No characters.
    Minimal,
    /// `/`.
    Slash,
    /// Characters outside ASCII, with lower-case digits, as Python.
    Unicode,
    /// Both of these, as PHP's `json_encode`.
    Php,
    /// Characters outside ASCII, with upper-case digits.
    UnicodeCapital,
    /// `<`, `>` and `&`, as Go.
    Html,
    /// These and `=` and `'`, as Gson.
    Gson,
    /// Characters outside ASCII and those of HTML, with upper-case digits, as .NET.
    Dotnet,
}

impl Spacing {
    /// All values, the usual ones first.
    pub(crate) const ALL: [Self; 9] = [
        Self::Compact,
        Self::Python,
        Self::Two,
        Self::Four,
        Self::Tabs,
        Self::Colons,
        Self::Jackson,
        Self::TwoReturns,
        Self::Commas,
    ];

    pub(crate) const fn name(self) -> Text {
        match self {
            Self::Compact => Text::new("no blanks", "无空格"),
            Self::Python => Text::new("blanks behind , and :", ", 与 : 之后有空格"),
            Self::Colons => Text::new("blanks behind :", ": 之后有空格"),
            Self::Commas => Text::new("blanks behind ,", ", 之后有空格"),
            Self::Two => Text::new("indented by 2", "缩进 2 格"),
            Self::Four => Text::new("indented by 4", "缩进 4 格"),
            Self::Tabs => Text::new("indented by tabs", "以制表符缩进"),
            Self::TwoReturns => Text::new("indented by 2, CR LF", "缩进 2 格，换行为 CR LF"),
            Self::Jackson => Text::new("indented by 2, blanks around :", "缩进 2 格，: 前后有空格"),
        }
    }

    /// Returns indentation and line end, or `None` for text on one line.
    fn lines(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Compact | Self::Python | Self::Colons | Self::Commas => None,
            Self::Two | Self::Jackson => Some(("  ", "\n")),
            Self::Four => Some(("    ", "\n")),
            Self::Tabs => Some(("\t", "\n")),
            Self::TwoReturns => Some(("  ", "\r\n")),
        }
    }

    fn comma(self) -> &'static str {
        match self {
            Self::Python | Self::Commas => ", ",
            _ => ",",
        }
    }

    fn colon(self) -> &'static str {
        match self {
            Self::Compact | Self::Commas => ":",
            Self::Jackson => " : ",
            _ => ": ",
        }
    }
}

impl Escapes {
    /// All values, the usual ones first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Minimal,
        Self::Php,
        Self::Unicode,
        Self::Slash,
        Self::Html,
        Self::Gson,
        Self::UnicodeCapital,
        Self::Dotnet,
    ];

    pub(crate) const fn name(self) -> Text {
        match self {
            Self::Minimal => Text::new("no needless escapes", "无多余转义"),
            Self::Slash => Text::new("\\/", "\\/"),
            Self::Unicode => Text::new("\\uXXXX", "\\uXXXX"),
            Self::Php => Text::new("\\/ and \\uXXXX", "\\/ 与 \\uXXXX"),
            Self::UnicodeCapital => Text::new("\\uXXXX in capitals", "大写的 \\uXXXX"),
            Self::Html => Text::new("\\u003c for < > &", "< > & 写作 \\u003c 等"),
            Self::Gson => Text::new("\\u003c for < > & = '", "< > & = ' 写作 \\u003c 等"),
            Self::Dotnet => Text::new(
                "\\uXXXX in capitals, also for < > & + '",
                "大写的 \\uXXXX，含 < > & + '",
            ),
        }
    }

    fn escapes(self, letter: char) -> bool {
        let is_foreign = !letter.is_ascii();
        match self {
            Self::Minimal | Self::Slash => false,
            Self::Unicode | Self::Php | Self::UnicodeCapital => is_foreign,
            Self::Html => matches!(letter, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'),
            Self::Gson => matches!(letter, '<' | '>' | '&' | '=' | '\'' | '\u{2028}' | '\u{2029}'),
            Self::Dotnet => is_foreign || matches!(letter, '<' | '>' | '&' | '+' | '\'' | '`' | '\u{7f}'),
        }
    }
}

impl Style {
    /// Style of most libraries: compact, no escapes, original order.
    pub(crate) const PLAIN: Self = Self {
        spacing: Spacing::Compact,
        escapes: Escapes::Minimal,
        sorted: false,
    };

    /// Returns all styles, those with one difference from the usual one first.
    pub(crate) fn all() -> Vec<Self> {
        let mut styles = Vec::new();
        for sorted in [false, true] {
            for spacing in Spacing::ALL {
                for escapes in Escapes::ALL {
                    styles.push(Self {
                        spacing,
                        escapes,
                        sorted,
                    });
                }
            }
        }
        styles.sort_by_key(|style| style.differences());
        styles
    }

    /// Returns the number of differences from the usual style.
    pub(crate) fn differences(self) -> u8 {
        let Self {
            spacing,
            escapes,
            sorted,
        } = Self::PLAIN;
        let differences = [
            self.spacing != spacing,
            self.escapes != escapes,
            self.sorted != sorted,
        ];
        differences.into_iter().map(u8::from).fold(0, u8::saturating_add)
    }

    /// Writes a value in its own order; see [`Node::sorted`].
    pub(crate) fn write(self, node: &Node) -> String {
        let mut out = String::new();
        self.put(node, 0, &mut out);
        out
    }

    fn put(self, node: &Node, depth: usize, out: &mut String) {
        match node {
            Node::Plain(text) => out.push_str(text),
            Node::Text(text) => self.put_text(text, out),
            Node::List(items) => {
                if self.spacing == Spacing::Jackson {
                    return self.put_jackson_list(items, depth, out);
                }
                let items: Vec<_> = items.iter().map(|item| (None, item)).collect();
                self.put_all(['[', ']'], &items, depth, out);
            }
            Node::Map(members) => {
                let members: Vec<_> = members.iter().map(|(key, value)| (Some(key), value)).collect();
                self.put_all(['{', '}'], &members, depth, out);
            }
        }
    }

    fn put_all(
        self,
        [open, close]: [char; 2],
        members: &[(Option<&String>, &Node)],
        depth: usize,
        out: &mut String,
    ) {
        out.push(open);
        let deeper = depth.saturating_add(1);
        for (number, (key, value)) in members.iter().enumerate() {
            if number > 0 {
                out.push_str(self.spacing.comma());
            }
            self.break_line(deeper, out);
            if let Some(key) = key {
                self.put_text(key, out);
                out.push_str(self.spacing.colon());
            }
            self.put(value, deeper, out);
        }
        if !members.is_empty() {
            self.break_line(depth, out);
        } else if self.spacing == Spacing::Jackson {
            out.push(' ');
        }
        out.push(close);
    }

    fn put_jackson_list(self, items: &[Node], depth: usize, out: &mut String) {
        out.push_str("[ ");
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                out.push_str(", ");
            }
            self.put(item, depth, out);
        }
        out.push_str(if items.is_empty() { "]" } else { " ]" });
    }

    fn break_line(self, depth: usize, out: &mut String) {
        if let Some((indent, end)) = self.spacing.lines() {
            out.push_str(end);
            out.extend(std::iter::repeat_n(indent, depth));
        }
    }

    fn put_text(self, text: &str, out: &mut String) {
        out.push('"');
        for letter in text.chars() {
            match letter {
                '"' if self.escapes == Escapes::Dotnet => out.push_str("\\u0022"),
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '/' if matches!(self.escapes, Escapes::Slash | Escapes::Php) => out.push_str("\\/"),
                _ if letter < ' ' || self.escapes.escapes(letter) => {
                    let mut units = [0; 2];
                    for unit in letter.encode_utf16(&mut units) {
                        let is_capital = matches!(self.escapes, Escapes::UnicodeCapital | Escapes::Dotnet);
                        out.push_str(&match is_capital {
                            true => format!("\\u{unit:04X}"),
                            false => format!("\\u{unit:04x}"),
                        });
                    }
                }
                _ => out.push(letter),
            }
        }
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"{"b":"a/b <中> 'x'","a":[1,{"c":null}],"e":[],"d":{}}"#;

    fn write(spacing: Spacing, escapes: Escapes) -> String {
        let style = Style {
            spacing,
            escapes,
            sorted: false,
        };
        style.write(&Node::read(SAMPLE).unwrap())
    }

    #[test]
    fn the_style_of_each_library_matches_byte_by_byte() {
        assert_eq!(Style::PLAIN.write(&Node::read(SAMPLE).unwrap()), SAMPLE);
        // json.dumps(value)
        assert_eq!(
            write(Spacing::Python, Escapes::Unicode),
            r#"{"b": "a/b <\u4e2d> 'x'", "a": [1, {"c": null}], "e": [], "d": {}}"#
        );
        // json_encode($value)
        assert_eq!(
            write(Spacing::Compact, Escapes::Php),
            r#"{"b":"a\/b <\u4e2d> 'x'","a":[1,{"c":null}],"e":[],"d":{}}"#
        );
        // JSON.stringify(value, null, 2)
        assert_eq!(
            write(Spacing::Two, Escapes::Minimal),
            "{\n  \"b\": \"a/b <中> 'x'\",\n  \"a\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n  \"e\": [],\n  \"d\": {}\n}"
        );
        // new ObjectMapper().writerWithDefaultPrettyPrinter()
        assert_eq!(
            write(Spacing::Jackson, Escapes::Minimal),
            "{\n  \"b\" : \"a/b <中> 'x'\",\n  \"a\" : [ 1, {\n    \"c\" : null\n  } ],\n  \"e\" : [ ],\n  \"d\" : { }\n}"
        );
        // json.Marshal(value)
        assert_eq!(
            write(Spacing::Compact, Escapes::Html),
            r#"{"b":"a/b \u003c中\u003e 'x'","a":[1,{"c":null}],"e":[],"d":{}}"#
        );
        // JsonSerializer.Serialize(value)
        assert_eq!(
            write(Spacing::Compact, Escapes::Dotnet),
            r#"{"b":"a/b \u003C\u4E2D\u003E \u0027x\u0027","a":[1,{"c":null}],"e":[],"d":{}}"#
        );
    }

    #[test]
    fn the_usual_styles_come_first() {
        let styles = Style::all();
        assert_eq!(styles.len(), 144);
        assert_eq!(styles[0], Style::PLAIN);
        assert!(
            styles
                .windows(2)
                .all(|pair| pair[0].differences() <= pair[1].differences())
        );
    }
}
