//! Limitations of merchants (商户管控) (feature `limitations`).
