//! E-mail drafts (`.eml`): the subject and the text parts, with transfer encodings undone.
//!
//! Text and HTML versions of one message are both read: both are sent. Attachments are not, and the document says so.

mod bytes;
mod part;

use super::{DecodeError, Decoder, Excerpt, Options, markup, text_of};
use crate::{
    model::document::{Address, Document, Fault, Located, Media, Post, Quoting, Scope, Segment, SourceFile},
    text::{
        map::OffsetMap,
        span::{Source, Span},
    },
};
use bytes::Decoded;
use part::{Header, Part, parts};

/// `.eml` files.
pub(super) struct Mail;

impl Decoder for Mail {
    fn name(&self) -> &'static str {
        "eml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["eml"]
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        let head = bytes.get(..4096.min(bytes.len())).unwrap_or_default();
        let head = String::from_utf8_lossy(head).to_lowercase();
        let names: Vec<&str> = head.lines().take_while(|l| !l.is_empty()).filter_map(|l| l.split(':').next()).collect();
        names.contains(&"subject") && names.contains(&"from") && names.contains(&"mime-version")
    }

    fn decode(&self, file: &SourceFile, options: &Options) -> Result<Document, DecodeError> {
        let mut text = text_of(&file.bytes, &options.limits)?;
        let source = text.source.clone();
        let all = parts(&source).map_err(|e| e.in_file(&text))?;
        let mut post = Post::default();
        let (mut unread, mut faults) = (0, Vec::new());
        for (index, part) in all.iter().enumerate() {
            if index == 0 {
                head(&source, &part.headers, &mut post);
            }
            if !body(&source, part, &mut post, &mut faults) {
                unread += 1;
                let file = part.file_name().map(Located::given);
                post.meta.media.push(Media { file, ..Media::default() });
            }
        }
        if unread > 0 {
            text.notes.push(format!("attachments that were not read: {unread}"));
        }
        let mut document = text.into_document(self.name(), vec![post]);
        document.faults = faults;
        Ok(document)
    }
}

fn head(source: &str, headers: &[Header], post: &mut Post) {
    for header in headers {
        let value = bytes::header(source, header.value);
        let located = Located::new(value.text.trim(), header.value);
        match header.name.as_str() {
            "subject" if !value.text.trim().is_empty() => {
                let plain = value.text == header.value.of(source);
                let quoting = if plain { Quoting::Verbatim } else { Quoting::ReadOnly("the subject is encoded") };
                let Decoded { text, map } = value;
                let map = OffsetMap::<_, Source>::identity().then(&map);
                post.segments.push(Segment { scope: Scope::Title, address: Address::Whole, text, map, quoting });
            }
            "from" => post.meta.author = Some(located),
            "in-reply-to" => post.meta.in_reply_to = Some(located),
            name => {
                post.meta.other.insert(name.to_owned(), located);
            }
        }
    }
}

/// Reads the text of `part`; false where it has none that can be read.
fn body(source: &str, part: &Part, post: &mut Post, faults: &mut Vec<Fault>) -> bool {
    if part.is_container {
        return true;
    }
    if part.is_attachment() || !part.kind.starts_with("text/") {
        return false;
    }
    let is_html = part.kind == "text/html";
    match part.encoding.as_str() {
        "" | "7bit" | "8bit" | "binary" if is_html => {
            faults.extend(markup::read(source, part.body, post));
        }
        "" | "7bit" | "8bit" | "binary" => {
            let text = Excerpt::lines(source, part.body);
            if !text.text().trim().is_empty() {
                post.segments.push(text.into_segment(Scope::Body, Address::Whole, Quoting::Verbatim));
            }
        }
        _ => {
            let Some(decoded) = bytes::body(source, part) else { return false };
            if is_html {
                faults.extend(html(&decoded, post));
            } else {
                plain(decoded, post);
            }
        }
    }
    true
}

const ENCODED: Quoting = Quoting::ReadOnly("the e-mail is encoded; write it as plain text to have it fixed");

fn plain(decoded: Decoded, post: &mut Post) {
    if !decoded.text.trim().is_empty() {
        let map = OffsetMap::<_, Source>::identity().then(&decoded.map);
        post.segments.push(Segment {
            scope: Scope::Body,
            address: Address::Whole,
            text: decoded.text,
            map,
            quoting: ENCODED,
        });
    }
}

