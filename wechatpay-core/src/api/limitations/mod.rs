//! Limitations of merchants (商户管控) (feature `limitations`).
//!
//! [`Query`] returns the functions that WeChat Pay took from a sub-merchant, and the way to get each of them back. If
//! an enhanced due diligence (强化尽调) is asked for, [`QueryDueDiligence`] returns the items to provide and
//! [`SubmitDueDiligence`] provides them. Files go to [`FILE_UPLOAD`] first.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::limitations::{DueDiligence, DueDiligenceState, Form, SubmitDueDiligence};
//!
//! // The client returns a `DueDiligence`; its template is JSON inside a string.
//! let asked: DueDiligence = serde_json::from_str(
//!     r#"{"due_diligence_id":"123000110_2_2190381","sub_mchid":"1900000109",
//!         "due_diligence_state":"DUE_DILIGENCE_STATE_COLLECTING",
//!         "submission_template":"{\"record_fields\":[{\"item_id\":\"100004\",\"type\":1,\"need_encrypt\":true}]}"}"#)?;
//! let template = asked.submission_template.as_ref().and_then(|text| Form::read(text.as_str()));
//! let items = template.map(|form| form.record_fields).unwrap_or_default();
//! assert_eq!(items.len(), 1);
//!
//! // Items that must be encrypted are encrypted by the client.
//! let answers: Vec<_> = items.iter().map(|item| item.answer("440300199001010000")).collect();
//! let submit = SubmitDueDiligence::new(asked.due_diligence_id.clone(), asked.sub_mchid.clone(), answers);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 查询子商户管控情况, 查询子商户强化尽调单信息, 提交尽调资料, 上传尽调资料文件, 资料格式说明.

mod due_diligence;
mod form;
mod query;

pub use due_diligence::{
    DueDiligence, DueDiligenceState, QueryDueDiligence, SubmitDueDiligence, SubmittedDueDiligence,
    UploadedFile,
};
pub use form::{
    CheckRule, Form, FormItem, ItemAudit, Material, MaterialItem, MaterialValue, Rejection, Relation,
};
pub use query::{
    LimitationActionType, LimitationReasonType, Limitations, LimitedFunction, Query, RecoverWay,
    RecoverySpecification,
};

/// Path of the upload of a file for a due diligence (上传尽调资料文件).
///
/// A `POST` with a multipart form, as in [`media`](crate::api::media), but with other names: the part
/// `due_diligence_file`, and in `meta` the keys `file_name`, `file_digest`, `sub_mchid` and `item_id`, a number. The
/// response is [`UploadedFile`].
pub const FILE_UPLOAD: &str = "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/upload";
