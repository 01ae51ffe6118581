//! The bank account that a sub-merchant is settled to (结算账户): changing it, and looking at it.
//!
//! At most five changes per day for a sub-merchant, 20 per minute in all.
//!
//! Pages: 修改结算账户, 查询结算账户, 查询结算账户修改申请状态.

use crate::{
    macros::{endpoint, open_enum, request, response},
    types::{DateTime, Mchid, PrivateText, Sensitive, SettlementApplicationNo},
};

open_enum! {
    /// How the change is made (修改模式).
    pub enum ModifyMode {
        /// Accepted first and decided later.
        Async = "MODIFY_MODE_ASYNC",
    }
}

open_enum! {
    /// Whose the account is (账户类型).
    pub enum SettlementAccountType {
        /// The company's.
        Business = "ACCOUNT_TYPE_BUSINESS",
        /// A person's.
        Private = "ACCOUNT_TYPE_PRIVATE",
    }
}

open_enum! {
    /// Whether the account was found good, by paying to it or by looking at the change (验证结果, 审核状态).
    pub enum VerifyResult {
        /// Paying to it works.
        VerifySuccess = "VERIFY_SUCCESS",
        /// Paying to it fails.
        VerifyFail = "VERIFY_FAIL",
        /// Being tried.
        Verifying = "VERIFYING",
        /// The change was accepted.
        AuditSuccess = "AUDIT_SUCCESS",
        /// Somebody looks at the change.
        Auditing = "AUDITING",
        /// The change was refused.
        AuditFail = "AUDIT_FAIL",
    }
}

open_enum! {
    /// How the number of an account is masked (银行账号显示规则).
    pub enum AccountNumberRule {
        /// The older way.
        MaskV1 = "ACCOUNT_NUMBER_RULE_MASK_V1",
        /// The newer way.
        MaskV2 = "ACCOUNT_NUMBER_RULE_MASK_V2",
    }
}

request! {
    /// Changes the account (修改结算账户): `POST /v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement`.
    ///
    /// It carries no number of the merchant's: when an answer is lost, look at the account before you repeat it.
    pub struct ModifySettlement {
        required {
            /// The sub-merchant.
            #[serde(skip)]
            sub_mchid: Mchid,
            /// Whose the account is.
            account_type: SettlementAccountType,
            /// The bank, up to 128 characters.
            account_bank: String,
            /// Code of the bank's city.
            bank_address_code: String,
            /// The number; travels encrypted.
            account_number: Sensitive,
        }
        optional {
            /// How the change is made.
            modify_mode: ModifyMode,
            /// Full name of the bank with its branch, up to 128 characters.
            bank_name: String,
            /// Number of the branch, up to 128 characters.
            bank_branch_id: String,
            /// Name of the holder; travels encrypted.
            account_name: Sensitive,
        }
        sensitive { account_number, account_name, }
    }
    /// The new account of `sub_mchid`, its number in plain; the client encrypts it.
    new
}

endpoint! {
    // Older versions answer 204.
    impl POST "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement" for ModifySettlement
        -> Option<SettlementApplication>
    {
        sensitive: true,
        path: [sub_mchid],
    }
}

response! {
    /// A change that was accepted.
    pub struct SettlementApplication {
        required {
            /// The platform's number of it; ask with [`QueryApplication`].
            application_no: SettlementApplicationNo,
        }
    }
}

request! {
    /// Queries the account (查询结算账户): `GET /v3/apply4sub/sub_merchants/{sub_mchid}/settlement`.
    pub struct QuerySettlement {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
        optional {
            /// How the number is masked.
            account_number_rule: AccountNumberRule,
        }
    }
    /// The account of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement" for QuerySettlement -> SettlementAccount {
        path: [sub_mchid],
        query: [account_number_rule],
    }
}

response! {
    /// The account that is settled to.
    pub struct SettlementAccount {
        states {
            /// Whether paying to it works.
            verify_result: VerifyResult,
            /// Whose it is.
            account_type: SettlementAccountType,
        }
        texts {
            /// The number, masked.
            account_number: PrivateText,
            /// The bank.
            account_bank: String,
            /// Full name of the bank with its branch.
            bank_name: String,
            /// Number of the branch.
            bank_branch_id: String,
            /// Code of the bank's city; not on every page.
            bank_address_code: String,
            /// Why paying to it fails.
            verify_fail_reason: String,
        }
    }
}

request! {
    /// Queries how far a change is (查询结算账户修改申请状态):
    /// `GET /v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}`.
    pub struct QueryApplication {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The platform's number of the change.
            application_no: SettlementApplicationNo,
        }
        optional {
            /// How the number is masked.
            account_number_rule: AccountNumberRule,
        }
    }
    /// The change `application_no` of the account of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/apply4sub/sub_merchants/{sub_mchid}/application/{application_no}" for QueryApplication
        -> SettlementChange
    {
        path: [sub_mchid, application_no],
        query: [account_number_rule],
    }
}

response! {
    /// A change of the account.
    pub struct SettlementChange {
        states {
            /// How far the change is.
            verify_result: VerifyResult,
            /// Whose the account is.
            account_type: SettlementAccountType,
        }
        texts {
            /// The number, masked.
            account_number: PrivateText,
            /// Name of the holder, masked.
            account_name: PrivateText,
            /// The bank.
            account_bank: String,
            /// Full name of the bank with its branch.
            bank_name: String,
            /// Number of the branch.
            bank_branch_id: String,
            /// Why it was refused.
            verify_fail_reason: String,
            /// When it was decided.
            verify_finish_time: DateTime,
        }
    }
}
