//! Bills: reading, rejected files, and reconciliation.

use std::num::NonZeroU32;

use proptest::prelude::*;
use wechatpay_core::{
    api::{refunds::RefundStatus, transactions::TradeState},
    bills::{
        BillFormatError, BillProblem, FundFlowReader, MAX_LINE, RowReader, TradeBillReader,
        reconcile::{DifferenceKind, Reconciler, Record, RefundFamily, Report, Subject},
    },
    types::{Fen, Mchid},
    watch::{Pending, PendingKey, PendingKind},
};

/// Bill of kind `ALL` with all 27 columns.
///
/// Two payments, one with a comma in its product name, and a refund.
const ALL: &str = "\u{feff}交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n\
`2024-01-01 09:00:00,`wxd678efh567hg6787,`1900000001,`1900000109,`,`4200000001,`ORDER-0001,`oUpF8,`JSAPI,`SUCCESS,`OTHERS,`CNY,`9.90,`0.00,`0,`0,`0.00,`0.00,`,`,`茶, 绿茶,`a,b,`0.05940,`0.60%,`9.90,`0.00,`\r\n\
`2024-01-01 09:30:00,`wxd678efh567hg6787,`1900000001,`1900000109,`,`4200000002,`ORDER-0002,`oUpF8,`NATIVE,`SUCCESS,`OTHERS,`CNY,`100.00,`5.00,`0,`0,`0.00,`0.00,`,`,`公仔,`,`0.60000,`0.60%,`105.00,`0.00,`\r\n\
`2024-01-01 10:00:00,`wxd678efh567hg6787,`1900000001,`1900000109,`,`4200000001,`ORDER-0001,`oUpF8,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5000000001,`REFUND-0001,`3.00,`0.00,`ORIGINAL,`SUCCESS,`茶, 绿茶,`a,b,`-0.01800,`0.60%,`0.00,`3.00,`\r\n\
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
`3,`109.90,`3.00,`0.00,`0.64140,`114.90,`3.00\r\n";

const FUND_FLOW: &str = "\u{feff}记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n\
`2024-01-01 09:00:01,`4200000001,`1001,`交易,`交易,`收入,`9.84,`109.84,`system,`结算总金额 9.90 元;含手续费 0.06 元,`v1\r\n\
`2024-01-01 10:00:01,`5000000001,`1002,`退款,`退款,`支出,`2.98,`106.86,`1900000001,`退款总金额 3.00 元, 含手续费 0.02 元,`v2\r\n\
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n\
`2.0,`1.0,`9.84,`1.0,`2.98\r\n";

fn read(text: &str) -> Result<Vec<(u64, String)>, BillFormatError> {
    read_in(text.as_bytes(), 11)
}

fn read_in(text: &[u8], piece: usize) -> Result<Vec<(u64, String)>, BillFormatError> {
    let (mut bill, mut numbers) = (TradeBillReader::new(), Vec::new());
    for piece in text.chunks(piece) {
        bill.feed(piece, |row| {
            numbers.push((row.line(), row.out_trade_no().to_owned()));
            Ok::<_, BillFormatError>(())
        })?;
    }
    bill.finish()?;
    Ok(numbers)
}

fn problem(text: &str) -> (u64, Option<String>, BillProblem) {
    let error = read(text).unwrap_err();
    (error.line(), error.column().map(Into::into), error.problem())
}

