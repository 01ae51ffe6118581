//! Onboarding of a partner's merchants (特约商户进件) (feature `applyment4sub`).
