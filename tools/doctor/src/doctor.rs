//! Doctor: from a message and its signature to a verdict.

use sha2::{Digest as _, Sha256};

use super::{
    Confidence, Direction, Fact, Finding, KeyRole, KnownKey, Label, Limits, SignedInvocation, SignedRequest,
    SignedResponse, Verdict, VerdictKind, claim, fact,
    recover::{Block, Hash},
    search::{Grid, Hit, search},
    signing,
    slot::Piece,
    spelling::{Reading, readings},
};

/// Finds the reason why a signature does not match.
///
/// Cheap to build. Keep one for each set of keys or build one for each question.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use base64::{Engine as _, engine::general_purpose::STANDARD};
/// # use wechatpay_core::{crypto::default_provider, testing::DemoKey};
/// # let key = DemoKey::Merchant.load(default_provider()?.as_ref())?;
/// # let spki = key.public_key_info();
/// # let (timestamp, nonce) = ("1700000000", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS");
/// # let signed = format!("GET\n/v3/pay/transactions/id/42\n{timestamp}\n{nonce}\n\n");
/// # let signature = STANDARD.encode(key.sign(&[signed.as_bytes()])?);
/// use wechatpay_doctor::{Doctor, KeyRole, KnownKey, SignedRequest};
///
/// let doctor = Doctor::new().key(KeyRole::Expected, KnownKey::new("certificate 5157", spki)?);
/// let target = "/v3/pay/transactions/id/42?mchid=1900000001";
/// let verdict = doctor.request(&SignedRequest::new("GET", target, timestamp, nonce, b"", &signature));
///
/// assert_eq!(verdict.codes().collect::<Vec<_>>(), ["url-query-dropped"]);
/// assert_eq!(verdict.confidence().code(), "proven");
/// assert_eq!(verdict.line(), Some(2));
/// let json = serde_json::to_value(verdict.report())?; // for a page or a tool
/// assert_eq!(json["you_signed"], "/v3/pay/transactions/id/42␊");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Doctor {
    keys: Vec<(KeyRole, KnownKey)>,
    limits: Option<Limits>,
}

impl Doctor {
    /// Creates a doctor without keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key that may have signed.
    ///
    /// The key that the message names is [`KeyRole::Expected`]. The others are tried in the order of the calls.
    #[must_use]
    pub fn key(mut self, role: KeyRole, key: KnownKey) -> Self {
        let place = match role {
            KeyRole::Expected => self
                .keys
                .iter()
                .take_while(|(role, _)| *role == KeyRole::Expected)
                .count(),
            _ => self.keys.len(),
        };
        self.keys.insert(place, (role, key));
        self
    }

    /// Limits the cost of a verdict.
    ///
    /// Defaults to [`Limits::interactive`], and to [`Limits::frugal`] as an
    /// [`Observer`](wechatpay_core::verify::Observer).
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Returns its limits, or `default` if none were set.
    pub(super) fn limits_or(&self, default: Limits) -> Limits {
        self.limits.unwrap_or(default)
    }

    fn cost(&self) -> Limits {
        self.limits_or(Limits::interactive())
    }

    /// Explains the signature of a request.
    pub fn request(&self, request: &SignedRequest<'_>) -> Verdict {
        self.examine(&Case {
            direction: Direction::Request,
            values: &request.values(),
            signature: request.signature,
            claimed: request.claimed,
            grid: &|| request.grid(self.cost()),
        })
    }

    /// Explains the signature of a response or notification.
    ///
    /// The verdict names the change of the body before verification.
    pub fn response(&self, response: &SignedResponse<'_>) -> Verdict {
        let mut verdict = self.examine(&Case {
            direction: Direction::Response,
            values: &response.values(),
            signature: response.signature,
            claimed: response.claimed,
            grid: &|| response.grid(self.cost()),
        });
        if let Some(mistake) = response.lost_body()
            && verdict.kind == VerdictKind::MessageDiffers
            && verdict.findings.is_empty()
        {
            verdict.findings.push(mistake.into());
            verdict.confidence = Confidence::Suspected;
        }
        verdict
    }

