//! The authorisation page of WeChat, and the exchange of its codes for an openid.
//!
//! A mini program has no page: its code is the name of the buyer, with anything behind a hyphen, so that each is new.

mod codes;
mod exchange;
mod page;
mod words;

pub(super) use codes::Codes;
pub(super) use exchange::{of_mini_program, of_page};
pub(super) use page::authorize;
