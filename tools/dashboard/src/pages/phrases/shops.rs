//! Sentences about attempts, acceptance runs, payments, keys and restored snapshots.

use super::phrases;

phrases! {
    PHRASES:
    // An attempt of a notification
    "no response in time" "超时未应答";
    "not sent: {}" "未发送：{}";
    "notifications are switched off" "通知已关闭";
    "lost on the way" "途中丢失";
    "the notification could not be signed" "通知签名失败";
    "notify_url is no URL" "notify_url 不是 URL";
    "notify_url has no host" "notify_url 没有主机名";
    "the host is not this machine; start the sandbox with --allow-notify-host HOST (SandboxBuilder::allow_notify_host)"
        "主机不是本机；请用 --allow-notify-host HOST 启动沙箱（SandboxBuilder::allow_notify_host）";
    "https needs the feature tls of wechatpay-sandbox" "https 需要启用 wechatpay-sandbox 的 tls 特性";
    "notify_url begins with http:// or https://" "notify_url 须以 http:// 或 https:// 开头";
    "the CA holds no certificate in PEM that can be trusted (https needs the feature `tls` of wechatpay-sandbox)"
        "CA 中没有可信任的 PEM 证书（https 需要启用 wechatpay-sandbox 的 tls 特性）";
    "{}; trust its CA with --ca FILE" "{}；请用 --ca FILE 信任其 CA";
    "Connection refused (os error {})" "连接被拒绝（os error {}）";
    "Connection reset by peer (os error {})" "连接被对方重置（os error {}）";
    "Broken pipe (os error {})" "连接已断开（os error {}）";
    "connection closed before message completed" "应答未完成时连接已关闭";
    "no HTTP came back" "返回的不是 HTTP";
    "hung up after {} s" "{} 秒后断开连接";

    // An acceptance run
    "{} acknowledged, {} told to come again, {} others; then {}" "应答成功 {}，要求重试 {}，其他 {}；随后 {}";
    "goods not handed over" "未发货";
    "goods handed over once" "发货一次";
    "goods handed over {} times" "发货 {} 次";
    "an unknown serial" "未知序列号";
    "a stranger's key under a known one" "以已知序列号用陌生密钥签名";
    "old" "过期";
    "ahead" "超前";
    "one fen less" "少一分";
    "another payee" "其他收款方";
    "another app" "其他 appid";
    "another platform" "其他服务商";
    "kind" "事件类型";
    "field" "字段";
    "value" "取值";
    "refund" "退款";
    "payment" "支付";
    "public key" "公钥";
    "certificate" "证书";
    "dripping" "缓慢发送";
    "queried after {} s" "{} 秒后查单";
    "not queried within {} s" "{} 秒内未查单";
    "there is no merchant {} in this sandbox" "沙箱中没有商户 {}";
    "nobody responds at {}: {}" "{} 无人应答：{}";
    "the shop made no order: its response has no out_trade_no" "商户没有下单：应答中没有 out_trade_no";
    "order {} of the shop cannot be paid at this sandbox: {}" "商户的订单 {} 无法在此沙箱支付：{}";
    "a notification could not be made" "无法生成通知";

    // A payment
    "there is no such order" "没有这个订单";
    "the order is paid already" "订单已经支付";
    "the order is closed" "订单已关闭";
    "the last moment to pay the order is over" "订单的支付时限已过";
    "not enough money" "余额不足";
    "stopped by risk control" "被风控拦截";

    // Keys of the platform
    "certificate {} announced" "已公布新证书 {}";
    "{} % signed with the new certificate" "{} % 的签名使用新证书";
    "old certificate expired" "旧证书已下线";
    "certificate {} signs from now on" "即刻起由证书 {} 签名";

    // A snapshot
    "this is no snapshot of a sandbox: {}" "这不是沙箱的快照：{}";
    "the snapshot is of version {}; this sandbox reads version {}" "快照的版本是 {}；此沙箱只能读取版本 {}";
    "the snapshot is broken: {}" "快照已损坏：{}";
    "the snapshot is of a sandbox with other keys: {}, and here {}" "快照来自密钥模式不同的沙箱：{}，此处是 {}";
    "the snapshot is of other merchants: {} is unknown here or has other keys"
        "快照来自其他商户：{} 在此处不存在或密钥不同";
    "the snapshot was taken {} s later than the clock of this sandbox shows; start it with a manual or scaled clock"
        "快照的时间比此沙箱的时钟晚 {} 秒；请以手动或加速时钟启动";
    "the clock is being turned; wait until that is done" "时钟正在快进；请等待完成";
    "one {} stands there twice" "有一个 {} 重复出现";
    "there are too many of this: {}" "数量过多：{}";
    "no {} has such an amount" "{} 的金额不可能如此";
    "its platform certificates cannot be issued" "其中的平台证书无法签发";
    "a key of a merchant cannot be read" "其中有商户的密钥无法读取";

    // What would hurt in production
    "a notification that must be refused got {} ({}); anybody who knows the URL can fake payments"
        "必须拒绝的通知被应答 {}（{}）；任何知道该地址的人都能伪造支付";
    "a wrong signature" "签名错误";
    "a notification got {}; only 200 and 204 end it, so it will come again"
        "通知被应答 {}；只有 200 和 204 会结束通知，因此还会重发";
    "a notification was acknowledged after {} µs; was it stored by then?" "通知在 {} µs 后即应答成功；那时已经保存了吗？";
    "paid {} minutes ago, and no notification was acknowledged and nobody asked: notifications may fail, so query orders that stay open"
        "支付已过 {} 分钟，通知一直未应答成功，也没有查询订单；通知可能丢失，请主动查询未支付的订单";
    "h5_url was opened without a Referer; the platform refuses that" "打开 h5_url 时没有 Referer，微信支付会拒绝";
    "h5_url was opened inside WeChat; use JSAPI there" "在微信内打开了 h5_url；微信内请使用 JSAPI 支付";
}
