//! Comparison of a payment with its order.

use serde_json::{Value, json};
use wechatpay_core::{
    api::{refunds::RefundNotice, transactions::Transaction},
    notify::{Confirmed, Expectation, Mismatch, Payee, VerifiedNotification},
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, FakePlatform},
    types::{Currency, Fen},
};

use super::{CANARY, ORDER, Rig, all_text, payment, rigs};

fn partner() -> Payee {
    Payee::Partner {
        sp_appid: DEMO_APPID.parse().unwrap(),
        sp_mchid: DEMO_MCHID.parse().unwrap(),
        sub_mchid: DEMO_SUB_MCHID.parse().unwrap(),
    }
}

fn direct() -> Payee {
    Payee::Direct {
        appid: DEMO_APPID.parse().unwrap(),
        mchid: DEMO_MCHID.parse().unwrap(),
    }
}

fn expectation(payee: Payee) -> Expectation {
    Expectation::new(ORDER.parse().unwrap(), payee, Fen::from(100), Currency::Cny)
}

impl Rig {
    async fn check(&self, payee: Payee, change: impl FnOnce(&mut Value)) -> Result<Confirmed, Mismatch> {
        let mut resource = self.canary_resource();
        if matches!(payee, Payee::Direct { .. }) {
            let members = resource.as_object_mut().unwrap();
            members.retain(|key, _| !key.starts_with("sp_") && !key.starts_with("sub_"));
            members.insert("appid".into(), json!(DEMO_APPID));
            members.insert("mchid".into(), json!(DEMO_MCHID));
        }
        change(&mut resource);
        let delivery = self.builder().plaintext(resource.to_string()).build();
        payment(&self.receiver, &delivery)
            .await
            .unwrap()
            .confirm(&expectation(payee))
    }
}

