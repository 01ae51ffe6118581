//! Limitations and due diligence.

use crate::language::texts;

texts! {
    pub(super) enum LimitationHint {
        OtherSubMerchant =>
            "the due diligence is about another sub-merchant",
            "该尽调单属于其他子商户";
        NotCollecting { state: String } =>
            "the due diligence is {state}, and takes no papers",
            "尽调单状态为 {state}，不能提交资料";
        Submitted =>
            "other papers were submitted and are examined; only rejected ones are corrected",
            "已提交其他资料且正在审核；只有被驳回后才能修改重新提交";
        NotAForm =>
            "submit_data is JSON inside a string: {{\"record_fields\": […]}}",
            "submit_data 是 JSON 字符串：{{\"record_fields\": […]}}";
        NoItem { item: String } =>
            "the template has no item {item}",
            "尽调资料模板中没有资料项 {item}";
        Required { item: String } =>
            "item {item} is required",
            "资料项 {item} 必填";
        NoFile { item: String } =>
            "item {item} takes the file_id of an upload",
            "资料项 {item} 应填写上传接口返回的 file_id";
        Text { item: String } =>
            "item {item} takes a text; submit its value here",
            "资料项 {item} 不是文件，请直接提交内容";
        Length { item: String, min: i64, max: i64 } =>
            "item {item} has {min} to {max} characters",
            "资料项 {item} 的长度为 {min} 至 {max} 个字符";
    }
}
