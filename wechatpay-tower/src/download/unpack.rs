//! Incremental unpacking.

use flate2::{Decompress, FlushDecompress, Status};

use super::DownloadError;

/// Size of one unpacked piece.
const PIECE: usize = 64 * 1024;
/// Window of zlib, 32 KiB, the largest.
const WINDOW_BITS: u8 = 15;
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks gzip and passes everything else through.
pub(super) struct Unpacker {
    mode: Mode,
    piece: Box<[u8]>,
}

enum Mode {
    /// The first byte, if it arrived alone.
    Start(Option<u8>),
    Plain,
    Gzip(Box<Decompress>),
    /// End of a member, after which another may follow.
    Between,
}

/// Result of one step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// Number of input bytes that were used.
    pub(super) used: usize,
    /// Output of the step.
    pub(super) out: Out,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Out {
    /// The used bytes themselves.
    Input,
    /// This number of bytes of [`Unpacker::piece`].
    Piece(usize),
}

impl Unpacker {
    pub(super) fn new() -> Self {
        Self {
            mode: Mode::Start(None),
            piece: Box::default(),
        }
    }

    /// Processes some of the input.
    ///
    /// A step that uses nothing and returns nothing needs more input.
    pub(super) fn step(&mut self, input: &[u8]) -> Result<Step, DownloadError> {
        match &mut self.mode {
            Mode::Plain => Ok(Step {
                used: input.len(),
                out: Out::Input,
            }),
            Mode::Start(first) => match (*first, input) {
                (None, [first, second, ..]) => {
                    self.begin([*first, *second] == MAGIC);
                    self.step(input)
                }
                (None, [byte]) => {
                    *first = Some(*byte);
                    Ok(Step {
                        used: 1,
                        out: Out::Piece(0),
                    })
                }
                (Some(first), [second, ..]) => {
                    if [first, *second] == MAGIC {
                        self.begin(true);
                        self.inflate(&[first])?;
                        return self.step(input);
                    }
                    self.begin(false);
                    // The byte that arrived alone goes first.
                    self.piece = Box::new([first]);
                    Ok(Step {
                        used: 0,
                        out: Out::Piece(1),
                    })
                }
                (_, []) => Ok(Step {
                    used: 0,
                    out: Out::Piece(0),
                }),
            },
            Mode::Between if input.is_empty() => Ok(Step {
                used: 0,
                out: Out::Piece(0),
            }),
            Mode::Between if input.first() == MAGIC.first() => {
                self.begin(true);
                self.inflate(input)
            }
            // Bytes follow that are not part of the file.
            Mode::Between => Err(DownloadError::Corrupt),
            Mode::Gzip(_) => self.inflate(input),
        }
    }

    /// Returns the output of a step.
    pub(super) fn piece(&self, length: usize) -> &[u8] {
        self.piece.get(..length).unwrap_or_default()
    }

    /// Ends the input and returns a single byte that arrived alone.
    pub(super) fn finish(&self) -> Result<Option<u8>, DownloadError> {
        match self.mode {
            Mode::Start(first) => Ok(first),
            Mode::Plain | Mode::Between => Ok(None),
            Mode::Gzip(_) => Err(DownloadError::Truncated),
        }
    }

    fn begin(&mut self, packed: bool) {
        self.mode = if packed {
            self.piece = vec![0; PIECE].into();
            Mode::Gzip(Box::new(Decompress::new_gzip(WINDOW_BITS)))
        } else {
            Mode::Plain
        };
    }

    fn inflate(&mut self, input: &[u8]) -> Result<Step, DownloadError> {
        let Mode::Gzip(inflate) = &mut self.mode else {
            return Err(DownloadError::Corrupt);
        };
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let status = inflate
            .decompress(input, &mut self.piece, FlushDecompress::None)
            .map_err(|_| DownloadError::Corrupt)?;
        let since = |now: u64, before: u64| usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX);
        let step = Step {
            used: since(inflate.total_in(), read),
            out: Out::Piece(since(inflate.total_out(), written)),
        };
        if status == Status::StreamEnd {
            self.mode = Mode::Between;
        }
        Ok(step)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn pack(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn unpack(file: &[u8], piece: usize) -> Result<Vec<u8>, DownloadError> {
        let (mut unpacker, mut out) = (Unpacker::new(), Vec::new());
        for mut input in file.chunks(piece) {
            loop {
                let step = unpacker.step(input)?;
                let (used, rest) = input.split_at(step.used);
                let piece = match step.out {
                    Out::Input => used,
                    Out::Piece(length) => unpacker.piece(length),
                };
                out.extend_from_slice(piece);
                if piece.is_empty() && step.used == 0 {
                    break;
                }
                input = rest;
            }
        }
        out.extend(unpacker.finish()?);
        Ok(out)
    }

    #[test]
    fn packed_and_plain_files_are_read_in_pieces_of_any_size() {
        let text: Vec<u8> = (0..200_000_u32).map(|number| (number / 7 % 251) as u8).collect();
        for length in [0, 1, 2, 3, 1000, 65_535, 65_536, 65_537, 200_000] {
            let text = &text[..length];
            let (one, two) = text.split_at(length / 2);
            let members = [pack(one), pack(two)].concat();
            for piece in [1, 2, 3, 17, 4096, 1 << 20] {
                assert!(unpack(text, piece).unwrap() == text, "plain {length} by {piece}");
                assert!(
                    unpack(&pack(text), piece).unwrap() == text,
                    "packed {length} by {piece}"
                );
                assert!(
                    unpack(&members, piece).unwrap() == text,
                    "members {length} by {piece}"
                );
            }
        }
        // A file that starts with a part of gzip's header is plain.
        for text in [&b"\x1f"[..], b"\x1fx", b"\x1f\x00\x8b"] {
            assert_eq!(unpack(text, 1).unwrap(), text);
        }
    }

    #[test]
    fn a_packed_file_is_complete_or_an_error() {
        let packed = pack(&b"0123456789".repeat(1000));
        for length in 2..packed.len() {
            assert!(
                matches!(unpack(&packed[..length], 4096), Err(DownloadError::Truncated)),
                "{length} of {}",
                packed.len()
            );
        }
        for (name, file) in [
            ("something behind", [&packed[..], b"x"].concat()),
            ("half a member behind", [&packed[..], &packed[..5]].concat()),
        ] {
            assert!(unpack(&file, 4096).is_err(), "{name}");
        }
        // The check sum and the length at the end of the file are compared as well.
        for from_end in 1..=8 {
            let mut file = packed.clone();
            let at = file.len() - from_end;
            file[at] ^= 1;
            assert!(
                matches!(unpack(&file, 4096), Err(DownloadError::Corrupt)),
                "{from_end}"
            );
        }
    }
}
