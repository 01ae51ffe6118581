//! Mistakes in the key, its padding and its hash.

use super::mistake::mistakes;

mistakes! {
    OTHER_CERTIFICATE = Key "key-of-other-certificate",
        "the key of another certificate of the same merchant signed; serial and private key must belong to one certificate",
        "用了同一商户另一张证书的私钥签名；证书序列号与私钥必须属于同一张证书";
    OTHER_MERCHANT = Key "key-of-other-merchant",
        "another merchant's key signed; use the private key of the named merchant",
        "用了另一个商户的私钥签名；请使用 mchid 对应商户的私钥";
    PLATFORM_KEY = Key "key-of-platform",
        "a platform key made this signature, but a merchant key should have; do not mix up the two sides",
        "该签名由平台密钥生成，而这里应是商户密钥；请勿混淆双方的密钥";
    OWN_KEY = Key "key-of-own-merchant",
        "the merchant's own key made this signature, but the platform's should have; verify with the platform's public key or certificate, and check the origin of the message",
        "该签名由商户自己的私钥生成，而这里应是平台密钥；请使用平台公钥或平台证书验签，并检查消息来源";
    OTHER_HASH = Key "hash-differs",
        "another hash than SHA-256 was signed; use SHA256withRSA",
        "签名使用的摘要算法不是 SHA-256；请使用 SHA256withRSA";
    PSS = Key "padding-pss",
        "the signature is padded as PSS; use PKCS#1 v1.5 (RSASSA-PKCS1-v1_5)",
        "签名使用了 PSS 填充；请使用 PKCS#1 v1.5（RSASSA-PKCS1-v1_5）";
    NO_DIGEST_INFO = Key "digest-info-missing",
        "the bare digest was padded and signed, without the name of its hash; use a signature function (sign with SHA-256), not an encryption function",
        "只对裸摘要做了填充签名，缺少摘要算法标识；请使用签名函数（SHA256withRSA），不要用加密函数";
    NO_NULL = Key "digest-info-without-null",
        "the digest was signed without the NULL after the name of its hash, which strict verifiers reject; use the library's own signature function",
        "摘要算法标识后缺少 NULL，严格的验签会拒绝；请使用库自带的签名函数";
    NOT_HASHED = Key "message-not-hashed",
        "the message itself was padded and signed, without a hash; use SHA256withRSA",
        "直接对签名串做了填充签名，没有做摘要；请使用 SHA256withRSA";
    ODD_CONTENT = Key "signature-of-something-else",
        "the right key signed something that is neither a digest nor the message; pass the message to a SHA256withRSA function",
        "私钥正确，但被签的既不是摘要也不是签名串；请把签名串交给 SHA256withRSA 函数";
    UNKNOWN_KEY = Key "key-unknown",
        "no known key made this signature, or it was damaged in transit; check that serial and private key belong together",
        "没有任何已知密钥能对应此签名，或签名在传输中被破坏；请检查证书序列号与私钥是否配对";
    OTHER_SIZE = Key "key-of-other-size",
        "the signature is longer or shorter than those of the named key; another key made it, or it was truncated",
        "签名长度与所声明的密钥不符；它由另一把密钥生成，或被截断";
    API_V2 = Signature "signature-of-api-v2",
        "this is a digest in hexadecimal as API v2 signs; API v3 signs with RSA and base64",
        "这是 API v2 的十六进制摘要签名；API v3 使用 RSA 签名并做 base64";
    NOT_BASE64 = Signature "signature-not-base64",
        "the signature is not base64; encode the bytes of the signature in standard base64",
        "签名值不是任何形式的 base64；请用标准 base64 编码签名字节";
    MISSING = Signature "signature-empty",
        "the signature is empty; sign the message and send the result",
        "没有签名值；请签名并填入";
    PEM = Signature "signature-is-pem",
        "the signature is PEM text; send the signature, and never send a key",
        "签名位置放的是 PEM 文本；请放签名值，切勿在请求中发送密钥";
    PROBE = Signature "signature-probe",
        "this is a signature probe of the platform, wrong on purpose; reject it and do nothing else",
        "这是平台的签名探测流量，签名本来就是错的；拒绝即可，无需处理";
}