#[test]
fn every_column_of_a_full_bill_is_read_by_its_name() {
    let (mut bill, mut seen) = (TradeBillReader::new(), 0);
    bill.feed(ALL.as_bytes(), |row| {
        seen += 1;
        match seen {
            1 => {
                assert_eq!(row.time()?.to_string(), "2024-01-01T09:00:00+08:00");
                assert_eq!(row.mchid(), Some("1900000001"));
                assert_eq!(row.sub_mchid(), Some("1900000109"));
                assert_eq!(row.transaction_id(), "4200000001");
                assert_eq!(row.trade_type().unwrap().as_str(), "JSAPI");
                assert_eq!(row.trade_state(), TradeState::Success);
                assert!(!row.is_refund());
                // Zeros and nothing stand for no number.
                assert_eq!((row.refund_id(), row.out_refund_no()), (None, None));
                assert_eq!(row.get("商品名称"), Some("茶, 绿茶"));
                assert_eq!(row.get("商户数据包"), Some("a,b"));
                assert_eq!(row.get("费率"), Some("0.60%"));
                assert_eq!(row.get("没有"), None);
                assert_eq!(row.amounts().fee.unwrap().to_string(), "0.0594");
                assert_eq!(row.row().iter().count(), 27);
            }
            2 => {
                let amounts = row.amounts();
                assert_eq!(amounts.order.unwrap().fen(), Some(Fen::from(10_500)));
                assert_eq!(amounts.settlement.unwrap().fen(), Some(Fen::from(10_000)));
                assert_eq!(amounts.coupon.unwrap().fen(), Some(Fen::from(500)));
            }
            _ => {
                assert!(row.is_refund());
                assert_eq!(row.refund_id(), Some("5000000001"));
                assert_eq!(row.out_refund_no(), Some("REFUND-0001"));
                assert_eq!(row.refund_status(), Some("SUCCESS"));
                assert_eq!(row.amounts().fee.unwrap().to_string(), "-0.018");
                assert_eq!(
                    row.amounts().requested_refund.unwrap().fen(),
                    Some(Fen::from(300))
                );
            }
        }
        Ok::<_, BillFormatError>(())
    })
    .unwrap();
    let bill = bill.finish().unwrap();
    assert_eq!((seen, bill.totals().count), (3, 3));
    assert_eq!(bill.totals().fee.to_string(), "0.6414");
    assert_eq!(bill.summary().get("订单总金额"), Some("114.90"));
    assert_eq!(bill.summary().iter().count(), 7);
}

#[test]
fn the_three_kinds_and_the_older_layout_are_read() {
    let success = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注\r\n\
        `2024-01-01 09:00:00,`wx,`1900000001,`0,`,`4200000001,`ORDER-0001,`o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`9.90,`0.00,`x,`,`0.05940,`0.60%,`9.90,`\r\n\
        总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
        `1,`9.90,`0.00,`0.00,`0.05940,`9.90,`0.00\r\n";
    assert_eq!(read(success).unwrap(), [(2, "ORDER-0001".to_owned())]);
    let refund = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n\
        `2024-01-01 10:00:00,`wx,`1900000001,`0,`,`4200000001,`ORDER-0001,`o,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`2024-01-01 10:00:00,`2024-01-01 10:00:09,`5000000001,`REFUND-0001,`3.00,`0.00,`ORIGINAL,`SUCCESS,`x,`,`-0.01800,`0.60%,`0.00,`3.00,`\r\n\
        总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n\
        `1,`0.00,`3.00,`0.00,`-0.01800,`0.00,`3.00\r\n";
    assert_eq!(read(refund).unwrap(), [(2, "ORDER-0001".to_owned())]);
    let older = "交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,代金券或立减优惠金额,微信退款单号,商户退款单号,退款金额,代金券或立减优惠退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率\r\n\
        `2014-11-10 16:33:45,`wx,`10000100,`0,`1000,`1001690740,`1415640626,`o,`MICROPAY,`SUCCESS,`OTHERS,`CNY,`0.01,`0.0,`0,`0,`0,`0,`,`,`x,`,`0,`0.60%\r\n\
        总交易单数,总交易额,总退款金额,总代金券或立减优惠退款金额,手续费总金额\r\n\
        `1,`0.01,`0.0,`0.0,`0\r\n";
    assert_eq!(read(older).unwrap(), [(2, "1415640626".to_owned())]);
}

#[test]
fn a_day_without_trade_is_an_empty_bill() {
    let text =
        "交易时间,微信订单号,商户订单号,交易状态,订单金额\r\n总交易单数,订单总金额\r\n`0,`0.00\r\n\r\n";
    assert_eq!(read(text).unwrap(), []);
    // The last line needs no end.
    assert_eq!(read(text.trim_end()).unwrap(), []);
}

