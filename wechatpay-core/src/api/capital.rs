//! Banks, branches and areas, as an application form needs them (银行组件) (feature `capital`).
//!
//! The lookup: [`ListProvinces`], [`ListCities`], a bank of [`ListCorporateBanks`] or [`ListPersonalBanks`], and if it
//! [needs a branch](Bank::need_bank_branch), one of [`ListBranches`]. The lists change rarely: keep them for a day.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, capital::{BankPage, ListBranches, ListCorporateBanks}};
//!
//! let list = ListCorporateBanks::new(200);
//! assert_eq!(list.path().as_str(), "/v3/capital/capitallhh/banks/corporate-banking?limit=200");
//!
//! // The client returns a `BankPage`.
//! let page: BankPage = serde_json::from_str(
//!     r#"{"total_count":1,"data":[{"bank_alias":"工商银行","bank_alias_code":"1000009561",
//!         "account_bank":"工商银行","account_bank_code":1002,"need_bank_branch":false}]}"#)?;
//! let bank = &page.data[0];
//! assert!(!bank.need_bank_branch.unwrap_or(true));
//! let branches = ListBranches::new(bank.bank_alias_code.clone(), 536, 200);
//! # assert!(branches.path().as_str().contains("/1000009561/branches?city_code=536"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 查询支持对公业务的银行列表, 查询支持个人业务的银行列表, 获取对私银行卡号开户银行, 查询支行列表, 查询省份列表, 查询城市列表.

use wechatpay_macros::{Endpoint, Response};

use crate::types::Sensitive;

/// A bank (银行).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Bank {
    /// Code of the bank's alias, by which its branches are listed.
    pub bank_alias_code: String,
    /// Alias, as people call the bank.
    pub bank_alias: Option<String>,
    /// Name for the application: `account_bank`.
    pub account_bank: Option<String>,
    /// Code of the bank.
    pub account_bank_code: Option<i64>,
    /// True if the application must name a branch.
    pub need_bank_branch: Option<bool>,
}

/// Links to the neighbours of a page (分页链接).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Links {
    /// Path and query of the next page; absent on the last one.
    pub next: Option<String>,
    /// Path and query of the page before.
    pub prev: Option<String>,
    /// Path and query of this page.
    #[serde(rename = "self")]
    pub this: Option<String>,
}

/// A page of banks.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct BankPage {
    /// Banks of this page.
    pub data: Vec<Bank>,
    /// Number of all banks.
    pub total_count: Option<u64>,
    /// Number of banks of this page.
    pub count: Option<u64>,
    /// Offset of this page.
    pub offset: Option<u64>,
    /// Links to the neighbours; absent for the bank of a card.
    pub links: Option<Links>,
}

/// Lists the banks for accounts of companies (查询支持对公业务的银行列表).
///
/// `GET /v3/capital/capitallhh/banks/corporate-banking`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/capital/capitallhh/banks/corporate-banking", response = BankPage)]
#[request(new = "Creates the request for the first `limit` banks, at most 200.")]
#[non_exhaustive]
pub struct ListCorporateBanks {
    /// Maximum number of banks.
    pub limit: u32,
    /// Number of banks to skip.
    pub offset: Option<u32>,
}

/// Lists the banks for accounts of persons (查询支持个人业务的银行列表).
///
/// `GET /v3/capital/capitallhh/banks/personal-banking`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/capital/capitallhh/banks/personal-banking", response = BankPage)]
#[request(new = "Creates the request for the first `limit` banks, at most 200.")]
#[non_exhaustive]
pub struct ListPersonalBanks {
    /// Maximum number of banks.
    pub limit: u32,
    /// Number of banks to skip.
    pub offset: Option<u32>,
}

/// Finds the bank of a person's card (获取对私银行卡号开户银行).
///
/// `GET /v3/capital/capitallhh/banks/search-banks-by-bank-account`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/capital/capitallhh/banks/search-banks-by-bank-account", response = BankPage)]
#[request(new = "Creates the request for a card.")]
#[non_exhaustive]
pub struct FindBankOfCard {
    /// Number of the card; sent encrypted.
    #[request(into)]
    pub account_number: Sensitive,
}

/// Lists the branches of a bank in a city (查询支行列表).
///
/// `GET /v3/capital/capitallhh/banks/{bank_alias_code}/branches`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/capital/capitallhh/banks/{bank_alias_code}/branches",
    response = BranchPage, echo_if_present(bank_alias_code)
)]
#[request(new = "Creates the request for the first `limit` branches, at most 200.")]
#[non_exhaustive]
pub struct ListBranches {
    /// Code of the bank's alias.
    #[request(into)]
    pub bank_alias_code: String,
    /// Code of the city.
    pub city_code: i64,
    /// Maximum number of branches.
    pub limit: u32,
    /// Number of branches to skip.
    pub offset: Option<u32>,
}

/// A page of branches, and their bank.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct BranchPage {
    /// Branches of this page.
    pub data: Vec<Branch>,
    /// Number of all branches.
    pub total_count: Option<u64>,
    /// Number of branches of this page.
    pub count: Option<u64>,
    /// Offset of this page.
    pub offset: Option<u64>,
    /// Links to the neighbours.
    pub links: Option<Links>,
    /// Name for the application: `account_bank`.
    pub account_bank: Option<String>,
    /// Code of the bank.
    pub account_bank_code: Option<i64>,
    /// Alias, as people call the bank.
    pub bank_alias: Option<String>,
    /// Code of the bank's alias.
    pub bank_alias_code: Option<String>,
}

/// A branch (支行).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Branch {
    /// Number of the branch (联行号): `bank_branch_id`.
    pub bank_branch_id: String,
    /// Name: `bank_name`.
    pub bank_branch_name: Option<String>,
}

/// Lists the provinces (查询省份列表).
///
/// `GET /v3/capital/capitallhh/areas/provinces`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/capital/capitallhh/areas/provinces", response = Provinces)]
#[request(new = "Creates the request.")]
#[non_exhaustive]
pub struct ListProvinces {}

/// The provinces.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Provinces {
    /// Provinces.
    pub data: Vec<Province>,
    /// Their number.
    pub total_count: Option<u64>,
}

/// A province (省份).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Province {
    /// Code.
    pub province_code: i64,
    /// Name.
    pub province_name: Option<String>,
}

/// Lists the cities of a province (查询城市列表).
///
/// `GET /v3/capital/capitallhh/areas/provinces/{province_code}/cities`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/capital/capitallhh/areas/provinces/{province_code}/cities", response = Cities)]
#[request(new = "Creates the request for a province.")]
#[non_exhaustive]
pub struct ListCities {
    /// Code of the province.
    pub province_code: i64,
}

/// The cities of a province.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Cities {
    /// Cities.
    pub data: Vec<City>,
    /// Their number.
    pub total_count: Option<u64>,
}

/// A city (城市).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct City {
    /// Code.
    pub city_code: i64,
    /// Name.
    pub city_name: Option<String>,
}
