//! Events of families that are features.

#[cfg(feature = "abnormal-funds")]
mod abnormal_funds {
    use crate::{
        api::abnormal_funds::{Receipt, ReceiptState},
        idempotency::event::{
            parts::{ABNORMAL_FUNDS, Parts},
            queried::{Queried, parts},
        },
    };

    impl Queried for Receipt {
        fn parts(&self) -> Option<Parts<'_>> {
            let (number, state) = (self.receipt_id.as_str(), self.receipt_state.as_str());
            let total = Some(self.transfer_amount.total);
            (self.receipt_state == ReceiptState::Completed)
                .then(|| parts(ABNORMAL_FUNDS, number, state, None, total))
        }
    }
}

#[cfg(feature = "payscore")]
mod payscore {
    use crate::{
        api::payscore::{Collection, CollectionState, OrderNotice, ServiceOrder, ServiceOrderNo},
        idempotency::event::{
            parts::{PAYSCORE, Parts},
            queried::{Queried, parts},
        },
        types::Fen,
    };

    /// Returns the parts of an order whose money was collected.
    ///
    /// An order without its amount is known by the notification: another source may have the amount.
    fn paid<'a>(
        number: &'a ServiceOrderNo,
        collection: Option<&'a Collection>,
        total: Option<Fen>,
    ) -> Option<Parts<'a>> {
        let state = &collection?.state;
        let amount = Some(total?);
        (*state == CollectionState::UserPaid)
            .then(|| parts(PAYSCORE, number.as_str(), state.as_str(), None, amount))
    }

    impl Queried for ServiceOrder {
        fn parts(&self) -> Option<Parts<'_>> {
            paid(&self.out_order_no, self.collection.as_ref(), self.total_amount)
        }
    }

    impl Queried for OrderNotice {
        fn parts(&self) -> Option<Parts<'_>> {
            paid(&self.out_order_no, self.collection.as_ref(), self.total_amount)
        }
    }
}

#[cfg(feature = "personal-receivers")]
mod personal_receivers {
    use crate::{
        api::personal_receivers::{BatchState, SettleBatch},
        idempotency::event::{
            parts::{Parts, SETTLEMENT},
            queried::{Queried, parts},
        },
    };

    impl Queried for SettleBatch {
        /// Returns the parts of the event.
        ///
        /// A batch that is abnormal is paid later, which is an event of its own.
        fn parts(&self) -> Option<Parts<'_>> {
            let is_final = matches!(
                self.state,
                BatchState::Success
                    | BatchState::DeductFeeFail
                    | BatchState::Abnormal
                    | BatchState::AbnormalSettled
            );
            let (number, id) = (self.out_settle_batch_no.as_str(), self.settle_batch_no.as_str());
            is_final.then(|| parts(SETTLEMENT, number, self.state.as_str(), Some(id), None))
        }
    }
}

#[cfg(feature = "sub-merchant-recharge")]
mod sub_merchant_recharge {
    use crate::{
        api::sub_merchant_recharge::{
            BankTransferRecharge, OutRechargeNo, Recharge, RechargeId, RechargeNotice, RechargeState,
        },
        idempotency::event::{
            parts::{Parts, RECHARGE},
            queried::{Queried, parts},
        },
        types::Fen,
    };

    fn ended<'a>(
        number: &'a OutRechargeNo,
        id: &RechargeId,
        state: &'a RechargeState,
        amount: Option<Fen>,
    ) -> Option<Parts<'a>> {
        let amount = Some(amount?);
        matches!(state, RechargeState::Success | RechargeState::Closed).then(|| {
            parts(
                RECHARGE,
                number.as_str(),
                state.as_str(),
                Some(id.as_str()),
                amount,
            )
        })
    }

    impl Queried for Recharge {
        fn parts(&self) -> Option<Parts<'_>> {
            let amount = self.recharge_amount.amount;
            ended(
                &self.out_recharge_no,
                &self.recharge_id,
                &self.recharge_state,
                amount,
            )
        }
    }

    impl Queried for BankTransferRecharge {
        fn parts(&self) -> Option<Parts<'_>> {
            let amount = self.recharge_amount.amount;
            ended(
                &self.out_recharge_no,
                &self.recharge_id,
                &self.recharge_state,
                amount,
            )
        }
    }

    impl Queried for RechargeNotice {
        fn parts(&self) -> Option<Parts<'_>> {
            let amount = Some(self.recharge_amount.amount);
            ended(
                &self.out_recharge_no,
                &self.recharge_id,
                &self.recharge_state,
                amount,
            )
        }
    }
}

#[cfg(feature = "transfers")]
mod transfers {
    #[cfg(feature = "ecommerce-transfers")]
    use crate::api::ecommerce_transfers;
    use crate::{
        api::transfers::{Transfer, TransferNotice, TransferState},
        idempotency::event::{
            parts::{Parts, TRANSFER},
            queried::{Queried, parts},
        },
    };

    /// Implements the event of each form in which a transfer is told.
    macro_rules! transfers {
        ($($transfer:ty),+) => {
            $(impl Queried for $transfer {
                fn parts(&self) -> Option<Parts<'_>> {
                    let is_final = matches!(
                        self.state,
                        TransferState::Success | TransferState::Fail | TransferState::Cancelled
                    );
                    let (number, state) = (self.out_bill_no.as_str(), self.state.as_str());
                    let id = Some(self.transfer_bill_no.as_str());
                    is_final.then(|| parts(TRANSFER, number, state, id, Some(self.transfer_amount)))
                }
            })+
        };
    }

    transfers!(Transfer, TransferNotice);
    #[cfg(feature = "ecommerce-transfers")]
    transfers!(ecommerce_transfers::Transfer);
}
