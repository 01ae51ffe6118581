//! Kinds of notification.

use wechatpay_macros::open_enum;

/// Kind of event (通知类型).
///
/// An open set: these are documented, and more are added. [`AnyResource`](super::AnyResource) reads the ones of typed
/// families; a type of your own, with `#[derive(Resource)]`, reads any other.
#[open_enum]
pub enum EventType {
    /// A payment succeeded (支付成功).
    ///
    /// Profit sharing uses the same name with another `original_type`; so do parking and deductions.
    TransactionSuccess = "TRANSACTION.SUCCESS",
    /// A parking fee could not be deducted (停车服务扣费失败).
    TransactionFail = "TRANSACTION.FAIL",
    /// A payer paid back an advance (用户对垫资单还款).
    TransactionPayBack = "TRANSACTION.PAY_BACK",
    /// A deduction of a campus succeeded (校园轻松付扣费成功).
    TransactionIndustrySuccess = "TRANSACTION.INDUSTRY_SUCCESS",
    /// A deduction of a campus failed (校园轻松付扣费失败).
    TransactionIndustryFailed = "TRANSACTION.INDUSTRY_FAILED",
    /// A refund succeeded (退款成功).
    RefundSuccess = "REFUND.SUCCESS",
    /// A refund could not be paid out and needs an abnormal refund (退款异常).
    RefundAbnormal = "REFUND.ABNORMAL",
    /// A refund was closed (退款关闭).
    RefundClosed = "REFUND.CLOSED",
    /// A payment with medical insurance succeeded (医保混合收款成功).
    MedicalInsuranceSuccess = "MEDICAL_INSURANCE.SUCCESS",
    /// A share arrived at its receiver (分账动账).
    ProfitSharingSuccess = "PROFITSHARING.SUCCESS",
    /// A share was returned (分账回退).
    ProfitSharingReturn = "PROFITSHARING.RETURN",
    /// A withdrawal changed its state (商户提现状态变更).
    MchWithdrawChange = "MCHWITHDRAW.CHANGE",
    /// A recharge arrived (充值成功).
    RechargeSuccess = "RECHARGE.SUCCESS",
    /// A recharge was closed (关闭充值).
    RechargeClosed = "RECHARGE.CLOSED",
    /// The money of a recharge was given back (充值资金退回).
    RechargeFundReturned = "RECHARGE.FUND_RETURNED",
    /// A settlement to a person ended (个人收款结算).
    SettlementSuccess = "SETTLEMENT.SUCCESS",
    /// Abnormal funds were transferred (异常转付处理结果).
    AbnormalFundTransferSuccess = "ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS",
    /// A transfer ended (商家转账).
    MchTransferBillFinished = "MCHTRANSFER.BILL.FINISHED",
    /// A user authorised automatic receipt (用户确认自动收款授权).
    MchTransferAuthorizationConfirmed = "MCHTRANSFER.AUTHORIZATION.CONFIRMED",
    /// A user ended the authorisation of automatic receipt (用户关闭自动收款授权).
    MchTransferAuthorizationClosed = "MCHTRANSFER.AUTHORIZATION.CLOSED",
    /// A batch of transfers ended (商家转账批次完成).
    MchTransferBatchFinished = "MCHTRANSFER.BATCH.FINISHED",
    /// A batch of transfers was closed (商家转账批次关闭).
    MchTransferBatchClosed = "MCHTRANSFER.BATCH.CLOSED",
    /// A transfer to a QQ wallet ended (转账到QQ钱包).
    MchTransferQqWalletBillFinished = "MCHTRANSFER.QQWALLETBILL.FINISHED",
    /// A budget of donations was locked (公益捐赠预算锁定成功).
    BudgetLocked = "BUDGET.LOCKED",
    /// A budget of donations was used up (公益捐赠预算完结).
    BudgetFinished = "BUDGET.FINISHED",
    /// A budget of donations was closed (公益捐赠预算关闭).
    BudgetClosed = "BUDGET.CLOSED",
    /// An application to change an H5 domain was decided (H5支付域名修改申请).
    ApplymentApproved = "APPLYMENT_STATE.APPROVED",
    /// A payer made a complaint (产生新投诉).
    ComplaintCreate = "COMPLAINT.CREATE",
    /// A complaint changed its state (投诉状态变化).
    ComplaintStateChange = "COMPLAINT.STATE_CHANGE",
    /// A sub-merchant was punished (商户平台处罚).
    ViolationPunish = "VIOLATION.PUNISH",
    /// A sub-merchant's payments were intercepted (商户平台拦截).
    ViolationIntercept = "VIOLATION.INTERCEPT",
    /// A punishment was appealed (商户平台申诉).
    ViolationAppeal = "VIOLATION.APPEAL",
    /// A record of intercepted payments was added (商户交易拦截记录新增).
    BlockRecordChange = "BLOCKRECORD.CHANGE",
    /// An appeal against intercepted payments was decided (商户交易拦截记录申诉).
    BlockSubmissionChange = "BLOCKSUBMISSION.CHANGE",
    /// A record of a merchant's management changed (商户管理记录).
    ManageRecordChange = "MANAGERECORD.CHANGE",
    /// A payment was identified as a risk (风险订单).
    RiskTradeIdentification = "RISKTRADE.IDENTIFICATION",
    /// A message for a partner (合作伙伴订阅).
    MerchantNotify = "MERCHANT_NOTIFY.NOTIFY",
    /// The self-test of signature and encryption (商户签名验签／加解密测试).
    SecurityEchoSuccess = "SECURITY_ECHO.SUCCESS",
    /// A payer agreed to deductions of combined orders (收付通合单代扣签约成功).
    EcommerceEntrustSign = "ECOMMERCE_ENTRUST.SIGN",
    /// A payer ended the agreement to deductions of combined orders (收付通合单代扣解约成功).
    EcommerceEntrustTerminate = "ECOMMERCE_ENTRUST.TERMINATE",
    /// A payer agreed to deductions (委托代扣签约成功).
    EntrustSign = "ENTRUST.SIGN",
    /// An agreement to deductions ended (委托代扣解约成功).
    EntrustTerminate = "ENTRUST.TERMINATE",
    /// The platform asks whether a payer may end an agreement (代扣解约问询).
    EntrustTerminateInquiry = "ENTRUST.TERMINATE_INQUIRY",
    /// The platform asks for an offer to a payer who ends an agreement (代扣解约挽留).
    EntrustTerminateRetention = "ENTRUST.TERMINATE_RETENTION",
    /// A payer agreed to deductions for education (教育续费通签约成功).
    EntrustSigning = "ENTRUST.SIGNING",
    /// An agreement to deductions for education ended (教育续费通解约成功).
    EntrustRelease = "ENTRUST.RELEASE",
    /// A payer agreed to deductions across borders (跨境委托代扣签约成功).
    PapaySign = "PAPAY.SIGN",
    /// An agreement to deductions across borders ended (跨境委托代扣解约成功).
    PapayTerminate = "PAPAY.TERMINATE",
    /// A payer agreed to deductions of an insurer (保险商户委托代扣签约成功).
    InsuranceEntrustSign = "INSURANCE_ENTRUST.SIGN",
    /// An agreement to deductions of an insurer was renewed (保险商户委托代扣续期完成).
    InsuranceEntrustRenew = "INSURANCE_ENTRUST.RENEW",
    /// An agreement to deductions of an insurer ended (保险商户委托代扣解约完成).
    InsuranceEntrustTerminate = "INSURANCE_ENTRUST.TERMINATE",
    /// A user agreed to automatic repayments (自动还款协议签约成功).
    CreditRepaymentSignContract = "CREDIT_REPAYMENT.SIGN_CONTRACT",
    /// An agreement to automatic repayments ended (自动还款协议解约成功).
    CreditRepaymentTerminateContract = "CREDIT_REPAYMENT.TERMINATE_CONTRACT",
    /// An automatic repayment succeeded (自动还款扣费成功).
    CreditRepaymentDeductionPay = "CREDIT_REPAYMENT.DEDUCTION_PAY",
    /// A user confirmed an order (支付分用户确认成功).
    PayscoreUserConfirm = "PAYSCORE.USER_CONFIRM",
    /// A user paid an order (支付分用户支付成功).
    PayscoreUserPaid = "PAYSCORE.USER_PAID",
    /// A user authorised a service (支付分用户授权成功).
    PayscoreUserOpenService = "PAYSCORE.USER_OPEN_SERVICE",
    /// A user's authorisation of a service ended (支付分用户解除授权成功).
    PayscoreUserCloseService = "PAYSCORE.USER_CLOSE_SERVICE",
    /// A user accepted a service (支付分服务确认订单).
    PayscoreUserAccepted = "PAYSCORE.USER_ACCEPTED",
    /// A user signed a plan (支付分签约成功).
    PayscoreUserSignPlan = "PAYSCORE.USER_SIGN_PLAN",
    /// A user cancelled a plan (支付分取消签约).
    PayscoreUserCancelSignPlan = "PAYSCORE.USER_CANCEL_SIGN_PLAN",
    /// The platform asks an institution to place an order (支付分从业机构商户预下单).
    PayscoreMchPrepay = "PAYSCORE.MCH_PREPAY",
    /// A service account was bound or rejected (服务账户绑定结果).
    PayscoreBindServiceAccount = "PAYSCORE.BIND_SERVICE_ACCOUNT",
    /// The insurance of a power bank's late return changed (隔夜归还保险订单状态变化).
    HirePowerBankReceiveInsurance = "HIRE_POWER_BANK.RECEIVE_INSURANCE",
    /// A coupon was used (代金券核销).
    CouponUse = "COUPON.USE",
    /// A user received a coupon of the merchant (商家券领券).
    CouponSend = "COUPON.SEND",
    /// A user received a coupon for a product (商品券领券).
    ProductCouponSend = "PRODUCT_COUPON_SP.SEND",
    /// A picture of a coupon was generated (商品券图片生成结果).
    ProductCouponImageGeneration = "PRODUCT_COUPON_SP.IMAGE_GENERATION",
    /// A plan of delivery changed its state (投放计划状态变更).
    DeliveryPlanChange = "DELIVERY_PLAN.CHANGE",
    /// A member of a mall paid (商圈会员场内支付结果).
    MallTransactionSuccess = "MALL_TRANSACTION.SUCCESS",
    /// A member of a mall got a refund (商圈会员场内退款).
    MallRefundSuccess = "MALL_REFUND.SUCCESS",
    /// A user authorised points of a mall (商圈会员积分服务授权结果).
    MallAuthActivateCard = "MALL_AUTH.ACTIVATE_CARD",
    /// A user received a member card (会员卡领卡).
    MemberCardAcceptCard = "MEMBERCARD.ACCEPT_CARD",
    /// A user activated a member card (会员卡激活).
    MemberCardActivateCard = "MEMBERCARD.ACTIVATE_CARD",
    /// A user managed a member card (用户管理会员卡).
    MemberCardUserCardManage = "MEMBERCARD.USERCARD_MANAGE",
    /// A user received a member card of a brand (用户开通商家名片会员卡).
    BrandMemberCardCreate = "BRAND_MEMBER_CARD_SP.USER_CARD.CREATE",
    /// A user deleted a member card of a brand (用户删除商家名片会员卡).
    BrandMemberCardDelete = "BRAND_MEMBER_CARD_SP.USER_CARD.DELETE",
    /// Points of a brand's member are to be synchronised (商家名片会员用户积分同步).
    BrandMemberCardSyncUserPoint = "BRAND_MEMBER_CARD_SP.SYNC_USER_POINT",
    /// A brand's member exchanged points for a coupon (商家名片会员用户积分兑券).
    BrandMemberCardPointExchangeCoupon = "BRAND_MEMBER_CARD_SP.POINT_EXCHANGE_COUPON",
    /// A user received a discount card (先享卡用户领卡).
    DiscountCardGetCard = "DISCOUNT_CARD.GET_CARD",
    /// A user received a discount card, under another name (先享卡用户领卡).
    DiscountCardUserAccepted = "DISCOUNT_CARD.USER_ACCEPTED",
    /// A discount card was settled (先享卡用户结算).
    DiscountCardSettlement = "DISCOUNT_CARD.SETTLEMENT",
    /// The agreement of a discount card ended (先享卡守约状态变化).
    DiscountCardAgreementEnded = "DISCOUNT_CARD.AGREEMENT_ENDED",
    /// The deduction of a discount card changed its state (先享卡扣费状态变化).
    DiscountCardUserPaid = "DISCOUNT_CARD.USER_PAID",
    /// A user entered the title of an e-invoice (用户发票抬头填写完成).
    FapiaoUserApplied = "FAPIAO.USER_APPLIED",
    /// An e-invoice was issued (发票开具成功).
    FapiaoIssued = "FAPIAO.ISSUED",
    /// An e-invoice was reversed (发票冲红成功).
    FapiaoReversed = "FAPIAO.REVERSED",
    /// An e-invoice was put into the user's cards (发票插入用户卡包成功).
    FapiaoCardInserted = "FAPIAO.CARD_INSERTED",
    /// An e-invoice in the user's cards became void (发票卡券作废).
    FapiaoCardDiscarded = "FAPIAO.CARD_DISCARDED",
    /// A vehicle entered or left (停车入场状态变更).
    VehicleEntranceStateChange = "VEHICLE.ENTRANCE_STATE_CHANGE",
    /// A contract for road tolls changed its state (ETC授权签约状态变化).
    VehicleUserStateChange = "VEHICLE.USER_STATE_CHANGE",
    /// The platform asks for a parking fee (停车缴费服务商户查费).
    ParkingFeeQueryTransInfo = "PARKING_FEE.QUERY_TRANS_INFO",
    /// A contract for payment by face changed its state (刷脸用户签约状态变更).
    FacepayUserStateChange = "FACEPAY.USER_STATE_CHANGE",
    /// A debt of a campus user changed its state (校园轻松付用户欠款状态变化).
    EduSchoolPayUserDebtStateUpdate = "EDU_SCHOOL_PAY.USER_DEBT_STATE_UPDATE",
    /// A user authorised the service for policies (微信保单服务用户授权成功).
    InsurancePolicyManagementGranted = "INSURANCE_POLICY_MANAGEMENT.GRANTED",
    /// The platform asks for a merchant by its code (外包内用查询收款二维码信息).
    CrossBorderPayGetMchInfo = "CROSS_BORDER_PAY.GET_MCH_INFO",
    /// The platform sends an order of a foreign wallet (外包内用推送订单信息).
    CrossBorderPayPushOrderInfo = "CROSS_BORDER_PAY.PUSH_ORDER_INFO",
    /// An employee authorised payment by the company (企业支付关系授权完成).
    WebizpayAuthorized = "WEBIZPAY.AUTHORIZED",
    /// An authorisation of payment by the company ended (企业支付关系解除授权).
    WebizpayRevoked = "WEBIZPAY.REVOKED",
    /// A payment by the company succeeded (企业支付额度卡支付成功).
    WebizpayPaymentSuccess = "WEBIZPAY.PAYMENTSUCCESS",
    /// A refund to the company succeeded (企业支付额度卡退款成功).
    WebizpayPaymentRefundSuccess = "WEBIZPAY.PAYMENTREFUNDSUCCESS",
    /// A quota card of the company became void (企业支付额度卡失效).
    WebizpayQuotaCardExpired = "WEBIZPAY.QUOTACARDEXPIRED",
}
