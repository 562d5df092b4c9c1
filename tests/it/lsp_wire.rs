//! What reaches the language server and is no message, or comes before its greeting.

use tempfile::TempDir;

/// What comes in is told in words, and never repeated: it may be a draft.
#[test]
fn what_is_no_message_ends_the_server_with_its_reason() {
    let folder = TempDir::new().unwrap();
    let message = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let hello = message(r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#);
    let ready = message(r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#);
    let open =
        r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"text":"QQ 12 34 56 C"}}}"#;
    for (wire, why) in [
        ("Content-Length: 99999999999\r\n\r\n{}".to_owned(), "over the limit of 536870912 bytes"),
        (format!("{hello}{ready}Content-Length: 99999999999\r\n\r\n{{}}"), "over the limit of 536870912 bytes"),
        (format!("{hello}{ready}{}", message(&open[..open.len() - 1])), "is not JSON"),
        (format!("{hello}{ready}{open}"), "no message"),
        (format!("{hello}{}", message(open)), "`initialize` and `initialized`"),
        (String::new(), "went away"),
        (hello.clone(), "went away"),
        (message(&open.replace("\"method\"", "\"id\":1,\"method\"")), "say `initialize` first"),
    ] {
        let (told, code) = crate::program::run(folder.path(), &["lsp"], &wire);
        assert!(code == 2 && told.contains(why), "{wire:?}: {code}\n{told}");
        assert!(!told.contains("QQ"), "{wire:?}: {told}");
    }
}
