//! Errors of the world, which knows no language: they say their English themselves.

use super::{Language, Localize};
use crate::world::applyments::state::ApplymentError;

impl Localize for ApplymentError {
    fn in_language(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Chinese, Self::NoSuchApplyment) => "没有这个申请单".to_owned(),
            (Language::Chinese, Self::NoWay { from, to }) => format!("申请单不能从 {from} 变为 {to}"),
        }
    }
}
