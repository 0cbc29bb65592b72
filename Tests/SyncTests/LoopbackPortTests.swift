import Testing

@testable import Sync

@Suite("A port of this machine")
struct LoopbackPortTests {
    @Test(
        "is named by an address on loopback only",
        arguments: [
            ("http://127.0.0.1:8080", 8080), ("http://127.0.0.1:8080/path", 8080), ("http://127.0.0.1", nil),
            ("https://acme.example.org:443", nil), ("http://127.0.0.1:99999", nil), ("", nil),
        ] as [(String, UInt16?)]
    )
    func address(_ url: String, _ number: UInt16?) {
        #expect(LoopbackPort(of: url)?.number == number)
    }
}