    /// Explains the signature of a payment sheet.
    pub fn invocation(&self, invocation: &SignedInvocation<'_>) -> Verdict {
        self.examine(&Case {
            direction: Direction::Invocation,
            values: &invocation.values(),
            signature: invocation.signature,
            claimed: invocation.claimed,
            grid: &|| invocation.grid(),
        })
    }

    fn examine(&self, case: &Case<'_>) -> Verdict {
        let parts = case.direction.layout().iter();
        let expected: Vec<Piece> = parts
            .zip(case.values)
            .map(|(part, value)| Piece {
                part: *part,
                bytes: [value, b"\n".as_slice()].concat(),
            })
            .collect();
        let message: Vec<u8> = expected
            .iter()
            .flat_map(|piece| piece.bytes.iter().copied())
            .collect();
        let mut verdict = Verdict {
            direction: case.direction,
            kind: VerdictKind::Unreadable,
            confidence: Confidence::Unknown,
            findings: Vec::new(),
            facts: Vec::new(),
            signed_by: None,
            is_explained: false,
            tried: 0,
            claimed: case.claimed.map(|message| claim::pieces(case.direction, message)),
            expected,
            signed: None,
        };
        match self.open(case, &message) {
            Some(opened) => self.explain(case, &message, opened, &mut verdict),
            None => self.suspect(case, &message, &mut verdict),
        }
        verdict
    }

