//! Imports between the source files of a crate.
#![expect(
    clippy::indexing_slicing,
    reason = "a test that cannot read the sources fails loudly"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A module path below the crate: `["crypto", "pem"]`.
type Module = Vec<String>;

/// Source file without comments, strings, test modules and macro bodies.
struct Source {
    file: String,
    tokens: Vec<String>,
    children: BTreeSet<String>,
    /// Names that `use` brings into the module, with absolute paths.
    names: BTreeMap<String, Module>,
}

/// Import: its absolute path, and the text in the file.
struct Import {
    path: Module,
    text: String,
}

#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) imports: usize,
    /// Number of imports from folder to folder.
    pub(crate) folders: BTreeMap<String, BTreeMap<String, usize>>,
    /// Messages about imports of a higher layer.
    pub(crate) upward: Vec<String>,
    /// Files that import each other, directly or indirectly.
    pub(crate) circles: BTreeSet<Vec<String>>,
}

/// Source files of a crate, by module.
pub(crate) struct Crate(BTreeMap<Module, Source>);

impl Crate {
    /// Reads `src` of the crate in `folder`.
    pub(crate) fn read(folder: &str) -> Self {
        let root = &Path::new(folder).join("src");
        let mut files = Vec::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs")
                    && !path.ends_with("tests.rs")
                {
                    let name = path
                        .strip_prefix(root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .replace('\\', "/");
                    files.push((name, fs::read_to_string(path).unwrap()));
                }
            }
        }
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        Self::of(&files)
    }

    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| Source::of(name, text)).collect())
    }

    /// Checks imports against layers, lowest first.
    pub(crate) fn findings(&self, layers: &[&str]) -> Findings {
        let layer = |name: &str| {
            let layer = layers.iter().position(|layer| *layer == name);
            layer.unwrap_or_else(|| panic!("src/{name} has no place in LAYERS"))
        };
        let mut findings = Findings::default();
        let mut files: BTreeMap<&Module, BTreeSet<&Module>> = BTreeMap::new();
        for (module, Source { file, .. }) in &self.0 {
            // The root only declares and re-exports.
            let Some(from) = module.first() else { continue };
            for Import { path, text } in self.imports(module) {
                let target = self.defined_in(&path);
                let Some(to) = target.first() else { continue };
                findings.imports += 1;
                if target != module {
                    files.entry(module).or_default().insert(target);
                }
                if from != to {
                    let counts = findings.folders.entry(from.clone()).or_default();
                    *counts.entry(to.clone()).or_default() += 1;
                    if layer(from) <= layer(to) {
                        let message = format!("{file} imports {text}: {from} stands below {to}");
                        findings.upward.push(message);
                    }
                }
            }
        }
        for circle in circles(&files) {
            let circle = circle.into_iter().map(|module| self.0[module].file.clone());
            findings.circles.insert(circle.collect());
        }
        findings
    }

    fn imports(&self, module: &Module) -> Vec<Import> {
        let source = &self.0[module];
        let tokens = &source.tokens;
        let mut imports = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if tokens[at] == "use" {
                let end = at + tokens[at..].iter().position(|token| token == ";").unwrap();
                let mut tree = Vec::new();
                use_tree(&tokens[at + 1..end], &[], &mut tree);
                imports.extend(tree.into_iter().map(|(path, _)| path));
                at = end;
            } else if !(at > 0 && ["::", "$", ".", "mod"].contains(&tokens[at - 1].as_str())
                // A visibility is no import.
                || at > 1 && tokens[at - 2..at] == ["(", "in"])
                && tokens.get(at + 1).is_some_and(|token| token == "::")
            {
                let mut path = vec![tokens[at].clone()];
                while tokens.get(at + 1).is_some_and(|token| token == "::")
                    && tokens.get(at + 2).is_some_and(|token| is_name(token))
                {
                    path.push(tokens[at + 2].clone());
                    at += 2;
                }
                imports.push(path);
            }
            at += 1;
        }
        imports
            .into_iter()
            .filter_map(|path| {
                Some(Import {
                    text: path.join("::"),
                    path: source.absolute(module, &path)?,
                })
            })
            .collect()
    }

    /// Returns the module that defines the item of a path, behind all re-exports.
    fn defined_in<'a>(&'a self, path: &[String]) -> &'a Module {
        let depth = (0..=path.len())
            .rev()
            .find(|depth| self.0.contains_key(&path[..*depth]));
        let (module, source) = self.0.get_key_value(&path[..depth.unwrap()]).unwrap();
        match path.get(module.len()).and_then(|name| source.names.get(name)) {
            Some(target) if !target.starts_with(path) => self.defined_in(target),
            _ => module,
        }
    }
}

impl Source {
    fn of(name: &str, text: &str) -> (Module, Self) {
        let mut module: Module = name
            .trim_end_matches(".rs")
            .split('/')
            .map(str::to_owned)
            .collect();
        if ["mod", "lib"].contains(&module.last().unwrap().as_str()) {
            module.pop();
        }
        let tokens = of_the_file(&of_the_crate(&tokens(text)));
        let children = tokens
            .windows(3)
            .filter(|window| window[0] == "mod" && window[2] == ";")
            .map(|window| window[1].clone())
            .collect();
        let mut source = Self {
            file: format!("src/{name}"),
            tokens,
            children,
            names: BTreeMap::new(),
        };
        let mut tree = Vec::new();
        for (at, _) in source
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| *token == "use")
        {
            let end = at + source.tokens[at..].iter().position(|token| token == ";").unwrap();
            use_tree(&source.tokens[at + 1..end], &[], &mut tree);
        }
        source.names = tree
            .into_iter()
            .filter_map(|(path, name)| Some((name, source.absolute(&module, &path)?)))
            .collect();
        (module, source)
    }

    /// Returns the path from the root of the crate, or `None` for another crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let mut base = module.clone();
        let mut path = path.iter().peekable();
        match path.peek()?.as_str() {
            "crate" => {
                base.clear();
                path.next();
            }
            "self" => {
                path.next();
            }
            "super" => {
                while path.next_if(|part| *part == "super").is_some() {
                    base.pop();
                }
            }
            child if self.children.contains(child) => {}
            _ => return None,
        }
        Some(base.into_iter().chain(path.cloned()).collect())
    }
}

