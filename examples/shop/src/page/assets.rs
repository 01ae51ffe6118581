//! Files of the page, named by a hash of their content.

/// A file.
pub(super) struct Asset {
    stem: &'static str,
    extension: &'static str,
    pub(super) content_type: &'static str,
    pub(super) text: &'static str,
}

pub(super) const STYLE: Asset = Asset {
    stem: "shop",
    extension: "css",
    content_type: "text/css; charset=utf-8",
    text: concat!(
        include_str!("../../../../tools/dashboard/src/web/base.css"),
        "\n",
        include_str!("shop.css")
    ),
};

pub(super) const SCRIPT: Asset = Asset {
    stem: "shop",
    extension: "js",
    content_type: "text/javascript; charset=utf-8",
    text: include_str!("shop.js"),
};

impl Asset {
    /// The name under `/assets/`.
    pub(super) fn name(&self) -> String {
        format!("{}-{:016x}.{}", self.stem, fnv1a(self.text), self.extension)
    }
}

/// The asset of this name.
pub(super) fn find(name: &str) -> Option<Asset> {
    [STYLE, SCRIPT].into_iter().find(|asset| asset.name() == name)
}

/// FNV-1a: no secret, only another number for another text.
const fn fnv1a(text: &str) -> u64 {
    let mut bytes = text.as_bytes();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    while let [byte, rest @ ..] = bytes {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        bytes = rest;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_are_found_by_their_present_name_only() {
        for asset in [STYLE, SCRIPT] {
            assert_eq!(find(&asset.name()).unwrap().text, asset.text);
        }
        assert!(find("shop.css").is_none());
        assert!(find("../shop.css").is_none());
    }
}
