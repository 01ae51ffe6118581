//! Persons who receive money on a platform (个人收款方).
