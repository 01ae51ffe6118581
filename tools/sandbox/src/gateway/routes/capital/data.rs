//! A few banks and areas.
//!
//! Codes and names of branches are made up; the platform's lists are long and change.

/// A bank.
pub(super) struct Bank {
    pub(super) name: &'static str,
    pub(super) alias_code: &'static str,
    /// `account_bank`: small banks share 其他银行.
    pub(super) account_bank: &'static str,
    pub(super) code: u32,
    pub(super) needs_branch: bool,
    /// First digits of its cards; `None` if it has no private customers.
    pub(super) card_prefix: Option<&'static str>,
    pub(super) branch_prefix: &'static str,
}

const fn bank(
    name: &'static str,
    alias_code: &'static str,
    code: u32,
    card_prefix: Option<&'static str>,
    branch_prefix: &'static str,
) -> Bank {
    Bank {
        name,
        alias_code,
        account_bank: name,
        code,
        needs_branch: false,
        card_prefix,
        branch_prefix,
    }
}

pub(super) const BANKS: &[Bank] = &[
    bank("工商银行", "1000009547", 1002, Some("622202"), "102100"),
    bank("交通银行", "1000009548", 1020, Some("622260"), "301100"),
    bank("招商银行", "1000009561", 1001, Some("622588"), "308100"),
    bank("建设银行", "1000009549", 1003, Some("621700"), "105100"),
    bank("农业银行", "1000009560", 1005, Some("622848"), "103100"),
    Bank {
        account_bank: "其他银行",
        needs_branch: true,
        ..bank("宁波银行", "1000002033", 1056, Some("622281"), "313332")
    },
    Bank {
        account_bank: "其他银行",
        needs_branch: true,
        ..bank("国家开发银行", "1000010001", 1099, None, "201100")
    },
];

/// Branches of each bank in each city.
pub(super) const BRANCHES: u32 = 3;

/// A province with its cities: code and name.
pub(super) struct Province {
    pub(super) code: usize,
    pub(super) name: &'static str,
    pub(super) cities: &'static [(usize, &'static str)],
}

pub(super) const PROVINCES: &[Province] = &[
    Province {
        code: 10,
        name: "北京市",
        cities: &[(10, "北京市")],
    },
    Province {
        code: 22,
        name: "广东省",
        cities: &[(931, "广州市"), (932, "深圳市"), (933, "珠海市")],
    },
    Province {
        code: 33,
        name: "浙江省",
        cities: &[(571, "杭州市"), (574, "宁波市")],
    },
];
