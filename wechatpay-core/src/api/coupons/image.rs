//! Pictures for coupons.

use wechatpay_macros::Response;

/// Path for the pictures of coupons (（营销）图片上传).
///
/// `POST`, a form with a part `file` and a part `meta`: JPG, BMP or PNG. `upload_to` of `wechatpay-tower` sends it and
/// returns an [`UploadedImage`].
pub const IMAGE_UPLOAD: &str = "/v3/marketing/favor/media/image-upload";

/// The response to an upload.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct UploadedImage {
    /// URL by which a stock names the picture, such as [`PatternInfo::coupon_image`](super::PatternInfo).
    pub media_url: String,
}
