//! Complete programs for the Connect page, quoted as the files that the tests run.
//!
//! The files in the folder of this module are links into the crates that own them.

/// A program in one file, and the commands around it.
pub(super) struct Quickstart {
    pub(super) name: &'static str,
    /// Commands that create a project with its dependencies.
    pub(super) install: &'static str,
    /// Name of the file that the code is pasted into.
    pub(super) file: &'static str,
    pub(super) code: &'static str,
    /// Command that runs it, with the settings in the environment.
    pub(super) run: &'static str,
    pub(super) seller: Seller,
    /// Command that refunds the order once it is paid.
    pub(super) refund: Option<&'static str>,
    /// The package does not download platform certificates.
    pub(super) needs_public_key: bool,
}

/// Kind of merchant whose order a program places.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seller {
    /// A direct merchant; the settings have no sub-merchant.
    Direct,
    /// A sub-merchant of a service provider or platform.
    Sub,
}

const CARGO_RUN: &str = "cargo run --manifest-path ../shop/Cargo.toml";
const REFUND: &str = "curl -X POST http://127.0.0.1:3000/refund";
const MAIN: &str = "../shop/src/main.rs";

const INSTALL_AXUM: &str = "\
cargo new ../shop
cargo add --manifest-path ../shop/Cargo.toml --path wechatpay-axum
cargo add --manifest-path ../shop/Cargo.toml axum tokio tracing-subscriber --features tokio/full";

/// All of them, in the order of the page.
pub(super) const ALL: [Quickstart; 7] = [
    Quickstart {
        name: "axum",
        install: INSTALL_AXUM,
        file: MAIN,
        code: include_str!("quickstarts/axum.rs"),
        run: CARGO_RUN,
        seller: Seller::Direct,
        refund: Some(REFUND),
        needs_public_key: false,
    },
    Quickstart {
        name: "actix-web",
        install: "\
cargo new ../shop
cargo add --manifest-path ../shop/Cargo.toml --path wechatpay-actix
cargo add --manifest-path ../shop/Cargo.toml actix-web tracing-subscriber",
        file: MAIN,
        code: include_str!("quickstarts/actix.rs"),
        run: CARGO_RUN,
        seller: Seller::Direct,
        refund: Some(REFUND),
        needs_public_key: false,
    },
    Quickstart {
        name: "Rocket",
        install: "\
cargo new ../shop
cargo add --manifest-path ../shop/Cargo.toml --path wechatpay-rocket
cargo add --manifest-path ../shop/Cargo.toml rocket",
        file: MAIN,
        code: include_str!("quickstarts/rocket.rs"),
        run: CARGO_RUN,
        seller: Seller::Direct,
        refund: Some(REFUND),
        needs_public_key: false,
    },
    Quickstart {
        name: "axum",
        install: INSTALL_AXUM,
        file: MAIN,
        code: include_str!("quickstarts/partner.rs"),
        run: CARGO_RUN,
        seller: Seller::Sub,
        refund: None,
        needs_public_key: false,
    },
    Quickstart {
        name: "Rust (tokio)",
        install: "\
cargo new ../shop
cargo add --manifest-path ../shop/Cargo.toml --path wechatpay-tower
cargo add --manifest-path ../shop/Cargo.toml tokio --features full",
        file: MAIN,
        code: include_str!("quickstarts/tower.rs"),
        run: CARGO_RUN,
        seller: Seller::Direct,
        refund: None,
        needs_public_key: false,
    },
    Quickstart {
        name: "Python",
        install: "pip install wechatpayv3",
        file: "quickstart.py",
        code: include_str!("quickstarts/python.py"),
        run: "python3 quickstart.py",
        seller: Seller::Direct,
        refund: None,
        needs_public_key: false,
    },
    Quickstart {
        name: "Node.js",
        install: "npm install wechatpay-axios-plugin",
        file: "quickstart.mjs",
        code: include_str!("quickstarts/node.mjs"),
        run: "node quickstart.mjs",
        seller: Seller::Direct,
        refund: None,
        needs_public_key: true,
    },
];
