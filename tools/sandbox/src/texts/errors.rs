//! Errors of the world, which knows no language: they say their English themselves.

use crate::{
    language::{Language, Localize},
    world::{applyments::state::ApplymentError, orders::state::PayError},
};

impl Localize for ApplymentError {
    fn in_language(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Chinese, Self::NoSuchApplyment) => "没有这个申请单".to_owned(),
            (Language::Chinese, Self::NoWay { from, to }) => format!("申请单不能从 {from} 变为 {to}"),
        }
    }
}

impl Localize for PayError {
    fn in_language(&self, language: Language) -> String {
        let chinese = match (language, self) {
            (Language::English, _) => return self.to_string(),
            (Language::Chinese, Self::NoSuchOrder) => "没有这个订单",
            (Language::Chinese, Self::AlreadyPaid) => "订单已支付",
            (Language::Chinese, Self::Closed) => "订单已关闭",
            (Language::Chinese, Self::Expired) => "已过支付截止时间",
            (Language::Chinese, Self::NotEnough) => "余额不足",
            (Language::Chinese, Self::Blocked) => "被风控拦截",
        };
        chinese.to_owned()
    }
}
