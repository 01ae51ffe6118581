//! Balances and withdrawals.

use serde_json::{Value, json};
use wechatpay_core::{
    api::funds::{
        AcceptedWithdrawal, AccountType, Balance, CalculateAmountType, DayEndStatus, DayEndWithdrawal,
        QueryBalance, QueryDayEndBalance, QueryDayEndWithdrawal, QuerySubBalance, QuerySubDayEndBalance,
        QuerySubWithdrawal, QuerySubWithdrawalById, QueryWithdrawal, QueryWithdrawalById, SubBalance,
        Withdraw, WithdrawDayEndBalance, WithdrawForSub, WithdrawStatus, Withdrawal,
    },
    types::Fen,
};

use super::support::{
    MCHID, NOTIFY_URL, SUB_MCHID, TIME, fen, get, id, merged, post, response, sent, sub_mchid, values,
};

const REQUEST: &str = "20190611222222222200000000012122";
const WITHDRAWAL: &str = "12321937198237912739132791732912793127931279317929791239112123";

#[test]
fn balances_are_queried_by_account_and_day() {
    let now = QuerySubBalance::new(sub_mchid());
    let path = "/v3/ecommerce/fund/balance/1900000109";
    assert_eq!(sent(&now), get(path));
    assert_eq!(
        sent(&now.account_type(AccountType::Deposit)),
        get(&format!("{path}?account_type=DEPOSIT"))
    );
    let day_end = QuerySubDayEndBalance::new(sub_mchid(), id("2019-08-17"));
    let path = "/v3/ecommerce/fund/enddaybalance/1900000109?date=2019-08-17";
    assert_eq!(sent(&day_end), get(path));
    assert_eq!(
        sent(&day_end.account_type(AccountType::Basic)),
        get(&format!("{path}&account_type=BASIC"))
    );
    assert_eq!(
        sent(&QueryBalance::new(AccountType::Operation)),
        get("/v3/merchant/fund/balance/OPERATION")
    );
    assert_eq!(
        sent(&QueryDayEndBalance::new(AccountType::Fees, id("2019-08-17"))),
        get("/v3/merchant/fund/dayendbalance/FEES?date=2019-08-17")
    );
}

#[test]
fn withdrawing_has_exactly_the_documented_keys() {
    let path = "/v3/ecommerce/fund/withdraw";
    let sparse = json!({ "sub_mchid": SUB_MCHID, "out_request_no": REQUEST, "amount": 1 });
    let extra = json!({ "remark": "交易提现", "bank_memo": "微信支付提现", "notify_url": NOTIFY_URL });
    let withdraw = WithdrawForSub::new(sub_mchid(), id(REQUEST), fen(1));
    assert_eq!(sent(&withdraw), post(path, sparse.clone()));
    assert_eq!(
        sent(
            &withdraw
                .remark("交易提现")
                .bank_memo("微信支付提现")
                .account_type(AccountType::Basic)
                .notify_url(NOTIFY_URL)
        ),
        post(
            path,
            merged(merged(sparse, extra.clone()), json!({ "account_type": "BASIC" }))
        )
    );

    let path = "/v3/merchant/fund/withdraw";
    let sparse = json!({ "out_request_no": REQUEST, "amount": 1, "account_type": "FEES" });
    let withdraw = Withdraw::new(id(REQUEST), fen(1), AccountType::Fees);
    assert_eq!(sent(&withdraw), post(path, sparse.clone()));
    assert_eq!(
        sent(
            &withdraw
                .remark("交易提现")
                .bank_memo("微信支付提现")
                .notify_url(NOTIFY_URL)
        ),
        post(path, merged(sparse, extra.clone()))
    );

    let path = "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw";
    let sparse = json!({
        "sub_mchid": SUB_MCHID, "out_request_no": REQUEST, "calculate_amount_type": "ONLY_DAY_END_BALANCE",
    });
    let withdraw =
        WithdrawDayEndBalance::new(sub_mchid(), id(REQUEST), CalculateAmountType::OnlyDayEndBalance);
    assert_eq!(sent(&withdraw), post(path, sparse.clone()));
    assert_eq!(
        sent(
            &withdraw
                .remark("交易提现")
                .bank_memo("微信支付提现")
                .notify_url(NOTIFY_URL)
                .reserve_amount(Fen::from(100))
        ),
        post(
            path,
            merged(merged(sparse, extra), json!({ "reserve_amount": 100 }))
        )
    );
}