/// Collects the paths of a `use` declaration with the names that they introduce.
fn use_tree(tokens: &[String], prefix: &[String], found: &mut Vec<(Module, String)>) {
    let mut path = prefix.to_vec();
    let mut tokens = tokens.iter().enumerate();
    let mut name = None;
    while let Some((at, token)) = tokens.next() {
        match token.as_str() {
            "::" => {}
            "as" => name = tokens.next().map(|(_, name)| name.clone()),
            "{" => {
                let inner: Vec<String> = tokens.map(|(_, token)| token.clone()).collect();
                let mut depth = 0;
                let parts = inner[..inner.len() - 1].split(|token| {
                    depth += i32::from(token == "{") - i32::from(token == "}");
                    depth == 0 && token == ","
                });
                for part in parts.filter(|part| !part.is_empty()) {
                    use_tree(part, &path, found);
                }
                return;
            }
            "self" if at == 0 && !prefix.is_empty() => {}
            part => path.push(part.to_owned()),
        }
    }
    let last = path.last().cloned().unwrap_or_default();
    found.push((path, name.unwrap_or(last)));
}

fn is_name(token: &str) -> bool {
    token.starts_with(|char: char| char.is_alphabetic() || char == '_')
}

/// Splits code into names, `::` and single characters.
///
/// Comments, strings and characters are left out.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let is_raw = || {
            rest.trim_start_matches(['b', 'r'])
                .trim_start_matches('#')
                .starts_with('"')
        };
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").unwrap() + 2
        } else if char == '"' || (rest.starts_with("b\"")) {
            string(rest)
        } else if (rest.starts_with('r') || rest.starts_with("br")) && is_raw() {
            let hashes = rest
                .trim_start_matches(['b', 'r'])
                .chars()
                .take_while(|char| *char == '#')
                .count();
            let start = rest.find('"').unwrap() + 1;
            let end = format!("\"{}", "#".repeat(hashes));
            start + rest[start..].find(&end).unwrap() + end.len()
        } else if char == '\'' {
            character(rest)
        } else if is_name(rest) {
            let length = rest
                .find(|char: char| !char.is_alphanumeric() && char != '_')
                .unwrap_or(rest.len());
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !char.is_whitespace() {
                tokens.push(char.to_string());
            }
            char.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens
}

/// Returns the length of a string literal, quotes included.
fn string(text: &str) -> usize {
    let start = text.find('"').unwrap() + 1;
    let mut is_escaped = false;
    let end = text[start..].find(|char| {
        let is_end = char == '"' && !is_escaped;
        is_escaped = char == '\\' && !is_escaped;
        is_end
    });
    start + end.unwrap() + 1
}

/// Returns the length of a character literal, or of the quote of a lifetime.
fn character(text: &str) -> usize {
    let inner = &text[1..];
    let first = inner.chars().next().unwrap();
    if first == '\\' {
        return 3 + inner[2..].find('\'').unwrap() + 1;
    }
    if inner[first.len_utf8()..].starts_with('\'') {
        return first.len_utf8() + 2;
    }
    1
}

/// Removes items under `#[cfg(test)]` and macros.
///
/// The paths in a macro belong to the places where it is used.
fn of_the_crate(tokens: &[String]) -> Vec<String> {
    const LEFT_OUT: [&[&str]; 2] = [&["#", "[", "cfg", "(", "test", ")", "]"], &["macro_rules", "!"]];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts_with = |start: &&&[&str]| tokens[at..].iter().take(start.len()).eq(start.iter());
        if !LEFT_OUT.iter().any(|start| starts_with(&start)) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let mut depth = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.as_str() {
                "{" | "[" | "(" => depth += 1,
                "}" | "]" | ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 && (token == "}" || token == ";") {
                break;
            }
        }
    }
    kept
}

/// Makes paths of inline modules relative to their file.
fn of_the_file(tokens: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    // One entry for each open brace: true if it opens a module.
    let mut open = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "{" => open.push(at > 1 && tokens[at - 2] == "mod"),
            "}" => drop(open.pop()),
            "super" if kept.last().is_none_or(|token| token != "::") => {
                let mut inside = open.iter().filter(|is_module| **is_module).count();
                while inside > 0 && tokens[at] == "super" && tokens[at + 1] == "::" {
                    inside -= 1;
                    at += 2;
                }
            }
            _ => {}
        }
        kept.push(tokens[at].clone());
        at += 1;
    }
    kept
}

/// Returns groups of files that import each other, directly or indirectly.
fn circles<'a>(files: &BTreeMap<&'a Module, BTreeSet<&'a Module>>) -> BTreeSet<BTreeSet<&'a Module>> {
    let reached = |from: &'a Module| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(module) = open.pop() {
            open.extend(
                files
                    .get(module)
                    .into_iter()
                    .flatten()
                    .filter(|next| reached.insert(**next)),
            );
        }
        reached
    };
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        files.keys().map(|from| (*from, reached(from))).collect();
    let in_circle = files.keys().filter(|module| reached[**module].contains(**module));
    in_circle
        .map(|module| {
            let others = reached[*module].iter().copied();
            others
                .filter(|other| reached.get(*other).is_some_and(|back| back.contains(*module)))
                .collect()
        })
        .collect()
}
