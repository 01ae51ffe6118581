//! The goods of the shop.

use wechatpay_core::types::Fen;

/// One kind of goods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product {
    /// For tests and styles.
    pub(crate) id: &'static str,
    /// Price in fen.
    fen: u32,
    /// Its picture, SVG that takes its colours from the style sheet.
    pub(crate) art: &'static str,
    /// Name and note in Chinese.
    pub(crate) zh: (&'static str, &'static str),
    /// Name and note in English.
    pub(crate) en: (&'static str, &'static str),
}

impl Product {
    pub(crate) fn price(&self) -> Fen {
        Fen::from(self.fen)
    }
}

/// Everything, in the order of the shelf.
pub(crate) const CATALOGUE: [Product; 6] = [
    Product {
        id: "gaiwan",
        fen: 6800,
        art: include_str!("page/art/gaiwan.svg"),
        zh: ("青白盖碗", "三指一盖，泡一下午"),
        en: ("Celadon gaiwan", "Three fingers, one lid, one afternoon"),
    },
    Product {
        id: "oolong",
        fen: 3600,
        art: include_str!("page/art/oolong.svg"),
        zh: ("桂花乌龙 50 克", "新焙的，有初秋的味道"),
        en: (
            "Osmanthus oolong, 50 g",
            "Freshly roasted, tastes of early autumn",
        ),
    },
    Product {
        id: "notebook",
        fen: 1990,
        art: include_str!("page/art/notebook.svg"),
        zh: ("线装小本", "毛边纸，写错也好看"),
        en: ("Thread-bound notebook", "Rough paper that forgives mistakes"),
    },
    Product {
        id: "bookmark",
        fen: 990,
        art: include_str!("page/art/bookmark.svg"),
        zh: ("竹叶书签", "替你记得上次那一页"),
        en: ("Bamboo-leaf bookmark", "Remembers the page for you"),
    },
    Product {
        id: "candle",
        fen: 2900,
        art: include_str!("page/art/candle.svg"),
        zh: ("蜂蜡小烛", "停电的晚上正好用"),
        en: ("Beeswax candle", "At its best in a power cut"),
    },
    Product {
        id: "stamp",
        fen: 1,
        art: include_str!("page/art/stamp.svg"),
        zh: ("一分邮票", "试试支付，一分就够"),
        en: ("One-fen stamp", "The cheapest way to try a payment"),
    },
];
