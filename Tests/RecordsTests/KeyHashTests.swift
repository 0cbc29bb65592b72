import Records
import Testing

@Suite("Hashes of keys")
struct KeyHashTests {
    @Test(
        "a text and its bytes have the hash that FNV-1a publishes for them",
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)]
    )
    func published(text: String, hash: UInt64) {
        #expect(KeyHash(of: text).value == hash)
        #expect(Array(text.utf8).withUnsafeBytes { KeyHash(of: $0).value } == hash)
    }

    @Test("where one part of a key ends and the next begins counts")
    func parts() {
        func hash(_ parts: String...) -> UInt64 {
            var hash = KeyHash()
            for part in parts { hash.add(part) }
            return hash.value
        }
        #expect(hash("ab", "c") != hash("a", "bc"))
        #expect(hash("ab", "") != hash("ab"))
        #expect(hash("ab", "c") == hash("ab", "c"))
        #expect(hash("ab") != KeyHash(of: "ab").value)
    }
}
