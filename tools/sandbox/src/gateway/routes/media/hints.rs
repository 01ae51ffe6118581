//! Uploads of pictures and videos.

use crate::language::texts;

texts! {
    pub(super) enum UploadHint {
        NoForm =>
            "the body is no form with the boundary of Content-Type",
            "请求体不是以 Content-Type 中 boundary 分隔的表单";
        OtherParts =>
            "an upload has two parts, meta and file, and no others",
            "上传只能有 meta 和 file 两个部分";
        OtherDigest =>
            "sha256 is the digest of the bytes of the file alone, in lower-case hexadecimal digits",
            "sha256 是仅对文件内容计算的摘要，以小写十六进制表示";
        NoPicture =>
            "allowed are jpg, jpeg, png, bmp and pdf",
            "允许 jpg、jpeg、png、bmp、pdf";
        NoComplaintPicture =>
            "allowed are jpg, jpeg, png and bmp",
            "允许 jpg、jpeg、png、bmp";
        NoVideo =>
            "allowed are avi, wmv, mpeg, mp4, mov, mkv, flv, f4v, m4v and rmvb",
            "允许 avi、wmv、mpeg、mp4、mov、mkv、flv、f4v、m4v、rmvb";
        Size { size: usize, limit: usize } =>
            "the file has {size} bytes; 1 to {limit} are allowed",
            "文件有 {size} 字节；允许 1 至 {limit} 字节";
    }
}
