//! Banks and areas.

use crate::language::texts;

texts! {
    pub(super) enum CapitalHint {
        Bank { code: String } =>
            "there is no bank {code}; the lists of banks name those that there are",
            "没有银行 {code}；请从银行列表接口获取银行别名编码";
        City { code: usize } =>
            "there is no city {code}; the lists of cities name those that there are",
            "没有城市 {code}；请从城市列表接口获取城市编码";
        Province { code: String } =>
            "there is no province {code}; the list of provinces names those that there are",
            "没有省份 {code}；请从省份列表接口获取省份编码";
    }
}