#[test]
fn a_file_that_is_not_a_bill_is_rejected_with_its_position() {
    let cases: [(&str, (u64, Option<&str>, BillProblem)); 9] = [
        ("", (0, None, BillProblem::NoSummary)),
        (
            "{\"code\":\"X\",\"message\":\"y\"}\n",
            (1, None, BillProblem::NoHeader),
        ),
        ("<html>,</html>\n", (1, None, BillProblem::NoHeader)),
        ("`1,`2\n", (1, None, BillProblem::NoHeader)),
        ("one column\n", (1, None, BillProblem::NoHeader)),
        (
            "交易时间,微信订单号\n`1,`2\n",
            (1, Some("商户订单号"), BillProblem::MissingColumn),
        ),
        (
            "微信订单号,商户订单号,交易状态\n`1,`2\n",
            (
                2,
                None,
                BillProblem::Fields {
                    expected: 3,
                    found: 2,
                },
            ),
        ),
        (
            "微信订单号,商户订单号,交易状态,手续费\n`1,`2,`SUCCESS,`0.0x\n",
            (2, Some("手续费"), BillProblem::Amount),
        ),
        (
            "微信订单号,商户订单号,交易状态\n总交易单数,手续费总金额\n`0,`0\nx,y\n",
            (4, None, BillProblem::AfterSummary),
        ),
    ];
    for (text, (line, column, expected)) in cases {
        assert_eq!(problem(text), (line, column.map(Into::into), expected), "{text}");
    }
    let error = read("微信订单号,商户订单号,交易状态,手续费\n`1,`2,`SUCCESS,`secret\n").unwrap_err();
    assert_eq!(error.to_string(), "line 2, column 手续费: not an amount in yuan");
}

#[test]
fn a_file_that_is_not_utf_8_is_reported_as_such() {
    // 交易时间 in GBK.
    let gbk = b"\xbd\xbb\xd2\xd7\xca\xb1\xbc\xe4,x\n";
    let error = read_in(gbk, 100).unwrap_err();
    assert_eq!((error.line(), error.problem()), (1, BillProblem::Encoding));
    assert!(error.to_string().contains("GBK"));
}

#[test]
fn a_bill_truncated_anywhere_is_rejected() {
    // The last line may lack its end, and the zeros behind its point; nothing else may be missing.
    let complete = ALL.trim_end().len();
    for length in 0..complete - ".00".len() {
        assert!(
            read_in(&ALL.as_bytes()[..length], 4096).is_err(),
            "{length} of {complete}"
        );
    }
    assert_eq!(read_in(&ALL.as_bytes()[..complete], 4096).unwrap().len(), 3);
}

#[test]
fn totals_that_do_not_match_are_rejected_with_both_values() {
    for (stated, forged, column) in [
        ("`3,`109.90", "`4,`109.90", "总交易单数"),
        ("`3,`109.90", "`3,`109.91", "应结订单总金额"),
        ("`0.64140,", "`0.64141,", "手续费总金额"),
        ("`114.90,`3.00", "`114.90,`3.01", "申请退款总金额"),
    ] {
        let (line, at, found) = problem(&ALL.replace(stated, forged));
        assert_eq!((line, at.as_deref()), (6, Some(column)));
        assert!(
            matches!(found, BillProblem::Total { .. } | BillProblem::Rows { .. }),
            "{found:?}"
        );
    }
    // A row that was taken out is noticed as well.
    let rows: Vec<&str> = ALL.lines().collect();
    let short = [rows[0], rows[1], rows[3], rows[4], rows[5]].join("\r\n");
    assert!(matches!(
        problem(&short).2,
        BillProblem::Rows {
            stated: 3,
            computed: 2
        }
    ));
}

#[test]
fn blanks_around_a_field_are_not_part_of_it() {
    for (written, padded) in [
        ("`3,`109.90,`3.00", "`3 ,`109.90  ,`3.00\t"),
        ("`3,`109.90,`3.00", " `3,` 109.90, `3.00"),
        ("`114.90,`3.00\r\n", "`114.90,`3.00 \r\n"),
        ("`114.90,`3.00\r\n", "`114.90,`3.00\u{3000}"),
        ("`0.05940,`", "`0.05940 ,`"),
        ("`REFUND,", "`REFUND ,"),
        ("\n`2024-01-01 09:30:00,", "\n\t`2024-01-01 09:30:00 ,"),
    ] {
        let text = ALL.replace(written, padded);
        assert_ne!(text, ALL);
        assert_eq!(read(&text), read(ALL), "{padded:?}");
    }
    let padded = FUND_FLOW
        .replace("`2.0,`1.0,", "`2.0 ,`1.0\t,")
        .replace("`收入,`9.84,", "`收入 ,`9.84 ,");
    let mut bill = FundFlowReader::new();
    let mut income = 0;
    bill.feed(padded.as_bytes(), |row| {
        income += u32::from(row.is_income());
        Ok::<_, BillFormatError>(())
    })
    .unwrap();
    let bill = bill.finish().unwrap();
    assert_eq!((income, bill.summary().get("资金流水总笔数")), (1, Some("2.0")));
    // A blank inside a number is no number, and a wrong total stays one.
    for (stated, forged) in [("`109.90,`3.00", "`109. 90,`3.00"), ("`3,`109.90", "`4 ,`109.90")] {
        assert!(read(&ALL.replace(stated, forged)).is_err(), "{forged}");
    }
}

