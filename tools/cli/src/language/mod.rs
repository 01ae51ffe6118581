//! The language of help and reports.

mod zh;

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command, ValueEnum};

/// Variables that tell the language, the first that is set.
const VARIABLES: [&str; 4] = ["WECHATPAY_SANDBOX_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];

/// Languages of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// Chinese
    Zh,
}

impl Lang {
    /// That of the command line, else of the environment, else of the locale.
    pub(crate) fn chosen() -> Self {
        Self::of(std::env::args_os(), |name| std::env::var(name).ok())
    }

    /// English unless something asks for Chinese. The arguments are not parsed yet.
    fn of(arguments: impl IntoIterator<Item = OsString>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut given = None;
        let mut is_next = false;
        for argument in arguments {
            let text = argument.to_string_lossy();
            if is_next {
                given = Self::from_str(&text, true).ok();
            } else if let Some(value) = text.strip_prefix("--lang=") {
                given = Self::from_str(value, true).ok();
            }
            is_next = text == "--lang";
        }
        given.unwrap_or_else(|| {
            let set = VARIABLES
                .into_iter()
                .find_map(|name| variable(name).filter(|value| !value.is_empty()));
            match set {
                Some(locale) if locale.starts_with("zh") => Self::Zh,
                _ => Self::En,
            }
        })
    }
}

/// The command with its help in the language of the arguments.
pub(crate) fn localized(command: Command) -> Command {
    match Lang::chosen() {
        Lang::En => command,
        Lang::Zh => chinese(command, ""),
    }
}

/// A command with Chinese help, and its subcommands.
fn chinese(mut command: Command, path: &str) -> Command {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path} {name}")
        }
    };
    if let Some(text) = zh::text(path) {
        command = command.about(short(text)).long_about(text);
    }
    if let Some(examples) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(zh::examples(&examples));
    }
    let ids: Vec<String> = command
        .get_arguments()
        .map(|arg| arg.get_id().to_string())
        .collect();
    for id in ids {
        let text = zh::text(&below(&format!("--{id}")));
        command = command.mut_arg(id, |arg| {
            let heading = heading(&arg);
            let arg = arg.help_heading(heading);
            match text {
                Some(text) => arg.help(short(text)).long_help(text),
                None => arg,
            }
        });
    }
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    for name in names {
        let path = below(&name);
        command = command.mut_subcommand(name, |command| chinese(command, &path));
    }
    command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help_heading("选项")
                .help("打印帮助（-h 为摘要）"),
        )
        .subcommand_help_heading("命令")
        .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
}

fn heading(arg: &Arg) -> &'static str {
    if arg.is_positional() { "参数" } else { "选项" }
}

/// The first paragraph.
fn short(text: &'static str) -> &'static str {
    text.split_once("\n\n").map_or(text, |(first, _)| first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untranslated(command: &Command, path: &str, missing: &mut Vec<String>) {
        let ids = command.get_arguments().map(|arg| format!("--{}", arg.get_id()));
        let subcommands = command.get_subcommands();
        for id in ids.filter(|id| id != "--help" && id != "--version") {
            let id = format!("{path} {id}").trim().to_owned();
            if zh::text(&id).is_none() {
                missing.push(id);
            }
        }
        for command in subcommands {
            let path = format!("{path} {}", command.get_name()).trim().to_owned();
            if zh::text(&path).is_none() {
                missing.push(path.clone());
            }
            untranslated(command, &path, missing);
        }
    }

    #[test]
    fn every_command_and_every_option_has_a_chinese_text() {
        let mut missing = Vec::new();
        untranslated(&crate::cli::command(), "", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn the_help_is_chinese_to_its_headings() {
        let mut command = chinese(crate::cli::command(), "");
        for command in command.get_subcommands_mut() {
            let help = command.render_long_help().to_string();
            for english in [
                "Options",
                "Usage",
                "Print help",
                "Examples",
                "Exit status",
                "The ",
            ] {
                assert!(!help.contains(english), "{english}: {help}");
            }
        }
        command.debug_assert();
    }

    #[test]
    fn the_arguments_win_over_the_environment() {
        let of = |arguments: &[&str], locale: &str| {
            let variable = |name: &str| (name == "LANG").then(|| locale.to_owned());
            Lang::of(arguments.iter().map(OsString::from), variable)
        };
        assert_eq!(of(&["wechatpay", "--lang", "zh", "--help"], "C"), Lang::Zh);
        assert_eq!(of(&["wechatpay", "sandbox", "--lang=zh"], "C"), Lang::Zh);
        assert_eq!(of(&["wechatpay", "--lang", "en"], "zh_CN.UTF-8"), Lang::En);
        assert_eq!(of(&["wechatpay"], "zh_CN.UTF-8"), Lang::Zh);
        assert_eq!(of(&["wechatpay"], ""), Lang::En);
    }
}
