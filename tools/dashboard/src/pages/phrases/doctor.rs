//! Names of keys, and what the signature doctor adds to a mistake.

use super::phrases;

phrases! {
    /// Its sentences it has in both languages itself.
    PHRASES:
    "probably {}" "很可能：{}";
    "certificate {} of merchant {}" "商户 {1} 的证书 {0}";
    "the WeChat Pay public key" "微信支付公钥";
    "the platform's key {}" "平台密钥 {}";
    "the key that was pasted" "粘贴的密钥";
    "{} bytes, not {}" "{} 字节，应为 {}";
    "{} bytes" "{} 字节";
    "line {}" "第 {} 行";
    "{} became {}" "“{}”变成了“{}”";
    "no blanks" "无空格";
    "blanks behind , and :" ", 与 : 之后有空格";
    "blanks behind :" ": 之后有空格";
    "blanks behind ," ", 之后有空格";
    "indented by 2" "缩进 2 格";
    "indented by 4" "缩进 4 格";
    "indented by tabs" "以制表符缩进";
    "indented by 2, CR LF" "缩进 2 格，换行为 CR LF";
    "indented by 2, blanks around :" "缩进 2 格，: 前后有空格";
    "no needless escapes" "无多余转义";
    "\\/ and \\uXXXX" "\\/ 与 \\uXXXX";
    "\\uXXXX in capitals" "大写的 \\uXXXX";
    "\\u003c for < > &" "< > & 写作 \\u003c 等";
    "\\u003c for < > & = '" "< > & = ' 写作 \\u003c 等";
    "\\uXXXX in capitals, also for < > & + '" "大写的 \\uXXXX，含 < > & + '";
    "SHA-256, MGF1 with SHA-1" "SHA-256，MGF1 使用 SHA-1";
}
