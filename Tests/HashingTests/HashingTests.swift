import Hashing
import Testing

@Suite("Hashes are those of their standards")
struct HashingTests {
    /// FIPS 180-2, appendix B, and the empty message.
    @Test(
        "SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func digest(message: String, expected: String) {
        #expect(SHA256.digest(of: Array(message.utf8)).hexadecimal == expected)
    }

    /// RFC 4231, test cases 1, 2 and 6: a key of 20 bytes, of four, and one longer than a block.
    @Test("HMAC-SHA-256")
    func code() {
        let cases: [(key: [UInt8], message: String, code: String)] = [
            (.init(repeating: 0x0b, count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                .init(repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ]
        for tried in cases {
            #expect(HMACSHA256.code(for: Array(tried.message.utf8), key: tried.key).hexadecimal == tried.code)
        }
    }

    /// RFC 5869, test case 3: no salt, and its first 32 bytes with an empty `info`.
    @Test("keys derived by HKDF")
    func derivation() {
        let key = HMACSHA256.derivedKey(from: .init(repeating: 0x0b, count: 22), info: [])
        #expect(key.hexadecimal == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
    }
}
