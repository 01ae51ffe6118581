//! Bills.

use crate::{language::texts, world::clock::Day};

texts! {
    pub(super) enum BillHint {
        NoDate =>
            "bill_date is written 2018-06-08",
            "bill_date 的格式为 2018-06-08";
        Future =>
            "bill_date is in the future",
            "bill_date 在未来";
        TooOld =>
            "bills are kept for three months",
            "账单只保留三个月";
        TooEarly { day: Day } =>
            "bills of {day} are there from 10:00 of the next day in Beijing",
            "{day} 的账单在北京时间次日 10:00 之后可用";
        Nothing { day: Day } =>
            "nothing happened on {day}",
            "{day} 没有交易";
        OtherMerchant =>
            "another merchant asked for this bill; the one that asks is the one that downloads",
            "该账单由其他商户申请；只有申请的商户才能下载";
        LinkExpired =>
            "ask for the bill again and download it at once",
            "请重新申请账单并立即下载";
        OtherAlgorithm =>
            "bills are encrypted with AEAD_AES_256_GCM here; SM4_GCM is not emulated",
            "此处账单以 AEAD_AES_256_GCM 加密；没有模拟 SM4_GCM";
    }
}
