import JSON
import Testing

@Suite("JSON that is written")
struct JSONWriterTests {
    @Test(
        "a text to be stored is quoted, and only what must be escaped is",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("\"/\\", #""\"/\\""#),
            ("1234567\"89012345\\6", #""1234567\"89012345\\6""#),
            ("\n\r\t", #""\n\r\t""#), ("\u{1}\u{8}\u{B}\u{C}\u{1F}", #""\u0001\u0008\u000b\u000c\u001f""#),
            ("\u{7F}\u{85}\u{2028}é😀", "\"\u{7F}\u{85}\u{2028}é😀\""), ("a\u{0}b", "\"a\u{FFFD}b\""),
        ]
    )
    func stored(_ text: String, _ expected: String) throws {
        #expect(Array(JSONWriter.quoted(text).utf8) == Array(expected.utf8))
        var appended = Array("x".utf8)
        Array(text.utf8).withUnsafeBytes { JSONWriter.append($0, to: &appended) }
        #expect(appended == Array("x\(expected)".utf8))
        let again = try parse("[\(expected)]").withRoot { $0.elements.map(\.string) }
        #expect(again == [text.replacing("\u{0}", with: "\u{FFFD}")])
    }

    @Test("bytes are copied as they are: whoever reads them checks that they are UTF-8")
    func invalidBytes() {
        let bytes: [UInt8] = [0x61, 0xFF, 0xED, 0xA0, 0x80, 0x22, 0xC3]
        var text: [UInt8] = []
        bytes.withUnsafeBytes { JSONWriter.append($0, to: &text) }
        #expect(text == [0x22, 0x61, 0xFF, 0xED, 0xA0, 0x80, 0x5C, 0x22, 0xC3, 0x22])
    }

    @Test(
        "a text to be shown has nothing that a terminal could obey",
        arguments: [
            ("", #""""#), ("plain \"é😀\" \\", #""plain \"é😀\" \\""#), ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{1}\u{8}\u{C}\u{1B}\u{1F}", #""\u0000\u0001\u0008\u000c\u001b\u001f""#),
            ("\u{7F}\u{80}\u{9F}\u{A0}", "\"\\u007f\\u0080\\u009f\u{A0}\""),
            ("\u{200D}\u{200E}\u{200F}\u{2010}", "\"\u{200D}\\u200e\\u200f\u{2010}\""),
            ("\u{2027}\u{2028}\u{2029}\u{202A}\u{202E}\u{202F}", "\"\u{2027}\\u2028\\u2029\\u202a\\u202e\u{202F}\""),
            ("\u{2065}\u{2066}\u{2069}\u{206A}\u{FEFF}", "\"\u{2065}\\u2066\\u2069\u{206A}\\ufeff\""),
        ]
    )
    func shown(_ text: String, _ expected: String) throws {
        let json = JSONOutput.string(text).text
        #expect(Array(json.utf8) == Array(expected.utf8))
        let again = try parse("[\(json)]").withRoot { $0.elements.map(\.string) }
        #expect(again == [text.replacing("\u{0}", with: "\u{FFFD}")])
    }

    @Test("members keep their order, numbers that JSON lacks are null, and ready JSON is taken as it is")
    func output() {
        let json = JSONOutput.object([
            ("z", JSONOutput(7)), ("a\n", .array([.bool(true), .null, .number(1.5), .number(.infinity)])),
            ("missing", JSONOutput(nil as String?)), ("raw", .raw(#"{"x": 1}"#)), ("none", .raw("")),
            ("large", JSONOutput(UInt64.max)), ("empty", .object([])), ("list", .array([])),
        ])
        #expect(
            json.text == #"{"z":7,"a\n":[true,null,1.5,null],"missing":null,"raw":{"x": 1},"none":null,"#
                + #""large":9223372036854775807,"empty":{},"list":[]}"#
        )
    }
}
