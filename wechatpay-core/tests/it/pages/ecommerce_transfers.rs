//! Transfers of a platform to its sub-merchants (电商平台转账).
