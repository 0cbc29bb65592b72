import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test(
        "a text is quoted, and only what must be escaped is",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("\"/\\", #""\"/\\""#),
            ("\u{8}\u{C}\n\r\t\u{1}\u{1F}\u{7F}é😀", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\u{7F}é😀\""),
            ("a\u{0}b", "\"a\u{FFFD}b\""), ("1234567\"89012345\\6", #""1234567\"89012345\\6""#),
        ]
    )
    func quoted(_ text: String, _ expected: String) throws {
        let result = JSONWriter.quoted(text)
        #expect(Array(result.utf8) == Array(expected.utf8))
        #expect(refusal(of: result) == nil)
    }
}
