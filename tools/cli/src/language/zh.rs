//! Chinese texts of the help.

/// The text of a command (`sandbox`) or of an option (`sandbox --port`).
///
/// Its first paragraph is the short help.
pub(super) fn text(of: &str) -> Option<&'static str> {
    Some(match of {
        "" => "在命令行使用微信支付 APIv3\n\n本地沙箱无需商户号即可试用，其余命令面向真实平台。",
        "--lang" => "帮助和报告的语言；默认与系统区域设置一致",
        "--version" => "打印版本号",

        "sandbox" => {
            "运行本地网关，含收银台和控制台\n\n签名规则与平台一致，不涉及真实资金，任何数据都不会离开本机。"
        }
        "sandbox --port" => "端口；被占用时自动改用空闲端口",
        "sandbox --bind" => "监听地址；能访问它的人都能付款，请保持在本机回环地址",
        "sandbox --public_url" => "对外的基础 URL（与监听地址不同时填写）",
        "sandbox --keys" => "平台用哪种密钥签名：公钥、平台证书或两者混用",
        "sandbox --pubkey_percent" => "混用时，用公钥签名的通知所占百分比",
        "sandbox --retry" => "通知的重试间隔；fast 比平台快六十倍",
        "sandbox --signtest" => "发送通知前进行签名探测的概率；接收方必须拒绝该请求",
        "sandbox --seed" => "固定单号、随机串和概率，使两次运行仅时间不同",
        "sandbox --settle_delay" => "退款、分账、提现处理所需的秒数",
        "sandbox --clock" => {
            "时钟：system、adjustable、manual 或倍速，例如 x60\n\nsystem 自行走时；adjustable 同样走时，并可在控制台或管理 API 中快进；manual 仅在拨动时前进；x60 为六十倍速（x1 至 x1000000）。签名始终以系统时间为准"
        }
        "sandbox --strict" => "拒绝生产环境会拒绝的请求，而不是只打印提示",
        "sandbox --pure" => "错误应答中不带提示（detail.sandbox）",
        "sandbox --code_url" => "Native 订单的 code_url：微信的协议地址或收银台地址",
        "sandbox --write_env" => "把演示商户的密钥和 .env.sandbox 写入此目录\n\n其他商户的写入其下的子目录",
        "sandbox --state" => {
            "从此文件恢复状态，并持续保存\n\n退出时保存，有变化时每两秒保存一次；文件不存在则新建。其中的随机数和故障优先于 --seed 和 --fault"
        }
        "sandbox --fresh_keys" => "为平台和商户生成新密钥，不用公开的演示密钥\n\n不能与 --state 同用",
        "sandbox --config" => "TOML 配置文件，可写选项、商户和故障；格式见 README",
        "sandbox --i_know" => "即使使用真实商户的密钥也启动",
        "sandbox --allow_notify_host" => "除本机外允许通知和跳转的主机；可重复",
        "sandbox --ca" => "https 接收方的私有 CA（PEM）\n\n常用根证书始终受信任",
        "sandbox --lang" => "收银台的语言；默认按浏览器设置",
        "sandbox --fault" => {
            "凡是能触发就触发的故障，例如 delay=2s；可重复\n\n也可以是 JSON 格式的规则。名称见 /_sandbox/api/faults/catalogue"
        }
        "sandbox --log" => "事件输出：易读的一行、JSON 一行，或不输出",
        "sandbox --qr" => "为每笔 Native 订单绘制收银台地址的二维码\n\n手机访问需要 --bind 和 --public-url",
        "sandbox --open" => "在浏览器中打开控制台",
        "sandbox --no_open" => "即使设置了环境变量也不打开",
        "sandbox --quiet" => "等同于 --log quiet",

        "check" => {
            "测试通知接收方：我的回调安全吗？\n\n发送从真实付款到伪造通知的各种请求。需要先运行沙箱（wechatpay sandbox），接收方使用沙箱的凭证（--write-env），预发布环境也一样。接收方不在本机时，启动沙箱请加 --allow-notify-host HOST。不给 --order-url 时，使用该接收方未支付的订单；没有这样的订单则不评判真实付款。若有会造成资金、商品损失或丢单的失败，退出码为 1。"
        }
        "check --url" => "接收方，例如 http://127.0.0.1:3000/wechatpay/notify，也可以是 https",
        "check --sandbox" => "沙箱地址",
        "check --order_url" => "商城下单的 URL；其应答带有 out_trade_no",
        "check --order" => "向下单 URL 提交的 JSON 请求体",
        "check --effect_url" => {
            "查看订单的 URL\n\n{out_trade_no} 会被替换，应答带有数字 fulfilled 或布尔值 paid"
        }
        "check --query_within" => "另外要求：没有通知的付款在此秒数内被查单发现",
        "check --merchant" => "接收方所属商户；默认为演示商户",
        "check --ca" => "接收方证书的私有 CA（PEM）\n\n常用根证书始终受信任",
        "check --format" => "输出格式",

        "doctor" => {
            "不动用资金，向平台检验设置\n\n检查文件与密钥是否配对、证书有效期、时钟、对不存在订单的签名查询、APIv3 密钥、敏感字段加解密以及通知地址。加 --listen 时，在您的服务停机期间代为监听，等待一条真实通知。不打印任何密钥。"
        }
        "doctor --listen" => "您的服务的地址，由本命令代为接收检验用的通知",
        "doctor --patience" => "等待通知的秒数",
        "doctor --json" => "输出 JSON",
        "doctor --env_file" => "含 WECHATPAY_… 各行的文件，例如 .env.sandbox\n\n默认读取环境变量",

        "notify" => {
            "向接收方发送任意类型的通知\n\n用沙箱公开的演示密钥加密并签名，因此使用真实密钥的接收方必须拒绝。无需运行沙箱。"
        }
        "notify --url" => "接收方，例如 http://127.0.0.1:3000/wechatpay/notify",
        "notify --order" => "已支付或已退款订单的商户订单号",
        "notify --total" => "支付或退款的金额，单位为分",
        "notify --refund" => "商户退款单号：发送退款通知",
        "notify --resource" => "其他类型通知的资源（JSON 或 @文件）",
        "notify --event_type" => "资源的事件类型，例如 MCHTRANSFER.BILL.FINISHED",
        "notify --original_type" => "资源的 original_type",
        "notify --merchant" => "商户号",
        "notify --direct" => "使用直连商户的字段，而不是服务商的",
        "notify --id" => "通知 ID；再次使用同一 ID 即为重复通知",
        "notify --forged" => "用陌生人的密钥签名：接收方必须拒绝",
        "notify --dry_run" => "打印将发送的内容，不发送",

        "explain" => {
            "解释签名为何不正确\n\n用公钥打开签名，证明究竟错在哪里：缺少换行、报文被改动、密钥不对等。请求用商户密钥检查，应答和通知用平台密钥检查。不发送任何数据，也不需要私钥：证书或公钥即可。"
        }
        "explain --file" => "消息文件；默认读取标准输入",
        "explain --key" => "PEM 格式的证书、公钥或私钥；可重复\n\n默认使用设置中的密钥",
        "explain --json" => "输出 JSON",
        "explain --env_file" => "含 WECHATPAY_… 各行的文件，例如 .env.sandbox\n\n默认读取环境变量",

        "call" => {
            "发送已签名的请求并验证应答签名\n\n应答写到标准输出，状态和签名密钥写到标准错误。不会自动重试：结果未知时，请先查询再重发。"
        }
        "call --method" => "GET、POST、PUT、PATCH 或 DELETE",
        "call --path" => "路径和查询串，与签名内容完全一致；以 /v3/ 开头",
        "call --body" => "JSON 文本、@文件，或 - 表示标准输入",
        "call --dry_run" => "打印待签名的五行，不发送",
        "call --raw" => "原样打印应答报文",
        "call --timeout" => "等待的秒数",
        "call --env_file" => "含 WECHATPAY_… 各行的文件，例如 .env.sandbox\n\n默认读取环境变量",

        "certs" => {
            "列出并保存平台证书\n\n下载证书，用 APIv3 密钥验证，并给出各证书的剩余天数。也列出设置中的平台公钥和商户自己的证书。"
        }
        "certs --save" => "写入 wechatpay_序列号.pem 文件的目录",
        "certs --json" => "输出 JSON",
        "certs --env_file" => "含 WECHATPAY_… 各行的文件，例如 .env.sandbox\n\n默认读取环境变量",

        "bill" => {
            "下载并校验账单，转换格式，与自己的账目核对\n\n某日账单在次日北京时间十点后可下载。摘要和合计校验通过之前不写出任何内容。"
        }
        "bill --date" => "北京时间的日期，YYYY-MM-DD",
        "bill --kind" => "账单类型：交易、资金或分账",
        "bill --sub_mchid" => "服务商的某个子商户",
        "bill --to" => "输出格式：csv、json 或平台原文",
        "bill --output" => "写入的文件；默认为标准输出",
        "bill --books" => "与此账目文件核对，打印差异而不是账单",
        "bill --env_file" => "含 WECHATPAY_… 各行的文件，例如 .env.sandbox\n\n默认读取环境变量",

        "completions" => {
            "打印 shell 补全脚本\n\n例如 bash：wechatpay completions bash > ~/.local/share/bash-completion/completions/wechatpay"
        }
        "completions --shell" => "shell 名称",
        "man" => "写出手册页，每个命令一页\n\n之后例如：man ./man/wechatpay-sandbox.1。不给目录时打印第一页",
        "man --directory" => "写入的目录；不存在则新建",
        _ => return None,
    })
}