#[tokio::test]
async fn a_payment_of_the_order_is_confirmed_with_its_number_and_total() {
    for rig in rigs() {
        for payee in [partner(), direct()] {
            let confirmed = rig.check(payee, |_| {}).await.unwrap();
            assert_eq!(
                confirmed.transaction_id(),
                &"4200001234202401011234567890",
                "{}",
                rig.name
            );
            assert_eq!(confirmed.total(), Fen::from(100), "{}", rig.name);
            assert_eq!(confirmed.out_trade_no, ORDER, "{}", rig.name);
            assert!(
                !format!("{confirmed:?}").contains(CANARY),
                "{}: {confirmed:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn each_field_that_differs_from_the_order_is_named() {
    type Change = fn(&mut Value);
    let both: [(&[&str], Change); 8] = [
        (&["out_trade_no"], |paid| {
            paid["out_trade_no"] = json!("ANOTHER-ORDER");
        }),
        (&["amount.total"], |paid| paid["amount"]["total"] = json!(99)),
        (&["amount.total"], |paid| paid["amount"]["total"] = json!(101)),
        (&["amount.total"], |paid| {
            // A coupon lowers what the payer gives, never what the order costs.
            paid["amount"]["total"] = json!(1);
            paid["amount"]["payer_total"] = json!(100);
        }),
        (&["amount.currency"], |paid| {
            paid["amount"]["currency"] = json!("USD");
        }),
        (&["trade_state"], |paid| paid["trade_state"] = json!("REFUND")),
        (&["trade_state"], |paid| paid["trade_state"] = json!("BRAND_NEW")),
        (&["trade_state", "out_trade_no", "amount.total"], |paid| {
            paid["trade_state"] = json!("CLOSED");
            paid["out_trade_no"] = json!("ANOTHER-ORDER");
            paid["amount"]["total"] = json!(1);
        }),
    ];
    let partners: [(&[&str], Change); 2] = [
        (&["sp_appid"], |paid| paid["sp_appid"] = json!("wxOther")),
        (&["sub_mchid"], |paid| paid["sub_mchid"] = json!("1900000999")),
    ];
    let directs: [(&[&str], Change); 1] = [(&["appid"], |paid| paid["appid"] = json!("wxOther"))];
    for rig in rigs() {
        let partners = both.iter().chain(&partners).map(|case| (partner(), case));
        let directs = both.iter().chain(&directs).map(|case| (direct(), case));
        for (payee, (fields, change)) in partners.chain(directs) {
            let mismatch = rig.check(payee, change).await.unwrap_err();
            assert_eq!(mismatch.fields(), *fields, "{}", rig.name);
            assert!(
                mismatch.to_string().contains(fields[0]),
                "{}: {mismatch}",
                rig.name
            );
            assert!(!all_text(&mismatch).contains(CANARY), "{}", rig.name);
        }
        let coupon: Change = |paid| paid["amount"]["payer_total"] = json!(1);
        let no_currency: Change = |paid| drop(paid["amount"].as_object_mut().unwrap().remove("currency"));
        for change in [coupon, no_currency] {
            assert!(rig.check(partner(), change).await.is_ok(), "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_partners_payment_is_not_a_direct_one_and_the_reverse() {
    for rig in rigs() {
        let delivered = payment(&rig.receiver, &rig.genuine()).await.unwrap();
        let mismatch = delivered.confirm(&expectation(direct())).unwrap_err();
        assert_eq!(mismatch.fields(), ["appid", "mchid", "sp_mchid"], "{}", rig.name);
        assert!(!mismatch.is_only_unpaid(), "{}", rig.name);
        let direct_payment = rig.with_resource(|resource| {
            let members = resource.as_object_mut().unwrap();
            members.retain(|key, _| !key.starts_with("sp_") && !key.starts_with("sub_"));
            members.insert("appid".into(), json!(DEMO_APPID));
            members.insert("mchid".into(), json!(DEMO_MCHID));
        });
        let delivered = payment(&rig.receiver, &direct_payment).await.unwrap();
        let mismatch = delivered.confirm(&expectation(partner())).unwrap_err();
        assert_eq!(
            mismatch.fields(),
            ["sp_appid", "sp_mchid", "sub_mchid", "mchid"],
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn an_unpaid_queried_order_is_only_unpaid() {
    for rig in rigs() {
        let query = async |order: Value| {
            let body = order.to_string();
            let headers = rig.platform.sign(body.as_bytes());
            let pairs = headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_slice()));
            let keyed = rig.receiver.verifier().begin(pairs).unwrap().key().await.unwrap();
            let order = keyed.verify(body.into()).unwrap().json::<Transaction>().unwrap();
            order.confirm(&expectation(partner()))
        };
        let unpaid = json!({
            "sp_appid": DEMO_APPID, "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER,
            "trade_state": "NOTPAY", "trade_state_desc": "未支付",
        });
        let mismatch = query(unpaid.clone()).await.unwrap_err();
        assert!(mismatch.is_only_unpaid(), "{}: {mismatch}", rig.name);
        let mut other = unpaid.clone();
        other["out_trade_no"] = json!("ANOTHER-ORDER");
        assert!(!query(other).await.unwrap_err().is_only_unpaid(), "{}", rig.name);
        assert!(query(rig.canary_resource()).await.is_ok(), "{}", rig.name);
        // What is there and differs is a difference, whatever the state.
        for state in ["NOTPAY", "CLOSED", "USERPAYING", "PAYERROR", "ACCEPT", "REVOKED"] {
            let mut order = unpaid.clone();
            order["trade_state"] = json!(state);
            let only_unpaid = async |amount: Value| {
                let mut order = order.clone();
                order["amount"] = amount;
                query(order).await.unwrap_err().is_only_unpaid()
            };
            assert!(
                query(order.clone()).await.unwrap_err().is_only_unpaid(),
                "{state}"
            );
            assert!(
                only_unpaid(json!({"total": 100, "currency": "CNY", "payer_currency": "CNY"})).await,
                "{state}"
            );
            assert!(only_unpaid(json!({"total": 100})).await, "{state}");
            assert!(
                !only_unpaid(json!({"total": 1, "currency": "CNY"})).await,
                "{state}"
            );
            assert!(
                !only_unpaid(json!({"total": 100, "currency": "USD"})).await,
                "{state}"
            );
            assert!(!only_unpaid(json!({"currency": "USD"})).await, "{state}");
        }
        // What is given back was paid, and of a state that nobody knows nothing is known.
        for (state, total) in [("REFUND", 100), ("REFUND", 1), ("SOMETHING_NEW", 100)] {
            let mut order = rig.canary_resource();
            order["trade_state"] = json!(state);
            order["amount"]["total"] = json!(total);
            let mismatch = query(order).await.unwrap_err();
            assert!(!mismatch.is_only_unpaid(), "{}: {state} {mismatch}", rig.name);
            assert!(mismatch.fields().contains(&"trade_state"), "{mismatch}");
        }
        let mut without_number = rig.canary_resource();
        without_number["transaction_id"] = json!("");
        let mismatch = query(without_number).await.unwrap_err();
        assert_eq!(mismatch.fields(), ["transaction_id"], "{}", rig.name);
        assert!(!mismatch.is_only_unpaid(), "{}", rig.name);
    }
}

#[tokio::test]
async fn the_test_platform_of_a_direct_merchant_sends_its_payments_and_refunds() {
    let platform = FakePlatform::new().direct();
    let direct = Payee::Direct {
        appid: DEMO_APPID.parse().unwrap(),
        mchid: DEMO_MCHID.parse().unwrap(),
    };
    for (payee, is_confirmed) in [(direct, true), (partner(), false)] {
        let paid = receive(&platform, platform.payment("ORDER-1", 100)).await;
        let paid = paid.decode::<Transaction>().unwrap();
        let order = Expectation::new(
            "ORDER-1".parse().unwrap(),
            payee,
            Fen::new(100).unwrap(),
            Currency::Cny,
        );
        assert_eq!(paid.confirm(&order).is_ok(), is_confirmed);
    }
    let refunded = receive(&platform, platform.refund("ORDER-1", "REFUND-1", 100)).await;
    let refunded = refunded.decode::<RefundNotice>().unwrap();
    assert_eq!(refunded.mchid.as_ref().unwrap(), DEMO_MCHID);
    assert!(refunded.sp_mchid.is_none() && refunded.sub_mchid.is_none());
}

async fn receive(platform: &FakePlatform, delivery: Delivery) -> VerifiedNotification {
    let receiver = platform.receiver();
    let pending = receiver.begin(&delivery.method, delivery.pairs()).unwrap();
    pending
        .ready()
        .await
        .unwrap()
        .finish(delivery.body.clone())
        .unwrap()
}