#[test]
fn a_line_without_an_end_is_limited_in_length() {
    let mut rows = RowReader::new();
    let mut fed = 0;
    let error = loop {
        match rows.feed(&[b'x'; 1000], |_| Ok::<_, BillFormatError>(())) {
            Ok(()) => fed += 1000,
            Err(error) => break error,
        }
        assert!(fed <= MAX_LINE);
    };
    assert_eq!(error.problem(), BillProblem::LineTooLong);
}

#[test]
fn the_first_error_of_the_caller_ends_the_reading() {
    #[derive(Debug, PartialEq)]
    enum Mine {
        Enough,
        Format(BillFormatError),
    }
    impl From<BillFormatError> for Mine {
        fn from(error: BillFormatError) -> Self {
            Self::Format(error)
        }
    }
    let mut bill = TradeBillReader::new();
    assert_eq!(
        bill.feed(ALL.as_bytes(), |_| Err(Mine::Enough)),
        Err(Mine::Enough)
    );
    let mut bill = TradeBillReader::new();
    assert!(matches!(bill.feed(b"`x\n", |_| Ok(())), Err(Mine::Format(_))));
}

#[test]
fn fund_flow_bills_are_read_and_added_up() {
    let (mut bill, mut rows) = (FundFlowReader::new(), Vec::new());
    for piece in FUND_FLOW.as_bytes().chunks(7) {
        bill.feed(piece, |row| {
            rows.push((
                row.business_number().unwrap().to_owned(),
                row.is_income(),
                row.amount().to_string(),
                row.balance().unwrap().to_string(),
            ));
            assert!(row.time().is_ok() && row.flow_number().is_some() && row.business_type().is_some());
            Ok::<_, BillFormatError>(())
        })
        .unwrap();
    }
    let bill = bill.finish().unwrap();
    assert_eq!(
        rows,
        [
            ("4200000001".into(), true, "9.84".into(), "109.84".into()),
            ("5000000001".into(), false, "2.98".into(), "106.86".into()),
        ]
    );
    assert_eq!((bill.totals().count, bill.totals().expense_count), (2, 1));
    assert_eq!(bill.summary().get("收入笔数"), Some("1.0"));

    for (stated, forged) in [
        ("`2.0,", "`3.0,"),
        ("`1.0,`9.84", "`1.5,`9.84"),
        ("`2.98\r\n", "`2.99\r\n"),
    ] {
        let mut bill = FundFlowReader::new();
        let text = FUND_FLOW.replace(stated, forged);
        assert_ne!(text, FUND_FLOW);
        bill.feed(text.as_bytes(), |_| Ok::<_, BillFormatError>(()))
            .unwrap();
        assert!(bill.finish().is_err(), "{forged}");
    }
    // Some pages write the brackets of the columns wide.
    let wide = FUND_FLOW.replace("(元)", "（元）");
    let mut bill = FundFlowReader::new();
    bill.feed(wide.as_bytes(), |_| Ok::<_, BillFormatError>(()))
        .unwrap();
    bill.finish().unwrap();
}

#[test]
fn a_bill_of_any_kind_is_read_by_its_columns() {
    let text = "分账时间,分账发起方,分账方,微信订单号,微信分账单号,金额(元),备注\r\n\
        `2024-01-01 09:00:00,`1900000001,`1900000109,`4200000001,`3008450740,`1.00,`佣金, 一月\r\n\
        总条数,总金额\r\n`1,`1.00\r\n";
    let (mut rows, mut notes) = (RowReader::new(), Vec::new());
    rows.feed(text.as_bytes(), |row| {
        notes.push(row.get("备注").unwrap().to_owned());
        Ok::<_, BillFormatError>(())
    })
    .unwrap();
    assert_eq!(rows.header().len(), 7);
    assert_eq!(notes, ["佣金, 一月"]);
    assert_eq!(rows.finish().unwrap().get("总条数"), Some("1"));
}

// Comparison

