//! Uploads of pictures and videos.

use crate::language::texts;

texts! {
    pub(super) enum UploadHint {
        NoForm =>
            "the body is no form with the boundary of Content-Type",
            "请求体不是以 Content-Type 中 boundary 分隔的表单";
        OtherParts { part: String } =>
            "an upload has two parts, meta and {part}, and no others",
            "上传只能有 meta 和 {part} 两个部分";
        OtherDigest =>
            "sha256 is the digest of the bytes of the file alone, in lower-case hexadecimal digits",
            "sha256 是仅对文件内容计算的摘要，以小写十六进制表示";
        OtherType { types: Vec<String> } =>
            "allowed are {types}",
            "允许 {types}";
        Size { size: usize, limit: usize } =>
            "the file has {size} bytes; 1 to {limit} are allowed",
            "文件有 {size} 字节；允许 1 至 {limit} 字节";
    }
}
