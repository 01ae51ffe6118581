//! What does not compile, and what the compiler says then: one file each, its message beside it.
//!
//! `TRYBUILD=overwrite cargo test -p wechatpay-macros` writes the messages anew.

#[test]
fn wrong_declarations_do_not_compile_and_say_what_to_write() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
