import Testing
import Transformer

@Suite("Identities by content")
struct ContentHashTests {
    @Test("are 32 hexadecimal digits that never change")
    func pinned() {
        #expect(
            ContentHash.identity(of: "visit_course", "u1", "1751301000000000") == "4be9ec25bb71b17608c85e394eb6cf4a"
        )
    }

    @Test("depend on where the parts end")
    func parts() {
        #expect(ContentHash.identity(of: "ab", "c") != ContentHash.identity(of: "a", "bc"))
        #expect(ContentHash.identity(of: "a", "") != ContentHash.identity(of: "a"))
    }
}
