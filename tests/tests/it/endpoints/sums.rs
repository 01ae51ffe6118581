//! Sums of the table, by family, in the READMEs.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use wechatpay_tests::tools::workspace;

/// Families in the order of the READMEs: module, title, Chinese title.
pub(super) const FAMILIES: [(&str, &str, &str); 30] = [
    (
        "prepay",
        "orders: JSAPI, APP, H5, Native",
        "下单：JSAPI、APP、H5、Native",
    ),
    ("combine", "combined orders", "合单支付"),
    ("transactions", "query and close orders", "查单、关单"),
    ("refunds", "refunds", "退款"),
    ("profit_sharing", "profit sharing", "分账"),
    ("subsidies", "subsidies", "补差"),
    ("funds", "balances, withdrawals", "余额、提现"),
    ("applyments", "onboarding of sub-merchants", "二级商户进件"),
    ("settlement", "settlement accounts", "结算账户"),
    ("media", "uploads of pictures and videos", "图片、视频上传"),
    ("bills", "bills", "账单"),
    ("certificates", "platform certificates", "平台证书"),
    ("security", "self-test", "回声测试"),
    ("transfers", "transfers to users (商家转账)", "商家转账"),
    ("capital", "banks, branches, areas (银行组件)", "银行组件"),
    ("code_pay", "payment by a code (付款码支付)", "付款码支付"),
    ("complaints", "complaints (消费者投诉)", "消费者投诉"),
    ("payscore", "pay after service (支付分)", "支付分"),
    ("coupons", "coupons (代金券)", "代金券"),
    (
        "applyment4sub",
        "onboarding of a partner's merchants (特约商户进件)",
        "特约商户进件",
    ),
    (
        "personal_receivers",
        "persons who receive money (个人收款方)",
        "个人收款方",
    ),
    (
        "sub_merchants",
        "sub-merchants of one subject (指定主体子商户)",
        "指定主体子商户",
    ),
    (
        "sub_merchant_closing",
        "closing of sub-merchants (二级商户注销)",
        "二级商户注销",
    ),
    (
        "sub_merchant_recharge",
        "recharges of sub-merchants (二级商户充值)",
        "二级商户充值",
    ),
    (
        "deposits",
        "deposits, claims, compensation (保证金、理赔、赔付)",
        "保证金、理赔、赔付",
    ),
    (
        "combined_deduction",
        "deductions of combined orders (合单委托代扣)",
        "合单委托代扣",
    ),
    (
        "ecommerce_transfers",
        "transfers of sub-merchants to users (电商平台转账)",
        "二级商户向用户转账",
    ),
    ("violations", "violations (商户违规通知)", "商户违规通知"),
    ("limitations", "limitations (商户管控)", "商户管控"),
    ("abnormal_funds", "abnormal funds (在途异常资金)", "在途异常资金"),
];

const BEGIN: &str = "<!-- Made by tests/tests/it/endpoints: WRITE_README=1 -->\n";
const END: &str = "<!-- end -->\n";

/// Endpoints of a family.
#[derive(Default)]
struct Sum {
    typed: usize,
    emulated: usize,
    levels: BTreeSet<&'static str>,
}

/// Endpoints of all families, by module.
#[derive(Default)]
pub(super) struct Sums(BTreeMap<String, Sum>);

/// Words of a language.
struct Words {
    file: &'static str,
    head: &'static str,
    always: &'static str,
    none: &'static str,
    title: fn(&(&'static str, &'static str, &'static str)) -> &'static str,
    total: fn(usize, usize) -> String,
}

const LANGUAGES: [Words; 2] = [
    Words {
        file: "README.md",
        head: "| Family | Feature | Operations | In the sandbox | Fidelity |",
        always: "always",
        none: "none",
        title: |(_, title, _)| title,
        total: |typed, emulated| {
            format!("{typed} operations have types; {emulated} of them are in the sandbox.")
        },
    },
    Words {
        file: "README.zh-CN.md",
        head: "| 接口 | Feature | 数量 | 沙箱 | 仿真级别 |",
        always: "默认启用",
        none: "无",
        title: |(.., title)| title,
        total: |typed, emulated| format!("{typed} 个接口有类型，其中 {emulated} 个由沙箱模拟。"),
    },
];

/// Features of the families, as `wechatpay-core` lists them.
fn features() -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(workspace().join("wechatpay-core/Cargo.toml")).unwrap();
    let (_, behind) = manifest.split_once("all-families = [").unwrap();
    let (list, _) = behind.split_once(']').unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

impl Sums {
    /// Adds an endpoint; `level` is `None` if the sandbox does not emulate it.
    pub(super) fn add(&mut self, family: &str, level: Option<&'static str>) {
        let sum = self.0.entry(family.to_owned()).or_default();
        sum.typed += 1;
        sum.emulated += usize::from(level.is_some());
        sum.levels.extend(level);
    }

    fn table(&self, words: &Words) -> String {
        let typed = self.0.values().map(|sum| sum.typed).sum();
        let emulated = self.0.values().map(|sum| sum.emulated).sum();
        let mut text = format!(
            "{}\n\n{}\n|---|---|---|---|---|\n",
            (words.total)(typed, emulated),
            words.head
        );
        let mut features = features();
        for family in &FAMILIES {
            let sum = &self.0[family.0];
            let feature = family.0.replace('_', "-");
            let feature = match features.remove(&feature) {
                true => format!("`{feature}`"),
                false => words.always.to_owned(),
            };
            let emulated = match sum.emulated {
                0 => words.none.to_owned(),
                number => number.to_string(),
            };
            let levels: Vec<&str> = match sum.levels.len() {
                0 => vec!["–"],
                _ => sum.levels.iter().copied().collect(),
            };
            writeln!(
                text,
                "| {} | {feature} | {} | {emulated} | {} |",
                (words.title)(family),
                sum.typed,
                levels.join(", "),
            )
            .unwrap();
        }
        assert!(features.is_empty(), "features without a family: {features:?}");
        text
    }

    /// Compares the READMEs with the sums, or writes them.
    pub(super) fn compare(&self) {
        for words in LANGUAGES {
            let file = workspace().join(words.file);
            let readme = std::fs::read_to_string(&file).unwrap();
            let (before, rest) = readme.split_once(BEGIN).unwrap();
            let (table, behind) = rest.split_once(END).unwrap();
            let now = self.table(&words);
            if std::env::var_os("WRITE_README").is_some() {
                std::fs::write(&file, [before, BEGIN, &now, END, behind].concat()).unwrap();
            } else {
                assert_eq!(
                    table, now,
                    "{}: the table of endpoints differs from the types. `WRITE_README=1 cargo test -p wechatpay-tests \
                     --test it endpoints` writes it anew",
                    words.file
                );
            }
        }
    }
}