/// The examples with Chinese headings; commands stay as they are.
pub(super) fn examples(english: &str) -> String {
    let mut text = english.to_owned();
    for (english, chinese) in SENTENCES {
        text = text.replace(english, chinese);
    }
    text
}

/// Sentences between the examples.
const SENTENCES: &[(&str, &str)] = &[
    ("Examples:", "示例："),
    (
        "Each command has examples of its own: wechatpay COMMAND --help. Chinese: --lang zh.",
        "各命令另有示例：wechatpay 命令 --help。英文：--lang en。",
    ),
    ("keys and settings of a demo merchant", "演示商户的密钥和设置"),
    (
        "days that pass when told, both kinds of keys",
        "手动拨动的日期，两种密钥",
    ),
    ("a bad day, watched in the browser", "带故障运行，在浏览器中观察"),
    (
        "Exit status: 0 success, 1 refused or not sent, 3 sent and the outcome is unknown.",
        "退出码：0 成功，1 被拒绝或未发送，3 已发送但结果未知。",
    ),
    (
        "The receiver runs with the settings that `wechatpay sandbox --write-env` wrote.",
        "接收方使用 wechatpay sandbox --write-env 写出的设置运行。",
    ),
    (
        "Exit status: 0 acknowledged (200 or 204), 1 not.",
        "退出码：0 已应答成功（200 或 204），1 未成功。",
    ),
    (
        "A message is a curl command, or the text of HTTP: the first line, the headers, an empty line, the body.",
        "消息可以是 curl 命令，或 HTTP 文本：首行、各请求头、空行、报文。",
    ),
    (
        "Exit status: 0 the signature is right, 1 it is not, or there is none.",
        "退出码：0 签名正确，1 签名不正确或没有可检查的消息。",
    ),
    (
        "Lines of the books: payment,NUMBER,FEN,paid|unpaid or refund,NUMBER,FEN,STATUS.",
        "账目文件的行：payment,单号,分,paid|unpaid 或 refund,单号,分,状态。",
    ),
    (
        "Exit status: 0 nothing failed, 1 something did.",
        "退出码：0 没有失败项，1 有失败项。",
    ),
    (
        "Exit status: 0 done, 1 the books differ or the bill cannot be had.",
        "退出码：0 完成，1 账目不一致或无法取得账单。",
    ),
];