fn reconcile(records: impl IntoIterator<Item = Record>) -> Report {
    let mut comparer = Reconciler::new();
    comparer.extend(records);
    let mut bill = TradeBillReader::new();
    bill.feed(ALL.as_bytes(), |row| comparer.row(row)).unwrap();
    bill.finish().unwrap();
    comparer.finish()
}

fn kinds(report: &Report) -> Vec<(Subject, DifferenceKind, &str)> {
    report
        .differences()
        .iter()
        .map(|difference| (difference.subject, difference.kind, &*difference.number))
        .collect()
}

fn right() -> [Record; 3] {
    [
        Record::payment("ORDER-0001", Fen::from(990)),
        Record::payment("ORDER-0002", Fen::from(10_500)),
        Record::refund("REFUND-0001", Fen::from(300), &RefundStatus::Success),
    ]
}

#[test]
fn a_shop_that_matches_the_bill_has_a_clean_report() {
    let unpaid = Record::unpaid("ORDER-0009", Fen::from(1));
    let failed = Record::refund("REFUND-0009", Fen::from(1), &RefundStatus::Closed);
    let report = reconcile(right().into_iter().chain([unpaid, failed]));
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.payments().matched, report.refunds().matched), (2, 1));
    assert_eq!(report.payments().matched_amount.to_string(), "114.90");
    assert!(report.to_string().contains("No differences."));
}

#[test]
fn what_the_shop_lacks_or_knows_otherwise_can_be_rechecked_in_the_name_of_its_sub_merchant() {
    let [one, _, refund] = right();
    let (merchant, sub): (Mchid, Mchid) = ("1900000001".parse().unwrap(), "1900000109".parse().unwrap());
    let records = [
        Record::unpaid("ORDER-0001", Fen::from(990)),
        Record::payment("ORDER-0003", Fen::from(1)),
    ];
    let report = reconcile(records);
    for (family, kind) in [
        (RefundFamily::Ordinary, PendingKind::Refund),
        (RefundFamily::Ecommerce, PendingKind::EcommerceRefund),
    ] {
        let found: Vec<Pending> = report.to_recheck(&merchant, family).collect();
        let key = |kind, number| PendingKey::new(merchant.clone(), kind, number);
        let keys: Vec<PendingKey> = found.iter().map(|pending| pending.key.clone()).collect();
        assert_eq!(
            keys,
            [
                key(PendingKind::Order, "ORDER-0001"),
                key(PendingKind::Order, "ORDER-0002"),
                key(kind, "REFUND-0001"),
            ]
        );
        assert!(
            found
                .iter()
                .all(|pending| pending.sub_mchid.as_ref() == Some(&sub))
        );
        // The bill's payment tells an order that no query finds from one that was never placed.
        let payments: Vec<_> = found.iter().map(|pending| pending.parent.as_deref()).collect();
        assert_eq!(payments, [Some("4200000001"), Some("4200000002"), None]);
    }
    // A query resolves neither another amount nor what the bill lacks or has twice.
    let other = Record::payment("ORDER-0002", Fen::from(10_000));
    let more = Record::payment("ORDER-0003", Fen::from(1));
    let report = reconcile([one.clone(), one, other, refund, more]);
    assert!(!report.is_clean());
    assert_eq!(report.to_recheck(&merchant, RefundFamily::Ordinary).count(), 0);
}