/// Reads HTML that stands encoded in the file: read as HTML first, then led through the transfer encoding.
fn html(decoded: &Decoded, post: &mut Post) -> Option<Fault> {
    let mut inner = Post::default();
    let fault = markup::read(&decoded.text, Span::new(0, decoded.text.len()), &mut inner);
    let led = |span: &mut Option<Span<Source>>| *span = span.map(|s| decoded.map.map(s));
    for mut segment in inner.segments {
        segment.map = segment.map.then(&decoded.map);
        segment.quoting = ENCODED;
        post.segments.push(segment);
    }
    for mut suppress in inner.meta.suppress {
        led(&mut suppress.said.span);
        led(&mut suppress.covers);
        post.meta.suppress.push(suppress);
    }
    for mut media in inner.meta.media {
        media.file.iter_mut().chain(media.alt.iter_mut()).for_each(|l| led(&mut l.span));
        post.meta.media.push(media);
    }
    fault.map(|fault| Fault { span: fault.span.map(|s| decoded.map.map(s)), ..fault })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Document {
        let file = SourceFile { path: "a.eml".into(), bytes: text.as_bytes().into() };
        Mail.decode(&file, &Options::default()).unwrap()
    }

    const MAIL: &str = "From: Jo Bloggs <jo@westmarsh.gov.uk>\r\nSubject: =?utf-8?Q?Caf=C3=A9_opens?=\r\n =?utf-8?B?IHNvb24=?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b 1\"\r\n\r\npreamble\r\n--b 1\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=C3=A9 is=\r\n open.\r\n--c\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+VGhlIGNhZukgJmFtcDsg\r\nYmFyPC9wPg==\r\n--c--\r\n--b 1\r\nContent-Type: image/png; name=a.png\r\nContent-Disposition: attachment; filename=\"bin.png\"\r\n\r\nxx\r\n--b 1--\r\n";

    #[test]
    fn subject_and_both_texts_are_read_with_maps() {
        let doc = read(MAIL);
        let post = &doc.posts[0];
        let texts: Vec<_> = post.segments.iter().map(|s| (s.scope.clone(), s.text.as_str())).collect();
        assert_eq!(
            texts,
            [
                (Scope::Title, "Caf\u{e9} opens soon"),
                (Scope::Body, "The caf\u{e9} is open."),
                (Scope::Body, "The caf\u{e9} & bar")
            ]
        );
        let origin = |i: usize, word: &str| {
            let at = post.segments[i].text.find(word).unwrap();
            post.segments[i].map.map(Span::new(at, at + word.len())).of(MAIL)
        };
        assert_eq!(origin(1, "caf\u{e9} is open"), "caf=C3=A9 is=\r\n open");
        assert_eq!(origin(2, "bar"), "YmFy");
        assert_eq!(post.meta.media[0].file.as_ref().unwrap().value, "bin.png");
        assert_eq!(doc.notes, ["attachments that were not read: 1"]);
    }

    #[test]
    fn words_in_base_64_lead_back_to_whole_words() {
        let doc = read("Content-Transfer-Encoding: base64\n\nSGVsbG8uDQpXZSBwcm9taXNlIGl0IHdpbGwgYmUgZml4ZWQuDQo=\n");
        let body = &doc.posts[0].segments[0];
        let at = body.text.find("We").unwrap();
        let origin = body.map.map(Span::new(at, at + "We promise it will be fixed".len()));
        let back = body.map.unmap(origin, body.text.len()).unwrap();
        assert_eq!(back.of(&body.text).trim(), "We promise it will be fixed.");
    }

    #[test]
    fn a_plain_mail_is_verbatim() {
        let doc = read("Subject: Bins\nFrom: a@example.org\n\nHello\nall\n");
        assert_eq!(doc.posts[0].segments[1].text, "Hello\nall\n");
        assert_eq!(doc.posts[0].segments[1].quoting, Quoting::Verbatim);
    }

    #[test]
    fn a_character_that_may_not_stand_in_a_transfer_encoding_is_kept_whole() {
        let text = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
                    Content-Transfer-Encoding: quoted-printable\n\nf=C3\u{cd} caf\u{e9}";
        let doc = read(text);
        let body = doc.posts[0].segments.last().unwrap();
        assert_eq!(body.text, "f\u{fffd}\u{cd} caf\u{e9}");
        let origins = body.text.char_indices().map(|(at, c)| body.map.map(Span::new(at, at + c.len_utf8())).of(text));
        assert_eq!(origins.collect::<Vec<_>>(), ["f", "=C3\u{cd}", "\u{cd}", " ", "c", "a", "f", "\u{e9}"]);
    }
}