    /// Returns the first reading of the signature that a known key opens.
    fn open(&self, case: &Case<'_>, message: &[u8]) -> Option<Opened<'_>> {
        let mut left = self.cost().openings;
        let (_, first) = self.keys.first()?;
        for reading in readings(case.signature, first.signature_length()) {
            for (role, key) in &self.keys {
                left = left.checked_sub(1)?;
                let block = key.open(&reading.bytes);
                let block = block.and_then(|block| Block::read(&block, key.modulus_bits(), message));
                if let Some(block) = block {
                    return Some(Opened {
                        reading,
                        role: *role,
                        key,
                        block,
                    });
                }
            }
        }
        None
    }

    fn explain(&self, case: &Case<'_>, message: &[u8], opened: Opened<'_>, verdict: &mut Verdict) {
        let Opened {
            reading,
            role,
            key,
            block,
        } = opened;
        let label = key.label().clone();
        verdict.signed_by = Some(label.clone());
        verdict.findings.extend(reading.findings);
        if !verdict.findings.is_empty() {
            verdict.kind = VerdictKind::OtherSpelling;
        }
        let role_mistake = match role {
            KeyRole::Expected => None,
            KeyRole::SameHolder => Some(signing::OTHER_CERTIFICATE),
            KeyRole::OtherMerchant => Some(signing::OTHER_MERCHANT),
            KeyRole::Platform => Some(signing::PLATFORM_KEY),
            KeyRole::OwnMerchant => Some(signing::OWN_KEY),
        };
        match role_mistake {
            None => verdict.facts.push(fact::KEY_RIGHT.with(label)),
            Some(mistake) => {
                verdict.facts.push(fact::KEY_OTHER.with(label.clone()));
                verdict.findings.push(Finding::with(mistake, label));
                verdict.kind = VerdictKind::OtherKey;
            }
        }
        let of_algorithm = |verdict: &mut Verdict, finding: Finding| {
            verdict.findings.push(finding);
            if verdict.kind != VerdictKind::OtherKey {
                verdict.kind = VerdictKind::OtherAlgorithm;
            }
        };
        match block {
            Block::Digest {
                hash: Hash::Sha256,
                digest,
                has_null,
            } => {
                if has_null {
                    verdict.facts.push(fact::ALGORITHM_RIGHT);
                } else {
                    of_algorithm(verdict, signing::NO_NULL.into());
                }
                self.find(case, &|other| *other == *digest, verdict);
            }
            Block::Digest { hash, digest, .. } => {
                of_algorithm(verdict, Finding::with(signing::OTHER_HASH, hash.name()));
                match hash.digest(message) {
                    Some(right) if right == digest => message_is_right(message_pieces(verdict), verdict),
                    Some(_) => {
                        let claimed = case
                            .claimed
                            .filter(|claimed| hash.digest(claimed).as_ref() == Some(&digest));
                        self.another_message(claimed, verdict);
                    }
                    None => verdict.facts.push(fact::MESSAGE_UNCHECKED),
                }
            }
            Block::Pss(block) => {
                of_algorithm(verdict, Finding::with(signing::PSS, block.kind.name()));
                if block.is_sha256() {
                    self.find(case, &|digest| block.fits_digest(digest), verdict);
                } else if block.fits(message) {
                    message_is_right(message_pieces(verdict), verdict);
                } else {
                    self.another_message(case.claimed.filter(|claimed| block.fits(claimed)), verdict);
                }
            }
            Block::Raw(content) => self.raw(case, message, &content, verdict, of_algorithm),
        }
        verdict.confidence = match verdict.findings.is_empty() {
            true if verdict.is_explained => Confidence::Proven,
            true => Confidence::Unknown,
            false => Confidence::Proven,
        };
    }

    /// Explains a padded block without the name of a hash.
    fn raw(
        &self,
        case: &Case<'_>,
        message: &[u8],
        content: &[u8],
        verdict: &mut Verdict,
        of_algorithm: impl Fn(&mut Verdict, Finding),
    ) {
        let bare = <[u8; 32]>::try_from(content).ok().or_else(|| from_hex(content));
        if let Some(digest) = bare {
            of_algorithm(verdict, signing::NO_DIGEST_INFO.into());
            return self.find(case, &|other| *other == digest, verdict);
        }
        // Digits of other hashes are too short to be a message; the shortest message has more than one line.
        if content.contains(&b'\n') || content == message {
            of_algorithm(verdict, signing::NOT_HASHED.into());
            let digest: [u8; 32] = Sha256::digest(content).into();
            self.find(case, &|other| *other == digest, verdict);
            if verdict.signed.is_none() {
                verdict.facts.retain(|fact| *fact != fact::NOTHING_FITS);
                let pieces = claim::pieces(case.direction, content);
                verdict
                    .findings
                    .extend(claim::differences(&verdict.expected, &pieces));
                verdict.is_explained = true;
                verdict.signed = Some(pieces);
            }
            return;
        }
        let size = content.len();
        let detail = Label::new(format!("{size} bytes"), format!("{size} 字节"));
        of_algorithm(verdict, Finding::with(signing::ODD_CONTENT, detail));
        verdict.facts.push(fact::MESSAGE_UNCHECKED);
    }

    /// Searches for the message whose SHA-256 digest `fits`.
    fn find(&self, case: &Case<'_>, fits: &dyn Fn(&[u8; 32]) -> bool, verdict: &mut Verdict) {
        let mut right = Sha256::new();
        for piece in &verdict.expected {
            right.update(&piece.bytes);
        }
        if fits(&right.finalize().into()) {
            verdict.tried = 1;
            return message_is_right(message_pieces(verdict), verdict);
        }
        let outcome = search(&(case.grid)(), self.cost(), fits);
        verdict.tried = outcome.tried;
        let claimed = case
            .claimed
            .filter(|claimed| fits(&Sha256::digest(claimed).into()));
        match outcome.hit {
            Some(Hit { findings, pieces }) => {
                verdict.findings.extend(findings);
                verdict.signed = Some(pieces);
                self.another_message(claimed, verdict);
                verdict.is_explained = true;
            }
            None => {
                self.another_message(claimed, verdict);
                let body = case.values.last().map_or(0, |body| body.len());
                let is_complete = outcome.is_complete && body <= self.cost().body;
                if !is_complete && !verdict.is_explained {
                    verdict.facts.push(fact::SEARCH_CUT);
                }
            }
        }
    }

    /// Records that a different message was signed: `claimed`, if it is given.
    fn another_message(&self, claimed: Option<&[u8]>, verdict: &mut Verdict) {
        if matches!(verdict.kind, VerdictKind::Unreadable) {
            verdict.kind = VerdictKind::MessageDiffers;
        }
        verdict.facts.push(fact::MESSAGE_DIFFERS);
        let Some(message) = claimed else {
            if verdict.claimed.is_some() {
                verdict.facts.push(fact::CLAIM_REFUTED);
            }
            if verdict.signed.is_none() {
                verdict.facts.push(fact::NOTHING_FITS);
            }
            return;
        };
        verdict.facts.push(fact::CLAIM_PROVEN);
        if verdict.signed.is_none() {
            let pieces = claim::pieces(verdict.direction, message);
            verdict
                .findings
                .extend(claim::differences(&verdict.expected, &pieces));
            verdict.signed = Some(pieces);
            verdict.is_explained = true;
        }
    }

    /// Examines the text of a signature that no key opens.
    fn suspect(&self, case: &Case<'_>, message: &[u8], verdict: &mut Verdict) {
        let text = case.signature.trim_ascii();
        let is_hex = !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_hexdigit());
        let read = readings(text, 0);
        let sizes: Vec<usize> = self.keys.iter().map(|(_, key)| key.signature_length()).collect();
        let (confidence, finding) = if text.is_empty() {
            (Confidence::Proven, signing::MISSING.into())
        } else if text.starts_with("WECHATPAY/SIGNTEST/") {
            (Confidence::Proven, signing::PROBE.into())
        } else if text.starts_with("-----BEGIN") {
            (Confidence::Proven, signing::PEM.into())
        } else if is_hex && matches!(text.len(), 32 | 40 | 64) {
            let hash = match text.len() {
                32 => "MD5",
                40 => "SHA-1",
                _ => "HMAC-SHA256",
            };
            (Confidence::Suspected, Finding::with(signing::API_V2, hash))
        } else if read.is_empty() {
            (Confidence::Proven, signing::NOT_BASE64.into())
        } else if read
            .iter()
            .any(|Reading { bytes, .. }| sizes.contains(&bytes.len()))
        {
            (Confidence::Suspected, signing::UNKNOWN_KEY.into())
        } else {
            let length = read.first().map_or(0, |reading| reading.bytes.len());
            let detail = match sizes.first() {
                Some(size) => Label::new(
                    format!("{length} bytes, not {size}"),
                    format!("{length} 字节，应为 {size}"),
                ),
                None => Label::new(format!("{length} bytes"), format!("{length} 字节")),
            };
            (Confidence::Suspected, Finding::with(signing::OTHER_SIZE, detail))
        };
        verdict.findings.push(finding);
        verdict.confidence = confidence;
        if let Some(claimed) = case.claimed {
            verdict.facts.push(match claimed == message {
                true => fact::CLAIM_RIGHT,
                false => fact::CLAIM_UNPROVEN,
            });
        }
    }
}

/// Question to the doctor.
pub(super) struct Case<'c> {
    pub(super) direction: Direction,
    /// The correct lines, without their ends.
    pub(super) values: &'c [&'c [u8]],
    pub(super) signature: &'c str,
    pub(super) claimed: Option<&'c [u8]>,
    /// Candidates, created only when they are needed.
    pub(super) grid: &'c dyn Fn() -> Grid<'c>,
}

struct Opened<'k> {
    reading: Reading,
    role: KeyRole,
    key: &'k KnownKey,
    block: Block,
}

fn message_pieces(verdict: &Verdict) -> Vec<Piece> {
    verdict.expected.clone()
}

fn message_is_right(pieces: Vec<Piece>, verdict: &mut Verdict) {
    verdict.facts.push(Fact::clone(&fact::MESSAGE_RIGHT));
    verdict.is_explained = true;
    verdict.signed = Some(pieces);
    if verdict.findings.is_empty() {
        verdict.kind = VerdictKind::SignatureFits;
    }
}

/// Parses a digest of 64 hexadecimal digits.
fn from_hex(text: &[u8]) -> Option<[u8; 32]> {
    base16ct::mixed::decode_vec(text).ok()?.try_into().ok()
}