#[test]
fn each_kind_of_difference_is_found_and_listed() {
    use DifferenceKind::*;
    use Subject::*;
    let [one, two, refund] = right();
    let cases: [(&str, Vec<Record>, Vec<(Subject, DifferenceKind, &str)>); 10] = [
        (
            "an order the shop does not have",
            vec![one.clone(), refund.clone()],
            vec![(Payment, MissingHere, "ORDER-0002")],
        ),
        (
            "an order the bill does not have",
            vec![
                one.clone(),
                two.clone(),
                refund.clone(),
                Record::payment("ORDER-0003", Fen::from(1)),
            ],
            vec![(Payment, MissingThere, "ORDER-0003")],
        ),
        (
            "a refund the shop does not have",
            vec![one.clone(), two.clone()],
            vec![(Refund, MissingHere, "REFUND-0001")],
        ),
        (
            "a refund the bill does not have",
            vec![
                one.clone(),
                two.clone(),
                refund.clone(),
                Record::refund("REFUND-0002", Fen::from(1), &RefundStatus::Processing),
            ],
            vec![(Refund, MissingThere, "REFUND-0002")],
        ),
        (
            "another total; what is settled is not what is compared",
            vec![
                one.clone(),
                Record::payment("ORDER-0002", Fen::from(10_000)),
                refund.clone(),
            ],
            vec![(Payment, AmountDiffers, "ORDER-0002")],
        ),
        (
            "another refund",
            vec![
                one.clone(),
                two.clone(),
                Record::refund("REFUND-0001", Fen::from(301), &RefundStatus::Success),
            ],
            vec![(Refund, AmountDiffers, "REFUND-0001")],
        ),
        (
            "the shop does not know that it was paid",
            vec![
                Record::unpaid("ORDER-0001", Fen::from(990)),
                two.clone(),
                refund.clone(),
            ],
            vec![(Payment, StateDiffers, "ORDER-0001")],
        ),
        (
            "the shop does not know that it was refunded",
            vec![
                one.clone(),
                two.clone(),
                Record::refund("REFUND-0001", Fen::from(300), &RefundStatus::Processing),
            ],
            vec![(Refund, StateDiffers, "REFUND-0001")],
        ),
        (
            "twice in the shop",
            vec![one.clone(), one.clone(), two.clone(), refund.clone()],
            vec![(Payment, DuplicateHere, "ORDER-0001")],
        ),
        (
            "wrong in two ways",
            vec![
                Record::unpaid("ORDER-0001", Fen::from(991)),
                two.clone(),
                refund.clone(),
            ],
            vec![
                (Payment, AmountDiffers, "ORDER-0001"),
                (Payment, StateDiffers, "ORDER-0001"),
            ],
        ),
    ];
    for (name, records, expected) in cases {
        let report = reconcile(records);
        assert_eq!(kinds(&report), expected, "{name}");
        assert!(!report.is_clean());
        let number = &report.differences()[0].number;
        assert!(report.to_string().contains(&**number), "{report}");
    }
}

#[test]
fn a_number_that_is_twice_in_the_bill_is_a_difference() {
    let text = "微信订单号,商户订单号,交易状态,订单金额\n`1,`ORDER-0001,`SUCCESS,`9.90\n`2,`ORDER-0001,`SUCCESS,`9.90\n总交易单数,订单总金额\n`2,`19.80\n";
    let mut comparer = Reconciler::new();
    comparer.record(Record::payment("ORDER-0001", Fen::from(990)));
    let mut bill = TradeBillReader::new();
    bill.feed(text.as_bytes(), |row| comparer.row(row)).unwrap();
    bill.finish().unwrap();
    let report = comparer.finish();
    assert_eq!(
        kinds(&report),
        [(Subject::Payment, DifferenceKind::DuplicateThere, "ORDER-0001")]
    );
    assert_eq!(report.differences()[0].line, Some(2));
}

/// A reversed order has two rows of its number, in either order.
#[test]
fn a_payment_and_its_reversal_are_one_payment_that_was_not_done() {
    const HEADER: &str = "微信订单号,商户订单号,交易状态,订单金额,申请退款金额";
    const PAID: &str = "`1,`ORDER-0001,`SUCCESS,`9.90,`0.00";
    const REVERSED: &str = "`1,`ORDER-0001,`REVOKED,`0.00,`9.90";
    let compared = |rows: &[&str], record: Record| {
        let mut comparer = Reconciler::new();
        comparer.record(record);
        let mut bill = TradeBillReader::new();
        let paid = rows.iter().filter(|row| **row == PAID).count();
        let total = format!(
            "总交易单数,订单总金额\n`{},`{:.2}\n",
            rows.len(),
            9.9 * paid as f64
        );
        let text = format!("{HEADER}\n{}\n{total}", rows.join("\n"));
        bill.feed(text.as_bytes(), |row| comparer.row(row)).unwrap();
        bill.finish().unwrap();
        comparer.finish()
    };
    let reversed = || Record::unpaid("ORDER-0001", Fen::from(990));
    for rows in [&[PAID, REVERSED][..], &[REVERSED, PAID], &[REVERSED]] {
        let report = compared(rows, reversed());
        assert!(report.is_clean(), "{rows:?}: {report}");
        // A shop that handed the goods over has a difference.
        let report = compared(rows, Record::payment("ORDER-0001", Fen::from(990)));
        let differs = (Subject::Payment, DifferenceKind::StateDiffers, "ORDER-0001");
        assert_eq!(kinds(&report), [differs], "{rows:?}");
    }
    for rows in [&[PAID, REVERSED, REVERSED][..], &[PAID, REVERSED, PAID]] {
        let report = compared(rows, reversed());
        let twice = (Subject::Payment, DifferenceKind::DuplicateThere, "ORDER-0001");
        assert_eq!(kinds(&report), [twice], "{rows:?}");
    }
}