#[test]
fn withdrawals_are_queried_by_either_number() {
    let by_request = "20190611222222222200000000012122";
    assert_eq!(
        sent(&QuerySubWithdrawal::new(id(REQUEST), sub_mchid())),
        get(&format!(
            "/v3/ecommerce/fund/withdraw/out-request-no/{by_request}?sub_mchid=1900000109"
        ))
    );
    assert_eq!(
        sent(&QuerySubWithdrawalById::new(id("12/3"), sub_mchid())),
        get("/v3/ecommerce/fund/withdraw/12%2F3?sub_mchid=1900000109")
    );
    assert_eq!(
        sent(&QueryWithdrawal::new(id(REQUEST))),
        get(&format!("/v3/merchant/fund/withdraw/out-request-no/{by_request}"))
    );
    assert_eq!(
        sent(&QueryWithdrawalById::new(id("123"))),
        get("/v3/merchant/fund/withdraw/withdraw-id/123")
    );
    assert_eq!(
        sent(&QueryDayEndWithdrawal::new(id(REQUEST), sub_mchid())),
        get(&format!(
            "/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw/out-request-no/{by_request}\
             ?sub_mchid=1900000109"
        ))
    );
}

fn sub_balance() -> Value {
    json!({ "sub_mchid": SUB_MCHID, "available_amount": 100, "pending_amount": 90, "account_type": "BASIC" })
}

fn accepted() -> Value {
    json!({ "sub_mchid": SUB_MCHID, "withdraw_id": WITHDRAWAL, "out_request_no": REQUEST })
}

fn withdrawal() -> Value {
    json!({
        "sp_mchid": MCHID, "sub_mchid": SUB_MCHID, "status": "SUCCESS", "withdraw_id": WITHDRAWAL,
        "out_request_no": REQUEST, "amount": 1, "create_time": TIME, "update_time": TIME, "reason": "卡号错误",
        "remark": "交易提现", "bank_memo": "微信提现", "account_type": "BASIC", "account_number": "1178",
        "account_bank": "工商银行", "bank_name": "中国工商银行股份有限公司深圳软件园支行", "solution": "请修改结算银行卡信息",
    })
}

fn day_end() -> Value {
    json!({
        "sp_mchid": MCHID, "sub_mchid": SUB_MCHID, "status": "FINISHED", "withdraw_id": WITHDRAWAL,
        "out_request_no": REQUEST, "total_amount": 6, "success_amount": 1, "fail_amount": 2, "refund_amount": 3,
        "create_time": TIME, "update_time": TIME, "reason": "卡号错误", "remark": "交易提现", "bank_memo": "微信提现",
        "account_type": "BASIC", "account_number": "1178", "account_bank": "工商银行", "bank_name": "深圳软件园支行",
    })
}

#[test]
fn the_responses_are_read_at_their_fullest_and_sparsest() {
    let balance: SubBalance = response(&sub_balance(), &["sub_mchid"]);
    assert_eq!(balance.pending_amount, Some(fen(90)));
    let balance = json!({ "available_amount": 100, "pending_amount": 90 });
    let balance: Balance = response(&balance, &[]);
    assert_eq!(balance.available_amount, Some(fen(100)));
    let _: AcceptedWithdrawal = response(&accepted(), &["withdraw_id"]);
    let done: Withdrawal = response(&withdrawal(), &["withdraw_id", "out_request_no", "amount"]);
    assert_eq!(done.status, WithdrawStatus::Success);
    assert!(!format!("{done:?}").contains("1178"));
    let done: DayEndWithdrawal = response(&day_end(), &["withdraw_id", "out_request_no", "total_amount"]);
    assert_eq!(done.status, DayEndStatus::Finished);
    assert_eq!(
        (
            done.total_amount,
            done.success_amount,
            done.fail_amount,
            done.refund_amount
        ),
        (fen(6), Some(fen(1)), Some(fen(2)), Some(fen(3)))
    );
}

#[test]
fn unknown_enum_values_are_kept_verbatim() {
    values::<AccountType>(&["BASIC", "OPERATION", "FEES", "DEPOSIT"]);
    values::<WithdrawStatus>(&["CREATE_SUCCESS", "SUCCESS", "FAIL", "REFUND", "CLOSE", "INIT"]);
    values::<CalculateAmountType>(&["ONLY_DAY_END_BALANCE", "ALLOW_CURRENT_BALANCE"]);
    values::<DayEndStatus>(&["CREATED", "PROCESSING", "FINISHED", "ABNORMAL"]);
}
