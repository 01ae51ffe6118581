//! Number of an application.

use crate::types::string_id::{string_id, visible};

string_id! {
    /// Partner's number of an application (业务申请编号): 1 to 124 visible characters.
    ///
    /// The same number is the same application: a rejected one is submitted again under it.
    pub struct BusinessCode("business_code", max = 124, |text| {
        if text.len() > 124 {
            Err("must have at most 124 characters")
        } else if !visible(text) {
            Err("must be visible ASCII")
        } else if matches!(text, "." | "..") {
            // HTTP clients would resolve it as a path segment.
            Err("must not be `.` or `..`")
        } else {
            Ok(())
        }
    });
}