#[test]
fn an_amount_that_is_not_whole_fen_stops_the_comparison() {
    let text = "微信订单号,商户订单号,交易状态,订单金额\n`1,`ORDER-0001,`SUCCESS,`9.905\n";
    let mut comparer = Reconciler::new();
    let error = TradeBillReader::new()
        .feed(text.as_bytes(), |row| comparer.row(row))
        .unwrap_err();
    assert_eq!(
        (error.column(), error.problem()),
        (Some("订单金额"), BillProblem::Fen)
    );
}

#[test]
fn differences_beyond_the_limit_are_counted_but_not_listed() {
    let mut comparer = Reconciler::new().named(3);
    comparer.extend((0..100).map(|number| Record::payment(format!("ORDER-{number:04}"), Fen::from(1))));
    let report = comparer.finish();
    assert_eq!(report.payments().missing_there, 100);
    assert_eq!((report.differences().len(), report.unnamed()), (3, 97));
    assert!(report.to_string().contains("and 97 more"));
    let twice = report.clone().merge(report);
    assert_eq!((twice.differences().len(), twice.unnamed()), (3, 197));
}

#[test]
fn the_report_is_displayed_as_a_table() {
    let report = reconcile([Record::payment("ORDER-0001", Fen::from(991))]);
    assert_eq!(
        report.to_string(),
        "
           matched            yuan  missing in the shop  missing in the bill  amount differs  state differs  duplicates
payments         0            0.00                    1                    0               1              0           0
refunds          0            0.00                    1                    0               0              0           0

difference                    number                                    shop        bill      line
amount differs       payment  ORDER-0001                                9.91        9.90         2
missing in the shop  payment  ORDER-0002                                   -      105.00         3
missing in the shop  refund   REFUND-0001                                  -        3.00         4
"
        .trim_start_matches('\n')
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["payments"]["missing_here"], 1);
    assert_eq!(json["differences"][0]["kind"], "amount_differs");
    assert_eq!(json["differences"][0]["here"], 991);
}

proptest! {
    /// A bill reads the same in pieces of any size.
    #[test]
    fn a_bill_read_in_pieces_of_any_size_is_the_same(piece in 1..700_usize) {
        prop_assert_eq!(read_in(ALL.as_bytes(), piece).unwrap(), read(ALL).unwrap());
    }

    /// Readers do not panic on arbitrary bytes.
    #[test]
    fn garbage_never_panics_a_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0..1000_usize) {
        let _ = read_in(&bytes, 13);
        let mut mixed = ALL.as_bytes().to_vec();
        let at = cut.min(mixed.len());
        mixed.splice(at..at, bytes);
        let _ = read_in(&mixed, 64);
        let _ = RowReader::new().feed(&mixed, |row| {
            let _ = row.iter().count();
            Ok::<_, BillFormatError>(())
        });
    }

    /// Merged reports of several passes equal the report of one pass.
    #[test]
    fn merged_reports_of_parts_equal_the_report_of_one_pass(parts in 1..6_u32, here in 0..40_u32, there in 0..40_u32) {
        let mut text = String::from("微信订单号,商户订单号,交易状态,订单金额\n");
        let mut total = 0;
        for number in 10..10 + there {
            text += &format!("`{number},`ORDER-{number:04},`SUCCESS,`{}.00\n", number % 7);
            total += number % 7;
        }
        text += &format!("总交易单数,订单总金额\n`{there},`{total}.00\n");
        let run = |mut comparer: Reconciler| {
            comparer.extend((0..here).map(|number| {
                Record::payment(format!("ORDER-{number:04}"), Fen::from(number % 5 * 100))
            }));
            let mut bill = TradeBillReader::new();
            bill.feed(text.as_bytes(), |row| comparer.row(row)).unwrap();
            bill.finish().unwrap();
            comparer.finish()
        };
        let of = NonZeroU32::new(parts).unwrap();
        let whole = run(Reconciler::new());
        let merged = (0..parts)
            .map(|index| run(Reconciler::new().part(index, of)))
            .reduce(Report::merge)
            .unwrap();
        prop_assert_eq!(whole, merged);
    }
}
